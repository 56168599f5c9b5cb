"""Hypothesis strategies: small odd projects, export items, tasks and Logic stages.

Ids come from the project most of the time, so that rules hit tasks often. All values are plain
JSON values.
"""

from functools import cache, wraps

from hypothesis import strategies as st

PEOPLE = ["ada@example.com", "bela@example.com", "Chen.K@example.com"]
NEGATIVE = ["notExists", "not exists", "not-exists", "not_exists", "doesNotExist"]
BATCH_NAMES = ["north", "Überlauf", "night drive", "b-4 ✓"]
NAMES_OF_IDS = ["t", "Ü-", "任务 "]

# Fractions of a second, a minute and an hour, so that inclusive bounds are hit in every unit.
DURATIONS = [0, 1, 500, 1000, 1001, 1500, 59999, 60000, 60000.5, 90000, 3600000]
NOT_DURATIONS = [None, -1, -60000, "60000", "soon", "", True, False]
BOUNDS = [0, 0.5, 1, 1.001, 1.5, 2, 60, 90, 1000, 1500, 60000, 90000, 3600000, "60", "1.5", "60000"]
CHANCES = [0.5, 0.2, 0.9, 50, 20, 99.5, 0.02, 1, 100, 0, 2, 1.5, "20", "0.5", " 50 ", "100"]
NOT_CHANCES = [-1, -0.5, 101, 1000, "101", "-5", "abc", "", "20 %", None, True, False, [0.5], {}]
NEVER = object()


def once(make):
    """Makes a strategy about a project or schema once: that costs more than to draw from it."""
    made = {}

    @wraps(make)
    def remembered(subject, *more):
        key = id(subject), more
        if key not in made:
            if len(made) > 64:
                made.clear()
            made[key] = (subject, make(subject, *more))  # held, so that its id stays its own
        return made[key][1]

    return remembered


BOOLEANS = st.booleans()
ROLLS = [st.integers(0, odds) for odds in range(16)]


def often(usual, odd, odds=5):
    """Mostly `usual`, once in about `odds + 1` draws `odd`; shrinks towards `usual`."""
    return ROLLS[odds].flatmap(lambda roll: odd if roll == odds else usual)


def put(draw, target, key, strategy):
    """Sets the key to a drawn value; NEVER leaves the key out."""
    value = draw(strategy)
    if value is not NEVER:
        target[key] = value


# ---- project --------------------------------------------------------------------------------


@st.composite
def classification_schemas(draw, name, depth=0):
    options = [{"value": word, "schemaId": f"{name}-{word}"} for word in ("x", "y")]
    schema = {"tool": "radio", "title": name, "schemaId": name, "options": options}
    inside = draw(st.integers(0, 1)) if depth < 2 else 0
    schema["classifications"] = [
        draw(classification_schemas(f"{name}-{n}", depth + 1)) for n in range(inside)
    ]
    return schema


@st.composite
def projects(draw):
    """A `project` of a `get_project` response; its Logic stage has the id "logic"."""
    tools = []
    for number in range(draw(st.integers(1, 3))):
        tool = {"tool": "bounding-box", "title": f"tool {number}", "schemaId": f"tool-{number}"}
        if draw(BOOLEANS):
            tool["classifications"] = [draw(classification_schemas(f"tool-{number}-class"))]
        tools.append(tool)
    classes = [draw(classification_schemas(f"class-{n}")) for n in range(draw(st.integers(1, 2)))]
    names = BATCH_NAMES[: draw(st.integers(1, 3))]
    batches = [{"_id": f"batch-{n}", "name": name} for n, name in enumerate(names)]
    people = PEOPLE[: draw(st.integers(2, 3))]

    stages = [
        {"id": "Start", "type": "Start", "name": "Start", "next": ["Label"]},
        {"id": "Label", "type": "Label", "name": "Label", "next": ["logic"]},
        {"id": "Review", "type": "Review", "name": "Review", "next": ["Complete", "Label"]},
        {"id": "Complete", "type": "Complete", "name": "Complete"},
    ]
    if draw(BOOLEANS):
        second = {"id": "label-2", "type": "Label", "name": "Second look", "next": ["Review"]}
        stages.insert(2, second)
    if draw(BOOLEANS):
        stages.insert(2, {"id": "model", "type": "Plugin", "name": "Model", "next": ["Review"]})
    if draw(BOOLEANS):
        stages.append({"id": "typeless", "name": "Typeless", "next": ["Complete"]})
    project = {
        "_id": "project-1",
        "name": "Made up",
        "batches": batches,
        "assignedTo": [{"assignee": one, "role": "Labeler"} for one in people],
        "categorySchema": {"tools": tools, "classifications": classes, "relations": []},
        "stages": stages,
    }
    stages.insert(2, draw(logic_stages(project)))
    return project


