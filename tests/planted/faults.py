"""Faults to plant, one at a time, and the tests that must then go red."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A text of a module, what stands there instead, and who has to notice."""

    name: str
    module: str
    before: str
    after: str
    tests: str


ENGINE, CORE = "core/routing/engine", "tests/core"
FAULTS = (
    Fault("a printed number lacks a digit", "core/cli/main.py",
          "{tenths(count.expected):>10}  {interval:>17}  {share:>8}",
          "{counted(count.expected):>10}  {interval:>17}  {share:>8}",
          f"{CORE}/test_printed_numbers.py"),
    Fault("a printed difference is the other way round", "core/cli/scenario.py",
          "{tenths(before):>10}  {tenths(after):>10}", "{tenths(after):>10}  {tenths(before):>10}",
          f"{CORE}/test_printed_numbers.py"),
    Fault("the appendix of a report prints whole tasks", "core/report/cells.py",
          "        tenths(count.expected),", "        counted(count.expected),",
          f"{CORE}/test_report.py"),
    Fault("a stage's difference is the other way round", "core/routing/versions/stages.py",
          "return self.after - self.before", "return self.before - self.after",
          f"{CORE}/test_stage_totals.py"),
    Fault("publishing counts the tasks that are past the stage", "core/publish/stranded.py",
          "[known in on_the_way for", "[known not in on_the_way for",
          "tests/publish/test_touched.py"),
    Fault("bars are drawn at half their length", "core/report/svg.py",
          "scale = WIDTH / ((most - least) or 1.0)", "scale = WIDTH / 2 / ((most - least) or 1.0)",
          f"{CORE}/test_svg_scale.py"),
    Fault("ribbons are scaled to the larger room", "core/report/svg.py",
          "scale = min(room for _, room in sides)", "scale = max(room for _, room in sides)",
          f"{CORE}/test_svg_scale.py"),
    Fault("a wait may be twice the ceiling", "core/gateway/retry.py",
          "min(self.most_seconds, self.first", "min(2 * self.most_seconds, self.first",
          "tests/gateway/test_limits.py"),
    Fault("one try too many", "core/gateway/retry.py",
          "if tried >= (", "if tried > (", "tests/gateway/test_limits.py"),
    Fault("a wrong cell in the table of states", "core/plugin_runs/state.py",
          '"late": "cancelled",', '"late": "no_answer",', "tests/runs/test_state.py"),
    Fault("a missing cell in the table of states", "core/plugin_runs/state.py",
          '"queued": {"sent": "starting", "cancel": "cancelled"}', '"queued": {"sent": "starting"}',
          "tests/runs/test_state.py"),
    Fault("a rule takes what one above took", f"{ENGINE}/evaluate.py",
          "todo ^= won", "todo |= won", f"{CORE}/test_split_against_naive.py"),
    Fault("the upper bound of a duration is left out", "core/rule_types/duration.py",
          "flags &= facts.duration <= in_ms(high)", "flags &= facts.duration < in_ms(high)",
          f"{CORE}/test_split_against_naive.py"),
    Fault("a percentage is divided by 1,000", "core/model/dialect.py",
          "scaleb(-2)", "scaleb(-3)", f"{CORE}/test_scale.py"),
    Fault("Else gets what it would get without the last rule", f"{ENGINE}/chances.py",
          "left * (one - c)", "left * one", f"{CORE}/test_split_against_naive.py"),
    Fault("an interval of 96 %", f"{ENGINE}/binomial.py",
          "np.searchsorted(total, (LOW, HIGH))", "np.searchsorted(total, (0.02, 0.98))",
          f"{CORE}/test_binomial.py"),
    Fault("a draw forgets the pass", f"{ENGINE}/draw.py",
          'f"{seed}:{rule}:{turn}"', 'f"{seed}:{rule}:0"', f"{CORE}/test_laws.py"),
    Fault("rules of one id do not share their uniform", f"{ENGINE}/chances.py",
          "min(high, high_now) - max(low, low_now)", "(high - low) * (high_now - low_now)",
          f"{CORE}/test_compare.py"),
    Fault("a class that must be absent may be there", "core/rule_types/annotation_type.py",
          "matched = matched & ~has", "matched = matched | ~has", f"{CORE}/test_cli.py"),
    Fault("an edited key loses the others", "core/ango_json/stages.py",
          "merged = {**(source if isinstance(source, dict) else {}), **fresh}", "merged = fresh",
          f"{CORE}/test_wire.py"),
    Fault("a number loses its spelling", "core/ango_json/text.py",
          "number.text = text", "number.text = repr(float(text))", f"{CORE}/test_wire_text.py"),
    Fault("a formula goes into CSV", "core/spreadsheet.py",
          "return f\"'{shown}\" if risky else shown", "return shown",
          f"{CORE}/test_spreadsheet.py"),
    Fault("49 steps of undo", "core/store/drafts.py",
          "UNDO_STEPS = 50", "UNDO_STEPS = 49", f"{CORE}/test_drafts.py"),
    Fault("a secret says itself", "core/secret.py",
          "return text.replace(self.__value, by)", "return text", "tests/hub/test_secrets.py"),
    Fault("a download goes on one byte too late", "core/gateway/download.py",
          'f"bytes={self.size}-"', 'f"bytes={self.size + 1}-"',
          "tests/gateway/test_read_tasks.py"),
    Fault("the bar of a count is its certain part", "core/charts/split.py",
          "expected, shares = [o.count.expected for o",
          "expected, shares = [o.count.certain for o",
          "tests/app/test_pages.py"),
    Fault("facts of the first time, not of the last", "core/tasks/snapshot.py",
          "last[history.rows[entries]] = entries",
          "last[history.rows[entries[::-1]]] = entries[::-1]", f"{CORE}/test_moment.py"),
    Fault("the log view hides a line at its own level", "pages/plugins/parts/log_view.js",
          "?? 2) >= least", "?? 2) > least", "tests/e2e/test_log_view.py"),
    Fault("the mark stands one line too low", "pages/plugins/parts/json_editor.js",
          "TOP + (place.line - 1) * LINE", "TOP + place.line * LINE",
          "tests/e2e/test_json_editor.py"),
    Fault("a log is read again from its last line", "core/store/runs.py",
          "(logs.c.number > after)", "(logs.c.number >= after)", "tests/runs/test_store.py"),
)  # fmt: skip
