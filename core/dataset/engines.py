"""The engines that count a table where it lies, and the only module that knows their libraries.

Ibis turns one expression into each engine's own SQL. What the two do not share stays here: how
they are opened and limited, 64-bit products without overflow, progress, cancelling, and the
sentence when something is missing or fails.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import ibis
import pyarrow as pa
from ibis import _

from core.dataset.layout import Dataset, damaged, first_damaged, plain
from core.errors import InputError

MEMORY = "3GiB"
"""What DuckDB may hold; the process around it needs some hundred megabytes more."""
LOOK_SECONDS = 0.1

Progress = Callable[[float], None]
"""Called with the share that is done, from 0 to 1."""


def _silent(share: float) -> None:
    """Report to nobody."""


class CountingEngine(ABC):
    """Counts the rows of Parquet files. Use within `open_engine`, from one thread."""

    name: ClassVar[str]

    def __init__(self, progress: Progress = _silent) -> None:
        self.progress = progress

    @abstractmethod
    def rows(self, dataset: Dataset) -> Any:
        """All tasks of a table, as an Ibis table with the columns of `core.tasks.parquet`."""

    @abstractmethod
    def mixed(self, column: Any, key: int, steps: Sequence[tuple[int, int]], last: int) -> Any:
        """The mixing of `core.routing.engine.draw` modulo 2^64, but for the bits that it drops.

        Args:
            column: The hash of each task's id, as the table has it.
            key: What it is mixed with.
            steps: Bits to the right and factor of each step.
            last: Bits to the right at the end.
        """

    @abstractmethod
    def above(self, mixed: Any, dropped: int) -> Any:
        """The mixed hashes without their last bits."""

    @abstractmethod
    def _start(self, query: Any) -> pa.Table:
        """The answer; called in a thread of its own."""

    @abstractmethod
    def _share(self) -> float:
        """How far the query is; below 0 where nobody knows."""

    @abstractmethod
    def _stop(self) -> None:
        """End the query at once."""

    @abstractmethod
    def _reason(self, error: BaseException) -> str | None:
        """One clause for an error of this engine, None for any other error."""

    def constant(self, value: bool) -> Any:
        """The same truth for each task."""
        return ibis.literal(value)

    def listed(self, value: Any) -> Any:
        """A list of one value for each task."""
        return ibis.array([value])

    def first(self, bits: Sequence[Any], values: Sequence[int], otherwise: int) -> Any:
        """The value of the first bit that is set, task by task."""
        pairs = list(zip(bits, values, strict=True))
        return ibis.cases(*pairs, else_=otherwise) if pairs else ibis.literal(otherwise)

    def in_memory(self, rows: pa.Table, schema: Any) -> pa.Table:
        """Rows that were answered, in the types of `core.tasks.parquet`."""
        return rows.cast(plain(schema))

    def has_id(self, rows: Any, hashed: int, task_id: str) -> Any:
        """The task of an id, and of its hash, by which it is found sooner."""
        return (rows.id_hash == ibis.literal(hashed, "uint64")) & (rows.task_id == task_id)

    def sums(self, rows: Any, bits: Mapping[str, Any]) -> Any:
        """How many tasks each of these bits is set of, in one row."""
        return rows.aggregate(**{name: bit.cast("int64").sum() for name, bit in bits.items()})

    def distinct(self, rows: Any, lists: Any, field: str) -> Any:
        """The distinct values of a field of the entries in a column of lists."""
        return rows.select(entry=lists).unnest("entry").select(value=_.entry[field]).distinct()

    def coded(self, rows: Any, lists: Any, names: Sequence[str]) -> Any:
        """Pairs of a position and the code of a name in its list, in any order.

        Args:
            rows: The tasks.
            lists: A column of lists of names; a name that is not among these is left out.
            names: By code.
        """
        codes = pa.table({"name": pa.array(names, pa.string()), "code": range(len(names))})
        flat = rows.select("position", name=lists).unnest("name")
        return flat.inner_join(ibis.memtable(codes), "name").select("position", "code")

    def answer(self, query: Any, dataset: Dataset) -> pa.Table:
        """Ask, report how far it is, and end it when somebody interrupts.

        Args:
            query: An Ibis table over `rows`, small when it is worked out.
            dataset: What it asks about.

        Raises:
            InputError: A part of the table is damaged, or the engine has no room.
        """
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self._start, query)
            try:
                while wait([asked], LOOK_SECONDS).not_done:
                    share = self._share()
                    if share >= 0:
                        self.progress(share)
            except KeyboardInterrupt:
                self._stop()
                while wait([asked], LOOK_SECONDS).not_done:
                    self._stop()  # what was only being prepared has begun
                raise
        error = asked.exception()
        if error is None:
            return asked.result()
        reason = self._reason(error)
        if reason is None:
            raise error
        path = first_damaged(dataset)
        if path is not None:
            raise damaged(path) from error
        hint = "Make room for it, or look at fewer tasks."
        raise InputError(f"--engine {self.name}", f"could not count: {reason}.", hint)


@contextmanager
def open_engine(
    name: str, progress: Progress = _silent, memory: str = MEMORY, master: str = ""
) -> Iterator[CountingEngine]:
    """An engine, and nothing of it left behind.

    Args:
        name: `duckdb` or `spark`.
        progress: Told how far a question is.
        memory: What DuckDB may hold, such as `3GiB`; of Spark its own settings hold.
        master: Where Spark counts, as it names it; "" for this machine.

    Raises:
        InputError: Spark or Java is not there.
    """
    if name == "duckdb":
        with TemporaryDirectory(prefix="switchyard-") as spill:
            engine = DuckDB(progress, memory, Path(spill))
            try:
                yield engine
            finally:
                engine.close()
    else:
        spark = Spark(progress, master)
        try:
            yield spark
        finally:
            spark.close()


class DuckDB(CountingEngine):
    """In this process; what does not fit into memory goes to a folder that ends with it."""

    name = "duckdb"

    def __init__(self, progress: Progress, memory: str, spill: Path) -> None:
        super().__init__(progress)
        self._errors = import_module("duckdb").Error
        self._backend = ibis.duckdb.connect(memory_limit=memory, temp_directory=str(spill))
        self._connection = self._backend.con
        self._connection.execute("SET enable_progress_bar = true")
        self._connection.execute("SET enable_progress_bar_print = false")
        self._connection.execute("SET preserve_insertion_order = false")
        self._connection.execute(_TIMES)

    def close(self) -> None:
        """Let go of everything."""
        self._backend.disconnect()

    def rows(self, dataset: Dataset) -> Any:
        """The files of the table; their names are no patterns."""
        return self._backend.read_parquet([_literally(path) for path in dataset.paths])

    def mixed(self, column: Any, key: int, steps: Sequence[tuple[int, int]], last: int) -> Any:
        """In unsigned numbers; a macro multiplies them with 128 bits."""
        mixed = column ^ ibis.literal(key, "uint64")
        for bits_right, factor in steps:
            mixed = mixed ^ (mixed >> ibis.literal(bits_right, "uint64"))
            mixed = times_of_64_bits(mixed, ibis.literal(factor, "uint64"))
        return mixed ^ (mixed >> ibis.literal(last, "uint64"))

    def above(self, mixed: Any, dropped: int) -> Any:
        """Unsigned, so a shift."""
        return mixed >> ibis.literal(dropped, "uint64")

    def _start(self, query: Any) -> pa.Table:
        return query.to_pyarrow()

    def _share(self) -> float:
        return float(self._connection.query_progress()) / 100

    def _stop(self) -> None:
        self._connection.interrupt()

    def _reason(self, error: BaseException) -> str | None:
        return _clause(error) if isinstance(error, self._errors) else None


_TIMES = (
    "CREATE OR REPLACE TEMP MACRO times_of_64_bits(a, b) AS CAST("
    "(CAST(a AS UHUGEINT) * CAST(b AS UHUGEINT)) & 18446744073709551615::UHUGEINT AS UBIGINT)"
)
"""A remainder of 128 bits instead of the mask takes a hundred times longer."""


@ibis.udf.scalar.builtin(signature=(("uint64", "uint64"), "uint64"))
def times_of_64_bits(a, b):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """The product modulo 2^64; a macro in DuckDB."""


@ibis.udf.scalar.builtin(signature=(("int64", "int32"), "int64"))
def shiftrightunsigned(value, places):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Bits to the right with zeros from the left; a function of Spark."""


