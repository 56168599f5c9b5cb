"""The demo's images that people have labelled: what they drew, and that all of it is Complete."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hub_helpers import HubProcess
from imerit_ango.models.task_filter import TaskFilter

from core import demo
from core.demo import by_hand, harbour, pixels
from core.launcher.demo_project import add_packaged, read_demo
from core.launcher.images import BY_HAND, date_by_hand, keep_by_hand
from core.launcher.start_over import FOLDER, keep_copy, start_over
from core.settings import read_settings
from core.store.hub import open_hub
from core.store.tables.hub import history, passes, tasks

IDS = {title: harbour.made_id(title) for title, _ in by_hand.TITLES.values()}


def test_people_draw_what_is_there_a_pixel_or_two_off():
    shifted = overlooked = 0
    for number in by_hand.NUMBERS:
        assert by_hand.objects(number, IDS) == by_hand.objects(number, IDS)
        drawn = [one for one in pixels.draw(number)[1] if one.name in by_hand.TITLES]
        labels = by_hand.objects(number, IDS)
        missing = len(drawn) - len(labels)
        far = [one for one in drawn if one.name == "person" and one.area < by_hand.FAR]
        assert 0 <= missing <= len(far)
        assert not missing or by_hand.labeler(number) is by_hand.HASTY
        overlooked += missing
        for label in labels:
            assert label["metadata"]["createdBy"] == by_hand.labeler(number).address
            title, tool = next(
                pair for pair in by_hand.TITLES.values() if IDS[pair[0]] == label["schemaId"]
            )
            near = [
                one
                for one in drawn
                if by_hand.TITLES[one.name][0] == title and is_near(label[tool], one.box)
            ]
            assert len(near) == 1, (number, label)
            if tool != "point":
                shifted += sides(label[tool]) != near[0].box
                assert tool != "rotated-bounding-box" or label[tool]["rotation"] == 0
    assert shifted > 20 and 2 <= overlooked <= 12


def sides(box):
    return box["x"], box["y"], box["width"], box["height"]


def is_near(geometry, box):
    if isinstance(geometry, list):
        middle = (box[0] + box[2] / 2, box[1] + box[3] / 2)
        return all(abs(a - b) <= 3 for a, b in zip(geometry, middle, strict=True))
    return all(abs(a - b) <= 4 for a, b in zip(sides(geometry), box, strict=True))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    settings = read_settings({"SWITCHYARD_DATA": str(tmp_path_factory.mktemp("by-hand"))})
    store = open_hub(settings.database)
    add_packaged(store, settings)
    hub = HubProcess(settings.data).start()
    assert pixels.add(hub.url, hub.key, demo.PROJECT_ID) == 36
    assert by_hand.add_by_hand(hub.url, hub.key, demo.PROJECT_ID) == 24
    yield settings, store, hub
    hub.end()


def labelled(hub):
    sdk = hub.sdk()
    project = sdk.get_project(demo.PROJECT_ID)["data"]["project"]
    batch = next(one["_id"] for one in project["batches"] if one["name"] == by_hand.BATCH)
    chosen = TaskFilter(batches=[batch])
    listed = sdk.get_tasks(demo.PROJECT_ID, limit=100, include_answer=True, task_filter=chosen)
    return project, listed["data"]["tasks"]


def test_all_are_complete_with_their_authors_and_their_history(world):
    _, _, hub = world
    project, listed = labelled(hub)
    assert [one["externalId"] for one in listed] == [f"pixels-{n:03}.png" for n in range(37, 61)]
    assert {(one["stage"], one["status"]) for one in listed} == {("Complete", "Completed")}
    ids = {one["title"]: one["schemaId"] for one in project["categorySchema"]["tools"]}
    people = {person.address for person in harbour.PEOPLE}
    for number, task in zip(by_hand.NUMBERS, listed, strict=True):
        wanted = by_hand.objects(number, ids)
        tools = task["answer"]["tools"]
        assert [{k: one[k] for k in made if k != "metadata"}
                for one, made in zip(tools, wanted, strict=True)] == [
            {k: v for k, v in made.items() if k != "metadata"} for made in wanted]  # fmt: skip
        metadata = [one["metadata"] for one in tools]
        assert {one["createdBy"] for one in metadata} <= {by_hand.labeler(number).address}
        assert all(one["createdIn"] == "Label" and one["createdAt"] for one in metadata)
        entries = hub.sdk().get_task_history(task_id=task["_id"])["data"]["taskHistory"]
        worked = [one for one in entries if one["stage"] not in ("Start", "Routing")]
        assert {one["completedBy"] for one in worked if one.get("duration")} <= people
        assert worked[0]["completedBy"] == by_hand.labeler(number).address


def test_nothing_is_done_twice(world):
    _, _, hub = world
    before = labelled(hub)[1]
    assert by_hand.add_by_hand(hub.url, hub.key, demo.PROJECT_ID) == 0
    assert labelled(hub)[1] == before


def test_they_were_done_at_the_end_of_the_packaged_history(world):
    _, store, hub = world
    before = {task["_id"]: task for task in labelled(hub)[1]}
    order = [row[:2] for row in kept_rows(store) if len(row) == 3]
    with store.work() as tx:
        date_by_hand(tx)
    for task in labelled(hub)[1]:
        assert task["updatedAt"] == before[task["_id"]]["updatedAt"]
        entries = hub.sdk().get_task_history(task_id=task["_id"])["data"]["taskHistory"]
        done = [datetime.fromisoformat(one["completedAt"]) for one in entries]
        assert done == sorted(done)
        assert timedelta() <= harbour.LAST_EVENING - done[-1] < timedelta(hours=1)
        made = {one["metadata"]["createdAt"] for one in task["answer"]["tools"]}
        assert all(datetime.fromisoformat(one) <= harbour.LAST_EVENING for one in made)
    assert [row[:2] for row in kept_rows(store) if len(row) == 3] == order
    again = kept_rows(store)
    with store.work() as tx:
        date_by_hand(tx)
    assert kept_rows(store) == again, "once is enough"


def test_a_start_over_brings_them_back_as_they_were(world):
    settings, store, hub = world
    assert read_demo(settings, store, hub.url) is None
    keep_copy(settings, hub.url)
    keep_by_hand(settings, store)
    _, before = labelled(hub)
    rows = kept_rows(store)
    sdk = hub.sdk()
    ids = [one["_id"] for one in before]
    sdk.requeue_tasks(demo.PROJECT_ID, "Label", {"taskIds": ids[:5]}, {"removeAnnotations": True})
    sdk.delete_assets(demo.PROJECT_ID, [before[-1]["asset"]["_id"]])
    assert kept_rows(store) != rows
    start_over(settings, store, hub.url)
    _, after = labelled(hub)
    assert after == before[:-1], "an image that was deleted has no file, and stays away"
    gone = ids[-1]
    assert kept_rows(store) == [row for row in rows if gone not in row]
    assert all(batch["name"] for batch in labelled(hub)[0]["batches"][-2:])
    (settings.data / FOLDER / BY_HAND).unlink()
    start_over(settings, store, hub.url)
    assert labelled(hub)[1] == after, "without the file they stay as they are"


def kept_rows(store):
    with store.read() as tx:
        inside = sa.select(tasks.c.id).where(tasks.c.stage == "Complete")
        queries = (
            sa.select(history.c.task, history.c.number, history.c.entry).where(
                history.c.task.in_(inside)
            ),
            sa.select(passes.c.task, passes.c.stage, passes.c.output, passes.c.entries),
        )
        return [
            tuple(row)
            for query in queries
            for row in tx.execute(query.order_by(*query.selected_columns))
        ]
