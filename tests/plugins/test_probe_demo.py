"""The demo's own plugin: its scores are kept wherever its labels go, and it can be probed."""

import pytest
from harbour_helpers import EXACT, Harbour, drawn
from imerit_ango.models.export_options import ExportOptions

from core.demo import shapes
from core.plugin_runs.probe import probe_request


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    made = Harbour(tmp_path_factory.mktemp("probed"))
    yield made
    made.end()


def labels_of(kept):
    return {(one.task, label["schemaId"], label["score"], str({k: v for k, v in label.items()
             if "box" in k})) for one in kept for label in one.added["tools"]}  # fmt: skip


def test_a_probe_of_the_demo_sees_kites_that_no_class_is_for(harbour):
    request = probe_request(harbour.plugin, harbour.project, (harbour.batch,))
    run = harbour.runs.start(request)
    run = harbour.until(lambda: (r := harbour.runs.get(run.session)).is_final and r)
    assert run.state == "succeeded" and run.assets == 36 and not run.refused
    shown = drawn(least=40, left_out=())
    wanted = {name: sum(one.name == name for one in shown) for name in shapes.CLASSES}
    assert run.per_class == wanted and wanted["kite"]
    names = {pair.schema_id: pair.model_class for pair in run.request.mapping}
    kept = harbour.labels.probed(run.session)
    tools = {(names[label["schemaId"]], *(label.keys() & {"bounding-box", "rotated-bounding-box"}))
             for one in kept for label in one.added["tools"]}  # fmt: skip
    assert ("ferry", "rotated-bounding-box") in tools and ("buoy", "bounding-box") in tools
    assert harbour.labels.kept(run.session) == ()
    assert all(label["score"] for one in kept for label in one.added["tools"])


def test_scores_are_kept_in_dry_runs_and_where_they_are_applied(harbour):
    first, second = (harbour.run(True, shapes.CONFIG) for _ in range(2))
    exact = harbour.run(True, EXACT)
    kept = [labels_of(harbour.labels.kept(run.session)) for run in (first, second, exact)]
    assert kept[0] == kept[1] != kept[2], "the same images, the same mistakes"
    assert all(0.2 <= label[2] < 1 for label in kept[0])
    harbour.labels.apply(first.session)
    tasks = harbour.hub.sdk().get_tasks(harbour.project_id, limit=100, include_answer=True)
    tools = [label for task in tasks["data"]["tasks"] for label in task["answer"]["tools"]]
    assert sorted(one["score"] for one in tools) == sorted(
        label["score"] for one in harbour.labels.kept(first.session) for label in one.added["tools"]
    )
    exported = harbour.hub.sdk().export(harbour.project_id, ExportOptions(stage=["Label"]))
    assert str(exported).count("'score'") == len(tools) > 50
