"""Scenarios on the pages: the one in hand, the pinned baseline, and the golden tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.stages import Logic
from core.model.text import visible
from core.routing.engine.split import Split
from core.routing.versions.golden import Golden, GoldenVerdict
from core.scenario.file import write_scenario
from core.scenario.lever_texts import of_link
from core.scenario.levers import possible_levers
from core.scenario.scenario import Scenario, misfits, scenario_of
from core.scenario.story import Story
from core.store.scenarios import Pin, SavedScenario
from core.workspace import Workspace
from pages._ui import drafting
from pages._ui.cached import scenario as scenario_in
from pages._ui.services import services
from pages._ui.state import Opened, current, opened, usable, write_link

PROJECT_RULES = "the project's rules"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What edits are compared with.

    Args:
        name: As a clause says it.
        workspace: What it is asked of; a scenario keeps its own dialect.
        stage: Its rules.
    """

    name: str
    workspace: Workspace
    stage: Logic


def pinned(here: Opened) -> Baseline:
    """The pinned baseline: a scenario, else the project's rules."""
    base = current().base
    if base is None:
        return Baseline(PROJECT_RULES, here.workspace, drafting.baseline(here))
    scenario = scenario_in(base.document)
    dialect = usable(scenario.dialect, here)
    workspace = here.workspace if dialect == here.workspace.dialect else opened(dialect).workspace
    return Baseline(f"“{visible(base.name)}”", workspace, scenario.rules)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stood before the edits, for the grey values beside them."""

    name: str
    stage: Logic
    split: Split


def standing(here: Opened, stage: Logic) -> Standing | None:
    """The baseline's values; None where nothing differs from it."""
    base = pinned(here)
    if base.stage == stage and base.workspace.dialect == here.workspace.dialect:
        return None
    return Standing(
        base.name, base.stage, base.workspace.split(base.stage, current().seed, here.within)
    )


def in_hand(here: Opened, name: str, assumptions: Sequence[str]) -> Scenario:
    """What is on show, as a scenario."""
    stage = drafting.stage_in_hand(here)
    pins, story = golden(here), story_in_hand(here, stage)
    return scenario_of(here.workspace, stage, name, current().seed, assumptions, pins, story)


def story_in_hand(here: Opened, stage: Logic) -> Story | None:
    """The levers and notes in hand, else those of the open scenario; None where nobody chose."""
    state = current()
    kept = scenario_in(state.scenario.document).story if state.scenario else None
    if not state.levers and state.notes is None:
        return kept
    levers = kept.levers if kept else ()
    if state.levers:
        levers, _ = of_link(state.levers, possible_levers(here.workspace, stage))
    return Story(levers, state.notes if state.notes is not None else kept.notes if kept else "")


def save(here: Opened, name: str, assumptions: Sequence[str]) -> SavedScenario:
    """Keep what is on show under a name; the same name is written over."""
    state = current()
    scenario = in_hand(here, name, assumptions)
    stage = drafting.baseline(here).id
    state.scenario = services().scenarios.save(
        state.workspace, stage, name, write_scenario(scenario)
    )
    write_link()
    return state.scenario


def take(here: Opened, scenario: Scenario) -> tuple[str, ...]:
    """Keep an imported scenario and open it; returns in what it does not fit."""
    stage = drafting.baseline(here).id
    saved = services().scenarios.save(
        current().workspace, stage, visible(scenario.name), write_scenario(scenario)
    )
    sentences = misfits(scenario, here.workspace)
    open_scenario(here, saved)
    return sentences


def open_scenario(here: Opened, saved: SavedScenario | None) -> None:
    """Take a scenario in hand, with its readings, seed and golden tasks; None puts it away."""
    state = current()
    drafting.load(None)
    state.scenario, state.levers, state.notes = saved, (), None
    if saved is not None:
        scenario = scenario_in(saved.document)
        state.dialect, state.seed = usable(scenario.dialect, here), scenario.seed
        known = {pin.task for pin in golden(here)}
        for one in scenario.golden:
            if one.task not in known:
                pin(here, one)
    write_link()


def forget(saved: SavedScenario) -> None:
    """Delete a scenario; where it was open or the baseline, the project's rules take its place.

    Raises:
        UnknownName: Another window was first.
    """
    state = current()
    services().scenarios.delete(saved.id)
    state.notice = f"{saved.name} is deleted. The menu of scenarios restores it."
    if state.scenario is not None and state.scenario.id == saved.id:
        state.scenario = None
    if state.base is not None and state.base.id == saved.id:
        state.base = None
        state.notice = f"The baseline {saved.name} was deleted; compared with {PROJECT_RULES} now."
    write_link()


def golden(here: Opened) -> tuple[Golden, ...]:
    """The golden tasks of the Logic stage."""
    pins = services().scenarios.pins(current().workspace, drafting.baseline(here).id)
    return tuple(Golden(one.task, one.target, one.chance, one.waived) for one in pins)


def verdicts(here: Opened, stage: Logic) -> tuple[GoldenVerdict, ...]:
    """Where the golden tasks go."""
    return here.workspace.golden(stage, golden(here))


def pin(here: Opened, one: Golden) -> None:
    """Make a task golden, or change what holds for it."""
    row = Pin(one.task, one.stage, one.chance, one.waived)
    services().scenarios.pin(current().workspace, drafting.baseline(here).id, row)


def unpin(here: Opened, task: str) -> None:
    """Forget a golden task."""
    services().scenarios.unpin(current().workspace, drafting.baseline(here).id, task)
