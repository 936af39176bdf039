"""What the lab runs in the reader's browser: a rule of one coordinate, down a landscape of two.

Plain Python without an import of ours, since Brython runs these very lines; the tests run them here as well.
What comes in is a JSON text, which is data. The reader's own text in it is executed, in a worker that reaches
neither page nor network.
"""

import math

LIBRARY = {}  # what a rule may use: the functions of rules.py and schedules.py, by name
TEXT = "rule"  # the name under which errors know the reader's text
PRINTED = []  # what the reader's text has printed, the first lines of it
LINES, WIDTH = 12, 100  # of it that are shown
FIXED = 4  # w, g, s and t; what follows are hyperparameters. A schedule has t alone.


class Dual:
    """A number and its slope along one coordinate: what arithmetic does to both is the gradient."""

    def __init__(self, value, slope=0.0):
        self.value, self.slope = value, slope

    def __add__(self, other):
        other = dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        other = dual(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other):
        other = dual(other)
        quotient = self.value / other.value
        return Dual(quotient, (self.slope - quotient * other.slope) / other.value)

    def __pow__(self, n):
        return Dual(self.value**n, n * self.value ** (n - 1) * self.slope)

    def __sub__(self, other):
        return self + -1.0 * dual(other)

    def __rsub__(self, other):
        return dual(other) + -1.0 * self

    def __rtruediv__(self, other):
        return dual(other) / self

    __radd__, __rmul__ = __add__, __mul__


def dual(number):
    return number if isinstance(number, Dual) else Dual(number)


def gradient(loss, w):
    x, y = w
    return loss(Dual(x, 1.0), Dual(y, 0.0)).slope, loss(Dual(x, 0.0), Dual(y, 1.0)).slope


class Told(Exception):
    """An error of which the reader is told in these very words, at a line of the text if it has one."""

    def __init__(self, words, line=None):
        super().__init__(words)
        self.line = line


def descend(rule, loss, start, steps, hyper, multipliers=None):
    """The path, the start first. It ends before it leaves the finite numbers."""
    lr = hyper.get("lr")
    w, states, path = list(start), [{}, {}], [list(start)]
    for t in range(1, steps + 1):
        if multipliers:
            hyper = {**hyper, "lr": lr * multipliers[t - 1]}
        try:
            pairs = [updated(rule, w[k], g, states[k], t, hyper) for k, g in enumerate(gradient(loss, w))]
        except OverflowError:
            break
        w, states = [new_w for new_w, _ in pairs], [new_s for _, new_s in pairs]
        if not all(map(math.isfinite, w)):
            break
        path.append(w)
    return path


def height(loss, w):
    try:
        return loss(*w)
    except OverflowError:
        return math.inf


def updated(rule, w, g, s, t, hyper):
    pair = rule(w, g, s, t, **hyper)
    if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[1], dict)):
        raise Told("The rule must return two things: the new w, and the new state, a dict.")
    if not isinstance(pair[0], (int, float)):
        raise Told(f"The new w must be a number, not {kind(pair[0])}.")
    return pair


def kind(value):
    name = type(value).__name__
    return "None" if value is None else f"an {name}" if name[0] in "aeiou" else f"a {name}"


def show(*values, sep=" ", end="", file=None, flush=False):
    """In place of print, for the reader's text."""
    if len(PRINTED) <= LINES:
        PRINTED.append(sep.join(map(str, values))[:WIDTH] if len(PRINTED) < LINES else "…")


def function(text, name, library):
    """The function of that name which the reader's text defines; it may use the library's."""
    namespace = {**library, "math": math, "print": show}
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise Told("A tab indents this line: use spaces, as the other lines do.", number)
    try:
        program = compile(text, TEXT, "exec")
    except SyntaxError:
        if told := misplaced(text):
            raise told from None
        raise
    exec(program, namespace)
    found = namespace.get(name)
    if found is library.get(name) or not callable(found):
        raise Told(f"No function is named {name} here: its first line is def {name}(…).")
    return found


#: What begins lines that end with a colon.
COMPOUND = "def if elif else for while try except finally with class".split()


def misplaced(text):
    """What is wrong with the first line whose indentation fits no line above; None if there is none.

    Where Python itself stops, browsers and versions differ. (No brackets in strings, no text of many lines.)
    """
    levels, opens, depth, above = [0], False, 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        code = line.partition("#")[0].rstrip()
        if not code:
            continue
        if depth == 0:
            wide = len(code) - len(code.lstrip())
            if opens and wide <= levels[-1]:
                return Told("This line must be indented: the one above ends with a colon.", number)
            if not opens and wide > levels[-1]:
                if above in COMPOUND:
                    return None  # its colon is missing, and Python says so
                return Told(
                    "This line is indented farther than the one above, which ends with no colon.", number
                )
            if opens:
                levels.append(wide)
            while wide < levels[-1]:
                levels.pop()
            if wide != levels[-1]:
                return Told("This line's indentation fits none of the lines above.", number)
            above = code.split(None, 1)[0].rstrip(":")
        depth += sum(map(code.count, "([{")) - sum(map(code.count, ")]}"))
        opens = depth == 0 and code.endswith(":")
    return None


