"""The list of faults fits the code: each text stands once where it says, and its tests exist."""

import pytest
from conftest import HERE
from planted.faults import FAULTS

ROOT = HERE.parent


def test_there_are_at_least_twenty_and_each_is_its_own():
    assert len({(fault.module, fault.before, fault.after) for fault in FAULTS}) == len(FAULTS) >= 20


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_can_be_planted(fault):
    text = (ROOT / fault.module).read_text(encoding="utf-8")
    assert text.count(fault.before) == 1
    assert fault.after != fault.before
    assert (ROOT / fault.tests).is_file()
