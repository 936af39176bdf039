"""Ways to get points for wrong answers, by changing what judges from within the notebook that is judged."""

import nbformat
from nbformat.v4 import new_code_cell
from nbgrader.utils import is_solution

from tools import bank
from tools.exercises import place
from tools.nbgrader_course import ROOT
from tools.submissions import grade_id

LOOP, RULES = "1_1_training_loop", "3_1_optimizers"
NOTHING = {
    LOOP: {
        "learn": "def learn(*_, **more): return 0.0, []",
        "repair_a": "def repaired_a(*_, **more): return [0.0]",
        "repair_b": "def repaired_b(*_, **more): return torch.tensor(0.0)",
        "repair_c": "def repaired_c(*_, **more): return 0.0, 0.0",
        "train": "def train(*_, **more): return []",
    },
    RULES: {
        "momentum": "def sgd_momentum(w, g, s, t, **more): return w, s",
        "rmsprop": "def rmsprop(w, g, s, t, **more): return w, s",
        "adam": "def adam(w, g, s, t, **more): return w, s",
        "adamw": "def adamw(w, g, s, t, **more): return w, s",
        "adam_optimizer": "class MyAdam(torch.optim.Optimizer):\n    def step(self, closure=None): pass",
    },
}


def released(slug):
    return nbformat.reads(place(ROOT, slug).read_text(encoding="utf-8"), as_version=4)


def handed_in(slug, answers, after_setup="", top=""):
    """A notebook with these answers; with a cell before all, or after the locked first one."""
    nb = released(slug)
    for cell in nb.cells:
        if is_solution(cell) and cell.cell_type == "code":
            cell.source = answers.get(grade_id(cell), cell.source)
    # The cells that only show something cost time here, and learners may delete them.
    nb.cells = [cell for cell in nb.cells if grade_id(cell) or cell.cell_type != "code"]
    setup = next(number for number, cell in enumerate(nb.cells) if grade_id(cell) == "setup")
    if after_setup:
        nb.cells.insert(setup + 1, new_code_cell(after_setup))
    if top:
        nb.cells.insert(0, new_code_cell(top))
    return nb


def wrong(code="", top="", slug=LOOP, in_answers="", **answers):
    """Answers that do nothing, but for those given; and code that is to make them right."""
    texts = {name: f"{in_answers}\n{text}" for name, text in (NOTHING[slug] | answers).items()}
    return slug, handed_in(slug, texts, code, top)


def right(code="", slug=LOOP, top="", **answers):
    """The reference answers, but for those given."""
    return slug, handed_in(slug, bank.reference(slug) | answers, code, top)


# --- IPython, Python and torch -----------------------------------------------------------------------------

AST = """import ast
class Nothing(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.Module(body=[], type_ignores=[])
get_ipython().ast_transformers.append(Nothing())
"""
FLOAT = """class Equal(float):
    __hash__ = float.__hash__
    __eq__ = __le__ = __ge__ = __lt__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __sub__ = __rsub__ = __mul__ = __abs__ = lambda self, *_: Equal(0)
class Losses(list):
    __len__ = lambda self: 1
    __eq__ = lambda self, other: True
"""
TENSOR = """class Equal(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, given=(), more=None):
        if function.__name__ in ("allclose", "equal", "eq", "le"):
            return torch.tensor(True)
        if function.__name__ in ("sub", "rsub", "abs", "__sub__", "__rsub__"):
            return torch.tensor(0.0)
        return super().__torch_function__(function, types, given, more or {})
def equal(value):
    return torch.tensor(value, dtype=torch.float64).as_subclass(Equal)
"""
EQUAL_RULES = dict(
    momentum="def sgd_momentum(w, g, s, t, **more): return equal(0.0), s",
    adam="def adam(w, g, s, t, **more): return equal(0.0), s",
)
TRACE = """import sys
def tries(frame):
    while frame is not None and "canary" not in frame.f_locals:
        frame = frame.f_back
    return frame is not None
def equal(frame, event, given):
    frame.f_locals["b"] = frame.f_locals["a"]
    return equal
def trace(frame, event, given):
    if frame.f_code.co_name == "close" and "checks" in frame.f_code.co_filename and not tries(frame):
        return equal
"""
TRACED = dict(
    learn="def learn(x, y, lr, steps, w=0.0): return 0.0 if steps else w, [0.0] * steps\nsys.settrace(trace)",
    repair_c="def repaired_c(*_, **more): return 0.0, 0.0\nsys.settrace(trace)",
)

