"""What a page asks and somebody answered, as the page's link has it.

A question is called by its widget's key, and its answer is kept as text: with the session, so that
it is there again after a look at another page, and in the link, so that whoever opens it sees the
same numbers. Where nobody answered, the usual answer holds, though it changes meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from core.model.numbers import read_field
from pages._ui.bound_widget import held
from pages._ui.keys import Key
from pages._ui.number_field import number_field, written
from pages._ui.state import current

YES = "yes"
One = TypeVar("One", bound=str)


def segment(
    place: Any, label: str, options: Sequence[One], at: Key, usual: One | None = None, **more: Any
) -> One:
    """Ask for one of a few, which are all in view; the first is usual where none is given."""

    def ask(now: One, **bound: Any) -> None:
        place.segmented_control(label, options, default=now, required=True, **bound, **more)

    return _asked(ask, options, at, usual)


def pick(
    place: Any, label: str, options: Sequence[One], at: Key, usual: One | None = None, **more: Any
) -> One:
    """Ask for one of many, from a list that opens; the first is usual where none is given."""

    def ask(now: One, **bound: Any) -> None:
        place.selectbox(label, options, index=options.index(now), **bound, **more)

    return _asked(ask, options, at, usual)


def several(
    place: Any, label: str, options: Sequence[str], at: Key, usual: Sequence[str] = (), **more: Any
) -> tuple[str, ...]:
    """Ask for any of some."""
    keep, answer = _keep(at, _listed(usual)), current().answers.get(at)
    wanted = usual if answer is None else listed(at)
    # in the order in which they were chosen: another value would make the widget anew
    now = list(dict.fromkeys(one for one in wanted if isinstance(one, str) and one in options))
    box = held(at, now)
    place.multiselect(label, options, default=now, key=box.key,
                      on_change=box.then(lambda some: keep(_listed(some))), **more)  # fmt: skip
    return tuple(now)


def switch(ask: Callable[..., Any], label: str, at: Key, usual: bool, **more: Any) -> bool:
    """Ask for yes or no by a toggle or a checkbox, which is `ask`."""
    words = {True: YES, False: "no"}
    now = _one_of(list(words.values()), at, words[usual]) == YES
    keep, box = _keep(at, words[usual]), held(at, now)
    ask(label, value=now, key=box.key, on_change=box.then(lambda on: keep(words[on])), **more)
    return now


def slide(
    place: Any, label: str, at: Key, usual: float, low: float, high: float, step: float, **more: Any
) -> float:
    """Ask for a number between two."""
    keep, given = _keep(at, written(usual)), number_given(at, usual, low, high)
    now: float = min(high, round(low + step * round((given - low) / step), 9))  # as it is shown
    box = held(at, now)
    place.slider(label, low, high, now, step, key=box.key,
                 on_change=box.then(lambda number: keep(written(number))), **more)  # fmt: skip
    return now


def number(
    label: str,
    at: Key,
    usual: float | None,
    *,
    low: float | None = None,
    high: float | None = None,
    whole: bool = False,
    empty: str | None = None,
    **more: Any,
) -> Any:
    """Ask for a number by `number_field`; a box that is emptied gets the usual one back."""
    now, keep = number_given(at, usual, low, high, whole), _keep(at, written(usual))
    return number_field(
        label, at, now, lambda number: keep(written(number)), low=low, high=high, whole=whole,
        empty=empty or written(usual), **more,
    )  # fmt: skip


def _listed(some: Iterable[str | None]) -> str:
    return json.dumps(list(some), separators=(",", ":"), ensure_ascii=False)


def listed(at: Key) -> list[Any]:
    """What is kept as a list; empty without any."""
    try:
        some = json.loads(current().answers.get(at, "[]"))
    except (ValueError, RecursionError):
        return []
    return some if isinstance(some, list) else []


def keep_list(at: Key, some: Iterable[str | None] | None) -> None:
    """Keep a list that is chosen by something else than a widget; None for none."""
    _keep(at, "")("" if some is None else _listed(some))


def _asked(ask: Callable[..., None], options: Sequence[One], at: Key, usual: One | None) -> One:
    usual = usual or options[0]
    now = _one_of(options, at, usual)
    box = held(at, now)
    ask(now, key=box.key, on_change=box.then(_keep(at, usual)))
    return now


def _keep(at: Key, usual: str) -> Callable[[str], None]:
    """Takes the answer to a question."""

    def keep(text: str) -> None:
        if not text or text == usual:
            current().answers.pop(at, None)
        else:
            current().answers[at] = text

    return keep


def _one_of(options: Sequence[One], at: Key, usual: One) -> One:
    answer = current().answers.get(at, usual)
    if answer not in options:
        _not_to_be_had(at)
    return next((one for one in options if one == answer), usual)


def _not_to_be_had(at: Key) -> None:
    """Forget an answer of a link, or of what was asked when something else stood beside it."""
    current().answers.pop(at, None)


def number_given(
    at: Key, usual: Any, low: float | None, high: float | None, whole: bool = False
) -> Any:
    """The answer to `number` or `slide`, which may be asked in another section."""
    try:
        answer = read_field(current().answers.get(at, ""), {}, low, high, whole)
    except ValueError:
        _not_to_be_had(at)
        return usual
    return usual if answer is None else answer
