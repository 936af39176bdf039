"""Every stored notebook is in canonical form, and those that hold outputs were run from top to bottom."""

from tools import notebooks


def test_notebook_is_in_canonical_form(notebook):
    stored = notebook.read_text(encoding="utf-8")
    form = notebooks.text(notebooks.canonical(notebooks.read(notebook)))
    assert stored == form, f"{notebook} is not in canonical form: run make lessons."


def test_notebook_is_clean(notebook):
    assert notebooks.lint(notebooks.read(notebook)) == []


def test_every_code_cell_was_executed(executed):
    """nbval compares nothing in a cell without an execution count, and passes."""
    cells = notebooks.code_cells(notebooks.read(executed))
    counts = [cell.execution_count for cell in cells]
    assert counts, f"{executed} has no code."
    assert counts == list(range(1, len(cells) + 1)), f"{executed} was not run as a whole: run make lessons."
