"""Ask each claim of the lessons again, with other seeds: ``python -m tools.claims [--all] [PATH ...]``.

A claim is an assertion of a lesson, with the comment above it. If chance has a part in it, it must hold in at
least 19 of 20 blocks of seeds: whatever the lesson draws (data, starts, batches, splits) is drawn anew in
each. A claim that compares two measured things is also asked at 10 other settings (all learning rates moved
together by up to a factor of two, other starts), unless its comment says that it holds "at this rate", "from
this start" or "here". What came out is kept beside the notebook, in ``<slug>.claims.json``, and
on the book's page of claims.

An assertion that compares strings with typed strings is no claim, but a quote: it holds the words of the page
to this run.

A claim is asked again when its own code changed, a cell that it reads, or a function of `course_lib` that one
of them entered; and then with blocks that it has not seen. Without a change, this command only looks at what
is stored, which takes seconds; ``--all`` asks everything again, ``--check`` asks nothing.
"""

from __future__ import annotations

import argparse
import ast
import functools
import hashlib
import json
import os
import re
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tools import notebooks
from tools.assertions import Assertion, assertions, tree
from tools.otherwise import Way
from tools.replay import LIBRARY, ROOT, Outcome, Replay, Task, replays

#: What draws, and what a drawing statement begins with: a claim does not hang on it.
DRAWING = {"ax", "axes", "fig", "figure", "plt", "plotting", "player", "descent_player", "slope_player"}
DRAWING |= {"graph_player", "graph_figure", "hinge_player", "depth_player", "table", "display"}
DRAWING |= {"tensor_player", "tensor_figure", "floor_player", "ring_player"}
DRAWING_MODULES = {"plotting", "player", "descent_player", "slope_player", "tables", "family"}
DRAWING_MODULES |= {"graph_player", "graph", "graph_layout", "graph_picture", "hinge_player", "depth_player"}
DRAWING_MODULES |= {"concept_map", "tensor_graph", "floor_player", "ring_player"}

LESSONS = ROOT / "chapters"
PAGE = LESSONS / "reference" / "claims.md"
BLOCKS = 20
ENOUGH = 19
SETTINGS = 10
SETTINGS_ENOUGH = 9
#: What a claim's comment says if it is meant for the lesson's own settings only.
ONLY_HERE = re.compile(
    r"\b(here|(at|with|for) th(is|ese) (learning )?(rates?|settings?)|from th(is|ese) (starts?|points?))\b",
    re.IGNORECASE,
)
#: A name that a lesson draws with, but that no block can change; and what to write in its place.
UNCHANGEABLE = {
    "random_state": "torch.Generator().manual_seed(seed), or np.random.default_rng(seed)",
    "RandomState": "np.random.default_rng(seed)",
    "SeedSequence": "np.random.default_rng(seed)",
    "PCG64": "np.random.default_rng(seed)",
    "SystemRandom": "random.Random(seed)",
    "urandom": "random.Random(seed)",
}


@dataclass
class Kept:
    """What is stored of one claim.

    It ``held`` in so many ``of`` the blocks, which is 0 where chance has no part in it; and the same for
    other settings, where the claim compares two measured things and these settings move them.
    """

    cell: str
    code: str
    words: str
    key: str
    chance: bool
    held: int = 0
    of: int = 0
    closest: str = ""
    margin: float | None = None
    settings_held: int = 0
    settings_of: int = 0


class ClaimError(Exception):
    """A lesson whose claims cannot be asked; the message says which cell is the cause, and what to do."""


# --- what a claim hangs on -------------------------------------------------------------------------------


class _WithoutDrawing(ast.NodeTransformer):
    """Leaves out docstrings, assertions, and statements that only draw."""

    def visit_Assert(self, node: ast.Assert) -> None:
        return None

    def visit_Expr(self, node: ast.Expr) -> Any:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return None
        return None if isinstance(node.value, ast.Call) and _root(node.value) in DRAWING else node

    def visit_Assign(self, node: ast.Assign) -> Any:
        return None if isinstance(node.value, ast.Call) and _root(node.value) in DRAWING else node


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Call, ast.Attribute, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _essence(source: str) -> str:
    """A cell's code, without what it draws and asserts."""
    return ast.dump(_WithoutDrawing().visit(tree(source)))


