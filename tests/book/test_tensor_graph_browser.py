"""The player of a graph of tensors in a real browser: what it does beside what the graph of numbers does."""

import pytest
import small_page
from browser import END, find, move_slider
from small_page import opened
from test_graph_browser import OVERLAPS, boxes, table

from course_lib.tensor_graph import TensorGraph, tensor_player
from tests.course_lib.test_tensor_graph import GRAPHS, WORDS

pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tensors")
    for name, make in GRAPHS.items():
        small_page.write(folder / f"{name}.html", small_page.cell(tensor_player(*make(), **WORDS)))
    return folder


def test_boxes_have_names_and_shapes_and_the_table_has_its_own_heads(pages, driver):
    opened(driver, pages / "network.html")
    heads = [head.text for head in driver.find_elements("css selector", ".player-live thead th")]
    assert heads == ["Tensor", "Shape", "Gradient so far"]
    live = find(driver, ".player-live")
    live.send_keys(END)
    graph = TensorGraph.read(*GRAPHS["network"]())
    expected = {box.name: (box.what, box.sums[-1].total) for box in graph.boxes}
    assert table(driver) == expected
    lines = [line for line in boxes(driver).values() if line[0].startswith("z₁")]
    assert lines == [["z₁ (7, 4)", *graph.boxes[[b.name for b in graph.boxes].index("z₁")].sums[-1].lines()]]
    assert ["x (7, 5)", "no gradient"] in boxes(driver).values()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_covers_anything(name, pages, driver, width):
    opened(driver, pages / f"{name}.html", width)
    slider = find(driver, ".player-slider input")
    for at in range(int(slider.get_attribute("max")) + 1):
        move_slider(driver, slider, at)
        assert driver.execute_script(OVERLAPS) == [], at
