"""Runs as tables and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from core.charts.tables import text_table
from core.model.names import Names
from core.model.phrases import about_duration, moment_text
from core.plugin_runs.arrivals import AfterRun
from core.plugin_runs.compare import Asked, ClassDifference
from core.plugin_runs.config.diff import ConfigChange
from core.plugin_runs.label_changes import per_class
from core.plugin_runs.log_text import last_words
from core.plugin_runs.model import KeptLabels, Run
from core.plugin_runs.standing import MODE_WORDS, labelled_of, outcome

LAST_WORDS = 200
"""Characters of a run's last words in the list of runs."""
ORIGIN_WORDS = {"again": "again", "retry": "retry", "apply": "applied dry run", "start": ""}


def when(seconds: float | None) -> str:
    """A time of a run, in UTC."""
    return "" if seconds is None else moment_text(seconds, True, False)


def took(seconds: float | None) -> str:
    """A length of time as people say it."""
    return "" if seconds is None else about_duration(1_000 * seconds)


def mode_words(run: Run) -> str:
    """Probe, dry run or for real, and how it came about."""
    mode = MODE_WORDS[run.request.kind].capitalize()
    origin = ORIGIN_WORDS[run.origin]
    return f"{mode}, {origin}" if origin else mode


def run_name(run: Run, plugins: Mapping[str, str]) -> str:
    """What a run is called in pickers and headings."""
    plugin = plugins.get(run.request.plugin, "a plugin that is gone")
    return f"{plugin}, {when(run.created_at)}, {mode_words(run).lower()}"


def runs_table(
    runs: Sequence[Run], plugins: Mapping[str, str], projects: Mapping[str, str], now: float
) -> pd.DataFrame:
    """One row per run."""
    return text_table(
        {
            "State": [outcome(run) for run in runs],
            "Labelled": [labelled_of(run) for run in runs],
            "Started (UTC)": [when(run.created_at) for run in runs],
            "Plugin": [plugins.get(run.request.plugin, "gone") for run in runs],
            "Project": [projects.get(run.request.project, "gone") for run in runs],
            "Mode": [mode_words(run) for run in runs],
            "Labels": [sum(run.per_class.values()) for run in runs],
            "Took": [took(run.elapsed(now)) for run in runs],
            "Last words": [last_words(run.message or run.reason, LAST_WORDS) for run in runs],
            "By": [run.request.run_by for run in runs],
            "Settings": [run.request.fingerprint[:6] for run in runs],
        }
    )


def class_table(counts: Mapping[str, int], names: Names) -> pd.DataFrame:
    """Labels per class, most first."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return text_table(
        {
            "Class": [names.of_class(schema) for schema, _ in ordered],
            "Labels": [count for _, count in ordered],
        }
    )


def kept_table(labels: Sequence[KeptLabels], names: Names) -> pd.DataFrame:
    """What a run does to tasks: labels per class, and how many are there already."""
    return text_table(
        {
            "Asset": [one.external_id or one.asset for one in labels],
            "New labels": [sum(per_class(one.added).values()) for one in labels],
            "Replaced": [sum(per_class(one.removed).values()) for one in labels],
            "There already": [sum(per_class(one.before or {}).values()) for one in labels],
            "Classes": [_words(per_class(one.added), names) for one in labels],
            "Same class there": [
                _words(_same(per_class(one.added), per_class(one.before or {})), names)
                for one in labels
            ],
        }
    )


def _same(added: Counter[str], before: Counter[str]) -> Counter[str]:
    return Counter({schema: count for schema, count in added.items() if before[schema]})


def _words(counts: Counter[str], names: Names) -> str:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{count} {names.of_class(schema)}" for schema, count in ordered)


def refused_table(refused: Mapping[str, int]) -> pd.DataFrame:
    """Why labels and calls were refused, and how often."""
    ordered = sorted(refused.items(), key=lambda one: (-one[1], one[0]))
    return text_table(
        {"Reason": [why for why, _ in ordered], "Times": [count for _, count in ordered]}
    )


def change_table(changes: Sequence[ConfigChange], before: str, after: str) -> pd.DataFrame:
    """The differences of two configs under two headings."""
    return text_table(
        {
            "Value": [one.path for one in changes],
            before: [one.before or "not there" for one in changes],
            after: [one.after or "not there" for one in changes],
        }
    )


def asked_table(differences: Sequence[Asked], first: str, second: str) -> pd.DataFrame:
    """What two runs were asked differently."""
    return text_table(
        {
            "Asked": [one.what for one in differences],
            first: [one.first for one in differences],
            second: [one.second for one in differences],
        }
    )


def difference_table(
    differences: Sequence[ClassDifference], names: Names, first: str, second: str
) -> pd.DataFrame:
    """How the labels of two runs differ."""
    return text_table(
        {
            "Class": [names.of_class(one.schema_id) for one in differences],
            first: [one.first for one in differences],
            second: [one.second for one in differences],
            "Difference": [one.second - one.first for one in differences],
            "In both, at the same place": [one.same for one in differences],
        }
    )


def routes_table(after: AfterRun, names: Names) -> pd.DataFrame:
    """Where the tasks of a run go, stage by stage; those that none of them reaches are left out."""
    reached = [one for one in after.stages if one.before or one.after]
    return text_table(
        {
            "Stage": [names.of_stage(one.stage) for one in reached],
            "Expected before": [round(one.before, 1) for one in reached],
            "Expected after": [round(one.after, 1) for one in reached],
            "Difference": [round(one.after - one.before, 1) for one in reached],
        }
    )
