"""What the benchmarks share: medians of interleaved runs, memory of a process, lines of a table.

Times on a shared machine wander by a factor of two, so nothing is compared with a number from
elsewhere: both sides of a ratio are measured in turn, and the medians are compared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any


def memory_mb(field: str = "VmHWM", process: int | str = "self") -> float:
    """Resident memory of a process in MB: the peak since it started, or `VmRSS` for now.

    Not `ru_maxrss`, which a new process inherits from the one that started it.
    """
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1_024 / 1e6
    raise LookupError(field)


def processor_seconds(process: int) -> float:
    """How long a process has worked so far: what other work on the machine does not change."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def seconds(action: Callable[[], Any]) -> float:
    """How long one call takes."""
    began = perf_counter()
    action()
    return perf_counter() - began


def in_turn(
    actions: Mapping[str, Callable[[], Any]], rounds: int, warm: bool = True
) -> dict[str, float]:
    """Median seconds of each action; every round runs all of them once."""
    if warm:
        for action in actions.values():
            action()
    found: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            found[name].append(seconds(action))
    return {name: median(times) for name, times in found.items()}


def fresh_process(script: str, *arguments: str) -> dict[str, Any]:
    """Run a script of this folder in a process of its own; its last line of output is JSON."""
    done = subprocess.run(
        [sys.executable, script, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def heading(text: str) -> None:
    """Print the title of a table."""
    print(f"\n{text}\n{'':6}  {'target':>12}  {'measured':>12}", flush=True)


def at_least(what: str, target: float, measured: float, unit: str = "x") -> None:
    """Print a line whose measured value should reach the target."""
    _line(what, f">= {target:,g} {unit}", measured, unit, measured >= target)


def at_most(what: str, target: float, measured: float, unit: str = "x") -> None:
    """Print a line whose measured value should stay within the target."""
    _line(what, f"<= {target:,g} {unit}", measured, unit, measured <= target)


def for_information(what: str, measured: float, unit: str = "x") -> None:
    """Print a line without a target."""
    _line(what, "", measured, unit, None)


def _line(what: str, target: str, measured: float, unit: str, reached: bool | None) -> None:
    word = {True: "ok", False: "MISSED", None: ""}[reached]
    digits = 0 if measured >= 100 else 1 if measured >= 10 else 2
    print(f"{word:6}  {target:>12}  {f'{measured:,.{digits}f} {unit}':>12}  {what}", flush=True)
