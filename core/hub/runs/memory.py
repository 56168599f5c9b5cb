"""What the hub remembers of a run: from the minting of its key until that is refused.

One object per run holds all of it, so that nothing can be left behind. What a run is stands in the
store; a memory may be lost at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from core.hub.classes import Known
from core.secret import Secret
from core.store.run_notes import Addressed

TaskIndex = dict[str, dict[str, list[Addressed]]]
"""Tasks of a project by the names of their assets: kind of name, name, tasks."""


@dataclass(slots=True)
class Tally:
    """What was said in a run, or outside of all.

    Args:
        lines: Log lines, the dropped ones too.
        characters: Of those.
        dropped: Lines that were too many to keep.
        counted: Those of the dropped that the store knows of.
    """

    lines: int = 0
    characters: int = 0
    dropped: int = 0
    counted: int = 0


@dataclass(slots=True)
class Holder:
    """The process that a run was handed to, its connection, and since when that is lost."""

    plugin: str
    marks: frozenset[str]
    sid: str
    lost_at: float | None = None


@dataclass(slots=True)
class ProjectUpstream:
    """What was read of a run's project on Ango Hub.

    Args:
        index: Its tasks.
        known: Its classes, and names of its stages by id.
        project_of: Projects of tasks that the run named, "" where there is no such task.
        turn: Held while it is read: it is read once, also for imports at the same time.
    """

    index: TaskIndex | None = None
    known: tuple[Known, dict[str, str]] | None = None
    project_of: dict[str, str] = field(default_factory=dict)
    turn: Lock = field(default_factory=Lock)


@dataclass(slots=True)
class RunMemory:
    """What is remembered of one run.

    Args:
        session: The run's.
        key: To be masked wherever the plugin repeats it.
        tally: Of its log lines.
        project: On Ango Hub, as far as it was read.
        holder: The process that holds it; None for a plugin with the REST connector.
        over_since: When it was first seen to be over, by a clock that nobody sets.
    """

    session: str
    key: Secret
    tally: Tally = field(default_factory=Tally)
    project: ProjectUpstream = field(default_factory=ProjectUpstream)
    holder: Holder | None = None
    over_since: float | None = None


class Memories:
    """The memories of all runs; used from many threads.

    What is said outside of runs (by a plugin long after its run, or of sessions that it made up)
    shares one tally, which begins anew with each run: so nothing here grows with what plugins say.
    """

    def __init__(self) -> None:
        self.outside = Tally()
        self._runs: dict[str, RunMemory] = {}
        self._turn = Lock()

    def begin(self, session: str, key: Secret) -> RunMemory:
        """Remember a run, which is about to be handed over under this key."""
        memory = RunMemory(session, key)
        with self._turn:
            self._runs[session] = memory
            self.outside = Tally()
        return memory

    def of(self, session: str) -> RunMemory | None:
        """What is remembered of a run; asking makes no memory."""
        return self._runs.get(session)

    def forget(self, session: str) -> None:
        """Forget a run, once its key is refused: what repeats that one gives nothing away."""
        with self._turn:
            self._runs.pop(session, None)

    @property
    def all(self) -> tuple[RunMemory, ...]:
        """Every memory."""
        with self._turn:
            return tuple(self._runs.values())

    @property
    def sessions(self) -> tuple[str, ...]:
        """The runs that are remembered."""
        return tuple(memory.session for memory in self.all)
