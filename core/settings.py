"""Settings from the environment, read once at the edge and handed on as a value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are kept.

    Args:
        data: Folder of the store and of opened tables (`SWITCHYARD_DATA`).
        files: Folder on the server whose exports may be opened without an upload
            (`SWITCHYARD_FILES`), or None.
        database: SQLAlchemy URL (`SWITCHYARD_DATABASE`), else SQLite inside `data`.
    """

    data: Path
    files: Path | None
    database: str

    @property
    def tables(self) -> Path:
        """Folder of the opened task tables."""
        return self.data / "tables"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of this process."""
    data = Path(environment.get("SWITCHYARD_DATA") or ".switchyard").absolute()
    files = environment.get("SWITCHYARD_FILES")
    return Settings(
        data=data,
        files=Path(files).absolute() if files else None,
        database=environment.get("SWITCHYARD_DATABASE") or f"sqlite:///{data / 'switchyard.db'}",
    )
