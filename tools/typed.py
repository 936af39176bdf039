"""Find numbers that were typed where a run's number belongs.

What a cell prints, tables, writes on a figure or says in an alt text comes from the run: `f"{loss:.2f}"`. A
digit in a constant piece of such a string is right only if it is an input, that is, stands somewhere in the
notebook's code as a number. Nobody sees an alt text beside its figure. So there also an input may not be what
the run's numbers are compared with ("rises above 10"), and words that measure ("nearly all", "in equal
steps", "some ten times") are taken for numbers. What another program or a paper says is typed in a cell that
says so in a comment: `# typed: Keras 3.13's defaults`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from tools import notebooks
from tools.assertions import tree

#: A number in a text, no part of a name or a colour; "10 000" and "10,000" are one number.
NUMBER = re.compile(
    r"(?<![\w.#\-/])\d{1,3}(?:[ ,\u202f\u00a0]\d{3})+(?!\d)|(?<![\w.#\-/])\d+(?:\.\d+)?(?:e[+-]?\d+)?"
)
#: Names of places in the book, and years.
PLACE = re.compile(
    r"\b(?:lessons?|parts?|exercises?|questions?|figures?|sections?|pitfalls?|no\.) *$", re.IGNORECASE
)
#: A lesson's number, where a text begins with it.
LESSON = re.compile(r"[123]\.[1-9](?![\d.])")
#: A number with which a result is compared; but no rate in a formula, such as 2/L.
COMPARED = re.compile(
    r"\b(?:above|below|under|exceeds?|(?:more|less|fewer) than|at (?:least|most)|nearly|about|some|roughly) "
    r"\d[\d.,]*(?![\d.,]| *[×/] *\(?[a-zA-Zη])",
    re.IGNORECASE,
)
COUNT = (
    "two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|sixty|hundred|thousand|"
    "million|half|a third|a quarter|a tenth"
)
#: Words that measure.
MEASURES = re.compile(
    rf"\b(?:(?:nearly|almost) (?:all|every|none|{COUNT})|most of|equal(?:ly)?(?= (?:long|steps|high|wide))|"
    rf"(?:above|below|some|about|roughly|(?:more|less|fewer) than|at least|at most) (?:{COUNT})|"
    rf"(?:{COUNT}|many) times|twice|exactly)\b",
    re.IGNORECASE,
)
EXCUSED = re.compile(r"^\s*# typed: \S", re.MULTILINE)
#: Arguments that are no text for a reader.
SILENT = {
    "color",
    "c",
    "ec",
    "fc",
    "mec",
    "mfc",
    "ls",
    "linestyle",
    "marker",
    "fmt",
    "cmap",
    "weight",
    "ha",
    "va",
    "dtype",
    "mode",
    "arrowstyle",
    "connectionstyle",
    "xycoords",
    "textcoords",
    "reduction",
    "style",
    "boxstyle",
}


def typed(nb: Any) -> list[str]:
    """Sentences on numbers that were typed into what a cell shows; empty if there are none."""
    inputs = set(_inputs(nb))
    found = []
    for cell in notebooks.code_cells(nb):
        if EXCUSED.search(cell.source):
            continue
        code = tree(cell.source)
        for text in _shown(code):
            for match in NUMBER.finditer(text):
                before, word = text[: match.start()], match.group()
                value = float(re.sub(r"[ ,\u202f\u00a0]", "", word))
                if LESSON.match(text[match.start() :]) and not before.strip():
                    continue
                if value in inputs or PLACE.search(before) or (1600 <= value <= 2030 and len(word) == 4):
                    continue
                if re.match(r"\w", text[match.end() :]) and not text[match.end() :].startswith("×"):
                    continue
                found.append(
                    f"Cell {cell.id} shows the number {word}, typed in “{_around(text, match)}”: "
                    f'let the run fill it, as in f"{{value:.2f}}".'
                )
        for text in _described(code):
            measured = [*COMPARED.finditer(text), *MEASURES.finditer(text)]
            found += [
                f"Cell {cell.id} measures, in “{_around(text, match)}”, in an alt text, which nobody checks "
                "by eye: let the run fill in a number, or say only what is seen."
                for match in measured
            ]
    return list(dict.fromkeys(found))


def _described(code: ast.AST) -> Iterator[str]:
    """The constant pieces of alt texts, and of players' descriptions."""
    for call in ast.walk(code):
        if isinstance(call, ast.Call):
            for keyword in call.keywords:
                if keyword.arg in ("alt", "description"):
                    yield from _shown(keyword.value)


def _around(text: str, match: re.Match[str]) -> str:
    return re.sub(r"\s+", " ", text[max(0, match.start() - 25) : match.end() + 25]).strip()


def _inputs(nb: Any) -> Iterator[float]:
    for cell in notebooks.code_cells(nb):
        for node in ast.walk(tree(cell.source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
                yield abs(float(node.value))


def _shown(code: ast.AST) -> Iterator[str]:
    """The constant pieces of strings that a reader may see."""
    if isinstance(code, (ast.Assert, ast.Subscript, ast.Compare)):
        return
    if isinstance(code, ast.Expr) and isinstance(code.value, ast.Constant):
        return  # a docstring
    if isinstance(code, ast.keyword) and code.arg in SILENT:
        return
    if isinstance(code, ast.FormattedValue):
        yield from _shown(code.value)  # not its format
        return
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        yield code.value
        return
    if isinstance(code, ast.Dict):
        for value in code.values:
            yield from _shown(value)
        return
    for child in ast.iter_child_nodes(code):
        yield from _shown(child)
