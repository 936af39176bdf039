"""What holds of every rule, whatever it is given: hypothesis makes up the weights and the gradients.

As in ``rule_properties.py``, each check is given the rules to judge.
"""

import math

import hypothesis.extra.numpy as arrays
import numpy as np
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rule_agreement import VARIANTS, takes_numbers
from rule_properties import listed, run

UPDATES = 7  # RAdam changes at the sixth

#: A gradient for each update of a 2×3 weight matrix, and the matrix it starts from.
ENTRY = st.floats(-1e3, 1e3, allow_subnormal=False)
GRADIENTS = arrays.arrays(float, (UPDATES, 2, 3), elements=ENTRY, fill=st.nothing())
WEIGHTS = arrays.arrays(float, (2, 3), elements=ENTRY, fill=st.nothing())


def holds_for(examples, **given_values):
    """Run the decorated function on examples, the same each time. The smallest failure is not sought."""

    def check(function):
        limits = settings(
            derandomize=True,
            deadline=None,
            database=None,
            max_examples=examples,
            phases=[Phase.explicit, Phase.generate],
        )
        limits(given(**given_values)(function))()

    return check


def check_inputs_stay_as_they_are(rules):
    """A rule changes none of w, g and s: their arrays are locked, and compared with copies for tensors."""

    @holds_for(10, w=WEIGHTS, gradients=GRADIENTS)
    def holds(w, gradients):
        for name, hyper in VARIANTS:
            rule = getattr(rules, name)
            array, s = w.copy(), {}
            for t, g in enumerate(gradients.copy(), start=1):
                before = dict(s)
                for x in (array, g, *s.values()):
                    if isinstance(x, np.ndarray):
                        x.flags.writeable = False
                array, new_s = rule(array, g, s, t, **hyper)
                assert s.keys() == before.keys() and all(s[key] is before[key] for key in s), name
                s = new_s
            tensor, s = torch.tensor(w), {}
            for t, g in enumerate(torch.tensor(gradients), start=1):
                given = [x for x in (tensor, g, *s.values()) if not isinstance(x, float)]
                before = [x.clone() for x in given]
                tensor, s = rule(tensor, g, s, t, **hyper)
                assert all(torch.equal(x, y) for x, y in zip(given, before, strict=True)), name


def check_floats_arrays_and_tensors_agree(rules):
    """The same lines give the same numbers on a float, a NumPy array and a torch tensor."""

    @holds_for(10, w=WEIGHTS, gradients=GRADIENTS)
    def holds(w, gradients):
        for name, hyper in VARIANTS:
            if name == "soap":  # where a matrix has no eigenvectors of its own, rounding chooses some
                continue  # elsewhere: check_soap_on_arrays_and_tensors
            rule = getattr(rules, name)
            path = run(rule, w, listed(gradients), UPDATES, **hyper)
            tensors = run(rule, torch.tensor(w), listed(torch.tensor(gradients)), UPDATES, **hyper)
            within = 1e-10 * (1 + np.abs(path).max())
            assert np.allclose(path, torch.stack(tensors), rtol=0, atol=within), name
            if takes_numbers(name, hyper):
                floats = run(rule, w[1, 2].item(), listed(gradients[:, 1, 2].tolist()), UPDATES, **hyper)
                assert all(type(x) is float for x in floats), name
                assert np.allclose([x[1, 2] for x in path], floats, rtol=0, atol=within), name


def check_mirrored(rules):
    """−g from −w leads to −w: no rule knows up from down, which is why maximizing is minimizing with −g."""

    @holds_for(10, w=WEIGHTS, gradients=GRADIENTS)
    def holds(w, gradients):
        for name, hyper in VARIANTS:
            rule = getattr(rules, name)
            path = run(rule, w, listed(gradients), UPDATES, **hyper)
            mirrored = run(rule, -w, listed(-gradients), UPDATES, **hyper)
            assert np.array_equal(mirrored, np.negative(path)), name


def check_any_scale(rules):
    """With ε = 0 the path from 0 is the same for gradients of any unit."""
    away_from_zero = ENTRY.filter(lambda g: abs(g) > 1e-3)
    gradients = st.lists(away_from_zero, min_size=UPDATES, max_size=UPDATES)

    @holds_for(60, gradients=gradients, exponent=st.integers(-20, 20))
    def holds(gradients, exponent):
        scaled = [g * 2.0**exponent for g in gradients]
        for name in ("adagrad", "rmsprop", "adam", "amsgrad", "adamw", "adamax", "nadam", "ademamix", "lion"):
            rule, hyper = getattr(rules, name), {} if name == "lion" else dict(eps=0.0)
            path = run(rule, 0.0, listed(gradients), UPDATES, **hyper)
            assert np.allclose(
                path, run(rule, 0.0, listed(scaled), UPDATES, **hyper), rtol=1e-9, atol=1e-15
            ), name


def check_any_decoupled_decay(rules):
    """Without a gradient, AdamW and all that decouple the decay shrink w by 1 − ηλ at each update."""

    @holds_for(60, w=ENTRY, lr=st.floats(0, 1), decay=st.floats(0, 1))
    def holds(w, lr, decay):
        expected = [w * (1 - lr * decay) ** t for t in range(UPDATES + 1)]
        hyper, nothing = dict(lr=lr, weight_decay=decay), listed([0.0] * UPDATES)
        coupled = {"nadam", "radam"}
        for name in ("adamw", "nadam", "radam", "ademamix", "lion", "adafactor"):
            more = dict(decoupled_weight_decay=True) if name in coupled else {}
            path = run(getattr(rules, name), w, nothing, UPDATES, **hyper, **more)
            assert all(
                math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-300) for a, b in zip(path, expected, strict=True)
            ), name


def check_lookahead_of_one_is_the_rule(rules):
    """k = 1 and α = 1: exactly the wrapped rule, in weights and state, whatever the rule."""

    @holds_for(10, w=WEIGHTS, gradients=GRADIENTS)
    def holds(w, gradients):
        for name, hyper in VARIANTS:
            rule = getattr(rules, name)
            if "rule" in hyper or name == "ranger":  # names that Lookahead takes for its own
                continue
            plain, s = w, {}
            wrapped, wrapped_s = w, {}
            for t, g in enumerate(gradients, start=1):
                plain, s = rule(plain, g, s, t, **hyper)
                wrapped, wrapped_s = rules.lookahead(
                    wrapped, g, wrapped_s, t, rule=rule, k=1, alpha=1.0, **hyper
                )
                assert np.array_equal(plain, wrapped) and np.array_equal(wrapped, wrapped_s["slow"]), name
                assert wrapped_s.keys() == {"slow", *("base." + key for key in s)}, name
                assert all(np.array_equal(x, wrapped_s["base." + key]) for key, x in s.items()), name
