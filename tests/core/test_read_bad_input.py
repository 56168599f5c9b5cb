"""Damaged and wrong input: one sentence says where and what, and everything else is kept."""

import bz2
import io
import json
import random
import struct
import zipfile
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import DATA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cli.main import main
from core.errors import InputError
from core.export import json_stream
from core.export import reader as reading
from core.export.reader import read_path, read_stream
from core.tasks.parquet import write_parquet

EXPORT_HINT = "Choose the .json, .ndjson or .zip of an Ango export, or a get_tasks response."


def asset(number, **changes):
    task = {
        "taskId": f"t{number}",
        "stage": "Label",
        "tools": [
            {"schemaId": "car", "title": "Car, [a] {b}", "classifications": []},
            {"schemaId": "bus", "title": 'A "bus" \\'},
        ],
        "stageHistory": [{"stage": "Label", "duration": 5, "completedBy": "ada@example.com"}],
    }
    start = {"asset": f"https://x/{number}.jpg", "batches": ["north"]}
    return start | {"externalId": f"{number}.jpg", "task": task | changes}


def hub_task(number):
    start = {"_id": f"t{number}", "project": "p", "asset": {"_id": f"a{number}"}, "stage": "Label"}
    answer = {"tools": [{"schemaId": "car"}], "classifications": []}
    return start | {"batches": [{"_id": "b"}, {"_id": "c"}], "answer": answer}


TEXTS = [json.dumps(asset(number)) for number in range(6)]
IDS = [f"t{number}" for number in range(6)]
WHOLE = f"[{', '.join(TEXTS)}]"
SIZES = pytest.mark.parametrize("size", [16, 300, 2**22])


def read(data, name="export.json", size=2**22):
    raw = data.encode() if isinstance(data, str) else data
    with (
        patch.object(json_stream, "PIECE_BYTES", size),
        patch.object(reading, "HEAD_BYTES", min(size, 2**16)),
    ):
        return read_stream(io.BytesIO(raw), name)


