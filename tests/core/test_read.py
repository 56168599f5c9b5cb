"""Every form in which tasks are read gives the same table, however the bytes are cut."""

import dataclasses
import io
import json
import math
import zipfile
from hashlib import md5
from pathlib import Path
from unittest.mock import patch

import pyarrow.parquet as pq
import pytest
from conftest import DATA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.export import json_stream
from core.export import reader as reading
from core.export.builder import TableBuilder
from core.export.reader import read_path, read_stream
from core.export.schema import ExportItem, decode_item
from core.tasks.parquet import write_parquet
from core.tasks.table import UNKNOWN_TIME

TRAP = '}, {"asset": "x", "task": {"taskId": "no"}}, [{"asset"'


def asset(number, **changes):
    task = {
        "taskId": f"t{number}",
        "stage": "Label",
        "stageId": "stage-1",
        "totalDuration": 1000 + number,
        "tools": [
            {
                "schemaId": "car",
                "title": 'Car "big" \\ }',
                "classifications": [
                    {"schemaId": "color", "answer": "red", "classifications": None},
                    {"schemaId": "doors", "answer": None},
                ],
            },
            {"schemaId": "bus", "title": "Bus"},
        ],
        "classifications": [{"schemaId": "weather", "title": "Wetter ☂", "answer": ["", "rain"]}],
        "stageHistory": [
            {
                "stage": "Label",
                "stageId": "stage-1",
                "duration": 500,
                "completedAt": "2026-09-01T08:00:00.250Z",
                "completedBy": "Ada@example.com",
            },
            {"stage": "Review", "duration": None, "reviewStatus": "Accepted"},
        ],
    }
    return {
        "asset": f"https://example.com/{number}.jpg",
        "externalId": f"{number}.jpg",
        "batches": ["north", None, "north"],
        "metadata": {"note": TRAP},
        "task": task | changes,
    }


def hub_task(number):
    return {
        "_id": f"h{number}",
        "project": "p",
        "asset": {"_id": f"a{number}", "externalId": f"{number}.jpg"},
        "stage": "stage-1",
        "batches": [{"_id": "b1", "name": "north"}, {"_id": "b2", "name": "south"}],
        "duration": 70,
    }


ASSETS = [asset(number) for number in range(5)]
HUB_TASKS = [hub_task(number) for number in range(5)]


def read(data, name="export.json"):
    return read_stream(io.BytesIO(data.encode() if isinstance(data, str) else data), name)


def zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def plain(value):
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if hasattr(value, "to_pylist"):
        return value.to_pylist()
    return (str(value.dtype), repr(value.tolist())) if hasattr(value, "tolist") else value


def cut_into(size):
    """Reads pieces of so many bytes, the very first of the file included."""
    return patch.multiple(json_stream, PIECE_BYTES=size), patch.multiple(reading, HEAD_BYTES=size)


def read_cut(data, size, name="export.json"):
    of_pieces, of_head = cut_into(size)
    with of_pieces, of_head:
        return read(data, name)


