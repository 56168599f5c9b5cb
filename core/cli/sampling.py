"""The commands about review by sample: what a share buys, what reviews showed, where to look."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from core.cli.arguments import FINE, NO, Command, natural, share
from core.errors import InputError
from core.model.figures import about_percent, between, counted, percent, tenths
from core.model.numbers import read_number
from core.terminal import print_json, say

if TYPE_CHECKING:
    from core.sampling.inverse import ShareNeeded
    from core.sampling.shares import Lot, ShareBought


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add `sample`, `quality` and `budget` to a command line; arguments as in `core.cli.hub`."""
    added = command("sample", _sample, "What reviewing a part of a lot shows and lets through.")
    added.add_argument("--lot", type=natural, required=True, metavar="N", help="tasks")
    asked = added.add_mutually_exclusive_group(required=True)
    asked.add_argument("--share", type=percentage, metavar="P", help="percent to review at random")
    asked.add_argument(
        "--detect", type=share, metavar="E", help="the share that notices this error rate"
    )
    asked.add_argument(
        "--escape", type=natural, metavar="X", help="the share that lets at most X wrong through"
    )
    asked.add_argument(
        "--margin", type=share, metavar="M", help="the share that tells the error rate to ±M"
    )
    added.add_argument("--errors", type=share, metavar="E", help="part that is wrong, from 0 to 1")
    caught = "chance that a review catches a wrong task, from 0 to 1 (1)"
    added.add_argument("--catch", type=share, default=1.0, metavar="C", help=caught)
    added.add_argument("--confidence", type=share, metavar="L", help="from 0 to 1 (0.95)")


def percentage(text: str) -> float:
    """A percentage on the command line, from 0 to 100. Raises as `natural`."""
    try:
        number = read_number(text)
        if 0 <= number <= 100:
            return number
    except ValueError:
        pass  # said below
    raise argparse.ArgumentTypeError(f"“{text[:40]}” is not a percentage from 0 to 100")


def _sample(args: argparse.Namespace) -> int:
    if args.lot < 1:
        raise InputError("--lot", "is empty.", "Give a number of tasks, 1 or more.")
    if args.share is not None:
        return _share(args)
    return _needed(args)


def _lot(args: argparse.Namespace, errors: float | None) -> Lot:
    from core.sampling.shares import Lot

    if errors is None:
        raise InputError("--errors", "is missing.", "Give the part that is wrong: 5 % are 0.05.")
    return Lot(args.lot, errors, args.catch)


def _share(args: argparse.Namespace) -> int:
    from core.model.dialect import of_percent
    from core.sampling.document import share_document
    from core.sampling.shares import share_bought

    bought = share_bought(_lot(args, args.errors), of_percent(args.share))
    if args.json:
        print_json(share_document(bought))
        return FINE
    _say_share(bought)
    return FINE


def _say_share(bought: ShareBought) -> None:
    lot, fixed = bought.lot, bought.fixed
    say(f"{counted(lot.tasks)} tasks, {counted(lot.wrong)} of them wrong")
    say(f"{'':<10}  {percent(bought.share) + ' at random':>24}  "
        f"{'exactly ' + counted(fixed.reviewed):>24}")  # fmt: skip
    say(f"{'reviewed':<10}  {_count_text(bought.reviewed):>24}  {counted(fixed.reviewed):>24}")
    for word in ("caught", "escaped"):
        one, other = getattr(bought, word), getattr(fixed, word)
        say(f"{word:<10}  {_count_text(one):>24}  {_count_text(other):>24}")
    none = about_percent(bought.none_caught), about_percent(fixed.none_caught)
    say(f"{'none at all':<11} {none[0]:>24}  {none[1]:>24}  chance that none is caught")
    low, high = bought.margin
    if not round(bought.reviewed.expected):
        say("With nothing reviewed the error rate stays unknown.")
    else:
        limits = f"from {about_percent(low)} to {about_percent(high)}"
        say(f"The error rate will be known to lie {limits} (95 %).")


def _count_text(count: object) -> str:
    expected, low, high = (getattr(count, name) for name in ("expected", "low", "high"))
    return f"{tenths(expected)} ({between(low, high)})"


def _needed(args: argparse.Namespace) -> int:
    from core.sampling.document import needed_document
    from core.sampling.inverse import share_for_escaped, share_for_margin, share_to_notice

    confidence = 0.95 if args.confidence is None else args.confidence
    if args.detect is not None:
        needed = share_to_notice(_lot(args, args.detect), confidence)
    elif args.escape is not None:
        needed = share_for_escaped(_lot(args, args.errors), args.escape, confidence)
    else:
        needed = share_for_margin(_lot(args, args.errors), args.margin)
    if args.json:
        print_json(needed_document(needed))
    else:
        say(_needed_words(needed))
    return FINE if needed.possible else NO


def _needed_words(needed: ShareNeeded) -> str:
    if needed.share is None:
        return "No share is enough: even a review of every task would not do."
    exact = (
        f"{about_percent(needed.share / 100, 4)} at random, {counted(needed.whole or 0)} % whole"
    )
    fixed = "" if needed.fixed is None else f"; a fixed sample of {counted(needed.fixed)} tasks"
    return f"{exact}{fixed}."
