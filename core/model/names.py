"""Names that people know for the ids in rules: classes, batches, people and stages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from core.model.project import Project
from core.model.pseudonyms import Pseudonyms
from core.model.schema import Category
from core.model.text import visible

BLANK = "(blank)"


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id; an id without a name stands for itself.

    Args:
        classes: Title by schema id, made distinct where titles repeat.
        batches: Name by batch id, and by name; empty without a project's list.
        stages: Name by stage id, made distinct where names repeat.
        people: Addresses that rules may name, sorted.
        batch_ids: What a rule writes for each batch, by name.
        shown: Whether names are fit to be seen; else they are as they were written.
        pseudonyms: What people are called instead of their addresses; None for these.
    """

    classes: dict[str, str] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    batch_ids: dict[str, str] = field(default_factory=dict)
    shown: bool = False
    pseudonyms: Pseudonyms | None = None

    def of_person(self, address: str) -> str:
        """What somebody is called."""
        return self.text(address) if self.pseudonyms is None else self.pseudonyms.of(address)

    def without_people(self, text: str) -> str:
        """A text of many things, such as JSON, in which people are called so."""
        return text if self.pseudonyms is None else self.pseudonyms.hide(text, self.people)

    def text(self, text: str) -> str:
        """Any other text of somebody's, in the same way as the names."""
        return visible(text) if self.shown else text

    def to_show(self) -> Names:
        """The same names fit to be seen, and distinct as such; JSON has them as they are."""
        batches = labels({name: name for name in self.batch_ids})
        return replace(
            self,
            classes=labels(self.classes),
            stages=labels(self.stages),
            batches={key: batches.get(name) or visible(name) for key, name in self.batches.items()},
            batch_ids={batches[name]: written for name, written in self.batch_ids.items()},
            shown=True,
        )

    def of_class(self, schema_id: str) -> str:
        """Title of a class."""
        return self.classes.get(schema_id, self.text(f"unknown class {schema_id}"))

    def of_batch(self, batch: str) -> str:
        """Name of a batch."""
        unknown = f"unknown batch {batch}" if self.batches else batch
        return self.batches.get(batch, self.text(unknown))

    def of_stage(self, stage_id: str | None) -> str:
        """Name of a stage, or that the output is not wired."""
        if stage_id is None:
            return "not wired"
        unknown = f"unknown stage {stage_id}" if self.stages else stage_id
        return self.stages.get(stage_id, self.text(unknown))

    def of_table_stage(self, stage: tuple[str, str]) -> str:
        """Name of a stage that task data gives as (id, name); either may be ""."""
        stage_id, name = stage
        return self.stages.get(stage_id) or self.text(name or stage_id)


def names_of(
    project: Project | None,
    schema: Iterable[tuple[str, str]] = (),
    batches: Iterable[str] = (),
    people: Iterable[str] = (),
    stages: Iterable[tuple[str, str]] = (),
) -> Names:
    """Collect names from a project, and from task data for what the project does not say.

    Args:
        project: First source of all names.
        schema: (schema id, title) pairs of the task data.
        batches: Batches as the task data has them.
        people: Addresses in the task data.
        stages: (stage id, name) pairs of the task data; used when the project lists no stages.
    """
    titles = {c.schema_id: c.title or c.schema_id for c in _classes(project)}
    kinds = {c.schema_id: c.tool for c in _classes(project)}
    for schema_id, title in schema:
        titles.setdefault(schema_id, title or schema_id)
    known_stages = {stage.id: stage.name for stage in (project.stages if project else None) or ()}
    seen_stages = {stage_id or name: name or stage_id for stage_id, name in stages}
    by_id: dict[str, str] = {}
    writes: dict[str, str] = {}
    known = (project.batches if project else None) or ()
    batch_labels = distinct({batch.id: batch.name for batch in known}, {})
    for batch_id, name in batch_labels.items():
        by_id[batch_id] = name
        writes[name] = batch_id
    for batch in known:
        by_id.setdefault(batch.name, batch.name)
    if not known:
        writes = {name: name for name in batches}
    addresses = {
        p.email.strip().casefold(): p.email for p in (project.people if project else None) or ()
    }
    for address in people:
        addresses.setdefault(address.strip().casefold(), address)
    return Names(
        classes=distinct(titles, kinds),
        batches=by_id,
        stages=distinct(known_stages or seen_stages, {}),
        people=tuple(addresses[key] for key in sorted(addresses)),
        batch_ids=writes,
    )


def _classes(project: Project | None) -> list[Category]:
    return list(project.schema.walk()) if project and project.schema else []


def distinct(names: dict[str, str], kinds: dict[str, str]) -> dict[str, str]:
    """The same names by id; equal ones get their kind, and a number where that is not enough.

    A picker shows names alone, so two equal ones could not be told apart.
    """
    repeated = {name for name, count in Counter(names.values()).items() if count > 1}
    with_kind = {
        key: f"{name} ({kinds[key]})" if name in repeated and kinds.get(key) else name
        for key, name in names.items()
    }
    repeated = {name for name, count in Counter(with_kind.values()).items() if count > 1}
    taken = set(with_kind.values())
    told_apart = {}
    for key, name in with_kind.items():
        number = 1
        while name in repeated and f"{name} #{number}" in taken:
            number += 1
        told_apart[key] = f"{name} #{number}" if name in repeated else name
        taken.add(told_apart[key])
    return told_apart


def labels(names: dict[str, str]) -> dict[str, str]:
    """Names by id as a picker shows them: fit to be seen, none of blanks, and no two alike."""
    return distinct({k: visible(v) if v.strip() else BLANK for k, v in names.items()}, {})