def _literally(path: Path) -> str:
    """A path in which nothing is a pattern."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path.absolute()))


def _clause(error: BaseException) -> str:
    first = next(iter(str(error).splitlines()), "") or type(error).__name__
    return first.rstrip(".")[:300]


class Spark(CountingEngine):
    """PySpark: the cluster that a setting names, else this machine, on loopback."""

    name = "spark"

    def __init__(self, progress: Progress, master: str) -> None:
        super().__init__(progress)
        sql = _pyspark()
        # an interrupted call to Java is logged with its traceback where nobody listens
        logging.getLogger().addHandler(logging.NullHandler())
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
        self._errors = import_module("pyspark.errors").PySparkException
        self._session = _session(sql, master)
        self._session.conf.set("spark.sql.ansi.enabled", "false")  # products modulo 2^64
        self._session.conf.set("spark.sql.variable.substitute", "false")  # ${x} is a text
        self._session.conf.set("spark.sql.session.timeZone", "UTC")
        self._backend = ibis.pyspark.connect(self._session)

    def close(self) -> None:
        """End the session, and with it the process of Java."""
        self._session.stop()

    def rows(self, dataset: Dataset) -> Any:
        """The files of the table; hashes as signed numbers, since Spark has no others."""
        paths = [f"file://{_GLOB.sub(_BACKSLASH, str(p.absolute()))}" for p in dataset.paths]
        try:
            frame = self._session.read.parquet(*paths)
        except self._errors as error:
            hint = "Put it where every part of the cluster can read it."
            raise InputError(
                str(dataset.folder), f"Spark cannot read it: {_clause(error)}.", hint
            ) from error
        view = ibis.util.gen_name("switchyard_tasks")
        frame.createOrReplaceTempView(view)
        table = self._backend.table(view)
        half, whole = ibis.literal(2**63, "decimal(20, 0)"), ibis.literal(2**64, "decimal(20, 0)")
        signed = (table.id_hash >= half).ifelse(table.id_hash - whole, table.id_hash)
        return table.mutate(id_hash=signed.cast("int64"))

    def mixed(self, column: Any, key: int, steps: Sequence[tuple[int, int]], last: int) -> Any:
        """In signed numbers that run over as Java's do."""
        mixed = column ^ ibis.literal(_signed(key), "int64")
        for bits_right, factor in steps:
            mixed = mixed ^ shiftrightunsigned(mixed, bits_right)
            mixed = mixed * ibis.literal(_signed(factor), "int64")
        return mixed ^ shiftrightunsigned(mixed, last)

    def above(self, mixed: Any, dropped: int) -> Any:
        """With zeros from the left."""
        return shiftrightunsigned(mixed, dropped)

    def in_memory(self, rows: pa.Table, schema: Any) -> pa.Table:
        """As of any engine, with hashes that have no sign."""
        place = rows.column_names.index("id_hash")
        hashes = rows["id_hash"].to_numpy().view("uint64")
        return super().in_memory(rows.set_column(place, "id_hash", pa.array(hashes)), schema)

    def _start(self, query: Any) -> pa.Table:
        return self._session.sql(self._backend.compile(query)).toArrow()  # Ibis goes over pandas

    def _share(self) -> float:
        return -1.0  # asking Java could be interrupted; Spark shows a bar of its own

    def _stop(self) -> None:
        self._session.sparkContext.cancelAllJobs()

    def _reason(self, error: BaseException) -> str | None:
        return _clause(error) if isinstance(error, self._errors) else None


