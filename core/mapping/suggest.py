"""A project class for each model class, with a score and a reason that people can judge."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from core.model.schema import Category, CategorySchema

Reason = Literal["exact", "normalised", "synonym", "fuzzy", "none"]
SCORES: dict[Reason, int] = {"exact": 100, "normalised": 95, "synonym": 85}
SURE = ("exact", "normalised", "synonym")
"""Reasons for which a suggestion is taken at once; one that is only alike waits for a person."""
FUZZY_FROM, FUZZY_TOP = 75, 84
"""Likeness of names in percent from which a class is offered; never as sure as a synonym."""

_SYNONYMS = (
    ("person", "pedestrian", "human", "people", "man", "woman"),
    ("car", "automobile", "vehicle", "auto"),
    ("truck", "lorry", "hgv"),
    ("bicycle", "bike", "cycle"),
    ("motorcycle", "motorbike"),
    ("rider", "cyclist"),
    ("bus", "coach"),
    ("vessel", "ship"),
    ("small boat", "boat", "dinghy"),
    ("airplane", "aeroplane", "plane", "aircraft"),
    ("traffic light", "traffic signal", "stoplight"),
    ("traffic sign", "road sign"),
    ("license plate", "licence plate", "number plate"),
    ("sidewalk", "pavement", "footpath"),
    ("cell phone", "mobile phone", "phone"),
    ("sofa", "couch"),
    ("television", "tv"),
    ("tumor", "tumour", "lesion"),
    ("container stack", "container"),
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is offered for one model class.

    Args:
        model_class: As the plugin declares it.
        schema_id: The class offered, or None.
        score: From 0 to 100.
        reason: Why: the same name; the same but for case, blanks, accents and plural; another word
            for it; alike; or nothing was found.
    """

    model_class: str
    schema_id: str | None
    score: int
    reason: Reason


def targets(schema: CategorySchema) -> tuple[Category, ...]:
    """The classes that labels can be imported for: tools and classifications, no nested ones."""
    return schema.tools + schema.classifications


def suggest(
    model_classes: Sequence[str], schema: CategorySchema, tools: Mapping[str, str] | None = None
) -> tuple[Suggestion, ...]:
    """Offer a class of the project for each class of the model.

    Args:
        model_classes: As the plugin declares them.
        schema: The project's classes.
        tools: Tool type by model class, where the plugin declares one; of two classes that are
            named alike, the one of this type is offered.
    """
    declared = tools or {}
    return tuple(_best(name, targets(schema), declared.get(name)) for name in model_classes)


def _best(name: str, categories: Sequence[Category], tool: str | None) -> Suggestion:
    ranked = [
        (*likeness(name, category.title), tool in (None, category.tool), -place, category)
        for place, category in enumerate(categories)
        if category.title
    ]
    best = max(ranked, key=lambda found: (found[0], *found[2:4]), default=None)
    if best is None or best[1] == "none":
        return Suggestion(name, None, 0, "none")
    return Suggestion(name, best[4].schema_id, best[0], best[1])


def likeness(one: str, other: str) -> tuple[int, Reason]:
    """How alike two names are, and in which way; the same whichever comes first."""
    if one == other:
        return SCORES["exact"], "exact"
    a, b = normal(one), normal(other)
    if not a or not b:
        return 0, "none"
    if a == b:
        return SCORES["normalised"], "normalised"
    if any(a in group and b in group for group in _GROUPS):
        return SCORES["synonym"], "synonym"
    ratio = fuzz.token_sort_ratio(a, b)
    if ratio < FUZZY_FROM:
        return 0, "none"
    return min(FUZZY_TOP, int(ratio)), "fuzzy"


def normal(name: str) -> str:
    """A name without case, accents, punctuation and plural: `SmallBoats` is `small boat`."""
    spread = unicodedata.normalize("NFKD", _CAMEL.sub(" ", name))
    letters = "".join(c for c in spread if not unicodedata.combining(c)).casefold()
    return " ".join(_singular(word) for word in _BETWEEN.split(letters) if word)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


_GROUPS = tuple(frozenset(normal(word) for word in group) for group in _SYNONYMS)


def pairs_document(
    found: Sequence[Suggestion], schema: CategorySchema
) -> list[dict[str, str | int | bool | None]]:
    """Suggestions as the command line prints them."""
    titles = {category.schema_id: category.title for category in targets(schema)}
    return [
        {
            "modelClass": one.model_class,
            "schemaId": one.schema_id,
            "title": titles.get(one.schema_id) if one.schema_id else None,
            "score": one.score,
            "reason": one.reason,
            "taken": one.schema_id is not None and one.reason in SURE,
        }
        for one in found
    ]
