"""Signals in deep networks: how they are counted, and the data and the still picture of their player.

What the script makes of them is tried in tests/book/test_depth_browser.py.
"""

import json
import math
import re

import numpy as np
import pytest
import torch
from markup import stored

from course_lib import plotting, signals
from course_lib.depth_player import depth_player

WORDS = {"title": "Signals", "description": "Histograms of a deep network's activations, layer by layer."}
INPUTS = torch.randn(30, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
LAYERS, GAINS = 6, (0.25, 1.0, 4.0)


def run(bend, gain, seed=1):
    """A deep network there, and one of the same slopes back: not quite a gradient, but as large."""
    generator = torch.Generator().manual_seed(seed)
    activations, a = [], INPUTS
    for _ in range(LAYERS):
        weights = gain * torch.randn(a.shape[1], 12, generator=generator, dtype=torch.float64)
        a = bend(a @ weights / math.sqrt(a.shape[1]))
        activations.append(a)
    return activations, [0.5 * gain ** (LAYERS - k) for k in range(1, LAYERS + 1)]


BENDS = {"tanh": torch.tanh, "ReLU": torch.relu}


def make(runs=None, **changes):
    runs = runs or {name: {gain: run(bend, gain) for gain in GAINS} for name, bend in BENDS.items()}
    return depth_player(runs, **{"inputs": INPUTS, **WORDS, **changes})


# --- how they are counted ----------------------------------------------------------------------------------


def test_bars_are_percents_of_the_tallest_and_hold_what_lies_beyond():
    values = np.concatenate([np.full(200, 0.01), np.full(50, -0.99), np.full(3, 7.0), [-5.0], [1.0]])
    heights = signals.bars(values, -1, 1)
    assert len(heights) == 41 and heights[20] == 100, "zero lies in the middle of the middle bar"
    assert heights[0] == 26 and heights[40] == 2, "51 and 4 of 200: a half is rounded up"
    assert sum(heights) == 128


@pytest.mark.parametrize("seed", range(3))
def test_bars_are_what_counting_finds(seed):
    values = np.random.default_rng(seed).normal(size=500)
    edges = np.linspace(-2, 3, 42)
    inner = [int(((values >= a) & (values < b)).sum()) for a, b in zip(edges, edges[1:], strict=False)]
    counts = [inner[0] + int((values < -2).sum()), *inner[1:-1], inner[-1] + int((values >= 3).sum())]
    found = signals.bars(values, -2, 3)
    assert found == pytest.approx([100 * count / max(counts) for count in counts], abs=0.51)


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        (np.tanh(np.linspace(-9, 9, 999)), (-1, 1)),
        (1 / (1 + np.exp(-np.linspace(-9, 9, 999))), (0, 1)),
        (np.maximum(np.linspace(-3, 5.7, 999), 0), (0, 6)),
        (np.linspace(0.3, 0.7, 99), (0, 0.7)),
        (np.append(np.linspace(-0.1, 0.012, 999), 50), (-0.1, 0.02)),  # one of a thousand lies beyond
        (np.zeros(5), (-1, 1)),
        (np.full(5, 1e-30), (0, 1e-30)),
    ],
)
def test_the_axis_has_round_ends_around_all_but_the_tails_and_zero(values, ends):
    assert signals.limits([values]) == pytest.approx(ends, rel=1e-9)
    assert signals.limits([values[:2], values[2:]]) == signals.limits([values])
    low, high = signals.limits([values])
    assert np.mean((values < low - 1e-9) | (values > high + 1e-9)) <= 0.01


def test_whether_anything_lies_beyond_the_axis():
    assert signals.beyond([np.array([0.0, 1.0])], 0.0, 1.0) == (False, False)
    assert signals.beyond([np.array([-1e-15, 1 + 1e-15])], 0.0, 1.0) == (False, False)
    assert signals.beyond([np.array([0.5]), np.array([1.1])], 0.0, 1.0) == (False, True)
    assert signals.beyond([np.array([-0.1]), np.array([0.9])], 0.0, 1.0) == (True, False)


def test_a_spread_that_is_rounding_noise_is_zero():
    assert signals.spread(np.full(7, 0.1) * (1 + 1e-16 * np.arange(7))) == 0
    assert signals.spread(np.full(1000, 1 / 3)) == 0
    assert signals.spread(np.array([1e-30, 3e-30])) == pytest.approx(1e-30)
    assert signals.spread(np.zeros(3)) == 0
    assert signals.spread(np.array([1e200, 3e200])) == pytest.approx(1e200)


