"""A lesson run otherwise: what its assertions say with other seeds, at other settings, and sabotaged."""

import json

import pytest
import torch
import warm
from nbformat.v4 import new_code_cell, new_notebook

from course_lib import landscapes
from tools import assertions, notebooks, otherwise, replay

pytestmark = pytest.mark.deep


def stored(folder, name, *sources):
    """A notebook in `folder` with the cells step-1, step-2, …"""
    cells = [new_code_cell(source, id=f"step-{n}") for n, source in enumerate(sources, start=1)]
    path = folder / f"{name}.ipynb"
    notebooks.write(new_notebook(cells=cells), path)
    return path


def replayed(path, *ways, patience=0.0):
    """Outcomes of the notebook's assertions, a dict for each way; run in a process of its own."""
    code = (
        "import json, sys\nfrom pathlib import Path\nfrom tools.otherwise import Way\n"
        "from tools.replay import Task, replays\n"
        f"ways = {list(ways)!r}\n"
        f"tasks = [Task(Path(sys.argv[1]), Way(**w), patience={patience}) for w in ways]\n"
        "done = dict((t.way, r) for t, r in replays(tasks))\n"
        "print(json.dumps([[{k: vars(o) for k, o in done[t.way].outcomes.items()}, done[t.way].errors]"
        " for t in tasks]))"
    )
    done = warm.python(code, path)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# --- what a notebook asserts ---


@pytest.mark.parametrize(
    ("source", "words", "quote", "ranking"),
    [
        ("# a is small.\nassert a < 1", "a is small.", False, False),
        ('# Adam wins.\nassert min(loss, key=loss.get) == "Adam"', "Adam wins.", False, True),
        ('assert order == ["Adam", "SGD"]', "", False, True),
        ('assert "no gradient" in str(error)', "", False, False),
        ('assert f"{a:.2f}" == "0.25"', "", True, False),
        ("# a is small,\n# and b is.\nassert a < 1\nassert b < 1", "a is small, and b is.", False, False),
        ("# of a\n\nassert a < 1", "", False, False),
        ("assert a < 1  # a is small", "a is small", False, False),
        ("assert f'{a:.1f}' == '0.5'", "", True, False),
        ("assert all(x == '100 %' for x in rows)", "", True, False),
        ("assert f'{a:.1f}' == '0.5' and b < 1", "", False, False),
        ("assert a < 2 * b", "", False, True),
        ("assert 1 < a < b", "", False, True),
        ("assert max(a) > 3", "", False, False),
        ("assert abs(a / theory(b) - 1) < 0.1", "", False, True),
        ("assert abs(a / 3 - 1) < 0.1", "", False, False),
    ],
)
def test_an_assertion_is_read_with_its_words_and_kind(source, words, quote, ranking):
    (*_, claim) = assertions.assertions(new_notebook(cells=[new_code_cell(source, id="step")]))
    assert (claim.words, claim.quote, claim.ranking) == (words, quote, ranking)


def test_timings_are_no_claims():
    cell = new_code_cell("assert a < b", id="step", metadata={"tags": ["nbval-ignore-output"]})
    (claim,) = assertions.assertions(new_notebook(cells=[cell]))
    assert claim.unchecked


# --- other seeds ---

DRAWS = """import random
import numpy as np
import torch
from course_lib import datasets
def draw(seed):
    return (
        torch.randn(1, generator=torch.Generator().manual_seed(seed)).item(),
        float(np.random.default_rng(seed).normal()),
        random.Random(seed).random(),
        datasets.noisy_line(5, seed=seed)[1][0].item(),
        float(torch.manual_seed(seed) and torch.randn(1)),
        torch.randn(1, generator=torch.Generator()).item(),
    )
here = draw(3)
again = draw(3)
"""


