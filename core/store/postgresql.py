"""A database on a PostgreSQL server: how it is opened, and what is wrong with it.

It means what a SQLite file means. A writer waits for the writer before it, whichever process that
is in; a reader sees one unchanging view; texts are kept whole, also those with a NUL, which
PostgreSQL refuses.
"""

from __future__ import annotations

from typing import Any, NoReturn

import psycopg
import sqlalchemy as sa
from psycopg.adapt import Dumper
from psycopg.types.string import StrDumper, TextLoader
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import InputError
from core.secret import MASK
from core.store.address import FORM, VARIABLE, said_by, shown
from core.store.migrations import migrate, strangers, taken

OURS, WRITING = 0x5357, 1
"""Names of advisory locks: that they are Switchyard's, and the one of the writer."""
CONNECT: dict[str, Any] = {
    "application_name": "switchyard",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    # a server whose machine has gone says nothing; so long until that is noticed
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
SESSION = {
    "lock_timeout": "30s",
    # a process whose machine has gone holds its locks no longer than that
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
}
_RELATIONS = sa.text(
    "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
    "WHERE nspname = current_schema()"
)
READING: dict[str, Any] = {
    "switchyard_reading": True,
    "isolation_level": "REPEATABLE READ",
    "postgresql_readonly": True,
}
"""Execution options of a connection that will not write: it waits for no writer."""
SIGN, NUL, ITSELF = "\ufdd0", "\ufdd00", "\ufdd01"
"""Stands before what a NUL and itself are kept as; no character at all, by Unicode's word."""


def open_server(url: sa.URL) -> sa.Engine:
    """Connect, and bring the tables up to date; what is there is understood before it is changed.

    Raises:
        InputError: The server or the database is not there, refuses the user, cannot keep what
            Switchyard keeps, holds somebody else's tables, or a newer Switchyard has changed it.
    """
    given = {name: value for name, value in CONNECT.items() if name not in url.query}
    engine = sa.create_engine(
        url,
        connect_args=given,
        pool_pre_ping=True,
        use_native_hstore=False,
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", _begin)
    place = shown(url)
    try:
        with engine.execution_options(**READING).connect() as looking:
            done = _understood(looking, place)
        migrate(engine, done)
    except sa.exc.DBAPIError as error:
        engine.dispose()
        message, hint = _why_not_opened(error, url)
        raise InputError(place, _without_password(message, url), hint) from None
    except InputError:
        engine.dispose()
        raise
    return engine


def why_not_now(error: sa.exc.DBAPIError) -> str | None:
    """What keeps a server from answering, in words; None where it has answered.

    What a caller sent that does not fit is no such reason.
    """
    original = error.orig
    if not isinstance(original, psycopg.OperationalError):
        return "does not answer" if error.connection_invalidated else None
    if isinstance(original, psycopg.errors.LockNotAvailable):
        return "is busy with a long write"
    if isinstance(original, psycopg.errors.DiskFull):
        return "has no room left on its disk"
    return "does not answer"


def _understood(connection: sa.Connection, place: str) -> frozenset[str]:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        message = f"keeps texts as {encoding}, which has not every character."
        raise InputError(place, message, "Create the database anew, with ENCODING 'UTF8'.")
    try:
        done = taken(connection, place)
    except sa.exc.ProgrammingError as error:
        message = "has a table migrations that Switchyard did not make."
        raise InputError(place, message, "Name another database.") from error
    if not done:
        theirs = strangers(connection.execute(_RELATIONS).scalars())
        if theirs:
            message = f"has a relation {theirs[0]} that Switchyard did not make."
            raise InputError(place, message, "Name another database.")
    return done


def _why_not_opened(error: sa.exc.DBAPIError, url: sa.URL) -> tuple[str, str]:
    """The sentence and the next step for whoever gave the address."""
    original = error.orig
    words = said_by(original)
    if isinstance(original, psycopg.errors.InsufficientPrivilege):
        message = f"the user {url.username} may not make tables there ({said_by(original)})."
        return message, "Make the user the owner of the database; nothing was changed."
    if not isinstance(original, psycopg.OperationalError):
        return f"cannot be used ({words}).", "Correct the address, or name another database."
    if "password" in words or "no pg_hba.conf entry" in words or "uthentication" in words:
        if "no password supplied" in words:
            return "asks for a password.", FORM
        return "refuses the user or the password.", f"Correct them in {VARIABLE}."
    if "database" in words and "does not exist" in words:
        name = url.database or url.username
        return f"has no database {name}.", f"Create it with: createdb {name}"
    if "role" in words and "does not exist" in words:
        return f"has no user {url.username}.", f"Create it with: createuser {url.username}"
    if "starting up" in words or "shutting down" in words:
        return "starts or stops just now.", "Try again in a moment."
    if "too many" in words or "remaining connection slots" in words:
        return "has no connection left.", "Raise its max_connections, or end what uses them."
    why = words.rsplit("failed: ", 1)[-1].removeprefix("FATAL: ").strip()
    return f"no PostgreSQL answers there ({why}).", f"Start it, or correct {VARIABLE}."


def _without_password(text: str, url: sa.URL) -> str:
    password = str(url.password or "")
    return text.replace(password, MASK) if password else text


def _set_up(connection: psycopg.Connection[Any], _: ConnectionPoolEntry) -> None:
    connection.adapters.register_dumper(str, _WholeDumper)
    for container in (list, tuple, dict):  # what a caller of the hub sent is no array of ours
        connection.adapters.register_dumper(container, _Refusing)
    for kind in ("text", "varchar"):
        connection.adapters.register_loader(kind, _WholeLoader)
    connection.autocommit = True
    settings = "; ".join(f"SET {name} = '{value}'" for name, value in SESSION.items())
    connection.execute(settings)
    connection.autocommit = False


def _begin(connection: sa.Connection) -> None:
    """A writer waits for its turn, and sees what the one before it has written."""
    if "switchyard_reading" not in connection.get_execution_options():
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({OURS}, {WRITING})")


class _WholeDumper(StrDumper):
    """Texts on their way to the server."""

    def dump(self, obj: str) -> Any:
        if "\0" in obj or SIGN in obj:
            obj = obj.replace(SIGN, ITSELF).replace("\0", NUL)
        return super().dump(obj)


class _Refusing(Dumper):
    """Lists and objects, which SQLite takes no more than these."""

    def dump(self, obj: Any) -> NoReturn:
        raise psycopg.ProgrammingError(f"type '{type(obj).__name__}' is not supported")


class _WholeLoader(TextLoader):
    """Texts on their way back."""

    def load(self, data: Any) -> str:
        text = str(data, "utf-8")
        return text.replace(NUL, "\0").replace(ITSELF, SIGN) if SIGN in text else text
