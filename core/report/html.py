"""HTML text from values; every text of a user passes through `escape` here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape as _escape

from core.model.text import visible

STYLE = """
:root { color-scheme: light dark; --ink: #0b1016; --quiet: #56606c; --line: #d9dee5; --paper: #fff;
  --soft: #f3f5f8 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --quiet: #a3adb9; --line: #333d49;
  --paper: #12161c; --soft: #1b222b } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1000px; padding: 32px 24px 64px; color: var(--ink);
  background: var(--paper); font: 15px/1.45 system-ui, sans-serif }
h1 { font-size: 1.7rem; margin: 0 0 4px } h2 { font-size: 1.15rem; margin: 36px 0 8px }
p, ul { margin: 6px 0 } .quiet { color: var(--quiet) }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: break-word }
th { color: var(--quiet); font-weight: 600 } td.n, th.n { text-align: right; white-space: nowrap }
td svg { display: block; max-width: 100%; min-width: 160px }
.cards { display: flex; flex-wrap: wrap; gap: 12px } .cards > div { background: var(--soft);
  border-radius: 6px; padding: 10px 14px; min-width: 150px }
.cards b { display: block; font-size: 1.5rem; font-weight: 600 }
a { color: inherit } @media print { body { max-width: none; padding: 0 } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Raw:
    """Text that is HTML already."""

    html: str


Cell = str | Raw


def escape(text: str) -> str:
    """Text as HTML shows it as it stands; what is hidden or turns the line round as its code."""
    return _escape(visible(text))


def _cell(value: Cell) -> str:
    return value.html if isinstance(value, Raw) else escape(value)


def page(title: str, body: Iterable[Raw]) -> str:
    """A whole file; it may load nothing and run nothing."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(part.html for part in body)
        + "\n</body></html>\n"
    )


def heading(text: str, level: int = 2) -> Raw:
    """A heading."""
    return Raw(f"<h{level}>{escape(text)}</h{level}>")


def paragraph(text: str, quiet: bool = False) -> Raw:
    """A paragraph of plain text."""
    return Raw(f'<p class="quiet">{escape(text)}</p>' if quiet else f"<p>{escape(text)}</p>")


def bullets(lines: Sequence[str]) -> Raw:
    """A list of sentences."""
    return Raw("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>")


def cards(numbers: Sequence[tuple[str, str, str]]) -> Raw:
    """Large numbers: (label, number, what is said below)."""
    return Raw(
        '<div class="cards">'
        + "".join(
            f"<div>{escape(label)}<b>{escape(number)}</b>"
            f'<span class="quiet">{escape(note)}</span></div>'
            for label, number, note in numbers
        )
        + "</div>"
    )


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], numbers: str = "") -> Raw:
    """A table.

    Args:
        columns: Their names.
        rows: Texts, or drawings as `Raw`.
        numbers: One letter per column, `n` where it holds numbers.
    """
    kinds = [' class="n"' if kind == "n" else "" for kind in numbers.ljust(len(columns))]
    head = "".join(f"<th{k}>{escape(c)}</th>" for c, k in zip(columns, kinds, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f"<td{k}>{_cell(c)}</td>" for c, k in zip(row, kinds, strict=True))
        + "</tr>"
        for row in rows
    )
    head_row = f"<thead><tr>{head}</tr></thead>" if any(columns) else ""
    return Raw(f'<div class="wide"><table>{head_row}<tbody>{body}</tbody></table></div>')