def refusal(data, name="export.json"):
    """The sentence; anything but an InputError is a defect."""
    with pytest.raises(InputError) as caught:
        read(data, name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def edited(number, old, new):
    """The export with one change in one item."""
    assert old in TEXTS[number]
    texts = list(TEXTS)
    texts[number] = texts[number].replace(old, new, 1)
    return f"[{', '.join(texts)}]"


def ids(table):
    return table.ids.to_pylist()


def zipped(members, kind=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


# ---- one damaged item among good ones -------------------------------------------------------

LOST = {
    "NaN": ('"duration": 5', '"duration": NaN', "expected a number or null, found NaN"),
    "Infinity": ('"duration": 5', '"duration": -Infinity', "or null, found -Infinity"),
    "NaN where nothing is read": ('"batches"', '"x": [NaN], "batches"', "or null, found NaN"),
    "a comma is missing": ('["north"],', '["north"]', "expected a comma or a closing bracket"),
    "a colon is missing": ('"task":', '"task"', 'expected a colon, found \'{"taskId": '),
    "a value is missing": ('["north"]', "", "expected a value, found ',"),
    "a name without quotes": ('"stage":', "stage:", "expected a name in double quotes"),
    "a text that is not closed": ('"Label"', '"Label', "expected a comma or a closing bracket"),
    "a text that is not opened": ('"Label"', 'Label"', "expected a value, found 'Label\","),
    "a last text that is not closed": ('com"}', "com}", "expected a closing quote"),
    "a brace is missing": ('com"}]', 'com"]', "expected a comma or a closing bracket, found ']"),
    "the last brace is missing": ("}]}}", "}]}", "expected a comma or a closing bracket"),
    "a bracket is missing": ('com"}]', 'com"}', "expected a comma or a closing bracket, found '}"),
    "an opening bracket is missing": (
        '["north"',
        '"north"',
        "expected a comma or a closing bracket",
    ),
    "a bracket too many": ('["north"]', '["north"]]', "expected a comma or a closing bracket"),
    "an opening brace too many": ('"stage"', '{"stage"', "expected a name in double quotes"),
    "a line break in a text": ("Label", "La\nbel", "expected no line break or control character"),
    "a zero byte in a text": ("Label", "La\0bel", "expected no line break or control character"),
    "a zero byte between": ('"batches"', '\0"batches"', "expected a name in double quotes"),
    "an escape that is none": ("Label", "La\\qbel", "expected valid JSON (invalid \\escape)"),
    "a number that is none": ('"duration": 5', '"duration": 05', "expected a comma or a closing"),
    "a comment": ('"batches"', '/* "x": { */ "batches"', "expected a name in double quotes"),
    "a damaged stretch": ('"stage": "Label", "to', '\0\x01"]}}{[\x02\\', "expected a name in"),
    "levels of lists": ('"batches"', f'"x": {"[" * 10_000}{"]" * 10_000}, "batches"', "inside"),
    "levels of objects": ("5", '{"a":' * 10_000 + "1" + "}" * 10_000, "found thousands of brack"),
    "no id": ('"taskId": "t2", ', "", "expected a task id (taskId), found null"),
    "a null id": ('"t2"', "null", "expected a task id (taskId), found null"),
    "an empty id": ('"t2"', '""', "expected a task id (taskId), found empty text"),
    "an id that is a list": ('"t2"', '["t2"]', "expected a task id (taskId), found a list"),
    "an id that is a fraction": ('"t2"', "2.5", "expected a task id (taskId), found a number"),
    "an id that is true": ('"t2"', "true", "expected a task id (taskId), found true or false"),
    "an id of 5,000 digits": ('"t2"', "9" * 5000, "expected a task id (taskId), found a number"),
}


@SIZES
@pytest.mark.parametrize("damage", LOST)
def test_a_damaged_item_is_named_and_counted_and_costs_no_neighbour(damage, size):
    old, new, reason = LOST[damage]
    table = read(edited(2, old, new), size=size)
    assert ids(table) == ["t0", "t1", "t3", "t4", "t5"]
    assert (table.counts.skipped, table.counts.odd) == (1, 0)
    (note,) = table.notes
    assert note.startswith("item 3: expected ")
    assert reason in note
    assert note.endswith("; it was skipped.")


@pytest.mark.parametrize("damage", LOST)
def test_damage_in_the_first_and_in_the_last_item_costs_no_neighbour(damage):
    old, new, _ = LOST[damage]
    for number in (0, 5):
        table = read(edited(number, old.replace("t2", f"t{number}"), new.replace("t2", "x")))
        assert ids(table) == [one for one in IDS if one != f"t{number}"]
        assert table.counts.skipped == 1


@pytest.mark.parametrize("damage", LOST)
def test_a_damaged_line_costs_no_other_line(damage):
    old, new, reason = LOST[damage]
    if "\n" in new:
        return
    texts = [*TEXTS[:2], TEXTS[2].replace(old, new, 1), *TEXTS[3:]]
    for name in ("export.ndjson", "export.json"):
        table = read("\n".join(texts), name)
        assert ids(table) == ["t0", "t1", "t3", "t4", "t5"]
        assert reason in table.notes[0]


def test_an_item_closed_too_early_costs_no_neighbour():
    table = read(edited(2, '["north"],', '["north"]},'))
    assert ids(table) == ["t0", "t1", "t3", "t4", "t5"]
    assert (table.counts.no_task, table.counts.skipped) == (1, 1)


def test_bytes_of_another_encoding_cost_their_item_only():
    raw = WHOLE.encode().replace(b'"t2"', '"t2é"'.encode("latin-1"))
    table = read(raw)
    assert ids(table) == ["t0", "t1", "t3", "t4", "t5"]
    byte = TEXTS[2].index("t2") + 3
    assert table.notes == (
        f"item 3: expected UTF-8 text, found 0xe9 (byte {byte} of it); it was skipped.",
    )


@pytest.mark.parametrize("half", ["\\ud83d", "\\uDE00", "\\ud83d\\ud83d\\ude00", "\\\\\\ud800 x"])
@SIZES
def test_half_a_character_is_replaced_and_the_item_kept(half, size):
    for old in ("Car", "https", "t2"):
        table = read(edited(2, old, old + half), size=size)
        assert len(table) == 6
        assert table.notes == ("item 3: half a character (a lone surrogate) was replaced.",)
        assert (table.counts.odd, table.counts.skipped) == (1, 0)
    kept = read(edited(2, "Car", "\\\\ud800 \\ud83d\\ude00"), size=size)
    assert kept.schema_titles[0] == "Car, [a] {b}"
    assert kept.notes == ()


@pytest.mark.parametrize("number", ["1" + "0" * 400, "9" * 5000, "1e400", "-1e400", "-3", "1e300"])
def test_a_number_out_of_range_is_taken_as_absent(number):
    table = read(edited(2, '"duration": 5', f'"duration": {number}'))
    assert ids(table) == IDS
    found = "negative" if number.startswith("-") else "too large"
    assert table.notes == (
        f"item 3: stageHistory.duration is {found}, expected milliseconds from 0 to 2^53; "
        "taken as absent.",
    )


def test_huge_numbers_where_nothing_is_read_cost_nothing():
    table = read(edited(2, '"batches"', f'"x": [{"9" * 6000}, 1e999], "batches"'))
    assert ids(table) == IDS
    assert table.notes == ()


def test_entries_that_are_no_objects_are_named_by_what_they_are():
    table = read(f'[1, "x", null, [{{}}], true, -2.5e3, {TEXTS[0]}, garbage, {{}}]')
    assert ids(table) == ["t0"]
    found = ["a number", "text", "null", "a list", "true or false", "a number"]
    expected = "expected an object with an asset and its task, found"
    assert table.notes[:6] == tuple(
        f"item {n}: {expected} {kind}; it was skipped." for n, kind in enumerate(found, start=1)
    )
    assert table.notes[6].startswith("item 8: expected a value, found 'garbage'")
    assert table.notes[7].startswith("item 9: expected an asset with its task, or a task with an")
    assert table.counts.skipped == 8


@SIZES
def test_a_comma_missing_between_items_costs_none(size):
    table = read(f"[{TEXTS[0]} {TEXTS[1]}, {TEXTS[2]},, {TEXTS[3]},]", size=size)
    assert ids(table) == IDS[:4]
    assert table.notes == ("item 1: expected a comma behind it.",)
    assert (table.counts.odd, table.counts.skipped) == (1, 0)


@SIZES
def test_several_damaged_items_in_a_row_are_counted_each(size):
    texts = [TEXTS[0], *(one.replace('"north"', '"north') for one in TEXTS[1:5]), TEXTS[5]]
    table = read(f"[{','.join(texts)}]", size=size)
    assert ids(table) == ["t0", "t5"]
    assert table.counts.skipped == 4
    assert [note.split(":")[0] for note in table.notes] == [f"item {n}" for n in (2, 3, 4, 5)]


@SIZES
@pytest.mark.parametrize("indent", [None, 2])
def test_a_damaged_hub_task_costs_no_neighbour(indent, size):
    tasks = [json.dumps(hub_task(number), indent=indent) for number in range(6)]
    for old, new in (('"p"', "NaN"), ('"Label"', '"Label'), ("]", ""), ("}", ""), ('"b"', "b}")):
        changed = [*tasks[:2], tasks[2].replace(old, new, 1), *tasks[3:]]
        for text in (
            f"[{', '.join(changed)}]",
            f'{{"status": "success", "data": {{"tasks": [{", ".join(changed)}], "total": 6}}}}',
        ):
            table = read(text, size=size)
            assert ids(table) == ["t0", "t1", "t3", "t4", "t5"]
            assert table.notes[0].startswith("item 3: expected ")
            assert table.counts.skipped == 1


def test_an_item_above_the_limit_is_skipped_and_the_next_found(monkeypatch):
    monkeypatch.setattr(json_stream, "MAX_ITEM_BYTES", 2**20)
    long = json.dumps(asset(1, relations=[{"from": "a" * 50, "to": n} for n in range(30_000)]))
    table = read(f"[{TEXTS[0]}, {long}, {TEXTS[2]}, {TEXTS[3]}]", size=4096)
    assert ids(table) == ["t0", "t2", "t3"]
    assert table.notes == ("item 2: expected an item of at most 1 MiB; it was skipped.",)
    lines = read("\n".join([TEXTS[0], long, TEXTS[2]]), "export.ndjson", size=4096)
    assert ids(lines) == ["t0", "t2"]
    assert lines.notes == ("item 2: expected a line of at most 1 MiB; it was skipped.",)


def test_only_the_first_sentences_are_kept_and_lost_items_have_a_place_among_them():
    odd = [asset(number, assignee=7) for number in range(100)]
    table = read(json.dumps([*odd, *[{"asset": "a", "task": {}}] * 100]))
    assert (table.counts.odd, table.counts.skipped) == (100, 100)
    assert len(table.notes) == 20
    assert table.notes[10] == "item 101: expected a task id (taskId), found null; it was skipped."


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 5),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 12),
    st.sampled_from([b"", *b'"{}[],:\\x', b"\0", b"\xff", b"NaN", b"]}", b'"}, {"']),
    st.sampled_from([None, 1]),
    st.sampled_from([64, 700, 2**22]),
)
def test_whatever_happens_to_the_inside_of_an_item_the_others_are_there(
    number, place, width, put, indent, size
):
    texts = [json.dumps(asset(n), indent=indent).encode() for n in range(6)]
    inside = bytes([put]) if isinstance(put, int) else put
    at = 1 + int(place * (len(texts[number]) - 1))
    texts[number] = texts[number][:at] + inside + texts[number][at + width :]
    table = read(b"[" + b", ".join(texts) + b"]", size=size)
    assert set(IDS) - {f"t{number}"} <= set(ids(table))
    assert table.counts.skipped <= 3


