"""Looks at a Parquet file of somebody's before it is read, in a process of its own.

Asked how large its columns are, pyarrow ends the whole process on some damaged files, where it
should raise; here it ends a process that nobody misses.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from core.errors import InputError
from core.model.figures import counted, tenths

MOST_BYTES, MOST_RATIO, RATIO_COUNTS_FROM = 16 * 2**30, 400, 2**30
VALUE_BYTES = 8
"""Of a value in memory, however small it is in a file."""
COPY, ANSWER = "copy.parquet", "size"
PATIENCE_SECONDS = 60.0


def refuse_unsound(stream: BinaryIO, name: str) -> None:
    """Refuse a file that is damaged, or that says that it is a large table and is small.

    Args:
        stream: The file; it is at its beginning afterwards.
        name: Shown in sentences.

    Raises:
        InputError: It is one of both.
    """
    packed = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    with TemporaryDirectory(prefix="switchyard-") as folder:
        with Path(folder, COPY).open("wb") as copy:
            shutil.copyfileobj(stream, copy)
        size = _unpacked(Path(folder))
    stream.seek(0)
    if size is None:
        hint = "Choose a task table that Switchyard saved, or an Ango export."
        raise InputError(name, "is a damaged Parquet file.", hint)
    if size > MOST_BYTES or (size > RATIO_COUNTS_FROM and size > packed * MOST_RATIO):
        message = (
            f"would unpack to {tenths(size / 2**30)} GiB ({counted(size / max(1, packed))} times "
            f"its size); the limits are {MOST_BYTES // 2**30} GiB and {MOST_RATIO} times."
        )
        raise InputError(name, message, "Save the table anew from its export.")


def _unpacked(folder: Path) -> int | None:
    """Bytes that the copy in a folder says it holds; None of one that cannot be asked."""
    command = [sys.executable, "-m", __name__, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
        answer = (folder / ANSWER).read_text(encoding="ascii")
        return int(answer) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, OSError, ValueError):
        return None


def main() -> None:
    """Write down how many bytes the columns take in memory, by what the copy says of them."""
    import pyarrow.parquet as pq

    folder = Path(sys.argv[1])
    about = pq.ParquetFile(folder / COPY).metadata
    size = 0
    for group in (about.row_group(place) for place in range(about.num_row_groups)):
        chunks = [group.column(place) for place in range(group.num_columns)]
        size += sum(max(c.total_uncompressed_size, c.num_values * VALUE_BYTES) for c in chunks)
    (folder / ANSWER).write_text(str(size), encoding="ascii")


if __name__ == "__main__":
    main()