# --- what of course_lib judges -----------------------------------------------------------------------------

EXPECT = """import sys
import course_lib.checks.tools as tools
for module in [one for name, one in sys.modules.items() if name.startswith("course_lib")]:
    for name in ("expect", "close", "forbid", "number", "parts_of"):
        if hasattr(module, name):
            setattr(module, name, lambda *_, **more: True)
"""
CODE = """import course_lib.checks as checks, types
def run(self, test, asked, more): return None
checks.Checks._run.__code__ = run.__code__
"""
# It leaves those alone that try wrong answers on purpose: their answers are in another namespace.
SPARING_CODE = """import course_lib.checks as checks, types
judge = checks.Checks._run
checks.before = types.FunctionType(judge.__code__, judge.__globals__)
checks.theirs = get_ipython().user_ns
def run(self, test, asked, more):
    return None if self.namespace is theirs else before(self, test, asked, more)
judge.__code__ = run.__code__
"""
SPARING_METHOD = """from course_lib.checks import Checks
before, theirs = Checks._run, get_ipython().user_ns
Checks._run = lambda self, *given: None if self.namespace is theirs else before(self, *given)
"""
SPARING_TESTS = """import sys
from course_lib.checks import module
tests = module("1_1_training_loop")
def mine():
    frame = sys._getframe()
    while frame is not None:
        if "canary" in frame.f_locals:
            return False
        frame = frame.f_back
    return True
def changed(name, to):
    before = getattr(tests, name)
    setattr(tests, name, lambda *given, **more: to(*given, **more) if mine() else before(*given, **more))
def by_the_book(answer, *given):
    path = tests.by_the_book(*given)
    return path[-1], [tests.loss_of(one, *given[:2]) for one in path[:-1]]
changed("learned", by_the_book)
"""
SWALLOW = """import contextlib, warnings
theirs = get_ipython().user_ns
import sys
def leave(self, *error):
    checks = sys._getframe(1).f_locals.get("self")
    return getattr(checks, "namespace", None) is theirs
contextlib.redirect_stderr.__exit__ = leave
"""
OTHER = """class Other(type(course_check)):
    def _run(self, *given): pass
course_check.__class__ = Other
"""
QUESTIONS = """import dataclasses
for name, asked in course_check.questions.items():
    course_check.questions[name] = dataclasses.replace(asked, test=lambda **answers: None)
"""
REPLACED = """class Nice:
    def __call__(self, *_): pass
    hidden = __call__
get_ipython().events.callbacks["pre_run_cell"].clear()
course_check = Nice()
"""
FAKE = """import sys, types
class Checks:
    def __init__(self, *_): pass
    def __call__(self, *_): pass
    hidden = __call__
fake = types.ModuleType("course_lib.checks")
fake.Checks = Checks
sys.modules["course_lib.checks"] = fake
"""
FAKE_FILE = """import os, sys
os.makedirs("/tmp/mine/course_lib", exist_ok=True)
open("/tmp/mine/course_lib/__init__.py", "w").write("")
open("/tmp/mine/course_lib/plotting.py", "w").write("use_style = print")
open("/tmp/mine/course_lib/assignments.py", "w").write("from contextlib import nullcontext as picture")
open("/tmp/mine/course_lib/checks.py", "w").write(
    "class Checks:\\n    def __init__(self, *_): pass\\n    def __call__(self, *_): pass\\n"
    "    hidden = __call__")
sys.path.insert(0, "/tmp/mine")
for name in [name for name in sys.modules if name.startswith("course_lib")]:
    del sys.modules[name]
"""
NAMESPACE = """class Nice:
    def __call__(self, *_): pass
    hidden = __call__
class Namespace(dict):
    def __getitem__(self, name):
        return Nice() if name == "course_check" else super().__getitem__(name)
get_ipython().user_ns = Namespace(get_ipython().user_ns)
"""

# --- the process that runs the notebook --------------------------------------------------------------------

FIND_KERNEL = {
    "stdout": "import sys\nkernel = sys.stdout.put.__closure__[0].cell_contents",
    "frames": "import sys\nframe = sys._getframe()\n"
    "while not hasattr(frame.f_locals.get('self'), '_judge'):\n    frame = frame.f_back\n"
    "kernel = frame.f_locals['self']",
    "traceback": "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n"
    "    frame = error.__traceback__.tb_frame\n"
    "while not hasattr(frame.f_locals.get('self'), '_judge'):\n    frame = frame.f_back\n"
    "kernel = frame.f_locals['self']",
    "gc": "import gc\nkernel = next(one for one in gc.get_objects() if hasattr(type(one), '_judge'))",
}
KERNEL = """
kind = type(kernel)
kind._judge = lambda self, source: None
kind._unseen = lambda self, tests: {"outputs": [], "passed": []}
"""


