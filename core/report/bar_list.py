"""Numbers per name as a table whose middle column is a bar: a chart that needs no script."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup

from core.model.figures import counted
from core.report.html import render
from core.tasks.summary import Tally


def bar_list(tally: Tally, what: str, unit: str, rest: Collection[str] = ()) -> Markup:
    """A row per name, as long as its number; colours come from the page that shows it.

    Args:
        tally: Names and their numbers, from 0 up, in the order of the rows.
        what: Heading of the names.
        unit: Heading of the numbers.
        rest: Names that stand for what has no name of its own, such as Else; they are greyed.
    """
    most = max([number for _, number in tally] + [1])
    rows = [
        {
            "name": name,
            "percent": 100 * number / most,
            "count": counted(number),
            "rest": name in rest,
        }
        for name, number in tally
    ]
    return render("bars.html", what=what, unit=unit, rows=rows)
