"""A cell to look at is left out only if no other cell can tell."""

import cells_to_run
import pytest
from nbformat.v4 import new_code_cell
from tiny_course import nbgrader


def cells(*sources):
    """Code cells. One whose text starts with "# look" is there to look at; the others are a question's."""
    return [
        new_code_cell(text, metadata={} if text.startswith("# look") else nbgrader(f"cell_{number}"))
        for number, text in enumerate(sources)
    ]


LOOK = "# look\nx = 1"


@pytest.mark.parametrize(
    "test",
    [
        "assert x",
        "x += 1",
        "del x",
        "x = x + 1",
        "def f(): return x\nf()",
        "def f(a=x): return a",
        "@x\ndef f(): pass",
        "class A(x): pass",
        "class A:\n    def m(self): return x",
        "f = lambda: [x for y in z]",
        "print(y for y in x)",
        "def f():\n    global x\n    x += 1",
        "if x: pass",
        "if y: pass\nelse: x()",
        "if y:\n    x = 2\nassert x",
        "for x in y: pass\nassert x",
        "for y in z:\n    assert x\n    x = 2",
        "while y:\n    x = 2\nassert x",
        "while y: pass\nelse: x()",
        "with y: x()",
        "with y:\n    x = 2\nassert x",
        "with x as y: pass",
        "try:\n    x = 2\nexcept E: pass\nassert x",
        "try: pass\nexcept x: pass",
        "try: pass\nexcept E: x()",
        "try: pass\nexcept E: pass\nelse: x()",
        "try: pass\nfinally: x()",
        "for x in y: pass\nelse: x()",
        "match x:\n    case 1: pass",
        "match y:\n    case 1:\n        x = 2\nassert x",
        "def f(): return x\nf()\nx = 2",
        "x: int\nassert x",
        "[x for x in y]\nassert x",
        "y[[x for x in z][0]] = 1\nassert x",
        "x.a = 1",
        "exec('x')",
        "1 +",
        "%time x",
        "print(_)",
        "globals()['x']",
    ],
)
def test_it_runs_if_a_later_cell_may_read_what_it_binds(test):
    assert cells_to_run.left_out(cells("y = z = 0", LOOK, test)) == set()


@pytest.mark.parametrize(
    "test",
    [
        "assert y",
        "x = 2\nassert x",
        "x, *z = y\nassert x, z",
        "import a as x\nx()",
        "from a import b as x\nx()",
        "import x.y\nx()",
        "x: int = 2\nx()",
        "def x(): pass\nx()",
        "class x: pass\nx()",
        "for x in y: assert x",
        "for x, z in y:\n    if x: assert x",
        "with y as x: assert x",
        "def f(x): return x\nf(1)",
        "def f():\n    x = 1\n    x += 1\n    return x",
        "f = lambda x: x",
        "assert [x for x in y]",
        "x = 1\ndef f(): return x\nf()",
        "if y:\n    x = 2\n    assert x",
        "try:\n    x = 2\n    assert x\nexcept E: pass",
        "assert y.x",
        "f(x=1)",
    ],
)
def test_it_is_left_out_if_later_cells_bind_such_names_themselves(test):
    assert cells_to_run.left_out(cells("y = z = 0", LOOK, test)) == {1}


@pytest.mark.parametrize(
    "look",
    [
        "x += 1",
        "del x",
        "import x.y",
        "from a import x",
        "from a import *",
        "def x(): pass",
        "class x: pass",
        "for x in y: pass",
        "with y as x: pass",
        "try: pass\nexcept E as x: pass",
        "match y:\n    case x: pass",
        "print(x := 1)",
        "print([x := z for z in y])",
        "def f():\n    global x\n    x = 1\nf()",
        "x.a = 1",
        "x.a[0].b = 1",
        "x[0] += 1",
        "def f():\n    x[0] = 1\nf()",
        "del x[0]",
        "exec('x = 1')",
        "%run x",
        "!x",
    ],
)
def test_it_runs_whatever_way_it_changes_a_name(look):
    assert cells_to_run.left_out(cells("x = y = 0", f"# look\n{look}", "assert x")) == set()


def test_it_runs_if_a_function_of_an_earlier_cell_may_read_what_it_binds():
    helper = "x = 0\ndef f(): return [x]"
    assert cells_to_run.left_out(cells(helper, LOOK, "assert f()")) == set()
    assert cells_to_run.left_out(cells("x = 0\nassert [x for y in z if x]", LOOK, "y = 0")) == {1}


def test_it_runs_if_a_cell_to_look_at_that_runs_needs_it():
    chain = cells(LOOK, "# look\ny = x", "# look\nz = y", "assert y")
    assert cells_to_run.left_out(chain) == {2}


def test_an_answer_may_need_a_cell_that_the_reference_does_not():
    assert cells_to_run.left_out(cells(LOOK, "def f(w): return w", "assert f(1)")) == {0}
    assert cells_to_run.left_out(cells(LOOK, "def f(w): return x", "assert f(1)")) == set()


def test_it_says_who_needs_what():
    (why,) = cells_to_run.why_not_left_out(cells("y = 0", "# look\nx = y = 1", "assert x and y"))
    assert "cell_2 may read x, y from the cell to look at that starts “# look”" in why
    assert cells_to_run.why_not_left_out(cells("y = 0", LOOK, "assert y")) == []
    (why,) = cells_to_run.why_not_left_out(cells("y = 0", "# look\n%magic", "y = 0"))[:1]
    assert "cell_0 may read anything" in why
