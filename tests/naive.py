"""A second, deliberately naive reading of the semantics, to test the engine against.

One task at a time, plain dicts and lists, the standard library only. Nothing here is meant to be
fast, and nothing here may be imported by the engine or import from it.
"""

import hashlib
import math
import re
from fractions import Fraction

DEFAULTS = {
    "annotator": "any",
    "duration": "total",
    "unit": "ms",
    "nested": "off",
    "random": "auto",
}
NEGATIVE = ["notExists", "not exists", "not-exists", "not_exists", "doesNotExist"]
UNIT_IN_MS = {"ms": 1, "s": 1000, "min": 60000}
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
LOW, HIGH = 0.025, 0.975
MASK = 2**64 - 1


# ---- small readers --------------------------------------------------------------------------


def list_of(value):
    """The list, or an empty one for null, missing and anything that is not a list."""
    return value if isinstance(value, list) else []


def objects_of(value):
    """The objects of a list; nulls and other strange entries are left out."""
    return [entry for entry in list_of(value) if isinstance(entry, dict)]


def inner(project):
    """The project itself, also out of a whole `get_project` response; {} without a project."""
    if project is None:
        return {}
    if isinstance(project.get("data"), dict):
        return project["data"]["project"]
    return project


def amount(value):
    """A duration of the data: a finite JSON number that is not negative, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value) or value < 0:
        return None
    return float(value)


def number(value):
    """A number of a rule; text that spells one is read. Anything else is None."""
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def person(value):
    """A person as compared: trimmed and in lower case, "" for none."""
    return value.strip().lower() if isinstance(value, str) else ""


# ---- tasks and their facts ------------------------------------------------------------------


def tasks_of(items):
    """Every task once, with its asset's batches; and how many were repeated or not there."""
    tasks = []
    counts = {"skipped": 0, "no_task": 0}
    seen = set()
    for item in items:
        if "_id" in item and "task" not in item and "tasks" not in item:
            form, found = "hub", [(item["_id"], item)]
        else:
            form = "export"
            raws = [item["task"]] if isinstance(item.get("task"), dict) else item.get("tasks")
            found = [(raw.get("taskId"), raw) for raw in objects_of(raws)]
        found = [(key, raw) for key, raw in found if key is not None and key != ""]
        if not found:
            counts["no_task"] += 1
        for key, raw in found:
            if str(key) in seen:
                counts["skipped"] += 1
                continue
            seen.add(str(key))
            tasks.append(
                {
                    "id": str(key),
                    "form": form,
                    "batches": item.get("batches"),
                    "task": raw if form == "hub" else as_today(raw, item, len(found)),
                }
            )
    return tasks, counts


def as_today(raw, item, tasks):
    """A task of an older export, whose work is not in a history, as one pass of no known stage."""
    took = None
    for holder in [raw, item] if tasks == 1 else [raw]:
        for key in ("duration", "duration(ms)", "labelDuration", "labelDuration(ms)"):
            took = amount(holder.get(key)) if took is None else took
    if not history_of(raw) and (raw.get("completedBy") is not None or took is not None):
        raw = {**raw, "stageHistory": [{"completedBy": raw.get("completedBy"), "duration": took}]}
    return {**raw, "own": took}


def facts(task, project=None, dialect=None):
    """What the rules may know of one task of `tasks_of`."""
    settings = DEFAULTS | (dialect or {})
    raw = task["task"]
    return {
        "id": task["id"],
        "schema_ids": schema_ids(raw, task["form"], settings),
        "annotators": annotators(raw, project, settings),
        "duration": duration(raw, task["form"], project, settings),
        "batches": {resolved(b, project) for b in list_of(task["batches"]) if b is not None},
    }


def schema_ids(raw, form, settings):
    """Schema ids present, None when the answer is not loaded."""
    if form == "hub":
        answer = raw.get("answer")
        if not isinstance(answer, dict):
            return None
        tools = objects_of(answer.get("tools"))
        classifications = objects_of(answer.get("classifications"))
    else:
        new_form = isinstance(raw.get("tools"), list)
        tools = objects_of(raw["tools"] if new_form else raw.get("objects"))
        classifications = objects_of(raw.get("classifications"))
    present = {tool.get("schemaId") for tool in tools}
    present |= {c.get("schemaId") for c in classifications if answered(c.get("answer"))}
    if settings["nested"] == "on":
        for entry in tools + classifications:
            present |= nested_ids(entry)
    return present - {None}


