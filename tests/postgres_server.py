"""A PostgreSQL server from Debian's packages, for one process of tests; it forgets everything."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

PASSWORD = "a+secret/of:its%own"
PROGRAMS = Path("/usr/lib/postgresql")
LOCAL = ("listen_addresses=127.0.0.1", "max_connections=200")
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
         "shared_buffers=64MB", "wal_level=minimal", "max_wal_senders=0")  # fmt: skip


def _program(name):
    newest = max(PROGRAMS.iterdir(), key=lambda folder: float(folder.name))
    return newest / "bin" / name


def _end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


class PostgresServer:
    """Sorts texts in another way than by their codes, as servers out there do.

    A careful one keeps what it was given when its machine loses its power; tests need none.
    """

    def __init__(self, careful=False):
        self.settings = LOCAL if careful else (*LOCAL, *QUICK)
        self.folder = Path(tempfile.mkdtemp(prefix="switchyard-pg-"))
        self.as_user = {}
        if os.getuid() == 0:  # the server refuses to be root
            self.as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")
        self.folder.chmod(0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data = self.folder / "data"
        words = ["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu"]
        words += ["--icu-locale=en-US", "--auth-local=trust", "--auth-host=scram-sha-256"]
        self._run(_program("initdb"), *words, "--username=postgres", "-D", self.data)
        self.process, self.made = None, 0
        self.start()
        self.do(sql.SQL("ALTER USER postgres PASSWORD {}").format(sql.Literal(PASSWORD)))

    def _run(self, *words):
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self.folder, capture_output=True, text=True, timeout=60, **self.as_user,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def start(self):
        command = [_program("postgres"), "-D", self.data, "-k", self.folder, "-p", self.port]
        for setting in self.settings:
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,
                **self.as_user,
            )
        end = time.monotonic() + 30
        while True:
            try:
                return self.do("SELECT 1")
            except psycopg.OperationalError:
                running = self.process.poll() is None and time.monotonic() < end
                assert running, (self.folder / "log").read_text()
                time.sleep(0.02)

    def stop(self):
        """As when its machine loses its power."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)

    def end(self):
        self.stop()
        shutil.rmtree(self.folder)

    def do(self, *statements, database="postgres"):
        """What the last statement gives."""
        rows = None
        place = {"host": str(self.folder), "port": self.port, "dbname": database}
        with psycopg.connect(**place, user="postgres", autocommit=True) as connection:
            for statement in statements:
                given = connection.execute(statement)
                rows = given.fetchall() if given.description else None
        return rows

    def copy(self, database, new):
        """A database as `pg_dump` and `pg_restore` bring it over."""
        file, place = self.folder / f"{new}.dump", ["-h", self.folder, "-p", self.port]
        place += ["-U", "postgres"]
        self._run(_program("pg_dump"), *place, "-Fc", "-f", file, database)
        self._run(_program("pg_restore"), *place, "--no-owner", "-d", new, file)

    def url(self, database, user="postgres"):
        return f"postgresql://{user}@/{database}?host={self.folder}&port={self.port}"

    def address(self, database, user="postgres", password=PASSWORD):
        """By TCP, where it asks for the password."""
        secret = password.replace("%", "%25").replace("/", "%2F").replace(":", "%3A")
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def database(self, template="template1"):
        """The name of a new database."""
        self.made += 1
        name = f"test_{self.made}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name):
        self.do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
