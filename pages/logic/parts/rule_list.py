"""The ordered cards of a Logic stage.

The list shows what it is given and reports what was asked of it; it never reorders
on its own, so the page's rules stay the only truth. Inside `st.form` nothing would be
reported before the form is submitted.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages._ui.keys import Key, part

if TYPE_CHECKING:
    from collections.abc import Sequence

ACTIONS: Final = frozenset({"select", "move", "duplicate", "toggle", "remove"})

_HERE: Final = Path(__file__).parent
_HTML: Final = '<div class="rules"></div>'
_CSS: Final = (_HERE / "rule_list.css").read_text(encoding="utf-8")
_JS: Final = (_HERE / "rule_list.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Card:
    """One rule as it is shown; every text is already formatted.

    Attributes:
        id: Stable id of the rule; the Else card has `""`.
        number: Position, counted from 1; not shown on the Else card.
        kind: Kind of the rule, such as `"RandomSample"`.
        label: The kind in words, such as `"Random sample"`.
        sentence: The rule in words.
        target: Name of the target stage, or `"not wired"`.
        color: CSS colour of the output.
        count: Number of tasks, such as `"1,204"`.
        share: Share of all tasks, such as `"24.1 %"`.
        fraction: The same share from 0 to 1; the width of the bar.
        range: 95 % interval such as `"28–46"`, or `""` when the count is exact.
        enabled: Whether the rule is switched on; a rule that is off shows no count.
        problem: `""`, `"warning"` or `"error"`.
        problem_text: What the problem is; the marker's name and tooltip.
        was: The rule of the baseline in words, `""` when it is the same.
        before: The baseline's count and share, `""` when they are the same.
        base: What a percentage is of, `""` where there is none.
    """

    id: str
    number: int
    kind: str
    label: str
    sentence: str
    target: str
    color: str
    count: str
    share: str
    fraction: float
    range: str = ""
    enabled: bool = True
    problem: str = ""
    problem_text: str = ""
    was: str = ""
    before: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that was asked of the list.

    Attributes:
        name: One of `ACTIONS`.
        rule: Id of the rule it is about.
        to: New position of the rule counted from 0, for a move; otherwise `None`.
        nonce: Different for each action, even when the same thing is asked twice.
    """

    name: str
    rule: str
    to: int | None
    nonce: str


def rule_list(
    cards: Sequence[Card],
    otherwise: Card,
    selected: str | None,
    *,
    key: Key,
    height: int | None = None,
) -> Action | None:
    """Show the rules in order and return what was asked since the last run, once.

    Args:
        cards: The rules in order, each with an id of its own.
        otherwise: The Else card, which stays last and can only be selected.
        selected: Id of the highlighted card, if any.
        key: Key of the widget.
        height: Height in pixels beyond which the rules scroll, None for that of the window; Else
            stays in view.

    Returns:
        The oldest action that was not returned yet, or `None`.

    Raises:
        ValueError: If two cards share an id.
    """
    ids = [card.id for card in cards]
    if len({*ids, otherwise.id}) != len(ids) + 1:
        msg = f"each card needs an id of its own, got {[*ids, otherwise.id]}"
        raise ValueError(msg)

    # Each runtime has its own registry (so has each AppTest): registering at import
    # would leave all but the first without the component. Repeating it is harmless.
    mount = st.components.v2.component("switchyard_rule_list", html=_HTML, css=_CSS, js=_JS)
    mount(
        key=key,
        data={
            "cards": [_wire(card) for card in cards],
            "otherwise": _wire(otherwise),
            "selected": selected,
            "height": height,
            "done": _asked(key).get("nonce") or _memory(key)["nonce"],
        },
    )
    # Only now, because drawing may be interrupted.
    return take_action(key, ids, otherwise.id)


def take_action(key: Key, rules: Sequence[str], otherwise: str) -> Action | None:
    """What was asked of a list since the last run, once.

    A page that asks before it draws shows the outcome in the same run; `rule_list` then has nothing
    left to return.

    Args:
        key: Key of the list.
        rules: Ids of the rules in order.
        otherwise: Id of the Else card.
    """
    request = _asked(key)
    memory = _memory(key)
    if not request or request.get("nonce") == memory["nonce"]:
        return None
    # Not in the session state itself, because touching that may be interrupted.
    memory["nonce"] = request["nonce"]
    return _action(request, rules, otherwise)


def _memory(key: Key) -> dict[str, str | None]:
    """What was acted on last; Streamlit forgets what was asked where a run ends before it draws."""
    memory: dict[str, str | None] = st.session_state.setdefault(part(key, "done"), {"nonce": None})
    return memory


def _asked(key: Key) -> dict[str, Any]:
    # Not a trigger value: Streamlit drops those when the next run starts before the last
    # one has ended. A state value stays until it is replaced; the nonce makes it act once.
    return (st.session_state.get(key) or {}).get("action") or {}


def _wire(card: Card) -> dict[str, Any]:
    # max() first turns NaN into 0; as JSON, NaN would break the whole component.
    return asdict(card) | {"fraction": min(1.0, max(0.0, card.fraction))}


def _action(request: dict[str, Any], ids: Sequence[str], otherwise: str) -> Action | None:
    name, rule = str(request.get("name")), str(request.get("rule"))
    nonce = str(request.get("nonce"))
    if name == "select" and rule == otherwise:
        return Action(name, rule, None, nonce)
    if name not in ACTIONS or rule not in ids:
        return None
    if name != "move":
        return Action(name, rule, None, nonce)
    # Steps are resolved against today's order: several quick ones add up this way.
    at = ids.index(rule)
    to = int(request["to"] if "to" in request else at + request["by"])
    to = min(len(ids) - 1, max(0, to))
    return Action(name, rule, to, nonce) if to != at else None