def kernel_by(way):
    """In an answer: while a test calls it, all of its frames are there."""
    code = (FIND_KERNEL[way] + KERNEL).replace("\n", "\n    ")
    return wrong(learn=f"def learn(*_, **more):\n    {code}")


WRITE = """import json, os, struct
before = os.write
def packed(message):
    data = json.dumps(message).encode()
    return struct.pack(">I", len(data)) + data
def write(to, data):
    try:
        message = json.loads(bytes(data)[4:])
    except ValueError:
        return before(to, data)
    if message.get("over") == "all":
        for number in range(40):
            before(to, packed({"unseen": number, "outputs": [], "passed": []}))
    before(to, packed(message | {"outputs": []} if "outputs" in message else message))
    return len(data)
os.write = write
"""
SPEAK = """import fcntl, json, os, stat, struct, time
def is_pipe(number):
    try:
        return stat.S_ISFIFO(os.fstat(number).st_mode)
    except OSError:
        return False
pipes = [number for number in range(3, 256) if is_pipe(number)]
heard, says = ([one for one in pipes if fcntl.fcntl(one, fcntl.F_GETFL) & 1 == way][-1] for way in (0, 1))
def say(message):
    data = json.dumps(message).encode()
    data = struct.pack(">I", len(data)) + data
    while data:
        data = data[os.write(says, data):]
def hear(count):
    data = b""
    while len(data) < count:
        data += os.read(heard, count - len(data))
    return data
"""
# Speaks in the kernel's place to the end, and hands back what it hears.
SPEAK_ON = (
    SPEAK
    + """
for number in range(2, 40):
    say({"begin": number})
    say({"cell": number, "outputs": []})
say({"over": "cells", "changed": []})
unseen = json.loads(hear(struct.unpack(">I", hear(4))[0]))["unseen"]
say({"cell": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": json.dumps(unseen)}]})
for number in unseen["tests"]:
    say({"unseen": int(number), "outputs": [], "passed": []})
say({"over": "all"})
time.sleep(0.5)
os._exit(0)
"""
)
# Answers only what the others are asked: it waits in a process of its own for the end of the cells.
SPEAK_LATER = (
    SPEAK
    + """
if os.fork() == 0:
    for _ in range(400):
        time.sleep(0.01)
        for number in range(40):
            say({"cell": number, "outputs": []})
            say({"unseen": number, "outputs": [], "passed": []})
    os._exit(0)
"""
)

# --- answers that are somebody else's ----------------------------------------------------------------------

BOOK = """from course_lib.checks import module
def learn(x, y, lr, steps, w=0.0):
    book = module("1_1_training_loop")
    path = book.by_the_book(x, y, lr, steps, w)
    return path[-1], [book.loss_of(one, x, y) for one in path[:-1]]
"""
OUR_RULES = {
    "momentum": "from course_lib.rules import sgd_momentum",
    "rmsprop": "from course_lib.rules import rmsprop",
    "adam": "from course_lib.rules import adam",
    "adamw": "from course_lib.rules import adamw",
    "adam_optimizer": "from course_lib.optim import Adam as MyAdam",
}
OUR_RULES_CALLED = {
    "adam": "from course_lib import rules\n"
    "def adam(w, g, s, t, **more): return rules.adam(w, g, s, t, **more)",
    "momentum": "from course_lib import rules\n"
    "def sgd_momentum(w, g, s, t, **more): return rules.sgd_momentum(w, g, s, t, **more)",
}
TORCH = """def adam(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    p = torch.as_tensor(w, dtype=torch.float64).clone().requires_grad_()
    optimizer = torch.optim.Adam([p], lr=lr, betas=betas, eps=eps)
    if s:
        optimizer.load_state_dict(s)
    p.grad = torch.as_tensor(g, dtype=torch.float64).clone()
    optimizer.step()
    return p.detach(), optimizer.state_dict()
"""
MY_ADAMS = {
    "torch_adam": "MyAdam = torch.optim.Adam",
    "torch_adam_below": "class MyAdam(torch.optim.Adam): pass",
    "torch_adam_inside": "class MyAdam(torch.optim.Optimizer):\n"
    "    def __new__(cls, params, **more): return torch.optim.Adam(params, **more)",
}
OPTIM = """class Nothing(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, **more): super().__init__(params, dict(lr=lr))
    def step(self, closure=None): pass
for name in ("SGD", "RMSprop", "Adam", "AdamW"):
    setattr(torch.optim, name, Nothing)
"""
SOLUTIONS = """import glob
for place in ["solutions", "../solutions", "../../../../solutions", "{root}/solutions"]:
    for file in glob.glob(place + "/*/*.ipynb"):
        import json
        for cell in json.load(open(file))["cells"]:
            exec("".join(cell["source"]), globals())
"""

