"""What reviews showed of the tasks looked at: worked out once, and shared by all sections."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from hashlib import blake2b

import streamlit as st

from core.ango_json.stages import write_stage
from core.ango_json.text import dumps
from core.model.stages import Logic
from core.routing.observed.backtest import Weeks, weeks_of
from core.sampling.budget import Budget, budget_of, review_minutes
from core.sampling.coverage import Covered, Quota, coverage, quotas
from core.sampling.error_rates import ErrorRates, error_rates
from core.sampling.quotas import QuotaPlan, quota_plan
from core.tasks import bits
from core.workspace import Workspace
from pages._ui.state import Opened

Asked = tuple[Hashable, ...]
"""All that an answer about the tasks looked at depends on."""


def asked_of(here: Opened) -> Asked:
    """Names the tasks looked at as they are read, their workflow, and what people are called."""
    work = here.workspace
    source = here.project.source if here.project else None
    chosen = blake2b(here.within.tobytes(), digest_size=16).digest()
    return work.table.fingerprint, source, work.dialect, work.pseudonyms is not None, chosen


@st.cache_resource(max_entries=4, show_spinner="Taking the tasks looked at")
def _looked_at(asked: Asked, _here: Opened) -> Workspace:  # noqa: ARG001
    work = _here.workspace
    if _here.tasks == len(work.table):
        return work
    rows = bits.rows_of(_here.within, len(work.table))
    return replace(work, table=work.table.take(rows))


def looked_at(here: Opened) -> Workspace:
    """A workspace of the tasks looked at and no others."""
    return _looked_at(asked_of(here), here)


@st.cache_resource(max_entries=32, show_spinner="Reading what reviews showed")
def _rates(asked: Asked, by: str, _here: Opened) -> ErrorRates:  # noqa: ARG001
    return error_rates(looked_at(_here), by)


def rates_of(here: Opened, by: str) -> ErrorRates:
    """Error rates by group."""
    return _rates(asked_of(here), by, here)


@st.cache_resource(max_entries=32, show_spinner="Spreading the reviews")
def _budget(
    asked: Asked,  # noqa: ARG001
    by: str,
    reviews: int,
    floor: float | None,
    told_by: str,  # noqa: ARG001
    _rates: ErrorRates | None,
    _here: Opened,
) -> Budget:
    return budget_of(looked_at(_here), by, reviews, floor, _rates)


def budget_for(
    here: Opened,
    by: str,
    reviews: int,
    floor: float | None,
    told_by: str = "",
    rates: ErrorRates | None = None,
) -> Budget:
    """A budget spread over groups. Raises as `budget_of`.

    Args:
        here: The tasks looked at.
        by: As of `budget_of`.
        reviews: As of `budget_of`.
        floor: As of `budget_of`.
        told_by: Names `rates`.
        rates: By something else than reviews.
    """
    return _budget(asked_of(here), by, reviews, floor, told_by, rates, here)


@st.cache_data(max_entries=32, show_spinner="Reading how long reviews took")
def _minutes(asked: Asked, _here: Opened) -> float:  # noqa: ARG001
    return review_minutes(looked_at(_here))


def minutes_of(here: Opened) -> float:
    """Minutes of a review on the average. Raises as `review_minutes`."""
    return _minutes(asked_of(here), here)


@st.cache_resource(max_entries=16, show_spinner="Counting who leaves by which output")
def _coverage(
    asked: Asked,  # noqa: ARG001
    written: str,  # noqa: ARG001
    by: str,
    least: int,
    by_stage: bool,
    _here: Opened,
    _stage: Logic,
) -> tuple[Covered, ...]:
    return coverage(looked_at(_here), _stage, by, least, by_stage)


def coverage_of(
    here: Opened, stage: Logic, by: str, least: int, by_stage: bool
) -> tuple[Covered, ...]:
    """Every output of a stage for every group, or every stage behind them."""
    return _coverage(asked_of(here), dumps(write_stage(stage)), by, least, by_stage, here, stage)


@st.cache_resource(max_entries=16, show_spinner="Working out the percentages")
def _quotas(asked: Asked, by: str, least: int, _here: Opened) -> tuple[Quota, ...]:  # noqa: ARG001
    return quotas(looked_at(_here), by, least)


def quotas_of(here: Opened, by: str, least: int) -> tuple[Quota, ...]:
    """The share at which each group has at least so many tasks drawn, with 95 %."""
    return _quotas(asked_of(here), by, least, here)


@st.cache_resource(max_entries=16, show_spinner="Sharing out the quotas")
def _quota_plan(
    asked: Asked,  # noqa: ARG001
    by: str,
    least: int,
    others: float | None,
    _here: Opened,
) -> QuotaPlan:
    return quota_plan(looked_at(_here), by, least, others=others)


def quota_plan_of(here: Opened, by: str, least: int, others: float | None) -> QuotaPlan:
    """The share of each group for stages, with 95 %. Raises as `quota_plan`."""
    return _quota_plan(asked_of(here), by, least, others, here)


@st.cache_resource(max_entries=16, show_spinner="Holding each week against those before")
def _weeks(asked: Asked, written: str, _here: Opened, _stage: Logic) -> Weeks:  # noqa: ARG001
    return weeks_of(_here.workspace.matcher, _here.workspace.table, _stage, _here.within)


def weeks_told(here: Opened, stage: Logic) -> Weeks:
    """Whether weeks are alike by the rules of a stage, and each told the next."""
    return _weeks(asked_of(here), dumps(write_stage(stage)), here, stage)
