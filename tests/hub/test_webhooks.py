"""Webhook stages: posted on this machine, signed, never waited for, and never anywhere else."""

import hmac
import json
import threading
import time
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hub_helpers import make_stages
from imerit_ango.models.annotate import AnnotationPayload, Answer


class Receiver:
    """Takes posts on this machine; `status` answers, None does not answer at all."""

    def __enter__(self):
        world, self.posts, self.status = self, [], 200
        self.woken = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                world.posts.append((self.path, dict(self.headers), body))
                if world.status is None:
                    world.woken.wait(20)
                else:
                    self.send_response(world.status)
                    self.send_header("Location", "http://example.com/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        return self

    def __exit__(self, *_):
        self.woken.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def project_with(hub, **hook):
    """A project whose only task stands before a Webhook stage; gives the project and its task."""
    sdk = hub.sdk()
    project = sdk.create_project("Hooks")["data"]["project"]["_id"]
    first, label, review, last = make_stages()
    label["next"] = ["hook"]
    stage = {"id": "hook", "type": "Webhook", "name": "Hook", "next": ["Complete"], **hook}
    sdk.update_workflow_stages(project, [first, label, review, last, stage])
    sdk.create_batch(project, "night")
    sdk.upload_files_cloud(project, [{"data": "https://x.example/1", "batches": ["night"]}])
    return project, sdk.get_tasks(project)["data"]["tasks"][0]["_id"]


def submit(hub, task):
    """Submit; returns the stage behind, and the seconds that it took."""
    began = time.monotonic()
    answer = AnnotationPayload(Answer())
    hub.sdk().annotate_task(task, answer, overwrite=True, send_to_next_stage=True)
    took = time.monotonic() - began
    return hub.sdk().get_task(task)["data"]["task"]["stage"], took


def said(hub, project):
    return [line["message"] for line in hub.logs() if line["project"] == project]


def test_a_task_is_posted_as_an_export_would_say_it(hub, receiver, until):
    config = {"webhook": {"anyKey": f"{receiver.url}/in?x=1", "secretKey": "s3cret"}}
    project, task = project_with(hub, **config)
    assert submit(hub, task)[0] == "Complete"
    until(lambda: receiver.posts)
    ((path, headers, body),) = receiver.posts
    assert path == "/in?x=1" and headers["Content-Type"] == "application/json"
    assert headers["X-Hub-Signature"] == hmac.new(b"s3cret", body, sha1).hexdigest()
    item = json.loads(body)
    batch = hub.sdk().get_batches(project)[0]
    assert (item["batches"], item["batchNames"]) == ([batch["_id"]], ["night"])
    assert item["task"]["taskId"] == task and item["task"]["stageId"] == "hook"
    assert [e["stageId"] for e in item["task"]["stageHistory"]] == ["Start", "Label"]
    assert not any("s3cret" in line or "x=1" in line for line in said(hub, project))
    _, other = project_with(
        hub, url=receiver.url
    )  # posts are made in turn, so a second comes first
    submit(hub, other)
    until(lambda: len(receiver.posts) > 1)
    assert [json.loads(post[2])["task"]["taskId"] for post in receiver.posts] == [task, other]


def test_a_bearer_token_is_sent_as_such(hub, receiver, until):
    _, task = project_with(hub, url=receiver.url, bearerToken="t0ken")
    submit(hub, task)
    until(lambda: receiver.posts)
    headers = receiver.posts[0][1]
    assert headers["Authorization"] == "Bearer t0ken" and "X-Hub-Signature" not in headers


@pytest.mark.parametrize("status", [500, 302])
def test_a_receiver_that_refuses_costs_nothing_but_a_line(hub, receiver, until, status):
    receiver.status = status
    project, task = project_with(hub, url=receiver.url)
    assert submit(hub, task)[0] == "Complete"
    until(lambda: any(f"HTTP {status}" in line for line in said(hub, project)))
    assert len(receiver.posts) == 1


def test_a_receiver_that_is_not_there_costs_nothing_but_a_line(hub, until):
    project, task = project_with(hub, url="http://user:pass@127.0.0.1:9/in")
    assert submit(hub, task)[0] == "Complete"
    until(lambda: any("was not taken" in line for line in said(hub, project)))
    assert not any("pass" in line and "user" in line for line in said(hub, project))


def test_a_receiver_that_hangs_keeps_no_task_waiting(hub, receiver, until):
    receiver.status = None
    _, task = project_with(hub, url=receiver.url)
    stage, took = submit(hub, task)
    assert stage == "Complete" and took < 3
    until(lambda: receiver.posts)
    _, other = project_with(hub, url="http://127.0.0.1:9")
    assert submit(hub, other)[1] < 3


@pytest.mark.parametrize(
    "hook",
    [
        {"url": "https://hooks.example.com/in?key=1"},
        {"url": "http://127.0.0.1.example.com/"},
        {"url": "http://10.0.0.1/"},
        {"url": "ftp://127.0.0.1/"},
        {},
    ],
)
def test_nothing_leaves_this_machine_and_the_log_says_so(hub, hook):
    project, task = project_with(hub, **hook)
    assert submit(hub, task)[0] == "Complete"
    line = next(line for line in said(hub, project) if "Webhook Hook" in line)
    assert "1 task passed on, not posted" in line and "key=1" not in line


def test_a_kill_does_not_lose_a_post(make_hub, receiver, until):
    hub = make_hub(sample=False)
    receiver.status = None
    _, task = project_with(hub, url=receiver.url)
    submit(hub, task)
    until(lambda: receiver.posts)
    hub.end()
    receiver.status = 200
    hub.start()
    until(lambda: len(receiver.posts) == 2)
    assert receiver.posts[0][2] == receiver.posts[1][2]