def _reads(code: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(code) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _stores(source: str) -> set[str]:
    found = set()
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return found


def _hangs_on(nb: Any, written: dict[str, list[str]], claims: list[Assertion]) -> dict[str, list[str]]:
    """For each claim the cells whose code its names come from, its own included.

    Who writes a name is seen in the code, and (a list that grows, a generator that was drawn from) in what
    the last traced run saw change.
    """
    before: list[tuple[str, set[str], set[str]]] = []
    result = {}
    for cell in notebooks.code_cells(nb):
        writes = _stores(cell.source) | set(written.get(cell.id, []))
        always = {"(settings)"} | ({"(chance)"} & writes)
        for claim in claims:
            if claim.cell == cell.id:
                own = _reads(_WithoutDrawing().visit(tree(cell.source))) | _reads(ast.parse(claim.code))
                result[claim.key] = _cone(cell.id, own | always, before)
        before.append((cell.id, _reads(tree(cell.source)) | always, writes))
    return result


def _cone(cell: str, wanted: set[str], before: list[tuple[str, set[str], set[str]]]) -> list[str]:
    cone, grown = {cell}, True
    while grown:
        grown = False
        for name, reads, writes in before:
            if name not in cone and writes & wanted:
                cone.add(name)
                wanted |= reads
                grown = True
    return sorted(cone)


@functools.cache
def _library(module: str) -> tuple[dict[str, str], str]:
    """The code of each function of a module, and of what stands outside of all, without docstrings."""
    source = (LIBRARY / f"{module}.py").read_text(encoding="utf-8")
    functions: dict[str, str] = {}

    def visit(body: list[ast.stmt], prefix: str) -> list[ast.stmt]:
        rest = []
        for node in body:
            if isinstance(node, ast.FunctionDef):
                functions[prefix + node.name] = ast.dump(_bare(node))
            elif isinstance(node, ast.ClassDef):
                functions[prefix + node.name] = "".join(
                    map(ast.dump, visit(node.body, f"{prefix}{node.name}."))
                )
            elif ast.unparse(node).partition(" = ")[0] != "__all__":  # which no run reads
                rest.append(node)
        return [
            node
            for node in rest
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
            and not isinstance(node, (ast.Import, ast.ImportFrom))
        ]

    outside = "".join(map(ast.dump, visit(ast.parse(source).body, "")))
    return functions, outside


def _bare(node: ast.AST) -> ast.AST:
    for each in ast.walk(node):
        body = getattr(each, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            if isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
                each.body = body[1:] or [ast.Pass()]  # type: ignore[attr-defined]
    return node


def _key(claim: Assertion, cone: list[str], sources: dict[str, str], entered: dict[str, list[str]]) -> str:
    """What a claim hangs on, as a few letters."""
    parts = [claim.code] + [sources[name] for name in cone]
    for name in sorted({f for cell in cone for f in entered.get(cell, [])}):
        module, function = name.split(".", 1)
        if module in DRAWING_MODULES:
            continue
        functions, outside = _library(module)
        parts += [name, functions.get(function, ""), outside]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def keys(nb: Any, found: list[Assertion], trace: dict[str, Any]) -> dict[str, str]:
    """The key of each claim, from the notebook, the library, and what the last trace saw."""
    cones = _hangs_on(nb, trace.get("written", {}), found)
    sources = {cell.id: _essence(cell.source) for cell in notebooks.code_cells(nb)}
    return {
        claim.key: _key(claim, cones[claim.key], sources, trace.get("entered", {}))
        for claim in found
        if not claim.unchecked
    }


def unchangeable(nb: Any) -> list[str]:
    """Sentences on what a notebook draws with and no block of seeds can change."""
    found = []
    for cell in notebooks.code_cells(nb):
        for node in ast.walk(tree(cell.source)):
            name = (
                node.arg
                if isinstance(node, ast.keyword)
                else node.attr
                if isinstance(node, ast.Attribute)
                else node.id
                if isinstance(node, ast.Name)
                else ""
            )
            if name in UNCHANGEABLE:
                found.append(
                    f"Cell {cell.id} uses {name}, a seed that make claims cannot change: "
                    f"draw with {UNCHANGEABLE[name]}."
                )
    return list(dict.fromkeys(found))


# --- storing ---------------------------------------------------------------------------------------------


def store(path: Path) -> Path:
    """Where the answers to a notebook's claims are kept."""
    return path.with_name(f"{path.stem}.claims.json")


def load(path: Path) -> dict[str, Any]:
    """What is stored for a notebook: claims, the trace, and the number of the next block."""
    if not store(path).is_file():
        return {"next": 1, "claims": [], "trace": {}}
    return json.loads(store(path).read_text(encoding="utf-8"))


def state(path: Path) -> tuple[list[Assertion], dict[str, Kept], list[Assertion]]:
    """A notebook's claims; what is known of each; and those that have to be asked."""
    nb = notebooks.read(path)
    if sentences := unchangeable(nb):
        raise ClaimError(" ".join(sentences))
    stored = load(path)
    found = [claim for claim in assertions(nb) if not claim.unchecked and not claim.quote]
    now = keys(nb, found, stored["trace"])
    known = {(entry["cell"], entry["key"]): Kept(**entry) for entry in stored["claims"]}
    have = {c.key: known[c.cell, now[c.key]] for c in found if (c.cell, now[c.key]) in known}
    return found, have, [c for c in found if c.key not in have]


def ask(path: Path, processes: int = 2, everything: bool = False, say=lambda words: None) -> dict[str, Kept]:
    """Ask what has to be asked, and store it. Returns what is known of each claim now."""
    found, have, stale = state(path)
    if everything:
        have, stale = {}, found
    stored = load(path)
    first, trace = stored["next"], stored["trace"]
    nb = notebooks.read(path)
    answers: dict[str, Kept] = {}
    if stale:
        page, blocks, moved = _run(path, first, processes, say, BLOCKS, SETTINGS, stale)
        trace = {"written": page.written, "entered": page.entered}
        first += BLOCKS
        now = keys(nb, found, trace)
        answers = {c.key: _answer(c, now[c.key], page, blocks, moved) for c in stale}
    now = keys(nb, found, trace)
    for claim in found:
        if claim.key in have:  # its words may be new
            answers[claim.key] = replace(have[claim.key], key=now[claim.key], words=claim.words)
    _write(path, first, trace, [answers[c.key] for c in found])
    return answers


#: So many blocks tell whether chance, or settings, play any part in a lesson.
PROBES = 2


def _run(
    path: Path,
    first: int,
    processes: int,
    say: Any,
    blocks: int,
    settings: int,
    claims: list[Assertion],
) -> tuple[Replay, list[Replay], list[Replay]]:
    """The page as it stands; blocks of seeds, made of the lesson's name and a counter; and other settings.

    In the latter, only the cells run that ``claims`` hang on. Where the first few move none of these, the
    others are not run.
    """
    ranking = [claim for claim in claims if claim.ranking]
    here = Task(path.resolve(), Way(), traced=True)
    done: dict[Task, Replay] = {}

    def run(tasks: list[Task]) -> None:
        for task, result in replays(tasks, processes):
            done[task] = result
            say(f"\r{path.stem}: {len(done)} of at most {1 + blocks + settings} runs")

    run([here])
    page = done[here]
    if page.errors:
        raise ClaimError(f"{path.stem} does not run as it stands: {page.errors}")
    cones = _hangs_on(notebooks.read(path), page.written, claims)
    cells = frozenset(name for claim in claims for name in cones[claim.key])
    ways = [Way(seed=_number_of(path, n)) for n in range(first, first + blocks)]
    seeds = [Task(here.path, way, cells=cells) for way in ways]
    ways = [Way(settings=_number_of(path, n)) for n in range(first, first + settings)]
    moved = [Task(here.path, way, cells=cells) for way in ways]
    run([*seeds[:PROBES], *(moved[:PROBES] if ranking else [])])
    move = _any_moves(claims, page, [done[task] for task in seeds[:PROBES]])
    turn = _any_moves(ranking, page, [done[task] for task in moved[:PROBES] if task in done])
    run((seeds[PROBES:] if move else []) + (moved[PROBES:] if turn else []))
    say("\n")
    return page, [done[t] for t in seeds if t in done], [done[t] for t in moved if t in done]


def _any_moves(claims: list[Assertion], page: Replay, runs: list[Replay]) -> bool:
    return any(
        run.outcomes.get(claim.key, Outcome()).values != page.outcomes.get(claim.key, Outcome()).values
        for claim in claims
        for run in runs
    )


def _number_of(path: Path, number: int) -> int:
    return 1 + int.from_bytes(hashlib.sha256(f"{path.stem}:{number}".encode()).digest()[:4], "big")


def _answer(claim: Assertion, key: str, page: Replay, blocks: list[Replay], moved: list[Replay]) -> Kept:
    outcomes = [run.outcomes.get(claim.key) for run in blocks]
    here = page.outcomes.get(claim.key, Outcome(held=False, error="the run does not come by"))
    if not here.held:
        raise ClaimError(
            f"Cell {claim.cell}: this does not hold on the page itself: {claim.code} {here.error}"
        )
    chance = any(o is None or o.values != here.values or not o.held for o in outcomes)
    kept = Kept(claim.cell, claim.code, claim.words, key, chance)
    if chance:
        kept.of, kept.held = len(outcomes), sum(o is not None and o.held for o in outcomes)
        reached = [o for o in outcomes if o is not None and o.margin is not None]
        if reached:
            worst = min(reached, key=lambda o: o.margin)
            kept.margin, kept.closest = round(worst.margin, 3), worst.closest
    if claim.ranking:
        # A cell that looks a rate up by its name, or an assertion that does, cannot be asked at another one.
        asked = [run.outcomes.get(claim.key) for run in moved]
        asked = [o for o in asked if o is not None and not o.error]
        if any(o.values != here.values for o in asked):
            kept.settings_of, kept.settings_held = len(asked), sum(o.held for o in asked)
    return kept


def _write(path: Path, following: int, trace: dict[str, Any], claims: list[Kept]) -> None:
    library = {
        cell: [f for f in names if f.split(".")[0] not in DRAWING_MODULES]
        for cell, names in trace.get("entered", {}).items()
    }
    body = {
        "next": following,
        "claims": [asdict(claim) for claim in claims],
        "trace": {
            "written": {c: n for c, n in trace.get("written", {}).items() if n},
            "entered": {c: n for c, n in library.items() if n},
        },
    }
    text = json.dumps(body, indent=1, ensure_ascii=False) + "\n"
    notebooks.put(text, store(path))


def _try(path: Path, blocks: int, processes: int) -> int:
    """Ask a few blocks that are stored nowhere: for a lesson that is being written."""
    nb = notebooks.read(path)
    found = [claim for claim in assertions(nb) if not claim.unchecked and not claim.quote]
    page, seeds, moved = _run(path, time.time_ns(), processes, lambda words: None, blocks, blocks // 2, found)
    weak_ones = weak({c.key: _answer(c, "", page, seeds, moved) for c in found})
    print(f"{path.stem}: {len(found)} claims, {blocks} blocks, {page.seconds:.0f} s a run")
    print("".join(f"  {sentence}\n" for sentence in weak_ones), end="")
    return int(bool(weak_ones))


# --- the page --------------------------------------------------------------------------------------------


def page(paths: list[Path]) -> str:
    """The book's page of claims, from what is stored."""
    lines = [
        "# What we claim, and how often it held",
        "",
        "Whatever is random in a lesson (data, starts, batches, splits) was drawn with seeds that somebody "
        f"chose. Each claim below was asked again with {BLOCKS} other blocks of seeds, and must hold in at "
        f"least {ENOUGH}. *Closest* is the comparison that came nearest to failing, in the worst block. A "
        f"claim that compares two measured things was also asked at {SETTINGS} other settings: all rates of "
        "the lesson moved together by up to a factor of two, and other starts on its maps. *Only here* means "
        "that it holds at the lesson's own settings, and its words say so. What neither chance nor settings "
        "move is held by the lesson itself, each time it runs, and is not listed.",
        "",
        "This page is written by `make claims`, from the lessons' assertions and the comments above them.",
    ]
    for path in paths:
        listed = [k for k in (Kept(**entry) for entry in load(path)["claims"]) if k.of or k.settings_of]
        if not listed:
            continue
        title = notebooks.read(path).cells[0].source.splitlines()[0].lstrip("# ")
        link = os.path.relpath(path, PAGE.parent)
        fixed = len(load(path)["claims"]) - len(listed)
        lines += [
            "",
            f"## [{title}]({link})",
            "",
            f"{len(listed)} claims that chance or settings could move; {fixed} that neither does.",
            "",
        ]
        lines += ["| claim | other seeds | closest | other settings |", "| --- | --- | --- | --- |"]
        for claim in listed:
            seeds = f"{claim.held} of {claim.of}" if claim.of else "no chance"
            moved = f"{claim.settings_held} of {claim.settings_of}" if claim.settings_of else "—"
            if claim.settings_of and not _holds_elsewhere(claim):
                moved = "only here"
            lines.append(f"| {_said(claim)} | {seeds} | {claim.closest or '—'} | {moved} |")
    return "\n".join(lines) + "\n"


def _holds_elsewhere(claim: Kept) -> bool:
    return claim.settings_held >= SETTINGS_ENOUGH * claim.settings_of / SETTINGS


def _said(claim: Kept) -> str:
    words = f"{claim.words} " if claim.words else ""
    code = claim.code if len(claim.code) <= 160 else claim.code[:157] + "…"
    text = words.replace("|", "\\|") + "`" + code.replace("|", "\\|").replace("`", "'") + "`"
    return re.sub(r"\s+", " ", text)


# --- the command -----------------------------------------------------------------------------------------


def weak(known: dict[str, Kept]) -> list[str]:
    """Sentences on claims that chance decides, or settings of which they say nothing."""
    sentences = [
        f"Cell {k.cell}: this held in {k.held} of {k.of} blocks of seeds; say what does hold: {k.code}"
        + (f" (closest: {k.closest})" if k.closest else "")
        for k in known.values()
        if k.of and k.held < ENOUGH * k.of / BLOCKS
    ]
    return sentences + [
        f"Cell {k.cell}: at other rates and starts this held in {k.settings_held} of {k.settings_of}; say in "
        "its comment and on the page that it holds at this rate, or from this start; or say what does hold: "
        f"{k.code}"
        for k in known.values()
        if k.settings_of and not _holds_elsewhere(k) and not ONLY_HERE.search(k.words)
    ]


def lessons() -> list[Path]:
    """The notebooks whose claims are asked: all of the book's."""
    return notebooks.find(LESSONS)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.claims", description="Ask each claim with other seeds."
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="notebooks (default: all lessons)")
    parser.add_argument("--all", action="store_true", help="ask everything again, with new blocks")
    parser.add_argument(
        "--check", action="store_true", help="only say what is stored, and what is out of date"
    )
    parser.add_argument("--processes", type=int, default=2, help="so many at a time (default: %(default)s)")
    parser.add_argument("--try", type=int, dest="some", metavar="N", help="ask N blocks, and store nothing")
    options = parser.parse_args(arguments)
    red = False
    try:
        paths = notebooks.find(*options.paths) if options.paths else lessons()
    except notebooks.NotebookError as error:
        print(error, file=sys.stderr)
        return 1
    say = (lambda words: print(words, end="", flush=True)) if sys.stdout.isatty() else (lambda words: None)
    if options.some:
        try:
            return max(_try(path, options.some, options.processes) for path in paths)
        except ClaimError as error:
            print(error)
            return 1
    for path in paths:
        start = time.perf_counter()
        try:
            if options.check:
                found, known, stale = state(path)
                for claim in stale:
                    print(f"{path.stem}: cell {claim.cell} was changed since it was asked: run make claims.")
                red |= bool(stale)
            else:
                known = ask(path, options.processes, options.all, say)
        except ClaimError as error:
            print(f"{path.stem}: {error}")
            red = True
            continue
        chance = [k for k in known.values() if k.of]
        print(
            f"{path.stem}: {len(known)} claims, {len(chance)} with chance; "
            f"{time.perf_counter() - start:.0f} s",
            flush=True,
        )
        for sentence in weak(known):
            print(f"  {sentence}")
            red = True
    text = page(lessons())
    if options.check:
        if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
            print(f"{PAGE.relative_to(ROOT)} is not what the lessons claim now: run make claims.")
            red = True
    else:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    return int(red)


if __name__ == "__main__":
    sys.exit(main())
