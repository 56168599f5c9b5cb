"""The record of changes as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.access.record import AuditEntry
from core.charts.tables import text_table


def audit_table(entries: Sequence[AuditEntry]) -> pd.DataFrame:
    """One row per change, the latest first."""
    return text_table(
        {
            "No.": [entry.number for entry in entries],
            "When (UTC)": [entry.at.replace("T", " ").removesuffix("Z") for entry in entries],
            "Who": [entry.person for entry in entries],
            "Role": [entry.role for entry in entries],
            "Signed in by": [entry.way for entry in entries],
            "Action": [entry.action for entry in entries],
            "What": [entry.subject for entry in entries],
            "Before": [entry.before for entry in entries],
            "After": [entry.after for entry in entries],
        }
    )
