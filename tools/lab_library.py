"""What the live lab has: the rules as its editor shows them, landscapes, and the Python that its worker runs.

All of it is taken from course_lib as it stands, so that the page cannot differ from the library.
"""

import ast
import functools
import inspect
import itertools
import json
import re
from importlib import resources

import numpy as np

from course_lib import landscapes, optim, plotting, rules, schedules
from course_lib.player import contours, place, short
from tools import lab_challenges, lab_run

RULES = [name for name, unit in rules.UNITS.items() if unit == "entry"]
WORDS = ["maximum", "sign", "half_life"]
LANDSCAPES = {
    "ravine": landscapes.ravine(),
    "bowl": landscapes.ravine(steep=4.0),
    "rosenbrock": landscapes.ROSENBROCK,
    "beale": landscapes.BEALE,
    "saddle": landscapes.SADDLE,
    "plateau": landscapes.PLATEAU,
}
STEPS = 100
#: What the schedules drive.
MOMENTUM = functools.partial(rules.sgd, momentum=0.9)
#: The learning rates of the slider: ten for each power of ten, in two digits.
RATES = [float(f"{10 ** (k / 10):.2g}") for k in range(-40, 11)]
#: The schedules that numbers alone set, and what those without a default begin at.
SCHEDULES = [
    "constant", "step", "exponential", "polynomial", "cosine",
    "warmup_cosine", "warmup_linear", "inverse_sqrt", "wsd", "one_cycle",
]  # fmt: skip
TITLES = {"wsd": "WSD"}
OPTIONS = {"total": STEPS, "warmup": 10, "decay": 40, "step_size": 25, "gamma": 0.95}
PIECES = ["_progress", "_half_cosine", "_cycle", "_between"]
#: What they import, from Brython's own library.
MODULES = ["math"]
#: How a schedule begins: with a look at its options, for which Brython would need 3 MB of modules.
CHECK = re.compile(r"^    _check\(.*\)\n", re.MULTILINE)


# --- sources -----------------------------------------------------------------------------------------------


def shown(function):
    """A rule's source as the editor shows it: to the letter, but for docstring, annotations and checks."""
    source = inspect.getsource(function)
    (tree,) = ast.parse(source).body
    data = source.encode()  # ast counts bytes
    starts = [0, *itertools.accumulate(len(line) for line in data.splitlines(keepends=True))]

    def begin(node):
        return starts[node.lineno - 1] + node.col_offset

    def end(node):
        return starts[node.end_lineno - 1] + node.end_col_offset

    cuts = []  # (from, to, what stands there instead)
    defaults = dict(zip(tree.args.kwonlyargs, tree.args.kw_defaults, strict=True))
    for argument in [*tree.args.args, *tree.args.kwonlyargs]:
        default = defaults.get(argument)
        name = begin(argument) + len(argument.arg)
        cuts.append((name, begin(default) if default else end(argument), b"=" if default else b""))
    body = starts[tree.body[0].end_lineno]
    head = starts[tree.body[0].lineno - 1]
    closing = data.rindex(b")", 0, begin(tree.returns))
    cuts += [(closing, head, b"):\n"), (head, body, b"")]
    for first, last, instead in sorted(cuts, reverse=True):
        data = data[:first] + instead + data[last:]
    return CHECK.sub("", data.decode()).rstrip()


class Bare(ast.NodeTransformer):
    """Without annotations and docstrings: a third of the size, and no module ``typing``."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.returns = None
        if ast.get_docstring(node):
            node.body = node.body[1:]
        return node

    def visit_arg(self, node):
        node.annotation = None
        return node


def bare(functions):
    """The sources of functions, for the worker."""
    trees = [Bare().visit(ast.parse(inspect.getsource(function))) for function in functions]
    return CHECK.sub("", "\n".join(ast.unparse(tree) for tree in trees))


def loss_text(landscape):
    """A landscape's function as an expression, with the numbers written in that it was made with."""
    tree = ast.parse(inspect.getsource(landscape.function).strip().rstrip(","), mode="exec")
    (found,) = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    known = inspect.getclosurevars(landscape.function).nonlocals
    for node in ast.walk(found):
        for name, child in ast.iter_fields(node):
            if isinstance(child, ast.Name) and child.id in known:
                setattr(node, name, ast.Constant(known[child.id]))
    return ast.unparse(found)


def program():
    """The Python that the worker runs: what rules need, the rules, and lab_run with its challenges."""
    functions = [getattr(rules, name) for name in [*WORDS, *RULES]]
    functions += [getattr(schedules, name) for name in [*PIECES, *SCHEDULES]]
    checks = list(lab_challenges.BEGINNINGS)
    parts = [inspect.getsource(lab_run), bare(functions), bare(checks)]
    for table, named in (("LIBRARY", functions), ("CHALLENGES", checks)):
        names = ", ".join(f"{function.__name__!r}: {function.__name__}" for function in named)
        parts.append(f"{table}.update({{{names}}})")
    return "\n".join(parts)


