"""A wanted share of a stage: what is said to be set, put back through `split`, gives it."""

import json

import pytest
from conftest import DATA
from small_world import chance, has, stage_of, took, workspace_of

from core.cli.main import main
from core.errors import InputError
from core.routing import edit
from core.routing.engine.shape import shape_of
from core.routing.versions.stages import stage_changes
from core.rule_types.random_sample import RandomSample

FILES = ["--tasks", str(DATA / "export.zip"), "--project", str(DATA / "project.json")]
RULES = ["--logic", str(DATA / "project.json")]


def total(work, stage, target):
    return dict(work.split(stage).stages)[target].share


@pytest.fixture
def rules(sample):
    return sample.project.logic_stages[0]


@pytest.mark.parametrize("wanted", [0, 0.05, 0.2, 1 / 3, 0.5, 0.77, 1])
@pytest.mark.parametrize("place", range(4))
def test_the_plan_gives_what_it_says(sample, rules, wanted, place):
    targets = list(dict.fromkeys([*(rule.target for rule in rules.active), rules.otherwise]))
    target = targets[place % len(targets)]
    plan = sample.plan_stage(rules, target, wanted)
    assert total(sample, plan.edited, target) == pytest.approx(plan.reached, abs=1e-9)
    assert plan.now == pytest.approx(total(sample, rules, target))
    assert abs(plan.reached - wanted) <= abs(plan.now - wanted) + 1e-9
    if plan.possible:
        assert plan.reached == pytest.approx(wanted, abs=0.0013)
    shapes = [shape_of(sample.matcher, one, sample.everything) for one in (rules, plan.edited)]
    pairs = zip(shapes[0].chances, shapes[1].chances, rules.active, plan.edited.active, strict=True)
    changed = [
        place
        for place, (old, new, rule, edited) in enumerate(pairs)
        if (old != new if old is not None else rule.condition != edited.condition)
    ]
    assert changed == ([] if plan.rule is None else [plan.rule])
    assert plan.change in plan.message


def test_no_percentage_alone_comes_nearer(sample, rules):
    """Every random rule is tried at every percent; none that reaches it moves fewer tasks."""
    target = rules.otherwise
    for wanted in (0.1, 0.3, 0.5):
        plan = sample.plan_stage(rules, target, wanted)
        best = min(
            abs(
                total(sample, edit.set_condition(rules, r.id, RandomSample(p / 100)), target)
                - wanted
            )
            for r in rules.active
            if r.type == "RandomSample"
            for p in range(101)
        )
        assert abs(plan.reached - wanted) <= best + 1e-9


def test_where_no_percentage_gives_it_a_bound_does():
    work = workspace_of([{"took": n * 1_000} for n in range(100)])
    stage = stage_of(took(90_000, None), has("A"))
    target = stage.active[0].target
    plan = work.plan_stage(stage, target, 0.3)
    assert plan.possible and plan.rule == 0 and plan.reached == pytest.approx(0.3)
    assert plan.message.startswith("Set rule 1 to ")


def test_what_cannot_be_had_is_said_with_the_nearest():
    work = workspace_of([{"classes": "A", "took": n} for n in range(100)])
    stage = stage_of(has("A"), chance(50))
    target = stage.active[1].target
    plan = work.plan_stage(stage, target, 0.3)
    assert not plan.possible and plan.rule is None
    assert "Add a random sample that leads there." in plan.message


def test_a_stage_without_an_output_and_a_share_beyond_bounds_are_refused(sample, rules):
    with pytest.raises(InputError, match="no output leads to"):
        sample.plan_stage(rules, "nowhere", 0.3)
    for share in (-0.1, 1.1):
        with pytest.raises(InputError, match="is not between"):
            sample.plan_stage(rules, rules.otherwise, share)


def test_the_command_says_the_rule_and_every_stage_before_and_after(capsys, sample, rules):
    name = sample.names.of_stage(rules.otherwise)
    plan = sample.plan_stage(rules, rules.otherwise, 0.3)
    words = ["plan", *FILES, *RULES, "--want-stage"]
    for spelled in (f"{name}=30%", f"{rules.otherwise} = 30", f"{name}=30 %"):
        assert main([*words, spelled, "--json"]) == (0 if plan.possible else 1)
        document = json.loads(capsys.readouterr().out)
        assert document["stage"] == rules.otherwise and document["name"] == name
        assert document["message"] == plan.message and document["rule"] == plan.rule
        changes = stage_changes(sample.split(rules), sample.split(plan.edited))
        assert [s["after"] for s in document["stages"]] == pytest.approx([c.after for c in changes])
    main([*words, f"{name}=30%"])
    assert plan.message in capsys.readouterr().out
    for bad in ("30%", "=30%", f"{name}=much", f"{name}=130%", "Nowhere=30%"):
        assert main([*words, bad]) == 2, bad
        said = capsys.readouterr().err.splitlines()
        assert len([line for line in said if not line.startswith("Reading: ")]) == 1, said
    with pytest.raises(SystemExit):
        main([*words, f"{name}=30%", "--shares", "20,30,50"])
