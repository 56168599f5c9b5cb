"""Answers to benchmark tasks: the files that hold them, and how often they are wrong."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from hashlib import blake2b
from io import BytesIO
from time import time
from typing import NamedTuple

import streamlit as st

from core.demo import BENCHMARK
from core.errors import InputError, SwitchyardError
from core.export.benchmark import BenchmarkAnswers, of_hub, read_benchmark
from core.export.whole_items import TaskFile, task_file
from core.gateway.cache import CachedProject
from core.model.figures import counted
from core.quality.check import IOU
from core.quality.overlap import LEAST
from core.sampling.benchmark import JudgedAnswers, benchmark_rates, judge
from core.sampling.error_rates import ErrorRates
from pages._ui.connecting import gateway_to
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages._ui.state import DEMO, Opened, current

BY_REVIEWS, BY_BENCHMARK = "Reviews", "Benchmark tasks"
KEPT, LEAST_KEPT = "review.benchmark", "review.benchmark.least"
HOW = (
    "Benchmark tasks have an answer that is known, and Ango Hub gives them to people by chance. "
    "Take here the export of the task type *Benchmark*, and where the known answers are not in it, "
    "the export of the project with them."
)
Kept = tuple[str, str, BenchmarkAnswers]
"""Name, what names it exactly, and the answers."""


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
    least = st.session_state.get(LEAST_KEPT, IOU)
    return JudgedHere(name, f"{code} {least}", _judged(code, least, answers))


def _kept() -> Kept | None:
    kept: Kept | None = st.session_state.get(KEPT)
    return _of_demo() if kept is None and current().workspace == DEMO else kept


def answers_picker(here: Opened) -> JudgedHere | None:
    """The answers in hand, with the ways to others; None without any yet, or without an overlap."""
    kept = _kept()
    about_at, least_at, files_at = st.columns([3, 2, 2], vertical_alignment="bottom")
    with files_at.popover("Other benchmark tasks", icon=":material/upload:", width="stretch"):
        if here.hub is not None:
            _of_hub(here.hub)
        _upload()
        if KEPT in st.session_state and st.button("Forget these", key=key("review.forget")):
            del st.session_state[KEPT]
            st.rerun()
    if kept is None:
        st.info(plain(HOW), icon=":material/verified:")
        return None
    name, _, answers = kept
    least = number_field(
        "Same from an overlap of", key("review.benchmark.iou"),
        st.session_state.get(LEAST_KEPT, IOU), low=LEAST, high=1,
        place=least_at, below=st, help="Of two boxes, areas or points of one class.",
    )  # fmt: skip
    if least is None:
        return None
    st.session_state[LEAST_KEPT] = least
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
    try:
        with st.spinner("Reading the benchmark tasks"):
            tasks = gateway.read_benchmark_tasks(gateway.read_project(project.project_id))
            file = of_hub(f"The hub's project “{project.name}”", tasks)
            _keep(file.name, str(time()), read_benchmark(file, []))
    except SwitchyardError as error:
        st.error(plain(str(error)), icon=":material/error:")


def _keep(name: str, code: str, answers: BenchmarkAnswers) -> None:
    st.session_state[KEPT] = (name, code, answers)
    st.rerun()


def _upload() -> None:
    st.caption(HOW)
    files = [
        st.file_uploader(label, type=["json", "ndjson", "zip"], key=key("review.upload", label))
        for label in ("Export of the task type Benchmark", "Export with the known answers")
    ]
    first, others = files[0], files[1:]
    if not st.button("Take these", type="primary", key=key("review.take"), disabled=not first):
        return
    assert first is not None
    given = [file.getvalue() for file in files if file is not None]
    try:
        answers = read_benchmark(
            _uploaded(first.name, given[0]),
            [_uploaded(file.name, text) for file, text in zip(others, given[1:], strict=False)
             if file is not None],
        )  # fmt: skip
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _keep(first.name, blake2b(b"".join(given), digest_size=8).hexdigest(), answers)


def _uploaded(name: str, text: bytes) -> TaskFile:
    return TaskFile(name, lambda: nullcontext(BytesIO(text)))


@st.cache_resource(show_spinner="Reading the benchmark tasks")
def _of_demo() -> Kept:
    return "Benchmark tasks of the demo", "demo", read_benchmark(task_file(BENCHMARK), [])


@st.cache_resource(max_entries=8, show_spinner="Judging the answers")
def _judged(code: str, least: float, _answers: BenchmarkAnswers) -> JudgedAnswers:  # noqa: ARG001
    return judge(_answers, least)


def rates_by_answers(here: Opened, judged: JudgedAnswers, by: str) -> ErrorRates:
    """Error rates of answers by group."""
    return benchmark_rates(replace(here.workspace, table=judged.table), judged, by)
