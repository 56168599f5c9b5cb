"""The field of a config that holds the least score, where it has one; no plugin must have it."""

from __future__ import annotations

from typing import Final

from core.ango_json.text import loads
from core.errors import InputError
from core.model.numbers import is_number
from core.plugin_runs.config.edit import with_value

FIELDS: Final = (
    "min_score", "score_threshold", "min_confidence", "confidence_threshold", "conf_threshold",
    "confidence", "threshold", "conf",
)  # fmt: skip
"""Names that plugins use, the plainest first; with `-`, in capitals or as `minScore`, too."""


def score_field(config: str) -> str | None:
    """The outermost key that holds the least score; None where there is none.

    Args:
        config: Text of a config.
    """
    try:
        value = loads(config)
    except InputError:
        return None
    if not isinstance(value, dict):
        return None
    known = {_plain(name): name for name, one in value.items() if is_number(one)}
    return next((known[_plain(name)] for name in FIELDS if _plain(name) in known), None)


def with_least_score(config: str, least: float) -> str | None:
    """The config with another least score, else byte for byte; None where it has no such field."""
    field = score_field(config)
    return None if field is None else with_value(config, field, least)


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
