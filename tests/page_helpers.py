"""What page tests read from a page."""

import json
import re
import time

from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from core.charts.split import count_text
from core.store.database import open_database


def metric(app, label):
    return next(m.value for m in app.metric if m.label == label)


def menus(app):
    """Labels of the menus in the line above the page, without their icons."""
    return [menu.proto.popover.label.partition(": ")[2] for menu in app.get("popover")]


def tasks_shown(app):
    """How many tasks are looked at, as the line says it: "400", or "40 of 400".

    Connect does not obey the selection and does not say it; the Tasks page is asked then.
    """
    labels = [label for label in menus(app) if label.endswith(" tasks")]
    if not labels:
        app.switch_page("pages/project/tasks.py").run()
        labels = [label for label in menus(app) if label.endswith(" tasks")]
        app.switch_page("pages/project/connect.py").run()
    return labels[0].removeprefix("All ").removesuffix(" tasks")


def charts(app):
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def outputs_shown(app):
    """The counts behind the bars of Rules, as they are read: `about 696`."""
    bars = next(one.proto.body for one in app.get("html") if "<th>Output</th>" in one.proto.body)
    return [words.split(" · ")[0] for words in re.findall(r"<td>([^<]*)</td></tr>", bars)]


def counts_of(split):
    """The same of a split."""
    return [count_text(output.count) for output in split.outputs]


def look_at(app, view):
    """Turn Rules to one of its views: Split, Flow, Table, JSON; for one run, as tests go."""
    app.session_state["rules.views"] = view
    return app.run()


def database(data):
    return open_database(f"sqlite:///{data / 'switchyard.db'}")


def settled(app, seconds=240, run=AppTest.run):
    """Runs the page until nothing goes on behind it, as the browser does twice a second."""
    end = time.monotonic() + seconds
    while app.session_state["state"].jobs:
        assert time.monotonic() < end, "it goes on for ever"
        run(app)
    assert not app.exception, app.exception
    return app


def field(widgets, name):
    """A widget by its key; one whose value came from elsewhere has a number behind it."""
    return next(one for one in widgets if str(one.key).partition("#")[0] == name)


def texts(message, path=()):
    """All texts of a message, with the names of the fields around them."""
    for about, value in message.ListFields():
        inner = (*path, about.name)
        for one in value if about.is_repeated else [value]:
            if isinstance(one, Message):
                yield from texts(one, inner)
            elif isinstance(one, str):
                yield inner, one


def shown(node):
    """Field and text of all that a page shows."""
    if getattr(node, "proto", None) is not None:
        for path, text in texts(node.proto):
            yield f"{node.type}.{path[-1]}", text
    for child in getattr(node, "children", {}).values():
        yield from shown(child)


def unescaped(markdown):
    """What `plain` made of a text, as it is shown."""
    return re.sub(r"\\(.)", r"\1", re.sub(r":color\[([^\]]*)\]", r"\1", markdown))