# ---- wrong types ----------------------------------------------------------------------------

WRONG = [None, True, 7, -1.5, "text", "", [], {}, [1], ["x"], [None], [[]], {"a": 1}, [{"a": {}}]]
ITEM_FIELDS = ["asset", "externalId", "batches", "task", "tasks", "_id", "answer", "stages"]
TASK_FIELDS = [
    *("taskId", "stage", "stageId", "totalDuration", "duration", "assignee", "tools", "objects"),
    *("classifications", "stageHistory", "completedAt", "updatedAt", "createdAt"),
]
INNER_FIELDS = {
    "tools": ["schemaId", "title", "classifications"],
    "classifications": ["schemaId", "title", "answer", "classifications"],
    "stageHistory": [
        *("stage", "stageId", "duration", "completedAt", "completedBy", "reviewStatus"),
    ],
}


@pytest.mark.parametrize("wrong", WRONG, ids=json.dumps)
def test_a_wrong_type_in_any_field_costs_at_most_its_item(wrong):
    changed = [asset(100) | {field: wrong} for field in ITEM_FIELDS]
    changed += [asset(100, **{field: wrong}) for field in TASK_FIELDS]
    for name, fields in INNER_FIELDS.items():
        changed += [asset(100, **{name: [{field: wrong}]}) for field in fields]
    hub = [hub_task(100) | {field: wrong} for field in (*ITEM_FIELDS, *TASK_FIELDS)]
    for item in changed + hub:
        table = read(json.dumps([asset(0), item, asset(2)]))
        assert {"t0", "t2"} <= set(ids(table))
        for note in table.notes:
            assert note.startswith("item 2: ")
            assert "expected" in note
        if table.counts.odd or table.counts.skipped:
            assert table.notes
        if "t100" not in ids(table) and len(table) < 3:
            assert table.counts.skipped or table.counts.no_task