def logic_of(project):
    """The Logic stage of a project of `projects`."""
    return next(stage for stage in project["stages"] if stage.get("type") == "Logic")


def below(schemas):
    """The schema ids of these schemas and of everything nested in them."""
    found = []
    for schema in schemas:
        found.append(schema["schemaId"])
        found += below(schema.get("classifications", []))
    return found


def schema_ids(project):
    """All schema ids that a rule may name, one option of a classification among them."""
    schema = project["categorySchema"]
    option = schema["classifications"][0]["options"][0]["schemaId"]
    return [*below(schema["tools"]), *below(schema["classifications"]), option]


def people_of(project):
    return [entry["assignee"] for entry in project["assignedTo"]]


@cache
def other_spelling(name):
    """The same person in other case and with blanks."""
    return st.sampled_from([name, name.upper(), f" {name}", f"{name.lower()} "])


@once
def batch_values(project):
    """Batches by id and by name, sometimes one that the project does not have."""
    known = [value for batch in project["batches"] for value in (batch["_id"], batch["name"])]
    return often(st.sampled_from(known), st.just("no such batch"))


# ---- tasks ----------------------------------------------------------------------------------

answers = st.sampled_from(["x", ["x"], ["x", "y"], None, "", [], [None, ""], [None, "x"], NEVER])
durations = often(st.sampled_from(DURATIONS), st.sampled_from([*NOT_DURATIONS, NEVER]), 3)


NUMBERS = st.integers(0, 60)
KINDS_OF_IDS = st.sampled_from(["plain", "unicode", "integer", "digits"])


@st.composite
def task_ids(draw):
    """Few enough to repeat; text, unicode text, and integers next to the same as text."""
    number = draw(NUMBERS)
    kind = draw(KINDS_OF_IDS)
    if kind == "plain":
        return f"task-{number}"
    if kind == "unicode":
        return f"{NAMES_OF_IDS[number % 3]}{number}"
    return number % 10 if kind == "integer" else str(number % 10)


@once
@st.composite
def classification_answers(draw, schema):
    entry = {"schemaId": schema["schemaId"], "tool": schema["tool"], "title": schema["title"]}
    put(draw, entry, "answer", answers)
    inside = [s for s in schema["classifications"] if draw(BOOLEANS)]
    if inside or draw(BOOLEANS):
        entry["classifications"] = [draw(classification_answers(s)) for s in inside]
    return entry


@once
def tools_of(project):
    return st.sampled_from(project["categorySchema"]["tools"])


@once
@st.composite
def tool_entries(draw, project):
    schema = draw(tools_of(project))
    entry = {"objectId": "object", "schemaId": schema["schemaId"], "bounding-box": {"x": 1}}
    inside = schema.get("classifications", [])
    if inside and draw(BOOLEANS):
        entry["classifications"] = [draw(classification_answers(s)) for s in inside]
    return entry


@once
def tool_lists(project):
    return st.lists(tool_entries(project), max_size=2)


@once
@st.composite
def classification_lists(draw, project):
    schemas = project["categorySchema"]["classifications"]
    return [draw(classification_answers(s)) for s in schemas if draw(BOOLEANS)]


UNKNOWN_ID = st.sampled_from([NEVER, None, "gone"])
STATUSES = often(
    st.sampled_from([NEVER, None]), st.sampled_from(["Accepted", "Rejected", "Fixed"]), 2
)


@once
def passed_stages(project):
    """Mostly a stage of the project; None for one that is gone."""
    labels = [stage for stage in project["stages"] if stage.get("type") == "Label"]
    stages = st.sampled_from(labels) | st.sampled_from(project["stages"])
    return often(stages, st.none(), 7)


@once
def stage_ids(stage):
    """By id and name; or by name only, since the id is missing or not known."""
    return often(st.just(stage["id"]), UNKNOWN_ID, 2)


@once
def completers(project):
    person = st.sampled_from([*people_of(project), "new@example.com"]).flatmap(other_spelling)
    return often(person, st.sampled_from([NEVER, None, "", "  "]), 4)


@once
def earlier_tools(project):
    return often(tool_lists(project), st.sampled_from([NEVER, None]))


@once
def earlier_classifications(project):
    return often(classification_lists(project), st.sampled_from([NEVER, None]))


