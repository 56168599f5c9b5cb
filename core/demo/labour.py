"""How the people of the demo work: who takes a task, how long it takes, what they draw and reject.

The same habits as those of the packaged history, for tasks that come afterwards. Nothing here looks
at a clock or keeps anything; chance comes from the generator that is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from core.demo.harbour import (
    BATCHES,
    FIRST_DAY,
    LABELERS,
    LAST_EVENING,
    PEOPLE,
    TEAMS,
    TOOLS,
    HarbourBatch,
    HarbourPerson,
    made_id,
)
from core.demo.pictures import answers_given, geometry, nested, one, titles_seen

Answer = dict[str, Any]
"""Annotations of a task: `tools`, `classifications` and `relations`."""

_LAST_DAY: Final = (LAST_EVENING - FIRST_DAY).days
_AT_WORK: Final = tuple(p for p in LABELERS if p.first <= _LAST_DAY <= p.last)
_BY_ADDRESS: Final = {person.address: person for person in PEOPLE}
_BATCH_OF: Final = {batch.name: batch for batch in BATCHES}
_LEAST_MS: Final = 2_000
_AGREE: Final = 0.78
"""Share of double checks whose two judgments agree."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that waits for somebody.

    Args:
        id: Its id.
        batches: Names of its batches.
        answer: Its annotations.
        assignee: Who worked on it in this stage before, "" for nobody.
        labeler: Who labelled it last, "" when that is not known.
        looks: How often somebody went over it since.
    """

    id: str
    batches: Sequence[str]
    answer: Answer
    assignee: str = ""
    labeler: str = ""
    looks: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did with a task.

    Args:
        by: Address of the person.
        duration: Milliseconds spent.
        answer: The annotations afterwards.
        review: Review status, "" where nobody reviewed.
    """

    by: str
    duration: int
    answer: Answer
    review: str = ""


def arriving(rng: Random) -> HarbourBatch:
    """The batch that one more picture comes in, as large batches have more of them."""
    return rng.choices(BATCHES, [batch.size for batch in BATCHES])[0]


def label(rng: Random, task: Waiting, at: str) -> Done:
    """Somebody labels a task, or goes over it again after a rejection.

    Args:
        rng: Where chance comes from.
        task: The task.
        at: ISO time, for new objects.
    """
    batch = _batch(task)
    who = _known(task.assignee) or one(rng, [p for p in _AT_WORK if p.only in batch.name])
    before: list[dict[str, Any]] = list(task.answer.get("tools") or [])
    again = bool(before)
    # re-work finds one more object of a class that is there
    titles = [str(before[0].get("title"))] if again else titles_seen(rng, batch, who)
    spent = _spent(rng, who, batch, 55 + 34 * max(len(titles), len(before) / 3))
    tools = [*before, *(_object(rng, task.id, title, who, at) for title in titles)]
    questions = task.answer.get("classifications") or answers_given(rng, "night" in batch.name)
    relations = task.answer.get("relations") or []
    answer = {"tools": tools, "classifications": questions, "relations": relations}
    return Done(who.address, spent, answer)


def review(rng: Random, task: Waiting, stage: str) -> Done:
    """Somebody reviews a task and accepts, fixes or rejects it.

    Args:
        rng: Where chance comes from.
        task: The task.
        stage: Name of the Review stage; one that the demo does not have has its usual reviewers.
    """
    who = _known(task.assignee) or one(rng, TEAMS.get(stage, TEAMS["Review"]))
    labeler = _known(task.labeler)
    doubt = (labeler.rejects if labeler else 0.1) * who.rejects * 0.4**task.looks
    rejected = rng.random() < doubt
    tools = list(task.answer.get("tools") or [])
    fixed = stage == "Expert review" and bool(tools) and not rejected and rng.random() < 0.12
    spent = _spent(rng, who, _batch(task), 15 + 5 * len(tools) + 60 * fixed)
    status = "Rejected" if rejected else "Fixed" if fixed else "Accepted"
    return Done(who.address, spent, task.answer, status)


def look(rng: Random, task: Waiting, stage: str) -> Done:
    """Somebody looks at a task a second time, or judges it in a Consensus, and leaves it as it is.

    Args:
        rng: Where chance comes from.
        task: The task.
        stage: Name of the stage.
    """
    who = _known(task.assignee) or one(rng, TEAMS.get(stage, TEAMS["Second look"]))
    tools = list(task.answer.get("tools") or [])
    spent = _spent(rng, who, _batch(task), 30 + 16 * len(tools))
    answer = task.answer
    if stage.startswith("Consensus") and tools and rng.random() < (1 - _AGREE):
        answer = {**answer, "tools": tools[1:]}  # one of two overlooks something
    return Done(who.address, spent, answer)


def new_ids(seed: int, number: int) -> tuple[str, str]:
    """Ids of the asset and the task of a new picture, the same for the same seed and number."""
    return made_id(f"labour {seed} asset {number}"), made_id(f"labour {seed} task {number}")


def _batch(task: Waiting) -> HarbourBatch:
    known: Mapping[str, HarbourBatch] = _BATCH_OF
    return next((known[name] for name in task.batches if name in known), BATCHES[1])


def _known(address: str) -> HarbourPerson | None:
    return _BY_ADDRESS.get(address)


def _spent(rng: Random, who: HarbourPerson, batch: HarbourBatch, seconds: float) -> int:
    pace = who.pace * batch.pace * rng.lognormvariate(0, 0.4)
    return max(_LEAST_MS, round(1000 * seconds * pace))


def _object(rng: Random, task: str, title: str, who: HarbourPerson, at: str) -> dict[str, Any]:
    tool = next((tool for tool, titles in TOOLS.items() if title in titles), "bounding-box")
    seen = {"createdAt": at, "createdBy": who.address, "createdIn": "Label"}
    names = {"objectId": f"{task}{rng.randrange(16**8):08x}", "schemaId": made_id(title)}
    below = {"title": title, "classifications": nested(rng, title), "metadata": seen}
    return geometry(rng, tool) | names | below
