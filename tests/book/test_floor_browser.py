"""The player of the noise floor in a real browser, on a small page: what is its own."""

import pytest
import small_page
from browser import END, HOME, LEFT, RIGHT, find, move_slider
from small_page import opened

from course_lib import noisy_bowl
from course_lib.floor_player import floor_player

pytestmark = pytest.mark.deep

UP, DOWN, PAGE_UP, PAGE_DOWN = "\ue013", "\ue015", "\ue00e", "\ue00f"
PEAKS = [0.01, 0.05, 0.1, 0.2, 0.5, 1.0, 2.1]
CONSTANT, TOTAL = 0.1, 100
NAMES = {"peak": "Peak rate", "warmup": "Warmup", "decay": "Decay", "floor": "Ends at"}


def cell(**changes):
    words = {"title": "A floor", "description": "The expected loss under a schedule that the reader bends."}
    options = {"peak": 0.2, "constant": CONSTANT, "warmup": 10, "decay": 20, "shape": "straight", **words}
    return small_page.cell(floor_player(PEAKS, **{**options, **changes}))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("floor")
    small_page.write(folder / "one.html", cell())
    small_page.write(folder / "others.html", cell(start=1e-6), cell(curvature=10.0, noise=20.0, total=21))
    return folder


@pytest.fixture
def page(pages, driver):
    return opened(driver, pages / "one.html")


def slider(driver, name):
    labels = driver.find_elements("css selector", ".player-setting label")
    (label,) = [one for one in labels if one.text == NAMES[name]]
    return find(driver, f"#{label.get_attribute('for')}")


def told(driver, name):
    return slider(driver, name).get_attribute("aria-valuetext")


def table(driver):
    """The next rate, the expected loss, the floor of that rate, the loss at the constant rate; as text."""
    return [cell.text for cell in driver.find_elements("css selector", ".player-live tbody td")]


def number(text):
    return float(text.replace("−", "-"))


# --- it computes what Python computes ----------------------------------------------------------------------

COMPUTED = """
const [peak, options, bowl] = arguments, { bent, expectedLosses, floorOf } = window.courseParts.bowl();
const rates = Array.from({ length: options.total + 5 }, (_, t) => peak * bent(t, options));
return { rates, losses: expectedLosses(rates, bowl), floors: rates.map((rate) => floorOf(rate, bowl)) };
"""


@pytest.mark.parametrize("shape", list(noisy_bowl.DECAYS))
@pytest.mark.parametrize(("warmup", "decay", "low"), [(0, 0, 0.5), (5, 95, 0), (10, 20, 0.1), (40, 0, 1)])
@pytest.mark.parametrize(
    ("peak", "curvature", "noise", "start"), [(0.2, 1, 1, 3), (0.7, 2.5, 0.3, -1), (0.9, 2, 1, 1e-3)]
)
def test_the_numbers_are_pythons(page, shape, warmup, decay, low, peak, curvature, noise, start):
    options = {"total": TOTAL, "warmup": warmup, "decay": decay, "floor": low, "shape": shape}
    bowl = {"curvature": curvature, "noise": noise, "start": start}
    seen = page.execute_script(COMPUTED, peak, options, bowl)
    rates = [peak * noisy_bowl.bent(t, **options) for t in range(TOTAL)]
    near = {"rel": 1e-12, "abs": 1e-15}
    assert seen["rates"][:TOTAL] == pytest.approx(rates, **near)
    assert seen["losses"][: TOTAL + 1] == pytest.approx(noisy_bowl.expected_losses(rates, **bowl), **near)
    floors = [noisy_bowl.floor(lr, curvature=curvature, noise=noise) for lr in rates]
    assert seen["floors"][:TOTAL] == pytest.approx(floors, **near)
    # Clamped past the end, as in Python.
    past = [peak * noisy_bowl.bent(t, **options) for t in range(TOTAL, TOTAL + 5)]
    if decay:
        assert seen["rates"][TOTAL:] == pytest.approx(past, **near)