NAMED = {
    "tools": ({"a": 1}, "tools is an object, expected a list"),
    "classifications": ([3], "an entry of classifications is a number, expected an object"),
    "stageHistory": ("x", "stageHistory is text, expected a list"),
    "totalDuration": ("60", "totalDuration is text, expected a number of milliseconds"),
    "assignee": (["a"], "assignee is a list, expected text"),
    "stageId": (5, "stageId is a number, expected text"),
    "completedBy": (1, "completedBy is a number, expected text"),
    "completedAt": ("yesterday", "completedAt is another text, expected a time such as 2026-"),
    "reviewStatus": ([], "reviewStatus is a list, expected text"),
    "schemaId": ({}, "schemaId is an object, expected text"),
}


@pytest.mark.parametrize("field", NAMED)
def test_what_was_expected_of_a_field_is_said(field):
    wrong, sentence = NAMED[field]
    if field in ("completedBy", "completedAt", "reviewStatus"):
        changes = {"stageHistory": [{"stage": "Label", field: wrong}]}
    else:
        changes = {"tools": [{field: wrong}]} if field == "schemaId" else {field: wrong}
    table = read(json.dumps([asset(0), asset(1, **changes)]))
    assert ids(table) == ["t0", "t1"]
    assert table.counts.odd == 1
    (note,) = table.notes
    assert note.startswith(f"item 2: {sentence}")
    assert "taken as" in note


def test_what_is_odd_in_an_item_costs_nothing_else_of_it():
    classes = [{"schemaId": "q", "answer": "yes", "classifications": "none"}]
    item = asset(0, tools=7, classifications=classes)
    table = read(json.dumps([item]))
    assert [table.schema_ids[code] for code in table.classes.of(0)] == ["q"]
    assert table.total.tolist() == [5]
    assert table.batch_names == ("north",)


