"""Runs held against people for the pages: gathered once, and asked again under other settings."""

from __future__ import annotations

import streamlit as st

from core.model.names import Names, names_of
from core.model.pseudonyms import Pseudonyms
from core.model.text import visible
from core.plugin_runs.model import Run
from core.private import kept_key
from core.quality.average_precision import AveragePrecision, average_precision
from core.quality.check import Judge, Quality
from core.quality.evidence import Evidence
from core.quality.gains import Gain, gains
from core.quality.mistakes import Outcomes, outcomes
from core.quality.thresholds import AtScore, swept
from core.quality.truth import Truth
from core.run_quality import (
    RunAgainstPeople,
    TruthNumbers,
    against_people,
    evidence_of,
    truth_numbers,
)
from core.store.run_around import last_change
from pages._ui.services import services
from pages._ui.state import current

Question = tuple[str, Truth, str]
"""Which run against which labels of people, and when they changed last."""


def question(run: Run, truth: Truth) -> Question:
    """What is asked; another one as soon as the run or a task of its project changed."""
    changed = last_change(services().hub, run.request.project)
    state = f"{run.state} {run.tasks} {run.applied_by} {run.undone_at} {changed}"
    return run.session, truth, state


@st.cache_resource(max_entries=4, show_spinner="Gathering the labels of the run and of people")
def sides(asked: Question) -> RunAgainstPeople:
    """The labels of both. Raises as `against_people`."""
    return against_people(services().hub, asked[0], asked[1])


@st.cache_resource(max_entries=4, show_spinner="Holding the run against people")
def _judge(asked: Question) -> Judge:
    return Judge.of(sides(asked).both)


@st.cache_resource(max_entries=64, show_spinner=False)
def judged(asked: Question, iou: float, least: float | None) -> Quality:
    """How the run's labels came out."""
    return _judge(asked).quality(iou, least)


@st.cache_resource(max_entries=16, show_spinner=False)
def each(asked: Question, iou: float, least: float | None) -> Outcomes:
    """How each label came out."""
    return outcomes(sides(asked).both, judged(asked, iou, least))


@st.cache_data(max_entries=32, show_spinner="Working out average precision")
def precision_of(asked: Question, iou: float) -> AveragePrecision:
    """Average precision."""
    return average_precision(sides(asked).both, iou)


@st.cache_data(max_entries=32, show_spinner="Trying every least score")
def at_scores(asked: Question, iou: float) -> dict[str | None, tuple[AtScore, ...]]:
    """What would be left to correct from each score on."""
    return swept(sides(asked).both, iou)


@st.cache_data(max_entries=16, show_spinner="Comparing the two runs")
def gains_of(before: Question, after: Question, iou: float) -> tuple[Gain, ...]:
    """What the second run does better and worse."""
    return gains(sides(before).both, sides(after).both, iou)


@st.cache_data(max_entries=32, show_spinner=False)
def numbers(asked: Question) -> TruthNumbers:
    """How many assets each choice of a truth would keep."""
    return truth_numbers(services().hub, asked[0])


@st.cache_data(max_entries=16, show_spinner="Reading what the probe shows")
def shown_by(asked: Question) -> tuple[Evidence, ...]:
    """What a probe shows of the mapping. Raises as `evidence_of`."""
    return evidence_of(services().hub, asked[0], asked[1])[0]


def names_for(compared: RunAgainstPeople) -> Names:
    """Names of its project, fit to be seen."""
    return names_of(compared.project).to_show()


def person_name(address: str) -> str:
    """What somebody is called on the pages."""
    settings = services().settings
    if not address:
        return "nobody's name"
    if current().hidden or settings.pseudonyms:
        return Pseudonyms(kept_key(settings.pseudonyms_key)).of(address)
    return visible(address)
