"""The data: reproducible, of the stated shapes, and what they claim to be."""

import math

import pytest
import torch

from course_lib import datasets


def test_noisy_line_is_the_line_plus_noise():
    x, y = datasets.noisy_line(1000, noise=0.5)
    assert x.shape == y.shape == (1000, 1) and x.dtype == y.dtype == torch.float64
    residual = y - (2 * x + 3)
    assert abs(residual.mean()) < 0.05 and abs(residual.std() - 0.5) < 0.05
    exact_x, exact_y = datasets.noisy_line(noise=0)
    assert torch.equal(exact_y, 2 * exact_x + 3)


def test_a_seed_gives_the_same_data_and_leaves_the_global_generator_alone():
    torch.manual_seed(7)
    before = torch.random.get_rng_state()
    for make in (
        lambda seed: datasets.noisy_line(seed=seed)[1],
        lambda seed: datasets.two_moons(seed=seed)[0],
        lambda seed: datasets.rings(seed=seed)[0],
        lambda seed: datasets.xor(seed=seed)[0],
        lambda seed: datasets.sparse_features([0.5, 0.1], seed=seed)[0],
        lambda seed: datasets.digits(seed=seed)[0],
        lambda seed: datasets.diabetes(seed=seed)[0],
        lambda seed: datasets.leaves(seed)[0],
    ):
        assert torch.equal(make(1), make(1)) and not torch.equal(make(1), make(2))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_two_classes_lie_where_they_should():
    for make in (datasets.two_moons, datasets.rings, datasets.xor):
        x, y = make(101)
        assert x.shape == (101, 2) and y.shape == (101, 1) and x.dtype == y.dtype == torch.float64
        assert y.flatten().tolist() == [float(i % 2) for i in range(101)]
        pure, _ = make(101, noise=0)
        noisy, _ = make(4000, noise=0.2)
        residual = noisy - make(4000, noise=0)[0]
        assert abs(residual.mean()) < 0.02 and abs(residual.std() - 0.2) < 0.01
        assert abs(torch.corrcoef(residual.T)[0, 1]) < 0.06  # the coordinates' noise is not one noise
        assert not torch.equal(pure, x)
    x, y = datasets.two_moons(400, noise=0)
    upper, lower = x[y[:, 0] == 0], x[y[:, 0] == 1]
    one, half = torch.ones(200, dtype=torch.float64), torch.tensor([1, 0.5], dtype=torch.float64)
    assert torch.allclose(upper.norm(dim=1), one) and (upper[:, 1] >= 0).all()
    assert torch.allclose((lower - half).norm(dim=1), one) and (lower[:, 1] <= 0.5).all()
    assert upper[:, 0].min() < -0.95 and lower[:, 0].max() > 1.95
    x, y = datasets.rings(400, inner=0.3, noise=0)
    assert torch.allclose(x.norm(dim=1), 1 - 0.7 * y[:, 0])
    assert all((sign * x[y[:, 0] == k][:, c] > 0).any() for sign in (1, -1) for k in (0, 1) for c in (0, 1))
    x, y = datasets.xor(400, noise=0)
    assert torch.equal(y[:, 0], (x[:, 0] * x[:, 1] < 0).double()) and (x.abs() == 1).all()
    assert len(x.unique(dim=0)) == 4 and (x.unique(dim=0, return_counts=True)[1] == 100).all()


def test_sparse_features_appear_as_often_as_asked():
    frequencies = [1.0, 0.5, 0.02]
    x, y, w = datasets.sparse_features(frequencies, n=20_000)
    assert set(x.unique().tolist()) == {0.0, 1.0} and set(w.abs().tolist()) == {1.0}
    assert torch.allclose(x.mean(0), torch.tensor(frequencies, dtype=torch.float64), atol=0.02)
    assert torch.equal(y, x @ w)


def test_diabetes_is_in_its_original_units_and_split_without_loss_or_overlap():
    from sklearn.datasets import load_diabetes

    source = load_diabetes(scaled=False)
    assert tuple(source.feature_names) == datasets.DIABETES_FEATURES
    x_train, y_train, x_test, y_test = datasets.diabetes(test=0.2, seed=0)
    assert x_train.shape == (354, 10) and x_test.shape == (88, 10) and x_train.dtype == torch.float64
    assert y_train.shape == (354, 1) and y_test.shape == (88, 1) and y_train.dtype == torch.float64
    y = torch.cat([y_train, y_test])
    assert y.min() == 25 and y.max() == 346
    rows = torch.cat([torch.cat([x_train, x_test]), y], dim=1).tolist()
    patients = [[*x, y] for x, y in zip(source.data.tolist(), source.target.tolist(), strict=True)]
    assert sorted(rows) == sorted(patients)


