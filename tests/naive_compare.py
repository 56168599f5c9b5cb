"""Comparing two versions of a Logic stage, naively: one task after the other, every interval of u.

Like `naive`, it imports nothing of the engine and the engine nothing of it.
"""

import itertools
import math
from functools import cache

import naive


def normal(condition, dialect=None):
    """What a condition asks: 20 may be 0.2, lists are sets, `index` and spellings do not count."""
    if naive.condition_matches(condition, naive.NO_FACTS) is None:
        rest = (
            {k: v for k, v in condition.items() if k != "index"}
            if isinstance(condition, dict)
            else condition
        )
        return ("as it stands", repr(sorted(rest.items(), key=str) if rest else rest))
    kind, value = condition["type"], condition.get("value")
    if kind == "RandomSample":
        number = naive.number(value)
        if number is None or not 0 <= number <= 100:
            return (kind, "malformed", repr(value))
        found = naive.condition_matches(condition, naive.NO_FACTS, dialect=dialect)
        return (kind, "no chance", number) if found is False else (kind, round(found, 12))
    if kind == "Annotator":
        return (kind, frozenset(name.strip().casefold() for name in value))
    if kind == "Batch":
        return (kind, frozenset(value))
    if kind == "Duration":
        bounds = [None if end is None else float(naive.number(end)) for end in [*value, None, None]]
        if None not in bounds[:2] and bounds[0] > bounds[1]:
            return (kind, "malformed", repr(value))
        return (kind, *bounds[:2])
    asked = set()
    for entry in value["tools"]:
        words = list(entry.get("filter", [])) + ([entry["exists"]] if "exists" in entry else [])
        for word in words:
            word = word["exists"] if isinstance(word, dict) else word
            asked.add((entry["schemaId"], word in ("exists", True)))
    return (kind, frozenset(asked))


def type_of(condition):
    kind = condition.get("type") if isinstance(condition, dict) else None
    return kind if isinstance(kind, str) else ""


def paired_ids(before, after, dialect=None):
    """Ids of the rules of both versions; the same rule has the same id."""
    old, new = naive.conditions_of(before), naive.conditions_of(after)
    ids = [f"before {place}" for place in range(len(old))]
    found = [None] * len(new)
    free = list(range(len(old)))
    for key in (lambda one: normal(one, dialect), type_of):
        for place, condition in enumerate(new):
            partner = [i for i in free if key(old[i]) == key(condition)]
            if found[place] is None and partner:
                found[place] = ids[partner[0]]
                free.remove(partner[0])
    return ids, [name or f"new {place}" for place, name in enumerate(found)]


def pairs_of_outputs(verdicts, ids):
    """Chance of every (output before, output after), by brute force over intervals of u."""
    cuts = {}
    for side in (0, 1):
        for verdict, name in zip(verdicts[side], ids[side], strict=True):
            if naive.is_float(verdict) and 0 < verdict < 1:
                cuts.setdefault(name, {0.0, 1.0}).add(verdict)
    names = list(cuts)
    spans = [list(itertools.pairwise(sorted(cuts[name]))) for name in names]
    found = {}
    for chosen in itertools.product(*spans):
        middle = {name: (a + b) / 2 for name, (a, b) in zip(names, chosen, strict=True)}
        weight = math.prod(b - a for a, b in chosen)
        outputs = tuple(first(verdicts[side], ids[side], middle) for side in (0, 1))
        found[outputs] = found.get(outputs, 0.0) + weight
    return found


def first(verdicts, ids, uniforms):
    for place, (verdict, name) in enumerate(zip(verdicts, ids, strict=True)):
        if naive.is_float(verdict) and 0 < verdict < 1:
            if uniforms[name] < verdict:
                return place
        elif naive.chance_of(verdict) == 1.0:
            return place
    return len(verdicts)


def difference(steps):
    """P(D = d) of a sum of independent steps, each (chance of +1, chance of -1)."""
    odds = {0: 1.0}
    for up, down in steps:
        longer = {}
        for total, odd in odds.items():
            for step, chance in ((1, up), (-1, down), (0, 1.0 - up - down)):
                longer[total + step] = longer.get(total + step, 0.0) + odd * chance
        odds = longer
    return odds


