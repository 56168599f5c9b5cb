"""`python -m core` with a clock that the tests move, and little patience with locks.

The clock's file holds how many seconds it is wrong; the store takes its clock as an argument.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.cli.main import main
from core.hub import server
from core.store import sqlite
from core.store.hub import open_hub

CLOCK = Path(sys.argv.pop(1))
PATIENCE_SECONDS = 1


def clock():
    try:
        return time.time() + float(CLOCK.read_text() or 0)
    except FileNotFoundError:
        return time.time()


sqlite.BUSY_SECONDS = PATIENCE_SECONDS
server.open_hub = lambda url: open_hub(url, clock)
sys.exit(main())
