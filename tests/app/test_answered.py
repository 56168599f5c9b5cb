"""What a page asks: its answers stand in the link, stay for the session, and harm nobody."""

import pytest
from conftest import DATA
from hypothesis import given
from hypothesis import strategies as some
from page_helpers import database, field, metric

from core.export.reader import read_path
from core.store.workspaces import OpenedFiles
from pages._ui import link

PAGE = "workflow/sampling.py"
HOSTILE = {
    "review.section": "Nonsense",
    "review.share": "-5",
    "review.tasks": "1e999",
    "review.errors": "<script>",
    "review.catch": "nan",
    "review.few": "0x10",
    "check.iou": "2",
    "review.a.b.c": "x" * 5_000,
}


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


def test_a_hostile_link_shows_the_page_as_it_usually_is(visit):
    plain, app = visit(PAGE), visit(PAGE, **HOSTILE)
    assert metric(app, "Reviewed") == metric(plain, "Reviewed") and not app.error


def test_another_workspace_keeps_the_section_and_has_numbers_of_its_own(visit, data):
    app = visit(PAGE, **{"review.share": "33", "review.section": "Costs"})
    opened = OpenedFiles(database(data), data / "tables").add(
        "tasks.json", read_path(DATA / "export.zip"), None
    )
    app.run()
    field(app.selectbox, "frame.workspace").set_value(opened.id).run()
    assert field(app.button_group, "review.section").value == "Costs"
    assert list(app.query_params) == ["workspace", "review.section"]
    field(app.selectbox, "frame.workspace").set_value("demo").run()
    assert app.query_params["review.section"] == ["Costs"]
    field(app.button_group, "review.section").set_value("What a share buys").run()
    assert field(app.text_input, "review.share").value == "33"


@pytest.mark.parametrize("asked", ["review", "check"])
def test_only_the_answers_of_its_own_page_stand_in_a_link(asked):
    answers = {"review.share": "33", "check.iou": "0.7", "reviews.x": "1"}
    assert [name.split(".")[0] for name in link.of_answers(answers, asked)] == [asked]
    assert link.of_answers(answers, "") == {}


@given(some.dictionaries(some.text(), some.lists(some.text())))
def test_of_a_link_few_and_short_answers_are_kept(parameters):
    answers = link.to_answers(parameters)
    assert len(answers) <= link.MOST_ANSWERS
    assert all(len(name + text) <= link.LONGEST_ANSWER for name, text in answers.items())
    assert all("." in name and text == parameters[name][0] for name, text in answers.items())
