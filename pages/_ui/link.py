"""What the address holds besides workspace and draft: dialect, seed and the tasks looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date

from core.errors import InputError
from core.model.dialect import Dialect, parse_dialect
from core.tasks.select import Selection

Parameters = dict[str, list[str]]
LONGEST_ANSWER = 600
"""Characters of an answer in a link, with the key of its question."""
MOST_ANSWERS = 40


def of_dialect(dialect: Dialect, as_usual: Dialect | None = None) -> Parameters:
    """The readings that differ from the usual ones, or from those of a scenario."""
    usual = (as_usual or Dialect()).as_dict()
    return {name: [value] for name, value in dialect.as_dict().items() if value != usual[name]}


def to_dialect(parameters: Mapping[str, Sequence[str]], as_usual: Dialect | None = None) -> Dialect:
    """The readings of a link; what is no reading counts as the usual one."""
    dialect = as_usual or Dialect()
    for name in Dialect().as_dict():
        for value in parameters.get(name, ()):
            try:
                chosen = parse_dialect([f"{name}={value}"])
            except InputError:
                continue
            dialect = replace(dialect, **{name: getattr(chosen, name)})
    return dialect


def of_selection(selection: Selection) -> Parameters:
    """The tasks looked at."""
    wanted = {
        "stage": list(selection.stages),
        "batch": list(selection.batches),
        "from": [selection.first.isoformat()] if selection.first else [],
        "to": [selection.last.isoformat()] if selection.last else [],
    }
    return {name: values for name, values in wanted.items() if values}


def to_selection(parameters: Mapping[str, Sequence[str]]) -> Selection:
    """The selection of a link."""
    first, last = _day(parameters.get("from", ())), _day(parameters.get("to", ()))
    if first and last and first > last:
        first, last = last, first
    return Selection(
        tuple(parameters.get("stage", ())),
        tuple(parameters.get("batch", ())),
        first,
        last,
    )


def to_seed(parameters: Mapping[str, Sequence[str]], usual: int = 0) -> int:
    """The seed of a link, the usual one without."""
    for text in parameters.get("seed", ()):
        if text.isascii() and text.isdigit() and len(text) <= 9:
            return int(text)
    return usual


def of_hidden(hidden: bool) -> Parameters:
    """Whether people are shown under pseudonyms."""
    return {"people": ["pseudonyms"]} if hidden else {}


def to_hidden(parameters: Mapping[str, Sequence[str]]) -> bool:
    """Whether a link shows people under pseudonyms."""
    return "pseudonyms" in parameters.get("people", ())


def of_answers(answers: Mapping[str, str], asks: str) -> Parameters:
    """What was answered to questions whose keys begin with `asks`."""
    return {
        name: [text]
        for name, text in answers.items()
        if asks and name.startswith(f"{asks}.") and len(name + text) <= LONGEST_ANSWER
    }


def to_answers(parameters: Mapping[str, Sequence[str]], asks: Set[str]) -> dict[str, str]:
    """The answers of a link to questions whose keys begin with any of `asks`."""
    asked = {
        name: texts[0]
        for name, texts in parameters.items()
        if name.partition(".")[0] in asks and "." in name and texts
    }
    short = [(name, text) for name, text in asked.items() if len(name + text) <= LONGEST_ANSWER]
    return dict(short[:MOST_ANSWERS])


def _day(texts: Sequence[str]) -> date | None:
    for text in texts:
        try:
            return date.fromisoformat(text)
        except ValueError:
            continue
    return None