@once
@st.composite
def history_entries(draw, project):
    entry = {}
    stage = draw(passed_stages(project))
    if stage is None:
        entry = {"stage": "Gone", "stageId": "gone"}
    else:
        stage_id = draw(stage_ids(stage))
        entry["stage"] = stage["name"]
        if stage_id is not NEVER:
            entry["stageId"] = stage_id
    put(draw, entry, "duration", durations)
    put(draw, entry, "completedBy", completers(project))
    put(draw, entry, "reviewStatus", STATUSES)
    if draw(ROLLS[3]):  # annotations as they were then
        put(draw, entry, "tools", earlier_tools(project))
        put(draw, entry, "classifications", earlier_classifications(project))
    return entry


@once
def histories(project):
    """Passes repeat, since stages are drawn from a short list."""
    odd = st.sampled_from([NEVER, None, []])
    return often(st.lists(history_entries(project), min_size=1, max_size=6), odd, 4)


@once
def batch_lists(project):
    values = st.lists(often(batch_values(project), st.none(), 7), max_size=3)
    return often(values, st.sampled_from([None, [], [None], NEVER]))


@once
def assignees(project):
    person = st.sampled_from(people_of(project)).flatmap(other_spelling)
    return often(person, st.sampled_from([NEVER, None, "", " "]), 2)


FORMS_OF_TASKS = st.sampled_from(["tools", "objects", "neither", "null"])
FORMS_OF_ITEMS = often(st.just("task"), st.sampled_from(["tasks", "two tasks", "none"]), 3)


@once
def present_classifications(project):
    return often(classification_lists(project), st.none())


@once
@st.composite
def export_tasks(draw, project):
    task = {"taskId": draw(task_ids()), "stage": "Complete", "stageId": "Complete"}
    tools = draw(tool_lists(project))
    form = draw(FORMS_OF_TASKS)
    if form in ("tools", "objects"):
        task[form] = tools
    elif form == "null":
        task["tools"] = None
    put(draw, task, "classifications", present_classifications(project))
    put(draw, task, "totalDuration", durations)
    put(draw, task, "stageHistory", histories(project))
    put(draw, task, "assignee", assignees(project))
    return task


@once
@st.composite
def export_items(draw, project):
    item = {"asset": "https://example.com/1.jpg", "externalId": "1.jpg", "metadata": {}}
    put(draw, item, "batches", batch_lists(project))
    form = draw(FORMS_OF_ITEMS)
    if form == "task":
        item["task"] = draw(export_tasks(project))
    elif form == "none":
        item |= draw(st.sampled_from([{}, {"task": None}, {"tasks": []}, {"tasks": None}]))
    else:
        item["tasks"] = [draw(export_tasks(project))]
        if form == "two tasks":
            item["tasks"].append(draw(export_tasks(project)))
    return item


@once
def items(project):
    """An export: 0 to 40 assets with their task, in every form and with every oddity."""
    return st.lists(export_items(project), max_size=40)


@once
@st.composite
def hub_task(draw, project, answer_loaded=None):
    task = {"_id": draw(task_ids()), "project": "project-1", "stage": "Label"}
    put(draw, task, "batches", batch_lists(project))
    put(draw, task, "assignee", assignees(project))
    put(draw, task, "totalDuration", durations)
    put(draw, task, "duration", durations)
    if answer_loaded if answer_loaded is not None else draw(BOOLEANS):
        task["answer"] = {
            "tools": draw(tool_lists(project)),
            "classifications": draw(classification_lists(project)),
            "relations": [],
        }
    if draw(BOOLEANS):
        put(draw, task, "stageHistory", histories(project))
    return task


@once
def hub_tasks(project, answer_loaded=None):
    """Tasks as `get_tasks` gives them; `answer_loaded` None mixes both kinds."""
    return st.lists(hub_task(project, answer_loaded), max_size=40)


# ---- Logic stages ---------------------------------------------------------------------------


@once
@st.composite
def annotation_entries(draw, project):
    known = st.sampled_from(schema_ids(project))
    entry = {"schemaId": draw(often(known, st.just("no such class"), 7))}
    words = often(st.just("exists"), st.sampled_from(NEGATIVE), 1)
    kind = draw(often(st.just("filter"), st.sampled_from(["flag", "two", "odd"]), 3))
    if kind == "flag":
        entry["exists"] = False
    elif kind == "odd" and draw(BOOLEANS):
        entry["filter"] = [draw(st.sampled_from(["count > 2", "EXISTS", "contains"]))]
    else:
        entry["filter"] = [draw(words) for _ in range(2 if kind == "two" else 1)]
    return entry


@once
def annotation_values(project):
    entries = st.lists(annotation_entries(project), min_size=1, max_size=3)
    return often(entries, st.just([]), 7).map(lambda found: {"tools": found})


@once
def annotator_values(project):
    known = st.sampled_from(people_of(project)).flatmap(other_spelling)
    return st.lists(often(known, st.just("nobody@example.com")), max_size=2)


