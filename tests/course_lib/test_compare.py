"""Tuning, paired differences and their standard errors, and races."""

import math
import statistics

import numpy as np
import pytest
import torch
from scipy import stats

from course_lib.compare import CLIFF, paired, race, tune

A = [3.0, 5.0, 4.0, 8.0]
B = [1.0, 4.0, 1.0, 2.0]  # the differences: 2, 1, 3, 6


def difference(a, b, **words):
    return paired(a, b, **{"resampled": "seeds", "fixed": "the test set"} | words)


# --- tune --------------------------------------------------------------------------------------------------


def test_tune_takes_the_best_median_and_lists_what_it_saw():
    scores = {(1, 0): 5.0, (1, 1): 1.0, (1, 2): 9.0, (2, 0): 4.0, (2, 1): 4.0, (2, 2): math.nan, (3, 0): 6.0}
    scores |= {(3, 1): 6.0, (3, 2): 6.0}
    tuned = tune(lambda lr, seed: scores[lr, seed], [1, 2, 3], range(3))
    assert tuned.best == 2 and tuned.medians == {1: 5.0, 2: 4.0, 3: 6.0} and tuned.at_edge == []
    assert tuned.scores == [4.0, 4.0, math.inf]


def test_tune_tries_every_setting_of_several_knobs_with_every_seed():
    asked = []

    def run(seed, lr, momentum):
        asked.append((lr, momentum, seed))
        return (lr - 0.2) ** 2 + (momentum - 0.5) ** 2 + 0.1 + 0.001 * seed

    tuned = tune(run, {"lr": [0.1, 0.2, 0.3], "momentum": [0.0, 0.5, 0.9]}, [7, 8])
    assert sorted(asked) == sorted(
        (lr, m, seed) for lr in (0.1, 0.2, 0.3) for m in (0.0, 0.5, 0.9) for seed in (7, 8)
    )
    assert tuned.best == {"lr": 0.2, "momentum": 0.5}
    assert tuned.medians[0.3, 0.9] == pytest.approx(0.01 + 0.16 + 0.1 + 0.0075)
    assert tuned.scores == pytest.approx([0.107, 0.108]) and tuned.at_edge == []


def test_tune_may_be_given_a_run_of_all_seeds_at_once():
    def one(seed, lr):
        return math.nan if seed == 2 else (lr - 1) ** 2 + seed

    def all_at_once(seeds, lr):
        return torch.tensor([one(seed, lr) for seed in seeds])

    grid, seeds = {"lr": [0.5, 1.0, 2.0]}, range(5)
    assert tune(all_at_once, grid, seeds, together=True) == tune(one, grid, seeds)
    assert tune(all_at_once, [0.5, 1.0], seeds, together=True).best == 1.0
    with pytest.raises(ValueError, match=r"5 seeds together gives a score for each, not \(4,\)"):
        tune(lambda seeds, lr: [1.0] * 4, grid, seeds, together=True)


def test_tune_names_each_knob_whose_best_value_lies_at_the_edge():
    def run(seed, lr, momentum):
        return 1 + lr - momentum

    assert tune(run, {"lr": [0.1, 0.2, 0.3], "momentum": [0.5, 0.9, 0.7]}, [0]).at_edge == ["lr", "momentum"]
    assert tune(lambda lr, seed: 1 - lr, [3, 1, 2], [0]).at_edge == ["lr"]
    assert tune(lambda lr, seed: 1 + (lr - 2) ** 2, [3, 1, 2], [0]).at_edge == []
    # What was not tuned lies at an edge; but below "off" there is nothing, and words have no order.
    assert tune(lambda lr, seed: lr, [0.1], [0]).at_edge == ["lr"]
    grid = {"lr": [1, 2, 3], "momentum": [0.0, 0.9], "nesterov": [False, True], "of": ["a", "b"]}
    tuned = tune(lambda seed, lr, momentum, nesterov, of: 1 + (lr - 2) ** 2 + momentum, grid, [0])
    assert tuned.best == {"lr": 2, "momentum": 0.0, "nesterov": False, "of": "a"} and tuned.at_edge == []
    assert list(tuned.steps) == ["lr=1", "lr=3", "momentum=0.9"]