def interval(steps):
    """As `naive.interval`, of a difference."""
    odds = difference(steps)
    low = high = None
    total, tie = 0.0, False
    for value in sorted(odds):
        total += odds[value]
        low = value if low is None and total >= naive.LOW else low
        high = value if high is None and total >= naive.HIGH else high
        tie = tie or any(abs(total - bound) < 1e-9 for bound in (naive.LOW, naive.HIGH))
    return low, high, tie


def compare(items, before, after, project=None, dialect=None, ids=None):
    """Everything that `compare --json` says of counts."""
    tasks, _ = naive.tasks_of(items)
    stages = (before, after)
    ids = ids or paired_ids(before, after, dialect)
    wires = [naive.targets(stage) for stage in stages]
    all_conditions = [naive.conditions_of(stage) for stage in stages]

    @cache
    def law(verdicts):
        return pairs_of_outputs(verdicts, ids)

    laws = []
    for task in tasks:
        known = naive.facts(task, project, dialect)
        laws.append(
            law(
                tuple(
                    tuple(naive.condition_matches(c, known, project, dialect) for c in conditions)
                    for conditions in all_conditions
                )
            )
        )
    sizes = [len(wire) for wire in wires]
    matrix = [
        [math.fsum(one.get((i, j), 0.0) for one in laws) for j in range(sizes[1])]
        for i in range(sizes[0])
    ]
    targets = list(dict.fromkeys([*wires[0], *wires[1]]))
    stage_matrix = [
        [
            math.fsum(
                matrix[i][j]
                for i in range(sizes[0])
                for j in range(sizes[1])
                if (wires[0][i], wires[1][j]) == (one, other)
            )
            for other in targets
        ]
        for one in targets
    ]
    names = [[*ids[0], "Else"], [*ids[1], "Else"]]

    def moves(i, j):
        return wires[0][i] != wires[1][j]

    def reroutes(i, j):
        return not moves(i, j) and names[0][i] != names[1][j]

    def amount(event):
        chances = [math.fsum(p for (i, j), p in one.items() if event(i, j)) for one in laws]
        return {
            "certain": sum(all(event(i, j) for i, j in one) for one in laws),
            "expected": math.fsum(chances),
            "interval": naive.interval(chances),
        }

    def change(old, new):
        steps = [
            (
                math.fsum(p for (i, j), p in one.items() if i not in old and j in new),
                math.fsum(p for (i, j), p in one.items() if i in old and j not in new),
            )
            for one in laws
        ]
        apart = [
            step
            for one in laws
            for step in (
                (math.fsum(p for (_, j), p in one.items() if j in new), 0.0),
                (0.0, math.fsum(p for (i, _), p in one.items() if i in old)),
            )
        ]
        return {
            "expected": math.fsum(up - down for up, down in steps),
            "interval": interval(steps),
            "independent": interval(apart),
        }

    lines = [
        (names[0].index(name) if name in names[0] else None, j) for j, name in enumerate(names[1])
    ]
    gone = [(i, None) for i, name in enumerate(names[0]) if name not in names[1]]
    lines = [*lines[:-1], *gone, lines[-1]]
    return {
        "tasks": len(tasks),
        "matrix": matrix,
        "targets": targets,
        "stages": stage_matrix,
        "moved": amount(moves),
        "rerouted": amount(reroutes),
        "lines": lines,
        "outputs": [change({i} - {None}, {j} - {None}) for i, j in lines],
        "arrivals": [
            change(
                {i for i, target in enumerate(wires[0]) if target == one},
                {j for j, target in enumerate(wires[1]) if target == one},
            )
            for one in targets
        ],
    }


def movers(items, before, after, project, dialect, seed, ids):
    """Ids of the tasks whose stage differs in the draw of the seed, with both outputs."""
    tasks, _ = naive.tasks_of(items)
    found = []
    for task in tasks:
        known = naive.facts(task, project, dialect)
        outputs = [
            naive.drawn_output(
                [naive.condition_matches(c, known, project, dialect)
                 for c in naive.conditions_of(stage)],
                names, known["id"], seed,
            )
            for stage, names in zip((before, after), ids, strict=True)
        ]  # fmt: skip
        wires = [naive.targets(stage)[output] for stage, output in
                 zip((before, after), outputs, strict=True)]  # fmt: skip
        if wires[0] != wires[1]:
            found.append((known["id"], *outputs))
    return found