def random_values():
    return often(st.sampled_from(CHANCES), st.sampled_from(NOT_CHANCES), 7)


@st.composite
def duration_values(draw):
    """Closed, open, shortened and (since both ends are drawn freely) reversed intervals."""
    bound = often(st.sampled_from(BOUNDS), st.none(), 3)
    ends = [draw(bound), draw(bound)]
    if all(end is not None for end in ends) and draw(st.integers(0, 3)) < 3:
        ends.sort(key=float)
    return ends[: draw(often(st.just(2), st.integers(0, 1), 7))]


@st.composite
def conditions(draw, project, doubtful=False):
    """One condition. `doubtful` adds forms on which the semantics are silent."""
    kinds = ["AnnotationType", "Annotator", "RandomSample", "Duration", "Batch"]
    kind = draw(often(st.sampled_from(kinds), st.sampled_from(["Consensus", "duration"]), 15))
    if doubtful and draw(BOOLEANS):
        return draw(st.sampled_from(DOUBTFUL))
    if kind == "AnnotationType":
        value = draw(annotation_values(project))
    elif kind == "Annotator":
        value = draw(annotator_values(project))
    elif kind == "RandomSample":
        value = draw(random_values())
    elif kind == "Duration":
        value = draw(duration_values())
    elif kind == "Batch":
        value = draw(st.lists(batch_values(project), max_size=2))
    else:
        value = draw(st.sampled_from([None, "x", ["x"], {"x": 1}]))
    condition = {"type": kind, "value": value}
    extra = draw(often(st.just(None), st.sampled_from(["condition", "value"]), 15))
    if extra == "condition":
        condition["operator"] = "or"
    elif extra == "value" and isinstance(value, dict):
        value["relations"] = []
    return condition


DOUBTFUL = [
    {"type": "AnnotationType", "value": {}},
    {"type": "AnnotationType", "value": {"tools": None}},
    {"type": "AnnotationType", "value": {"tools": [{"schemaId": "tool-0", "filter": []}]}},
    {"type": "AnnotationType", "value": {"tools": [{"schemaId": "tool-0", "exists": True}]}},
    {"type": "AnnotationType", "value": {"tools": [{"schemaId": "tool-0", "filter": "exists"}]}},
    {"type": "AnnotationType", "value": {"tools": [{"schemaId": "tool-0"}]}},
    {"type": "Annotator", "value": "ada@example.com"},
    {"type": "Annotator", "value": None},
    {"type": "Annotator", "value": ["ada@example.com", None]},
    {"type": "Duration", "value": None},
    {"type": "Duration", "value": ["soon", None]},
    {"type": "Duration", "value": [True, None]},
    {"type": "Duration", "value": [0, 60000, 90000]},
    {"type": "Duration", "value": {"start": 0, "end": 60000}},
    {"type": "Batch", "value": "batch-0"},
    {"type": "Batch", "value": None},
    {"type": "Batch", "value": ["batch-0", None]},
    {"type": "RandomSample"},
    {"value": ["batch-0"]},
]


@st.composite
def logic_stages(draw, project, doubtful=False):
    """A Logic stage of 0 to 6 conditions."""
    rules = draw(st.lists(conditions(project, doubtful), max_size=6))
    numbering = draw(st.sampled_from(["position", "zero", "odd", "missing"]))
    rules = [dict(rule) for rule in rules]
    for position, rule in enumerate(rules):
        if numbering == "position":
            rule["index"] = position
        elif numbering == "zero":
            rule["index"] = 0
        elif numbering == "odd":
            rule["index"] = draw(st.sampled_from([position, 7 - position, -1, None, "1"]))
    known = [stage["id"] for stage in project["stages"]]
    target = often(st.sampled_from(known), st.sampled_from([None, "", "no such stage"]))
    outputs = len(rules) + 1 + draw(often(st.just(0), st.sampled_from([-1, 1, 2, -3]), 5))
    stage = {"id": "logic", "type": "Logic", "name": "Routing", "position": {"x": 0, "y": 0}}
    stage["next"] = [draw(target) for _ in range(max(0, outputs))]
    if draw(st.integers(0, 15)) == 15:
        stage |= draw(st.sampled_from([{"next": None}, {"next": []}]))
    stage["logic"] = {"conditions": rules}
    return stage


def dialects():
    """Every setting in every combination."""
    return st.fixed_dictionaries(
        {
            "annotator": st.sampled_from(["any", "last", "assignee"]),
            "duration": st.sampled_from(["total", "labelling", "last"]),
            "unit": st.sampled_from(["ms", "s", "min"]),
            "random": st.sampled_from(["auto", "fraction", "percent"]),
            "nested": st.sampled_from(["off", "on"]),
        }
    )
