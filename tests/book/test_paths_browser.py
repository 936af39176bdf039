"""The player of stored paths in a real browser, on a small page: what it does beside what all players do."""

import pytest
import small_page
from browser import HOME, SPACE, find
from small_page import opened
from test_moves import paths

pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return small_page.write(tmp_path_factory.mktemp("paths") / "page.html", small_page.cell(paths()))


@pytest.fixture
def page(file, driver):
    return opened(driver, file)


def drawn(driver, line, where=".player-map"):
    """How many steps of each path a kind of line shows."""
    lines = find(driver, where).find_elements("css selector", line)
    return [line.get_attribute("d").count("L") for line in lines]


def test_a_step_adds_one_to_each_path(page):
    losses = [cell.text for cell in page.find_elements("css selector", ".player-live td")]
    for step in (1, 2, 3):
        find(page, ".player-live").send_keys(SPACE)
        assert set(drawn(page, ".player-line")) == set(drawn(page, ".player-line", ".player-chart")) == {step}
    assert [cell.text for cell in page.find_elements("css selector", ".player-live td")] != losses


@pytest.mark.parametrize("where", [".player-map", ".player-chart"])
def test_there_is_something_to_see_before_the_first_press(page, where):
    """Thin lines where the paths will go; with each step, the walked part of them is drawn full."""
    whole = [len(path["points"]) - 1 for path in paths().data()["paths"]]
    assert drawn(page, ".player-line", where) == [0, 0, 0]
    assert drawn(page, ".player-ghost", where) == whole
    ghosts = find(page, where).find_elements("css selector", ".player-ghost")
    assert all(ghost.is_displayed() for ghost in ghosts)
    faint = {float(ghost.value_of_css_property("opacity")) for ghost in ghosts}
    assert all(0.2 <= opacity <= 0.5 for opacity in faint)
    find(page, ".player-live").send_keys(SPACE * 4 + HOME)
    assert drawn(page, ".player-ghost", where) == whole


def test_an_optimizer_can_be_hidden(page):
    box = find(page, ".player-live tbody input")
    label, ghost = find(page, ".player-map .player-label"), find(page, ".player-map .player-ghost")
    assert label.is_displayed() and ghost.is_displayed()
    box.send_keys(SPACE)
    assert not label.is_displayed() and not ghost.is_displayed()
    assert find(page, ".player-counter").text.startswith("step 0 "), "Space on a check box belongs to it"
    box.click()
    assert label.is_displayed() and ghost.is_displayed()
