"""Settings from the environment, read once at the edge and handed on as a value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import InputError
from core.model.figures import counted
from core.model.numbers import read_number, read_whole

TASKS_IN_MEMORY = 3_000_000
"""About a gigabyte of tasks as exports have them (docs/scale.md)."""
MOST_HOURS = 720
"""Streamlit keeps a provider's word for 30 days."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are kept.

    Args:
        data: Folder of the store and of opened tables (`SWITCHYARD_DATA`).
        files: Folder on the server whose exports may be opened without an upload
            (`SWITCHYARD_FILES`), or None.
        database: SQLAlchemy URL (`SWITCHYARD_DATABASE`) of a SQLite file or of a database on a
            PostgreSQL server, else SQLite inside `data`. It may hold a password, so it is never
            shown; `core.store.address.shown` says what may be.
        requests_per_minute: The most that one hub is asked (`SWITCHYARD_REQUESTS_PER_MINUTE`);
            100 is what the smallest plan of Ango Hub allows.
        consensus_agreement: In the local hub, the share of judgments of a Consensus that must say
            the same, where the stage sets no threshold (`SWITCHYARD_CONSENSUS_AGREEMENT`).
        consensus_overlap: In the local hub, the intersection over union at which two shapes are
            the same (`SWITCHYARD_CONSENSUS_OVERLAP`).
        keep_unknown_labels: In the local hub, whether labels of a class that the project lacks are
            kept (`SWITCHYARD_UNKNOWN_LABELS`: `refuse`, the default, or `keep`).
        keep_odd_labels: In the local hub, whether labels are kept whose form is not that of their
            class (`SWITCHYARD_ODD_LABELS`: `keep`, the default, or `refuse`).
        beside_hub: Whether whoever started this process starts a local hub beside it
            (`SWITCHYARD_BESIDE_HUB`, which `up` sets).
        sign_in: How people sign in (`SWITCHYARD_SIGN_IN`: `accounts` or `oidc`); "" asks nobody
            while there are no accounts.
        sign_in_hours: How old a provider's word may be (`SWITCHYARD_SIGN_IN_HOURS`).
        name_claim: Which claim of a provider names an account (`SWITCHYARD_NAME_CLAIM`).
        role_claim: Which one names a role (`SWITCHYARD_ROLE_CLAIM`).
        spark_master: Where Spark counts (`SWITCHYARD_SPARK_MASTER`), such as `spark://host:7077`;
            "" for this machine.
        pseudonyms: Whether people are always shown under pseudonyms (`SWITCHYARD_PSEUDONYMS`:
            `always`), and not only where somebody asks for it.
        tasks_in_memory: Tables of more tasks stay on disk (`SWITCHYARD_TASKS_IN_MEMORY`).
        hosts: Names under which hub and dashboard may be called (`SWITCHYARD_HOSTS`, with commas
            between), beside those of this machine; `core.doors` says which hold.
    """

    data: Path
    files: Path | None
    database: str = field(repr=False)
    requests_per_minute: int = 100
    consensus_agreement: float = 0.51
    consensus_overlap: float = 0.5
    keep_unknown_labels: bool = False
    keep_odd_labels: bool = True
    beside_hub: bool = False
    sign_in: str = ""
    sign_in_hours: float = 12.0
    name_claim: str = "email"
    role_claim: str = "switchyard_role"
    spark_master: str = ""
    tasks_in_memory: int = TASKS_IN_MEMORY
    pseudonyms: bool = False
    hosts: tuple[str, ...] = ()

    @property
    def asks_who(self) -> bool:
        """Whether nobody gets in without signing in, whether there are accounts or not."""
        return bool(self.sign_in)

    @property
    def is_on_server(self) -> bool:
        """Whether the database is on a server, and not a file."""
        return not self.database.startswith("sqlite")

    @property
    def pseudonyms_key(self) -> Path:
        """File of the key that pseudonyms are made with; another one gives other names."""
        return self.data / "pseudonyms.key"

    @property
    def tables(self) -> Path:
        """Folder of the opened task tables."""
        return self.data / "tables"

    @property
    def hubs(self) -> Path:
        """Folder of what was read from hubs."""
        return self.data / "hubs"

    @property
    def backups(self) -> Path:
        """Folder of the workflows as they were before each publish."""
        return self.data / "backups"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of this process."""
    data = Path(environment.get("SWITCHYARD_DATA") or ".switchyard").absolute()
    files = environment.get("SWITCHYARD_FILES")
    return Settings(
        data=data,
        files=Path(files).absolute() if files else None,
        database=environment.get("SWITCHYARD_DATABASE") or f"sqlite:///{data / 'switchyard.db'}",
        requests_per_minute=_many(environment, "SWITCHYARD_REQUESTS_PER_MINUTE", 100, 100_000),
        consensus_agreement=_share(environment, "SWITCHYARD_CONSENSUS_AGREEMENT", "0.51"),
        consensus_overlap=_share(environment, "SWITCHYARD_CONSENSUS_OVERLAP", "0.5"),
        keep_unknown_labels=_keeps(environment, "SWITCHYARD_UNKNOWN_LABELS", "refuse"),
        keep_odd_labels=_keeps(environment, "SWITCHYARD_ODD_LABELS", "keep"),
        beside_hub=bool(environment.get("SWITCHYARD_BESIDE_HUB")),
        sign_in=_sign_in(environment.get("SWITCHYARD_SIGN_IN") or ""),
        sign_in_hours=_hours(environment.get("SWITCHYARD_SIGN_IN_HOURS") or "12"),
        name_claim=environment.get("SWITCHYARD_NAME_CLAIM") or "email",
        role_claim=environment.get("SWITCHYARD_ROLE_CLAIM") or "switchyard_role",
        spark_master=environment.get("SWITCHYARD_SPARK_MASTER") or "",
        tasks_in_memory=_many(environment, "SWITCHYARD_TASKS_IN_MEMORY", TASKS_IN_MEMORY, 10**10),
        pseudonyms=_always(environment, "SWITCHYARD_PSEUDONYMS"),
        hosts=tuple((environment.get("SWITCHYARD_HOSTS") or "").replace(",", " ").split()),
    )