def test_an_answer_of_hundreds_of_lists_is_read():
    answer = []
    for _ in range(400):
        answer = [answer, None]
    nested = {"schemaId": "n", "answer": "x"}
    for _ in range(150):
        nested = {"schemaId": "n", "classifications": [nested]}
    given = [{"schemaId": "q", "answer": answer, "classifications": [nested]}]
    table = read(json.dumps([asset(0, classifications=given)]))
    assert ids(table) == ["t0"]
    assert [table.schema_ids[code] for code in table.nested.of(0)] == ["n"]


# ---- files that end too early, or too late --------------------------------------------------


@SIZES
def test_a_file_cut_off_anywhere_keeps_the_items_before(size):
    for cut in [*range(2, len(WHOLE), 97), len(WHOLE) - 1]:
        before = sum(len(", ".join(TEXTS[:n])) + 1 <= cut for n in range(1, 7))
        if not before:
            assert "export.json: holds no task; item 1: the file ends in" in refusal(WHOLE[:cut])
            continue
        table = read(WHOLE[:cut], size=size)
        assert ids(table) == IDS[:before]
        assert table.counts.skipped == 1
        (note,) = table.notes
        assert note.startswith(f"item {before + 1}: ")
        assert "the file ends in the middle of it" in note or "found the end of the file" in note


@SIZES
def test_an_array_that_is_never_closed_keeps_every_item(size):
    for end in ("", "\n", ",", ",\n  "):
        table = read(WHOLE[:-1] + end, size=size)
        assert ids(table) == IDS
        assert table.notes == (
            "item 7: expected a closing bracket, found the end of the file; it was skipped.",
        )


@SIZES
@pytest.mark.parametrize("tail", ["garbage", "\0" * 5000, "}", ', "x"', "</html>", '"text', "\\"])
def test_text_behind_the_array_is_reported_and_costs_nothing(tail, size):
    table = read(f"{WHOLE}\n{tail}", size=size)
    assert ids(table) == IDS
    (note,) = table.notes
    assert note.startswith("item 7: expected the end of the file behind the closing bracket, found")


def test_a_second_array_behind_the_first_is_read_and_reported():
    second = json.dumps([asset(7), asset(8)])
    table = read(WHOLE + "\n" + second)
    assert ids(table) == [*IDS, "t7", "t8"]
    assert len(table.notes) == 1


def test_a_line_cut_off_keeps_the_lines_before():
    table = read("\n".join(TEXTS)[:-40], "export.ndjson")
    assert ids(table) == IDS[:5]
    assert table.notes[0].startswith("item 6: expected ")


def test_a_cut_off_response_keeps_the_tasks_before():
    text = json.dumps({"data": {"tasks": [hub_task(n) for n in range(4)], "total": 4}})
    table = read(text[: text.index('"t3"') + 2])
    assert ids(table) == ["t0", "t1", "t2"]
    assert table.notes == ("item 4: the file ends in the middle of it; it was skipped.",)


def test_a_single_object_with_an_error_shows_line_and_column():
    text = json.dumps(asset(0), indent=2)
    assert refusal(text[:-30]).startswith("export.json, line 25, column 24: is no export: expected")
    sentence = refusal(text.replace('"duration": 5', '"duration": NaN'))
    assert sentence.startswith("export.json, line 24, column 21: is no export: expected a number")
    assert sentence.endswith("Download the export again.")


def test_thousands_of_levels_are_refused_in_one_sentence():
    for text in ("[" * 10_000 + "]" * 10_000, "[" * 200_000, '{"a":' * 10_000 + "1" + "}" * 10_000):
        sentence = refusal(text)
        assert sentence.startswith("export.json: ")
        assert "ends in the middle" in sentence or "found thousands of brackets" in sentence


# ---- what is no export ----------------------------------------------------------------------

