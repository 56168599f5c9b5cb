"""A project class for each model class, with a score and a reason that people can judge.

Nothing is offered for looking alike. A class is offered because its name is the same but for how it
is written, because it is another word for the same thing, because it is a part of a compound name,
or because the model's class is a kind of it; and never where a sign, a number, a side or a negation
differs. See docs/semantics.md, Mapping.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from core.model.schema import Category, CategorySchema
from core.plugin_runs.mapping.keys import joined, worded, written
from core.plugin_runs.mapping.pairs import Chosen
from core.plugin_runs.mapping.parts import heads, is_denied, names_one_of, parts_of, turned
from core.plugin_runs.mapping.spelling import canonical
from core.plugin_runs.mapping.things import things
from core.plugin_runs.mapping.words import Token, read_name

Reason = Literal["exact", "normalised", "synonym", "near", "part", "kind", "none"]
SURE: tuple[Reason, ...] = ("exact", "normalised", "synonym")
"""Reasons for which a suggestion is taken at once, if one class alone fits as well."""
EXACT, WRITTEN, WORDED, MEANT = 100, 97, 95, 88
TURNED, NEAR, PART, PART_NEAR, HEAD, KIND = 82, 80, 78, 76, 74, 72
LONG = 40
"""A text of more words is no name: it is found when it is the same, and not taken apart."""
STEPS = 12
"""So many points a far kind loses at most against a near one."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is offered for one model class.

    Args:
        model_class: As the plugin declares it.
        offered: Schema ids of the classes that fit best; several fit equally well.
        score: From 0 to 100.
        reason: Why: the same name; the same but for how it is written; another word for it; close
            to it; a part of a compound name; a kind of it; or nothing was found.
    """

    model_class: str
    offered: tuple[str, ...]
    score: int
    reason: Reason

    @property
    def taken(self) -> str | None:
        """The class that may be taken without asking, or None."""
        return self.offered[0] if len(self.offered) == 1 and self.reason in SURE else None

    @property
    def ambiguous(self) -> bool:
        """Whether several classes fit equally well."""
        return len(self.offered) > 1


def targets(schema: CategorySchema) -> tuple[Category, ...]:
    """The classes that labels can be imported for: tools and classifications, no nested ones."""
    return schema.tools + schema.classifications


def suggest(
    model_classes: Sequence[str], schema: CategorySchema, tools: Mapping[str, str] | None = None
) -> tuple[Suggestion, ...]:
    """Offer classes of the project for each class of the model; the same question is kept.

    Args:
        model_classes: As the plugin declares them.
        schema: The project's classes.
        tools: Tool type by model class, where the plugin declares one; of classes that fit
            equally well, those of this type are offered.
    """
    classes = tuple((one.schema_id, one.title, one.tool) for one in targets(schema))
    return _suggest(tuple(model_classes), classes, tuple(sorted((tools or {}).items())))


@lru_cache(maxsize=16)
def _suggest(
    model_classes: tuple[str, ...],
    classes: tuple[tuple[str, str, str], ...],
    tools: tuple[tuple[str, str], ...],
) -> tuple[Suggestion, ...]:
    index, declared = _Index([title for _, title, _ in classes]), dict(tools)
    suggestions = []
    for name in model_classes:
        score, reason, places = index.find(name)
        fitting = [place for place in places if classes[place][2] == declared.get(name)] or places
        ids = tuple(dict.fromkeys(classes[place][0] for place in fitting))
        suggestions.append(Suggestion(name, ids, score, reason))
    return tuple(suggestions)


def safe(suggestions: Sequence[Suggestion], chosen: Chosen) -> dict[str, str | None]:
    """What may be taken at once: sure suggestions for classes without a target; choices stay."""
    return {
        one.model_class: one.taken
        for one in suggestions
        if one.taken is not None and chosen.get(one.model_class) is None
    }


def to_look_at(suggestions: Sequence[Suggestion], chosen: Chosen) -> tuple[str, ...]:
    """Classes without a target for which something is offered that a person must judge."""
    return tuple(
        one.model_class
        for one in suggestions
        if one.offered and one.taken is None and chosen.get(one.model_class) is None
    )


Found = tuple[int, Reason, list[int]]
NOTHING: Found = (0, "none", [])


@dataclass(slots=True)
class _Index:
    """Titles by everything that they can be found by; a place is one in the list of titles."""

    titles: Sequence[str]
    exact: dict[str, list[int]] = field(default_factory=dict)
    written: dict[str, list[int]] = field(default_factory=dict)
    worded: dict[str, list[int]] = field(default_factory=dict)
    meant: dict[str, list[int]] = field(default_factory=dict)
    loose: dict[str, list[int]] = field(default_factory=dict)
    things: dict[int, list[int]] = field(default_factory=dict)
    parts: dict[str, list[int]] = field(default_factory=dict)
    part_things: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, title in enumerate(self.titles):
            tokens = read_name(title).tokens
            if not tokens:
                continue
            thing = things().of(tokens)
            self.exact.setdefault(title, []).append(place)
            self.written.setdefault(written(tokens), []).append(place)
            self.worded.setdefault(worded(tokens), []).append(place)
            self.meant.setdefault(things().meant(tokens), []).append(place)
            self.loose.setdefault(_loose(tokens), []).append(place)
            if thing is not None:
                self.things.setdefault(thing, []).append(place)
            for part in names_one_of(title) if len(tokens) <= LONG else ():
                part_tokens = read_name(part).tokens
                self.parts.setdefault(things().meant(part_tokens), []).append(place)
                known = things().of(part_tokens)
                if known is not None:
                    self.part_things.setdefault(known, []).append(place)

    def find(self, name: str) -> Found:
        """The best of everything; see `Suggestion`."""
        tokens = read_name(name).tokens
        if not tokens:
            places = [place for place, title in enumerate(self.titles) if title == name and name]
            return (EXACT, "exact", places) if places else NOTHING
        for score, reason, places in self._ways(name, tokens):
            fitting = {p for p in places if read_name(name).agrees(read_name(self.titles[p]))}
            if fitting:
                return score, reason, sorted(fitting)
        return NOTHING

    def _ways(self, name: str, tokens: Sequence[Token]) -> Iterator[Found]:
        yield self._same(name)
        if len(tokens) > LONG:
            return
        for other in turned(tokens):
            yield TURNED, "near", self.meant.get(things().meant(other), [])
        yield NEAR, "near", self._near(tokens)
        yield PART, "part", self.parts.get(things().meant(tokens), [])
        yield from self._by_parts(name)
        if not is_denied(tokens):
            parts = parts_of(name)
            names = [name, *(part for row in parts.rows for part in row), parts.note]
            kinds = [way for one in names for way in self._by_kind(read_name(one).tokens) if way[2]]
            yield max(kinds, key=lambda way: way[0], default=NOTHING)

    def _same(self, name: str) -> Found:
        """Titles that say the same thing, however it is written."""
        name_read = read_name(name)
        if name in self.exact:
            return EXACT, "exact", self.exact[name]
        places = self.written.get(written(name_read.tokens), [])
        equal = [p for p in places if read_name(self.titles[p]).letters == name_read.letters]
        if equal:
            return WRITTEN, "normalised", equal
        worth = [*places, *self.worded.get(worded(name_read.tokens), [])]
        if fitting := [p for p in worth if name_read.agrees(read_name(self.titles[p]))]:
            return WORDED, "normalised", fitting
        key = things().meant(name_read.tokens)
        return MEANT, "synonym", self.meant.get(key, []) if "<" in key else []

    def _near(self, tokens: Sequence[Token]) -> list[int]:
        """Titles that are often used for it, or write its numbers and signs another way."""
        thing = things().of(tokens)
        near = () if thing is None else things().near.get(thing, ())
        places = [place for one in near for place in self.things.get(one, ())]
        return places or self.loose.get(_loose(tokens), [])

    def _by_parts(self, name: str) -> Iterator[Found]:
        parts = parts_of(name)
        for row in parts.rows:
            places = [place for part in row for place in self._same(part)[2]]
            yield PART, "part", self._lowest(places)
        for row in parts.rows:
            places = [p for part in row for p in self._near(read_name(part).tokens)]
            yield PART_NEAR, "part", places
        if parts.note:
            yield PART_NEAR, "part", self._same(parts.note)[2]

    def _lowest(self, places: Sequence[int]) -> list[int]:
        """Without titles of which another one is a kind: of vehicle and car, car says more."""
        known = {place: things().of(read_name(self.titles[place]).tokens) for place in places}
        above = {up for one in known.values() if one is not None for up in things().kinds(one)}
        return [place for place in places if known[place] not in above]

    def _by_kind(self, tokens: Sequence[Token]) -> Iterator[Found]:
        """Titles of the name's last words, or of what they are a kind of."""
        for before, head in heads(tokens):
            if all(token.tells for token in head):
                return
            if before or len(head) < len(tokens):
                meaning = things().meant(head)
                yield HEAD, "kind", self.meant.get(meaning, []) or self.parts.get(meaning, [])
            thing = things().of(head)
            if thing is None:
                continue
            if before:
                near = things().near.get(thing, ())
                yield HEAD - 1, "kind", [p for one in near for p in self.things.get(one, ())]
            steps = things().kinds(thing)
            for index in (self.things, self.part_things):
                far = min((steps[one] for one in steps if one in index), default=0)
                nearest = [p for one in steps if steps[one] == far for p in index.get(one, ())]
                yield KIND - min(far, STEPS), "kind", nearest
            return  # a name that is known as a whole is not what its last word is


def _loose(tokens: Sequence[Token]) -> str:
    """The key of a name whose numbers may be roman, spelled or padded, and whose sign a word."""
    pieces = [token.value or canonical(token.text, len(tokens) == 1) for token in tokens]
    last = {"+": "positive", "-": "negative", "pos": "positive", "neg": "negative"}
    if len(pieces) > 1 and pieces[-2] not in ("+", "-"):
        pieces[-1] = last.get(pieces[-1], pieces[-1])
    return joined(pieces)


def pairs_document(
    suggestions: Sequence[Suggestion], schema: CategorySchema
) -> list[dict[str, str | int | bool | None]]:
    """Suggestions as the command line prints them: an entry per class that is offered.

    A model class for which nothing is offered has one entry without a class.
    """
    titles = {category.schema_id: category.title for category in targets(schema)}
    return [
        {
            "modelClass": one.model_class,
            "schemaId": schema_id,
            "title": None if schema_id is None else titles[schema_id],
            "score": one.score,
            "reason": one.reason,
            "taken": schema_id is not None and one.taken == schema_id,
        }
        for one in suggestions
        for schema_id in (one.offered or (None,))
    ]
