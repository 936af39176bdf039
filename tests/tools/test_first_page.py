"""What the first page shows is what its code prints and draws, and what it says of its picture is so."""

import math
import re

import pytest
import torch

from course_lib import rules
from tools import first_page, verify

LR = 0.4  # as in the page's code: asserted below


@pytest.fixture(scope="module")
def drawn():
    return first_page.picture()


def test_the_loop_prints_what_the_page_says():
    (output,) = re.findall(r"```text\n(.*?)```", first_page.PAGE.read_text(encoding="utf-8"), re.DOTALL)
    printed, _ = first_page.run(0)
    assert printed == output


def test_the_verbs_stand_in_the_loop():
    verbs = re.findall(r"^    # (\w+)$", first_page.PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert verbs == ["predict", "compare", "differentiate", "update", "repeat"]


def test_the_picture_is_what_its_code_draws(drawn):
    png, _ = drawn
    difference = verify.compare(first_page.PICTURE.read_bytes(), png)
    assert not difference, f"{difference} Draw it anew: python -m tools.first_page"


def descend(u, v, steps):
    """The page's loop from one start, in plain floats. Returns the final u and v, and |error| before each."""
    errors = []
    for t in range(1, steps + 1):
        error = u * v - 1
        errors.append(abs(error))
        if errors[-1] > 1e6:
            break
        g = 2 * error
        (u, _), (v, _) = rules.sgd(u, g * v, {}, t, lr=LR), rules.sgd(v, g * u, {}, t, lr=LR)
    return u, v, errors


def test_what_the_page_says_of_the_picture(drawn):
    _, names = drawn
    updates, places = names["updates"], names["places"]
    assert names["lr"] == LR
    assert updates.numel() == 251_001
    arrives = updates[~updates.isnan()]
    assert 15 < arrives.median() < 25 and 0.001 < (arrives <= 10).double().mean() < 0.05
    assert 0.01 < (arrives > 50).double().mean() < 0.1 and (arrives == 200).sum() > 300

    # Each pixel is what the loop gives from that start. (Away from the rim, where rounding decides.)
    def pixel(u, v):
        return updates[(places - v).abs().argmin(), (places - u).abs().argmin()].item()

    for u, v in ((1.0, 0.5), (-0.3, 0.8), (0.0, -1.2)):
        at = [places[(places - c).abs().argmin()].item() for c in (u, v)]
        assert pixel(u, v) == sum(error > 1e-4 for error in descend(*at, 200)[2])

    # The black line: where v = -u, the loop ends in the saddle point (0, 0).
    u, v, errors = descend(0.9, -0.9, 200)
    assert abs(u) < 1e-12 and abs(v) < 1e-12 and errors[-1] == 1
    assert pixel(0.9, -0.9) == 200
    # The dark spots: minima, uv = 1, whose curvature 2(u² + v²) is 2/lr. Any nearby start is slow.
    a, b = math.sqrt(2), 1 / math.sqrt(2)
    assert math.isclose(a * b, 1) and math.isclose(2 * (a * a + b * b), 2 / LR)
    hessian = torch.autograd.functional.hessian(
        lambda w: (w[0] * w[1] - 1) ** 2, torch.tensor([a, b], dtype=torch.float64)
    )
    assert math.isclose(torch.linalg.eigvalsh(hessian)[1].item(), 2 / LR)
    for u, v in ((a, b), (b, a), (-a, -b), (-b, -a)):
        assert pixel(u + 0.02, v + 0.02) > 100 and pixel(u + 0.005, v + 0.005) == 200
        assert descend(u, v, 1)[2][0] < 1e-12
    # The four other large spots are where one update leads into these.
    u, v, _ = descend(-0.52, 1.405, 1)
    assert math.hypot(u - a, v - b) < 0.03 and pixel(-0.52, 1.405) > 100
    # Outside: it runs away.
    assert math.isnan(pixel(-2.0, 2.0)) and descend(-2.0, 2.0, 200)[2][-1] > 1e6
