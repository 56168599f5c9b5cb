"""Consensus in the sandbox: copies for every judge, agreement, history, and what goes on."""

from itertools import permutations

import pytest
import sqlalchemy as sa
from databases import KINDS
from gateway.helpers import gateway_to
from hub_helpers import make_stages
from hypothesis import example, given
from hypothesis import strategies as st
from imerit_ango.models.annotate import AnnotationPayload, Answer
from imerit_ango.models.enums import TaskTypes
from imerit_ango.models.export_options import ExportOptions
from imerit_ango.models.task_filter import TaskFilter

from core.hub.workflow.consensus import MEASURE, Measure, judge, thresholds_of
from core.store.database import open_database

SUN = {"tool": "radio", "title": "Sun?", "schemaId": "sun", "classifications": []}
CAR = {"tool": "bounding-box", "title": "Car", "schemaId": "car"}


def boxes(*places, wide=10):
    return [
        {"schemaId": "car", "bounding-box": {"x": x, "y": 0, "width": wide, "height": 10}}
        for x in places
    ]


def says(sun=None, cars=()):
    answers = [] if sun is None else [{"schemaId": "sun", "answer": sun}]
    return {"tools": list(cars), "classifications": answers, "relations": []}


# -- the arithmetic -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "scores", "best", "agreed"),
    [
        (["yes", "no"], (1 / 2, 1 / 2), 0, False),
        (["no", "yes", "yes"], (1 / 3, 2 / 3, 2 / 3), 1, True),
        (["yes"], (1,), 0, True),
        ([["a", "b"], ["b", "a"]], (1, 1), 0, True),
        (["yes", None], (1 / 2, 1 / 2), 0, False),
        (list("abcd"), (1 / 4,) * 4, 0, False),
    ],
)
def test_a_score_is_the_share_that_says_the_same(answers, scores, best, agreed):
    found = judge([says(answer) for answer in answers], {}, MEASURE)
    assert found.scores == {"sun": pytest.approx(scores)}
    assert (found.best, found.agreed) == (best, agreed)


def test_shapes_are_the_same_when_they_pair_up():
    cars = [boxes(0, 50), boxes(51, 1), boxes(0), boxes(0, 90)]
    found = judge([says(cars=c) for c in cars], {}, MEASURE)
    assert found.scores["car"] == pytest.approx((2 / 4, 2 / 4, 1 / 4, 1 / 4))
    # 0 to 10 and 2 to 12 overlap in 8 of 12
    near = [says(cars=boxes(0)), says(cars=boxes(2))]
    assert judge(near, {}, Measure(overlap=0.6)).agreed
    assert not judge(near, {}, Measure(overlap=0.7)).agreed
    nothing = [says(cars=boxes(3, wide=0))] * 2
    assert judge(nothing, {}, MEASURE).agreed


def share(one, other):
    """Intersection over union of two intervals of length 100, as boxes of height 10."""
    inside = max(0, 100 - abs(one - other))
    return inside / (200 - inside)


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.tuples(*[st.lists(st.integers(0, 120), min_size=n, max_size=n)] * 2)
    ),
    st.sampled_from([0.3, 0.5, 0.7]),
)
@example(([25, 0], [30, 55]), 0.5)
def test_shapes_agree_when_any_of_all_pairings_does(places, least):
    mine, other = places
    expected = any(
        all(share(a, b) >= least for a, b in zip(mine, order, strict=True))
        for order in permutations(other)
    )
    said = [says(cars=boxes(*some, wide=100)) for some in places]
    assert judge(said, {}, Measure(overlap=least)).agreed == expected


def test_the_greatest_overlap_does_not_take_the_only_partner_of_another():
    mine, other = (25, 0), (30, 55)
    shares = [[round(share(a, b), 2) for b in other] for a in mine]
    assert shares == [[0.9, 0.54], [0.54, 0.29]]
    said = [says(cars=boxes(*some, wide=100)) for some in (mine, other)]
    assert judge(said, {}, MEASURE).agreed
    assert not judge(said, {}, Measure(overlap=0.55)).agreed


def test_other_shapes_have_boxes_too_and_some_are_not_compared():
    def of(**shape):
        return {"tools": [{"schemaId": "x", **shape}], "classifications": []}

    square = of(polygon=[[0, 0], [10, 0], [10, 10], [0, 10]])
    assert judge([square, of(**{"bounding-box": boxes(1)[0]["bounding-box"]})], {}, MEASURE).agreed
    assert judge(
        [of(ner={"start": 0, "end": 9}), of(ner={"start": 1, "end": 9})], {}, MEASURE
    ).agreed
    for shape in ({"polyline": [[1, 2]]}, {"point": [1, 2]}, {"polygon": "?"}, {"ner": {}}, {}):
        found = judge([of(**shape), of(**shape)], {}, MEASURE)
        assert found.left_out == ("x",) and not found.agreed and found.scores == {}


def test_nobody_said_anything_is_agreement():
    assert judge([says(), says()], {}, MEASURE).agreed


