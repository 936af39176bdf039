"""Tables: rows of a run, shown as Markdown in the book and in JupyterLab."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from IPython.display import Markdown

__all__ = ["table"]


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Markdown:
    """A Markdown table. Floats are shown with three significant digits; everything else as text.

    Raises ``ValueError`` if a row has not one entry for each header.
    """
    lines = ["| " + " | ".join(headers) + " |", "|" + " --- |" * len(headers)]
    for row in rows:
        if len(row) != len(headers):
            raise ValueError(f"a row has {len(row)} entries, the table {len(headers)} columns: {row!r}")
        lines.append("| " + " | ".join(_text(entry) for entry in row) + " |")
    return Markdown("\n".join(lines))


def _text(entry: Any) -> str:
    text = f"{entry:.3g}" if isinstance(entry, float) else str(entry)
    return text.replace("|", "\\|")
