"""What page tests read from a page."""

import json
import time

from core.store.database import open_database


def metric(app, label):
    return next(m.value for m in app.metric if m.label == label)


def charts(app):
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def database(data):
    return open_database(f"sqlite:///{data / 'switchyard.db'}")


def settled(app, seconds=30):
    """Runs the page until nothing goes on behind it, as the browser does twice a second."""
    end = time.monotonic() + seconds
    while app.session_state["state"].jobs:
        assert time.monotonic() < end, "it goes on for ever"
        app.run()
    assert not app.exception, app.exception
    return app
