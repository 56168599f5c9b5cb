"""The made-up project "Harbour traffic": people and their habits, batches, classes, workflow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import md5
from typing import Any, Final

FIRST_DAY: Final = datetime(2026, 9, 7, 6, tzinfo=UTC)
LAST_EVENING: Final = datetime(2026, 10, 25, 20, tzinfo=UTC)
FORWARDED: Final = datetime(2026, 10, 9, 14, 30, tzinfo=UTC)
"""When the lead emptied the incident desk by hand; what came later still waits."""
LONG: Final = 600_000
"""Ten minutes in milliseconds, the bound of the Duration rule."""


@dataclass(frozen=True, slots=True)
class HarbourPerson:
    """Someone of the project with their habits; days count from the first day."""

    name: str
    role: str = "Labeler"
    pace: float = 1.0
    rejects: float = 0.10  # a reviewer's multiplies: how strict they are
    share: float = 1.0  # of the work, against the others who are there
    first: int = 0
    last: int = 99
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    only: str = ""  # takes only batches with this word in their name
    sees: float = 1.0  # objects, against the average
    hulls: float = 1.0  # ships and boats, on top of that

    @property
    def address(self) -> str:
        """The address under which the person works."""
        return f"{self.name}@example.com"


ADA: Final = HarbourPerson("ada.oak", share=1.2)
BEN: Final = HarbourPerson("ben.reed", pace=0.48, rejects=0.36, share=1.7, sees=0.8)  # fast, sloppy
CARA: Final = HarbourPerson(
    "cara.holm", pace=1.9, rejects=0.03, share=0.8, sees=1.15
)  # slow, careful
DINA: Final = HarbourPerson("dina.marsh", rejects=0.08, hulls=1.7)  # finds every hull
EMIL: Final = HarbourPerson(
    "emil.frost", pace=1.2, share=3, weekdays=(0, 1, 2, 3, 4, 5), only="night"
)
FAYE: Final = HarbourPerson("faye.lund", pace=0.9, share=0.6, weekdays=(0, 1))  # two days a week
GUS: Final = HarbourPerson("gus.hale", pace=1.35, rejects=0.24, share=0.7, first=14)  # newcomer
HANA: Final = HarbourPerson("hana.brook", pace=1.5, rejects=0.28, share=0.9, first=24)  # newcomer
IVO: Final = HarbourPerson("ivo.stone", pace=0.8, rejects=0.12, share=1.3)
JUNE: Final = HarbourPerson("june.vale", rejects=0.09, share=1.1, last=25)  # left in October
KAI: Final = HarbourPerson("kai.north", "Reviewer", pace=0.7, rejects=0.7)
LENA: Final = HarbourPerson("lena.ford", "Reviewer", rejects=1.0)
MILO: Final = HarbourPerson("milo.pike", "Reviewer", pace=1.5, rejects=1.6, share=0.7)
NORA: Final = HarbourPerson("nora.west", "Reviewer", pace=1.2, rejects=1.2, share=1.6)
OTTO: Final = HarbourPerson("otto.lane", "Lead", pace=0.9, rejects=0.9, weekdays=(1, 3))
LABELERS: Final = (ADA, BEN, CARA, DINA, EMIL, FAYE, GUS, HANA, IVO, JUNE)
TEAMS: Final = {
    "Review": (KAI, LENA, MILO),
    "Expert review": (NORA, OTTO),
    "Second look": (ADA, CARA, IVO),
    "Consensus_1": (DINA, IVO),
    "Consensus_2": (ADA, FAYE),
}
PEOPLE: Final = (*LABELERS, *TEAMS["Review"], *TEAMS["Expert review"])


@dataclass(frozen=True, slots=True)
class HarbourBatch:
    """An upload: its day after the first one, its pace, and what its pictures show more of."""

    name: str
    size: int
    day: int
    pace: float = 1.0
    more: tuple[tuple[str, float], ...] = ()


DARK: Final = (("Person", 0.35), ("Vessel", 0.7), ("Truck", 0.5), ("Buoy", 1.5))
PILOT: Final = HarbourBatch("2026-09-07 pilot", 184, 0, pace=1.3)
NIGHTS: Final = (
    HarbourBatch("2026-09-23 night watch", 372, 16, 1.2, DARK),
    HarbourBatch("2026-10-12 night watch", 349, 35, 1.2, DARK),
)
REWORK: Final = HarbourBatch("2026-10-19 re-work", 397, 42, pace=2.1)
BATCHES: Final = (
    PILOT,
    HarbourBatch("2026-09-09 north quay", 968, 2, 1, (("Quay edge", 1.6), ("Mooring line", 1.5))),
    HarbourBatch("2026-09-16 south basin", 941, 9, 1, (("Small boat", 2.2), ("Vessel", 0.7))),
    NIGHTS[0],
    HarbourBatch("2026-09-28 ferry terminal", 917, 21, 1, (("Ferry", 4.5), ("Person", 1.9))),
    HarbourBatch("2026-10-05 container yard", 884, 28, 1, (("Container stack", 4), ("Truck", 3))),
    NIGHTS[1],
    REWORK,
)
TOOLS: Final = {  # objects of each class that a task has on average
    "bounding-box": {"Vessel": 1.05, "Person": 0.75, "Small boat": 0.45, "Truck": 0.15},
    "rotated-bounding-box": {"Ferry": 0.1, "Crane": 0.11, "Tug": 0.06, "Hull number": 0.03},
    "polygon": {"Container stack": 0.16, "Wake": 0.05},
    "polyline": {"Quay edge": 0.26, "Mooring line": 0.2},
    "point": {"Buoy": 0.38},
    "segmentation": {"Oil sheen": 0.035},
}
NESTED: Final = {  # below a tool, or below one option of a question
    "Vessel": ("radio", "Vessel type", ("Cargo", "Tanker", "Fishing", "Leisure", "Service")),
    "Person": ("radio", "Life jacket", ("Yes", "No", "Not visible")),
    "Fog": ("radio", "Fog density", ("Light", "Dense")),
}
QUESTIONS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "Visibility": ("radio", ("Clear", "Haze", "Fog", "Rain")),
    "Time of day": ("single-dropdown", ("Day", "Dusk", "Night")),
    "Sea state": ("radio", ("Calm", "Ripples", "Waves")),
    "Image faults": ("checkbox", ("Blurry", "Dark", "Drops on lens", "Cropped")),
    "Notes": ("text", ()),
}
NOTES: Final = ("Hull hidden by the crane", "Name not readable", "Same ship as before")
RULES: Final = (  # how the Logic stage "Routing" goes on, rule by rule, then Else
    *("Expert review", "Incident desk", "Double check", "Review"),
    *("Review", "Expert review", "Second look", "Complete"),
)


def made_id(text: str, digits: int = 24) -> str:
    """An id that looks like Ango Hub's and is always the same for the same text."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()[:digits]


