"""Answers to benchmark tasks: the files that hold them, and how often they are wrong."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from time import time
from typing import NamedTuple

import streamlit as st

from core.demo import BENCHMARK
from core.errors import Cancelled, InputError, SwitchyardError
from core.export.benchmark import of_hub, read_benchmark
from core.export.whole_items import file_of, task_file
from core.gateway.cache import CachedProject
from core.gateway.job import Job
from core.gateway.limits import Cancel
from core.gateway.protocol import Report
from core.model.figures import counted
from core.quality.check import IOU
from core.quality.overlap import LEAST
from core.sampling.benchmark import (
    ComparedAnswers,
    JudgedAnswers,
    benchmark_rates,
    compare_answers,
    judge,
)
from core.sampling.error_rates import ErrorRates
from pages._ui import answered
from pages._ui.connecting import gateway_to
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.reading import failed, follow
from pages._ui.state import DEMO, Opened, current

OVERLAP = key("review.benchmark.iou")
BY_REVIEWS, BY_BENCHMARK = "Reviews", "Benchmark tasks"
HOW = (
    "Benchmark tasks have an answer that is known, and Ango Hub gives them to people by chance. "
    "Take here the export of the task type *Benchmark*, and where the known answers are not in it, "
    "the export of the project with them."
)


class JudgedHere(NamedTuple):
    """Judged answers.

    Args:
        name: As people know them.
        code: Names them and how they were judged.
        judged: The answers.
    """

    name: str
    code: str
    judged: JudgedAnswers


def answers_in_hand() -> JudgedHere | None:
    """The answers that were chosen, judged by the overlap that was; None without any yet."""
    kept = _kept()
    if kept is None:
        return None
    name, code, answers = kept
    least = answered.number_given(OVERLAP, IOU, LEAST, 1)
    return JudgedHere(name, f"{code} {least}", _judged(code, least, answers))


def _kept() -> tuple[str, str, ComparedAnswers] | None:
    state = current()
    is_demo = state.workspace == DEMO
    return _of_demo() if state.benchmark is None and is_demo else state.benchmark


def answers_picker(here: Opened) -> JudgedHere | None:
    """The answers in hand, with the ways to others; None without any yet, or without an overlap."""
    kept, state = _kept(), current()
    if here.hub is not None:
        _take_read(here.hub.project_id)
    about_at, least_at, files_at = st.columns([3, 2, 2], vertical_alignment="bottom")
    with files_at.popover("Other benchmark tasks", icon=":material/upload:", width="stretch"):
        if here.hub is not None:
            _of_hub(here.hub)
        _upload()
        if state.benchmark is not None and st.button("Forget these", key=key("review.forget")):
            state.benchmark = None
            st.rerun()
    if kept is None:
        st.info(plain(HOW), icon=":material/verified:")
        return None
    name, _, answers = kept
    least = answered.number(
        "Same from an overlap of", OVERLAP, IOU, low=LEAST, high=1, place=least_at, below=st,
        help="Of two boxes, areas or points of one class.",
    )  # fmt: skip
    if least is None:
        return None
    about_at.markdown(f"**{plain(name)}**, {counted(answers.assets)} with a known answer")
    return answers_in_hand()


def _of_hub(project: CachedProject) -> None:
    """Offer to read them from the hub that the tasks on show come from."""
    gateway = gateway_to(project.host)
    if gateway is None or not st.button(
        "Read them from the hub", icon=":material/download:", key=key("review.of-hub"),
        help="Its marked tasks, and those of the type benchmark, with their annotations.",
    ):  # fmt: skip
        return

    def read(report: Report, stopped: Cancel) -> ComparedAnswers:
        tasks = gateway.read_benchmark_tasks(
            gateway.read_project(project.project_id), report, stopped
        )
        return compare_answers(read_benchmark(of_hub(f"“{project.name}” on the hub", tasks), []))

    current().jobs[_reading(project.project_id)] = Job(read)
    st.rerun()


def _reading(project_id: str) -> str:
    return f"benchmark.{project_id}"


def _take_read(project_id: str) -> None:
    """Show how far a reading from the hub is, and take what came of it."""
    ended = follow(_reading(project_id), "Stopped; nothing was taken.")
    if ended is None:
        return
    try:
        _keep("The hub's benchmark tasks", str(time()), ended.result())
    except Cancelled:
        pass
    except SwitchyardError as error:
        failed(error, "The answers of before are still in hand.")


def _keep(name: str, code: str, answers: ComparedAnswers) -> None:
    current().benchmark = (name, code, answers)
    st.rerun()


def _upload() -> None:
    st.caption(HOW)
    files = [
        st.file_uploader(label, type=["json", "ndjson", "zip"], key=key("review.upload", label))
        for label in ("Export of the task type Benchmark", "Export with the known answers")
    ]
    if not st.button("Take these", type="primary", key=key("review.take"), disabled=not files[0]):
        return
    first, *known = (file_of(one.name, one.getvalue()) for one in files if one is not None)
    code = blake2b(b"".join(one.getvalue() for one in files if one is not None), digest_size=8)
    try:
        answers = compare_answers(read_benchmark(first, known))
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _keep(first.name, code.hexdigest(), answers)


@st.cache_resource(show_spinner="Reading the benchmark tasks")
def _of_demo() -> tuple[str, str, ComparedAnswers]:
    answers = compare_answers(read_benchmark(task_file(BENCHMARK), []))
    return "Benchmark tasks of the demo", "demo", answers


@st.cache_resource(max_entries=8, show_spinner="Judging the answers")
def _judged(code: str, least: float, _answers: ComparedAnswers) -> JudgedAnswers:  # noqa: ARG001
    return judge(_answers, least)


def rates_by_answers(here: Opened, judged: JudgedAnswers, by: str) -> ErrorRates:
    """Error rates of answers by group."""
    return benchmark_rates(replace(here.workspace, table=judged.table), judged, by)
