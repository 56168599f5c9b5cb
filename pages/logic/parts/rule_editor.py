"""The editor of one rule: pickers with names for its type, and the stage that its output leads to.

The draft is the truth: before a widget is drawn it is given the draft's value, and its change goes
back as one edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import streamlit as st

from core.ango_json.stages import read_rule, write_rule
from core.ango_json.text import dumps, loads
from core.errors import InputError
from core.model.dialect import MILLISECONDS, in_percent, of_percent
from core.model.figures import counted, whole_number
from core.model.glossary import NEEDS_ADDRESSES
from core.model.names import labels
from core.model.numbers import read_field
from core.model.phrases import TIME_UNITS, unit_of_time
from core.model.rules import Condition, Rule
from core.model.stages import Logic
from core.routing import edit
from core.routing.sentence import rule_title
from core.rule_types.annotation_type import AnnotationType, ClassFilter
from core.rule_types.annotator import Annotator
from core.rule_types.batch import Batch
from core.rule_types.duration import Duration
from core.rule_types.opaque import is_opaque
from core.rule_types.random_sample import RandomSample
from core.rule_types.registry import type_label
from core.tasks.table import person_key
from pages._ui import drafting
from pages._ui.bound_widget import held, shown
from pages._ui.keys import Key, key
from pages._ui.markdown_escape import plain
from pages._ui.number_field import number_field
from pages._ui.numbers import fits
from pages._ui.state import Opened, current

NOT_WIRED = ""

_Change = Callable[[Condition], None]


def rule_editor(opened: Opened, stage: Logic, rule: Rule | None, base: str = "") -> None:
    """Edit a rule, or with None what Else leads to.

    Args:
        opened: The open project.
        stage: The rules in hand.
        rule: The one that is edited.
        base: What its percentage is of, said beside the slider; "" where it has none.
    """
    if rule is None:
        st.markdown("**Else**")
        st.caption("Takes every task that no rule above took.")
    else:
        number = next(number for number, other in stage.numbered if other.id == rule.id)
        kind = type_label(rule.type) if rule.type else "Unknown"
        st.markdown(f"**{rule_title(number)} · {plain(kind)}**")
        _condition(opened, rule)
        if base:
            st.markdown(base)
    _target(opened, stage, rule)


def _condition(opened: Opened, rule: Rule) -> None:
    def change(condition: Condition) -> None:
        stage = drafting.stage_in_hand(opened)
        drafting.save(opened, edit.set_condition(stage, rule.id, condition))

    pickers = _PICKERS.get(rule.type)
    if pickers is None or is_opaque(rule.condition):
        _raw(opened, rule)
    else:
        pickers(opened, rule, rule.condition, change)


def _classes(opened: Opened, rule: Rule, condition: AnnotationType, change: _Change) -> None:
    names = opened.names
    has = [f.schema_id for f in condition.filters if f.present]
    lacks = [f.schema_id for f in condition.filters if not f.present]
    options = _options([*has, *lacks], names.classes)
    chosen, left_out = (
        held(key("rules.has", rule.id), has),
        held(key("rules.lacks", rule.id), lacks),
    )

    def changed(_: list[str]) -> None:
        there = [ClassFilter(s, True) for s in st.session_state[chosen.key]]
        not_there = [ClassFilter(s, False) for s in st.session_state[left_out.key]]
        change(AnnotationType((*there, *not_there)))

    for label, one in (("Has all of these classes", chosen), ("Has none of these", left_out)):
        st.multiselect(
            label,
            options,
            default=one.value,
            format_func=names.of_class,
            placeholder="Choose classes",
            key=one.key,
            on_change=one.then(changed),
        )


def _options(chosen: Iterable[str], known: Iterable[str]) -> list[str]:
    """What can be picked: the known ones, and those chosen that are not known."""
    return list(dict.fromkeys([*known, *chosen]))


def _people(opened: Opened, rule: Rule, condition: Annotator, change: _Change) -> None:
    names = opened.names
    spelled = {person_key(person): person for person in names.people}
    chosen = list(dict.fromkeys(spelled.get(person_key(p), p) for p in condition.people))
    options = _options(chosen, names.people)
    people_held = held(key("rules.people", rule.id), chosen)
    st.multiselect(
        "Annotated by any of",
        options,
        default=people_held.value,
        format_func=labels({one: names.of_person(one) for one in options}).__getitem__,
        placeholder="Choose people",
        key=people_held.key,
        on_change=people_held.then(lambda picked: change(Annotator(tuple(picked)))),
    )


def _batches(opened: Opened, rule: Rule, condition: Batch, change: _Change) -> None:
    names = opened.names
    chosen = [names.batch_ids.get(names.of_batch(batch), batch) for batch in condition.batches]
    batches_held = held(key("rules.batches", rule.id), list(dict.fromkeys(chosen)))
    st.multiselect(
        "In any of these batches",
        _options(chosen, names.batch_ids.values()),
        default=batches_held.value,
        format_func=names.of_batch,
        placeholder="Choose batches",
        key=batches_held.key,
        on_change=batches_held.then(lambda picked: change(Batch(tuple(picked)))),
    )


def _percentage(opened: Opened, rule: Rule, condition: RandomSample, _: _Change) -> None:
    dialect = opened.workspace.dialect
    percent = in_percent(dialect.chance(condition.value))
    slider = held(key("rules.slider", rule.id), percent)

    def changed(value: float) -> None:
        stage, state = drafting.stage_in_hand(opened), current()
        edited = edit.set_chances(stage, {rule.id: of_percent(value)}, dialect)
        drafting.save(opened, edited)
        state.notice = edit.rewritten(stage, edited, [rule.id]) or state.notice

    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.slider(
        "Chance per task", 0.0, 100.0, slider.value, step=1.0, format="%g %%", key=slider.key,
        on_change=slider.then(changed),
    )  # fmt: skip
    number_field(
        "Chance", key("rules.percent", rule.id), percent, changed, unit="%", low=0, high=100,
        stays=f"The rule stays at {whole_number(percent)} %.", place=right, below=st,
    )  # fmt: skip
    st.caption("Ango Hub draws afresh for each task that passes; counts vary around the share.")


def _duration(opened: Opened, rule: Rule, condition: Duration, change: _Change) -> None:
    in_ms = MILLISECONDS[opened.workspace.dialect.unit]
    bounds = [None if end is None else end * in_ms for end in (condition.low, condition.high)]
    if not all(fits(bound or 0.0, float) for bound in bounds):
        _raw(opened, rule)
        return
    beside = next((bound for bound in bounds if bound is not None), None)
    names = key("rules.low", rule.id), key("rules.high", rule.id)
    ends = [
        _End(name, bound, unit_of_time(beside if bound is None else bound))
        for name, bound in zip(names, bounds, strict=True)
    ]

    def changed(_: float | None) -> None:
        low, high = (end.typed() for end in ends)
        if not _reversed(low, high):
            change(
                Duration(*(None if end is None else round(end / in_ms, 9) for end in (low, high)))
            )

    for column, label, end in zip(st.columns(2), ("At least", "At most"), ends, strict=True):
        number_field(
            label, end.name, end.value, changed, unit=end.unit, units=end.units, low=0,
            empty="open", stays="The rule stays as it is.", waits=True, place=column,
        )  # fmt: skip
    if _reversed(*(end.typed() for end in ends)):
        st.error("The lower bound is above the upper one; the rule stays as it was until then.")
    unknown = opened.workspace.facts.honesty.unknown_duration
    if unknown:
        st.caption(f"Both ends count. {counted(unknown)} tasks of unknown duration never match.")


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a duration: its box, its milliseconds in the draft, and the unit of the card."""

    name: Key
    bound: float | None
    unit: str

    @property
    def units(self) -> dict[str, float]:
        """What may be typed, by what it is in the unit of the box."""
        return {word: size / TIME_UNITS[self.unit] for word, size in TIME_UNITS.items()}

    @property
    def value(self) -> float | None:
        """What the box shows."""
        return None if self.bound is None else round(self.bound / TIME_UNITS[self.unit], 9)

    def typed(self) -> float | None:
        """Milliseconds in the box; of the draft where it holds none."""
        try:
            number = read_field(shown(self.name) or "", self.units, 0)
        except ValueError:
            return self.bound
        return None if number is None else round(number * TIME_UNITS[self.unit], 6)