def test_equally_good_settings_go_to_the_first_even_where_the_last_bit_differs():
    third = 1 / 3
    scores = {0.1: math.nextafter(third, 1), 0.2: third, 0.3: math.nextafter(third, 0)}
    assert tune(lambda lr, seed: scores[lr], [0.1, 0.2, 0.3], [0]).best == 0.1
    assert tune(lambda lr, seed: -scores[lr], [0.3, 0.2, 0.1], [0]).best == 0.3
    assert tune(lambda lr, seed: scores[lr] * (1 if lr > 0.2 else 1.001), [0.1, 0.2, 0.3], [0]).best == 0.3


def test_a_step_says_what_it_costs_to_miss_the_best_value_by_one():
    table = {0.1: [2, 4, 9], 0.2: [1, 2, 3], 0.4: [2, 3, 30], 0.8: [500, 500, 500]}
    tuned = tune(lambda lr, seed: table[lr][seed], list(table), range(3))
    # The median is 2 and 1.5 times the best one's, the worst run 3 and 10 times.
    assert tuned.steps == {"lr=0.1": pytest.approx(3), "lr=0.4": pytest.approx(10)}
    assert tuned.cliff == {"lr=0.4": pytest.approx(10)} and CLIFF == 10


def test_a_cliff_is_a_neighbour_that_diverges_in_any_run():
    def run(seed, lr, momentum):
        if lr / (1 - momentum) > 1.5 + 0.2 * seed:
            raise FloatingPointError("diverged")
        return 3 - lr / (1 - momentum)

    tuned = tune(run, {"lr": [0.01, 0.1, 1.0], "momentum": [0, 0.5, 0.9]}, range(3))
    assert tuned.best == {"lr": 0.1, "momentum": 0.9} and tuned.at_edge == ["momentum"]
    assert tuned.cliff == {"lr=1": math.inf}
    assert tuned.steps.keys() == {"lr=0.01", "lr=1", "momentum=0.5"}


def test_the_best_value_may_itself_stand_on_the_cliff():
    table = {1.0: [1, 1, math.inf], 2.0: [2, 2, 2]}
    tuned = tune(lambda lr, seed: table[lr][seed], [1.0, 2.0], range(3))
    assert tuned.best == 1.0 and tuned.cliff == {"lr=1": math.inf}
    assert tuned.steps == {"lr=1": math.inf, "lr=2": 2}


def test_scores_that_are_not_positive_have_no_factors_but_still_diverge():
    def run(lr, seed):
        return {0.1: 0.5, 0.2: -2.0, 0.4: math.nan}[lr]

    assert tune(run, [0.1, 0.2, 0.4], [0]).steps == {"lr=0.4": math.inf}
    assert tune(lambda lr, seed: run(lr, seed) + 2, [0.1, 0.2, 0.4], [0]).steps == {"lr=0.4": math.inf}


def test_tune_counts_a_divergence_as_infinite_and_lets_other_errors_through():
    def run(lr, seed):
        if lr > 1:
            raise FloatingPointError("diverged")
        return lr

    assert tune(run, [0.5, 2.0], [0]).medians == {0.5: 0.5, 2.0: math.inf}
    diverges = {"lr": [2.0, 3.0]}
    assert tune(lambda seeds, lr: [run(lr, s) for s in seeds], [0.5, 2.0], [0, 1], together=True).best == 0.5
    with pytest.raises(ValueError, match=r"every setting of the grid diverged: .*2\.0, 3\.0"):
        tune(run, diverges, [0])
    with pytest.raises(ZeroDivisionError):
        tune(lambda lr, seed: 1 / 0, [1.0], [0])
    with pytest.raises(ValueError, match=r"tuned by one number, not by scores of shape \(2,\) a seed"):
        tune(lambda lr, seed: [1.0, 2.0], [1.0], [0])
    for grid, seeds in (([], [0]), ([1.0], []), ({}, [0]), ({"lr": [1.0], "momentum": []}, [0])):
        with pytest.raises(ValueError, match="at least one value for each knob, and one seed"):
            tune(run, grid, seeds)


# --- paired ------------------------------------------------------------------------------------------------


def test_paired_is_the_mean_of_the_differences_and_their_standard_error():
    gain = difference(A, B)
    assert gain.mean == 3.0
    assert gain.error == pytest.approx(math.sqrt((1 + 4 + 0 + 9) / 3 / 4))
    assert gain.mean / gain.error == pytest.approx(stats.ttest_rel(A, B).statistic)
    assert difference(B, A).mean == -3.0 and difference(B, A).error == gain.error
    assert difference(np.array(A), torch.tensor(B)) == gain


