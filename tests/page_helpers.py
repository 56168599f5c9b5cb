"""What page tests read from a page."""

import json

from core.store.database import open_database


def metric(app, label):
    return next(m.value for m in app.metric if m.label == label)


def charts(app):
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def database(data):
    return open_database(f"sqlite:///{data / 'switchyard.db'}")
