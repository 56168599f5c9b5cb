"""A scenario as one JSON file, which people may read, edit and keep beside their code.

It holds everything but the tasks, and no time stamp: the same scenario is the same file.
"""

from __future__ import annotations

from typing import Any

from core.ango_json.drafts import read_draft, write_draft
from core.ango_json.text import Json, dumps, loads
from core.errors import InputError
from core.model.dialect import CHOICES, Dialect
from core.model.figures import whole_number
from core.routing.versions.golden import Golden, golden_value
from core.scenario.scenario import Scenario
from core.scenario.story import Story, story_of, story_value

VERSION = 3
"""The newest that is read; a file is written as the oldest that can say it."""
MOST_SEED = 2**53 - 1
KIND = "scenario"
_KEYS = (
    *("switchyard", "version", "name", "project", "table", "dialect", "seed"),
    *("assumptions", "rules", "golden", "story"),
)
_KINDS: dict[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    dict: "an object",
    list: "a list",
}


def write_scenario(scenario: Scenario) -> str:
    """The file's text; equal scenarios give equal texts."""
    story = {} if scenario.story is None else {"story": story_value(scenario.story)}
    return (
        dumps(
            {
                "switchyard": KIND,
                "version": _version(scenario.story),
                "name": scenario.name,
                "project": {"id": scenario.project_id, "name": scenario.project_name},
                "table": {"fingerprint": scenario.table, "tasks": scenario.tasks},
                "dialect": scenario.dialect.as_dict(),
                "seed": scenario.seed,
                "assumptions": list(scenario.assumptions),
                "rules": loads(write_draft(scenario.rules)),
                "golden": [golden_value(one) for one in scenario.golden],
                **story,
            },
            indent=2,
        )
        + "\n"
    )


def _version(story: Story | None) -> int:
    """1, with a story 2, with what it costs 3."""
    if story is None:
        return 1
    return 3 if any(lever.of_cost for lever in story.levers) else 2


def is_scenario(data: Json) -> bool:
    """Whether parsed JSON is a scenario file of any version."""
    return isinstance(data, dict) and data.get("switchyard") == KIND


def read_scenario(text: str, source: str = "scenario") -> Scenario:
    """Read a scenario file.

    Raises:
        InputError: It is none, of a newer version, or a value in it cannot be used; says where.
    """
    data = loads(text, source)
    if not is_scenario(data):
        hint = "Choose a file that Switchyard exported; it begins with the key switchyard."
        raise InputError(source, "is no scenario file.", hint)
    version = data.get("version")
    if isinstance(version, int) and version > VERSION:
        message = (
            f"was written by a newer Switchyard (version {version}, this one reads {VERSION})."
        )
        hint = "Update Switchyard, or export the Logic stage as JSON there and open that."
        raise InputError(source, message, hint)
    if isinstance(version, bool) or version not in range(1, VERSION + 1):
        raise InputError(source, f"expected 1 to {VERSION}, found {version!r}.", where="version")
    unknown = sorted(set(data) - set(_KEYS))
    if unknown:
        message = f"the key {unknown[0]!r} has no meaning here."
        raise InputError(source, message, f"Known are {', '.join(_KEYS)}.", "top level")
    read = _Reader(source)
    project = read.of(data, "project", dict, {})
    table = read.of(data, "table", dict, {})
    if "rules" not in data:
        raise InputError(source, "there are no rules.", "Put back the key rules.", "top level")
    return Scenario(
        name=read.of(data, "name", str, "Scenario"),
        rules=read_draft(dumps(data["rules"]), source),
        dialect=_dialect(read.of(data, "dialect", dict, {}), source),
        seed=_seed(read.of(data, "seed", int, 0), source),
        project_id=read.of(project, "id", str, "", "project"),
        project_name=read.of(project, "name", str, "", "project"),
        table=read.of(table, "fingerprint", str, "", "table"),
        tasks=read.of(table, "tasks", int, 0, "table"),
        assumptions=tuple(read.texts(data, "assumptions")),
        golden=tuple(
            _golden(entry, f"golden[{place}]", source)
            for place, entry in enumerate(read.of(data, "golden", list, []))
        ),
        story=story_of(data["story"], source) if "story" in data else None,
    )


def _seed(seed: int, source: str) -> int:
    """A seed that a browser holds, too."""
    if abs(seed) > MOST_SEED:
        raise InputError(source, "expected a whole number below 2^53.", "Choose another.", "seed")
    return seed


def _dialect(data: dict[str, Json], source: str) -> Dialect:
    values: dict[str, Any] = {}
    for name, value in data.items():
        is_stage = name == "at" and isinstance(value, str) and value
        if is_stage or value in CHOICES.get(name, ()):
            values[name] = value
        else:
            known = ", ".join(CHOICES.get(name, (*CHOICES, "at")))
            raise InputError(
                source, f"{value!r} is not a setting.", f"Choose from {known}.", f"dialect.{name}"
            )
    return Dialect(**values)


def _golden(entry: Json, where: str, source: str) -> Golden:
    if not isinstance(entry, dict):
        raise InputError(source, "expected an object with task and stage.", where=where)
    read = _Reader(source)
    task, stage = (read.of(entry, key, str, "", where) for key in ("task", "stage"))
    if not task or not stage:
        raise InputError(source, "needs the ids of a task and a stage.", where=where)
    chance = read.of(entry, "chance", float, 1.0, where)
    if not 0 < chance <= 1:
        message = f"expected a chance above 0 and at most 1, found {whole_number(chance)}."
        raise InputError(source, message, where=f"{where}.chance")
    return Golden(task, stage, float(chance), read.of(entry, "waived", str, "", where))


class _Reader:
    """Takes values out of parsed JSON and names the place of what is of another kind."""

    def __init__(self, source: str) -> None:
        self.source = source

    def of(
        self, data: dict[str, Json], key: str, kind: type, missing: Any, within: str = ""
    ) -> Any:
        """The value of a key, or what stands for a missing one."""
        value = data.get(key, missing)
        allowed = (int, float) if kind is float else (kind,)
        if isinstance(value, bool) or not isinstance(value, allowed):
            place = f"{within}.{key}" if within else key
            raise InputError(self.source, f"expected {_KINDS[kind]}, found {value!r}.", where=place)
        return value

    def texts(self, data: dict[str, Json], key: str) -> list[str]:
        """A list of texts."""
        entries = self.of(data, key, list, [])
        for place, entry in enumerate(entries):
            if not isinstance(entry, str):
                message = f"expected text, found {entry!r}."
                raise InputError(self.source, message, where=f"{key}[{place}]")
        return list(entries)