def test_paired_accepts_right_and_wrong_as_scores():
    right = torch.tensor([True, True, False, True]), torch.tensor([False, True, True, False])
    gain = difference(*right)
    assert gain.mean == 0.25 and gain.error == pytest.approx(statistics.stdev([1, 0, -1, 1]) / 2)


def test_rows_are_what_was_resampled_and_what_lies_in_a_row_is_averaged_first():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 12, 5, 3))
    rows = (a - b).mean(axis=(1, 2))
    gain = difference(a, b, resampled="data sets")
    assert gain.mean == pytest.approx((a - b).mean())
    assert gain.error == pytest.approx(stats.sem(rows))
    assert gain.counts == (12,)


def test_with_two_names_both_axes_were_resampled_and_their_variances_add_up():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 16, 50))
    seeds = difference(a, b)
    images = difference(a.T, b.T)
    both = difference(a, b, resampled=("seeds", "test images"))
    assert both.error == pytest.approx(math.hypot(seeds.error, images.error))
    assert both.mean == pytest.approx(seeds.mean) and both.counts == (16, 50)


def covers(draw, trials=2000, **words):
    """In which share of the trials the true difference, 0, lies within two standard errors."""
    hits = 0
    for trial in range(trials):
        gain = difference(*draw(np.random.default_rng(trial)), **words)
        hits += abs(gain.mean) <= 2 * gain.error
    return hits / trials


def clustered(rng, data_sets=30, seeds=6):
    """Scores of two equal rivals: what a data set does to their difference, all its seeds share."""
    of_data = rng.normal(size=(data_sets, 1))
    noise = 0.5 * rng.normal(size=(2, data_sets, seeds))
    return of_data + noise[0], noise[1]


def test_two_standard_errors_hold_the_truth_in_19_of_20_cases():
    # t with 29 degrees of freedom: 94.5 %.
    assert 0.93 < covers(lambda rng: rng.normal(size=(2, 30))) < 0.96
    assert 0.93 < covers(clustered) < 0.96


def test_runs_on_one_data_set_counted_as_independent_would_promise_too_much():
    flat = covers(lambda rng: [scores.ravel() for scores in np.broadcast_arrays(*clustered(rng))])
    assert flat < 0.75


def test_resampling_seeds_alone_does_not_cover_another_test_set():
    def draw(rng, seeds=16, images=60):
        of_seed, of_image = rng.normal(size=(seeds, 1)), 3 * rng.normal(size=images)
        return of_seed + of_image + 0.5 * rng.normal(size=(seeds, images)), np.zeros((seeds, images))

    assert covers(draw, 1000) < 0.85
    assert 0.93 < covers(draw, 1000, resampled=("seeds", "test images")) < 0.98


def test_a_difference_reads_as_a_sentence_and_its_numbers_go_into_a_table():
    gain = difference([97.6, 97.1, 96.9], [96.9, 96.5, 95.9], unit="points", fixed="the 359 test images")
    words = (
        "mean ± standard error of paired differences; resampled: 3 seeds; not resampled: the 359 test images"
    )
    assert str(gain) == f"+0.77 ± 0.12 points ({words})"
    # The notebook stores repr() too, so that it must not hold the last digits of the scores.
    assert f"{gain}" == str(gain) == gain._repr_markdown_() == repr(gain)
    assert f"{gain:.1f}" == "+0.8 ± 0.1"
    assert str(difference([200.0, 300.0], [0.0, 0.0])).startswith("+250 ± 50 (mean")
    assert str(difference([2e-5, 5e-5], [0.0, 0.0])).startswith("+0.000035 ± 0.000015 (mean")
    both = difference(np.diag([1, 2, 5]), np.zeros((3, 3)), resampled=("seeds", "images"))
    assert "resampled: 3 seeds and 3 images; not" in str(both)


