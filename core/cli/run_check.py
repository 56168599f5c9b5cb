"""The command `run check`: a run's labels held against those that people made."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from core.cli.arguments import FINE, Command, share
from core.cli.hub import store_of
from core.model.figures import counted, decimals
from core.terminal import note, print_json, say

if TYPE_CHECKING:
    from core.quality.check import ClassQuality
    from core.quality.truth import Truth
    from core.run_quality import RunAgainstPeople


def add(run: Command) -> argparse.ArgumentParser:
    """Add the command below `run`."""
    checking = run("check", _check, "Hold a run's labels against those that people made.")
    checking.add_argument("session")
    checking.add_argument(
        "--iou", type=share, default=0.5, help="least overlap of a match, from 0.1 (0.5)"
    )
    checking.add_argument(
        "--min-score", type=share, metavar="S", help="leave out labels with a lower score"
    )
    checking.add_argument(
        "--ap", action="store_true", help="with average precision, where labels have scores"
    )
    checking.add_argument(
        "--sweep", nargs="?", const="", metavar="PRICES",
        help="with what is left to correct from each score on, and the cheapest score: "
        "remove=1,add=5,move=3,rename=2",
    )  # fmt: skip
    checking.add_argument(
        "--against", metavar="SESSION", help="with what became better than in another run"
    )
    about_truth(checking)
    return checking


def about_truth(command: argparse.ArgumentParser) -> None:
    """Add what says which labels of people count."""
    command.add_argument(
        "--truth-stage", action="append", default=[], metavar="NAME_OR_ID",
        help="tasks of this stage are labelled rightly (the Complete stage)",
    )  # fmt: skip
    command.add_argument(
        "--truth-batch", action="append", default=[], metavar="NAME_OR_ID",
        help="only tasks of this batch",
    )  # fmt: skip
    command.add_argument(
        "--truth-by", action="append", default=[], metavar="ADDRESS",
        help="only labels of this person",
    )  # fmt: skip
    command.add_argument(
        "--reviewed", action="store_true", help="only tasks that a reviewer accepted or fixed"
    )
    command.add_argument("--benchmark", action="store_true", help="only benchmark tasks")


def truth_of(args: argparse.Namespace) -> Truth:
    """Which labels of people count, as the arguments say."""
    from core.quality.truth import Truth

    return Truth(
        tuple(args.truth_stage),
        tuple(args.truth_batch),
        tuple(args.truth_by),
        args.reviewed,
        args.benchmark,
    )


def against(args: argparse.Namespace, session: str) -> RunAgainstPeople:
    """The labels of a run and of people that the arguments name."""
    from core.run_quality import against_people

    return against_people(store_of(args), session, truth_of(args))


def _check(args: argparse.Namespace) -> int:
    from core.quality.check import quality
    from core.quality.document import document
    from core.quality.overlap import check_least

    check_least(args.iou)
    sides = against(args, args.session)
    result = quality(sides.both, args.iou, args.min_score)
    titles = sides.titles
    for sentence in sides.notes:
        note(sentence)
    more = _more(args, sides)
    if args.json:
        about = {"session": args.session, "not_compared": sides.not_compared, **more}
        print_json({**document(sides.both, result, titles), **about})
        return FINE
    overlap = decimals(args.iou, 2)
    say(f"{counted(len(sides.both.assets))} assets with labels of people, overlap from {overlap}")
    say(_row("class", *HEADS))
    for one in (*result.classes, result.total):
        name = "in total" if one.schema_id is None else titles.get(one.schema_id, one.schema_id)
        say(_figures(name, one))
    if "cheapest" in more:
        say(f"Cheapest with labels from a score of {decimals(more['cheapest'], 2)} on.")
    for one in more.get("gains", ()):
        name = "in total" if one["schemaId"] is None else titles.get(one["schemaId"], "")
        say(f"{name}: {counted(one['gained'])} better, {counted(one['lost'])} worse")
    return FINE


def _more(args: argparse.Namespace, sides: RunAgainstPeople) -> dict[str, Any]:
    """What was asked for beside the counts."""
    more: dict[str, Any] = {}
    if (args.ap or args.sweep is not None) and not sides.both.has_scores:
        note("None of the labels has a score, so average precision and least scores tell nothing.")
    if args.ap:
        from core.quality.average_precision import average_precision

        more["ap"] = average_precision(sides.both, args.iou).as_dict()
    if args.sweep is not None:
        from core.quality.score_field import with_least_score
        from core.quality.thresholds import cheapest, read_prices, swept

        prices = read_prices(args.sweep, "--sweep")
        rows = swept(sides.both, args.iou)
        total = rows.pop(None)
        more["sweep"] = [{**row.as_dict(), "cost": row.cost(prices)} for row in total]
        more["cheapest"] = cheapest(total, prices).least
        more["config"] = with_least_score(sides.run.request.config, more["cheapest"])
        more["cheapestByClass"] = {
            one: cheapest(some, prices).least for one, some in rows.items() if some[0].people
        }
    if args.against is not None:
        from core.quality.gains import gains

        other = against(args, args.against)
        more["gains"] = [one.as_dict() for one in gains(other.both, sides.both, args.iou)]
    return more


HEADS = ("right", "wrong class", "missed", "made up", "precision", "recall")


def _figures(name: str, one: ClassQuality) -> str:
    counts = (one.right, one.wrong_class, one.missed, one.made_up)
    from core.quality.document import measured_text  # late: with its room comes scipy

    shares = (measured_text(one.precision), measured_text(one.recall))
    return _row(name, *map(counted, counts), *shares)


def _row(name: str, *cells: Any) -> str:
    first, rest = name[:20].ljust(20), cells[:4]
    return first + "".join(f"{cell:>13}" for cell in rest) + "".join(f"  {c}" for c in cells[4:])
