"""Labels that came through the hub have every key of an export, and lose none of their own."""

import json

import pytest
from hub_helpers import make_stages
from hypothesis import given
from hypothesis import strategies as st
from imerit_ango.models.annotate import AnnotationPayload, Answer
from imerit_ango.models.export_options import ExportOptions
from imerit_ango.plugins import ExportPlugin

from core.ango_json.project import read_schema
from core.errors import InputError
from core.hub.classes import Keeping, Known, Made, as_import
from core.hub.projects.label_imports import annotate, plan
from core.plugin_runs.label_changes import KINDS, no_labels
from core.settings import read_settings
from core.store.run_notes import Addressed

INNER = {"tool": "text", "title": "Plate", "schemaId": "plate", "columnField": True}
DEEPER = {"tool": "radio", "title": "Clean?", "schemaId": "clean", "classifications": [INNER]}
SCHEMA = {
    "tools": [
        {"tool": "bounding-box", "title": "Car", "schemaId": "car", "classifications": [DEEPER]},
        {"tool": "polygon", "title": "Road", "schemaId": "road"},
        {"tool": "of tomorrow", "title": "Odd", "schemaId": "odd"},
    ],
    "classifications": [
        {"tool": "radio", "title": "Sun?", "schemaId": "sun", "classifications": [DEEPER]}
    ],
    "relations": [{"tool": "one-to-one", "title": "Tows", "schemaId": "tows"}],
}
MADE = Made("2026-09-01T08:00:00.000Z", "ada@example.com", "Label")
BOX = {"x": 1, "y": 2, "width": 3, "height": 4}
NESTED = {"schemaId": "clean", "answer": "no", "classifications": [{"title": "Plate"}]}


def known(**keeping):
    return Known(read_schema(SCHEMA), Keeping(**keeping))


def read_as_plugins_do(answer):
    """Every key by its name, as public export plugins read them: one that lacks is a KeyError."""
    seen = 0
    for one in answer["tools"]:
        about = one["metadata"]
        seen += len([one["objectId"], one["schemaId"], one["title"]])
        assert about["createdAt"] and about["createdBy"] and about["createdIn"] == "Label"
        seen += read_classifications(one["classifications"])
    seen += read_classifications(answer["classifications"])
    for one in answer["relations"]:
        seen += len([one["objectId"], one["schemaId"], one["title"]])
    return seen


def read_classifications(listed):
    seen = 0
    for one in listed:
        names = ("schemaId", "tool", "title", "columnField", "answer")
        seen += len([one[name] for name in names])
        seen += read_classifications(one["classifications"])
    return seen


@pytest.fixture(scope="module")
def sdk(hub):
    return hub.sdk()


@pytest.fixture
def project(sdk):
    made = sdk.create_project("Whole")["data"]["project"]["_id"]
    sdk.create_label_set(made, raw_category_schema=SCHEMA)
    sdk.update_workflow_stages(made, make_stages())
    sdk.upload_files_cloud(
        made, [{"data": f"https://x.example/{n}", "externalId": n} for n in "ab"]
    )
    return made


def objects():
    return [{"schemaId": "car", "bounding-box": BOX, "classifications": [NESTED]}]


def classifications():
    return [{"schemaId": "sun", "answer": ["yes"], "classifications": [NESTED]}]


def relations():
    return [{"schemaId": "tows", "from": "o1", "to": "o2", "mine": {"kept": [1.5]}}]


def test_every_way_in_and_out(sdk, hub, project):
    item = {"externalId": "a", "objects": objects(), "classifications": classifications()}
    sdk.import_labels(project, [item | {"relations": relations()}])
    tasks = sdk.get_tasks(project, include_answer=True)["data"]["tasks"]
    payload = AnnotationPayload(Answer(objects(), classifications(), relations()))
    sdk.annotate_task(tasks[1]["_id"], payload)
    tasks = sdk.get_tasks(project, include_answer=True)["data"]["tasks"]
    whole = 3 + 2 * 5 + 3 * 5 + 3
    assert [read_as_plugins_do(task["answer"]) for task in tasks] == [whole, whole]
    for task in tasks:
        assert task["answer"]["relations"][0]["mine"] == {"kept": [1.5]}
        assert task["answer"]["classifications"][0]["classifications"][0]["tool"] == "radio"
        plate = task["answer"]["tools"][0]["classifications"][0]["classifications"][0]
        assert plate["columnField"] is True and plate["schemaId"] == "plate"
        assert sdk.get_task(task["_id"])["data"]["task"]["answer"] == task["answer"]
        sdk.annotate_task(task["_id"], AnnotationPayload(Answer()), send_to_next_stage=True)
        (*_, entry) = sdk.get_task_history(task_id=task["_id"])["data"]["taskHistory"]
        assert entry["answer"] == task["answer"]  # what the SDK sends back is not made anew
    exported = sdk.export(project, ExportOptions(stage=["Review"]))
    for item in exported:
        assert read_as_plugins_do(item["task"]) == whole
        assert read_as_plugins_do(item["task"]["stageHistory"][-1]) == whole


def test_the_sdks_export_plugin_reads_them(sdk, hub, project, monkeypatch):
    sdk.import_labels(project, [{"externalId": "a", "objects": objects()}])
    read = []
    monkeypatch.setattr(ExportPlugin, "__init__", lambda self: None)
    plugin = ExportPlugin()
    plugin.host, plugin._get_logger = hub.url, lambda data: None
    monkeypatch.setattr("imerit_ango.plugins.BasePlugin._get_logger", lambda self, data: None)

    def callback(data, _):
        read.extend(read_as_plugins_do(item["task"]) for item in data["jsonExport"])
        raise StopIteration  # the file that would be uploaded is not the matter here

    plugin._callback = callback
    with pytest.raises(StopIteration):
        plugin.on_plugin({"projectId": project, "apiKey": hub.key, "stage": ["Label"]})
    assert sorted(read) == [0, 3 + 2 * 5]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
