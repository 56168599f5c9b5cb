"""What is restored takes the place of what was there, and is ended later where it was stopped.

New and old lie in one folder within the data folder, so that each file and folder changes its place
by one rename. From the note on, everything goes forward only: whoever comes next ends it.
"""

from __future__ import annotations

import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

from core.data_backup.manifest import DATABASE, FILES, FOLDERS, Manifest
from core.gateway.kept import write_whole
from core.private import EXCHANGING, RESTORING

NEW, OLD = "new", "old"
NAMES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", *FILES, *FOLDERS)


class Exchange:
    """The exchange of a data folder.

    Args:
        data: The data folder.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / RESTORING
        self.new = self._folder / NEW
        self._old = self._folder / OLD
        self._note = self._folder / EXCHANGING

    @property
    def is_half_done(self) -> bool:
        """Whether one was stopped between its note and its end."""
        return self._note.exists()

    def begin(self) -> None:
        """Make the folder of what is to come; what a stopped restore left there is no use."""
        self.drop()
        for folder in (self.new, self._old):
            folder.mkdir(parents=True)

    def drop(self) -> None:
        """Remove the folder, with all that lies there."""
        if self._folder.exists():
            shutil.rmtree(self._folder)

    def exchange(self, manifest: Manifest) -> None:
        """Put what is new in the place of what is old; the manifest is that of the new."""
        names = {
            "manifest": _name(manifest),
            "old": [name for name in NAMES if (self._data / name).exists()],
            "new": sorted(path.name for path in self.new.iterdir()),
        }
        _on_disk(self.new)
        write_whole(self._note, json.dumps(names))
        _on_disk(self._folder)
        self.end(manifest)

    def end(self, manifest: Manifest) -> bool:
        """End it from wherever it is; returns whether this very backup is there now."""
        names = json.loads(self._note.read_text(encoding="utf-8"))
        for name in names["old"]:
            if not (self._old / name).exists():
                (self._data / name).rename(self._old / name)
        for name in names["new"]:
            if (self.new / name).exists():
                (self.new / name).rename(self._data / name)
        _on_disk(self._data)
        self._note.unlink()
        self.drop()
        return bool(names["manifest"] == _name(manifest))


def is_unused(data: Path) -> bool:
    """Whether a data folder holds nothing that a restore would take the place of."""
    return not any(_holds(data / name) for name in NAMES)


def _name(manifest: Manifest) -> str:
    return sha256(manifest.text().encode()).hexdigest()


def _holds(path: Path) -> bool:
    return any(one.is_file() for one in path.rglob("*")) if path.is_dir() else path.exists()


def _on_disk(folder: Path) -> None:
    """Wait until a folder's files, and their names, are on disk."""
    for place, _, files in os.walk(folder):
        if place == str(folder / OLD):
            continue
        for name in (".", *files):
            descriptor = os.open(Path(place) / name, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