# --- data --------------------------------------------------------------------------------------------------


def lowest(landscape):
    return min(float(landscape.function(*minimum)) for minimum in landscape.minima)


def best_rate(rule, landscape):
    """The rate of the slider at which the rule's path stays on the map and is the lowest: in the mean, on a
    logarithmic scale."""
    w, states = [np.full(len(RATES), coordinate) for coordinate in landscape.start], [{}, {}]
    lr, losses, off = np.array(RATES), [], np.zeros(len(RATES), dtype=bool)
    with np.errstate(all="ignore"):
        for t in range(1, STEPS + 1):
            gradient = lab_run.gradient(landscape.function, w)
            pairs = [rule(w[k], g, states[k], t, lr=lr) for k, g in enumerate(gradient)]
            w, states = [new_w for new_w, _ in pairs], [new_s for _, new_s in pairs]
            losses.append(landscape.function(*w))
            for coordinate, (low, high) in zip(w, landscape.bounds, strict=True):
                off |= ~((coordinate >= low) & (coordinate <= high))
        heights = np.log10(np.array(losses) - lowest(landscape) + 1e-3)
    return RATES[int(np.where(off, np.inf, heights.mean(axis=0)).argmin())]


def says(function):
    """The first line of a docstring, without its markup."""
    return re.sub(
        r":func:`(\w+)`|``(.+?)``",
        lambda found: found[1] or found[2],
        inspect.getdoc(function).split("\n")[0],
    )


def rule_data(name, display):
    function = getattr(rules, name)
    look = plotting.look(display)
    return {
        "title": display,
        "says": says(function),
        "text": shown(function),
        "signature": lab_run.signature(function),
        "schedule": False,
        "rates": {key: best_rate(function, landscape) for key, landscape in LANDSCAPES.items()},
        **{"color": look.color, "dash": list(look.dash), "marker": look.marker},
    }


def schedule_data(name, display):
    """As a rule's, with the peak rate for SGD with momentum as its ``lr``."""
    function = getattr(schedules, name)
    own = lab_run.signature(function, 1)
    look = plotting.look(display)
    return {
        "title": display,
        "says": says(function),
        "text": shown(function),
        "signature": {"lr": 0.0} | {option: OPTIONS.get(option, own[option]) for option in own},
        "schedule": True,
        "rates": {key: best_rate(MOMENTUM, landscape) for key, landscape in LANDSCAPES.items()},
        **{"color": look.color, "dash": list(look.dash), "marker": look.marker},
    }


def landscape_data(landscape):
    return {
        "title": f"{landscape.name[0].upper()}{landscape.name[1:]}: {landscape.formula}",
        "loss": loss_text(landscape),
        "lowest": lowest(landscape),
        "bounds": [[short(b) for b in side] for side in landscape.bounds],
        "start": list(landscape.start),
        "minima": place(landscape.bounds, landscape.minima),
        "contours": contours(landscape),
    }


@functools.cache
def library():
    """All that a lab has before anything runs."""
    display = {name.lower(): name for name in optim.__all__}
    return {
        "rules": {name: rule_data(name, display[name]) for name in RULES}
        | {
            name: schedule_data(name, TITLES.get(name, name.replace("_", " ").capitalize()))
            for name in SCHEDULES
        },
        "landscapes": {name: landscape_data(landscape) for name, landscape in LANDSCAPES.items()},
        "challenges": {
            check.__name__: {"says": " ".join(check.__doc__.split()), **beginning}
            for check, beginning in lab_challenges.BEGINNINGS.items()
        },
        "rateStops": RATES,
        "steps": STEPS,
        "program": program(),
    }


# --- files -------------------------------------------------------------------------------------------------


def brython():
    """Brython as one function, for the worker: it finds the modules that the rules import, and no others."""
    data = resources.files("brython") / "data"
    text = (data / "brython_stdlib.js").read_text(encoding="utf-8")
    all_modules, _ = json.JSONDecoder().raw_decode(text[text.index("{") :])
    modules = json.dumps({name: all_modules[name] for name in MODULES})
    return "\n".join(
        [
            "window.labBrython = function () {",
            # It wants an address, and asks nobody there.
            'globalThis.__BRYTHON__ = { brython_path: "course:///lab/" };',
            (data / "brython.js").read_text(encoding="utf-8"),
            f"__BRYTHON__.use_VFS = true; __BRYTHON__.update_VFS({modules});",
            "};\n",
        ]
    )


def write(folder):
    """Both files, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(library(), ensure_ascii=False, separators=(",", ":"))
    here = "folder: new URL('.', document.currentScript.src).href"
    (folder / "library.js").write_text(f"window.labLibrary = {{ ...{data}, {here} }};\n", encoding="utf-8")
    (folder / "brython.js").write_text(brython(), encoding="utf-8")
