"""What a backup of a data folder holds: a list with digests, and by which Switchyard it was made.

It names nothing of the machine that it comes from: paths are those within a data folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from core.ango_json.text import dumps, loads
from core.errors import InputError

FORMAT, VERSION = "switchyard-backup", 1
MANIFEST, DATABASE = "manifest.json", "switchyard.db"
FILES = ("plugins.key", "pseudonyms.key", "audit.seen")
FOLDERS = ("tables", "hubs", "backups", "hub-files")
"""What cannot be made again, beside the database."""
DAMAGED = "is damaged: {}."
OTHER = "Take another backup; nothing was changed."
PIECE = 2**20
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BackedUpFile:
    """One file: how many bytes, and their SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup.

    Args:
        switchyard: The version that made it.
        migrations: The steps that its database has taken.
        taken_at: Seconds since 1970: of this moment is the database.
        members: Files by their place in the data folder; the database is `DATABASE` always.
    """

    switchyard: str
    migrations: tuple[str, ...]
    taken_at: float
    members: Mapping[str, BackedUpFile]

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(member.size for member in self.members.values())

    def text(self) -> str:
        """As it stands in the file."""
        members = {name: asdict(member) for name, member in self.members.items()}
        return dumps(
            {
                "format": FORMAT,
                "version": VERSION,
                "switchyard": self.switchyard,
                "migrations": list(self.migrations),
                "taken_at": self.taken_at,
                "members": members,
            },
            indent=1,
        )


def read_manifest(text: str, source: str) -> Manifest:
    """Read a manifest; what it names stays within a data folder.

    Raises:
        InputError: It is none, of a newer version, or names a place elsewhere.
    """
    document = loads(text, source)
    try:
        if document["format"] != FORMAT:
            raise InputError(source, "is no backup of a data folder.", OTHER)
        if document["version"] != VERSION:
            message = f"was made by a newer Switchyard ({document['switchyard']})."
            raise InputError(source, message, "Update Switchyard; nothing was changed.")
        members = {
            _place(name, source): BackedUpFile(int(about["size"]), _digest(about["sha256"]))
            for name, about in document["members"].items()
        }
        manifest = Manifest(
            str(document["switchyard"]),
            tuple(map(str, document["migrations"])),
            float(document["taken_at"]),
            members,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged(source, "its list cannot be read") from error
    if DATABASE not in members or any(member.size < 0 for member in members.values()):
        raise damaged(source, "its list is not whole")
    return manifest


def damaged(source: str, what: str) -> InputError:
    """A backup that cannot be trusted."""
    return InputError(source, DAMAGED.format(what), OTHER)


def is_place(name: str) -> bool:
    """Whether a name stands for something that a backup may hold."""
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        return False
    return name in (DATABASE, *FILES) or (len(parts) > 1 and parts[0] in FOLDERS)


def _place(name: str, source: str) -> str:
    if not is_place(name):
        message = f"names a place outside of a data folder ({name[:60]})."
        raise InputError(source, message, OTHER)
    return name


def _digest(text: str) -> str:
    if not _DIGEST.fullmatch(text):
        raise ValueError(text)
    return text