def test_thresholds_per_class_and_those_that_cannot_be_read():
    assert thresholds_of({}) == ({}, [])
    config = {"threshold": {"sun": 0.5, "car": 80, "x": "high", "y": True}}
    found, odd = thresholds_of({"consensusConfig": config})
    assert found == {"sun": 0.5, "car": 0.8} and odd == ["x", "y"]
    assert thresholds_of({"consensusConfig": {"threshold": 7}}) == ({}, ["threshold"])
    assert judge([says("a"), says("b")], {"sun": 0.5}, MEASURE).agreed
    assert not judge([says(s) for s in "aaab"], {"sun": 0.8}, MEASURE).agreed


# -- in the workflow ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sdk(hub):
    return hub.sdk()


def stages(judges=3, **config):
    both = {"id": "both", "type": "Consensus", "name": "Both", "next": ["Complete", "Review"]}
    first, label, review, last = make_stages()
    label["next"] = ["both"]
    subs = [
        {
            "id": f"judge{n}",
            "type": "Label",
            "name": f"Judge {n}",
            "next": ["both"],
            "consensusId": "both",
            "assignedTo": [],
        }
        for n in range(judges)
    ]
    return [first, label, review, last, {**both, **config}, *subs]


def project_with(sdk, workflow, assets=1):
    project = sdk.create_project("Consensus")["data"]["project"]["_id"]
    schema = {"tools": [CAR], "classifications": [SUN], "relations": []}
    sdk.create_label_set(project, raw_category_schema=schema)
    sdk.update_workflow_stages(project, workflow)
    upload(sdk, project, assets)
    return project


def upload(sdk, project, assets):
    sdk.upload_files_cloud(project, [{"data": f"https://x.example/{n}"} for n in range(assets)])


def tasks(sdk, project, stage=None):
    wanted = TaskFilter(stage=stage) if stage else None
    found = sdk.get_tasks(project, limit=100, include_answer=True, task_filter=wanted)
    return found["data"]["tasks"]


def submit(sdk, task, sun, duration=0):
    answer = Answer(classifications=[{"schemaId": "sun", "answer": sun}])
    payload = AnnotationPayload(answer)
    return sdk.annotate_task(task["_id"], payload, overwrite=True, send_to_next_stage=True)


def judged(sdk, project, *answers):
    """Send the only task into the consensus and let each judge answer; returns the task."""
    (task,) = tasks(sdk, project, "Label")
    submit(sdk, task, "first")
    for n, answer in enumerate(answers):
        (sub,) = tasks(sdk, project, f"judge{n}")
        submit(sdk, sub, answer)
    return sdk.get_task(task["_id"])["data"]["task"]


@pytest.mark.parametrize(
    ("answers", "stage", "answer"),
    [(("no", "yes", "yes"), "Complete", "yes"), (("a", "b", "c"), "Review", "a")],
)
def test_both_outputs_lead_on_with_the_best_judgment(sdk, answers, stage, answer):
    project = project_with(sdk, stages())
    task = judged(sdk, project, *answers)
    assert task["stage"] == stage
    assert [c["answer"] for c in task["answer"]["classifications"]] == [answer]
    history = sdk.get_task_history(task_id=task["_id"])["data"]["taskHistory"]
    assert [entry["stageId"] for entry in history] == [
        "Start",
        "Label",
        *(f"judge{n}" for n in range(3)),
    ]
    given = [entry["answer"]["classifications"][0]["answer"] for entry in history[2:]]
    assert tuple(given) == answers
    assert len(tasks(sdk, project)) == 1  # the copies are gone


def test_every_judge_has_a_copy_and_the_task_waits_for_the_last(sdk):
    project = project_with(sdk, stages(2), assets=3)
    for task in tasks(sdk, project):
        submit(sdk, task, "first")
    waiting = tasks(sdk, project, "both")
    assert len(waiting) == 3 and {t["type"] for t in waiting} == {"default"}
    first, second = tasks(sdk, project, "judge0"), tasks(sdk, project, "judge1")
    assert len(first) == len(second) == 3 and {t["type"] for t in first} == {"consensus"}
    assert {t["asset"]["_id"] for t in first} == {t["asset"]["_id"] for t in waiting}
    assert first[0]["answer"]["classifications"][0]["answer"] == "first"
    with pytest.raises(Exception, match="waits for judgments"):
        submit(sdk, waiting[0], "x")
    submit(sdk, first[0], "yes")
    assert len(tasks(sdk, project, "both")) == 3
    with pytest.raises(Exception, match="submitted already"):
        submit(sdk, first[0], "no")
    assert submit(sdk, next(t for t in second if t["asset"] == first[0]["asset"]), "yes")
    assert len(tasks(sdk, project, "both")) == 2 and len(tasks(sdk, project, "Complete")) == 1