def _sign_in(text: str) -> str:
    word = text.strip().casefold()
    if word not in ("", "accounts", "oidc"):
        message = f"expected accounts or oidc, found {text[:40]!r}."
        raise InputError("SWITCHYARD_SIGN_IN", message, "Leave it out to ask nobody.")
    return word


def _hours(text: str) -> float:
    try:
        hours = read_number(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= MOST_HOURS:
        message = f"expected a number of hours from 0 to {MOST_HOURS}, found {text[:40]!r}."
        raise InputError("SWITCHYARD_SIGN_IN_HOURS", message, "Leave it out for 12.")
    return hours


def _keeps(environment: Mapping[str, str], name: str, otherwise: str) -> bool:
    text = environment.get(name) or otherwise
    word = text.strip().casefold()
    if word not in ("refuse", "keep"):
        message = f"expected refuse or keep, found {text!r}."
        raise InputError(name, message, f"Leave it out for {otherwise}.")
    return word == "keep"


def _always(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name) or ""
    if text.strip().casefold() not in ("", "always"):
        raise InputError(name, f"expected always, found {text!r}.", "Leave it out for a choice.")
    return bool(text.strip())


def _share(environment: Mapping[str, str], name: str, otherwise: str) -> float:
    text = environment.get(name) or otherwise
    try:
        share = read_number(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        message = f"expected a number from 0 to 1, found {text!r}."
        raise InputError(name, message, f"Leave it out for {otherwise}.")
    return share


def _many(environment: Mapping[str, str], name: str, otherwise: int, most: int) -> int:
    text = environment.get(name) or str(otherwise)
    try:
        many = read_whole(text)
    except ValueError:
        many = 0
    if not 1 <= many <= most:
        message = f"expected a whole number from 1 to {counted(most)}, found {text[:40]!r}."
        raise InputError(name, message, f"Leave it out for {counted(otherwise)}.")
    return many
