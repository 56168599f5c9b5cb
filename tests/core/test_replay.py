"""The replay of a replication shows what it counted, and no text of others as markup."""

import pytest
from flow_helpers import end, label, of, review, start

from core.charts.palette import LIGHT
from core.charts.replay import replay
from core.flow.flow import flow_of
from core.flow.queueing.forecast import forecast
from core.flow.read_plan import read_plan


def test_each_moment_has_the_tasks_of_the_first_replication():
    work = of([{}] * 20, start("W"), label("W", "R"), review("R", "Complete", "W"), end())
    flow = flow_of(work, {2: 0.5})
    staff = {n: {"people": 2, "minutes": {"kind": "exponential", "mean": 6}} for n in ("W", "R")}
    plan = {"horizon_hours": 100, "replications": 3, "stages": staff}
    result = forecast(flow.chain, read_plan(plan | {"arrivals": {"kind": "table"}}), {})
    figure = replay(flow, result, work.names, LIGHT)
    assert len(figure.frames) > 50 and len({frame.name for frame in figure.frames}) > 50
    first = figure.frames[0].data[0]
    assert list(first.text) == ["0", "20", "0", ""]
    shares = [[int(text or 0) for text in frame.data[0].text] for frame in figure.frames]
    assert sum(shares[-1]) == 0 and max(map(sum, shares)) == 20
    assert [label for one in figure.layout.updatemenus[0].buttons for label in [one.label]] == [
        *("Play", "Fast", "Pause")
    ]


def test_names_are_text():
    name = "<b>R</b> %{x}"
    stages = [start("W"), label("W", "Complete") | {"name": name}, end()]
    work = of([{}], *stages)
    flow = flow_of(work)
    plan = {"horizon_hours": 1, "replications": 1, "stages": {}, "arrivals": {"kind": "table"}}
    result = forecast(flow.chain, read_plan(plan), {})
    text = str(replay(flow, result, work.names, LIGHT).to_plotly_json())
    assert name not in text and "&lt;b&gt;" in text
    assert pytest.approx(result.in_progress.first[-1, -1]) == 0
