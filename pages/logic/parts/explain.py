"""The parts of the Explain page: hits and overlap, findings, order, and what falls into Else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.charts import explain as charts
from core.model.figures import between, counted, share_text
from core.model.rules import Condition
from core.model.stages import Logic
from core.routing import edit
from core.routing.explain.else_groups import Group
from core.routing.explain.hits import Amount, Hits, Swap
from core.routing.lint.findings import Finding, Outlook, Study
from core.routing.sentence import output_text, rule_text, rule_title, rules_text, sentence
from pages._ui import drafting
from pages._ui.bound_widget import page_number
from pages._ui.figure import data_table, figure, ink
from pages._ui.focus import open_tasks
from pages._ui.keys import key
from pages._ui.markdown_escape import fit, plain
from pages._ui.state import Focus, Opened, current

SHOWN_HITS = 24
SHOWN_PAIRS = 8
SHOWN_SWAPS = 12
SHOWN_GROUPS = 12
SHOWN_FINDINGS = 20
BOTH, TAKEN = "Matched by both", "Lost to the rule above"
_CODES = {
    "rule.unreachable": "Unreachable",
    "rule.shadowed": "Shadowed",
    "rule.duplicate": "Duplicate",
    "rule.always": "Always true",
    "rule.contradiction": "Contradiction",
    "rule.never_in_data": "Matches nothing",
    "output.dead": "Dead output",
}


def hits_view(hits: Hits, colors: Mapping[str, str]) -> None:
    """Bars and table of what each rule matches, gets, takes and loses."""
    st.subheader("What each rule takes")
    st.caption(
        "Full colour: tasks that the rule takes. Faded: tasks that it matches, in the colour of "
        "the rule above that takes them first."
    )
    rules = len(hits.rules)
    pages = (rules + SHOWN_HITS - 1) // SHOWN_HITS
    start = (page_number(pages, key("explain.hits.page")) - 1) * SHOWN_HITS
    shown = range(start, min(rules, start + SHOWN_HITS))
    if pages > 1:
        st.caption(f"{between(start + 1, shown.stop)} of {counted(rules)} rules.")
    chart = charts.hits_bars(hits, colors, ink(), shown)
    st.plotly_chart(chart, key="explain.bars", config={"displayModeBar": False})
    data_table(charts.hits_table(hits), key("explain.hits"))


def overlap_view(hits: Hits) -> None:
    """Heat map of the overlaps; each row beside it opens its tasks."""
    st.subheader("Where rules overlap")
    if len(hits.rules) < 2:
        st.caption("One rule alone overlaps with none.")
        return
    which = st.segmented_control(
        "Show", [BOTH, TAKEN], default=BOTH, key="explain.which", label_visibility="collapsed"
    )
    taken = which == TAKEN
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chart = charts.overlap_heat(hits, taken, ink())
        figure(chart, charts.overlap_table(hits, taken), key("explain.overlap"))
        diagonal = "tasks that the rule takes" if taken else "tasks that the rule matches alone"
        st.caption(f"Diagonal: {diagonal}. Random rules count with their chance.")
    pairs = [pair for pair in charts.overlap_pairs(hits, taken) if pair[2].expected]
    with right:
        if not pairs:
            st.caption(":material/check_circle: No task is matched by two rules.")
        for upper, lower, amount in pairs[:SHOWN_PAIRS]:
            _pair(hits, upper, lower, amount, taken)
        smaller = pairs[SHOWN_PAIRS:]
        if smaller:
            # one list, not a button for each: 60 rules have 1,770 pairs
            chosen = st.selectbox(
                f"{counted(len(smaller))} smaller ones",
                smaller,
                index=None,
                format_func=lambda pair: _pair_words(hits, pair[0], pair[1], pair[2], taken),
                placeholder="Choose two rules",
                key="explain.smaller",
            )
            if chosen is not None:
                _pair(hits, chosen[0], chosen[1], chosen[2], taken)


def _pair_words(hits: Hits, upper: int, lower: int, amount: Amount, taken: bool) -> str:
    one, other = hits.rules[upper], hits.rules[lower]
    pair = rules_text([one.number, other.number], capital=True)
    if taken:
        pair = f"{rule_title(one.number)} takes from {rule_text(other.number)}"
    return f"{pair}: {charts.amount_text(amount)} tasks"


def _pair(hits: Hits, upper: int, lower: int, amount: Amount, taken: bool) -> None:
    one, other = hits.rules[upper], hits.rules[lower]
    label, button = st.columns([3, 2], vertical_alignment="center")
    label.markdown(_pair_words(hits, upper, lower, amount, taken))
    if button.button(
        "Open tasks",
        key=key("explain.open", one.number, other.number),
        help=f"Tasks of {rules_text([one.number, other.number])}",
        type="tertiary",
        icon=":material/table_rows:",
    ):
        open_tasks(Focus(one.rule_id, other.rule_id, taken))


def findings_view(findings: Sequence[Finding], study: Study) -> None:
    """Both kinds of findings, each with its proof, and what can leave through each output."""
    stage = study.stage
    logic, data = st.columns(2, gap="medium")
    for column, kind, title, about in (
        (logic, "logic", "By logic", "True for every possible task, proven."),
        (data, "data", "In this data", "True for the tasks looked at; others may differ."),
    ):
        with column.container(border=True):
            st.markdown(f"**{title}**")
            st.caption(about)
            own = [finding for finding in findings if finding.data.kind == kind]
            if not own:
                st.caption(":material/check_circle: No findings.")
            if len(own) > SHOWN_FINDINGS:
                st.caption(f"The first {SHOWN_FINDINGS} of {counted(len(own))}.")
            for finding in own[:SHOWN_FINDINGS]:
                _finding(finding, stage)
    st.subheader("Can a task leave here?")
    rows = [_outlook(outlook, stage) for outlook in study.outlooks]
    data_table(charts.outlook_table(rows), key("explain.outlooks"))


def _finding(finding: Finding, stage: Logic) -> None:
    place = "Else" if finding.subject is None else rule_title(stage.numbers[finding.subject])
    st.markdown(f"**{place} · {_CODES.get(finding.code, finding.code)}.** {plain(finding.message)}")
    st.caption(f"Why: {plain(finding.data.text)} {plain(finding.hint)}")


def _outlook(outlook: Outlook, stage: Logic) -> tuple[str, str, str]:
    place = output_text(None if outlook.rule is None else stage.numbers[outlook.rule])
    return place, outlook.can, outlook.because


def order_view(here: Opened, stage: Logic, hits: Hits, study: Study) -> None:
    """Which neighbours can change places, and what moves when they do."""
    st.caption(
        "Two neighbours can change places when no task that gets to them matches both. *Moved*: to "
        "another stage. *Rerouted*: to the same stage by the other rule."
    )
    if not hits.swaps:
        st.info("There are no two rules to swap.", icon=":material/swap_vert:")
        return
    pages = (len(hits.swaps) + SHOWN_SWAPS - 1) // SHOWN_SWAPS
    start = (page_number(pages, key("explain.swaps.page")) - 1) * SHOWN_SWAPS if pages > 1 else 0
    for swap in hits.swaps[start : start + SHOWN_SWAPS]:
        _swap(here, hits, swap, study.apart(swap.upper))
    with st.popover("Table", icon=":material/table:", type="tertiary"):
        data_table(charts.swaps_table(hits, stage, here.names), key("explain.swaps"))


def _swap(here: Opened, hits: Hits, swap: Swap, apart: bool) -> None:
    upper, lower = hits.rules[swap.upper], hits.rules[swap.upper + 1]
    label, says, button = st.columns([5, 4, 2], vertical_alignment="center")
    label.text(f"{upper.number}  {fit(upper.sentence)}\n{lower.number}  {fit(lower.sentence)}")
    icon, words = swap_words(swap, apart)
    says.markdown(f":material/{icon}: {words}")
    button.button(
        "Swap",
        key=key("explain.swap", upper.rule_id, lower.rule_id),
        help=f"Put {rule_text(lower.number)} above {rule_text(upper.number)} in the draft",
        icon=":material/swap_vert:",
        on_click=_swapped,
        args=(here, upper.rule_id, lower.rule_id),
        width="stretch",
    )


def swap_words(swap: Swap, apart: bool) -> tuple[str, str]:
    """An icon, and what the swap would do."""
    if apart:
        return "verified", "Safe for every possible task: none that gets here matches both."
    if swap.uncertain:
        return "help", "Cannot tell: a rule here or above cannot be simulated."
    if not swap.moved.expected and not swap.rerouted.expected:
        return "check_circle", "Safe in this data: no task moves."
    if not swap.moved.expected:
        return "check_circle", f"No task moves; {charts.amount_text(swap.rerouted)} are rerouted."
    return "warning", f"{charts.amount_text(swap.moved).capitalize()} tasks move."


def _swapped(here: Opened, upper: str, lower: str) -> None:
    stage = drafting.stage_in_hand(here)
    place = edit.position_of(stage, upper)
    if place is not None:
        drafting.save(here, edit.move(stage, lower, place))
        current().notice = "The two rules changed places in the draft."


def else_view(here: Opened, stage: Logic, groups: Sequence[Group], hits: Hits) -> None:
    """The largest groups of Else, each with the rule that would take it."""
    left = charts.amount_text(hits.left)
    st.caption(
        f"{left[:1].upper()}{left[1:]} of {counted(hits.tasks)} tasks fall into Else. A task "
        "counts in "
        "each of its groups."
    )
    if not groups:
        st.caption(":material/check_circle: Nothing falls into Else.")
        return
    names, dialect = here.names, here.workspace.dialect
    stages = here.project.stages if here.project else None
    possible = edit.possible_targets(stage, stages, names)
    used = [rule.target for rule in stage.active if rule.target in possible]
    targets = list(dict.fromkeys([*used, *possible]))
    which, where = st.columns([3, 2], vertical_alignment="bottom")
    facts = list(dict.fromkeys(group.fact for group in groups))
    fact = which.segmented_control("Groups by", ["All", *facts], default="All", key="explain.fact")
    target = where.selectbox(
        "A rule made here leads to", targets, format_func=names.of_stage, key="explain.target"
    )
    groups = [group for group in groups if fact in (None, "All", group.fact)]
    about = "" if hits.left.certain else "about "
    for place, group in enumerate(groups[:SHOWN_GROUPS]):
        label, says, button = st.columns([4, 5, 3], vertical_alignment="center")
        label.text(f"{group.fact}: {fit(group.label)}")
        share = group.expected / hits.tasks if hits.tasks else 0.0
        takes = f"{about}{counted(group.takes)}"
        effect = "" if group.condition is None else f"; a rule takes {takes}"
        says.markdown(f"{about}{counted(group.expected)} tasks, {share_text(share)}{effect}")
        if group.condition is None:
            button.caption("No rule can ask for this.")
            continue
        button.button(
            "Make a rule",
            key=key("explain.make", fact or "All", place),
            help=f"“{plain(sentence(group.condition, names, dialect))}”, put last, above Else",
            icon=":material/add:",
            on_click=_made,
            args=(here, group.condition, target, takes),
            width="stretch",
        )
    with st.popover("Table", icon=":material/table:", type="tertiary"):
        data_table(charts.groups_table(groups, hits.tasks), key("explain.groups"))


def _made(here: Opened, condition: Condition, target: str | None, takes: str) -> None:
    stage, state = drafting.stage_in_hand(here), current()
    edited, state.rule = edit.add(stage, condition, target, drafting.known_ids(here))
    drafting.save(here, edited)
    goes = f" They go to {here.names.of_stage(target)}." if target else ""
    state.notice = f"{rule_title(edited.numbers[-1])} takes {takes} tasks from Else.{goes}"
