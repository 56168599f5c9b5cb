"""The hub's table of endpoints as an OpenAPI document, for whoever asks it at random.

The hub itself shows none: a page about its API would be open to everybody.
"""

import re

from core.hub.api.table import ROUTES
from core.hub.route import ANYTHING

_NAME = re.compile(r"{(\w+)(?::\w+)?}")


def _any(examples):
    return {"anyOf": [{"enum": examples}, {"type": "string", "maxLength": 40}]}


def document(ids):
    """An OpenAPI 3 document.

    Args:
        ids: What exists, by kind: `project`, `task` and so on; half of the calls name it.
    """
    paths = {}
    for route in ROUTES:
        if route.handler is None or not route.method:
            continue
        named = _NAME.findall(route.path)
        path = _NAME.sub(r"{\1}", route.path)
        parameters = [
            {"name": n, "in": "path", "required": True, "schema": _any(ids.get(n, ["x"]))}
            for n in named
        ]
        queries = [*route.query.split(), *(n for n in route.only if route.method == "GET")]
        parameters += [
            {"name": n, "in": "query", "schema": _any(ids.get(n, ["1", "[]", "{}"]))}
            for n in dict.fromkeys(queries)
            if n != ANYTHING
        ]
        operation = {"parameters": parameters, "responses": {"default": {"description": "any"}}}
        if route.method != "GET" and route.body:
            keys = [] if route.body == ANYTHING else route.body.split()
            properties = {
                key: {"anyOf": [{"enum": ids.get(key, [[], {}, "x", 1, None])}, {}]} for key in keys
            }
            schema = {"type": "object", "properties": properties}
            operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
        paths.setdefault(path, {})[route.method.lower()] = operation
    return {"openapi": "3.0.3", "info": {"title": "hub", "version": "1"}, "paths": paths}


def operations():
    """Method and path of every endpoint."""
    paths = document({})["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]