def test_centred_digits_have_mean_zero_and_size_one_where_they_are_trained_on():
    x, y, x_new, y_new = datasets.centred_digits(3, dtype=torch.float64)
    assert x.shape == (896, 64) and y.shape == (896,) and x_new.shape == (898, 64) and y_new.shape == (898,)
    assert x.mean(dim=0).abs().max() < 1e-12
    assert math.isclose(x.square().mean(), 1)
    # The new ones are moved and divided by the same numbers, not by their own.
    raw, _, raw_new, _ = datasets.digits(test=0.5, seed=3, dtype=torch.float64)
    raw = raw[:896]
    size = (raw - raw.mean(dim=0)).square().mean().sqrt()
    torch.testing.assert_close(x_new * size + raw.mean(dim=0), raw_new, rtol=0, atol=1e-12)
    torch.testing.assert_close(x * size + raw.mean(dim=0), raw, rtol=0, atol=1e-12)
    assert datasets.centred_digits()[0].dtype == torch.float32


def test_leaves_of_a_tree_are_twins_and_kinds_are_equally_frequent():
    x, y, tree = datasets.leaves(3, trees=400, each=6)
    assert x.shape == (2400, 6) and x.dtype == torch.float64 and y.shape == tree.shape == (2400,)
    assert (torch.bincount(tree) == 6).all() and (torch.bincount(y) == 600).all()
    assert all(len(y[tree == t].unique()) == 1 for t in range(400))
    assert not torch.equal(tree, tree.sort().values)
    unit = torch.tensor([10.0, 4.0, 1.0, 0.1, 60.0, 0.02], dtype=torch.float64)
    z = x / unit - 5
    means = torch.stack([z[tree == t].mean(dim=0) for t in range(400)])
    inside = z - means[tree]
    assert abs((inside.square().sum() / (2000 * 6)).sqrt() - 0.15) < 0.005
    # Each tree is one of its kind's two forms, and both occur.
    kind = torch.stack([y[tree == t][0] for t in range(400)])
    apart = means[:, None] - datasets._leaf_forms()[kind]
    form = apart.square().sum(dim=2).argmin(dim=1)
    near = apart[torch.arange(400), form]
    assert abs(near.square().mean().sqrt() - 0.9) < 0.05
    assert all(30 < ((kind == k) & (form == f)).sum() < 70 for k in range(4) for f in range(2))


def test_digits_are_split_without_loss_or_overlap():
    x_train, y_train, x_test, y_test = datasets.digits(test=0.2, dtype=torch.float64)
    assert len(x_train) + len(x_test) == 1797 and len(x_test) == 359
    assert x_train.min() == 0 and x_train.max() == 1 and x_train.dtype == torch.float64
    assert sorted(y_train.unique().tolist()) == list(range(10)) and len(y_test) == 359
    rows = lambda x: sorted(map(tuple, x.tolist()))  # noqa: E731
    other_train, _, other_test, _ = datasets.digits(test=0.5, seed=3, dtype=torch.float64)
    assert rows(torch.cat([x_train, x_test])) == rows(torch.cat([other_train, other_test]))


def test_batches_hold_each_example_once_and_are_shuffled_each_epoch():
    x = torch.arange(10.0)
    loader = datasets.batches(x, 2 * x, 4, seed=0)
    epochs = [[pair for pair in loader] for _ in range(3)]
    for epoch in epochs:
        assert [len(xb) for xb, _ in epoch] == [4, 4, 2]
        assert sorted(torch.cat([xb for xb, _ in epoch]).tolist()) == x.tolist()
        assert all(torch.equal(yb, 2 * xb) for xb, yb in epoch)
    orders = {tuple(torch.cat([xb for xb, _ in epoch]).tolist()) for epoch in epochs}
    assert len(orders) == 3
    again = torch.cat([xb for xb, _ in datasets.batches(x, x, 4, seed=0)])
    assert torch.equal(again, torch.cat([xb for xb, _ in epochs[0]]))