def signature(rule, fixed=FIXED):
    """The hyperparameters and their defaults; None where there is none."""
    code = rule.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    last = rule.__defaults__ or ()
    named = code.co_varnames[code.co_argcount - len(last) : code.co_argcount]
    defaults = {**dict(zip(named, last, strict=True)), **(rule.__kwdefaults__ or {})}
    return {name: plain(defaults.get(name)) for name in code.co_varnames[fixed:count]}


def fitting(rule, hyper, fixed=FIXED):
    """Those hyperparameters that a rule takes."""
    own = signature(rule, fixed)
    given = {name: value for name, value in hyper.items() if name in own}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def plain(value):
    """A number, or several; None for what has no slider."""
    if isinstance(value, tuple) and all(isinstance(part, (int, float)) for part in value):
        return list(value)
    return value if isinstance(value, (int, float)) else None


def line_of(error):
    """The line of the reader's text in which an error arose, or None."""
    if isinstance(error, Told):
        return error.line
    if isinstance(error, SyntaxError):
        return error.lineno
    line, step = None, error.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename == TEXT:
            line = step.tb_lineno
        step = step.tb_next
    return line


def in_words(error):
    """What is said of it, in one line."""
    if isinstance(error, Told):
        return str(error)
    if isinstance(error, ImportError):
        return "The lab has no modules but math, which is there already."
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    if "call stack" in said or isinstance(error, RecursionError):
        return "A function calls itself without an end."
    if type(error).__name__ == "JavascriptError":
        return "The lab's Python cannot read this. Is there a return without a value?"
    if isinstance(error, NameError) and said.split("'")[1:2]:
        name = said.split("'")[1]
        if name in WITHOUT:
            return f"This challenge is without {name}."
        if hasattr(math, name):
            said = f"{said}: here it is math.{name}"
    return f"{type(error).__name__}: {said}"


WITHOUT = []  # those of the library's functions that a challenge does without
CHALLENGES = {}  # a name → its check: see lab_challenges


def run(request):
    """One rule on one landscape, or one answer to a challenge."""
    WITHOUT[:] = request.get("without", [])
    library = {name: LIBRARY[name] for name in LIBRARY if name not in WITHOUT}
    rule = function(request["text"], request["name"], library)
    if "peak" in request:
        return run_schedule(rule, request)
    own, hyper = signature(rule), fitting(rule, request["hyper"])
    if "challenge" in request:
        return {"missing": CHALLENGES[request["challenge"]](rule, hyper, request)}
    loss = eval(request["loss"])
    path = descend(rule, loss, request["start"], request["steps"], hyper)
    return {"path": path, "losses": [height(loss, w) for w in path], "signature": own}


def run_schedule(schedule, request):
    """SGD with momentum, whose rate is the peak times a schedule's multiplier."""
    own, options = signature(schedule, 1), fitting(schedule, request["hyper"], 1)
    loss, steps = eval(request["loss"]), request["steps"]
    multipliers = [schedule(t, **options) for t in range(steps)]
    if not all(isinstance(multiplier, (int, float)) for multiplier in multipliers):
        raise Told("A schedule returns a number for each t.")
    hyper = {"lr": request["peak"], "momentum": 0.9}
    path = descend(LIBRARY["sgd"], loss, request["start"], steps, hyper, multipliers)
    losses = [height(loss, w) for w in path]
    return {"path": path, "losses": losses, "signature": own, "multipliers": multipliers}


def as_json(value):
    if isinstance(value, dict):
        return "{" + ",".join(f"{as_json(key)}:{as_json(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(as_json, value)) + "]"
    if isinstance(value, str):
        return (
            '"'
            + "".join(c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04x}" for c in value)
            + '"'
        )
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value) if math.isfinite(value) else "null"
    return {None: "null", True: "true", False: "false"}[value]


def answer(text):
    """What the worker is asked, and its answer: both as JSON."""
    del PRINTED[:]
    try:
        found = run(eval(text, {"true": True, "false": False, "null": None}))
    except Exception as error:  # the reader's: it may be any
        found = {"error": in_words(error), "line": line_of(error)}
    return as_json({**found, "printed": "\n".join(PRINTED)})
