"""Rules as people read them."""

from datetime import datetime, timedelta, timezone

import pytest

from core.model.dialect import Dialect
from core.model.figures import percent
from core.model.phrases import about_duration, duration_text, moment_text, rough_duration
from core.model.rules import Malformed, Unknown
from core.routing.sentence import sentence
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.annotator import Annotator
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.rule_types.random_sample import RandomSample

SENTENCES = [
    (AnnotationType(()), "any task (no class chosen)"),
    (AnnotationType((ClassFilter("v"), ClassFilter("p", False))), "has v, no p"),
    (AnnotationType((ClassFilter("v"), ClassFilter("p"), ClassFilter("q"))), "has v, p and q"),
    (
        AnnotationType((ClassFilter("v", False), ClassFilter("p", False))),
        "no v and no p",
    ),
    (Annotator(()), "annotated by nobody listed"),
    (Annotator((" a@x.org ", "b@x.org")), "annotated by a@x.org or b@x.org"),
    (Batch(()), "batch is none listed"),
    (Batch(("one", "two", "three")), "batch is one, two or three"),
    (RandomSample(0.125), "12.5 % at random"),
    (Duration(None, None), "took any known time"),
    (Duration(90_000, None), "took at least 1 min 30 s"),
    (Duration(None, 3_600_000), "took at most 1 h"),
    (Duration(1_000, 2_500), "took 1 s to 2.5 s"),
    (Malformed("Duration", "reversed"), "Task duration that matches nothing: reversed"),
    (Unknown("Colour", "new"), "Colour that cannot be simulated: new"),
    (Unknown("", "no type"), "rule without a type that cannot be simulated: no type"),
]


@pytest.mark.parametrize(("condition", "words"), SENTENCES)
def test_a_condition_reads_as(condition, words, bare):
    said = sentence(condition, bare.names, Dialect())
    assert said.replace("unknown class ", "") == words


def test_classes_have_their_names_and_unknown_ones_say_so(sample):
    known = sample.project.schema.top_level[0]
    condition = AnnotationType((ClassFilter(known.schema_id), ClassFilter("gone", False)))
    words = f"has {sample.names.of_class(known.schema_id)}, no unknown class gone"
    assert sentence(condition, sample.names, Dialect()) == words
    assert known.schema_id not in words


def test_bounds_are_read_in_the_unit_in_force(bare):
    assert sentence(Duration(2, 90), bare.names, Dialect(unit="min")) == "took 2 min to 1 h 30 min"


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0 s"),
        (1, "0.001 s"),
        (59_999, "59.999 s"),
        (60_000, "1 min"),
        (-90_500, "-1 min 30.5 s"),
        (3_600_000 * 1_234 + 1, "1,234 h 0.001 s"),
    ],
)
def test_a_duration_is_said_exactly(milliseconds, text):
    assert duration_text(milliseconds) == text


def test_a_measured_duration_is_rounded():
    assert about_duration(9_949) == "9.9 s"
    assert about_duration(83_456) == "1 min 23 s"


@pytest.mark.parametrize(("p", "text"), [(0, "0 %"), (1, "100 %"), (1 / 3, "33.333333 %")])
def test_a_percentage_has_the_digits_it_needs(p, text):
    assert percent(p).startswith(text[:8])
    assert percent(0.3) == "30 %"


@pytest.fixture(scope="module")
def bare(sample_table):
    from core.workspace import Workspace

    return Workspace(sample_table, None, Dialect())


def test_a_moment_is_said_in_utc_with_its_seconds_where_they_matter():
    at = datetime(2026, 9, 1, 10, 3, 5, tzinfo=timezone(timedelta(hours=2)))
    assert moment_text(at) == "1 Sep 2026, 08:03 UTC"
    assert moment_text(at.timestamp(), seconds=True, zone=False) == "1 Sep 2026, 08:03:05"


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (400, "less than a second"),
        (83_456, "1 min 23 s"),
        (200_000, "3 min"),
        (7_300_000, "2 h 2 min"),
    ],
)
def test_a_guessed_duration_has_no_digits_that_nobody_knows(milliseconds, words):
    assert rough_duration(milliseconds) == words
