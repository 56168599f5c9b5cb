"""Names and stages that the tests of the hub share."""

import copy

PROJECT = "e099a5ca83ba8dbc63f02dc0"

_STAGES = [
    {"id": "Start", "type": "Start", "name": "Start", "next": ["Label"], "autoForward": True},
    {"id": "Label", "type": "Label", "name": "Label", "next": ["Review"], "assignedTo": []},
    {"id": "Review", "type": "Review", "name": "Review", "next": ["Complete", "Label"]},
    {"id": "Complete", "type": "Complete", "name": "Complete", "next": []},
]


def make_stages():
    return copy.deepcopy(_STAGES)
