"""What a page asks: its answers stand in the link, stay for the session, and harm nobody."""

import pytest
from conftest import DATA
from hypothesis import given
from hypothesis import strategies as some
from page_helpers import database, field, metric
from streamlit.testing.v1 import AppTest

from core.export.reader import read_path
from core.store.workspaces import OpenedFiles
from pages._ui import link

PAGE = "workflow/sampling.py"
QUESTIONS = (
    "share", "tasks", "errors", "catch", "notice", "few", "margin", "teller", "by", "benchmark.by",
    "benchmark.iou", "unit", "many/tasks", "weeks", "floor", "budget.by", "spread-by", "level",
    "severity", "aql", "covered.by", "counted-at", "least", "others", "whole", "price/review",
)  # fmt: skip
HOSTILE = ("nan", "-5", "1e999", "９" * 40)


def test_an_answer_stands_in_the_link_and_who_opens_it_sees_the_same(visit):
    app = visit(PAGE)
    field(app.text_input, "review.share").set_value("33").run()
    assert app.query_params["review.share"] == ["33"]
    other = visit(PAGE, **{"review.share": "33"})
    assert field(other.text_input, "review.share").value == "33"
    assert metric(other, "Reviewed") == metric(app, "Reviewed")
    app.button_group(key="review.section").set_value("Coverage").run()
    assert app.query_params["review.section"] == ["Coverage"]
    opened = visit(PAGE, **{"review.section": "Coverage", "review.least": "25"})
    assert "For at least 25 of each, drawn at random" in [one.value for one in opened.subheader]


def test_answers_are_there_again_after_another_page_and_in_no_other_link(visit):
    app = visit(PAGE)
    field(app.text_input, "review.share").set_value("33").run()
    app.button_group(key="review.section").set_value("Costs").run()
    app.switch_page("pages/logic/split.py").run()
    assert not [name for name in app.query_params if "." in name]
    app.switch_page(f"pages/{PAGE}").run()
    assert app.button_group(key="review.section").value == "Costs"
    assert app.query_params["review.section"] == ["Costs"]
    app.button_group(key="review.section").set_value("What a share buys").run()
    assert "review.section" not in app.query_params  # the usual one
    assert field(app.text_input, "review.share").value == "33"


def test_an_emptied_box_gets_the_usual_number_back(visit):
    app = visit(PAGE)
    usual = field(app.text_input, "review.tasks").value
    field(app.text_input, "review.tasks").set_value("70").run()
    assert app.query_params["review.tasks"] == ["70"]
    field(app.text_input, "review.tasks").set_value("").run()
    assert field(app.text_input, "review.tasks").value == usual and not app.error
    assert "review.tasks" not in app.query_params


def test_what_cannot_be_an_answer_is_said_and_the_one_before_stays_in_the_link(visit):
    app = visit(PAGE, **{"review.share": "33"})
    field(app.text_input, "review.share").set_value("140").run()
    assert "0 to 100" in app.error[0].value and app.query_params["review.share"] == ["33"]


@pytest.mark.parametrize(
    "section",
    ["What a share buys", "Who errs", "Where to look", "Accept or refuse", "Coverage", "Costs"],
)
def test_a_hostile_link_shows_every_section_as_it_usually_is(visit, section):
    plain = shown(visit(PAGE, **{"review.section": section}))
    for text in HOSTILE:
        app = visit(PAGE, **{"review.section": section}, **{f"review.{q}": text for q in QUESTIONS})
        assert shown(app) == plain and not app.error


def test_what_no_page_asks_is_in_no_link(visit):
    app = visit(PAGE, **{"review.share": "-5", "other.x": "1", "review.section": "Nonsense"})
    app.run()
    assert not [name for name in app.query_params if "." in name]


def shown(app):
    """What boxes hold, and the numbers that come of it."""
    boxes = [(one.key.partition("#")[0], one.value) for one in app.text_input]
    return boxes, [(one.label, one.value) for one in app.metric]


def section_of(app):
    return field(app.button_group, "review.section")


def workspace_of(app):
    return field(app.selectbox, "frame.workspace")


def test_another_workspace_keeps_the_section_and_the_run_and_has_numbers_of_its_own(visit, data):
    app = visit(PAGE, **{"review.share": "33", "check.iou": "0.7"})
    opened = OpenedFiles(database(data), data / "tables").add(
        "tasks.json", read_path(DATA / "export.zip"), None
    )
    app.run()
    section_of(app).set_value("Costs").run()
    workspace_of(app).set_value(opened.id).run()
    assert section_of(app).value == "Costs"
    assert list(app.query_params) == ["workspace", "review.section"]
    section_of(app).set_value("What a share buys").run()
    assert field(app.text_input, "review.share").value != "33"
    workspace_of(app).set_value("demo").run()
    assert section_of(app).value == "What a share buys"
    assert field(app.text_input, "review.share").value == "33"
    app.switch_page("pages/plugins/check.py").run()
    assert app.query_params["check.iou"] == ["0.7"]


@pytest.mark.parametrize("asked", ["review", "check"])
def test_only_the_answers_of_its_own_page_stand_in_a_link(asked):
    answers = {"review.share": "33", "check.iou": "0.7", "reviews.x": "1"}
    assert [name.split(".")[0] for name in link.of_answers(answers, asked)] == [asked]
    assert link.of_answers(answers, "") == {}


def test_a_slider_uses_the_number_that_it_shows():
    def page():
        import streamlit as st

        from pages._ui import answered
        from pages._ui.keys import key

        given = answered.slide(st, "Least", key("check.least"), 0.0, 0.0, 1.0, 0.02)
        st.markdown(str(given))

    for text, wanted in (("0.999", "1.0"), ("0.011", "0.02"), ("0.5049", "0.5"), ("2", "0.0")):
        app = AppTest.from_function(page)
        app.query_params["check.least"] = text
        assert app.run().markdown[0].value == wanted and app.slider[0].value == float(wanted)


@pytest.mark.parametrize("text", ['["a","c"]', '["c","a","z",7]', "a", "[[", '{"a": 1}', "[]"])
def test_of_several_those_that_there_are(text):
    def page():
        import streamlit as st

        from pages._ui import answered
        from pages._ui.keys import key

        st.markdown(",".join(answered.several(st, "Some", ["a", "b", "c"], key("check.some"))))

    app = AppTest.from_function(page)
    app.query_params["check.some"] = text
    assert sorted(app.run().markdown[0].value) == sorted("a,c" if "c" in text else "")
    drawn = app.multiselect[0].key
    app.multiselect[0].set_value(["c", "b"]).run()
    assert app.markdown[0].value == "c,b" and app.multiselect[0].key == drawn


@given(
    some.dictionaries(some.text() | some.sampled_from(["a.b", "a", "a.c"]), some.lists(some.text()))
)
def test_of_a_link_few_and_short_answers_are_kept(parameters):
    answers = link.to_answers(parameters, {"a"})
    assert len(answers) <= link.MOST_ANSWERS
    assert all(len(name + text) <= link.LONGEST_ANSWER for name, text in answers.items())
    assert all(
        name.startswith("a.") and text == parameters[name][0] for name, text in answers.items()
    )