def test_paired_refuses_what_has_no_standard_error():
    with pytest.raises(ValueError, match=r"score for score, not shapes \(4,\) and \(3,\)"):
        difference(A, B[:3])
    with pytest.raises(ValueError, match=r"not shapes \(2, 2\) and \(4,\)"):
        difference([A[:2], A[2:]], B)
    with pytest.raises(ValueError, match="takes at least two seeds, not 1"):
        difference([1.0], [2.0])
    with pytest.raises(ValueError, match="takes at least two test images, not 1"):
        difference([[1.0], [2.0]], [[0.0], [0.0]], resampled=("seeds", "test images"))
    with pytest.raises(ValueError, match=r"shape \(4,\) have no axis for each of seeds, test images"):
        difference(A, B, resampled=("seeds", "test images"))
    with pytest.raises(ValueError, match=r"shape \(\) have no axis for each of seeds"):
        difference(1.0, 2.0)
    with pytest.raises(ValueError, match="say what was resampled and what was not"):
        difference(A, B, fixed="")
    with pytest.raises(ValueError, match="say what was resampled and what was not"):
        difference(A, B, resampled=())
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="1 of the 4 scores of the second rival are not finite"):
            difference(A, [1.0, bad, 2.0, 3.0])
    with pytest.raises(ValueError, match="2 of the 4 scores of the first rival are not finite"):
        difference([math.inf, math.inf, 2.0, 3.0], B)
    with pytest.raises(TypeError):
        paired(A, B)


def test_differences_that_are_all_the_same_are_no_evidence():
    with pytest.raises(
        ValueError, match="all 3 seeds give the same difference: do the seeds reach the runs?"
    ):
        difference([1.0, 1.0, 1.0], [0.5, 0.5, 0.5])
    with pytest.raises(ValueError, match="give the same difference"):
        difference(A, A)
    with pytest.raises(ValueError, match="give the same difference"):
        difference([0.1 + 0.2, 0.3, 0.3], [0.1, 0.1, 0.1])  # but for rounding
    with pytest.raises(ValueError, match="give the same difference"):
        # Copies of one run on each data set look like more evidence, and are none.
        difference(np.tile(A, (5, 1)), np.tile(B, (5, 1)))
    assert difference([1e-9, 2e-9], [0.0, 0.0]).error == pytest.approx(5e-10)


# --- race --------------------------------------------------------------------------------------------------

QUALITY = {"SGD": 1.0, "Adam": 0.6}
GRIDS = {"SGD": {"lr": [0.1, 0.2, 0.3, 0.4]}, "Adam": {"lr": [0.1, 0.2], "beta": [0.5, 0.9]}}


def luck(seed, name=""):
    return np.random.default_rng([seed, *name.encode()]).normal()


def run(name, seed, lr, beta=0.9):
    """Both like lr = 0.2, both have the same luck with a seed, and a little of their own."""
    score = QUALITY[name] + (lr - 0.2) ** 2 + (0.9 - beta) ** 2 + 0.3 * luck(seed) + 0.05 * luck(seed, name)
    return score + 5


def a_race(**changes):
    words = dict(tuning=range(5), judging=range(10, 30), resampled="seeds", fixed="the test set")
    return race(**dict(run=run, grids=GRIDS) | words | changes)


def test_a_race_tunes_each_rival_and_judges_it_on_other_seeds():
    result = a_race()
    for name, grid in GRIDS.items():
        alone = tune(lambda seed, name=name, **knobs: run(name, seed, **knobs), grid, range(5))
        assert result.tuned[name] == alone
        assert result.judged[name].tolist() == [run(name, seed, **alone.best) for seed in range(10, 30)]
    gain = result.difference("Adam", "SGD")
    assert gain == difference(result.judged["Adam"], result.judged["SGD"])
    assert gain.mean == pytest.approx(-0.4, abs=3 * gain.error) and gain.error < 0.03
    # The scores themselves overlap: the luck of a seed is larger than the difference.
    assert result.judged["SGD"].min() < result.judged["Adam"].max()


def test_a_race_may_run_all_seeds_at_once_and_take_lists_for_learning_rates():
    grids = {"SGD": [0.1, 0.2, 0.3], "Adam": [0.1, 0.2, 0.3]}

    def all_at_once(name, seeds, lr):
        return torch.tensor([run(name, seed, lr) for seed in seeds], dtype=torch.float64)

    result, one_by_one = a_race(grids=grids, run=all_at_once, together=True), a_race(grids=grids)
    assert result.tuned == one_by_one.tuned and result.tuned["SGD"].best == 0.2
    for name in grids:
        assert result.judged[name].tolist() == one_by_one.judged[name].tolist()


