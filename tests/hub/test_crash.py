"""Writers and readers while the hub is killed: nothing acknowledged is lost or applied twice."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from hub_helpers import make_stages

WRITERS, READERS, TASKS = 20, 10, 300


@pytest.mark.slow
def test_a_kill_loses_nothing_acknowledged_and_applies_nothing_twice(make_hub, until):
    hub = make_hub(sample=False)
    sdk = hub.sdk()
    project = sdk.create_project("Crash")["data"]["project"]["_id"]
    tool = {"tool": "point", "title": "Car", "schemaId": "car"}
    sdk.create_label_set(project, raw_category_schema={"tools": [tool]})
    sdk.update_workflow_stages(project, make_stages())
    sdk.upload_files_cloud(
        project, [{"data": f"d{n}", "externalId": f"e{n}"} for n in range(TASKS)]
    )
    tasks = [
        (task["_id"], task["externalId"])
        for page in range(1, 4)
        for task in sdk.get_tasks(project, page=page, limit=100)["data"]["tasks"]
    ]
    labelled, submitted, tried, torn = set(), set(), set(), []
    work = iter(tasks)
    turn, stop, up = threading.Lock(), threading.Event(), threading.Event()
    up.set()
    headers = {"apikey": hub.key}

    def post(session, path, body):
        try:
            answer = session.post(hub.url + path, json=body, headers=headers, timeout=20)
        except requests.RequestException:
            up.wait(60)  # however long a start takes, no task is wasted on a hub that is gone
            return False  # never the same call again: it may have been carried out
        assert answer.status_code == 200, answer.text
        return True

    def write(_):
        session = requests.Session()
        while not stop.is_set():
            with turn:
                task, external = next(work, (None, None))
            if task is None:
                return
            label = {"schemaId": "car", "point": [1, 2]}  # no objectId: twice would show
            body = {
                "project": project,
                "jsonContent": [{"externalId": external, "objects": [label]}],
            }
            if post(session, "/v2/import/labels", body):
                labelled.add(task)
            tried.add(task)
            answer = {"answer": {"objects": [label]}, "duration": 5}
            if random.random() < 0.7 and post(
                session, f"/v2/annotate/{task}?nextStage=true", answer
            ):
                submitted.add(task)

    def read(_):
        session = requests.Session()
        while not stop.is_set():
            task = random.choice(tasks)[0]
            try:
                answer = session.get(f"{hub.url}/v2/task/{task}", headers=headers, timeout=20)
            except requests.RequestException:
                time.sleep(0.05)
                continue
            found = answer.json()["data"]["task"]
            if found["stage"] == "Review" and not found["answer"]["tools"]:
                torn.append(found)

    with ThreadPoolExecutor(WRITERS + READERS) as threads:
        writers = [threads.submit(write, n) for n in range(WRITERS)]
        readers = [threads.submit(read, n) for n in range(READERS)]
        try:
            for enough in (40, 100):
                until(lambda enough=enough: len(labelled) >= enough, 60)
                up.clear()
                hub.end()
                hub.start()
                up.set()
            for writer in writers:
                writer.result(60)
        finally:  # else the readers go on for ever
            stop.set()
        for reader in readers:
            reader.result(30)

    assert len(labelled) > 20 and len(submitted) > 20 and len(labelled) < TASKS, "no kill was felt"
    assert torn == []
    for task, _ in tasks:
        found = sdk.get_task(task)["data"]["task"]
        entries = sdk.get_task_history(task_id=task)["data"]["taskHistory"]
        passes = [entry["stageId"] for entry in entries]
        moved = found["stage"] == "Review"
        assert passes == (["Start", "Label"] if moved else ["Start"])
        assert found["totalDuration"] == 5 if moved else "totalDuration" not in found
        assert len(found["answer"]["tools"]) <= 1
        if task in submitted:
            assert moved
        if task in labelled:
            assert len(found["answer"]["tools"]) == 1
        if task not in tried:
            assert not moved


def test_two_writers_of_one_project_lose_no_batch(make_hub):
    hub = make_hub(sample=False)
    project = hub.sdk().create_project("Batches")["data"]["project"]["_id"]

    def add(number):
        hub.sdk().create_batches(project, [f"batch {number}"])

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(add, range(12)))
    assert len(hub.sdk().get_batches(project)) == 12
