"""Which plugins the local hub hosts, and how one that it does not host is recognised.

The SDK tells a hub nothing of a plugin's type; what it says when it is given a run of another type
does. The keys are those that `imerit_ango.plugins` and the vendor's samples read from the data of a
callback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.model.stages import PluginStage, Stage

HOSTED = "The local hub hosts plugins of type Batch Model only."
NOT_HOSTED = (
    "Export, Model, Markdown, File Explorer and Input plugins connect, too, and label nothing."
)
ELSE = f"{HOSTED} One of another type may end like this."
NOT_EXPORTED = "Error calling sdk.export: "
_KEYS = {
    "Export": ("jsonExport", "numTasks"),
    "Model": ("taskId", "assetId", "workflow", "overwrite"),
    "Markdown": ("markdownText", "inputFile", "integrationId"),
    "File Explorer": ("bucket", "folder", "files", "upload", "storageId", "scrollToken"),
    "Input": ("fileExplorerOptions",),
}
_TYPE_OF = {repr(key): kind for kind, keys in _KEYS.items() for key in keys}
_KEY = re.compile(r"KeyError: ('\w+')")
_TASK = re.compile(r"There is no task None on this hub")
_ANNOTATIONS = {"objects", "tools", "classifications", "relations"}


def failure_hint(reason: str) -> str:
    """What the reason of a failed run says of the plugin's type; "" when nothing."""
    if reason.startswith(NOT_EXPORTED):
        return f"This is an Export plugin. {HOSTED}"
    missing = _KEY.fullmatch(reason)
    kind = _TYPE_OF.get(missing[1]) if missing else "Model" if _TASK.match(reason) else None
    if kind is None:
        return ""
    return f"If the callback expects that of its data, the plugin is of type {kind}. {HOSTED}"


def answer_hint(answer: Mapping[str, Any]) -> str:
    """What an answer, `{"response", "session"}` and more, says of the type; "" when nothing."""
    if answer.get("export") is True:
        return f"An Export plugin answered: nothing was labelled. {HOSTED}"
    response = answer.get("response")
    if isinstance(response, dict) and response and response.keys() <= _ANNOTATIONS:
        return f"It returned annotations, as a Model plugin does; they are not stored. {HOSTED}"
    return ""


def plugin_stages(stages: Iterable[Stage]) -> str:
    """What becomes of tasks in the Plugin stages among some; "" when there is none."""
    names = [stage.name for stage in stages if isinstance(stage, PluginStage)]
    if not names:
        return ""
    which = "stage" if len(names) == 1 else "stages"
    return (
        f"The local hub runs no plugin in the Plugin {which} {', '.join(names)}: tasks stay there "
        "until somebody submits, forwards or requeues them."
    )