def test_a_race_may_be_judged_by_another_measure_and_many_numbers_a_seed():
    def errors(name, seed, lr, beta=0.9):
        return [100 * QUALITY[name] + luck(seed) + luck(seed, f"{name}{image}") for image in range(7)]

    words = dict(resampled=("seeds", "test images"), unit="points", fixed="the training set")
    result = a_race(judge=errors, **words)
    assert result.judged["Adam"].shape == (20, 7) and result.tuned == a_race().tuned
    assert str(result.difference("Adam", "SGD")).endswith(
        "resampled: 20 seeds and 7 test images; not resampled: the training set)"
    )
    assert "± " in str(result) and "points" in str(result)


def test_a_race_shows_settings_edges_steps_scores_and_differences():
    def diverging(name, seed, lr, beta=0.9):
        return math.nan if lr > 0.25 and seed % 2 else run(name, seed, lr, beta)

    found = a_race(run=diverging)
    shown = found._repr_markdown_()
    assert shown == repr(found) == str(found)
    header, _, sgd, adam, _, caption = shown.splitlines()
    assert header == "|  | best | at the edge | a step costs | median (middle half) | minus SGD |"
    judged = a_race().judged
    low, middle, high = np.quantile(judged["SGD"], [0.25, 0.5, 0.75])
    assert sgd == f"| SGD | lr=0.2 |  | lr=0.3: diverges | {middle:.3g} ({low:.3g} to {high:.3g}) |  |"
    assert adam.startswith("| Adam | lr=0.2, beta=0.9 | lr, beta | beta=0.5: ×1.")
    assert adam.endswith(f" | {a_race().difference('Adam', 'SGD').short} |")
    assert caption == (
        "Tuned by the median of 5 runs, 4 settings for each; judged on 20 other seeds. "
        "±: standard error of the mean paired difference. Resampled: seeds. Not resampled: the test set."
    )
    assert str(a_race(run=diverging)) == shown
    for worse, words in ((20.5, "×20.5"), (200.5, "more than ×100")):
        table = {0.1: 3.0, 0.2: 1.0, 0.3: worse, 0.4: worse}
        steep = a_race(run=lambda name, seed, lr, beta=0.9, table=table: table[lr], judge=run)
        assert f"| SGD | lr=0.2 |  | lr=0.3: {words} |" in str(steep)


def test_a_race_says_who_diverged_when_judged():
    def fragile(name, seed, lr, beta=0.9):
        return math.inf if name == "Adam" and seed in (11, 17) else run(name, seed, lr, beta)

    result = a_race(run=fragile)
    assert "| 2 of 20 diverged |" in str(result)
    with pytest.raises(ValueError, match="2 of the 20 scores of the first rival are not finite"):
        result.difference("Adam", "SGD")


def test_rivals_that_are_tuned_into_one_another_are_called_the_same():
    grids = {"SGD": {"lr": [0.1, 0.2]}, "Momentum": {"lr": [0.2], "momentum": [0.0, 0.9]}}

    def one(name, seed, lr, momentum=0.0):
        return run("SGD", seed, lr) + momentum

    assert "| the same |" in str(a_race(run=one, grids=grids))


def test_a_seed_that_diverged_is_infinite_at_every_image():
    def fragile(name, seed, lr, beta=0.9):
        if name == "Adam" and seed == 11:
            raise FloatingPointError("diverged")
        return [run(name, seed, lr, beta), 1.0, 2.0]

    judged = a_race(judge=fragile).judged["Adam"]
    assert judged.shape == (20, 3) and np.isinf(judged[1]).all() and np.isfinite(judged[2:]).all()


def test_a_race_refuses_what_is_not_fair():
    with pytest.raises(ValueError, match="as many settings as the others, not {'SGD': 4, 'Adam': 2}"):
        a_race(grids={**GRIDS, "Adam": {"lr": [0.1, 0.2]}})
    with pytest.raises(ValueError, match=r"seeds that tuned cannot judge: \[10, 11\]"):
        a_race(tuning=range(12))
    with pytest.raises(ValueError, match="at least two rivals, not 1"):
        a_race(grids={"SGD": [0.1, 0.2]})
    with pytest.raises(ValueError, match="at least two judging seeds, not 1"):
        a_race(judging=[10])
    with pytest.raises(ValueError, match="no rival 'Nadam' in this race, only SGD, Adam"):
        a_race().difference("Nadam", "SGD")
