"""What somebody uploads is no larger inside than it may be, and its names lead nowhere."""

import io
import json
import re
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import DATA
from hub_helpers import ROOT

from core.ango_json import text
from core.ango_json.text import decoded
from core.errors import InputError
from core.export import reader
from core.export.reader import read_path, read_stream
from core.export.whole_items import read_items, task_file
from core.tasks.parquet import write_parquet


def tasks_of(name):
    return json.dumps([{"externalId": name, "asset": "x", "task": {"taskId": name}}])


def zipped(entries):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in entries:
            archive.writestr(name, inside)
    return packed


def test_several_entries_that_are_the_same_bytes_count_as_those_bytes(monkeypatch):
    """Each of them alone would be within the limit; the archive is far smaller than they say."""
    monkeypatch.setattr(reader, "RATIO_COUNTS_FROM", 2**20)
    packed = io.BytesIO()
    spaces = b"".join(b" " * 100 + bytes([33 + n % 90]) for n in range(2_000))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b'["' + spaces.replace(b'"', b"x").replace(b"\\", b"x") + b'"]')
        one = archive.filelist[0]
        assert one.file_size / one.compress_size < reader.MAX_ZIP_RATIO
        archive.filelist.extend([one] * 500)
    with pytest.raises(InputError, match=r"would unpack to .* times its size"):
        read_stream(packed, "x.zip")


def test_no_name_in_an_archive_is_used_as_a_path(tmp_path, monkeypatch):
    inside, outside = tmp_path / "a" / "b", tmp_path / "a"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    names = ["../../evil.json", f"{tmp_path}/evil.json", "..\\evil.json", "C:\\evil.json",
             "/x.json", "con.json", "a/../../../evil.json"]  # fmt: skip
    packed = zipped([(name, tasks_of(name)) for name in names])
    table = read_stream(packed, "../../evil.zip")
    assert len(table) == len(names)
    file = inside / "in.zip"
    file.write_bytes(packed.getvalue())
    assert len(list(read_items(task_file(file)))) == len(names)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["in.zip"]
    assert list(outside.iterdir()) == [inside]


def test_nothing_is_ever_unpacked_to_a_disk():
    unpacks = re.compile(r"\.extract(all)?\(|unpack_archive|tarfile|rarfile|py7zr")
    files = [*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    assert [f.name for f in files if unpacks.search(f.read_text(encoding="utf-8"))] == []
    assert unpacks.search("archive.extractall(folder)")


def test_a_small_table_that_says_it_is_a_large_one_is_refused(sample_table, tmp_path):
    about = {b"switchyard": json.dumps({"version": 1}).encode()}
    rows = pa.table({"task_id": pa.nulls(2**28)}).replace_schema_metadata(about)
    packed = io.BytesIO()
    pq.write_table(rows, packed)
    assert packed.tell() < 2**20
    with pytest.raises(InputError, match=r"^x\.parquet: would unpack to 2\.0 GiB .* 400 times"):
        read_stream(packed, "x.parquet")
    write_parquet(sample_table, tmp_path / "own.parquet")
    with (tmp_path / "own.parquet").open("rb") as stream:
        assert len(read_stream(stream, "own.parquet")) == len(sample_table)


def test_one_document_has_a_limit(monkeypatch):
    monkeypatch.setattr(text, "MOST_BYTES", 2**20)
    with pytest.raises(InputError, match=r"^p\.json: has more than 1 MiB\."):
        decoded(b" " * 2**20 + b"x", "p.json")
    assert decoded((DATA / "project.json").read_bytes(), "p.json")


def test_every_page_decodes_what_is_uploaded_by_the_one_function():
    """`getvalue()` of an upload goes to `decoded`, which has the limit, or to the reader."""
    files = {
        path.name: path.read_text(encoding="utf-8")
        for path in (ROOT / "pages").rglob("*.py")
        if "file_uploader(" in path.read_text(encoding="utf-8")
    }
    assert set(files) == {
        "opening.py", "scenario_menu.py", "stage_json.py", "mapping_presets.py", "event_logs.py",
        "review_benchmark.py",
    }  # fmt: skip
    by_reader = files.pop("review_benchmark.py")
    assert "read_benchmark(" in by_reader and ".decode(" not in by_reader
    assert [n for n, source in files.items() if "decoded(" not in source] == []
    assert [n for n, source in files.items() if re.search(r"\.decode\(", source)] == []


def test_a_table_on_which_pyarrow_ends_its_process_is_refused():
    """One number in its footer was changed; pyarrow 26 calls `std::terminate` on it."""
    damaged = DATA / "cases" / "damaged_histogram.parquet"
    with pytest.raises(InputError, match=r"^damaged_histogram\.parquet: is a damaged Parquet"):
        read_path(damaged)
    with damaged.open("rb") as stream, pytest.raises(InputError, match="is a damaged Parquet"):
        read_stream(io.BytesIO(stream.read()), "upload.parquet")
