"""Numbers that were typed where a run's number belongs are found, and inputs are not."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import typed


def found(*sources):
    cells = [new_code_cell(source, id=f"step-{n}") for n, source in enumerate(sources, start=1)]
    return typed.typed(new_notebook(cells=cells))


@pytest.mark.parametrize(
    "source",
    [
        'rows.append([n, f"1 in {1 / p:.3g}" if n < 5 else "1 in some 10 000"])',
        'print("the loss falls to 0.085")',
        'plotting.show(fig, alt="Losses fall from 5.8 to nearly nothing.")',
        'plotting.show(fig, alt=f"SGD ends at {end:.2f}, momentum at 0.31.")',
        'ax.annotate("first step: 3.16 × lr", (1, 2.2))',
        'player(paths, description="SGD needs 148 updates, and momentum fewer.")',
        'rows = [["loss", "0.25"]]',
    ],
)
def test_a_typed_number_is_found_with_its_cell_and_remedy(source):
    (sentence,) = found("x = 1", source)
    assert "Cell step-2" in sentence and "let the run fill it" in sentence


@pytest.mark.parametrize(
    "source",
    [
        'print(f"loss {loss:.3f}")',
        'lr = 0.1\ntable(["updates", "w at lr = 0.1"], rows)',
        'far = train(10_000)\nprint("after 10 000 updates:", far)\nprint("after 10,000:", far)',
        'ax.plot(x, color="#112233", ls="--", marker="4")',
        '"""Docstrings say 0.5."""',
        'def f():\n    """0.5 of it."""',
        'assert f"{loss:.3f}" == "0.085"',
        'ax.set(title="Adam (2015), as in lesson 1.4")',
        'rows = {"1.4 a rate far too low": f"{x:.1f}", "0.5": 3}',
        'ax.plot(x, label="w1")',
        'print("1.4")',
        '# typed: from the paper\nrows = [["loss", "0.25"]]',
    ],
)
def test_inputs_names_and_places_are_no_typed_numbers(source):
    assert found(source) == []


@pytest.mark.parametrize(
    "words",
    [
        "Nearly all dots sit on the saddle.",
        "RMSProp walks along the flat axis in equal steps.",
        "They take some ten times as long.",
        "It ends twice as high.",
        "The loss rises above 10 near the axis.",
    ],
)
def test_an_alt_text_that_measures_in_words_is_found(words):
    for source in (f"plotting.show(fig, alt={words!r})", f"player(paths, description={words!r})"):
        (sentence,) = found("levels = [10, 20]", source)
        assert "Cell step-2" in sentence and "let the run fill in" in sentence


@pytest.mark.parametrize(
    "words",
    [
        "Four panels of curves.",
        "Above 2/L the swings grow; it turns at 10.",
        "Dots of three colours.",
        "A dot after every update.",
    ],
)
def test_what_is_seen_may_be_said_in_words(words):
    assert found("limit, levels = 2 / L, [10, 1]", f"plotting.show(fig, alt={words!r})") == []