def answered(answer):
    """Null, "", [] and a list of only such values are no answer."""
    if isinstance(answer, list):
        return any(answered(one) for one in answer)
    return answer is not None and answer != ""


def nested_ids(entry):
    """Schema ids of the answered classifications anywhere below a tool or classification."""
    present = set()
    for below in objects_of(entry.get("classifications")):
        if answered(below.get("answer")):
            present.add(below.get("schemaId"))
        present |= nested_ids(below)
    return present


def history_of(raw):
    return objects_of(raw.get("stageHistory"))


def stage_of(entry, project):
    """The project's stage of a history entry: by id, else by name, else None (unknown)."""
    stages = objects_of(inner(project).get("stages"))
    for stage in stages:
        if entry.get("stageId") is not None and stage.get("id") == entry["stageId"]:
            return stage
    for stage in stages:
        if entry.get("stage") is not None and stage.get("name") == entry["stage"]:
            return stage
    return None


def labelling_entries(raw, project):
    """The history entries that are not reviews."""
    entries = []
    for entry in history_of(raw):
        stage = stage_of(entry, project)
        if stage is None or not stage.get("type"):
            counts = entry.get("reviewStatus") in (None, "")
        else:
            counts = stage["type"] == "Label"
        if counts:
            entries.append(entry)
    return entries


def annotators(raw, project, settings):
    people = [person(entry.get("completedBy")) for entry in labelling_entries(raw, project)]
    people = [one for one in people if one]
    if settings["annotator"] == "last":
        people = people[-1:]
    if settings["annotator"] == "assignee" or not people:
        people = [person(raw.get("assignee"))]
    return {one for one in people if one}


def duration(raw, form, project, settings):
    """Milliseconds, None when unknown."""
    if settings["duration"] == "total":
        total = amount(raw.get("totalDuration"))
        if total is not None:
            return total
        if form == "hub":
            return amount(raw.get("duration"))
        entries = history_of(raw)
        if not any(amount(entry.get("duration")) is not None for entry in entries):
            return raw.get("own")
    elif settings["duration"] == "labelling":
        entries = labelling_entries(raw, project)
    else:
        entries = labelling_entries(raw, project)[-1:]
    spent = [amount(entry.get("duration")) for entry in entries]
    spent = [one for one in spent if one is not None]
    return math.fsum(spent) if spent else None


def batch_id(value, project):
    """The id of a project's batch, given its id or its name; None when it has no such batch."""
    batches = objects_of(inner(project).get("batches"))
    for key in ("_id", "name"):
        for batch in batches:
            if batch.get(key) is not None and batch[key] == value:
                return batch.get("_id") or batch["name"]
    return None


def resolved(value, project):
    """A task's batch as compared: its id in the project; one that is unknown stays as it is."""
    known = batch_id(value, project)
    return value if known is None else known


# ---- conditions -----------------------------------------------------------------------------


def condition_matches(condition, known, project=None, dialect=None):
    """Does this rule take a task with the facts `known`?

    True or False for a certain rule, a float for the chance of a random rule, None when the
    condition cannot be simulated (it then matches nothing; None does not depend on the task).
    """
    settings = DEFAULTS | (dialect or {})
    if not isinstance(condition, dict) or set(condition) - {"type", "value", "index"}:
        return None
    value = condition.get("value")
    if condition.get("type") == "AnnotationType":
        return annotation_matches(value, known["schema_ids"])
    if condition.get("type") == "Annotator":
        if not is_list_of_text(value):
            return None
        return any(person(one) in known["annotators"] for one in value)
    if condition.get("type") == "RandomSample":
        return random_matches(number(value), settings["random"])
    if condition.get("type") == "Duration":
        return duration_matches(value, known["duration"], settings["unit"])
    if condition.get("type") == "Batch":
        if not is_list_of_text(value):
            return None
        if project is None:
            return any(one in known["batches"] for one in value)
        wanted = [batch_id(one, project) for one in value]
        return any(one in known["batches"] for one in wanted if one is not None)
    return None


