"""A backup made while hub, plugin and people write is one moment, and goes on elsewhere."""

import json
import stat
import threading
from itertools import count

import pytest
import requests
import sqlalchemy as sa
from conftest import DATA
from data_backup.conftest import run_on
from hub_helpers import PROJECT

from core.export.reader import read_path
from core.settings import read_settings
from core.store.hub import LogLine, open_hub
from core.store.hub_tasks import entries_of
from core.store.runs import Runs
from core.store.tables.hub import assets, logs, tasks
from core.store.tables.runs import runs
from core.store.workspaces import OpenedFiles

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


class People:
    """Submit task after task and remember what the hub has answered."""

    def __init__(self, hub, ids):
        self._hub, self._ids = hub, ids
        self.answered, self._stop = [], threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self):
        session = requests.Session()
        for number in count():
            if self._stop.is_set():
                return
            task = self._ids[number % len(self._ids)]
            body = {"answer": {"objects": []}, "duration": number + 1}
            answer = session.post(
                f"{self._hub.url}/v2/annotate/{task}", json=body, headers={"apikey": self._hub.key}
            )
            assert answer.status_code == 200, answer.text
            self.answered.append((task, number + 1))

    def stop(self):
        self._stop.set()
        self._thread.join(30)


def durations(store, ids):
    with store.read() as tx:
        rows = tx.execute(sa.select(tasks.c.id, tasks.c.duration).where(tasks.c.id.in_(ids)))
        return {row.id: row.duration for row in rows}


@pytest.mark.slow
@pytest.mark.parametrize("kind, to", [("postgresql", "same"), ("sqlite", "other")])
def test_what_was_committed_is_in_it_and_a_hub_goes_on_with_it(
    kind, to, at_work, tmp_path, make_database, until, let_go
):
    house = at_work(kind)
    plugin = house.plugin()
    ended = house.start(plugin, do="simple")
    until(lambda: house.runs.get(ended).is_final, 40)
    draft = house.drafts.create("w", "stage", "{}", "[]", "somebody")
    (house.folder / "hub-files").mkdir(exist_ok=True)
    (house.folder / "hub-files" / "a picture").write_bytes(b"\x89PNG" * 1_000)
    files = OpenedFiles(house.store, house.settings.tables)
    opened = files.add("export.zip", read_path(DATA / "export.zip"), None)
    with house.store.read() as tx:
        ids = tx.scalars(sa.select(tasks.c.id).where(tasks.c.project == PROJECT).limit(40)).all()

    first = durations(house.store, ids)
    people = People(house.hub, ids)
    flying = house.start(plugin, do="lines", count=40_000)
    waiting = house.start(plugin, do="simple")
    until(lambda: house.runs.get(flying).logs > 200, 40)
    until(lambda: len(people.answered) > len(ids))
    before, kept = len(people.answered), house.runs.get(flying).logs
    file = tmp_path / "backup"
    made = run_on(house.folder, "backup", "--out", file, database=house.database)
    after = len(people.answered)
    people.stop()
    assert made.returncode == 0, made.stderr
    assert house.runs.get(flying).logs > kept and after > before, "nobody wrote meanwhile"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and list(tmp_path.iterdir()) == [file]
    house.end()

    target, folder = (kind if to == "same" else OTHER[kind]), tmp_path / "elsewhere"
    database = make_database("postgresql") if target == "postgresql" else None
    restored = run_on(folder, "restore", "--in", file, database=database)
    assert restored.returncode == 0, restored.stderr
    about = json.loads(restored.stdout)
    assert about["files"] >= 4 and about["data"] == str(folder)

    settings = read_settings(
        {"SWITCHYARD_DATA": str(folder), "SWITCHYARD_DATABASE": database or ""}
    )
    store = open_hub(settings.database)
    there = durations(store, ids)
    submitted = dict(enumerate(ids * (after // len(ids) + 2), 1))

    def when(many):
        """The durations after so many calls, each of which adds its number."""
        sums = {task: first[task] or 0 for task in ids}
        for number in range(1, many + 1):
            sums[submitted[number]] += number
        return sums

    moments = [many for many in range(after + 2) if when(many) == there]
    assert moments, "it is of no one moment"
    assert before <= moments[0], "an accepted write is lost"
    with store.read() as tx:
        for row in tx.execute(sa.select(runs.c.session, runs.c.logs)).all():
            lines = sa.select(sa.func.count()).where(logs.c.session == row.session)
            assert tx.scalar(lines) == row.logs
        many = tx.scalar(sa.select(sa.func.count()).select_from(assets))
        assert set(entries_of(tx, ids)) == set(ids)
    flown = Runs(store).get(flying)
    assert flown.state == "running" and flown.logs >= kept
    store.close()

    again = at_work(target, folder, sample=False, database=database)
    assert [one["_id"] for one in again.hub.projects] == [PROJECT]
    assert again.hub.key == house.hub.key
    assert again.runs.get(flying).state == "interrupted"
    assert again.runs.get(ended).labelled == again.runs.get(ended).requested > 0
    assert again.drafts.get(draft.id).document == "[]"
    assert again.hub.sdk().get_assets(PROJECT, limit=1)["data"]["total"] == many
    kept_files = OpenedFiles(again.store, folder / "tables")
    assert len(kept_files.table(kept_files.get(opened.id).table_fingerprint)) == len(
        read_path(DATA / "export.zip")
    )
    assert (folder / "hub-files" / "a picture").read_bytes() == b"\x89PNG" * 1_000
    again.connect(plugin, again.registry.secret(plugin))  # made from the key that came along
    until(lambda: again.runs.get(waiting).is_final, 40)
    assert again.runs.get(waiting).state == "succeeded"
    # numbers go on behind those that came
    with again.store.read() as tx:
        newest = tx.scalar(sa.select(sa.func.max(logs.c.number)))
    again.store.say([LogLine("s", "INFO", "x")])
    assert again.store.log_lines("s")[0]["number"] > newest