def test_a_task_that_comes_again_is_judged_again_by_the_same_people(sdk):
    project = project_with(sdk, stages(2))
    (task,) = tasks(sdk, project)
    submit(sdk, task, "first")
    (sub,) = tasks(sdk, project, "judge0")
    sdk.assign_task(project, [sub["_id"]], "judge0", "ada@example.com")
    submit(sdk, sub, "a")
    submit(sdk, tasks(sdk, project, "judge1")[0], "b")
    sdk.requeue_tasks(project, "both", {"taskIds": [task["_id"]]})
    (again,) = tasks(sdk, project, "judge0")
    assert again["assignee"] == "ada@example.com" and again["_id"] != sub["_id"]
    submit(sdk, again, "c")
    submit(sdk, tasks(sdk, project, "judge1")[0], "c")
    history = sdk.get_task_history(task_id=task["_id"])["data"]["taskHistory"]
    assert [entry["stageId"] for entry in history[2:]] == ["judge0", "judge1"] * 2
    assert sdk.get_task(task["_id"])["data"]["task"]["stage"] == "Complete"


def test_a_requeue_takes_the_whole_task_and_never_a_copy(sdk):
    project = project_with(sdk, stages(2))
    (task,) = tasks(sdk, project)
    submit(sdk, task, "first")
    with pytest.raises(Exception, match="part of a Consensus"):
        sdk.requeue_tasks(project, "judge0", {"taskIds": [task["_id"]]})
    moved = sdk.requeue_tasks(project, "Label", {"fromStageIds": ["both", "judge0"]})
    assert moved["data"]["modifiedCount"]["modified"] == 1
    assert [t["stage"] for t in tasks(sdk, project)] == ["Label"]
    upload(sdk, project, 2)
    assert len(sdk.export(project, ExportOptions(stage=[]))) == 3


def test_thresholds_of_the_stage_and_what_cannot_be_read_or_compared(sdk, hub):
    config = {"threshold": {"sun": 0.5, "car": "high"}, "adjudicationMethod": "best"}
    project = project_with(sdk, stages(2, consensusConfig=config))
    assert judged(sdk, project, "a", "b")["stage"] == "Complete"
    said = [line["message"] for line in hub.logs() if line["project"] == project]
    assert any("threshold car cannot be read" in line for line in said)


def test_a_consensus_without_sub_stages_keeps_its_tasks_and_says_so(sdk, hub):
    project = project_with(sdk, stages(0))
    submit(sdk, tasks(sdk, project)[0], "first")
    assert [t["stage"] for t in tasks(sdk, project)] == ["both"]
    said = [line["message"] for line in hub.logs() if line["project"] == project]
    assert any("has no sub-stage" in line for line in said)


def test_a_sub_stage_that_is_a_plugin_says_that_the_task_waits(sdk, hub):
    workflow = stages(2)
    workflow[-1]["type"] = "Plugin"
    project = project_with(sdk, workflow)
    submit(sdk, tasks(sdk, project)[0], "first")
    said = [line["message"] for line in hub.logs() if line["project"] == project]
    assert any("Both waits for 1 task. The local hub runs no plugin" in line for line in said)


def test_a_hub_that_is_killed_in_between_goes_on(make_hub):
    hub = make_hub(sample=False)
    project = project_with(hub.sdk(), stages(2))
    (task,) = tasks(hub.sdk(), project)
    submit(hub.sdk(), task, "first")
    submit(hub.sdk(), tasks(hub.sdk(), project, "judge0")[0], "yes")
    hub.end()
    hub.start()
    submit(hub.sdk(), tasks(hub.sdk(), project, "judge1")[0], "yes")
    assert [t["stage"] for t in tasks(hub.sdk(), project)] == ["Complete"]


def test_export_and_pages_read_the_tasks_and_not_the_copies(sdk, hub, tmp_path):
    project = project_with(sdk, stages(3), assets=30)
    for task in tasks(sdk, project)[:25]:
        submit(sdk, task, "first")
    assert sdk.get_tasks(project)["data"]["total"] == 30 + 75
    gateway = gateway_to(hub.url, key=hub.key)
    value = gateway.read_project(project)
    by_export = gateway.read_tasks(value, tmp_path / "a")
    hub.admin("POST", "faults", {"pattern": "GET /v2/export", "kind": "status", "status": 403})
    by_pages = gateway.read_tasks(value, tmp_path / "b")
    assert (by_export.way, by_pages.way) == ("export", "pages")
    ids = [sorted(read.table.ids.to_pylist()) for read in (by_export, by_pages)]
    assert ids[0] == ids[1] and len(ids[0]) == 30
    hub.admin("DELETE", "faults")
    copies = ExportOptions(stage=[], task_type=TaskTypes.CONSENSUS)
    assert len(sdk.export(project, copies)) == 75


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_from_before_sub_tasks_gets_their_column(make_database, kind, let_go):
    url = make_database(kind)
    store = open_database(url)
    with store.work() as old:
        old.execute(sa.text("DROP INDEX ix_hub_tasks_parent"))
        old.execute(sa.text("ALTER TABLE hub_tasks DROP COLUMN parent"))
        old.execute(sa.text("DELETE FROM migrations WHERE name = '0003-sub-tasks'"))
    store.close()
    with open_database(url).read() as tx:
        found = sa.inspect(tx)
        assert "parent" in {column["name"] for column in found.get_columns("hub_tasks")}
        assert "ix_hub_tasks_parent" in {i["name"] for i in found.get_indexes("hub_tasks")}
