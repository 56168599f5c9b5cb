"""What takes minutes: `make soak`. The last result stands in `docs/operations.md`."""

import os
import signal
import time
from itertools import pairwise
from pathlib import Path

import pytest
from plugins.test_connections import begun

BOTH = pytest.mark.parametrize("connector", ["ws", "rest"])


@BOTH
def test_a_callback_of_ninety_seconds(bench, plugins, connector):
    run = bench.run(plugins[connector], {"do": "nap", "seconds": 90}, 120)
    assert (run.state, run.message) == ("succeeded", "awake") and run.elapsed(0) >= 90


def test_a_callback_that_burns_the_processor_for_ninety_seconds(bench, plugins):
    run = bench.run(plugins["ws"], {"do": "burn", "seconds": 90}, 120)
    assert (run.state, run.message) == ("succeeded", "burnt")


def test_a_callback_that_holds_the_interpreter_lock_for_ninety_seconds(bench, plugins):
    run = bench.run(plugins["ws"], {"do": "hold", "seconds": 90}, 130)
    assert (run.state, run.message) == ("succeeded", "let go")
    assert bench.said(run.session) == ["holding", "released"]


def test_a_flood_of_twenty_thousand_lines(bench, plugins):
    run = bench.run(plugins["ws"], {"do": "lines", "count": 20_000}, 180)
    said, last = [], 0
    while some := bench.runs.logs(run.session, after=last, limit=5_000):
        said += [line.message for line in some]
        last = some[-1].number
    assert run.state == "succeeded" and said == [f"line {n}" for n in range(20_000)]


@BOTH
def test_ten_thousand_labels_ten_times(bench, plugins, connector):
    for _ in range(10):
        run = bench.run(plugins[connector], {"do": "many", "count": 10_000}, 120)
        assert run.state == "succeeded" and run.labelled >= 10_000
        assert bench.labels.undo(run.session)[1] == 0


def test_a_result_of_seventeen_megabytes(bench, plugins):
    run = bench.run(plugins["ws"], {"do": "long", "count": 17_500_000}, 120)
    assert run.state == "succeeded" and "17,500,000 characters" in run.message[-60:]


def test_a_wrong_secret_ends_the_process_at_its_next_heartbeat(bench):
    bench.plugin(secret="wrong")
    assert bench.processes.pop().wait(90) == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_plugin_that_is_stopped_while_it_works(bench, how, until):
    plugin = bench.plugin()
    until(lambda: bench.is_live(plugin), 30)
    session = bench.start(plugin, {"do": "work"})
    until(lambda: bench.runs.get(session).state == "running")
    bench.processes.pop().send_signal(how)
    run = bench.ended(session)
    assert run.state == "interrupted" and "did not come back" in run.reason


def test_nothing_returned_over_a_new_connection_is_no_answer(bench, wire, wired, until):
    config = {"do": "nap", "seconds": 2, "answer": None}
    session = begun(bench, until, bench.start(wired, config, deadline=9))
    wire.cut()
    assert bench.ended(session).state == "no_answer"  # not interrupted: the process is the same


def test_a_connection_that_does_not_come_back_interrupts_the_run(bench, wire, wired, until):
    session = begun(bench, until, bench.start(wired, {"do": "nap", "seconds": 30}))
    wire.open = False
    wire.cut()
    run = bench.ended(session)
    assert run.state == "interrupted" and "did not come back" in run.reason


def test_a_hub_that_stands_still_for_eight_seconds(bench, plugins):
    os.kill(bench.hub.process.pid, signal.SIGSTOP)
    time.sleep(8)
    os.kill(bench.hub.process.pid, signal.SIGCONT)
    assert bench.run(plugins["ws"], {}).state == "succeeded"


def test_fifty_runs_queue_up_and_all_succeed_in_turn(bench, plugins):
    both = [plugins[connector] for connector in ("ws", "rest")]
    sessions = [bench.start(plugin, {}, dry_run=True) for plugin in both for _ in range(25)]
    ends = [bench.ended(session, 240) for session in sessions]
    assert {run.state for run in ends} == {"succeeded"}
    for mine in (ends[:25], ends[25:]):
        assert all(one.finished_at <= other.sent_at for one, other in pairwise(mine))


def test_memory_stays_flat_over_a_thousand_short_runs(make_bench, bench, until):
    """Of a project on another hub, whose tasks the hub remembers while a dry run lasts."""
    near = make_bench(bench.hub)
    made = [near.plugin(name=f"Short {n}") for n in range(8)]
    until(lambda: all(near.is_live(one) for one in made), 60)
    status = Path(f"/proc/{near.hub.process.pid}/status")

    def resident():
        time.sleep(12)  # a run is remembered until its key is refused
        (line,) = [one for one in status.read_text().splitlines() if one.startswith("VmRSS")]
        return int(line.split()[1]) / 1024

    def some(rounds):
        for _ in range(rounds):
            kinds = [{"do": "lines", "count": 20}, {"do": "simple"}, {"do": "who"}, {"do": "fail"}]
            sessions = [
                near.start(plugin, kinds[n % 4], dry_run=True) for n, plugin in enumerate(made)
            ]
            for session in sessions:
                near.ended(session, 60)
        return resident()

    memory = [some(25), *(some(25) for _ in range(4))]
    print("MiB after 200, 400, … 1,000 runs:", *(f"{one:.0f}" for one in memory))
    assert memory[-1] - memory[1] < 8, memory