@pytest.mark.parametrize(
    ("sizes", "powers"),
    [
        ([0.5, 0.02], (-2, 0, False)),
        ([1.0, 1.0], (-1, 0, False)),
        ([100.0, 0.01], (-2, 2, False)),
        ([100.0 * (1 + 1e-15), 0.01 * (1 - 1e-15)], (-2, 2, False)),
        ([1.0, 0.1, 0.0], (-1, 0, True)),
        ([1.0, 1e-16], (-16, 0, False)),
        ([10.0, 1e-16], (-15, 1, True)),
        ([0.0], (-1, 0, True)),
    ],
)
def test_logarithmic_axes_have_a_floor_and_say_so(sizes, powers):
    assert signals.powers(sizes) == powers


# --- what is stored, and the picture -----------------------------------------------------------------------


def test_the_page_gets_for_each_layer_what_is_shown():
    shown = make()
    data = stored(shown.markup())
    assert data == json.loads(json.dumps(shown.data()))
    assert data["settings"] == ["0.25", "1", "4"] and data["last"] == LAYERS and data["setting"] == "gain"
    assert [function["name"] for function in data["functions"]] == ["tanh", "ReLU"]
    for function in data["functions"]:
        low, high = function["limits"]
        for stored_run, gain in zip(function["runs"], GAINS, strict=True):
            activations, gradients = run(BENDS[function["name"]], gain)
            assert len(stored_run) == LAYERS
            for layer, values, gradient in zip(stored_run, activations, gradients, strict=True):
                assert layer["mean"] == pytest.approx(values.mean().item(), rel=5.1e-3)
                assert layer["spread"] == pytest.approx(values.std(correction=0).item(), rel=5.1e-3)
                assert layer["zeros"] == pytest.approx((values == 0).double().mean().item(), rel=5.1e-3)
                assert layer["gradient"] == pytest.approx(gradient, rel=5.1e-3)
                assert layer["bars"] == signals.bars(values.numpy().ravel(), low, high)
    tanh, relu = data["functions"]
    assert tanh["limits"] == [-1, 1] and tanh["beyond"] == [False, False]
    assert relu["limits"][0] == 0 and relu["beyond"] == [False, True], "with gain 4 it grows off the axis"
    assert data["inputs"]["spread"] == pytest.approx(INPUTS.std(correction=0).item(), rel=5.1e-3)
    assert data["inputs"]["limits"][0] < -1.5 and "gradient" not in data["inputs"]
    assert len(shown.markup()) < 9000
    assert '<div class="player" data-kind="depth" data-title="Signals' in shown.markup()


def test_the_axes_of_the_levels_are_the_same_for_all_runs():
    data = make().data()
    layers = [layer for function in data["functions"] for one in function["runs"] for layer in one]
    for what, key in (("spreads", "spread"), ("gradients", "gradient")):
        bottom, top, below = data[what]
        sizes = [layer[key] for layer in layers]
        assert 10.0**bottom <= min(sizes) < 10.0 ** (bottom + 1) and not below
        assert 10.0 ** (top - 1) < max(sizes) <= 10.0**top
    wide = make(inputs=1e6 * INPUTS).data()["spreads"]
    assert wide[1] == 7, "the inputs stand there as well"


def test_last_bits_do_not_reach_the_page():
    def nudged(factor):
        runs = {
            name: {gain: run(bend, gain) for gain in GAINS} for name, bend in {**BENDS, "flat": flat}.items()
        }
        nudge = {
            name: {
                g: ([a * factor for a in layers], [s * factor for s in sizes])
                for g, (layers, sizes) in r.items()
            }
            for name, r in runs.items()
        }
        return make(nudge).markup()

    def flat(z):
        return torch.where(torch.arange(z.shape[1]) % 2 == 0, 1 / 3, 1 / 3 + 1e-16) + 0 * z

    assert nudged(1) == nudged(1 + 3e-16) == nudged(1 - 3e-16)


def test_a_mean_that_is_rounding_noise_is_zero():
    layer = [0.1, 0.2, -0.3]
    assert np.mean(layer) != 0
    runs = {"a": {gain: ([layer, layer], [1.0, 1.0]) for gain in (1, 2)}}
    data = make(runs, inputs=[1e-30, 3e-30]).data()
    assert data["functions"][0]["runs"][0][1]["mean"] == 0 and data["inputs"]["mean"] == 2e-30


def test_settings_come_in_order_whatever_their_order():
    runs = {gain: run(torch.tanh, gain) for gain in (4.0, 0.25, 1.0)}
    assert make({"tanh": runs}).markup() == make({"tanh": dict(sorted(runs.items()))}).markup()
    assert make({"tanh": {-1: runs[1.0], 2: runs[4.0]}}, setting="bias").data()["settings"] == ["-1", "2"]


def test_the_list_bears_the_name_that_it_is_given():
    assert "choice" not in make().data(), "the page then says Activation"
    assert make(choice="Kind of layer").data()["choice"] == "Kind of layer"


def test_settings_may_have_names():
    assert "names" not in make().data(), "what has no names is stored as before"
    assert make(names={4.0: "large", 0.25: "small"}).data()["names"] == ["small", "", "large"]


