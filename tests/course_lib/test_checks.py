"""What a learner is told: one line or a few, whatever the answer does, and nothing is left changed."""

import random
import subprocess
import sys
import textwrap
import warnings

import numpy as np
import pytest
import torch

from course_lib import checks
from course_lib.checks import WIDTH, CheckFailed, Checks, tools

TESTS = """
from course_lib.checks import question
from course_lib.checks.tools import expect

BY_HAND = 2

@question(points=3)
def double(double):
    expect("Twice 2", double(2.0), 4.0, {0.0: "that is 2 − 2."})

@question(points=1)
def two_names(half, LIMIT):
    assert half(LIMIT) == LIMIT / 2, "Half of your LIMIT is wrong. " * 10
"""
HIDDEN = """
def double(double, seed):
    assert double(seed) == 2 * seed, f"twice {seed} is {2 * seed}."

def two_names(half, LIMIT, seed):
    assert half(3) == 1.5, "half of 3 is 1.5."
"""


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Makes the checks of a small assignment on a namespace."""
    for folder, text in (("visible", TESTS), ("hidden", HIDDEN)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "0_0_tiny.py").write_text(text)
    monkeypatch.setattr(checks, "HERE", tmp_path / "visible")
    monkeypatch.setattr(checks.module, "__defaults__", (tmp_path / "visible",))
    monkeypatch.setenv("COURSE_HIDDEN", str(tmp_path / "hidden"))
    monkeypatch.setenv("COURSE_SEED", "5")
    for name in [name for name in sys.modules if name.endswith("0_0_tiny")]:
        monkeypatch.delitem(sys.modules, name)
    return lambda **namespace: Checks("0_0_tiny", namespace)


def told(run, *arguments):
    with pytest.raises(CheckFailed) as failed:
        run(*arguments)
    lines = failed.value._render_traceback_()
    assert "\n".join(lines) == str(failed.value) and max(map(len, lines)) <= WIDTH
    return lines


def answer(source, **given):
    """The function `f` that `source` defines, as in a notebook."""
    namespace = {"__name__": "notebook", "torch": torch} | given
    exec(textwrap.dedent(source), namespace)
    return namespace["f"]


def test_a_right_answer_is_one_line(check, capsys):
    checked = check(double=lambda x: 2 * x)
    assert checked("double") is None and checked.hidden("double") is None  # nbgrader takes a value for points
    said = capsys.readouterr().out
    assert said == "✓ 1 double: the tests you have pass (3 points if the unseen ones do)\n"


def test_a_wrong_answer_is_told_its_slip(check):
    assert told(check(double=lambda x: x - x), "double") == [
        "✗ 1 double (3 points)",
        "Twice 2 is 0, not 4: that is 2 − 2.",
    ]
    long = told(check(half=lambda x: 0, LIMIT=4), "two_names")
    assert long[0] == "✗ 2 two names (1 point)"
    assert len(long) > 2


def test_a_hidden_test_says_that_it_was_not_seen(check):
    checked = check(double=lambda x: 4.0)
    checked("double")
    lines = told(checked.hidden, "double")
    assert lines[1] == "A test that you have not seen: twice 5 is 10."
    with pytest.raises(CheckFailed, match="not yet right"):
        checked()


def test_hidden_tests_are_silent_after_a_visible_one_failed(check):
    checked = check(double=lambda x: 0.0)
    told(checked, "double")
    checked.hidden("double")


def test_without_the_hidden_tests_nothing_passes_for_them(check, monkeypatch):
    monkeypatch.delenv("COURSE_HIDDEN")
    checked = check(double=lambda x: 2 * x)
    checked("double")
    assert "COURSE_HIDDEN" in told(checked.hidden, "double")[0]


@pytest.mark.parametrize(
    "source, first, rest",
    [
        ("def f(x): raise NotImplementedError", "· 1 double: not answered yet.", None),
        ("def f(x): return x[3]", "✗ 1 double (3 points)", "TypeError: 'float' object is not subscriptable"),
        ("def f(x): exit()", "✗ 1 double (3 points)", "Your code ends Python"),
        ("def f(x): return None", "✗ 1 double (3 points)", "Twice 2 must be a number, and is None."),
        ("def f(x): return 'four'", "✗ 1 double (3 points)", "Twice 2 must be a number, and is 'four'."),
        ("def f(x): return torch.ones(3)", "✗ 1 double (3 points)", "a tensor of shape (3,)"),
        ("def f(x): return f(x)", "✗ 1 double (3 points)", "RecursionError"),
        ("def f(x): assert x < 0", "✗ 1 double (3 points)", "assertion of yours"),
        ("class Odd(BaseException): pass\ndef f(x): raise Odd()", "✗ 1 double (3 points)", "Odd"),
        ("def f(): return 4", "✗ 1 double (3 points)", "TypeError: f() takes 0 positional arguments"),
        ("f = 4.0", "✗ 1 double (3 points)", "cannot use what double gave them: TypeError"),
    ],
)
def test_whatever_an_answer_does_it_is_told_in_short_lines(check, source, first, rest):
    lines = told(check(double=answer(source)), "double")
    assert lines[0] == first
    assert len(lines) == 1 if rest is None else rest in " ".join(lines)


def test_the_learners_line_is_shown(check, tmp_path):
    import linecache

    source = "def f(x):\n    y = [x]\n    return y[1]\n"
    linecache.cache["<a cell>"] = (len(source), None, source.splitlines(True), "<a cell>")
    namespace = {}
    exec(compile(source, "<a cell>", "exec"), namespace)
    assert told(check(double=namespace["f"]), "double")[1:] == [
        "Your code stops with IndexError: list index out of range",
        "in f, line 3: return y[1]",
    ]


def test_a_missing_name_and_a_missing_question_are_sentences(check):
    assert "there is no LIMIT here" in " ".join(told(check(half=lambda x: x / 2), "two_names"))
    assert "There is no question 'tripel' here. There is: double, two_names." in told(check(), "tripel")[0]
    with pytest.raises(ValueError, match="there are no tests of '9_9_none'"):
        Checks("9_9_none", {})


def test_an_answer_that_calls_the_judge_is_told_so_once(check):
    checked = check()
    checked.namespace["double"] = lambda x: checked("double")
    assert told(checked, "double") == [
        "✗ 1 double (3 points)",
        "Your answer calls course_check, which calls your answer: write it without.",
    ]


def test_the_table_shows_what_is_open_and_the_points(check, capsys):
    checked = check(double=lambda x: 2 * x, half=lambda x: 0.0, LIMIT=4)
    assert all("its test has not run" in line for line in told(checked)[:2])
    checked("double")
    told(checked, "two_names")
    assert told(checked) == [
        "✓ 1 double             passed                  3",
        "✗ 2 two names          not yet right           1",
        "✎ 3 in your own words  marked by a person      2",
        "So far 3 of 4 points, if the unseen tests pass too.",
    ]
    checked.namespace["half"] = lambda x: x / 2
    checked("two_names")
    capsys.readouterr()
    checked()
    assert "So far 4 of 4 points" in capsys.readouterr().out


def test_what_an_answer_switches_is_switched_back_and_its_warnings_are_no_errors(check, capsys):
    def meddles(x):
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        torch.manual_seed(1), random.seed(1), np.random.seed(1)
        warnings.warn("odd", stacklevel=1)
        print("said", file=sys.stderr)
        return 2 * x

    before = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()
    check(double=meddles)("double")
    assert torch.get_default_dtype() == torch.float32 and torch.is_grad_enabled()
    assert torch.equal(torch.get_rng_state(), before[0]) and random.getstate() == before[1]
    assert np.random.get_state()[1].tolist() == before[2]
    heard = capsys.readouterr()
    assert heard.err == "" and heard.out.startswith("said\n✓")


def test_what_a_cell_switched_does_not_reach_the_tests(check):
    checked = check(double=lambda x: 2 * x if torch.is_grad_enabled() else 0.0)
    torch.set_grad_enabled(False)
    try:
        checked("double")
        assert not torch.is_grad_enabled(), "the learner's own switch stays for the learner's cells"
    finally:
        torch.set_grad_enabled(True)


def test_in_a_notebook_the_name_comes_back_and_a_fault_is_no_traceback():
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell('from course_lib.checks import Checks\\ncourse_check = Checks("1_1_training_loop")')
shell.run_cell('course_check = 3')
shell.run_cell('course_check("learn")')
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "· 1 learn: there is no learn here." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_as_a_script_it_takes_the_scripts_own_names(tmp_path):
    path = tmp_path / "exported.py"
    path.write_text(
        'from course_lib.checks import Checks\ncourse_check = Checks("1_1_training_loop")\n'
        'learn = 3\ntry:\n    course_check("learn")\nexcept AssertionError as failed:\n    print(failed)\n'
    )
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    assert "This must be a function, and is 3." in done.stdout


# --- the tools ---


def test_an_explanation_shows_two_numbers_that_differ():
    said = tools.explain("w", 0.25000001, 0.25, {})
    assert said.startswith("w is 0.25000001, not 0.25: ")


def test_float32_is_named_before_any_number():
    with pytest.raises(AssertionError, match="w is float32.*dtype=x.dtype"):
        tools.precise("w", torch.ones(2), torch.ones(2, dtype=torch.float64))
    tools.precise("w", torch.ones(2), torch.ones(2))


def test_what_a_question_forbids_is_found_in_helpers_too():
    source = """
    def helper(x):
        return [torch.ones(1) for _ in x]
    def f(x):
        return helper(x)
    """
    assert tools.mentions(answer(source), "torch") == "torch"
    assert tools.mentions(answer("def f(x): return getattr(x, 'backward')()"), "backward") == "backward"
    assert tools.mentions(answer("import torch as t\ndef f(x): return t.ones(1)"), "torch") == "torch"
    assert tools.mentions(answer("def f(x):\n    import torch as t\n    return t"), "torch") == "torch"
    assert tools.mentions(answer("def f(x): return x + 1"), "torch") is None
    # An attribute is none of the notebook's names, though one of them is called so.
    assert tools.mentions(answer("import torch as t\ndef f(x): return x.t"), "torch") is None
    with pytest.raises(AssertionError, match="By hand, please. .Yours uses backward"):
        tools.forbid(answer("def f(x): x.backward()"), "backward", because="By hand, please.")


def test_what_a_question_refuses_fails_while_it_runs():
    w = torch.ones(1, requires_grad=True)
    with pytest.raises(AssertionError, match="by hand"):
        with tools.refuse(torch.Tensor, "backward", because="by hand"):
            (w * 2).sum().backward()
    (w * 2).sum().backward()


def test_a_borrowed_function_is_found_under_another_name():
    ready = torch, ("exp", "tanh")
    helper = "import torch\ns = torch.exp\ndef g(x): return s(x)\ndef f(x): return [g(y) for y in x]"
    assert tools.borrowed(answer(helper), ready) == "exp"
    assert tools.borrowed(answer("import torch\ndef f(x, g=torch.tanh): return g(x)"), ready) == "tanh"
    assert tools.borrowed(answer("import torch\nf = torch.exp"), ready) == "exp"
    inside = "import torch\ns = torch.exp\nclass f:\n    def forward(self, x): return s(x)"
    assert tools.borrowed(answer(inside), ready) == "exp"
    attribute = "from torch import exp\ndef f(x):\n    x.exp = 1\n    return x"
    assert tools.borrowed(answer(attribute), ready) is None
    assert tools.borrowed(answer("def exp(x): return x\ndef f(x): return exp(x)"), ready) is None


def test_a_changed_input_is_named():
    def changes(x):
        x[0] = 9.0
        return x

    with pytest.raises(AssertionError, match="changed its input number 1"):
        tools.call(lambda error: None, changes, [1.0, 2.0])
    with pytest.raises(AssertionError, match="changed its input number 1"):
        tools.call(lambda error: None, changes, torch.ones(2))
    tools.call(lambda error: None, changes, [1.0, 2.0], may_change=(1,))
