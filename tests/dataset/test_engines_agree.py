"""DuckDB against the engine in memory: random rules, tasks and readings, and a test per trap.

The documents are compared that `split --json` and `compare --json` print, to the last digit.
`tests/spark` runs the same tests on Spark.
"""

from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies
from dataset_helpers import (
    compare_in_memory,
    compare_on,
    logic,
    on_disk,
    split_in_memory,
    split_on,
    table_of,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_type import QuickRule
from small_world import batches, chance, has, people, stage_of, took

from core.ango_json.project import read_project
from core.dataset.compile import BITS
from core.dataset.engines import open_engine
from core.errors import InputError
from core.model.dialect import Dialect
from core.routing.versions.align import aligned
from core.rule_types.asked import Asked
from core.rule_types.registry import TYPES
from core.tasks.parquet import columns_of

some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("dataset")


@pytest.fixture(scope="module")
def engine():
    with open_engine("duckdb") as opened:
        yield opened


@pytest.fixture(scope="module")
def agree(engine, folder):
    """Compares the splits of a table, and returns the one of both."""

    def compared(items, stage, project=None, dialect=Dialect(), seed=3):  # noqa: B008
        table = table_of(items)
        wanted = split_in_memory(table, project, dialect, stage, seed)
        got = split_on(engine, on_disk(table, folder), project, dialect, stage, seed)
        assert got == wanted
        return [output["certain"] for output in got["outputs"]]

    return compared


@st.composite
def cases(draw, versions):
    project = draw(strategies.projects())
    source = strategies.hub_tasks if draw(st.booleans()) else strategies.items
    return (
        draw(source(project)),
        [draw(strategies.logic_stages(project, doubtful=True)) for _ in range(versions)],
        draw(st.sampled_from([project, None])),
        [Dialect(**draw(strategies.dialects())) for _ in range(versions)],
        draw(st.integers(-5, 2**70)),
    )


def read(case):
    items, stages, project, dialects, seed = case
    try:
        table = table_of(items)
    except InputError:
        table = table_of([])
    model = read_project(project) if project else None
    return table, [logic(stage) for stage in stages], model, dialects, seed


@some
@given(case=cases(1))
def test_every_split_is_the_same_document(engine, folder, case):
    table, (stage,), project, (dialect,), seed = read(case)
    wanted = split_in_memory(table, project, dialect, stage, seed)
    assert split_on(engine, on_disk(table, folder), project, dialect, stage, seed) == wanted


@some
@given(case=cases(2), related=st.booleans())
def test_every_comparison_is_the_same_document(engine, folder, case, related):
    table, (before, after), project, dialects, seed = read(case)
    if related:
        after = aligned(before, after, dialects[0])
    wanted = compare_in_memory(table, project, dialects, before, after, seed)
    dataset = on_disk(table, folder)
    assert compare_on(engine, dataset, project, dialects, before, after, seed) == wanted


# ---- traps ----------------------------------------------------------------------------------


def task(number, **more):
    return {"_id": f"t{number}", "answer": {"tools": []}, **more}


def having(*classes):
    return {"answer": {"tools": [{"schemaId": name} for name in classes]}}


def test_null_in_isin_is_no_match_and_no_other_match_is_lost(agree):
    tasks = [task(1), task(2, assignee="p@q.r"), task(3, assignee="  ")]
    stage = stage_of(people("p@q.r", " "), people("gone"))
    assert agree(tasks, stage, dialect=Dialect(annotator="assignee")) == [1, 0, 2]
    assert agree(tasks, stage, dialect=Dialect(annotator="last")) == [1, 0, 2]


@pytest.fixture
def changed(engine, folder):
    """Counts a table some of whose columns were written anew, by another tool perhaps."""

    def counted(items, stage, dialect=Dialect(), **columns):  # noqa: B008
        dataset = on_disk(table_of(items), folder)
        (path,) = dataset.paths
        arrow = pq.read_table(path)
        for name, values in columns.items():
            place = arrow.column_names.index(name)
            arrow = arrow.set_column(place, name, pa.array(values, columns_kind(name)))
        pq.write_table(arrow, path)
        document = split_on(engine, dataset, None, dialect, stage, 3)
        return [output["certain"] for output in document["outputs"]], document["honesty"]

    return counted


def columns_kind(name):
    kind = columns_of(table_of([])).schema.field(name).type
    return (
        pa.large_list(pa.string()) if pa.types.is_large_list(kind) and name != "history" else kind
    )


def test_null_in_an_array_is_no_match_and_hides_none(changed):
    tasks = [task(1, **having("A")), task(2, **having("A")), task(3, **having("A"))]
    lists = [["A", None], [None], [None, "A"]]
    certain, _ = changed(tasks, stage_of(has("-A"), has("A")), schema_ids=lists)
    assert certain == [1, 2, 0]
    certain, _ = changed(
        [task(n, batches=["q"]) for n in range(3)], stage_of(batches("q")), batches=lists
    )
    assert certain == [0, 3]


def test_null_instead_of_an_array_is_an_empty_one(changed):
    tasks = [task(1, **having("A")), task(2, **having("A"), assignee="p")]
    certain, _ = changed(tasks, stage_of(has("-A"), has("A")), schema_ids=[None, ["A"]])
    assert certain == [1, 1, 0]
    certain, honesty = changed(tasks, stage_of(people("p")), history=[None, None])
    assert certain == [1, 1] and honesty["no_history"] == 2
    assert honesty["unknown_annotator"] == 1


def test_a_duration_that_is_no_number_is_in_no_interval(changed):
    tasks = [task(1, totalDuration=5), task(2, totalDuration=5), task(3, totalDuration=5)]
    values = [float("nan"), None, 5.0]
    certain, _ = changed(tasks, stage_of(took(0, None)), total_duration_ms=values)
    assert certain == [1, 2]


TEXTS = ["A", "a", "A ", " A", "Ä", "A\u0308", "ß", "ss", "1", "01", "1.0", "null", "NULL", "true"]


def test_text_is_compared_letter_by_letter(agree):
    tasks = [task(n, **having(text), batches=[text]) for n, text in enumerate(TEXTS)]
    each = [1] * len(TEXTS)
    assert agree(tasks, stage_of(*(has(text) for text in TEXTS))) == [*each, 0]
    assert agree(tasks, stage_of(*(batches(text) for text in TEXTS))) == [*each, 0]


def test_people_are_compared_without_case_and_blanks(agree):
    names = ["Ada@X.y", " ADA@x.Y ", "STRASSE", "straße", "İ@x.y", "i@x.y"]
    tasks = [task(n, assignee=name) for n, name in enumerate(names)]
    stage = stage_of(people("ada@x.y"), people("Straße"), people("I@x.y"))
    assert agree(tasks, stage) == [2, 2, 1, 1]


HOSTILE = [
    "it's", '"quoted"', "back\\slash", "a\\' OR 1=1 --", "'); DROP TABLE tasks; --", "`tick`",
    "new\nline", "tab\t", "${x}", "{x}", "%s", "%", "_", ":name", "?", "$1", "\\n", "\\u0041",
    "/* */", "\u202eright", "😀", "nul\0byte", "t0", "history",
]  # fmt: skip


def test_hostile_names_are_texts_and_nothing_else(agree):
    tasks = [
        task(n, **having(text), batches=[text], assignee=f"{text}@x")
        for n, text in enumerate(HOSTILE)
    ]
    each = [1] * len(HOSTILE)
    assert agree(tasks, stage_of(*(has(text) for text in HOSTILE))) == [*each, 0]
    assert agree(tasks, stage_of(*(batches(text) for text in HOSTILE))) == [*each, 0]
    assert agree(tasks, stage_of(*(people(f"{text}@x") for text in HOSTILE))) == [*each, 0]


def test_the_draw_is_the_same_task_by_task(agree):
    """Also at both ends of the hashes, where signed numbers and products run over."""
    stage = stage_of(*(chance(value) for value in (0.5, 0.001, 99.9, 0.25)))
    for seed in (0, -1, 2**64):
        agree([task(n) for n in range(2_000)], stage, seed=seed)


def test_rules_of_no_and_of_many_conditions_are_counted(agree):
    tasks = [task(n, totalDuration=n) for n in range(90)]
    assert agree(tasks, stage_of()) == [90]
    assert agree(tasks, stage_of(*(took(n, n) for n in range(80)))) == [*([1] * 80), 10]
    assert agree([], stage_of(has("A"))) == [0, 0]


# ---- types of rules -------------------------------------------------------------------------


def test_every_kind_of_question_has_its_bit():
    assert set(BITS) == set(get_args(Asked))


def test_a_type_that_nobody_knew_is_counted_without_a_change(agree, monkeypatch):
    monkeypatch.setitem(TYPES, "Quick", QuickRule())
    tasks = [task(n, totalDuration=took_ms) for n, took_ms in enumerate((5, 10, 20, None))]
    stage = stage_of({"type": "Quick", "value": 10}, took(0, None))
    assert agree(tasks, stage) == [1, 2, 1]
