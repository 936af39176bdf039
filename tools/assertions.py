"""What a notebook asserts, and how its code is rewritten so that assertions are kept in place of raised."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass
from typing import Any

from tools import notebooks
from tools.otherwise import LABELS, RATES, Way

UNCHECKED = {"nbval-ignore-output", "nbval-skip"}


@dataclass(frozen=True)
class Assertion:
    """One ``assert`` of a notebook: where it stands, its code, and the comment that says it in words."""

    key: str
    cell: str
    code: str
    words: str
    quote: bool
    ranking: bool
    unchecked: bool


# --- what a notebook asserts -----------------------------------------------------------------------------


def tree(source: str) -> ast.Module:
    """A cell's code, without the lines that are commands of IPython's."""
    lines = [("pass" if re.match(r"\s*[!%]", line) else line) for line in source.splitlines()]
    return ast.parse("\n".join(lines))


def assertions(nb: Any) -> list[Assertion]:
    """All assertions of a notebook, in order."""
    found = []
    for cell in notebooks.code_cells(nb):
        unchecked = bool(UNCHECKED & set(cell.metadata.get("tags", [])))
        lines = cell.source.splitlines()
        asserts = [node for node in ast.walk(tree(cell.source)) if isinstance(node, ast.Assert)]
        for number, node in enumerate(sorted(asserts, key=lambda n: (n.lineno, n.col_offset))):
            found.append(
                Assertion(
                    f"{cell.id}:{number}",
                    cell.id,
                    ast.unparse(node.test),
                    _words(lines, node),
                    _is_quote(node.test),
                    _is_ranking(node.test),
                    unchecked,
                )
            )
    return found


def _words(lines: list[str], node: ast.Assert) -> str:
    """The nearest comment above an assertion that no blank line parts from it; or the one behind it."""
    end = node.end_lineno or node.lineno
    if "#" in lines[end - 1][node.end_col_offset or 0 :]:
        return lines[end - 1][(node.end_col_offset or 0) :].split("#", 1)[1].strip()
    block: list[str] = []
    for line in reversed(lines[: node.lineno - 1]):
        text = line.strip()
        if not text:
            break
        if text.startswith("#"):
            block.insert(0, text.lstrip("# "))
        elif block:
            break
    return " ".join(block)


def _is_quote(test: ast.expr) -> bool:
    """Whether an assertion only holds the page's numbers to this run: strings compared with typed strings.

    A typed string without a digit is a name or a kind: ``first == "Adam"`` says who won, and is a claim.
    """
    compares = [node for node in ast.walk(test) if isinstance(node, ast.Compare)]
    return bool(compares) and all(
        len(c.ops) == 1
        and isinstance(c.ops[0], (ast.Eq, ast.In))
        and (_is_text(c.left, r"\d") or _is_text(c.comparators[0], r"\d"))
        for c in compares
    )


def _is_ranking(test: ast.expr) -> bool:
    """Whether an assertion compares two things that the run made: which is larger, or whether they agree.

    The latter is a law that was measured: ``abs(measured / theory - 1) < 0.1``. A name that the run found,
    ``min(loss, key=loss.get) == "Adam"``, is the winner of such a comparison.
    """
    for node in ast.walk(test):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.left, ast.BinOp):
            is_one = isinstance(node.right, ast.Constant) and node.right.value == 1
            if (
                is_one
                and isinstance(node.left.op, ast.Div)
                and _free(node.left.left)
                and _free(node.left.right)
            ):
                return True
    return any(
        isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE))
        and _free(left)
        and _free(right)
        or isinstance(op, ast.Eq)
        and (_free(left) and _is_text(right, r"^\D+$") or _free(right) and _is_text(left, r"^\D+$"))
        for c in ast.walk(test)
        if isinstance(c, ast.Compare)
        for op, left, right in zip(c.ops, [c.left, *c.comparators], c.comparators, strict=False)
    )


def _is_text(node: ast.expr, holds: str = "") -> bool:
    """A typed string in which `holds` is found, or several."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return bool(node.elts) and all(_is_text(each, holds) for each in node.elts)
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.search(holds, node.value))
    )


# --- the rewriting of a cell -----------------------------------------------------------------------------


