"""The parts of the Plan page: shares, a wanted number, values varied, and what decides."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.charts import plan as charts
from core.charts.overview import tally_bars
from core.charts.publish import shift_table
from core.charts.split import number_of, stage_table
from core.errors import InputError
from core.model.dialect import Dialect
from core.model.figures import counted, share_text, tenths
from core.model.stages import Logic
from core.routing.edit import rewritten
from core.routing.engine.evaluate import Matcher
from core.routing.engine.shape import Shape, shape_of
from core.routing.engine.split import Split
from core.routing.plan.goal_seek import NEAR, Way, ways_to
from core.routing.plan.sensitivity import tornado
from core.routing.plan.shares import KEPT, plan, whole_words, with_settings
from core.routing.plan.sweep import Knob, heat, knob_words, knobs_of, now_at, sweep, values_of
from core.routing.sentence import rule_title
from core.routing.versions.stages import stage_changes, unchanged_words
from pages._ui import cached, drafting
from pages._ui.figure import data_table, figure, ink
from pages._ui.keys import Key, key
from pages._ui.markdown_escape import fit, plain
from pages._ui.number_field import number_field
from pages._ui.state import Opened, current
from pages._ui.verdict import verdict

KEEP_WORDS = {
    "shares": "as many tasks as can be where they are wanted",
    "proportions": "the proportions of the shares",
}

SET_STAGE = "The change is in the draft; the rest balances itself."
SET, SET_WHOLE = "The percentages are in the draft.", "Whole percents are in the draft."
KEEP_NOUNS = {"shares": "nearest", "proportions": "proportions"}


def _apply(here: Opened, edited: Logic, set_here: Iterable[int], notice: str) -> None:
    before = drafting.stage_in_hand(here)
    drafting.save(here, edited)
    more = rewritten(before, edited, [edited.active[position].id for position in set_here])
    current().notice = f"{notice} {more}".rstrip()


def output_picker(split: Split, key: Key) -> int:
    """The output that is asked about; first the topmost that chance plays a part in."""
    names = {
        output.position: f"{'Rule ' if output.number else ''}{number_of(output)}: {output.sentence}"
        for output in split.outputs
    }
    varying = (output.position for output in split.outputs if not output.count.exact)
    chosen: int = st.selectbox(
        "Output", list(names), next(varying, 0), format_func=names.__getitem__, key=key
    )
    return chosen


def stage_view(here: Opened, stage: Logic, split: Split) -> None:
    """A wanted share of a stage in, the one rule that gives it out, and its button."""
    totals = {target: count for target, count in split.stages if target is not None}
    if not totals:
        st.info("No output leads anywhere yet.", icon=":material/alt_route:")
        return
    left, right = st.columns(2)
    target: str = left.selectbox(
        "Stage", list(totals), format_func=here.names.of_stage, key="plan.stage"
    )
    now = 100 * totals[target].share
    wanted = number_field(
        f"Share of all tasks wanted ({share_text(totals[target].share)} now)",
        key("plan.stage.share", target), round(now, 1), unit="%", low=0, high=100, place=right,
    )  # fmt: skip
    if wanted is None:
        return
    work = here.workspace
    planned = work.plan_stage(stage, target, wanted / 100, here.within)
    verdict("good" if planned.possible else "not possible", [planned.message])
    if planned.rule is None:
        _stages_now(here, split)
        return
    changes = stage_changes(split, work.split(planned.edited, split.seed, here.within))
    st.button(
        f"Apply{'' if planned.possible else ' the nearest'} to the draft",
        type="primary" if planned.possible else "secondary",
        icon=":material/done_all:",
        key="plan.stage.apply",
        on_click=_apply,
        args=(here, planned.edited, [planned.rule], SET_STAGE),
    )
    data_table(shift_table(changes, here.names), key("plan.stage.table"))
    st.caption(unchanged_words(changes))


def _stages_now(here: Opened, split: Split) -> None:
    """What each stage gets as it stands, where no other share is asked for."""
    st.subheader("What each stage gets now")
    totals = tuple((here.names.of_stage(goal), round(c.expected)) for goal, c in split.stages)
    figure(tally_bars(totals, ink()), stage_table(split, here.names), key("plan.stage.now"))
    st.caption("Type another share above, and which rule gives it stands here.")


def shares_view(here: Opened, stage: Logic) -> None:
    """Wanted shares in, percentages out, and a button that puts them into the draft."""
    matcher, within, dialect = here.workspace.matcher, here.within, here.workspace.dialect
    shape = shape_of(matcher, stage, within)
    random = [i for i, chance in enumerate(shape.chances) if chance is not None]
    if not random:
        st.info(
            "There is no random rule to set. Add a random sample on the Rules page.",
            icon=":material/casino:",
        )
        return
    st.caption(
        "Percent of all tasks that each random rule and Else should get. Rules are tried in "
        "order, so what to type differs: a lower rule only chooses among what is left."
    )
    now, keep_key = _shares(shape, random), key("plan.keep")
    wanted = _wanted(stage, random, now)
    if wanted is None:
        return
    try:
        planned = plan(matcher, stage, within, wanted, st.session_state.get(keep_key, KEPT[0]))
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    verdict("good" if planned.possible else "not possible", [planned.message])
    if not planned.possible:
        st.radio(
            "Where the shares cannot be had, keep",
            KEPT,
            format_func=KEEP_WORDS.__getitem__,
            horizontal=True,
            key=keep_key,
        )
    exactly, roughly, _ = st.columns([3, 2, 2])
    nearest = "" if planned.possible else f" the {KEEP_NOUNS[planned.keep]}"
    exactly.button(
        f"Apply{nearest} to the draft",
        type="primary" if planned.possible else "secondary",
        icon=":material/done_all:",
        key="plan.apply",
        on_click=_apply,
        args=(here, with_settings(stage, planned.settings, dialect), random, SET),
    )
    if planned.whole != planned.settings:
        st.caption(whole_words(stage, planned))
        roughly.button(
            "Apply whole percents",
            icon=":material/done:",
            key=key("plan.whole"),
            on_click=_apply,
            args=(here, with_settings(stage, planned.whole, dialect), random, SET_WHOLE),
        )
    table = charts.plan_table(planned, stage, now, wanted)
    data_table(table, key("plan.shares"))


def _shares(shape: Shape, random: list[int]) -> list[float]:
    tasks = shape.tasks or 1
    return [100 * shape.expected(output) / tasks for output in (*random, len(shape.chances))]


def _wanted(stage: Logic, random: list[int], now: list[float]) -> list[float] | None:
    """One field per random rule and one for Else, first filled with what is so now.

    None where one of them holds no number.
    """
    columns = st.columns(min(6, len(now)))
    shares = []
    for place, share in enumerate(now):
        is_rule = place < len(random)
        label = rule_title(stage.numbers[random[place]]) if is_rule else "Else"
        rule_id = stage.active[random[place]].id if is_rule else None
        at = key("plan.share", rule_id) if rule_id is not None else key("plan.rest")
        shares.append(
            number_field(
                label, at, round(share, 4), unit="%", low=0, high=100,
                place=columns[place % len(columns)], below=st,
            )
        )  # fmt: skip
    return None if None in shares else shares


def wanted_view(here: Opened, stage: Logic, split: Split, output: int) -> None:
    """A wanted number of tasks, and single changes that bring the output there."""
    expected = split.outputs[output].count.expected
    wanted = number_field(
        f"Wanted ({counted(expected)} are expected now)", key("plan.wanted", output),
        round(expected), unit="tasks", low=0, high=split.tasks, whole=True,
    )  # fmt: skip
    if wanted is None:
        return
    ways = ways_to(here.workspace.matcher, stage, here.within, output, wanted, here.names)
    if not ways:
        st.info(
            "No percentage, bound or batch of this rule, nor a random rule above, changes it.",
            icon=":material/tune:",
        )
        return
    for place, way in enumerate(ways):
        _way(here, way, wanted, place)
    with st.popover("Table", icon=":material/table:", type="tertiary"):
        data_table(charts.ways_table(ways, wanted), key("plan.ways"))


def _way(here: Opened, way: Way, wanted: float, place: int) -> None:
    label, says, button = st.columns([5, 4, 2], vertical_alignment="center")
    label.text(f"Set {fit(way.words)}")
    off = way.expected - wanted
    near = (
        "as wanted" if abs(off) < NEAR else f"{tenths(abs(off))} {'more' if off > 0 else 'fewer'}"
    )
    near += f"; {plain(way.note)}" if way.note else ""
    says.markdown(f"{tenths(way.expected)} tasks expected, {near}")
    button.button(
        "Apply",
        key=key("plan.way", place),
        help=f"Set {plain(way.words)} in the draft",
        on_click=_apply,
        args=(here, way.stage, [way.rule], f"The draft has {way.words} now."),
        width="stretch",
    )


def vary_view(here: Opened, stage: Logic, output: int) -> None:
    """One value as a curve with its 95 % band, two as a heat map."""
    knobs = [knob for knob in reversed(knobs_of(stage)) if knob.rule <= output]
    if not knobs:
        st.info(
            "Neither this rule nor one above has a percentage or a duration to vary.",
            icon=":material/tune:",
        )
        return
    left, right = st.columns(2)

    def words(knob: Knob | None) -> str:
        return "Nothing else" if knob is None else knob_words(knob, stage)

    first = left.selectbox("Vary", knobs, format_func=words, key=key("plan.first", output))
    others = [None, *(knob for knob in knobs if knob != first)]
    second = right.selectbox("And", others, format_func=words, key=key("plan.second", output))
    matcher, within = here.workspace.matcher, here.within
    xs = values_of(first, matcher, within)
    if second is None:
        points = sweep(matcher, stage, within, first, xs, output)
        now = now_at(first, stage, here.workspace.dialect)
        st.caption("Line: expected tasks of the output. Band: exact 95 % interval.")
        figure(
            charts.curve(points, first, stage, now, ink()),
            charts.curve_table(points, first),
            key("plan.curve"),
        )
        return
    knobs_chosen, values = (first, second), (xs, values_of(second, matcher, within))
    fields = heat(matcher, stage, within, knobs_chosen, values, output)
    st.caption("Expected tasks of the output.")
    figure(
        charts.field(fields, knobs_chosen, values, stage, ink()),
        charts.field_table(fields, knobs_chosen, values, stage),
        key("plan.field"),
    )


def decides_view(here: Opened, stage: Logic, output: int) -> None:
    """Which assumption decides the answer."""

    def matcher_of(dialect: Dialect) -> Matcher:
        return cached.read_otherwise(here.workspace, dialect).matcher

    now, bars = tornado(matcher_of, here.workspace.dialect, stage, here.within, output, here.names)
    wide, idle = ([b for b in bars if (b.width >= 0.05) == plays] for plays in (True, False))
    if not wide:
        st.caption(f":material/check_circle: None; it is {counted(now)} whatever is assumed.")
        return
    widest = wide[0]
    st.markdown(
        f"**{plain(widest.assumption)}** decides most: {counted(widest.low)} tasks "
        f"({plain(widest.low_at)}) to {counted(widest.high)} ({plain(widest.high_at)})."
    )
    figure(charts.tornado_bars(now, wide, ink()), charts.tornado_table(bars), key("plan.tornado"))
    without = "; ".join(plain(bar.assumption) for bar in idle)
    st.caption(
        "Each assumption is varied by itself, the others stay as they are."
        + (f" Without effect: {without}." if idle else "")
    )