NAMES = ["schemaId", "title", "tool", "answer", "classifications", "metadata", "objectId", "page"]
LABEL = st.dictionaries(st.sampled_from(NAMES) | st.text(), VALUES, max_size=6).flatmap(
    lambda label: st.sampled_from(["car", "sun", "tows", "none", None]).map(
        lambda named: label if named is None else {**label, "schemaId": named}
    )
)


@given(label=LABEL, kind=st.sampled_from(KINDS))
def test_completing_loses_nothing_and_is_done_once(label, kind):
    classes = known(unknown=True)
    named, _ = classes.judged(kind, label)
    whole = classes.whole(kind, named, MADE, lambda: "made")
    for name, value in named.items():
        if value is not None and name not in ("schemaId", "title", "classifications", "metadata"):
            assert whole[name] == value or (name == "objectId" and not value)
    if isinstance(label.get("metadata"), dict) and kind == "tools":
        assert label["metadata"].items() <= whole["metadata"].items()
    assert classes.whole(kind, whole, MADE, lambda: "again") == whole
    assert json.loads(json.dumps(whole)) == whole
    wanted = {"tools": {"objectId", "metadata", "classifications"}, "relations": {"objectId"}}
    more = {"tool", "columnField", "answer", "classifications"}
    assert {"schemaId", "title", *wanted.get(kind, more)} <= set(whole)


def test_what_goes_to_ango_hub_is_an_import_again():
    label = objects()[0] | {"objectId": "o", "title": "Car"}
    sent = as_import("tools", known().whole("tools", label, MADE, str))
    assert "metadata" not in sent and set(sent["classifications"][0]) == {
        "schemaId", "title", "answer", "classifications"
    }  # fmt: skip
    own = known().whole("tools", label | {"metadata": {"score": 0.5}}, MADE, str)
    assert as_import("tools", own)["metadata"]["score"] == 0.5


MISFITS = [
    ("unknown", "tools", {"schemaId": "bus", "bounding-box": BOX}, "no class bus"),
    ("unknown", "classifications", {"schemaId": "moon", "answer": "x"}, "no class moon"),
    ("odd", "tools", {"schemaId": "car"}, "no bounding-box"),
    ("odd", "tools", {"schemaId": "car", "bounding-box": None}, "no bounding-box"),
    ("odd", "tools", {"schemaId": "car", "bounding-box": BOX | {"x": "1"}}, "no bounding-box"),
    ("odd", "tools", {"schemaId": "car", "polygon": [[1, 2]]}, "A polygon is no bounding-box"),
    ("odd", "tools", {"title": "Road", "polygon": [[1]]}, "no polygon"),
    ("odd", "classifications", {"schemaId": "sun"}, "has no answer"),
]


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize(("which", "kind", "label", "why"), MISFITS)
def test_what_does_not_fit_is_counted_whether_kept_or_not(which, kind, label, why, keep):
    classes = known(**{which: keep})
    about = Addressed("t", "a", "a", None, "Label")
    name = {"tools": "objects"}.get(kind, kind)
    imported = plan(classes, lambda item: [about], [{"externalId": "a", name: [label]}], MADE)
    annotated, misfits = annotate(classes, no_labels(), {**no_labels(), kind: [label]}, MADE)
    assert (imported.labelled, imported.requested) == (int(keep), 1)
    assert len(annotated[kind]) == int(keep)
    for found in (imported.misfits, misfits):
        counted = found.doubtful if keep else found.refused
        ((reason, count),) = counted.items()
        assert why in reason and count == 1 and not (found.refused if keep else found.doubtful)
        assert why in found.lines()[0] and ("Kept all the same" in found.lines()[0]) == keep
    back, misfits = annotate(classes, {kind: [label]}, {**no_labels(), kind: [label]}, MADE)
    assert back[kind] == [label] and misfits.lines() == []  # it stood there before


def test_a_shape_that_nobody_knows_is_not_judged():
    assert known(odd=False).judged("tools", {"schemaId": "odd", "mask": 1})[1] == ""
    assert known(odd=False).judged("tools", {"schemaId": "car", "bounding-box": BOX})[1] == ""


@pytest.mark.parametrize("name", ["SWITCHYARD_UNKNOWN_LABELS", "SWITCHYARD_ODD_LABELS"])
def test_the_settings(name):
    fields = ("keep_unknown_labels", "keep_odd_labels")
    kept = {word: read_settings({name: word}) for word in ("keep", "refuse", "")}
    assert [getattr(kept[""], field) for field in fields] == [False, True]
    field = fields[name == "SWITCHYARD_ODD_LABELS"]
    assert getattr(kept["keep"], field) and not getattr(kept["refuse"], field)
    with pytest.raises(InputError, match="expected refuse or keep"):
        read_settings({name: "perhaps"})


def test_annotating_an_unknown_class_is_said_in_the_log(sdk, hub, project):
    (task, _) = sdk.get_tasks(project)["data"]["tasks"]
    sdk.annotate_task(
        task["_id"], AnnotationPayload(Answer([{"schemaId": "bus", "bounding-box": BOX}]))
    )
    sdk.import_labels(project, [{"externalId": "b", "objects": [{"schemaId": "car"}]}])
    assert sdk.get_task(task["_id"])["data"]["task"]["answer"]["tools"] == []
    said = [line["message"] for line in hub.logs()]
    assert any("no class bus" in line for line in said)
    assert any("no bounding-box" in line and "Kept all the same" in line for line in said)
