"""What backups tell of a Logic stage's earlier rules, and that one is kept whole or not at all."""

import resource
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import PublishError
from core.model.stages import Logic
from core.publish.backup import Backup, other_rules_until, write_backup


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


def test_a_backup_that_the_disk_does_not_take_is_said_and_leaves_nothing(sample_project, tmp_path):
    now, host = datetime(2026, 11, 26, tzinfo=UTC), "http://127.0.0.1:1"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(PublishError, match=r"cannot be kept \(.*\); nothing was written"):
            write_backup(tmp_path, host, sample_project, now, "a test")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not [*tmp_path.rglob("*.json")]
    assert write_backup(tmp_path, host, sample_project, now, "a test").path.exists()
