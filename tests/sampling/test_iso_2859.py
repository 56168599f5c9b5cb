"""Plans of ISO 2859-1 against the published tables, cell by cell, and by the laws behind them."""

import pytest
from conftest import DATA

from core.errors import InputError
from core.sampling.acceptance import oc
from core.sampling.iso_2859 import AQLS, LEVELS, LOT_ENDS, SEVERITIES, aql_plan, code_letter
from core.sampling.switching import LotVerdict, Switching, after

ROWS = [
    line.split()
    for line in (DATA / "iso-2859-1.txt").read_text().splitlines()
    if not line.startswith("#")
]
LOT_OF = {"A": 5, "B": 10, "C": 20, "D": 40, "E": 80, "F": 140, "G": 200, "H": 400, "J": 900,
          "K": 2000, "L": 5000, "M": 20_000, "N": 100_000, "P": 400_000, "Q": 600_000}  # fmt: skip


@pytest.mark.parametrize(("severity", "letter", "cells"), [(a, b, c) for a, b, *c in ROWS])
def test_each_cell_is_as_published(severity, letter, cells):
    lot, level = (600_000, "III") if letter == "R" else (LOT_OF[letter], "II")
    for aql, cell in zip(AQLS, cells, strict=True):
        told = aql_plan(lot, aql, level, severity)
        assert told.code == letter
        assert f"{told.plan.n}/{told.plan.accept}" == cell, aql
        assert told.plan.reject == told.plan.accept + 1


def test_all_of_the_tables_were_looked_at():
    assert {(one[0], one[1]) for one in ROWS} == {
        (severity, letter) for severity in SEVERITIES for letter in "ABCDEFGHJKLMNPQR"
    }


PUBLISHED = """
2 A A A A A A B
9 A A A A A B C
16 A A B B B C D
26 A B B C C D E
51 B B C C C E F
91 B B C D D F G
151 B C D E E G H
281 B C D E F H J
501 C C E F G J K
1201 C D E G H K L
3201 C D F G J L M
10001 C D F H K M N
35001 D E G J L N P
150001 D E G J M P Q
500001 D E H K N Q R
"""


@pytest.mark.parametrize("row", PUBLISHED.strip().splitlines())
def test_code_letters_are_as_published(row):
    first, *letters = row.split()
    levels = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
    last = next((end for end in LOT_ENDS if end >= int(first)), 10**9)
    for lot in (int(first), last):
        assert [code_letter(lot, level) for level in levels] == letters
    assert set(levels) == set(LEVELS)


@pytest.mark.parametrize(
    ("lot", "aql", "severity", "plan"),
    [
        (1000, 1.0, "normal", ("J", 80, 2)),
        (2000, 1.0, "normal", ("K", 125, 3)),
        (5000, 0.65, "normal", ("L", 200, 3)),
        (200, 2.5, "normal", ("G", 32, 2)),
        (400, 1.0, "normal", ("H", 50, 1)),
        (1000, 1.0, "tightened", ("J", 80, 1)),
        (1000, 1.0, "reduced", ("J", 32, 1)),
        (600_000, 0.025, "tightened", ("Q", 3150, 1)),
    ],
)
def test_rows_that_everybody_knows(lot, aql, severity, plan):
    told = aql_plan(lot, aql, "II", severity)
    assert (told.code, told.plan.n, told.plan.accept) == plan


def test_diagonals_of_the_normal_table_are_constant():
    own = {}
    for row, letter in enumerate(LOT_OF):
        for column, aql in enumerate(AQLS):
            told = aql_plan(LOT_OF[letter], aql)
            if told.row == letter:
                own.setdefault(row + column, set()).add(told.plan.accept)
    assert all(len(accepts) == 1 for accepts in own.values())
    ladder = [accepts.pop() for _, accepts in sorted(own.items())]
    assert ladder == [0, 1, 2, 3, 5, 7, 10, 14, 21]


def test_tightened_inspection_accepts_less_often_at_the_aql():
    for lot in LOT_OF.values():
        for aql in AQLS:
            normal, tightened = (aql_plan(lot, aql, "II", s).plan for s in SEVERITIES[:2])
            assert oc(tightened, [aql / 100]) <= oc(normal, [aql / 100]) + 1e-12


@pytest.mark.parametrize(("aql", "table"), [(1.2, 1.0), (0.99, 0.65), (9.99, 6.5), (0.011, 0.01)])
def test_between_two_aqls_the_stricter_holds_and_says_so(aql, table):
    told, strict = aql_plan(1000, aql), aql_plan(1000, table)
    assert told.aql == table and told.plan == strict.plan
    assert "next stricter" in told.notes[0] and "next stricter" not in " ".join(strict.notes)


def test_an_arrow_and_a_small_lot_are_said():
    told = aql_plan(10, 1.0)
    assert (told.code, told.row, told.whole) == ("B", "E", True)
    assert "arrow" in told.notes[0] and "review them all" in told.notes[1]
    assert aql_plan(1, 1.0).whole and "13 of 1 task:" in aql_plan(1, 1.0).notes[-1]
    assert not aql_plan(1000, 1.0).notes


@pytest.mark.parametrize(
    ("lot", "aql", "level", "severity"),
    [
        (0, 1.0, "II", "normal"),
        (10, 0.009, "II", "normal"),
        (10, 10.1, "II", "normal"),
        (10, 1.0, "IV", "normal"),
        (10, 1.0, "II", "strict"),
    ],
)
def test_what_is_not_in_the_tables_is_said(lot, aql, level, severity):
    with pytest.raises(InputError) as told:
        aql_plan(lot, aql, level, severity)
    assert told.value.hint


def run(verdicts, state=None):
    state = state or Switching()
    severities = []
    for verdict in verdicts:
        state = after(state, verdict)
        severities.append(state.severity)
    return state, severities


GOOD, BAD = LotVerdict(0, 1), LotVerdict(2, 1)


def test_two_of_five_refused_tighten_and_two_of_six_do_not():
    assert run([BAD, GOOD, GOOD, GOOD, BAD])[0].severity == "tightened"
    assert run([BAD, BAD])[0].severity == "tightened"
    assert run([BAD, GOOD, GOOD, GOOD, GOOD, BAD])[0].severity == "normal"


def test_five_accepted_in_a_row_lead_back_to_normal():
    tight = Switching("tightened")
    assert run([GOOD] * 4, tight)[0].severity == "tightened"
    assert run([GOOD] * 5, tight)[0].severity == "normal"
    assert run([GOOD] * 4 + [BAD] + [GOOD] * 4, tight)[0].severity == "tightened"


def test_five_refused_under_tightened_inspection_end_it():
    tight = Switching("tightened")
    verdicts = [BAD, GOOD, GOOD] * 5
    assert run(verdicts[:12], tight)[0].severity == "tightened"
    state, _ = run(verdicts, tight)
    assert state.severity == "discontinued" and after(state, GOOD) == state


def test_a_score_of_30_reduces_and_a_refused_lot_leads_back():
    assert run([GOOD] * 14)[0].severity == "normal" and run([GOOD] * 15)[0].severity == "reduced"
    clear, near = LotVerdict(1, 3, stricter=2), LotVerdict(3, 3, stricter=2)
    assert run([clear] * 10)[0].severity == "reduced"
    state, _ = run([clear] * 9 + [near])
    assert (state.severity, state.score) == ("normal", 0)
    reduced = run([GOOD] * 15)[0]
    assert after(reduced, GOOD).severity == "reduced" and after(reduced, BAD) == Switching()
