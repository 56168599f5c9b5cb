"""The packaged demo project: where its files are.

Holds a made-up project, its images and its plugin; refuses to be needed by what it shows.
"""

from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).resolve().parent / "data"
PROJECT: Final = DATA / "project.json"
"""A `get_project` response."""
PROJECT_ID: Final = "f93df9d480fb19cdaf6d3415"
"""Its id, in the file and on a local hub."""
EXPORT: Final = DATA / "export.zip"
"""An Ango export of the same project, as it downloads: one `export.json` in a zip."""
BENCHMARK: Final = DATA / "benchmark.zip"
"""Its benchmark tasks, known answers and those of its people."""
