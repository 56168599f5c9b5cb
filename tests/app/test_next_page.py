"""The Split page: what the next tasks do, and beside it the backtest by week."""

from page_helpers import charts

from core.charts.weeks import weeks_table
from core.routing.observed.conformance import output_labels


def test_the_backtest_stands_beside_the_prediction(visit, demo_workspace):
    stage = demo_workspace.project.logic_stages[0]
    app = visit("logic/split.py")
    found = demo_workspace.coming(stage, len(demo_workspace.table))
    said = " ".join(m.value.replace("\\", "") for m in (*app.markdown, *app.caption))
    assert all(sentence.replace("\\", "") in said for sentence in found.sentences)
    wanted = weeks_table(found.weeks, output_labels(stage))
    assert any(frame.value.equals(wanted) for frame in app.dataframe)
    chosen = app.selectbox(key="split.weeks-of")
    assert chosen.value == 3  # nobody of the annotators of rule 4 was there at first
    chosen.set_value(7).run()
    weeks = [(w, count) for w in found.weeks.weeks for count in w.outputs if count.output == 7]
    shares = [
        [100 * count.may / week.tasks for week, count in weeks if count.inside is inside]
        for inside in (True, False)
    ]
    (chart,) = [
        c for c in charts(app) if "what all weeks before told" in str(c["data"][0].get("name"))
    ]
    assert [trace["y"] for trace in chart["data"][1:]] == shares and sum(map(len, shares)) > 1


def test_few_tasks_of_one_day_have_no_backtest(visit):
    app = visit("logic/split.py", **{"from": "2026-09-08", "to": "2026-09-08"})
    said = " ".join(m.value for m in app.markdown)
    assert "they are of one week" in said
    assert not [box for box in app.selectbox if box.key == "split.weeks-of"]
