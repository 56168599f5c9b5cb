"""The address of a database and what it says, as people may read both: without a password."""

from __future__ import annotations

import sqlalchemy as sa

from core.errors import InputError

VARIABLE = "SWITCHYARD_DATABASE"
FORM = "Write it as postgresql://USER:PASSWORD@HOST:5432/NAME, with @ in the password as %40."
PLACES = ("host", "port", "service")
"""Options of an address that say where it is."""


def read_address(text: str) -> sa.URL:
    """What an address says; one that cannot be read is not repeated, for it may hold a password.

    Raises:
        InputError: It is none, or of a kind of database that is not known here.
    """
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise InputError(VARIABLE, "is no address of a database.", FORM) from None
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite":
        return url
    if kind not in ("postgresql", "postgres"):
        raise InputError(VARIABLE, f"{kind[:20]} is no kind of database known here.", FORM)
    if "@" in (url.host or ""):
        raise InputError(VARIABLE, "has an @ too many.", FORM)
    return url.set(drivername="postgresql+psycopg")


def shown(url: sa.URL) -> str:
    """An address as people may see it: the file, or the server without password and options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    query = {name: value for name, value in url.query.items() if name in PLACES}
    plain = url.set(drivername="postgresql", query=query)._replace(password=None)
    return plain.render_as_string()


def said_by(error: BaseException | None) -> str:
    """What a database said of a query, on one line and without the query."""
    diagnosis = getattr(error, "diag", None)
    text = str(getattr(diagnosis, "message_primary", None) or error)
    return " ".join(text.partition("\n")[0].split())
