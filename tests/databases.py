"""Databases of both kinds for tests: files of SQLite, and a real PostgreSQL for each process."""

import pytest
import sqlalchemy as sa
from postgres_server import PostgresServer

from core.store.database import open_database

KINDS = ("sqlite", "postgresql")
PACKAGED, SHARED = "packaged", "shared"


@pytest.fixture(scope="session")
def postgres():
    """The server, begun when the first test asks for it."""
    server = PostgresServer()
    server.do(f"CREATE DATABASE {PACKAGED}")
    open_database(server.url(PACKAGED)).close()
    server.do(f"CREATE DATABASE {SHARED} TEMPLATE {PACKAGED}")
    yield server
    server.end()


@pytest.fixture
def let_go():
    """Lets go of every database that the test opened: a server minds."""
    opened = []

    def open_one(connection):
        opened.append(connection.engine)

    sa.event.listen(sa.Engine, "engine_connect", open_one)
    yield
    sa.event.remove(sa.Engine, "engine_connect", open_one)
    for engine in opened:
        engine.dispose()


_EMPTY = """
DO $$ DECLARE one text; BEGIN
  SET LOCAL session_replication_role = replica;  -- the record of changes refuses to be emptied
  FOR one IN SELECT tablename FROM pg_tables
             WHERE schemaname = current_schema() AND tablename <> 'migrations' LOOP
    EXECUTE format('DELETE FROM %I', one);
  END LOOP;
  FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', one);
  END LOOP;
END $$
"""


@pytest.fixture
def on_postgres(postgres, let_go):
    """The address of a database with nothing in its tables, which tests use by turns."""
    postgres.do(_EMPTY, database=SHARED)
    return postgres.url(SHARED)


@pytest.fixture(params=KINDS)
def database_url(request, tmp_path, monkeypatch):
    """The address of a database with nothing in it, of each kind, as the environment names it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'switchyard.db'}"  # as the data folder names it, too
    url = request.getfixturevalue("on_postgres")
    monkeypatch.setenv("SWITCHYARD_DATABASE", url)
    return url


@pytest.fixture(scope="session")
def make_database(request, tmp_path_factory):
    """Makes the address of a database of a kind, which nobody else uses."""

    def make(kind, tables=True):
        if kind == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('database') / 'switchyard.db'}"
        postgres = request.getfixturevalue("postgres")
        return postgres.url(postgres.database(PACKAGED if tables else "template0"))

    return make
