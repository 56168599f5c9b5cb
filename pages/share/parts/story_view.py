"""The screen of a story, drawn by the browser, which does the arithmetic of a lever by itself.

It gets the table of what the levers can do once, and tells where they stand when one is let go, so
that the address holds it. How an action comes back is as in the rule list of the Logic pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

from core.charts.palette import COLORS, ELSE_GREY
from core.scenario.cost import CATCH, NO_RATE, Costing
from core.scenario.lever_table import NONE, LeverTable
from core.scenario.levers import PRICES, Placed, in_use, value_text
from core.scenario.story import Board
from pages._ui.keys import Key, part

_HERE: Final = Path(__file__).parent
_HTML: Final = '<div class="story"></div>'
_CSS: Final = (_HERE / "story.css").read_text(encoding="utf-8")
_JS: Final = (_HERE / "story.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that was asked of the screen.

    Args:
        name: To keep where the levers stand, or to change the rules so.
        at: Position of each lever.
    """

    name: Literal["move", "apply"]
    at: tuple[int, ...]


def story_view(board: Board, title: str, against: str, notes: str | None, *, key: Key) -> None:
    """Draw the screen.

    Args:
        board: What it shows.
        title: Its heading.
        against: What the numbers are held against, as a sentence.
        notes: For the presenter; None on a screen that others see.
        key: Key of the widget.
    """
    mount = st.components.v2.component("switchyard_story", html=_HTML, css=_CSS, js=_JS)
    places = {target: place for place, target in enumerate(board.table.targets)}
    mount(
        key=key,
        data={
            "title": title,
            "against": against,
            "notes": notes,
            "assumptions": list(board.assumptions),
            "levers": [lever_value(placed) for placed in board.levers],
            "stages": [
                {
                    "name": number.name,
                    "color": COLORS[turn % len(COLORS)] if number.stage else ELSE_GREY,
                    "before": number.before,
                    "large": number.large,
                    "place": places.get(number.stage, NONE),
                }
                for turn, number in enumerate(board.numbers)
            ],
            "table": table_value(board.table),
            "cost": None if board.cost is None else cost_value(board.cost, board.levers),
            "epoch": epoch(board.levers),
        },
    )


def take_action(key: Key, levers: Sequence[Placed]) -> Action | None:
    """What was asked of the screen since the last run, once; None where the levers are others now.

    Args:
        key: Key of the screen.
        levers: Those in hand.
    """
    request: dict[str, Any] = (st.session_state.get(key) or {}).get("action") or {}
    memory: dict[str, Any] = st.session_state.setdefault(part(key, "done"), {"nonce": None})
    if not request or request.get("nonce") == memory["nonce"]:
        return None
    memory["nonce"] = request["nonce"]
    at = request.get("at")
    if request.get("epoch") != epoch(levers) or not isinstance(at, list):
        return None
    lasts = [len(one.positions) - 1 for one in levers]
    places = tuple(min(last, max(0, int(one))) for one, last in zip(at, lasts, strict=True))
    return Action("apply" if request.get("name") == "apply" else "move", places)


def epoch(levers: Sequence[Placed]) -> str:
    """Changes with the levers, not with where they stand."""
    text = repr(
        [(one.lever.id, one.lever.name, one.positions, one.own, one.unset) for one in levers]
    )
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def lever_value(placed: Placed) -> dict[str, Any]:
    """A lever as the browser reads it."""
    kind = placed.lever.kind
    return {
        "name": placed.lever.name,
        "kind": kind,
        "rules": bool(placed.lever.rule),
        "cost": placed.lever.of_cost,
        "values": [in_use(kind, value) for value in placed.positions],
        "labels": list(placed.labels),
        "ends": [value_text(kind, placed.positions[place]) for place in (0, -1)],
        "start": "" if placed.unset else f"start: {placed.labels[placed.own]}",
        "own": placed.own,
        "at": placed.at,
    }


def cost_value(cost: Costing, levers: Sequence[Placed]) -> dict[str, Any]:
    """What the cost is told from, as the browser reads it; levers by their places."""
    place = cost.places.get("error_rate", NONE)
    return {
        "reviews": list(cost.reviews),
        "before": list(cost.before),
        "prices": {name: cost.places.get(kind, NONE) for name, kind in PRICES.items()},
        "rate": place,
        "unset": place != NONE and levers[place].unset,
        "shown": cost.looks.rate,
        "catch": CATCH,
        "missing": cost.missing,
        "unknown": NO_RATE,
    }


def table_value(table: LeverTable) -> dict[str, Any]:
    """The table as the browser reads it."""
    return {
        "tasks": table.tasks,
        "targets": len(table.targets),
        "steps": [asdict(step) for step in table.steps],
        "otherwise": table.otherwise,
        "scale": table.scale,
        "counts": table.counts.tolist(),
        "stops": table.stops.tolist(),
        "matched": table.matched.tolist(),
        "bins": {str(lever): column.tolist() for lever, column in table.bins.items()},
    }