def stage_id(name: str) -> str:
    """Default stages are called by their name, those made in the editor by 32 hex digits."""
    return (
        name if name in ("Start", "Label", "Review", "Complete") else made_id(f"stage {name}", 32)
    )


def _category(tool: str, title: str, options: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    color = f"#{int(made_id(title, 6), 16) % 0x808080 + 0x404040:06X}"
    body = {"tool": tool, "title": title, "schemaId": made_id(title), "required": False}
    body |= {"columnField": False, "color": color, "shortcutKey": ""}
    choices = [{"value": value, "schemaId": made_id(f"{title}: {value}")} for value in options]
    return body | {"classifications": [], "options": choices} | more


def _schema() -> dict[str, Any]:
    below = {parent: [_category(*nested)] for parent, nested in NESTED.items()}
    tools = [
        _category(tool, title, classifications=below.get(title, []))
        for tool, titles in TOOLS.items()
        for title in titles
    ]
    questions = [_category(tool, title, options) for title, (tool, options) in QUESTIONS.items()]
    below["Fog"][0]["parentOptionId"] = made_id("Visibility: Fog")
    questions[0]["classifications"] = below["Fog"]
    relations = [_category("one-to-one", "Tows")]
    return {"tools": tools, "classifications": questions, "relations": relations}


def _conditions() -> list[dict[str, Any]]:
    def classes(*words: tuple[str, str]) -> dict[str, Any]:
        return {"tools": [{"schemaId": made_id(title), "filter": [word]} for title, word in words]}

    rules: tuple[tuple[str, Any], ...] = (
        ("Batch", [made_id(batch.name) for batch in (PILOT, *NIGHTS)]),
        ("AnnotationType", classes(("Oil sheen", "exists"))),
        ("AnnotationType", classes(("Ferry", "exists"), ("Person", "notExists"))),
        ("Annotator", [GUS.address, HANA.address]),
        ("RandomSample", 0.2),
        ("Duration", [LONG, None]),
        ("RandomSample", 0.1),
    )
    return [{"type": kind, "value": v, "index": i} for i, (kind, v) in enumerate(rules)]


def _stage(kind: str, name: str, x: int, y: int, *to: str, **more: Any) -> dict[str, Any]:
    body = {"id": stage_id(name), "type": kind, "name": name, "position": {"x": x, "y": y}}
    assigned = {"assignedTo": [p.address for p in TEAMS.get(name, ()) if name != "Review"]}
    body |= {"next": [stage_id(t) for t in to]} if to else {}
    return body | (assigned if kind in ("Label", "Review") else {}) | more


def _stages() -> list[dict[str, Any]]:
    sub: dict[str, Any] = {"consensusId": stage_id("Double check"), "consensusConfig": {}}
    config = {"threshold": {}, "adjudicationMethod": "best"}
    best: dict[str, Any] = {"consensusId": None, "consensusConfig": config}
    return [
        _stage("Start", "Start", 0, 0, "Label", autoForward=True),
        _stage("Label", "Label", 220, 0, "Routing"),
        _stage("Logic", "Routing", 460, 0, *RULES, logic={"conditions": _conditions()}),
        _stage("Review", "Expert review", 980, -220, "Harbour office", "Label", readOnly=False),
        _stage("Review", "Review", 980, 0, "Complete", "Label", readOnly=True),
        _stage("Label", "Second look", 720, 80, "Review"),
        _stage("Consensus", "Double check", 720, 220, "Complete", "Expert review", **best),
        _stage("Label", "Consensus_1", 720, 300, "Double check", **sub),
        _stage("Label", "Consensus_2", 720, 380, "Double check", **sub),
        _stage("Hold", "Incident desk", 720, 500, "Archive"),
        _stage("Webhook", "Harbour office", 1220, -220, "Complete"),
        _stage("Complete", "Complete", 1460, 0, preventRequeue=False),
        _stage("Archive", "Archive", 980, 500),
    ]


def project() -> dict[str, Any]:
    """Returns the `get_project` response of the demo project."""
    body = {
        "_id": made_id("Harbour traffic"),
        "name": "Harbour traffic",
        "description": "Quay cameras of a made-up harbour: ships, people and loads.",
        "type": "ango",
        "owner": OTTO.address,
        "organization": made_id("Harbour"),
        "assetCount": sum(batch.size for batch in BATCHES),
        "batches": [{"_id": made_id(batch.name), "name": batch.name} for batch in BATCHES],
        "stages": _stages(),
        "categorySchema": _schema(),
        "assignedTo": [{"assignee": person.address, "role": person.role} for person in PEOPLE],
    }
    return {"status": "success", "data": {"project": body}}