PROJECT = json.loads((DATA / "project.json").read_text(encoding="utf-8"))
PLAIN_PROJECT = PROJECT["data"]["project"] if "data" in PROJECT else PROJECT
IN_JSON = "is no export: expected a list or an object in JSON, found "
OTHER = {
    "empty": (b"", "is empty."),
    "blank": (b" \r\n\t\n", "is empty."),
    "byte order mark only": (b"\xef\xbb\xbf", "is empty."),
    "csv": (b"id,name\r\n1,2\r\n", f"{IN_JSON}'id,name"),
    "quoted csv": (b'"id","name"\n', f'{IN_JSON}\'"id","name"'),
    "html": (b"<!DOCTYPE html>\n<html>", f"{IN_JSON}'<!DOCTYPE ht'."),
    "png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", f"{IN_JSON}'"),
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF\0", f"{IN_JSON}'"),
    "text that starts like a zip": (b"PK,name\n1,2", f"{IN_JSON}'PK,name"),
    "a number": (b"5", f"{IN_JSON}'5'."),
    "a text": (b'"[]"', f"{IN_JSON}'\"[]\"'."),
    "NaN": (b"NaN", f"{IN_JSON}'NaN'."),
    "UTF-16": (WHOLE.encode("utf-16"), "is not UTF-8 text, but UTF-16"),
    "UTF-16 without mark": (WHOLE.encode("utf-16-le"), "is not UTF-8 text, but UTF-16"),
    "UTF-16 the other way": (WHOLE.encode("utf-16-be"), "is not UTF-8 text, but UTF-16"),
    "UTF-32": (WHOLE.encode("utf-32"), "is not UTF-8 text, but UTF-16"),
    "zero bytes": (b"\0" * 4096, "is not UTF-8 text, but UTF-16 or something else with zero bytes"),
    "project": (json.dumps(PROJECT).encode(), "holds a project or a stage; expected tasks."),
    "bare project": (json.dumps(PLAIN_PROJECT).encode(), "holds a project or a stage; expected"),
    "list of projects": (
        json.dumps([PLAIN_PROJECT]).encode(),
        "holds no task; item 1: expected a task, found a project.",
    ),
    "stage": ((DATA / "logic-certain.json").read_bytes(), "holds a project or a stage; expected"),
    "stages": (
        json.dumps(PLAIN_PROJECT["stages"]).encode(),
        "holds no task; item 1: expected an asset with its task, or a task with an id.",
    ),
    "failure": (b'{"status": "fail", "message": "no"}', "is a response without tasks; expected"),
    "link": (b'{"status": "success", "data": {"exportPath": "x"}}', "is a response without tasks"),
    "empty object": (b"{}", "holds no task; item 1: expected an asset with its task, or a task"),
    "numbers": (b"[1, 2, 3]", "holds no task; item 1: expected an object with an asset and its"),
    "opening bracket": (b"[", "holds no task; item 1: expected a closing bracket, found the end"),
    "no ids": (b'[{"asset": "a", "task": {}}]', "holds no task; item 1: expected a task id"),
}


@pytest.mark.parametrize("kind", OTHER)
def test_what_is_no_export_is_refused_with_the_file_the_reason_and_the_next_step(kind):
    data, reason = OTHER[kind]
    sentence = refusal(data, "chosen.json")
    assert sentence.startswith(f"chosen.json: {reason}")
    hints = (EXPORT_HINT, "Save it as UTF-8 JSON, as Ango Hub exports it.", "choose the export of")
    assert any(hint in sentence for hint in hints)


def test_paths_that_are_no_readable_file_are_named(tmp_path):
    file = tmp_path / "file.json"
    file.write_text(WHOLE)
    cases = {
        tmp_path: "is a folder. Name a file.",
        tmp_path / "none.json": "does not exist. Check the name.",
        file / "inside.json": "cannot be read (not a directory).",
        tmp_path / ("x" * 5000): "cannot be read (file name too long).",
        Path("a\0b"): "cannot be read (it is no ordinary file).",
    }
    for path, reason in cases.items():
        with pytest.raises(InputError) as caught:
            read_path(path)
        assert str(caught.value).startswith(f"{path}: {reason}")
    with (
        patch.object(Path, "open", side_effect=PermissionError(13, "Permission denied")),
        pytest.raises(InputError, match=r"may not be read\. Check its"),
    ):
        read_path(file)
    with (
        patch.object(reading, "read_stream", side_effect=OSError(5, "Input/output error")),
        pytest.raises(InputError, match=r"cannot be read \(input/output error\)\. Copy it"),
    ):
        read_path(file)


def test_a_failed_reading_leaves_what_was_read_before():
    table = read(WHOLE)
    before = table.fingerprint
    for data, _ in OTHER.values():
        refusal(data)
    assert read(WHOLE).fingerprint == table.fingerprint == before


