"""Lists of class names as people give them: one a line, or a JSON list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.ango_json.text import dumps, loads
from core.errors import InputError

_LINE = re.compile(r"\r\n|\r|\n")
_JSON_LIST = re.compile(r'\s*\[\s*(?:["\[{\]]|$)')
HINT = "Write one name a line, or a JSON list of texts."


def read_class_list(text: str, source: str = "classes") -> tuple[str, ...]:
    """Class names, without the blanks around them and without empty ones.

    A text that begins like a JSON list of texts (`["`) is one, and so is any other JSON list; a
    line such as `[unlabelled]` is a name.

    Args:
        text: One name a line, or a JSON list.
        source: Names the text in errors.

    Raises:
        InputError: A JSON list is broken, or an entry of it is no text.
    """
    text = text.removeprefix("\ufeff")
    listed = _json_list(text, source)
    names = _LINE.split(text) if listed is None else listed
    return tuple(name.strip() for name in names if name.strip())


def comma_lines(text: str, known: Sequence[str] = ()) -> tuple[str, ...]:
    """Names with a comma in a text of one name a line, which may be meant as several.

    Args:
        text: As `read_class_list` takes it; in a JSON list each name stands for itself.
        known: Names that were registered before and so are meant as they stand.

    Raises:
        InputError: As `read_class_list`.
    """
    if _json_list(text.removeprefix("\ufeff"), "classes") is not None:
        return ()
    return tuple(name for name in read_class_list(text) if "," in name and name not in known)


def split_at_commas(classes: Sequence[str], at: Sequence[str]) -> tuple[str, ...]:
    """Classes, where some names are lists with commas; each name once.

    Args:
        classes: Names.
        at: Those that are lists.
    """
    parts = (
        part.strip() for name in classes for part in (name.split(",") if name in at else [name])
    )
    return tuple(dict.fromkeys(part for part in parts if part))


def _json_list(text: str, source: str) -> list[str] | None:
    if not text.lstrip().startswith("["):
        return None
    try:
        value = loads(text, source)
    except InputError as error:
        if _JSON_LIST.match(text):
            raise InputError(source, _sentence(error), HINT, error.where) from error
        return None
    for number, name in enumerate(value, 1):
        if not isinstance(name, str):
            raise InputError(source, "is not a text.", HINT, f"entry {number}")
    return list(value)


def _sentence(error: InputError) -> str:
    return error.message.removeprefix(f"{error.source}, {error.where}: ")


def write_class_list(classes: Sequence[str]) -> str:
    """A text that `read_class_list` reads as these names: lines, or JSON where lines cannot."""
    lines = "\n".join(classes)
    try:
        plain = read_class_list(lines) == tuple(classes)
    except InputError:
        plain = False
    return lines if plain else dumps(list(classes), indent=2)
