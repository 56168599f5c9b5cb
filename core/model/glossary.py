"""What the words of the pages mean, in plain sentences; a page shows one beside its setting.

A word of ours that people cannot know stands on a page only with its sentence here.
"""

from __future__ import annotations

INTERVAL = (
    "95 % interval: chance leaves the number inside it 95 times out of 100. It is calculated, not "
    "sampled. Without one, chance plays no part and the number is exact."
)
DRAW = (
    "Random rules are drawn once for what is shown as drawn. The same number always gives the same "
    "draw; Ango Hub draws afresh for every task."
)
PINNED_TASK = (
    "A task that must go to the stage that you choose. It is checked at every edit, on the command "
    "line and before publishing."
)
SCENARIO = (
    "Rules with their settings, the number of the draw and the pinned tasks, under one name. The "
    "address of the page reopens it anywhere."
)
BASELINE = "What edits are compared with; its values stand in grey beside them."
DRAFT = "Every edit is saved. The address of this page reopens the draft anywhere."
LEVER = (
    "A value that may be moved in front of others: a percentage, a time, a rule on or off, how "
    "many tasks come, or a price."
)
TABLE_CODE = "The same tasks, read in the same way, always have the same code."
SETTINGS_CODE = "Runs that were asked the same have the same code."

WORDS = {
    "95 % interval": INTERVAL,
    "number of the draw": DRAW,
    "pinned task": PINNED_TASK,
    "scenario": SCENARIO,
    "baseline": BASELINE,
    "draft": DRAFT,
    "lever": LEVER,
}
"""Words that stand on pages, and what they mean."""

NEEDS_ADDRESSES = (
    "It needs the people's addresses: switch off their pseudonyms in the menu of the project."
)
"""Why rules cannot be had as JSON while people are shown under pseudonyms."""