def test_the_command_line_prints_one_line_and_no_traceback(tmp_path, capsys):
    bad = tmp_path / "bad.json"
    for data in (*(data for data, _ in OTHER.values()), zipped({"a.txt": b""}), b"PAR1", b"PK\3\4"):
        bad.write_bytes(data)
        assert main(["tasks", "--in", str(bad), "--out", str(tmp_path / "out.parquet")]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith("bad.json")
        assert printed.err.count("\n") == 1
    assert main(["tasks", "--in", str(tmp_path), "--out", str(tmp_path / "out.parquet")]) == 2
    assert capsys.readouterr().err.startswith(f"{tmp_path}: is a folder that holds no task table")
    assert not (tmp_path / "out.parquet").exists()


# ---- zip archives ---------------------------------------------------------------------------

MANY = [asset(n, relations=random.Random(n).randbytes(200).hex()) for n in range(400)]
ARCHIVE = zipped({"export.json": json.dumps(MANY)})


def test_a_zip_without_json_says_what_is_in_it():
    sentence = refusal(zipped({"a.txt": b"x", "inner.zip": ARCHIVE}), "x.zip")
    reason = "has no .json or .ndjson file in it; found 'a.txt', 'inner.zip'."
    assert sentence == f"x.zip: {reason} {EXPORT_HINT}"
    assert "found nothing" in refusal(zipped({}), "x.zip")


def test_a_cut_off_zip_is_refused():
    for share in (0.01, 0.5, 0.99):
        sentence = refusal(ARCHIVE[: int(len(ARCHIVE) * share)], "x.zip")
        assert sentence == (
            "x.zip: is a damaged or cut-off zip archive. Download the export again."
        )


def test_a_zip_with_a_password_is_refused():
    locked = bytearray(ARCHIVE)
    for at in (6, ARCHIVE.index(b"PK\1\2") + 8):
        locked[at] |= 1
    sentence = refusal(bytes(locked), "x.zip")
    assert sentence.startswith("x.zip: is protected by a password. Unpack it")


def test_damage_inside_a_zip_keeps_what_came_before():
    damaged = bytearray(ARCHIVE)
    middle = len(ARCHIVE) // 2
    damaged[middle : middle + 40] = b"\xff" * 40
    table = read(bytes(damaged), "x.zip")
    assert 100 < len(table) < 300
    assert ids(table) == [f"t{n}" for n in range(len(table))]
    assert table.notes[0].startswith(f"item {len(table) + 1}: ")
    assert table.notes[-1] == (
        f"after {len(table)} tasks: the archive is damaged; what follows in that file is missing."
    )


def test_a_wrong_checksum_is_reported_and_costs_the_last_items_at_most():
    stored = bytearray(zipped({"export.json": json.dumps(MANY)}, zipfile.ZIP_STORED))
    at = stored.index(b"t100")
    stored[at : at + 4] = b"t9x9"
    table = read(bytes(stored), "x.zip")
    assert len(table) > 350
    assert "the archive is damaged" in table.notes[-1]


def test_damage_at_the_start_of_a_zip_member_is_refused():
    damaged = bytearray(ARCHIVE)
    damaged[60:70] = b"\xff" * 10
    sentence = refusal(bytes(damaged), "x.zip")
    assert sentence.startswith("x.zip/export.json: is damaged in the archive. Download")


def test_a_way_of_packing_that_is_not_known_is_no_password():
    strange = bytearray(ARCHIVE)
    for at in (8, ARCHIVE.index(b"PK\1\2") + 10):
        strange[at] = 99
    sentence = refusal(bytes(strange), "x.zip")
    assert sentence.startswith("x.zip/export.json: is damaged in the archive, or packed in a way")
    for kind in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert len(read(zipped({"export.json": WHOLE}, kind), "x.zip")) == 6
    broken = zipped({"a.json": json.dumps(MANY)}, zipfile.ZIP_BZIP2)
    at = broken.index(bz2.compress(b"")[:3]) + 30
    assert "a.json" in refusal(broken[:at] + b"\0" * 60 + broken[at + 60 :], "x.zip")


def test_one_damaged_member_costs_no_other():
    members = {
        "a.json": TEXTS[0],
        "b.json": b"",
        "c.json": TEXTS[1][:-9],
        "d.json": b"<html>",
        "project.json": json.dumps(PROJECT),
        "e/f.ndjson": "\n".join([TEXTS[2], "x", TEXTS[3]]),
        "g.json": WHOLE.encode("utf-16"),
        "h.json": f"[{TEXTS[4]}, {TEXTS[5]}",
    }
    table = read(zipped(members), "x.zip")
    assert ids(table) == ["t0", "t2", "t3", "t4", "t5"]
    assert table.counts.skipped == 7
    starts = [
        "b.json: is empty; it was skipped.",
        "c.json: line 1, column 310: is no export: expected a closing quote for the text that",
        "d.json: is no export: expected a list or an object in JSON, found '<html>'; it was",
        "project.json: holds a project or a stage; expected tasks; it was skipped.",
        "e/f.ndjson, item 2: expected a value, found 'x'",
        "g.json: is not UTF-8 text, but UTF-16",
        "h.json, item 3: expected a closing bracket",
    ]
    for note, start in zip(table.notes, starts, strict=True):
        assert note.startswith(start)


def test_a_zip_of_bad_members_only_is_refused():
    sentence = refusal(zipped({"a.json": b"", "b.json": b"[7]"}), "x.zip")
    assert sentence == f"x.zip: holds no task; a.json: is empty. {EXPORT_HINT}"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    central = ARCHIVE.index(b"PK\1\2") + 24
    for size, stated in ((2**31, "2.0 GiB"), (2**32 - 2, "4.0 GiB")):
        bomb = bytearray(ARCHIVE)
        bomb[central : central + 4] = struct.pack("<I", size)
        sentence = refusal(bytes(bomb), "x.zip")
        assert sentence.startswith(f"x.zip: would unpack to {stated} (")
        assert "the limits are 8 GiB and 400 times. If it is a real export, unpack it" in sentence
    monkeypatch.setattr(reading, "RATIO_COUNTS_FROM", 2**20)
    real = zipped({"a.json": b"[" + b" " * 2**21 + b"]"})
    assert "times its size" in refusal(real, "x.zip")
    monkeypatch.setattr(reading, "MAX_UNZIPPED_BYTES", 2**16)
    assert "would unpack to 0.0 GiB" in refusal(zipped({"a.json": random.randbytes(2**17)}), "x")


def test_a_member_that_is_longer_than_it_says_is_cut_there():
    lying = bytearray(ARCHIVE)
    at = ARCHIVE.index(b"PK\1\2") + 24
    lying[at : at + 4] = struct.pack("<I", 60_000)
    table = read(bytes(lying), "x.zip")
    assert 0 < len(table) < 400
    assert "the archive is damaged" in table.notes[-1]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8))