_GLOB, _BACKSLASH = re.compile(r"([*?\[\]{}\\])"), r"\\\1"


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


def _pyspark() -> Any:
    try:
        return import_module("pyspark.sql")
    except ImportError as error:
        hint = "Install it: pip install -r requirements-spark.txt."
        raise InputError("--engine spark", "PySpark is not installed.", hint) from error


def _session(sql: Any, master: str) -> Any:
    home = os.environ.get("JAVA_HOME")
    java = Path(home, "bin", "java").exists() if home else shutil.which("java")
    if not java:
        where = f"in {home}, which JAVA_HOME names" if home else "on this machine"
        hint = "Install Java 17 or newer: apt-get install openjdk-17-jre-headless."
        raise InputError("--engine spark", f"there is no Java {where}.", hint)
    builder = sql.SparkSession.builder.appName("switchyard")
    if master:
        builder = builder.master(master)
    else:
        builder = builder.master("local[*]")
        os.environ["SPARK_LOCAL_IP"] = _LOOPBACK["spark.driver.host"]
        for name, value in _LOOPBACK.items():
            builder = builder.config(name, value)
        bar = sys.stderr.isatty()
        builder = builder.config("spark.ui.showConsoleProgress", str(bar).lower())
    try:
        return builder.getOrCreate()
    except (RuntimeError, OSError, import_module("pyspark.errors").PySparkException) as error:
        hint = "Check SWITCHYARD_SPARK_MASTER, JAVA_HOME and Spark's own configuration."
        message = f"Spark did not start: {_clause(error)}."
        raise InputError("--engine spark", message, hint) from error


_LOOPBACK = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.log.level": "ERROR",
}
