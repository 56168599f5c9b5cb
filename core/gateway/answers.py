"""Reads the hub's answers: the envelope, and lists with a total."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.ango_json.text import Json, printable
from core.errors import BadRequest, UnexpectedAnswer
from core.gateway.protocol import ProjectEntry
from core.secret import Secret

PAGE_ROWS = 100
"""The most that the API's documentation allows; the SDK's own default is 10."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Args:
        number: From 1.
        rows: Its entries.
        total: Entries of the whole list, or None when the hub does not say.
    """

    number: int
    rows: list[dict[str, Json]]
    total: int | None


def data_of(answer: Json, what: str, key: Secret) -> dict[str, Json]:
    """What stands in the envelope.

    Raises:
        BadRequest: It says that the request failed, in spite of a good status code.
        UnexpectedAnswer: There is no envelope.
    """
    if isinstance(answer, dict) and answer.get("status") in ("fail", "error"):
        message = key.mask(printable(str(answer.get("message") or "")))
        raise BadRequest(f"{what}: the hub does not accept the request. It says: {message}.")
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), dict):
        raise UnexpectedAnswer(f"{what}: the answer has no data.")
    return dict(answer["data"])


def page_of(data: dict[str, Json], name: str, number: int, what: str) -> Page:
    """One page; entries that are no objects are left out."""
    rows = data.get(name)
    if not isinstance(rows, list):
        raise UnexpectedAnswer(f"{what}: the answer has no list of {name}.")
    total = data.get("total")
    known = isinstance(total, int) and not isinstance(total, bool) and total >= 0
    return Page(number, [row for row in rows if isinstance(row, dict)], total if known else None)


def all_pages(ask: Callable[[int], Page], first: int = 1, seen: int = 0) -> Iterator[Page]:
    """Pages until their total is reached, or one is empty.

    Args:
        ask: Reads the page of a number.
        first: Number of the first page to read.
        seen: Entries on the pages before it.
    """
    before: list[dict[str, Json]] = []
    number = first
    while True:
        page = ask(number)
        # a hub that knows no pages would give the first one for ever
        if not page.rows or page.rows == before:
            return
        yield page
        seen += len(page.rows)
        if page.total is not None and seen >= page.total:
            return
        before, number = page.rows, number + 1


def project_entry(row: dict[str, Json]) -> ProjectEntry:
    """An entry of the list of projects."""
    text = {name: str(row.get(name) or "") for name in ("_id", "name", "description")}
    return ProjectEntry(text["_id"], text["name"] or text["_id"], text["description"])
