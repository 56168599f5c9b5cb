"""The dashboard as `up` starts it, with little patience with locks."""

from core.store import sqlite
from pages._ui import serve

PATIENCE_SECONDS = 1

sqlite.BUSY_SECONDS = PATIENCE_SECONDS
serve.main()
