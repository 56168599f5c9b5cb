"""Task files of a sandbox project: every item whole, and refused where one is damaged."""

import json
import tracemalloc
import zipfile

import pytest
from conftest import DATA

from core.errors import InputError
from core.export.reader import read_path
from core.export.whole_items import read_items, task_file


def items(count):
    """Items of uneven length with what no column keeps, over several pieces of the reader."""
    for n in range(count):
        task = {"taskId": f"t{n}", "stage": "Label", "odd": {"deep": [n, 1.5, None, "}, {"]}}
        yield {
            "asset": f"a{n}",
            "externalId": "é" * (n % 700),
            "more": [{"x": "," * n}],
            "task": task,
        }


ITEMS = list(items(900))
FORMS = {
    "array.json": json.dumps(ITEMS),
    "indented.json": json.dumps(ITEMS, indent=2),
    "with mark.json": "\ufeff  " + json.dumps(ITEMS, ensure_ascii=False),
    "lines.ndjson": "\n".join(map(json.dumps, ITEMS)),
    "lines.json": "\n\n".join(map(json.dumps, ITEMS)) + "\n",
    "response.json": json.dumps({"status": "success", "data": {"total": 900, "tasks": ITEMS}}),
    "tasks.json": json.dumps({"tasks": ITEMS}),
    "tasks in a line.json": json.dumps({"tasks": ITEMS}) + "\n",
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("packed", [False, True])
def test_every_form_gives_every_item_whole(tmp_path, name, packed):
    path = tmp_path / name
    path.write_text(FORMS[name], encoding="utf-8")
    if packed:
        with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, name)
        path = tmp_path / "export.zip"
    assert list(read_items(task_file(path))) == ITEMS


def test_a_single_item_is_one(tmp_path):
    path = tmp_path / "one.json"
    path.write_text(json.dumps(ITEMS[3], indent=1))
    assert list(read_items(task_file(path))) == [ITEMS[3]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (json.dumps(ITEMS)[:-9], "item 900: the file ends in the middle of it"),
        (json.dumps(ITEMS)[:-1], "item 901: expected a closing bracket"),
        (json.dumps([*ITEMS, 7]), "item 901: expected an asset with its task"),
        (json.dumps(ITEMS).replace('"t700"', '"t700'), "item 701"),
        (FORMS["lines.ndjson"].replace('"t700",', '"t700"'), "line 701"),
    ],
)
def test_the_first_damaged_item_refuses_the_file_and_is_named(tmp_path, content, said):
    path = tmp_path / "tasks.json"
    path.write_text(content)
    with pytest.raises(InputError, match=said):
        list(read_items(task_file(path)))


@pytest.mark.parametrize("lines", [False, True])
def test_memory_does_not_grow_with_the_file(tmp_path, lines):
    path, size = tmp_path / "tasks.json", 24_000_000
    text = json.dumps({"asset": "a", "task": {"taskId": "t", "text": "x" * 3_000}})
    with path.open("w") as file:
        file.write("" if lines else "[")
        for n in range(size // len(text)):
            file.write(("\n" if lines else ",") * (n > 0) + text)
        file.write("" if lines else "]")
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_items(task_file(path)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == size // len(text)
    assert peak < 3_000_000, f"{peak:,} bytes at most for {path.stat().st_size:,}"


def cut_zip(folder):
    with zipfile.ZipFile(folder / "whole.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tasks.json", FORMS["array.json"])
    content = bytearray((folder / "whole.zip").read_bytes())
    middle = len(content) // 3
    content[middle : middle + 40] = bytes(40)
    return bytes(content)


REFUSED = {
    "a zip that is damaged inside": (cut_zip, "tasks.json: is damaged in the archive"),
    "half a zip": (lambda folder: cut_zip(folder)[:900], "is a damaged or cut-off zip archive"),
    "UTF-16": (lambda _: FORMS["array.json"].encode("utf-16"), "is not UTF-8 text"),
    "no JSON": (lambda _: b"asset,task\n", "is no export: expected a list or an object"),
    "a project": (lambda _: b'{"data": {"project": {}}}', "holds a project or a stage"),
    "nothing": (lambda _: b" \n", "is empty"),
    "a table": (lambda _: (DATA / "table-today.parquet").read_bytes(), "holds no annotations"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_the_table_reader_refuses_is_refused_in_its_words(tmp_path, kind):
    make, said = REFUSED[kind]
    path = tmp_path / "tasks.json"
    path.write_bytes(make(tmp_path))
    with pytest.raises(InputError, match=said):
        list(read_items(task_file(path)))
    if kind not in ("a table", "a zip that is damaged inside"):  # it keeps what it can
        with pytest.raises(InputError, match=said):
            read_path(path)


def test_a_line_is_named_by_its_place_in_the_file(tmp_path):
    path = tmp_path / "tasks.ndjson"
    path.write_text(FORMS["lines.json"].replace('"t700",', '"t700"'))
    with pytest.raises(InputError, match="line 1401, line 1, column"):
        list(read_items(task_file(path)))
