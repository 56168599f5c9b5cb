"""The Logic stage in hand: what the project has, or the draft over it; every edit is saved."""

from __future__ import annotations

from core.ango_json.drafts import write_draft
from core.charts.palette import output_colors
from core.errors import DraftChanged, UnknownName
from core.model.stages import Logic
from pages._ui import cached
from pages._ui.services import services
from pages._ui.state import EMPTY_STAGE, Opened, current, write_link


def baseline(opened: Opened) -> Logic:
    """The stage as the project has it; an empty one where there is no project."""
    stages = opened.project.logic_stages if opened.project else ()
    wanted = current().stage
    chosen = [stage for stage in stages if stage.id == wanted] or list(stages)
    return chosen[0] if chosen else EMPTY_STAGE


def stage_in_hand(opened: Opened) -> Logic:
    """The stage as it is edited here."""
    state = current()
    if state.draft is not None:
        return cached.draft(state.draft.document)
    if state.scenario is not None:
        return cached.scenario(state.scenario.document).rules
    return baseline(opened)


def which(opened: Opened) -> str:
    """Whose rules those are, as the end of a sentence."""
    state = current()
    if state.draft is not None:
        return f"your draft “{state.draft.name}”" if state.draft.name else "your draft"
    if state.scenario is not None:
        return f"the scenario “{state.scenario.name}”"
    return "the project's rules" if opened.project else "an empty Logic stage"


def known_ids(opened: Opened) -> set[str]:
    """Ids of the project's rules, which a new rule must not take even where they were removed."""
    saved = [one for one in (current().scenario, current().base) if one is not None]
    known = [baseline(opened), *(cached.scenario(one.document).rules for one in saved)]
    return {rule.id for stage in known for rule in stage.rules}


def colors(opened: Opened, stage: Logic) -> dict[str, str]:
    """Colour per rule id, the same on every page."""
    original = [rule.id for rule in baseline(opened).rules]
    return output_colors(original, [rule.id for rule in stage.rules])


def _document(opened: Opened, stage: Logic) -> str:
    around = opened.project.stages if opened.project else None
    return write_draft(stage, around or ())


def save(opened: Opened, edited: Logic) -> None:
    """Save an edit; when another window was first, as a draft of its own."""
    state, drafts = current(), services().drafts
    document = _document(opened, edited)
    seen, stage = state.draft, baseline(opened)
    before = seen.document if seen else _document(opened, stage_in_hand(opened))
    if before == document:
        return
    if seen is None:
        state.draft = drafts.create(state.workspace, stage.id, before, document, state.editor)
    else:
        try:
            state.draft = drafts.save(seen, document, state.editor)
        except DraftChanged:
            state.draft = drafts.create(seen.workspace, seen.stage, before, document, state.editor)
            state.parted = seen.id
    write_link()


def undo() -> None:
    """Take the last edit back."""
    _step(back=True)


def redo() -> None:
    """Make the edit again that was taken back."""
    _step(back=False)


def _step(back: bool) -> None:
    state, drafts = current(), services().drafts
    if state.draft is None:
        return
    step = drafts.undo if back else drafts.redo
    try:
        state.draft = step(state.draft, state.editor)
    except DraftChanged:
        try:
            state.draft = drafts.get(state.draft.id)
            state.notice = "Another window changed this draft; you see its version now."
        except UnknownName as error:  # the next edit makes a draft of its own
            state.notice = str(error)


def to_stage(stage: str) -> None:
    """Take another Logic stage in hand, with the draft that was in hand when it was left."""
    state = current()
    if state.draft is not None:
        state.left[state.draft.stage] = state.draft.id
    load(state.left.pop(stage, None))
    state.stage = stage


def load(draft: str | None) -> None:
    """Take another saved draft in hand; None goes back to the project's rules."""
    state = current()
    try:
        state.draft = services().drafts.get(draft) if draft else None
    except UnknownName as error:  # what is in hand stays
        state.notice = str(error)
        return
    state.parted, state.rule, state.scenario = None, None, None
    if state.draft is not None:
        state.stage = state.draft.stage
    write_link()