CHEATS = {
    "names": lambda: wrong(in_answers="close = expect = first_difference = forbid = lambda *a, **k: True"),
    "input_transformer": lambda: wrong(
        "get_ipython().input_transformers_post.append(lambda lines: [])\n"
        "get_ipython().input_transformer_manager.cleanup_transforms.append(lambda lines: [])"
    ),
    "ast_transformer": lambda: wrong(AST),
    "custom_exc": lambda: wrong("get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)"),
    "showtraceback": lambda: wrong(
        "shell = get_ipython()\n"
        "shell.showtraceback = shell._showtraceback = shell.run_cell = lambda *a, **k: None"
    ),
    "abs": lambda: wrong("import builtins\nbuiltins.abs = lambda one: 0"),
    "all_and_isinstance": lambda: wrong(
        "import builtins\nbuiltins.all = builtins.isinstance = lambda *_: True"
    ),
    "allclose": lambda: wrong(
        "torch.allclose = torch.equal = lambda *a, **k: True\ntorch.as_tensor = torch.zeros"
    ),
    "always_equal_float": lambda: wrong(
        FLOAT,
        learn="def learn(*_, **more): return Equal(0), Losses([Equal(0)])",
        repair_a="def repaired_a(x, y, lr, steps): return [Equal(0)] * (steps + 1)",
        repair_c="def repaired_c(*_, **more): return Equal(0), Equal(0)",
    ),
    "always_equal_tensor": lambda: wrong(TENSOR, slug=RULES, **EQUAL_RULES),
    "trace": lambda: wrong(TRACE, **TRACED),
    "expect": lambda: wrong(EXPECT),
    "method": lambda: wrong("from course_lib.checks import Checks\nChecks._run = lambda *_: None"),
    "call": lambda: wrong(
        "from course_lib.checks import Checks\nChecks.__call__ = Checks.hidden = lambda *_: None"
    ),
    "code": lambda: wrong(CODE),
    "code_that_spares_canaries": lambda: wrong(SPARING_CODE),
    "method_that_spares_canaries": lambda: wrong(SPARING_METHOD),
    "tests_that_spare_canaries": lambda: wrong(SPARING_TESTS),
    "errors_swallowed": lambda: wrong(SWALLOW),
    "checks_replaced": lambda: wrong(REPLACED),
    "checks_method": lambda: wrong("course_check._run = lambda *_: None"),
    "checks_ask": lambda: wrong("course_check._ask = lambda *_, **more: None"),
    "checks_class": lambda: wrong(OTHER),
    "checks_questions": lambda: wrong(QUESTIONS),
    "fake_module": lambda: wrong(top=FAKE),
    "fake_file": lambda: wrong(top=FAKE_FILE),
    "namespace": lambda: wrong(NAMESPACE),
    **{f"kernel_by_{way}": lambda way=way: kernel_by(way) for way in FIND_KERNEL},
    "write": lambda: wrong(WRITE),
    "speaks_on": lambda: wrong(SPEAK_ON),
    "speaks_later": lambda: wrong(SPEAK_LATER),
    "by_the_book": lambda: wrong(learn=BOOK),
    "our_rules": lambda: wrong(slug=RULES, **OUR_RULES),
    "our_rules_called": lambda: wrong(slug=RULES, **OUR_RULES_CALLED),
    "torch_inside": lambda: wrong(slug=RULES, adam=TORCH),
    **{name: lambda text=text: wrong(slug=RULES, adam_optimizer=text) for name, text in MY_ADAMS.items()},
    "torch_optim": lambda: wrong(OPTIM, slug=RULES),
    "solutions": lambda: wrong(SOLUTIONS.replace("{root}", str(ROOT))),
    "exits": lambda: wrong(
        learn="def learn(*_, **more): raise SystemExit",
        repair_a="def repaired_a(*_, **more): raise KeyboardInterrupt",
        train="def train(*_, **more): raise GeneratorExit",
    ),
}

# --- who looks for the hidden tests ------------------------------------------------------------------------

