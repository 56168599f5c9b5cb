"""What the commands about review print, as JSON documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

from core.sampling.acceptance import (
    BAD_ACCEPTED,
    GOOD_ACCEPTED,
    DoublePlan,
    SequentialPlan,
    curve_rates,
    double_like,
    oc,
    oc_at_random,
    oc_of_lot,
    rate_accepted,
    sequential_like,
)
from core.sampling.benchmark import JudgedAnswers
from core.sampling.budget import Budget, rounded
from core.sampling.cost import ReviewCost, SampleFirst
from core.sampling.coverage import Covered, Quota
from core.sampling.error_rates import ErrorDrift, ErrorRates, GroupRate
from core.sampling.inverse import ShareNeeded
from core.sampling.iso_2859 import AqlPlan, SinglePlan
from core.sampling.quotas import QuotaPlan, given_by, quota_notes
from core.sampling.review_stages import ReviewStages
from core.sampling.shares import FixedSample, SampledCount, ShareBought
from core.sampling.steered import WeightedRate

Json = dict[str, Any]


def count_document(count: SampledCount) -> Json:
    """A count with the central 95 % of its distribution."""
    return {"expected": count.expected, "low": count.low, "high": count.high}


def share_document(bought: ShareBought) -> Json:
    """What a share buys, and a fixed sample beside it."""
    low, high = bought.margin
    return {
        **_counts(bought),
        "reviewed": count_document(bought.reviewed),
        "margin": {"low": low, "high": high},
        "tasks": bought.lot.tasks,
        "wrong": bought.lot.wrong,
        "fixed": {"reviewed": bought.fixed.reviewed, **_counts(bought.fixed)},
    }


def _counts(bought: ShareBought | FixedSample) -> Json:
    return {
        "caught": count_document(bought.caught),
        "escaped": count_document(bought.escaped),
        "none_caught": bought.none_caught,
    }


def needed_document(needed: ShareNeeded) -> Json:
    """A share that is enough; null where none is."""
    return {"share": needed.share, "whole": needed.whole, "fixed": needed.fixed}


def aql_document(chosen: AqlPlan) -> Json:
    """A plan of the tables with what it does."""
    return {
        "code": chosen.code,
        **plan_document(chosen.plan, chosen.lot, chosen.aql / 100),
        "aql": chosen.aql,
        "level": chosen.level,
        "severity": chosen.severity,
        "row": chosen.row,
        "notes": list(chosen.notes),
    }


def plan_document(plan: SinglePlan, lot: int, *rates: float) -> Json:
    """Any single plan for a lot; `rates` are told beside those of the curve."""
    places = curve_rates(plan, *rates)
    sequential, double = sequential_like(plan), double_like(plan)
    points = [rate_accepted(plan, GOOD_ACCEPTED), rate_accepted(plan, BAD_ACCEPTED)]
    return {
        "n": plan.n,
        "accept": plan.accept,
        "reject": plan.reject,
        "oc": _curve(places, oc(plan, places)),
        "reviewed": min(plan.n, lot),
        "oc_lot": _curve(places, oc_of_lot(plan, lot, places)),
        "share": min(100.0, 100 * plan.n / lot),
        "oc_random": _curve(places, oc_at_random(plan, lot, places)),
        "points": points,
        "double": None if double is None else double_document(double, points),
        "sequential": None if sequential is None else sequential_document(sequential, points),
    }


def _curve(rates: Sequence[float], chances: Iterable[float]) -> list[list[float]]:
    return [[rate, float(chance)] for rate, chance in zip(rates, chances, strict=True)]


def double_document(plan: DoublePlan, rates: Sequence[float]) -> Json:
    """A double plan, and how often it accepts and how much it reviews at some error rates."""
    return {
        "n": [plan.n1, plan.n2],
        "accept": [plan.c1, plan.c2],
        "reject": [plan.r1, plan.c2 + 1],
        "oc": _curve(rates, map(plan.accepted, rates)),
        "reviews": _curve(rates, map(plan.reviews, rates)),
    }


def sequential_document(plan: SequentialPlan, rates: Sequence[float]) -> Json:
    """The same of a sequential plan, with its lines."""
    outcome = plan.outcome(rates)
    return {
        "slope": plan.slope,
        "accept_line": plan.accept_line,
        "refuse_line": plan.refuse_line,
        "oc": _curve(rates, outcome.accepted),
        "reviews": _curve(rates, outcome.reviews),
    }


def rates_document(rates: ErrorRates) -> Json:
    """Error rates by group, with what was drawn from them."""
    prior = rates.prior
    size = prior.size if prior is not None and isfinite(prior.size) else None
    return {
        "by": rates.by,
        "groups": [_group_document(one) for one in rates.groups],
        "unreviewed": [{"name": name, "tasks": tasks} for name, tasks in rates.unreviewed],
        "reviewed": rates.reviewed,
        "wrong": rates.wrong,
        "prior": None if prior is None else {"mean": prior.mean, "size": size},
        "drift": _drift_document(rates.drift),
        "weighting": rates.steering.possible,
        "sentences": list(rates.sentences),
    }


def _group_document(group: GroupRate) -> Json:
    return {
        "name": group.name,
        "reviewed": group.reviewed,
        "wrong": group.wrong,
        "rate": group.rate,
        "low": group.low,
        "high": group.high,
        "shrunk": group.shrunk,
        "tasks": group.tasks,
        "p": group.p,
        "worse": group.worse,
        "weighted": None if group.weighted is None else _weighted_document(group.weighted),
    }


def _weighted_document(rate: WeightedRate) -> Json:
    return {
        "rate": rate.rate,
        "low": rate.low,
        "high": rate.high,
        "looks": rate.looks,
        "worth": rate.worth,
    }


def _drift_document(drift: ErrorDrift) -> Json:
    return {
        "p": drift.p,
        "drifts": drift.drifts,
        "weeks": [
            {
                "first": week.first,
                "reviewed": week.reviewed,
                "wrong": week.wrong,
                "rate": week.rate,
                "low": week.low,
                "high": week.high,
                "out": week.out,
            }
            for week in drift.weeks
        ],
    }


def judged_document(judged: JudgedAnswers) -> Json:
    """What answers to benchmark tasks were judged by, and what was left out."""
    return {
        "assets": judged.assets,
        "iou": judged.iou,
        "left_out": dict(judged.left_out),
        "labels_left_out": dict(judged.labels_left_out),
        "sentences": list(judged.sentences),
    }


def budget_document(budget: Budget, stages: ReviewStages, notes: Sequence[str] = ()) -> Json:
    """A budget as the rules of its stages have it, and what rounding them costs.

    Args:
        budget: The spread.
        stages: Its stages.
        notes: What else is to be known, as sentences.
    """
    as_written = rounded(budget, stages.shares)
    low, high = as_written.more_interval
    return {
        "shares": [
            {
                "name": group.name,
                "percent": 100 * share,
                "tasks": group.tasks,
                "rate": group.rate,
                "reviews": group.tasks * share,
                "caught": group.tasks * share * group.rate,
            }
            for group, share in zip(as_written.groups, as_written.shares, strict=True)
        ],
        "caught": as_written.caught,
        "even": as_written.even,
        "caught_interval": _ends(as_written.caught_interval),
        "even_interval": _ends(as_written.even_interval),
        "more": {"expected": as_written.caught - as_written.even, "low": low, "high": high},
        "reviews": as_written.expected_reviews,
        "even_percent": 100 * as_written.even_share,
        "floor": 100 * budget.floor,
        "rounding": {
            "reviews": as_written.expected_reviews - budget.expected_reviews,
            "caught": as_written.caught - budget.caught,
        },
        "review": stages.review,
        "stages": stages.written(),
        "notes": [*budget.notes, *notes],
    }


def _ends(interval: tuple[int, int]) -> Json:
    return {"low": interval[0], "high": interval[1]}


def cost_document(cost: ReviewCost, first: SampleFirst | None = None) -> Json:
    """Costs by share; `first` where the error rate is known roughly only."""
    low, high = cost.flat
    document = {
        "cheapest": 100 * cost.cheapest,
        "cost": cost.of(cost.cheapest),
        "none": cost.of(0.0),
        "all": cost.of(1.0),
        "break_even": cost.break_even,
        "flat": {"low": 100 * low, "high": 100 * high},
        "curve": [[100 * share, price] for share, price in cost.curve],
    }
    if first is not None:
        many = first.cheapest
        document["sample_first"] = {
            "reviewed": many,
            "percent": 100 * many / first.tasks,
            "cost": first.of(many),
            "without": first.of(0),
        }
    return document


def quota_documents(wanted: Sequence[Quota]) -> list[Json]:
    """What each group needs."""
    return [
        {"name": one.group, "tasks": one.tasks, **needed_document(one.needed)} for one in wanted
    ]


def quota_stages_document(plan: QuotaPlan, stages: ReviewStages, notes: Sequence[str] = ()) -> Json:
    """The stages of quotas, what their rules give each group, and what rounding them costs.

    Args:
        plan: The quotas.
        stages: Its stages.
        notes: What else is to be known, as sentences.
    """
    reviews = plan.reviews(stages.shares)
    return {
        "given": [
            {
                "name": one.group,
                "tasks": one.tasks,
                "needed": None if one.needed is None else 100 * one.needed,
                "percent": 100 * one.share,
                "reviews": one.reviews,
                "fewer": one.fewer,
                "holds": one.holds,
            }
            for one in given_by(plan, stages)
        ],
        "reviews": reviews,
        "rounding": {"reviews": reviews - plan.reviews(plan.shares)},
        "review": stages.review,
        "stages": stages.written(),
        "notes": [*quota_notes(plan, stages), *notes],
    }


def coverage_document(
    rows: Sequence[Covered], names: Sequence[str], by_stage: bool = False
) -> list[Json]:
    """Every output for every group, or every stage; `names` are those of outputs or stages."""
    return [
        {
            "name": row.group,
            "tasks": row.tasks,
            **({} if by_stage else {"output": row.place}),
            "stage" if by_stage else "rule": names[row.place],
            "expected": row.expected,
            "low": row.low,
            "high": row.high,
            "fewer": row.fewer,
        }
        for row in rows
    ]