def random_matches(amount, scale):
    """The chance that a Random sample's number means in a scale; no chance matches nothing."""
    if amount is None or amount < 0 or amount > (1 if scale == "fraction" else 100):
        return False
    if scale == "fraction" or (scale == "auto" and amount <= 1):
        return float(amount)
    return float(Fraction(str(amount)) / 100)


def is_list_of_text(value):
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def annotation_matches(value, present):
    if not isinstance(value, dict) or set(value) != {"tools"}:
        return None
    if not isinstance(value["tools"], list):
        return None
    wanted = []  # pairs: schema id, must it be there
    for entry in value["tools"]:
        if not isinstance(entry, dict) or set(entry) - {"schemaId", "filter", "exists"}:
            return None
        if not isinstance(entry.get("schemaId"), str):
            return None
        words = []
        if "filter" in entry:
            if not isinstance(entry["filter"], list) or not entry["filter"]:
                return None
            words += entry["filter"]
        if "exists" in entry:
            if not isinstance(entry["exists"], bool):
                return None
            words.append("exists" if entry["exists"] else "notExists")
        if not words:
            return None
        for word in words:
            if word != "exists" and word not in NEGATIVE:
                return None
            wanted.append((entry["schemaId"], word == "exists"))
    if present is None:
        return False
    return all((schema_id in present) == must for schema_id, must in wanted)


def duration_matches(value, spent, unit):
    if not isinstance(value, list) or len(value) > 2:
        return None
    bounds = []
    for bound in value + [None, None][len(value) :]:
        if bound is not None:
            bound = number(bound)
            if bound is None:
                return None
            bound = Fraction(repr(bound)) * UNIT_IN_MS[unit]
        bounds.append(bound)
    low, high = bounds
    if low is not None and high is not None and low > high:
        return False
    if spent is None:
        return False
    return (low is None or spent >= low) and (high is None or spent <= high)


# ---- draws ----------------------------------------------------------------------------------


def first_8_bytes(text):
    return int.from_bytes(hashlib.md5(text.encode("utf-8")).digest()[:8], "big")


def uniform(task_id, rule_id, pass_, seed):
    """The uniform in [0, 1) of one task, rule, pass (from 0) and seed."""
    z = first_8_bytes(str(task_id)) ^ first_8_bytes(f"{seed}:{rule_id}:{pass_}")
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    z = z ^ (z >> 31)
    return (z >> 11) / 2**53


def rule_ids(conditions):
    """Type and ordinal among the rules of that type: RandomSample-0, Batch-0, RandomSample-1."""
    ids = []
    types = []
    for condition in conditions:
        kind = condition.get("type") if isinstance(condition, dict) else None
        ids.append(f"{kind}-{types.count(kind)}")
        types.append(kind)
    return ids


# ---- from verdicts to outputs ---------------------------------------------------------------


def conditions_of(stage):
    return list_of((stage.get("logic") or {}).get("conditions"))


def targets(stage):
    """Where each output leads, Else last; None is an unwired output."""
    wanted = len(conditions_of(stage)) + 1
    entries = list_of(stage.get("next"))
    if len(entries) != wanted:  # list order still rules, but no entry is Else's
        entries = entries[: wanted - 1]
        entries = entries + [None] * (wanted - len(entries))
    return [None if entry == "" else entry for entry in entries]


def chance_of(verdict):
    """The chance that a rule takes a task which reaches it."""
    if is_float(verdict):
        return verdict
    return 1.0 if verdict is True else 0.0


def is_float(verdict):
    return isinstance(verdict, float)


def probabilities(verdicts):
    """The chance of each output, Else last."""
    chances = []
    left = 1.0
    for verdict in verdicts:
        chances.append(left * chance_of(verdict))
        left = left * (1.0 - chance_of(verdict))
    return [*chances, left]


def certain_output(verdicts):
    """The output a task takes whatever the draws, None when it depends on a draw."""
    for position, verdict in enumerate(verdicts):
        if chance_of(verdict) == 1.0:
            return position
        if chance_of(verdict) > 0.0:
            return None
    return len(verdicts)


def drawn_output(verdicts, ids, task_id, seed):
    """The output a task takes in the draw of the seed."""
    for position, verdict in enumerate(verdicts):
        if is_float(verdict):
            if uniform(task_id, ids[position], 0, seed) < verdict:
                return position
        elif verdict is True:
            return position
    return len(verdicts)