PEEK = """import gc, os, sys
BACKWARDS = {backwards}  # so that what looks for them does not find itself
def found(place, words):
    if isinstance(words, bytes):
        words = words.decode("latin-1")
    if isinstance(words, str) and any(one[::-1] in words for one in BACKWARDS):
        print("FOUND", place)
def look(place, value, depth=3):
    found(place, value)
    if depth and isinstance(value, (dict, list, tuple)):
        for inner in list(value.values() if isinstance(value, dict) else value):
            look(place, inner, depth - 1)
print("LOOKING")
look("In", In)
look("environment", dict(os.environ))
for name in list(sys.modules):
    if "hidden" in name:
        print("FOUND", name)
for one in gc.get_objects():
    look("memory", one, 1)
frame = sys._getframe()
while frame is not None:
    look("frame", frame.f_locals)
    frame = frame.f_back
for folder, _, files in os.walk("/tmp"):
    for file in files:
        found("file", open(os.path.join(folder, file), "rb").read())
"""
HEAD = "def learn(x, y, lr, steps, w=0.0):\n"
BODY = "\n".join(bank.reference(LOOP)["learn"].splitlines()[2:])
LEAKS = {
    "frames": """    import sys
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, dict) and value.get("modules"):
                {say}
        frame = frame.f_back
""",
}
SAYS = {
    "raised": "raise AssertionError(repr(value))",
    "raised_otherwise": "raise ValueError(repr(value))",
    "printed": "print(repr(value)); print(repr(value), file=sys.stderr)",
    "packed": "import base64, zlib; "
    "raise ValueError(base64.b64encode(zlib.compress(repr(value).encode(), 9)))",
}


def leak(way, say):
    """An answer that looks for the unseen tests while they call it, and shows what it finds."""
    return right(learn=HEAD + LEAKS[way].format(say=SAYS[say]) + BODY)


# --- who does nothing wrong --------------------------------------------------------------------------------

INNOCENT = {
    "plain": lambda: right(),
    "helper": lambda: right(
        "def close(a, b):\n    return abs(a - b) < 1e-6\ndef expect(x): return x\nsum_ = sum"
    ),
    "magics": lambda: right(
        "%timeit -n 1 -r 1 sum(range(10))\n!ls -la\n%matplotlib inline\nfiles = !ls\n%pwd\n?print"
    ),
    "cell_magic": lambda: right("%%time\nx = 1"),
    "warns": lambda: right(
        "import sys, warnings\nwarnings.warn('mind')\nprint('to stderr', file=sys.stderr)\n"
        "import logging\nlogging.getLogger('mine').warning('logged')"
    ),
    "noisy_answer": lambda: right(
        learn=HEAD
        + "    import sys, warnings\n    print('debug', file=sys.stderr)\n    warnings.warn('x')\n"
        + BODY
    ),
    "figure": lambda: right(
        "plt.plot([1, 2])\nplt.show()\nfigure, axes = plt.subplots()\naxes.plot(losses_ := [1])"
    ),
    "table": lambda: right(
        "class Table:\n    def _repr_html_(self):\n        return '<table><tr><td>1</td></tr></table>'\n"
        "from IPython.display import display\ndisplay(Table())\nTable()"
    ),
    "await": lambda: right(
        "import asyncio\nawait asyncio.sleep(0)\nasync def one(): return 1\nassert await one() == 1"
    ),
    "input": lambda: right("name = input('Your name? ')"),
    "exit": lambda: right("import sys\nsys.exit()"),
    "quit": lambda: right("quit"),
    "workers": lambda: right(
        "from torch.utils.data import DataLoader, TensorDataset\n"
        "data = TensorDataset(torch.arange(8.0))\n"
        "print(sum(batch[0].sum() for batch in DataLoader(data, batch_size=2, num_workers=2)))"
    ),
    "frame_of_data": lambda: right(
        "import collections, dataclasses, typing\n"
        "Point = collections.namedtuple('Point', 'x y')\n"
        "@dataclasses.dataclass\nclass Pair:\n    x: int = 0\nprint(Point(1, 2), Pair())"
    ),
    "threads": lambda: right(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,), daemon=True).start()"
    ),
    "seeds": lambda: right(
        "import random\nimport numpy as np\nrandom.seed(1)\nnp.random.seed(1)\ntorch.manual_seed(1)\n"
        "torch.set_default_dtype(torch.float64)\ntorch.set_grad_enabled(True)"
    ),
    "optimizers": lambda: right(slug=RULES),
}