class Rewrite(ast.NodeTransformer):
    """Makes of each assertion a call that keeps what it says; moves rates; sabotages, if asked to."""

    def __init__(self, cell: str, way: Way, takes_rate: dict[str, int], asserts: list[tuple[int, int]]):
        self.cell, self.way, self.takes_rate, self.asserts = cell, way, takes_rate, asserts
        self.moves = bool(way.settings)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        number = self.asserts.index((node.lineno, node.col_offset))
        self.generic_visit(node)
        free = _free(node.test)
        test = _Named(free).visit(_Compares().visit(node.test))
        call = _lesson("check", ast.Constant(f"{self.cell}:{number}"), _lambda("__values", test), _dict(free))
        return ast.copy_location(ast.Expr(call), node)

    def visit_Assign(self, node: ast.Assign) -> Any:
        self.generic_visit(node)
        target = node.targets[0]
        if self.way.sabotage == "loop stands still" and isinstance(node.value, ast.BinOp):
            if isinstance(node.value.op, ast.Sub) and ast.unparse(target) == ast.unparse(node.value.left):
                node.value.right = ast.BinOp(ast.Constant(0), ast.Mult(), node.value.right)
        names = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
        if self.moves and isinstance(target, ast.Name) and target.id in RATES:
            node.value = _lesson("rate", node.value)
        if self.way.sabotage == "labels shuffled" and names & LABELS:
            again = [
                ast.Assign([ast.Name(n, ast.Store())], _lesson("shuffle", ast.Name(n, ast.Load())))
                for n in sorted(names & LABELS)
            ]
            return [node, *(ast.copy_location(each, node) for each in again)]
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if self.way.sabotage == "loop stands still" and isinstance(node.op, ast.Sub):
            node.value = ast.BinOp(ast.Constant(0), ast.Mult(), node.value)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        self.generic_visit(node)
        if self.moves and isinstance(node.target, ast.Name) and node.target.id in RATES:
            if not isinstance(node.iter, ast.Name):
                node.iter = _lesson("rate", node.iter)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not self.moves:
            return node
        for keyword in node.keywords:
            if keyword.arg in RATES and _is_number(keyword.value):
                keyword.value = _lesson("rate", keyword.value)
        place = self.takes_rate.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if place is not None and place < len(node.args) and _is_number(node.args[place]):
            node.args[place] = _lesson("rate", node.args[place])
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        self.generic_visit(node)
        if self.moves:
            for i, key in enumerate(node.keys):
                if isinstance(key, ast.Constant) and key.value in RATES and _is_number(node.values[i]):
                    node.values[i] = _lesson("rate", node.values[i])
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        names = [a.arg for a in node.args.args]
        if names[:4] == ["w", "g", "s", "t"] and self.way.sabotage == "loop stands still":
            node.body = ast.parse("return w, s").body
        if names[:4] == ["w", "g", "s", "t"] and self.way.sabotage == "all is SGD":
            if "lr" in {a.arg for a in node.args.kwonlyargs + node.args.args}:
                node.body = ast.parse("return w - lr * g, {}").body
        return node


class _Compares(ast.NodeTransformer):
    """Comparisons, as calls that keep both sides."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        text = ast.unparse(node)
        self.generic_visit(node)
        ops = ast.Tuple([ast.Constant(type(op).__name__) for op in node.ops], ast.Load())
        sides = ast.Tuple([node.left, *node.comparators], ast.Load())
        return _lesson("compare", ops, sides, ast.Constant(text))


class _Named(ast.NodeTransformer):
    """Free names, as entries of a dict: so that they can be altered."""

    def __init__(self, free: set[str]):
        self.free = free

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Load) and node.id in self.free:
            return ast.Subscript(ast.Name("__values", ast.Load()), ast.Constant(node.id), ast.Load())
        return node


def _free(test: ast.expr) -> set[str]:
    """The names that an expression takes from around it."""
    bound = {n.id for n in ast.walk(test) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {a.arg for n in ast.walk(test) if isinstance(n, ast.Lambda) for a in n.args.args}
    loaded = {n.id for n in ast.walk(test) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return {name for name in loaded - bound if not hasattr(builtins, name)}


def _lesson(method: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(
        ast.Attribute(ast.Name("__lesson__", ast.Load()), method, ast.Load()), list(arguments), []
    )


def _lambda(argument: str, body: ast.expr) -> ast.Lambda:
    return ast.Lambda(ast.arguments([], [ast.arg(argument)], None, [], [], None, []), body)


def _dict(names: set[str]) -> ast.Dict:
    ordered = sorted(names)
    return ast.Dict([ast.Constant(n) for n in ordered], [ast.Name(n, ast.Load()) for n in ordered])


def _is_number(node: ast.expr) -> bool:
    """A number, or arithmetic of typed numbers."""
    return not any(isinstance(n, (ast.Name, ast.Call, ast.Attribute)) for n in ast.walk(node)) and any(
        isinstance(n, ast.Constant) and isinstance(n.value, (int, float)) and not isinstance(n.value, bool)
        for n in ast.walk(node)
    )


def takes_rate(nb: Any) -> dict[str, int]:
    """Which of the notebook's functions take a learning rate by position, and where."""
    found = {}
    for cell in notebooks.code_cells(nb):
        for node in ast.walk(tree(cell.source)):
            if isinstance(node, ast.FunctionDef):
                for place, argument in enumerate(node.args.args):
                    if argument.arg in RATES:
                        found[node.name] = place
    return found