def distribution(chances):
    """P(X = 0), P(X = 1), … of the number of tasks, each task added on its own."""
    odds = [1.0]
    for chance in chances:
        longer = [0.0] * (len(odds) + 1)
        for count, odd in enumerate(odds):
            longer[count] += odd * (1.0 - chance)
            longer[count + 1] += odd * chance
        odds = longer
    return odds


def interval(chances):
    """Smallest k with P(X <= k) >= 0.025, the same for 0.975, and is either bound too close.

    "Too close" (within 1e-9) means that the rounding of floats decides, so that two correct
    programs may differ by one task.
    """
    odds = distribution(chances)
    below = [math.fsum(odds[: count + 1]) for count in range(len(odds))]
    low = min(count for count, total in enumerate(below) if total >= LOW)
    high = min(count for count, total in enumerate(below) if total >= HIGH)
    tie = any(abs(total - bound) < 1e-9 for total in below for bound in (LOW, HIGH))
    return low, high, tie


# ---- what the command line prints -----------------------------------------------------------


def split(items, stage, project=None, dialect=None, seed=0):
    """Tasks per output. An output has `"tie": True` when rounding may move its interval."""
    tasks, counts = tasks_of(items)
    conditions = conditions_of(stage)
    ids = rule_ids(conditions)
    wires = targets(stage)
    known = [facts(task, project, dialect) for task in tasks]
    verdicts = [[condition_matches(c, k, project, dialect) for c in conditions] for k in known]
    chances = [probabilities(v) for v in verdicts]
    certain = [certain_output(v) for v in verdicts]
    drawn = [drawn_output(v, ids, k["id"], seed) for v, k in zip(verdicts, known, strict=True)]
    doubtful = [condition_matches(c, NO_FACTS, project, dialect) is None for c in conditions]

    outputs = []
    for position, target in enumerate(wires):
        column = [one[position] for one in chances]
        low, high, tie = interval(column)
        output = {
            "output": position,
            "next": target,
            "certain": certain.count(position),
            "expected": math.fsum(column),
            "low": low,
            "high": high,
            "drawn": drawn.count(position),
        }
        if any(doubtful[: position + 1]):
            output["uncertain"] = True
        if tie:
            output["tie"] = True
        outputs.append(output)

    honesty = {
        "unknown_duration": sum(one["duration"] is None for one in known),
        "no_history": sum(not history_of(task["task"]) for task in tasks),
        "no_answer_loaded": sum(one["schema_ids"] is None for one in known),
        **counts,
    }
    return {"tasks": len(tasks), "outputs": outputs, "honesty": honesty}


NO_FACTS = {"id": "", "schema_ids": None, "annotators": set(), "duration": None, "batches": set()}


def trace(items, stage, task_id, project=None, dialect=None, seed=0):
    """How one task goes through the rules; None when there is no such task."""
    tasks, _ = tasks_of(items)
    for task in tasks:
        if task["id"] == str(task_id):
            break
    else:
        return None
    known = facts(task, project, dialect)
    conditions = conditions_of(stage)
    ids = rule_ids(conditions)
    verdicts = [condition_matches(c, known, project, dialect) for c in conditions]

    rules = []
    taken = False  # by a rule above, whatever the draws
    for rule_id, verdict in zip(ids, verdicts, strict=True):
        chance = chance_of(verdict)
        if taken:
            word, because, p = "not reached", "a rule above takes every draw", None
        elif verdict is None:
            word, because, p = "not matched", "cannot be simulated", 0.0
        elif chance == 1.0:
            word, because, p = "matched", "the task fits", 1.0
            taken = True
        elif chance == 0.0:
            word, because, p = "not matched", "the task does not fit", 0.0
        else:
            drawn = uniform(known["id"], rule_id, 0, seed)
            word, because, p = "chance", f"drawn {drawn}, passes below {chance}", chance
        rules.append({"rule": rule_id, "verdict": word, "because": because, "p": p})

    shown = {key: sorted(v, key=str) if isinstance(v, set) else v for key, v in known.items()}
    return {
        "task": known["id"],
        "facts": shown,
        "rules": rules,
        "output": drawn_output(verdicts, ids, known["id"], seed),
        "probabilities": probabilities(verdicts),
    }
