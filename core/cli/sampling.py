"""The command `sample`: what reviewing a part of a lot shows and lets through."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.cli.arguments import FINE, NO, Command, natural, percentage, share
from core.errors import InputError
from core.model.dialect import of_percent
from core.model.figures import (
    about_percent,
    between,
    counted,
    decimals,
    percent,
    tenths,
    whole_number,
)
from core.model.numbers import read_number
from core.terminal import print_json, say

if TYPE_CHECKING:
    from core.sampling.cost import ReviewPrices
    from core.sampling.inverse import ShareNeeded
    from core.sampling.shares import Lot, ShareBought


def register(command: Command, group: Callable[[str, str], Command]) -> None:  # noqa: ARG001
    """Add `sample` to a command line; arguments as in `core.cli.hub`."""
    added = command("sample", _sample, "What reviewing a part of a lot shows and lets through.")
    added.add_argument("--lot", type=natural, required=True, metavar="N", help="tasks")
    asked = added.add_mutually_exclusive_group()
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
    asked.add_argument(
        "--at-least", type=natural, metavar="K", help="the share that reviews at least K tasks"
    )
    asked.add_argument(
        "--aql", type=percentage, metavar="A", help="single plan of ISO 2859-1 at this percent"
    )
    asked.add_argument("--plan", metavar="N,C", help="review N, accept with C wrong or fewer")
    asked.add_argument("--double", metavar="N1,C1,R1,N2,C2", help="a double plan")
    asked.add_argument("--sequential", metavar="GOOD,BAD", help="Wald's plan between error rates")
    added.add_argument(
        "--level", default="II", help="inspection level, I to III or S-1 to S-4 (II)"
    )
    added.add_argument("--severity", default="normal", help="normal, tightened or reduced (normal)")
    added.add_argument("--errors", type=share, metavar="E", help="part that is wrong, from 0 to 1")
    caught = "chance that a review catches a wrong task, from 0 to 1 (1)"
    added.add_argument("--catch", type=share, default=1.0, metavar="C", help=caught)
    added.add_argument("--confidence", type=share, metavar="L", help="from 0 to 1 (0.95)")
    added.add_argument("--prices", metavar="review=R,escape=E,rework=W", help="what things cost")
    added.add_argument(
        "--looks", type=natural, metavar="N", help="with --prices: reviews behind --errors"
    )


def _sample(args: argparse.Namespace) -> int:
    if args.lot < 1:
        raise InputError("--lot", "is empty.", "Give a number of tasks, 1 or more.")
    if args.share is not None:
        return _share(args)
    if args.aql is not None:
        return _aql(args)
    if any(one is not None for one in (args.plan, args.double, args.sequential)):
        return _by_hand(args)
    if any(one is not None for one in (args.detect, args.escape, args.margin, args.at_least)):
        return _needed(args)
    if args.prices is not None:
        return _prices(args)
    hint = "Give --share, --detect, --escape, --margin, --at-least, --aql, --plan or --prices."
    raise InputError("sample", "is not asked for anything.", hint)


def _lot(args: argparse.Namespace, errors: float | None) -> Lot:
    from core.sampling.shares import Lot

    if errors is None:
        raise InputError("--errors", "is missing.", "Give the part that is wrong: 5 % are 0.05.")
    return Lot(args.lot, errors, args.catch)


def _share(args: argparse.Namespace) -> int:
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


def _aql(args: argparse.Namespace) -> int:
    from core.sampling.document import aql_document
    from core.sampling.iso_2859 import aql_plan

    chosen = aql_plan(args.lot, args.aql, args.level.upper(), args.severity.lower())
    document = aql_document(chosen)
    if args.json:
        print_json(document)
        return FINE
    about = f"AQL {whole_number(chosen.aql)} %, level {chosen.level}, {chosen.severity}"
    say(f"Letter {chosen.code} ({about})", *chosen.notes)
    _say_plan(document)
    return FINE


def _by_hand(args: argparse.Namespace) -> int:
    from core.sampling import document as documents
    from core.sampling.acceptance import DoublePlan, SequentialPlan
    from core.sampling.iso_2859 import SinglePlan

    if args.plan is not None:
        n, accept = _wholes("--plan", args.plan, 2)
        document = documents.plan_document(SinglePlan(n, accept), args.lot)
        if not args.json:
            _say_plan(document)
    elif args.double is not None:
        double = DoublePlan(*_wholes("--double", args.double, 5))
        rates = [place / 100 for place in range(0, 51, 2)]
        document = documents.double_document(double, rates)
    else:
        good, bad = _rates("--sequential", args.sequential)
        sequential = SequentialPlan(good, bad)
        rates = sorted({0.0, good, (good + bad) / 2, bad, min(1.0, 2 * bad)})
        document = documents.sequential_document(sequential, rates)
    if args.json:
        print_json(document)
    elif args.plan is None:
        say(f"{'error rate':>10}  {'accepted':>10}  {'reviews':>10}")
        for (rate, chance), (_, reviews) in zip(document["oc"], document["reviews"], strict=True):
            words = about_percent(rate), about_percent(chance), tenths(reviews)
            say(f"{words[0]:>10}  {words[1]:>10}  {words[2]:>10}")
    return FINE


def _wholes(option: str, text: str, many: int) -> list[int]:
    words = text.split(",")
    try:
        numbers = [natural(word.strip()) for word in words]
    except argparse.ArgumentTypeError as error:
        raise InputError(option, f"{error}.", "Separate whole numbers by commas.") from error
    if len(numbers) != many:
        raise InputError(option, f"takes {many} numbers, not {len(numbers)}.", "See sample --help.")
    return numbers


def _rates(option: str, text: str) -> list[float]:
    try:
        numbers = [read_number(word) for word in text.split(",")]
    except ValueError as error:
        raise InputError(option, f"{error}.", "Give error rates such as 0.01,0.05.") from error
    if len(numbers) != 2:
        message = f"takes two error rates, not {len(numbers)}."
        raise InputError(option, message, "Give them as 0.01,0.05.")
    return numbers


def _say_plan(document: dict[str, Any]) -> None:
    n, accept, reject = (counted(document[name]) for name in ("n", "accept", "reject"))
    say(f"Review {n}; accept with {accept} wrong or fewer, refuse with {reject} or more.")
    share = about_percent(document["share"] / 100)
    say(f"{'error rate':>10}  {'accepted':>10}  {share + ' at random':>18}")
    curves = list(zip(document["oc"], document["oc_random"], strict=True))
    for (rate, chance), (_, at_random) in curves[::4]:
        words = about_percent(rate), about_percent(chance), about_percent(at_random)
        say(f"{words[0]:>10}  {words[1]:>10}  {words[2]:>18}")
    for name in ("double", "sequential"):
        if document[name] is not None:
            reviews = [tenths(many) for _, many in document[name]["reviews"]]
            rates = [about_percent(rate) for rate, _ in document[name]["reviews"]]
            says = f"{reviews[0]} reviews on average at {rates[0]}, {reviews[1]} at {rates[1]}"
            say(f"A {name} plan with the same guarantee takes {says}.")


def _prices(args: argparse.Namespace) -> int:
    from core.sampling.cost import ReviewCost, SampleFirst
    from core.sampling.document import cost_document

    lot, prices = _lot(args, args.errors), _read_prices(args.prices)
    first = None
    if args.looks:
        wrong = lot.errors * args.looks  # with Jeffreys' prior, as for the next tasks
        first = SampleFirst(lot.tasks, wrong + 0.5, args.looks - wrong + 0.5, lot.catch, prices)
    document = cost_document(ReviewCost(lot, prices), first)
    if args.json:
        print_json(document)
        return FINE
    flat = document["flat"]
    say(
        f"No review costs {decimals(document['none'], 2)}, all {decimals(document['all'], 2)}; "
        f"{counted(document['cheapest'])} % is cheapest, and from {tenths(flat['low'])} to "
        f"{tenths(flat['high'])} % costs at most 5 % more."
    )
    rate = document["break_even"]
    say("Review never pays at these prices." if rate is None
        else f"Review pays from an error rate of {about_percent(rate)} on.")  # fmt: skip
    if first is not None:
        sampled = document["sample_first"]
        many, cost = counted(sampled["reviewed"]), decimals(sampled["cost"], 2)
        without = decimals(sampled["without"], 2)
        say(
            f"A sample of {many} first, and then the rest or nothing, costs {cost}; "
            f"deciding without one {without}."
        )
    return FINE


def _read_prices(text: str) -> ReviewPrices:
    from core.sampling.cost import ReviewPrices

    hint = "For example review=2,escape=50,rework=5."
    prices = {}
    for part in text.split(","):
        name, _, number = part.partition("=")
        if name.strip() not in ("review", "escape", "rework"):
            raise InputError("--prices", f"“{part.strip()[:40]}” is no price.", hint)
        try:
            prices[name.strip()] = read_number(number)
        except ValueError as error:
            raise InputError("--prices", f"{error}.", hint) from error
    if not {"review", "escape"} <= set(prices):
        raise InputError("--prices", "needs review and escape.", hint)
    return ReviewPrices(**prices)


def _needed(args: argparse.Namespace) -> int:
    from core.sampling.coverage import share_for_at_least
    from core.sampling.document import needed_document
    from core.sampling.inverse import share_for_escaped, share_for_margin, share_to_notice

    confidence = 0.95 if args.confidence is None else args.confidence
    if args.detect is not None:
        needed = share_to_notice(_lot(args, args.detect), confidence)
    elif args.at_least is not None:
        needed = share_for_at_least(args.lot, args.at_least, confidence)
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
