"""What happened lately, and what needs attention, for whoever comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.errors import InputError
from core.model.diagnostics import RuleDiagnostic
from core.model.figures import counted
from core.plugin_runs.log_text import last_words
from core.plugin_runs.model import Liveness, Plugin, Run
from core.publish.backup import Backup, backups
from core.routing.versions.golden import GoldenVerdict
from core.store.drafts import Drafts
from core.store.plugins import Registry
from core.store.runs import Runs

DAY_SECONDS = 86_400.0
MOST_RUNS = 20
MOST_WHY = 100
"""Characters of why a run ended badly; its page has all of them."""
STATES = {
    "succeeded": "wrote labels in",
    "failed": "failed after",
    "cancelled": "was cancelled after",
    "no_answer": "gave no answer; it labelled",
    "interrupted": "was interrupted after",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened.

    Args:
        at: Seconds since 1970.
        kind: What kind of thing.
        words: In a few words.
        id: Session of the run, id of the draft, or "".
    """

    at: float
    kind: Literal["run", "draft", "publish"]
    words: str
    id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {"at": self.at, "kind": self.kind, "words": self.words, "id": self.id}


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that needs attention.

    Args:
        words: What, in a sentence.
        where: The page that shows it.
        id: Session of the run, or "".
    """

    words: str
    where: Literal["rules", "registry", "run"]
    id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {"words": self.words, "where": self.where, "id": self.id}


def run_words(run: Run, plugin: str) -> str:
    """A run in a few words."""
    what = f"{run.request.kind.capitalize()} of {plugin}"
    tasks = f"{counted(run.tasks)} task{'s' * (run.tasks != 1)}"
    if run.state == "queued":
        return f"{what} waits to be sent"
    if not run.is_final:
        return f"{what} is going on: {tasks} so far"
    if run.undone_at is not None:
        return f"{what} was undone"
    if run.request.probe and run.state == "succeeded":
        return f"{what} looked at {tasks}"
    if run.request.dry_run and run.state == "succeeded":
        return f"{what} would write labels in {tasks}"
    return f"{what} {STATES[run.state]} {tasks}"


def recently(
    runs: Runs,
    drafts: Drafts,
    registry: Registry,
    workspace: str,
    published: Sequence[Backup],
    since: float,
    project: str | None = None,
) -> tuple[Happening, ...]:
    """What happened since a time, newest first.

    Args:
        runs: Of the data folder.
        drafts: Of the data folder.
        registry: Names of plugins.
        workspace: Whose drafts count.
        published: Backups of the project's workflow, one per write.
        since: Seconds since 1970.
        project: Whose runs count, None for those of all.
    """
    names = {plugin.id: plugin.name for plugin in registry.list(archived=True)}
    events = [
        Happening(run.created_at, "run", run_words(run, names[run.request.plugin]), run.session)
        for run in runs.list(project=project, limit=MOST_RUNS)
    ]
    events += [
        Happening(d.saved_at, "draft", f"{d.name or 'A draft'} was edited", d.id)
        for d in drafts.recent(workspace)
    ]
    events += [Happening(b.taken_at.timestamp(), "publish", _reason(b)) for b in published]
    return tuple(sorted((e for e in events if e.at >= since), key=lambda e: -e.at))


def published_in(folder: Path, host: str, project: str) -> tuple[Backup, ...]:
    """Backups of a project's workflow; none where the folder cannot be read."""
    try:
        return backups(folder, host, project)
    except (InputError, OSError):
        return ()


def _reason(backup: Backup) -> str:
    what = backup.reason.partition("before publishing ")[2]
    if what:
        return f"{what} was published; the workflow before is kept"
    return f"A backup was kept {backup.reason}" if backup.reason else "A workflow was written"


def concerns(
    diagnostics: Sequence[RuleDiagnostic],
    golden: Sequence[GoldenVerdict],
    plugins: Sequence[Plugin],
    live: Mapping[str, Liveness],
    runs: Sequence[Run] = (),
) -> tuple[Concern, ...]:
    """What needs attention, the most pressing first.

    Args:
        diagnostics: What is wrong or doubtful in the rules.
        golden: Where pinned tasks go.
        plugins: Those that are registered.
        live: Which of them are connected.
        runs: Newest first. Of each plugin the newest counts that nobody cancelled, and each that
            has written labels that do not fit.
    """
    failing = sum(not verdict.ok for verdict in golden)
    doubts = [one for one in diagnostics if one.severity != "note"]
    listed = []
    if failing:
        listed.append(Concern(
            f"{failing} of {len(golden)} pinned tasks would not go where they must.", "rules"
        ))  # fmt: skip
    if doubts:
        many = len(doubts)
        listed.append(Concern(
            f"{many} finding{'s' * (many != 1)} in the rules: {doubts[0].message}", "rules"
        ))  # fmt: skip
    for plugin in plugins:
        state = live.get(plugin.id)
        if state is None or state.state != "live":
            words = f"The plugin {plugin.name} is not connected."
            if state is not None and state.state == "wrong secret":
                words = f"The plugin {plugin.name} is connected with a wrong secret."
            listed.append(Concern(words, "registry"))
    for plugin in plugins:
        own = [run for run in runs if run.request.plugin == plugin.id and run.state != "cancelled"]
        for place, run in enumerate(own):
            counts = place == 0 or not run.request.dry_run
            words = _trouble(run, plugin.name, place == 0) if counts else ""
            if words:
                listed.append(Concern(words, "run", run.session))
    return tuple(listed)


def _trouble(run: Run, plugin: str, is_newest: bool) -> str:
    """What somebody should know of a run that has ended; "" where it went well."""
    if is_newest and run.state in ("failed", "no_answer", "interrupted"):
        why = last_words(run.reason, MOST_WHY)
        return f"{run_words(run, plugin)}: {why}" if why else f"{run_words(run, plugin)}."
    misfits = sum(run.doubtful.values())
    if misfits and run.is_final and run.undone_at is None and run.discarded_at is None:
        labels, do = ("label", "does") if misfits == 1 else ("labels", "do")
        of = "the last run" if is_newest else "a run"
        many = f"{counted(misfits)} {labels} of {of} of {plugin}"
        return f"{many} {do} not fit the project."
    return ""
