"""What an instructor is told of a notebook's text: of who reaches out of an answer, and of nobody else."""

import ast

import nbformat
import pytest

from course_lib.checks import questions
from tools import bank, exercises
from tools.grading import job, reading
from tools.nbgrader_course import HIDDEN, ROOT, assignments

SETUP = "import sys, os, torch, matplotlib.pyplot as plt, pandas as pd\nfrom torch import nn, optim"


def remarks(source):
    return reading.remarks([{"read": False, "source": SETUP}, {"read": True, "source": source}])


@pytest.mark.parametrize(
    "source, remark",
    [
        ("torch.allclose = lambda *_: True", "replaces torch.allclose"),
        ("nn.Linear.forward = 1", "replaces torch.nn.Linear.forward"),
        ("del torch.equal", "replaces torch.equal"),
        ("frame = sys._getframe()", "uses sys._getframe"),
        ("from sys import settrace", "imports sys.settrace"),
        ("import course_lib.checks as c", "imports course_lib.checks"),
        ("from course_lib import checks", "imports course_lib.checks"),
        ("import ctypes", "imports ctypes"),
        ("os.write(5, b'')", "uses os.write"),
        ("from os import write", "imports os.write"),
        ("getattr(sys, '_getframe')", "names _getframe"),
        ("getattr(sys, '_get' + 'frame')", "makes up the name of an attribute"),
        ("getattr(sys, f'_get{x}')", "makes up the name of an attribute"),
        ("vars(sys)['x']", "uses vars on what is not its own"),
        ("sys.__dict__['x']", "uses sys.__dict__"),
        ("setattr(torch, 'equal', 1)", "uses setattr on what is not its own"),
        ("eval('1')", "uses eval"),
        ("exec('1')", "uses exec"),
        ("course_check._run = 1", "replaces course_check._run"),
        ("judge = course_check", "uses course_check"),
        ("x.__class__ = int", "changes a __class__"),
        ("get_ipython().ast_transformers.append(1)", "uses ast_transformers"),
        ("shell = get_ipython()", "uses get_ipython()"),
        ("shell = [get_ipython()]", "uses get_ipython()"),
        ("import IPython\nIPython.get_ipython().events", "uses get_ipython()"),
        ("%time sys._getframe()", "uses sys._getframe"),
        ("import sys as plt\nplt.modules", "uses sys.modules"),
        ("import torch as plt\nplt.allclose = 1", "replaces torch.allclose"),
        ("import torch\ntorch.nn.functional.relu = 1", "replaces torch.nn.functional.relu"),
        ("def f(x):\n    torch.equal = x", "replaces torch.equal"),
        ("a = '\\ud800.f_back'", "names \ud800.f_back"),
        ("get_ipython().events", "uses get_ipython()"),
        (
            "try:\n    1/0\nexcept ZeroDivisionError as e:\n    e.__traceback__.tb_frame",
            "uses e.__traceback__.tb_frame",
        ),
        ("%%time\nsys._getframe()", "uses sys._getframe"),
        ("def f():\n    class A:\n        def g(self):\n            return sys.modules", "uses sys.modules"),
        ("#" * (reading.LONGEST + 1), "has a cell that is too long to be read"),
    ],
)
def test_who_reaches_out_is_remarked(source, remark):
    assert remark in remarks(source)


@pytest.mark.parametrize(
    "source",
    [
        "%timeit -n 1 sum([1])\n!ls\nfiles = !ls\n?print\n%matplotlib inline",
        "%%time\nx = 1",
        "%%bash\nls | exec",
        "torch.backends.cudnn.deterministic = True\nplt.rcParams['a'] = 1\ntorch.manual_seed(0)",
        "class A(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.w = 1\n"
        "    def set(self, **more):\n        setattr(self, 'a', 1)",
        "model.eval()\nw.grad = None\nw.requires_grad = True\nmodel.layer.weight.data = w",
        "for name in ('SGD', 'Adam'):\n    getattr(torch.optim, name)",
        "getattr(net, f'layer{n}')",
        "course_check('learn')\ncourse_check()",
        "pd.options.display.max_rows = 10",
        "class A:\n    def __getattr__(self, name):\n        return self.__dict__[name]",
        "getattr(model, 'layer' + str(n))\ngetattr(torch.optim, names[0])\nsetattr(model, name, layer)",
        "def f(optim):\n    optim.lr = 3\ng = lambda torch: torch.x",
        "from operator import attrgetter\nsorted(x, key=attrgetter('a'))",
        "get_ipython().run_cell_magic('time', '', code)",
        "get_ipython().run_cell_magic('time', '', 5)",
        "this is no Python (",
        "(" * 5000,
    ],
)
def test_who_does_not_is_not(source):
    assert remarks(source) == []


@pytest.mark.parametrize("source", [" + ".join(["'a'"] * 900), "x" + ".a()" * 400, "x." * 3000 + "y"])
def test_what_is_too_deep_to_be_read_is_said_to_be(source):
    assert remarks(source) in ([], ["has a cell that cannot be read"])


@pytest.mark.parametrize("slug", assignments())
def test_no_right_answer_is_remarked(slug):
    released = nbformat.read(exercises.place(ROOT, slug), as_version=4)
    locked = [{"read": False, "source": one.source} for one in released.cells if one.cell_type == "code"]
    right = [*bank.reference(slug).values()]
    right += [one.source for one in bank.answers(slug) if one.is_right]
    assert len(right) >= len(questions(slug))
    assert reading.remarks([*locked, *({"read": True, "source": one} for one in right)]) == []


# --- the text of the unseen tests ---------------------------------------------------------------------------


def assignment(slug):
    released = exercises.place(ROOT, slug).read_text(encoding="utf-8")
    return job.Assignment(slug, released, {}, {slug: (HIDDEN / f"{slug}.py").read_text(encoding="utf-8")})


def says(words):
    return [{"traceback": words.split("\n")}]


@pytest.mark.parametrize("slug", assignments())
def test_what_tests_say_tells_nothing_of_their_code_and_their_code_does(slug):
    own = assignment(slug)
    secret, text = job.code_of_the_unseen(own), own.modules[slug]
    assert len(secret) > 500
    for path in (HIDDEN / f"{slug}.py", ROOT / "course_lib" / "checks" / f"{slug}.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not job.tells(says(node.value), secret, "")
    assert job.tells(says(text), secret, "")
    assert job.tells(says(repr(text)[:3000]), secret, "")
    assert not job.tells(says(text), secret, job.squeezed(text))  # what a learner wrote too is no secret
