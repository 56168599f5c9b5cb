"""One task as tables: what is known of it, its history, and its way through the rules."""

from __future__ import annotations

import pandas as pd

from core.charts.tables import text_table
from core.model.names import Names
from core.model.phrases import about_duration, duration_text, moment_text
from core.model.stages import Logic
from core.routing.explain.trace import Trace
from core.tasks.task_facts import TaskFacts


def facts_table(facts: TaskFacts, names: Names) -> pd.DataFrame:
    """Two columns: fact and value, in words."""
    took = "unknown" if facts.duration_ms is None else duration_text(facts.duration_ms)
    classes = "not loaded" if facts.classes is None else ", ".join(facts.classes) or "none"
    lines = {
        "Stage now": facts.stage or "unknown",
        "Duration": took,
        "Annotators": ", ".join(map(names.of_person, facts.annotators)) or "nobody known",
        "Batches": ", ".join(facts.batches) or "none",
        "Classes": classes,
        "Last activity": moment_text(facts.last_at) if facts.last_at else "unknown",
        "Task id": facts.task,
    }
    return text_table({"Fact": list(lines), "Value": list(lines.values())})


def history_table(facts: TaskFacts, names: Names) -> pd.DataFrame:
    """One row per pass through a stage, in order."""
    return text_table(
        {
            "Passed": [stage for stage, _, _, _ in facts.passes],
            "By": [person and names.of_person(person) for _, person, _, _ in facts.passes],
            "Took": [
                "unknown" if took is None else about_duration(took)
                for _, _, took, _ in facts.passes
            ],
            "Review": [review for _, _, _, review in facts.passes],
        }
    )


def way_table(way: Trace, stage: Logic) -> pd.DataFrame:
    """One row per rule, Else last: what it asks, the verdict and why, and the chance to leave."""
    return text_table(
        {
            "Rule": [*(str(number) for number in stage.numbers), "Else"],
            "Asks": [step.rule for step in way.steps],
            "Verdict": [step.verdict for step in way.steps],
            "Leaves here": way.probabilities,
            "Because": [step.because for step in way.steps],
        }
    )
