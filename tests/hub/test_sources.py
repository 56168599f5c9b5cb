"""Task files of a sandbox project: every item whole, and refused where one is damaged."""

import json
import tracemalloc
import zipfile

import pytest

from core.errors import InputError
from core.export.sources import read_items


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
    assert list(read_items(path)) == ITEMS


def test_a_single_item_is_one(tmp_path):
    path = tmp_path / "one.json"
    path.write_text(json.dumps(ITEMS[3], indent=1))
    assert list(read_items(path)) == [ITEMS[3]]


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
        list(read_items(path))


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
        count = sum(1 for _ in read_items(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == size // len(text)
    assert peak < 3_000_000, f"{peak:,} bytes at most for {path.stat().st_size:,}"