@pytest.mark.parametrize("kind", ["float32", "array", "list", "with gradients"])
def test_tensors_arrays_and_lists(kind):
    change = {
        "float32": lambda a: a.float(),
        "array": lambda a: a.numpy(),
        "list": lambda a: a.tolist(),
        "with gradients": lambda a: a.clone().requires_grad_(),
    }[kind]
    runs = {gain: run(torch.tanh, gain) for gain in GAINS}
    changed = {gain: (tuple(map(change, layers)), tuple(sizes)) for gain, (layers, sizes) in runs.items()}
    data = make({"tanh": changed}, inputs=change(INPUTS)).data()
    expected = make({"tanh": runs}).data()
    if kind != "float32":
        assert data == expected
    assert data["functions"][0]["limits"] == expected["functions"][0]["limits"]


@pytest.mark.deep
def test_the_picture_is_the_same_each_time_and_leaves_no_figure_open():
    assert make().still() == make().still()
    other = {"ReLU": {gain: run(torch.relu, gain) for gain in GAINS}}
    assert make().still() != make(other).still()
    assert plotting.plt.get_fignums() == []


@pytest.mark.parametrize("depth", [2, 50])
@pytest.mark.parametrize("count", [2, 15])
def test_the_bounds_are_included(depth, count):
    one = [[0.0, 1.0, -0.5]] * depth, [0.0] * depth
    runs = {f"f{k}": {float(value): one for value in range(count)} for k in range(4)}
    shown = make(runs)
    assert stored(shown.markup())["last"] == depth and shown.still().startswith(b"\x89PNG")


ONE = ([[0.5, 1.0], [0.25, 0.5]], [0.1, 0.2])
NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("runs", "complaint"),
    [
        ({}, "there must be 1 to 4 activation functions, not 0"),
        ({str(k): {1: ONE, 2: ONE} for k in range(5)}, "there must be 1 to 4 activation functions, not 5"),
        ({1.5: ONE, 2.5: ONE}, "runs must hold, for 1.5, a dict value of the setting → run"),
        ({"a": {"high": ONE, "low": ONE}}, "runs must hold, for 'a', a dict value of the setting → run"),
        ({"a": {1: ONE}}, "there must be 2 to 15 settings, not 1"),
        ({"a": {k: ONE for k in range(16)}}, "there must be 2 to 15 settings, not 16"),
        ({"a": {1: ONE, 2: ONE}, "b": {1: ONE, 3: ONE}}, "the same settings, [1, 2], but 'b' has [1, 3]"),
        ({"a": {1: ONE, INF: ONE}}, "settings must be finite numbers, not [1, inf]"),
        ({"a": {1.0001: ONE, 1.0002: ONE}}, "settings must differ in their first three digits"),
        ({"a": {1: ONE, 2: [0.5, 1.0, 2.0]}}, "'a' at 2: a run is a pair, the layers' activations and the"),
        ({"a": {1: ONE, 2: (ONE[0], [0.1])}}, "'a' at 2: there are 2 layers, but 1 gradients"),
        ({"a": {1: ONE, 2: (ONE[0], [0.1, NAN])}}, "'a' at 2, layer 2: the gradient's size must be finite"),
        (
            {"a": {1: ONE, 2: (ONE[0], [-0.1, 1])}},
            "layer 1: the gradient's size must be finite and at least 0",
        ),
        ({"a": {1: ONE, 2: ([[1.0], []], [0.1, 1])}}, "'a' at 2, layer 2: there are no activations"),
        ({"a": {1: ONE, 2: ([[INF], [1]], [0.1, 1])}}, "'a' at 2, layer 1: some activations are not finite"),
        ({"a": {1: ONE, 2: ([[1.0]], [1.0])}}, "all runs must have equally many layers, not 1 or 2"),
        ({"a": {k: ([[1.0]], [1.0]) for k in (1, 2)}}, "there must be 2 to 50 layers, not 1"),
        ({"a": {k: ([[1.0]] * 51, [1.0] * 51) for k in (1, 2)}}, "there must be 2 to 50 layers, not 51"),
    ],
)
def test_runs_that_cannot_be_shown_are_refused(runs, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        depth_player(runs, inputs=INPUTS, **WORDS)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"inputs": []}, "inputs: there are no activations"),
        ({"inputs": [NAN]}, "inputs: some activations are not finite"),
        ({"setting": " "}, "setting is empty: the slider needs a name"),
        ({"choice": ""}, "choice is empty: the list needs a name"),
        ({"names": {2.0: "He"}}, "names must be of settings, [0.25, 1.0, 4.0], and 2.0 is none"),
        ({"names": {1.0: " "}}, "the name of the setting 1.0 is empty: leave it out"),
        ({"title": " "}, "title is empty"),
        ({"description": ""}, "the player's description is '': say in more than 40"),
    ],
)
def test_other_arguments_that_are_refused(changes, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        make(**changes)