def _reversed(low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and low > high


def _raw(opened: Opened, rule: Rule) -> None:
    """The JSON of a rule that has no pickers; a text with an error stays, with the place."""
    st.caption("Kept exactly as it is. Edit its JSON here if you know what Ango Hub expects.")
    source = rule.source or dumps(write_rule(rule, 0))
    shown = dumps(loads(source), indent=2)
    mark = blake2b(source.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    name = key("rules.raw", rule.id, mark)
    if opened.names.pseudonyms is not None:
        hidden = opened.names.without_people(shown)
        st.text_area("Rule as JSON", hidden, height=180, disabled=True, help=NEEDS_ADDRESSES)
        return

    def read() -> Rule:
        return read_rule(loads(st.session_state[name], "The rule"), 0, set())

    def changed() -> None:
        with suppress(InputError):  # said below, beside the text
            edited = read()
            if dumps(loads(edited.source)) != dumps(loads(source)):
                stage = drafting.stage_in_hand(opened)
                drafting.save(opened, edit.set_rule(stage, rule.id, edited))

    st.text_area("Rule as JSON", shown, key=name, height=180, on_change=changed)
    try:
        read()
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")


_PICKERS: dict[str, Callable[[Opened, Rule, Any, _Change], None]] = {
    AnnotationType.kind: _classes,
    Annotator.kind: _people,
    Batch.kind: _batches,
    RandomSample.kind: _percentage,
    Duration.kind: _duration,
}
"""How a condition of each type is picked; a type without pickers is edited as JSON."""


def _target(opened: Opened, stage: Logic, rule: Rule | None) -> None:
    names = opened.names
    target = stage.otherwise if rule is None else rule.target
    stages = opened.project.stages if opened.project else None
    wired = held(key("rules.target", *((rule.id,) if rule else ())), target or NOT_WIRED)
    choices = [NOT_WIRED, *edit.possible_targets(stage, stages, names, target)]

    def changed(chosen: str) -> None:
        now = drafting.stage_in_hand(opened)
        drafting.save(opened, edit.set_target(now, rule.id if rule else None, chosen or None))

    st.selectbox(
        "Then go to" if rule else "Everything else goes to",
        choices,
        index=choices.index(wired.value),
        format_func=lambda stage_id: names.of_stage(stage_id or None),
        key=wired.key,
        on_change=wired.then(changed),
    )