def test_a_block_changes_every_seed_and_equal_seeds_stay_equal(tmp_path):
    # That nothing is NaN holds anyway; what is compared is kept.
    sources = [DRAWS] + [f"assert here[{i}] > -99" for i in range(6)] + ["assert here == again"]
    path = stored(tmp_path, "draws", *sources)
    page, one, other = replayed(path, {}, {"seed": 1}, {"seed": 2})
    for outcomes, errors in (page, one, other):
        assert errors == {}
        assert all(o["held"] for o in outcomes.values()) and len(outcomes) == 7
    for i in range(6):
        seen = {run[0][f"step-{i + 2}:0"]["values"] for run in (page, one, other)}
        assert len(seen) == 3, f"seed {i} was not changed"


def test_an_assertion_that_fails_is_kept_and_the_cell_goes_on(tmp_path):
    path = stored(
        tmp_path,
        "fails",
        "values = [1.0, 2.0]\nassert values[0] > 1.5\nassert values[1] > 1.5\nfor v in values:\n"
        "    assert 0 < v < 2.5",
        "1 / 0\nassert True",
        "assert missing > 1 or True",
    )
    ((outcomes, errors),) = replayed(path, {})
    assert {key: o["held"] for key, o in outcomes.items()} == {
        "step-1:0": False,
        "step-1:1": True,
        "step-1:2": True,
    }
    assert outcomes["step-1:2"]["times"] == 2
    assert outcomes["step-1:2"]["closest"] == "2 < 2.5" and abs(outcomes["step-1:2"]["margin"] - 0.2) < 1e-9
    assert errors["step-2"].startswith("ZeroDivisionError") and errors["step-3"].startswith("NameError")


def test_a_run_that_dies_is_said(tmp_path):
    ((outcomes, errors),) = replayed(stored(tmp_path, "dies", "import os\nos._exit(3)"), {})
    assert outcomes == {} and "died" in errors["(all)"]


# --- other settings ---


def test_settings_move_rates_and_starts_together_and_leave_grids_alone(tmp_path):
    path = stored(
        tmp_path,
        "settings",
        "from course_lib import rules\nfrom course_lib.training import descend\n"
        "lr = 0.1\nrates = [0.1, 0.2]\n"
        "def run(steps, lr):\n    return lr\n"
        "path = descend(lambda w: (w**2).sum(), rules.sgd, (1.0, 0.0), 1, lr=0.1)",
        "assert lr > 0\nassert run(3, 0.1) > 0\nassert abs(lr - run(3, 0.1)) < 1e-12\n"
        "assert rates == [0.1, 0.2]\nassert path[0][1] == 0.0\nassert path[0][0] > 0\n"
        "assert dict(lr=0.1)['lr'] == lr == {'lr': 0.1}['lr']",
    )
    (page, _), (one, errors), (other, _) = replayed(path, {}, {"settings": 1}, {"settings": 2})
    assert errors == {}
    assert all(o["held"] for run in (page, one, other) for o in run.values())
    for key in ("step-2:0", "step-2:1", "step-2:5"):
        assert len({run[key]["values"] for run in (page, one, other)}) == 3, key


# --- sabotage ---

TRAINS = """import torch
from course_lib import datasets, rules
from course_lib.training import descend
x, y = datasets.noisy_line(50)
def by_hand():
    w = torch.zeros(1, dtype=torch.float64)
    for _ in range(200):
        w = w - 0.1 * (x * (x * w + 3 - y)).mean()
    return w.item()
def by_torch():
    w = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = torch.optim.Adam([w], lr=0.05)
    for _ in range(200):
        optimizer.zero_grad()
        ((x * w + 3 - y) ** 2).mean().backward()
        optimizer.step()
    return w.item()
def momentum(w, g, s, t, *, lr):
    v = 0.9 * s.get('v', 0) + g
    return w - lr * v, {'v': v}
bowl = lambda w: (w ** 2).sum()
far = descend(bowl, momentum, (1.0,), 2, lr=0.1)[-1][0]
near = descend(bowl, rules.adam, (1.0,), 1, lr=0.1)[-1][0]
seeds = [torch.rand(1, generator=torch.Generator().manual_seed(k)).item() for k in (1, 2)]
"""