def test_stacked_batches_give_each_run_its_own_data_in_the_order_of_its_seed():
    x = torch.randn(3, 10, 4, 2, generator=torch.Generator().manual_seed(0))
    y = torch.arange(30).view(3, 10)
    seeds = [5, 7, 5]
    dealt = datasets.stacked_batches(x, y, 4, seeds=seeds)
    generators = {seed: torch.Generator().manual_seed(seed) for seed in seeds}
    for _ in range(3):  # the generators go on
        orders = {seed: torch.randperm(10, generator=generators[seed]) for seed in (5, 7)}
        epoch = list(dealt)
        assert [xb.shape for xb, _ in epoch] == [(3, 4, 4, 2), (3, 4, 4, 2), (3, 2, 4, 2)]
        assert [yb.shape for _, yb in epoch] == [(3, 4), (3, 4), (3, 2)]
        for k, seed in enumerate(seeds):
            assert torch.equal(torch.cat([xb[k] for xb, _ in epoch]), x[k][orders[seed]])
            assert torch.equal(torch.cat([yb[k] for _, yb in epoch]), y[k][orders[seed]])


def test_stacked_batches_draw_anew_each_epoch_and_begin_anew_each_time_they_are_made():
    y = torch.arange(10).expand(2, 10)

    def order(dealt):
        return torch.cat([yb for _, yb in dealt], dim=1)

    torch.manual_seed(7)
    before = torch.random.get_rng_state()
    dealt = datasets.stacked_batches(y, y, 3, seeds=range(2))
    first, second = order(dealt), order(dealt)
    assert not torch.equal(first, second) and not torch.equal(first[0], first[1])
    assert torch.equal(first.sort(dim=1).values, y) and torch.equal(second.sort(dim=1).values, y)
    again = datasets.stacked_batches(y, y, 10, seeds=iter([0, 1]))
    assert torch.equal(order(again), first) and torch.equal(order(again), second)
    # A run's order does not depend on which others there are.
    alone = datasets.stacked_batches(y[1:], y[1:], 3, seeds=[1])
    assert torch.equal(order(alone), first[1:])
    assert torch.equal(torch.random.get_rng_state(), before)
    # In its first epoch `batches` has the same order, and later another one.
    single = [torch.cat([yb for _, yb in epoch]) for epoch in [datasets.batches(y[1], y[1], 3, seed=1)] * 2]
    assert torch.equal(single[0], first[1]) and not torch.equal(single[1], second[1])


def stacked(x=(2, 3), y=(2, 3), size=1, seeds=(0, 1)):
    return datasets.stacked_batches(torch.ones(x), torch.ones(y), size, seeds=seeds)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: datasets.noisy_line(1), "at least 2 points"),
        (lambda: datasets.noisy_line(noise=-0.1), "cannot be negative"),
        (lambda: datasets.two_moons(1), "at least 2 points"),
        (lambda: datasets.rings(noise=-1), "cannot be negative"),
        (lambda: datasets.rings(inner=1.0), "between 0 and the outer"),
        (lambda: datasets.xor(0), "at least 2 points"),
        (lambda: datasets.sparse_features([]), "at least one number"),
        (lambda: datasets.sparse_features([0.5, 0.0]), r"lie in \(0, 1\]"),
        (lambda: datasets.sparse_features([0.5, float("nan")]), r"lie in \(0, 1\]"),
        (lambda: datasets.sparse_features([0.5], n=0), "at least one example"),
        (lambda: datasets.leaves(trees=3), "at least 4 trees"),
        (lambda: datasets.leaves(each=0), "at least 1 leaf"),
        (lambda: datasets.digits(test=1.0), "between 0 and 1"),
        (lambda: datasets.diabetes(test=0.0), "between 0 and 1"),
        (lambda: datasets.batches(torch.ones(3), torch.ones(2), 1), "differ in length"),
        (lambda: datasets.batches(torch.ones(3), torch.ones(3), 0), "between 1 and 3"),
        (lambda: datasets.batches(torch.ones(3), torch.ones(3), 4), "between 1 and 3"),
        (lambda: stacked(x=(3,), y=(3,)), r"shape \(runs, examples, …\), not \(3,\) and \(3,\)"),
        (lambda: stacked(y=(2,)), r"shape \(runs, examples, …\), not \(2, 3\) and \(2,\)"),
        (lambda: stacked(y=(2, 4)), r"as many runs and examples, not \(2, 3\) and \(2, 4\)"),
        (lambda: stacked(y=(1, 3)), "as many runs and examples"),
        (lambda: stacked(size=0), "between 1 and 3 examples, not 0"),
        (lambda: stacked(size=4), "between 1 and 3 examples, not 4"),
        (lambda: stacked(seeds=[0]), "each of the 2 runs needs a seed: there are 1 seeds"),
        (lambda: stacked(seeds=range(3)), "there are 3 seeds"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(call, says):
    with pytest.raises(ValueError, match=says):
        call()