COMPACT = json.dumps(ASSETS, separators=(",", ":"))
LINES = "\n".join(json.dumps(one) for one in ASSETS)
EXPECTED = plain(read(COMPACT))
FORMS = {
    "compact": (COMPACT, "export.json"),
    "with blanks": (json.dumps(ASSETS), "export.json"),
    "indented": (json.dumps(ASSETS, indent=4), "export.json"),
    "indented by tabs": (json.dumps(ASSETS, indent="\t").replace("\n", "\r\n"), "export.json"),
    "escaped or not": (json.dumps(ASSETS, ensure_ascii=False), "export.json"),
    "one item per line in an array": (
        "[\n" + ",\n".join(map(json.dumps, ASSETS)) + "\n]\n",
        "export.json",
    ),
    "blanks around": (" \r\n\t" + COMPACT + "\n\n  ", "export.json"),
    "byte order mark": ("\ufeff" + COMPACT, "export.json"),
    "lines": (LINES, "export.ndjson"),
    "lines with another ending": (LINES + "\n", "export.json"),
    "lines that end in CRLF": (LINES.replace("\n", "\r\n") + "\r\n", "export.jsonl"),
    "blank lines": ("\n \n" + LINES.replace("\n", "\r\n\r\n  \n"), "export.ndjson"),
    "lines behind a byte order mark": ("\ufeff" + LINES, "export.ndjson"),
    "wrong ending": (COMPACT, "export.ndjson"),
    "zip": (zipped({"export.json": COMPACT}), "export.zip"),
    "zip of lines": (zipped({"data/export.ndjson": LINES}), "export.zip"),
    "zip with other files": (
        zipped({"read.me": "x", "__MACOSX/._a.json": b"\0\5", "export.json": COMPACT}),
        "download",
    ),
    "zip of several arrays": (
        zipped({"1.json": json.dumps(ASSETS[:2]), "2.JSON": json.dumps(ASSETS[2:])}),
        "export.zip",
    ),
    "zip of one file per asset": (
        zipped({f"{n}.json": json.dumps(one, indent=n) for n, one in enumerate(ASSETS)}),
        "export.zip",
    ),
    "zip of arrays, lines and single assets": (
        zipped(
            {
                "a.json": json.dumps(ASSETS[:2]),
                "b.ndjson": LINES.split("\n")[2],
                "c.json": json.dumps(ASSETS[3]),
                "d.json": "\ufeff" + json.dumps(ASSETS[4:]),
            }
        ),
        "export.zip",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_an_export_gives_the_same_table(form):
    data, name = FORMS[form]
    table = read(data, name)
    assert plain(table) == EXPECTED
    assert table.ids.to_pylist() == ["t0", "t1", "t2", "t3", "t4"]


@pytest.mark.parametrize("size", [16, 50, 333, 1024, 4096])
@pytest.mark.parametrize("form", FORMS)
def test_pieces_smaller_than_an_item_give_the_same_table(form, size):
    data, name = FORMS[form]
    assert plain(read_cut(data, size, name)) == EXPECTED


def test_all_that_an_export_says_is_in_the_table():
    table = read(COMPACT)
    assert table.external_ids.to_pylist()[1] == "1.jpg"
    assert table.hashes[1] == int.from_bytes(md5(b"t1").digest()[:8], "big")
    assert table.stages == (("stage-1", "Label"), ("", "Review"))
    assert table.people == ("Ada@example.com",)
    assert table.schema_ids == ("car", "color", "bus", "weather")
    assert table.schema_titles == ('Car "big" \\ }', "", "Bus", "Wetter ☂")
    assert [table.schema_ids[code] for code in sorted(table.classes.of(2))] == [
        "car",
        "bus",
        "weather",
    ]
    assert [table.schema_ids[code] for code in table.nested.of(2)] == ["color"]
    assert [table.batch_names[code] for code in table.batches.of(2)] == ["north"]
    assert table.total.tolist() == [1000, 1001, 1002, 1003, 1004]
    assert table.history.duration[:1].tolist() == [500]
    assert math.isnan(table.history.duration[1])
    assert table.history.at[:2].tolist() == [1788249600250, UNKNOWN_TIME]
    assert [table.review_words[code] for code in table.history.review[:2]] == ["", "Accepted"]
    assert table.answered.all()
    assert table.notes == ()


def response(tasks, **around):
    return {"status": "success", "data": {"total": len(tasks), "tasks": tasks, **around}}


HUB_FORMS = {
    "list": json.dumps(HUB_TASKS),
    "lines": "\n".join(map(json.dumps, HUB_TASKS)),
    "response": json.dumps(response(HUB_TASKS)),
    "indented response": json.dumps(response(HUB_TASKS), indent=2),
    "response with more behind": json.dumps(response(HUB_TASKS, page=[{"_id": "x"}])),
    "response with much before": json.dumps(
        {"data": {"filter": {"tasks": [1], "x": ["y" * 70_000]}, "tasks": HUB_TASKS}}
    ),
}


@pytest.mark.parametrize("size", [16, 200, 4096, 2**22])
@pytest.mark.parametrize("form", HUB_FORMS)
def test_hub_tasks_are_read_from_a_list_and_from_a_response(form, size):
    table = read_cut(HUB_FORMS[form], size, "tasks.json")
    assert table.ids.to_pylist() == ["h0", "h1", "h2", "h3", "h4"]
    assert table.external_ids.to_pylist() == [f"{n}.jpg" for n in range(5)]
    assert table.total.tolist() == [70] * 5
    assert table.batch_names == ("b1", "b2")
    assert not table.answered.any()
    assert table.counts.skipped == 0
    assert table.notes == ()


@pytest.mark.parametrize("indent", [None, 1, 8])
def test_a_single_object_is_one_item(indent):
    assert read(json.dumps(ASSETS[3], indent=indent)).ids.to_pylist() == ["t3"]
    assert read(json.dumps(hub_task(3), indent=indent) + "\n").ids.to_pylist() == ["h3"]
    old = {"asset": "a", "tasks": [{"taskId": "1"}, None, {"taskId": "2"}]}
    assert read(json.dumps(old, indent=indent)).ids.to_pylist() == ["1", "2"]


def test_a_hub_task_with_its_answer_has_classes():
    answer = {"tools": [{"schemaId": "car"}], "classifications": [], "relations": []}
    table = read(json.dumps([hub_task(0) | {"answer": answer}, hub_task(1)]))
    assert table.answered.tolist() == [True, False]
    assert table.schema_ids == ("car",)
    assert [table.classes.of(row) for row in (0, 1)] == [[0], []]


def test_old_forms_and_assets_without_a_task():
    items = [
        {"asset": "a", "tasks": [{"taskId": "1", "objects": [{"schemaId": "car"}]}]},
        {"asset": "b", "tasks": []},
        {"asset": "c"},
        {"externalId": "d", "task": None},
        {"asset": "e", "batches": None, "task": {"taskId": 5, "stageHistory": None}},
        {"taskId": "6", "classifications": None, "stageHistory": []},
    ]
    table = read(json.dumps(items))
    assert table.ids.to_pylist() == ["1", "5", "6"]
    assert table.schema_ids == ("car",)
    assert (table.counts.no_task, table.counts.skipped) == (3, 0)
    assert table.notes == ()


def test_a_repeated_id_counts_once_and_the_first_stays():
    items = [asset(1), asset(2), asset(1, totalDuration=9), {"taskId": 7}, {"taskId": "7"}]
    table = read(json.dumps(items))
    assert table.ids.to_pylist() == ["t1", "t2", "7"]
    assert table.total.tolist()[0] == 1001
    assert (table.counts.skipped, table.counts.repeated) == (2, 2)


def test_an_empty_list_is_a_table_without_tasks():
    for text in ("[]", " [ ] \n", json.dumps(response([]))):
        table = read(text)
        assert len(table) == 0
        assert table.counts.skipped == 0


def test_first_keys_may_change_from_item_to_item():
    def turned(item, turn):
        keys = list(item)
        return {key: item[key] for key in keys[turn:] + keys[:turn]}

    items = [turned(one, number) for number, one in enumerate(ASSETS)]
    for size in (16, 100, 700, 4096):
        for text in (json.dumps(items), json.dumps(items, indent=1)):
            assert plain(read_cut(text, size)) == EXPECTED


def test_texts_with_brackets_quotes_and_escapes_are_no_structure():
    odd = [
        '}, {"asset"',
        '"}, {"',
        "\\",
        '\\"',
        "[{",
        "}]",
        "\n\t\u2028",
        "\0",
        "é ☃ 😀",
        "NaN",
        '"',
    ]
    items = [{"asset": text, "externalId": text, "task": {"taskId": text + "!"}} for text in odd]
    for ascii_only in (True, False):
        for size in (16, 31, 64, 4096):
            table = read_cut(json.dumps(items, ensure_ascii=ascii_only), size)
            assert table.ids.to_pylist() == [text + "!" for text in odd]
            assert table.external_ids.to_pylist() == odd


def test_an_item_larger_than_many_pieces_is_read():
    tools = [{"schemaId": f"s{number}", "points": [[1, 2], [3, 4]]} for number in range(500)]
    items = [asset(0), asset(1, tools=tools), asset(2)]
    table = read_cut(json.dumps(items), 64)
    assert table.ids.to_pylist() == ["t0", "t1", "t2"]
    assert len(table.classes.of(1)) == 501


@pytest.mark.parametrize("form", ["compact", "lines", "zip", "zip of several arrays"])
def test_progress_rises_to_the_size_of_the_file(form):
    data, name = FORMS[form]
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    seen = []
    of_pieces, of_head = cut_into(1000)
    with of_pieces, of_head:
        read_stream(stream, name, lambda done, total: seen.append((done, total)))
    assert len(seen) > 3
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    done, total = seen[-1]
    assert 0 <= total - done < 16
    assert abs(total - len(COMPACT)) < 600


# ---- the saved table ------------------------------------------------------------------------


def odd_table():
    items = [
        *ASSETS,
        *HUB_TASKS,
        asset(1),
        {"asset": "no task"},
        {"externalId": None, "task": {"taskId": "bare", "stageHistory": [None, {"stage": "Gone"}]}},
        {"asset": {"externalId": "Ü"}, "task": {"taskId": "任务", "assignee": " Bela@X.com "}},
        17,
        asset(8, totalDuration="soon"),
    ]
    return read(json.dumps(items))


def test_a_saved_table_comes_back_in_every_column(tmp_path):
    for table in (odd_table(), read("[]"), read(json.dumps([{"taskId": "x"}]))):
        path = tmp_path / "table.parquet"
        write_parquet(table, path)
        again = read_path(path)
        assert plain(again) == plain(table)
        assert again.fingerprint == table.fingerprint
    assert [found.name for found in tmp_path.iterdir()] == ["table.parquet"]


def test_the_sample_export_comes_back_too(tmp_path, sample_table):
    path = tmp_path / "sample.parquet"
    write_parquet(sample_table, path)
    assert plain(read_path(path)) == plain(sample_table)
    assert plain(read_path(DATA / "export.zip")) == plain(sample_table)


def test_a_saved_table_in_many_row_groups_is_the_same(tmp_path, sample_table):
    path, split = tmp_path / "sample.parquet", tmp_path / "split.parquet"
    write_parquet(sample_table, path)
    pq.write_table(pq.read_table(path), split, row_group_size=37)
    assert plain(read_path(split)) == plain(sample_table)


def test_a_saved_table_can_be_read_as_plain_columns(tmp_path):
    path = tmp_path / "table.parquet"
    write_parquet(odd_table(), path)
    row = pq.read_table(path).to_pylist()[1]
    assert row["task_id"] == "t1"
    assert row["stage"] == "Label"
    assert row["schema_ids"] == ["car", "bus", "weather"]
    assert row["batches"] == ["north"]
    assert row["history"][0]["completed_by"] == "Ada@example.com"
    assert row["last_at"].isoformat() == "2026-09-01T08:00:00.250000+00:00"


def test_a_write_that_fails_leaves_the_table_that_was_there(tmp_path):
    path = tmp_path / "table.parquet"
    write_parquet(read(COMPACT), path)

    def no_space(_, place, **__):
        Path(place).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with patch.object(pq, "write_table", no_space), pytest.raises(OSError, match="No space"):
        write_parquet(read("[]"), path)
    assert plain(read_path(path)) == EXPECTED
    assert [found.name for found in tmp_path.iterdir()] == ["table.parquet"]


# ---- any items, any cut ---------------------------------------------------------------------

texts = st.sampled_from(["", TRAP, "}, {", '"', "\\", '{"asset"', "]", "[{", "é"]) | st.text(
    max_size=6
)
keys = st.sampled_from(
    ["asset", "externalId", "batches", "task", "tasks", "taskId", "_id", "tools", "stage", "x", "}"]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(keys, inside, max_size=4),
    max_leaves=12,
)
likely_items = st.builds(
    lambda number, extra: {**extra, "asset": "a", "task": {"taskId": f"t{number}"}},
    st.integers(0, 5),
    st.dictionaries(keys, values, max_size=2),
)
objects = likely_items | st.dictionaries(keys, values, max_size=5)


def one_after_the_other(items):
    """The table without any cutting: every item decoded by itself."""
    builder = TableBuilder()
    for number, item in enumerate(items, start=1):
        found = decode_item(json.dumps(item).encode(), number)
        where = f"item {number}"
        if not isinstance(found, ExportItem):
            builder.skip(where, found.reason)
            continue
        for clause in found.odd:
            builder.mended(where, clause)
        builder.add(found.item, where)
    table = builder.finish()
    lost = not len(table) and not table.counts.no_task and table.counts.skipped
    return "no task" if lost else plain(table)


def outcome(data, size, name):
    try:
        return plain(read_cut(data, size, name))
    except InputError as error:
        assert "holds no task" in str(error)
        return "no task"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(objects, max_size=12),
    st.integers(16, 4096) | st.integers(16, 64),
    st.sampled_from([None, 0, 1, 4, "\t"]),
    st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", " : "), (",\r\n", ":\t")]),
    st.booleans(),
)
def test_any_list_of_objects_cut_anywhere_gives_the_table_of_its_items(
    items, size, indent, separators, ascii_only
):
    text = json.dumps(items, indent=indent, separators=separators, ensure_ascii=ascii_only)
    assert outcome(text.encode(), size, "any.json") == one_after_the_other(items)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(objects, min_size=1, max_size=12),
    st.integers(16, 4096),
    st.sampled_from(["\n", "\r\n", "\n\n \r\n"]),
)
def test_any_lines_cut_anywhere_give_the_table_of_their_items(items, size, between):
    text = between.join(map(json.dumps, items))
    assert outcome(text.encode(), size, "any.ndjson") == one_after_the_other(items)
