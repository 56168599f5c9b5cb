"""Links to files that the hub serves itself: signed, short-lived, and good for nothing else."""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from core.secret import Secret

PREFIX = "/files/"
SECONDS = 3_600
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,150}")


def part(name: str) -> str:
    """A name that is safe as one part of a path; an odd one becomes its hash."""
    if _PLAIN.fullmatch(name) and not name.startswith("."):
        return name
    return sha256(name.encode("utf-8", "replace")).hexdigest()[:40]


def signed(base: str, path: str, verb: str, key: Secret, now: float) -> str:
    """A link to a file.

    Args:
        base: `http://host:port`.
        path: Below the folder of files, of parts that `part` made.
        verb: `GET` or `PUT`: a link to read cannot write.
        key: Of the hub.
        now: Seconds since 1970.
    """
    expires = int(now) + SECONDS
    mark = _mark(verb, path, expires, key)
    return f"{base}{PREFIX}{quote(path)}?expires={expires}&signature={mark}"


def allowed(
    verb: str, path: str, query: dict[str, str], key: Secret, now: float, folder: Path
) -> Path | None:
    """The file behind a link, or None when the link does not hold (any more)."""
    expires = query.get("expires", "")
    if not (expires.isascii() and expires.isdigit() and len(expires) < 15) or int(expires) < now:
        return None
    mark = _mark(verb, path, int(expires), key)
    if not hmac.compare_digest(
        mark, query.get("signature", "").encode("ascii", "replace").decode()
    ):
        return None
    parts = path.split("/")
    return folder.joinpath(*parts) if all(part(p) == p for p in parts) else None


def _mark(verb: str, path: str, expires: int, key: Secret) -> str:
    return hmac.new(key.reveal().encode(), f"{verb} {path} {expires}".encode(), sha256).hexdigest()


def path_of(url: str) -> str | None:
    """The path of a link to this hub's files, or None when it is something else."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:  # an address that is none, such as http://[
        return None
    inside = path.removeprefix(PREFIX)
    parts = inside.split("/")
    return inside if path.startswith(PREFIX) and all(part(p) == p for p in parts) else None