def test_a_zip_with_any_bytes_changed_gives_a_table_or_one_sentence(place, put):
    at = int(place * len(SMALL_ARCHIVE))
    changed = SMALL_ARCHIVE[:at] + put + SMALL_ARCHIVE[at + len(put) :]
    try:
        table = read(changed, "x.zip")
    except InputError as error:
        assert str(error).startswith("x.zip")
    else:
        assert set(ids(table)) <= {*IDS, "t7"} or table.notes


SMALL_ARCHIVE = zipped({"a.json": WHOLE, "b.json": json.dumps(asset(7))})


# ---- saved tables ---------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "table.parquet"
    write_parquet(read(WHOLE), path)
    return path


def test_a_cut_off_or_damaged_saved_table_is_refused(saved):
    data = saved.read_bytes()
    for damaged in (b"PAR1", data[:300], data[:-1], data[:-40] + b"\0" * 40):
        sentence = refusal(damaged, "t.parquet")
        assert sentence.startswith("t.parquet: is a damaged Parquet file. Choose a task table")


def test_another_parquet_file_is_refused(tmp_path):
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"x": [1]}), path)
    with pytest.raises(InputError, match=r"no task table of this version\. Choose a"):
        read_path(path)


def test_a_saved_table_that_somebody_changed_is_refused(saved):
    arrow = pq.read_table(saved)
    about = json.loads(arrow.schema.metadata[b"switchyard"])
    codes = arrow.schema.get_field_index("stage_code")
    changed = [
        arrow.drop_columns(["history"]),
        arrow.set_column(codes, "stage_code", pa.array([99] * 6, pa.int32())),
        arrow.set_column(codes, "stage_code", pa.array([None] * 6, pa.int32())),
        arrow.set_column(codes, "stage_code", pa.array(["a"] * 6)),
        *(
            arrow.replace_schema_metadata({b"switchyard": json.dumps(other).encode()})
            for other in (
                {key: value for key, value in about.items() if key != "people"},
                about | {"people": []},
                about | {"stage_ids": []},
                about | {"counts": {"unheard": 1}},
                [about],
            )
        ),
        arrow.replace_schema_metadata({b"switchyard": b"not JSON"}),
    ]
    for table in changed:
        pq.write_table(table, saved)
        with pytest.raises(InputError, match=r"table\.parquet: is a damaged Parquet file\."):
            read_path(saved)
