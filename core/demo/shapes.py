"""The demo plugin as it is registered: what its script `plugins/shapes.py` declares."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from core.ango_json.text import dumps

SCRIPT: Final = Path(__file__).parent / "plugins" / "shapes.py"
"""Run by `python SCRIPT`; host, id and secret come as PLUGIN_HOST, PLUGIN_ID and PLUGIN_SECRET."""
NAME: Final = "Shape finder"
DESCRIPTION: Final = (
    "Looks at the pixels of the demo's images and finds shapes by colour. "
    "It knows the images of the batch “pixels”."
)
CLASSES: Final = ("vessel", "small_boat", "person", "lorry", "buoy", "kite", "ferry")
TOOLS: Final = dict.fromkeys(CLASSES, "bounding-box") | {"ferry": "rotated-bounding-box"}
CONFIG: Final = """{
  "classes": ["vessel", "small_boat", "person", "lorry", "buoy", "kite", "ferry"],
  "min_area": 40,
  "tolerance": 45,
  "images_per_import": 12,
  "seconds_per_image": 0.0,
  "mistakes": 0.15,
  "min_score": 0.2
}
"""
_PROPERTIES: Final = {
    "classes": {
        "type": "array",
        "items": {"type": "string", "enum": list(CLASSES)},
        "title": "Classes",
        "description": "What it looks for.",
    },
    "min_area": {
        "type": "integer",
        "minimum": 1,
        "maximum": 100_000,
        "title": "Least area, pixels",
        "description": "Smaller shapes are left out.",
    },
    "tolerance": {
        "type": "number",
        "minimum": 1,
        "maximum": 120,
        "title": "Colour tolerance",
        "description": "How far a pixel may be from a class's colour, as a distance in RGB.",
    },
    "images_per_import": {
        "type": "integer",
        "minimum": 1,
        "maximum": 1_000,
        "title": "Images per import",
        "description": "Labels of so many images are imported in one call.",
    },
    "seconds_per_image": {
        "type": "number",
        "minimum": 0,
        "maximum": 60,
        "title": "Seconds per image",
        "description": "Waits so long at each image, as a slow model would.",
    },
    "mistakes": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "title": "How often it errs",
        "description": "0 never: misses what is small, mixes up ships, draws loose boxes, takes "
        "reflections for boats. The same for the same image.",
    },
    "min_score": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "title": "Least score",
        "description": "Labels below are left out.",
    },
}
SCHEMA: Final = dumps({"type": "object", "properties": _PROPERTIES, "x-tools": TOOLS}, indent=2)