@pytest.mark.parametrize("shape", list(noisy_bowl.DECAYS))
@pytest.mark.parametrize(
    ("peak", "warmup", "decay", "low"),
    [(0.2, 10, 20, 0), (0.5, 0, 60, 30), (0.05, 25, 75, 5), (2.1, 5, 0, 0)],
)
def test_what_it_shows_is_what_python_computes(page, shape, peak, warmup, decay, low):
    move_slider(page, slider(page, "decay"), 0)
    for name, value in (("warmup", warmup), ("decay", decay), ("floor", low)):
        move_slider(page, slider(page, name), value // 5)
    move_slider(page, slider(page, "peak"), PEAKS.index(peak))
    page.execute_script(
        "const s = document.querySelector('.player-sliders select'); s.value = arguments[0];"
        "s.dispatchEvent(new Event('change'))",
        shape,
    )
    options = {"total": TOTAL, "warmup": warmup, "decay": decay, "floor": low / 100, "shape": shape}
    rates = [peak * noisy_bowl.bent(t, **options) for t in range(TOTAL)]
    losses = noisy_bowl.expected_losses(rates, start=3.0)
    others = noisy_bowl.expected_losses([CONSTANT] * TOTAL, start=3.0)
    for step in (0, 1, 9, 50, 85, TOTAL - 1, TOTAL):
        move_slider(page, find(page, ".player-slider input"), step)
        rate, loss, low_of_it, other = table(page)
        near = {"rel": 5.1e-3, "abs": 1e-12}
        assert number(loss) == pytest.approx(losses[step], **near)
        assert number(other) == pytest.approx(others[step], **near)
        if step == TOTAL:
            assert rate == low_of_it == "–"
            continue
        assert number(rate) == pytest.approx(rates[step], **near)
        if rates[step] >= 2:
            assert low_of_it == "none"
        else:
            assert number(low_of_it) == pytest.approx(noisy_bowl.floor(rates[step]), **near)


GEOMETRY = """
const [map, chart] = [".player-map", ".player-chart"].map((name) => document.querySelector(name));
const points = (svg, name) => svg.querySelector(name).getAttribute("d").slice(1).split(/[ML]/)
  .map((p) => p.split(" ").map(Number));
return { rates: points(map, ".player-ghost"), constant: points(map, ".player-guide"),
  losses: points(chart, ".player-ghost"), others: points(chart, ".player-guide") };
"""


def test_the_lines_are_the_numbers(page):
    seen = page.execute_script(GEOMETRY)
    assert [len(seen[name]) for name in ("rates", "constant", "losses", "others")] == [100, 2, 101, 101]
    options = {"total": TOTAL, "warmup": 10, "decay": 20}
    rates = [0.2 * noisy_bowl.bent(t, **options) for t in range(TOTAL)]
    heights = [y for _, y in seen["rates"]]
    high, low = min(heights), max(heights)
    peak, least = max(rates), min(rates)
    for y, rate in zip(heights, rates, strict=True):
        assert (low - y) / (low - high) == pytest.approx((rate - least) / (peak - least), abs=0.01)
    (left, y), (right, other) = seen["constant"]
    assert y == other and (low - y) / (low - high) == pytest.approx((0.1 - least) / (peak - least), abs=0.01)
    assert left == seen["rates"][0][0] and right > seen["rates"][-1][0]
    assert seen["losses"][0] == seen["others"][0]
    assert seen["losses"][-1][1] > seen["others"][-1][1], "the decay ends lower than the constant rate"


# --- hands and keys ----------------------------------------------------------------------------------------


def test_the_keys_of_the_sliders(page):
    for name, presses, expected in [
        ("peak", RIGHT, "0.5"),
        ("peak", LEFT * 2, "0.1"),
        ("peak", END, "2.1"),
        ("peak", RIGHT, "2.1"),
        ("peak", PAGE_DOWN, "0.1"),
        ("peak", HOME + LEFT, "0.01"),
        ("warmup", UP, "15 %"),
        ("warmup", DOWN + DOWN, "5 %"),
        ("floor", PAGE_UP, "20 %"),
        ("floor", END, "100 %"),
        ("decay", END, "95 %"),
        ("warmup", END, "5 %"),
        ("decay", HOME, "0 %"),
        ("warmup", END, "100 %"),
        ("decay", RIGHT, "0 %"),
    ]:
        slider(page, name).send_keys(presses)
        assert told(page, name) == expected, (name, presses)
    assert find(page, ".player-counter").text == f"step 0 of {TOTAL}", "the arrows belong to the sliders here"


def test_what_runs_away_stays_on_the_picture(page):
    slider(page, "peak").send_keys(END)
    slider(page, "decay").send_keys(HOME)
    move_slider(page, find(page, ".player-slider input"), TOTAL)
    assert number(table(page)[1]) > 1e3
    for name in (".player-map", ".player-chart"):
        assert "NaN" not in find(page, name).get_attribute("outerHTML")


def test_other_bowls_than_the_lessons(pages, driver):
    driver.get_log("browser")  # what other pages said
    opened(driver, pages / "others.html")
    assert len(driver.find_elements("css selector", ".player-live")) == 2
    for live in driver.find_elements("css selector", ".player-live"):
        live.send_keys(RIGHT * 3)
        assert all(cell.text not in ("", "NaN") for cell in live.find_elements("css selector", "tbody td"))
        assert "NaN" not in live.get_attribute("outerHTML")
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []
