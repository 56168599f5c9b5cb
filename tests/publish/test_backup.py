"""What backups tell of a Logic stage's earlier rules."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core.model.stages import Logic
from core.publish.backup import Backup, other_rules_until


def kept(hour, *stages):
    at = datetime(2026, 11, 26, hour, tzinfo=UTC)
    return Backup(Path(f"{hour}.json"), "http://127.0.0.1:1", "P", "P", at, "", stages)


def test_the_last_moment_with_other_rules_is_told(sample_project):
    now = sample_project.logic_stages[0]
    turned = now.with_rules(now.rules[::-1])
    elsewhere = replace(now, otherwise="Nowhere")
    same = replace(now, name="Of another name", rules=tuple(
        replace(rule, id=f"read anew {n}") for n, rule in enumerate(now.rules)
    ))  # fmt: skip
    assert other_rules_until([], now) is None
    assert other_rules_until([kept(3, same)], now) is None
    assert other_rules_until([kept(1, turned), kept(2, elsewhere), kept(3, same)], now).hour == 2
    assert other_rules_until([kept(4, Logic(id="other", name="Other"))], now) is None
