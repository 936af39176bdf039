"""Every one-place change of a reference answer: an operator, a comparison, a constant, a range, an index, an
axis, a dropped line, swapped arguments, a sum for a mean, a dtype.

    answers/<slug>/equivalent.txt     the changes that change nothing that matters, each with its reason:

        learn: `error = w * x - y` → `error = y - w * x` | only its square is used
"""

from __future__ import annotations

import ast
import copy
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult, ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.FloorDiv: [ast.Div],
    ast.Mod: [ast.FloorDiv],
    ast.MatMult: [ast.Mult],
}
COMPARISONS = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
NAMES = {
    "sum": ["mean"],
    "mean": ["sum"],
    "min": ["max"],
    "max": ["min"],
    "argmin": ["argmax"],
    "argmax": ["argmin"],
    "all": ["any"],
    "any": ["all"],
    "float64": ["float32"],
    "ceil": ["floor"],
    "floor": ["ceil"],
    "randperm": ["arange"],
    "zeros_like": ["ones_like"],
    "zeros": ["ones"],
    "abs": ["neg"],
}
BUILTINS = {"min": "max", "max": "min", "sorted": "list", "all": "any", "any": "all"}


def slips(source: str) -> Iterator[tuple[str, str]]:
    """(the line and what became of it, the changed source), each once."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen = {original}
    for place, node in enumerate(ast.walk(tree)):
        for number in range(len(list(_edits(copy.deepcopy(node))))):
            changed = copy.deepcopy(tree)
            target = next(n for p, n in enumerate(ast.walk(changed)) if p == place)
            list(_edits(target))[number]()
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text not in seen:
                seen.add(text)
                yield _words(original, text), text


def _words(before: str, after: str) -> str:
    """The first line that differs, as it was and as it is."""
    pairs = itertools.zip_longest(before.splitlines(), after.splitlines(), fillvalue="")
    old, new = next((a.strip(), b.strip()) for a, b in pairs if a != b)
    return f"`{old}` → `{new}`"


def equivalent(path: Path) -> dict[tuple[str, str], str]:
    """What a file of equivalent changes lists: {(question, words): reason}."""
    found = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        if line.strip() and not line.startswith("#"):
            match = re.fullmatch(r"(\w+): (`.*` → `.*`) \| (.+)", line)
            if match is None:
                raise ValueError(f"{path.name}: {line!r} is no 'question: `old` → `new` | reason'")
            found[match[1], match[2]] = match[3]
    return found


def _edits(node: ast.AST):
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for other in [] if _makes_text(node) else OPERATORS.get(type(node.op), []):
            yield lambda other=other: setattr(node, "op", other())
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div, ast.Pow, ast.MatMult)):
            yield lambda: _swap(node)
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield lambda: setattr(node, "op", other())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield lambda: setattr(node, "op", ast.UAdd())
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            for other in COMPARISONS.get(type(op), []):
                yield lambda place=place, other=other: node.ops.__setitem__(place, other())
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield lambda: setattr(node, "value", not value)
        elif isinstance(value, int):
            yield lambda: setattr(node, "value", value + 1)
            if value > 0:
                yield lambda: setattr(node, "value", value - 1)
        elif isinstance(value, float):
            yield lambda: setattr(node, "value", value * 2 + 1.0)
    if isinstance(node, ast.Attribute):
        for other in NAMES.get(node.attr, []):
            yield lambda other=other: setattr(node, "attr", other)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        if node.id in BUILTINS:
            yield lambda: setattr(node, "id", BUILTINS[node.id])
    if isinstance(node, ast.Call):
        if len(node.args) == 2 and not any(isinstance(a, ast.Starred) for a in node.args):
            yield lambda: node.args.reverse()
        for place in range(len(node.keywords)):
            yield lambda place=place: node.keywords.pop(place)
    if isinstance(node, (ast.Module, ast.FunctionDef, ast.For, ast.While, ast.If, ast.With, ast.ClassDef)):
        for name in ("body", "orelse"):
            body = getattr(node, name, [])
            for place, statement in enumerate(body):
                if _may_be_dropped(node, statement):
                    yield lambda body=body, place=place: body.__setitem__(place, ast.Pass())


def _swap(node):
    node.left, node.right = node.right, node.left


def _makes_text(node):
    return any(isinstance(n, ast.JoinedStr) for n in ast.walk(node))


def _may_be_dropped(parent, statement):
    """Not a definition of the answer itself, a docstring, nor what is no statement of its own."""
    if isinstance(parent, ast.Module):
        return False
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return False
    return not isinstance(statement, (ast.Pass, ast.FunctionDef, ast.ClassDef))