def test_each_sabotage_is_felt_where_it_should_be(tmp_path):
    path = stored(
        tmp_path,
        "trains",
        TRAINS,
        "assert abs(by_hand() - 2) < 0.3\nassert abs(by_torch() - 2) < 0.3\n"
        "assert abs(far - 0.46) < 1e-9\nassert abs(near - 0.9) < 1e-6\nassert seeds[0] != seeds[1]\n"
        "assert abs(2 + 2) == 4",
    )
    ways = [{}] + [{"sabotage": name} for name in (*otherwise.RUNS, "values")]
    page, still, sgd, labels, equal, values = (outcomes for outcomes, _ in replayed(path, *ways))
    assert all(o["held"] for o in page.values())

    def fell(outcomes):
        return [int(key.split(":")[1]) for key, o in outcomes.items() if not o["held"]]

    assert fell(still) == [0, 1, 2, 3]
    assert fell(sgd) == [2, 3]
    assert fell(labels) == [0, 1]
    assert fell(equal) == [4]
    assert [bool(o["killed"]) for o in values.values()] == [True] * 5 + [False]


def test_another_start_lies_on_the_map_and_rivals_share_it():
    ravine = landscapes.ravine(steep=20, flat=1)
    ways = [otherwise.Way(settings=n) for n in (1, 2)]
    one, other = (otherwise.other_start(ravine, (-9, 1.5), way) for way in ways)
    assert one != other and one == otherwise.other_start(ravine, (-9, 1.5), ways[0])
    for start in (one, other):
        assert all(low < x < high for x, (low, high) in zip(start, ravine.bounds, strict=True))
    on_the_ridge = otherwise.other_start(landscapes.SADDLE, (-1.8, 0.0), ways[0])
    assert on_the_ridge[1] == 0.0 and 0.7 <= on_the_ridge[0] / -1.8 <= 1.3


@pytest.mark.parametrize(
    ("value", "kind", "altered"),
    [
        (2.0, "negative", -2.0),
        ([1.0, 3.0], "mean", [2.0, 2.0]),
        ({"a": 1.0, "b": 2.0}, "swapped", {"a": 2.0, "b": 1.0}),
        ([(1.0, 2), "x"], "negative", [(-1.0, -2), "x"]),
        (1.0, "off", 3.0),
        ("words", "negative", None),
        (2.0, "mean", None),
        (True, "negative", None),
    ],
)
def test_values_are_altered_on_purpose(value, kind, altered):
    assert otherwise.alter(value, kind) == altered


def test_tensors_and_functions_are_altered_too():
    assert otherwise.alter(torch.tensor([1.0, 3.0]), "mean").tolist() == [2.0, 2.0]
    assert otherwise.alter(torch.tensor([1.0, 3.0]), "swapped").tolist() == [3.0, 1.0]
    assert otherwise.alter(lambda: 2.0, "negative")() == -2.0


def test_a_cell_that_never_ends_when_sabotaged_is_ended_and_the_others_run(tmp_path):
    path = stored(
        tmp_path,
        "lesson",
        "w, updates = 1.0, 0\nwhile w > 0.5:\n    w = w - 0.1 * w\n    updates += 1",
        "assert updates == 7",
        "assert 1 < 2",
    )
    honest, still = replayed(path, {}, {"sabotage": "loop stands still"}, patience=2.0)
    assert honest[1] == {} and all(outcome["held"] for outcome in honest[0].values())
    assert "more than 2 s" in still[1]["step-1"]
    assert not still[0]["step-2:0"]["held"] and still[0]["step-3:0"]["held"]


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float32, torch.complex64, torch.int64, torch.bool])
def test_the_fingerprint_of_a_tensor_hangs_on_its_bits_whatever_its_kind(kind):
    same, other = (torch.tensor([0, 1, entry]).to(kind) for entry in (1, 0))
    assert replay._print(same) == replay._print(same.clone()) != replay._print(other)
