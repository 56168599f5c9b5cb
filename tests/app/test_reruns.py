"""Which messages of a browser get a run of the whole page though they ask for a fragment alone."""

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import WidgetMetadata

from pages._ui.reruns import chosen_outside


@pytest.fixture
def session():
    """Of a page with a number and a button, and a number in a fragment."""
    made = SessionState()
    for name, fragment in (("page", None), ("go", None), ("inner", "fragment")):
        of_button = name == "go"
        about = WidgetMetadata(
            name,
            deserializer=lambda value, usual=False if of_button else 1: value or usual,
            serializer=lambda value: value,
            value_type="trigger_value" if of_button else "int_value",
            fragment_id=fragment,
        )
        made._new_widget_state.set_widget_metadata(about)
        made._old_state[name] = about.deserializer(None)
    return made


def message(**values):
    made = ClientState(fragment_id="fragment")
    for name, value in values.items():
        kind = "trigger_value" if isinstance(value, bool) else "int_value"
        made.widget_states.widgets.add(id=name, **{kind: value})
    return made


def told(**values):
    widgets = message(**values).widget_states.widgets
    return {one.id: one.SerializeToString() for one in widgets}


def test_a_choice_outside_is_seen_whatever_was_told_before(session):
    assert chosen_outside(message(page=2, inner=1), told(page=1, inner=1), session)
    assert chosen_outside(message(page=2, inner=5), told(inner=1), session)
    assert chosen_outside(message(page=1, go=True), told(page=1), session)


def test_what_belongs_to_the_fragment_or_is_as_it_was_is_no_choice(session):
    assert not chosen_outside(message(page=1, inner=5), told(page=1, inner=1), session)
    assert not chosen_outside(message(page=1, inner=5), {}, session)
    assert not chosen_outside(message(page=1, inner=5, gone=7), {}, session)
    assert not chosen_outside(message(page=2, inner=5), told(page=2, inner=1), session)
