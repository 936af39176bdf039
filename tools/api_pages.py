"""A Sphinx extension for the library's pages: it reads our docstrings as they are meant.

They are written for people who read code: a label opens a line, not a paragraph, and ``|g|`` is an absolute
value, where reST would see a substitution.
"""

from __future__ import annotations

import inspect
import re

from sphinx.util.inspect import signature, stringify_signature

#: How a line opens that says one thing: the source, the state, how torch differs.
LABEL = re.compile(
    r"(Formula|Symbols|State|Shapes?|Units?|Ends|Source|Raises|torch( differs)?)(:(?!:)| (?=``))"
)


def read_docstring(app, what, name, obj, options, lines):
    """Give labelled lines paragraphs of their own and bold labels; keep bars; unmark what is in formulas."""
    result: list[str] = []
    block = None  # the indentation of the line that opened a literal block
    for line in lines:
        indentation = len(line) - len(line.lstrip())
        if line.strip() and block is not None and indentation <= block:
            block = None
        if block is None:
            line = _escape_bars(line)
            if match := LABEL.match(line):
                result.append("")
                line = f"**{match.group().strip()}** {line[match.end() :].lstrip()}"
            elif line.startswith("Formula"):  # "Formula, with x = …::"
                line = f"**Formula**{line.removeprefix('Formula')}"
            elif line and set(line) == {"-"}:  # underlines a title, which has no place inside a description
                result[-1], line = f"**{result[-1]}**", ""
            if line.endswith("::"):
                block = indentation
        else:
            line = line.replace("``", "")
        result.append(line)
    lines[:] = result


def _escape_bars(line):
    """``|`` outside of inline code."""
    parts = line.split("``")
    parts[::2] = [part.replace("|", r"\|") for part in parts[::2]]
    return "``".join(parts)


def init_signature(app, what, name, obj, options, arguments, returns):
    """A class is called as its ``__init__`` says, also where a ``__new__`` stands before that."""
    if what == "class" and obj.__new__ is not object.__new__ and inspect.isfunction(obj.__init__):
        bound = signature(obj.__init__, bound_method=True)
        return stringify_signature(bound, show_annotation=False), None
    return None


def setup(app):
    app.connect("autodoc-process-docstring", read_docstring)
    app.connect("autodoc-process-signature", init_signature)
    return {"parallel_read_safe": True}
