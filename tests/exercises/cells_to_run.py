"""Which cells of an assignment decide its points.

A cell without a grade_id is there to look at: it draws or prints. Most of the time goes there, and it changes
no points, unless another cell needs what it leaves behind. So it is left out, except where a cell that runs
may read a name that it binds or assigns a part of (`x.a = …`, `x[0] = …`), or where names do not tell
(`exec`, `%magic`, `import *`, broken code). In doubt it runs.

What it changes by a call alone (`x.append(…)`, `torch.manual_seed(…)`) cannot be seen in names. nbgrader runs
every cell; that it gives the same points is a test of its own.
"""

import ast
import functools
import symtable
from dataclasses import dataclass

from tools.submissions import grade_id

# Whoever uses one of these may read or bind any name. The last five are IPython's memory of earlier cells.
ANY = {"exec", "eval", "globals", "locals", "vars", "get_ipython", "_", "__", "___", "In", "Out"}
# These are run where they stand. All other inner scopes may run, or run again, when later cells do.
RUN_IN_PLACE = {"listcomp", "setcomp", "dictcomp"}


@dataclass(frozen=True)
class Names:
    """The global names that a cell may change, may read from other cells, and may read whenever a later cell
    calls its functions."""

    changed: frozenset
    read: frozenset
    read_later: frozenset


def left_out(cells):
    """The numbers of those of the code cells that change no points."""
    running = {number for number, cell in enumerate(cells) if grade_id(cell)}
    others = set(range(len(cells))) - running
    while needed := {look for look in others if any(needs(cells, number, look) for number in running)}:
        running |= needed
        others -= needed
    return others


def why_not_left_out(cells):
    """A sentence for each cell to look at that a question or its tests may need."""
    named = {number: grade_id(cell) for number, cell in enumerate(cells) if grade_id(cell)}
    return [
        f"{name} may read {found} from the cell to look at that starts “{cell.source.splitlines()[0]}”: "
        "give one of them another name, or make that cell a locked one with a grade_id, as setup is."
        for look, cell in enumerate(cells)
        if look not in named
        for number, name in named.items()
        if (found := needs(cells, number, look))
    ]


def needs(cells, number, look):
    """What a cell that runs may see of whether the cell to look at has run, in words; "" for nothing."""
    cell, looked_at = names_of(cells[number].source), names_of(cells[look].source)
    if cell is None or looked_at is None:
        return "anything (for exec, magic, import * or broken code)"
    return ", ".join(sorted(looked_at.changed & (cell.read if look < number else cell.read_later)))


@functools.cache
def names_of(source):
    """The cell's Names, or None if they cannot be told."""
    try:
        tree, table = ast.parse(source), symtable.symtable(source, "cell", "exec")
    except SyntaxError:
        return None
    read = read_from_outside(tree.body, set())
    star = any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree))
    if star or read & ANY:
        return None
    changed = {symbol.get_name() for symbol in table.get_symbols() if is_bound(symbol)}
    changed |= {symbol.get_name() for symbol in inner_globals(table) if is_bound(symbol)}
    changed |= {whole(node) for node in ast.walk(tree) if is_part_assigned(node)}
    later = {symbol.get_name() for symbol in inner_globals(table, besides=RUN_IN_PLACE)}
    return Names(frozenset(changed), frozenset(read), frozenset(later))


def read_from_outside(statements, bound):
    """The names that the statements may read before they bind them themselves.

    `bound` has the names that are bound for certain, and grows. A loop, a condition or a try may end early:
    what is bound in its block counts in that block only.
    """
    read = set()
    for statement in statements:
        blocks = blocks_of(statement)
        for head, targets, block in blocks:
            read |= set().union(*map(names_read, head)) - bound
            read |= read_from_outside(block, bound.union(*map(names_bound, targets)))
        if not blocks:
            read |= names_read(statement) - bound
            bound |= names_bound(statement)
    return read


def blocks_of(statement):
    """For each block in the statement: the expressions that run first, what they are bound to, the block."""
    match statement:
        case ast.If(test, block, other) | ast.While(test, block, other):
            return [([test], [], block), ([], [], other)]
        case ast.For(target, values, block, other):
            return [([values], [target], block), ([], [], other)]
        case ast.With(items, block):
            targets = [one.optional_vars for one in items if one.optional_vars]
            return [([one.context_expr for one in items], targets, block)]
        case ast.Try(block, handlers, other, last):
            caught = [([one.type] if one.type else [], [], one.body) for one in handlers]
            return [([], [], block), *caught, ([], [], other), ([], [], last)]
    return []


def names_read(node):
    """The global names that an expression or statement may read, now or in the functions that it makes."""
    table = symtable.symtable(ast.unparse(node), "part", "exec")
    read = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    read |= {symbol.get_name() for symbol in inner_globals(table)}
    # `x += 1` and `del x` need an x, too.
    match node:
        case ast.AugAssign(target):
            read.add(whole(target))
        case ast.Delete(targets):
            read.update(map(whole, targets))
    return read


def names_bound(node):
    """The names that the target of an assignment, or a statement without blocks, binds for certain."""
    match node:
        case ast.Name(name) | ast.FunctionDef(name) | ast.ClassDef(name):
            return {name}
        case ast.Tuple(parts) | ast.List(parts) | ast.Assign(parts):
            return set().union(*map(names_bound, parts))
        case ast.Starred(target) | ast.AnnAssign(target, value=ast.expr()):
            return names_bound(target)
        case ast.Import(parts) | ast.ImportFrom(names=parts):
            return {(one.asname or one.name).partition(".")[0] for one in parts}
    return set()


def inner_globals(table, besides=()):
    """The global names in functions, classes and comprehensions, at any depth."""
    for one in table.get_children():
        if one.get_name() not in besides:
            yield from (symbol for symbol in one.get_symbols() if symbol.is_global())
        yield from inner_globals(one, besides)


def is_bound(symbol):
    return symbol.is_assigned() or symbol.is_imported()


def is_part_assigned(node):
    return isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load)


def whole(node):
    """The name x of x, x.a, x[0], x.a[0].b …; "" where there is none."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
