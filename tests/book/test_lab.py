"""The lab runs the library's rules as they stand: here in CPython. test_lab_browser.py has browsers do it."""

import ast
import inspect
import json

import pytest
import torch
from lab_page import answered, program, request, scheduled

from course_lib import rules, schedules, training
from tools import lab_library

RULES = lab_library.RULES
LANDSCAPES = list(lab_library.LANDSCAPES)


def test_the_editor_shows_the_library_s_own_lines():
    assert len(RULES) == 12
    for name in RULES:
        text = lab_library.shown(getattr(rules, name))
        assert ":func:" not in text and '"""' not in text and "float" not in text
        source = inspect.getsource(getattr(rules, name)).rstrip()
        body = text[text.index("):\n") + 3 :]
        assert source.endswith(body) and len(body) > 60, name
        ours, theirs = (ast.parse(code).body[0].args for code in (text, source))
        assert [arg.arg for arg in ours.args] == [arg.arg for arg in theirs.args]
        assert [arg.arg for arg in ours.kwonlyargs] == [arg.arg for arg in theirs.kwonlyargs]
        assert list(map(ast.unparse, ours.kw_defaults)) == list(map(ast.unparse, theirs.kw_defaults))


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_the_gradient_is_autograd_s(landscape):
    ground = lab_library.LANDSCAPES[landscape]
    for point in [ground.start, (0.7, -1.3), (-1.1, 0.4)]:
        found = program()["gradient"](eval(lab_library.loss_text(ground)), point)
        assert found == pytest.approx(ground.gradient(point).tolist(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_a_path_is_that_of_the_training_loop(name):
    """Of torch's numbers, on a landscape where nothing is chaotic."""
    ask = request(name, "bowl", steps=30)
    hyper = {key: tuple(value) if isinstance(value, list) else value for key, value in ask["hyper"].items()}
    ground, start = lab_library.LANDSCAPES["bowl"], torch.tensor(ask["start"], dtype=torch.float64)
    expected = training.descend(ground, getattr(rules, name), start.tolist(), 30, **hyper)
    answer = answered(ask)
    assert len(answer["path"]) == 31
    for found, point in zip(answer["path"], expected, strict=True):
        assert found == pytest.approx(point, rel=1e-9, abs=1e-9)
    assert answer["losses"] == pytest.approx([ground(point) for point in expected], rel=1e-8, abs=1e-8)


def test_the_rate_at_which_the_slider_begins_goes_somewhere():
    for name in RULES:
        for landscape in LANDSCAPES:
            losses = answered(request(name, landscape))["losses"]
            assert min(losses) < losses[0] and len(losses) == lab_library.STEPS + 1, (name, landscape)


def test_a_path_ends_before_it_leaves_the_numbers():
    ask = request("sgd", "rosenbrock", hyper={"lr": 10.0})
    answer = answered(ask)
    assert 1 < len(answer["path"]) < 20 and "error" not in answer


TEXTS = [
    ("def sgd(w, g, s, t, *, lr=0.1):\n    return w - lr * slope, {}", 2, "slope"),
    ("def sgd(w, g, s, t, *, lr=0.1)\n    return w - lr * g, {}", 1, "expected ':'"),
    ("def sgd(w, g, s, t, *, lr=0.1):\n    v = 1\n    return w / (v - 1), {}", 3, "ZeroDivisionError"),
    ("import os\ndef sgd(w, g, s, t):\n    return w, {}", 1, "no modules but math"),
    ("def sgd(w, g, s, t, *, lr=0.1):\n    return w - lr * g", None, "two things"),
    ("def sgd(w, g, s, t, *, lr=0.1):\n    return None, {}", None, "not None"),
    ("def sgd(w, g, s, t, *, lr=0.1):\n    return (-1 - w * w) ** 0.5, {}", None, "a complex"),
    ("def mine(w, g, s, t, *, lr=0.1):\n    return w - lr * g, {}", None, "named sgd"),
    ("def sgd(w, g, s, t, *, lr=0.1):\n    return sgd(w, g, s, t)", 2, "calls itself"),
    (
        "def sgd(\n    w, g, s, t, *, lr=0.1\n):\n    v = lr\n      v = g\n    return w - v, {}",
        5,
        "farther",
    ),
    ("def sgd(w, g, s, t, *, lr=0.1):\n    v = g\n  return w - lr * v, {}", 3, "fits none"),
    (
        "def sgd(w, g, s, t, *, lr=0.1):\n    if t > 1:  # later\n    v = g\n    return w, {}",
        3,
        "must be indented",
    ),
    ("def sgd(w, g, s, t, *, lr=0.1):\n    v = g\n\treturn w - lr * v, {}", 3, "A tab"),
]


@pytest.mark.parametrize("text, line, words", TEXTS)
def test_an_error_is_told_in_one_line_at_its_place(text, line, words):
    answer = answered(request("sgd", "ravine", text=text.replace("import os", "import no_such_module")))
    assert answer["line"] == line and words in answer["error"] and "\n" not in answer["error"]


def test_the_signature_that_ran_is_told():
    head = "def sgd(w, g, s, t, lr=0.5, *, push=2.0, on=True, pair=(1, 2.5), odd=print):"
    text = f"{head}\n    return w - lr * g, {{}}"
    answer = answered(request("sgd", "bowl", text=text))
    assert answer["signature"] == {"lr": 0.5, "push": 2.0, "on": True, "pair": [1, 2.5], "odd": None}


def test_what_is_answered_is_json_whatever_it_holds():
    as_json = program()["as_json"]
    odd = {
        "a": [1, 2.5, None, True],
        "b": 'quotes " and \\ and \n and ß and 🙂',
        "c": (float("inf"), float("nan")),
    }
    assert json.loads(as_json(odd)) == {"a": [1, 2.5, None, True], "b": odd["b"], "c": [None, None]}


SCHEDULES = lab_library.SCHEDULES


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_is_the_library_s_and_drives_momentum(name):
    ask = scheduled(name)
    answer = answered(ask)
    options = {option: value for option, value in ask["hyper"].items() if option != "lr"}
    expected = [getattr(schedules, name)(t, **options) for t in range(100)]
    assert answer["multipliers"] == expected and answer["signature"].keys() == options.keys()
    w = torch.tensor(ask["start"], dtype=torch.float64)
    optimizer = torch.optim.SGD([w.requires_grad_()], lr=1.0, momentum=0.9)
    for multiplier, point in zip(expected, answer["path"], strict=False):
        assert w.tolist() == pytest.approx(point, rel=1e-9, abs=1e-9)
        optimizer.param_groups[0]["lr"] = ask["peak"] * multiplier
        optimizer.zero_grad()
        lab_library.LANDSCAPES["ravine"](w).backward()
        optimizer.step()


def test_a_schedule_that_returns_no_number_is_told_so():
    text = "def cosine(t, *, total):\n    return 'high'"
    assert "a number for each t" in answered({**scheduled("cosine"), "text": text})["error"]


def test_the_editor_shows_a_schedule_without_its_check_alone():
    for name in SCHEDULES:
        source = inspect.getsource(getattr(schedules, name)).rstrip()
        text = lab_library.shown(getattr(schedules, name))
        body = text[text.index("):\n") + 3 :]
        assert source.endswith(body) and "_check(" in source and "_check(" not in text


def test_what_the_text_prints_comes_along_and_is_cut():
    text = "def sgd(w, g, s, t, *, lr=0.1):\n    print(t, 'x' * 200, sep='!')\n    return w, s"
    lines = answered(request("sgd", "bowl", text=text))["printed"].split("\n")
    assert lines[0] == "1!" + "x" * 98 and len(lines) == 13 and lines[-1] == "…"
    assert answered(request("sgd", "bowl"))["printed"] == ""
    broken = answered(request("sgd", "bowl", text=text.replace("return w, s", "return nothing")))
    assert broken["printed"].startswith("1!x") and "nothing" in broken["error"]
