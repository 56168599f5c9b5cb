"""A page with only the rule list, and the list of what it was asked.

`?n=50` sets the number of rules, `?fragment=1` draws the list inside a fragment, and
`?slow=1` puts slow work and another widget before it.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pages.logic.parts.rule_list import Action, Card, rule_list

SENTENCES = [
    ("Batch", "Batch", "Batch is night drive or pilot", "Expert", "#4477aa", 0.241),
    ("RandomSample", "Random sample", "20 % at random", "Review", "#228833", 0.152),
    ("Category", "Category", "has Vehicle, no Person", "Second review", "#ccbb44", 0.282),
    (
        "Composite",
        "Composite",
        "annotated by anyone of the night team and longer than 12 minutes in Label, or has "
        "at least three Pedestrian boxes that overlap and no answer to Occlusion",
        "Second review",
        "#ccbb44",
        0.041,
    ),
    ("Duration", "Duration", "took more than 5 min in Label", "not wired", "#aa3377", 0.004),
    ("Person", "Annotator", "annotated by a.lee", "Expert", "#4477aa", 0.1),
]
PROBLEMS = {
    4: ("warning", "No task matches: rule 3 takes them all"),
    5: ("error", "Output is not wired"),
}


def make_card(i: int) -> Card:
    """Build the i-th rule, counted from 0."""
    kind, label, sentence, target, color, share = SENTENCES[i % len(SENTENCES)]
    problem, text = PROBLEMS.get(i + 1, ("", ""))
    return Card(
        id=f"r{i + 1}",
        number=i + 1,
        kind=kind,
        label=label,
        sentence=sentence,
        target=target,
        color=color,
        count=f"{round(share * 5000):,}",
        share=f"{share:.1%}".replace("%", " %"),
        fraction=share,
        range="704 to 817" if kind == "RandomSample" else "",
        enabled=i != 5,
        problem=problem,
        problem_text=text,
    )


def apply(action: Action) -> None:
    """Change the rules as a page would."""
    rules: list[Card] = state["rules"]
    at = next((i for i, rule in enumerate(rules) if rule.id == action.rule), None)
    if action.name == "select":
        state["selected"] = action.rule
    elif at is None:
        return
    elif action.name == "remove":
        del rules[at]
    elif action.name == "duplicate":
        state["made"] += 1
        rules.insert(at + 1, replace(rules[at], id=f"{action.rule}-copy{state['made']}"))
    elif action.name == "toggle":
        rules[at] = replace(rules[at], enabled=not rules[at].enabled)
    elif action.name == "move" and action.to is not None:
        rules.insert(action.to, rules.pop(at))
    state["rules"] = [replace(rule, number=i) for i, rule in enumerate(rules, 1)]


def show() -> None:
    """Draw the list and obey it."""
    action = rule_list(state["rules"], OTHERWISE, state["selected"], key="rules", height=480)
    if action is not None:
        state["log"].append(f"{action.name} {action.rule} {action.to}")
        apply(action)
        st.rerun(scope="fragment" if in_fragment else "app")
    st.text("order: " + " ".join(rule.id for rule in state["rules"]))
    st.text("\n".join(["actions:", *state["log"]]))


OTHERWISE = Card("else", 0, "Else", "", "Else", "Complete", "#888888", "1,627", "32.5 %", 0.325)
if "state" not in st.session_state:
    size = int(st.query_params.get("n", "6"))
    st.session_state["state"] = {
        "rules": [make_card(i) for i in range(size)],
        "selected": None,
        "log": [],
        "made": 0,
        "runs": 0,
    }
state = st.session_state["state"]
state["runs"] += 1
if "slow" in st.query_params:
    st.checkbox("other")
    time.sleep(1)
in_fragment = "fragment" in st.query_params
if in_fragment:
    st.fragment(show)()
else:
    show()
st.text(f"whole runs: {state['runs']}")
