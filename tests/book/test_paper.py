"""A page on paper: its code is whole, and its ink is dark."""

from browser import size, wait

WIDER = "(pre) => pre.scrollWidth > pre.clientWidth + 1"
CUT = f"return [...document.querySelectorAll('.bd-article pre')].filter({WIDER}).length"

# What holds long code together, so that its box would stay behind, empty, when it does not fit on a page.
HELD = """return [...document.querySelectorAll('.bd-article .cell_input :is(div, pre)')]
  .filter((box) => getComputedStyle(box).breakInside !== 'auto')
  .map((box) => (box.querySelector('pre') ?? box).textContent.split('\\n').length)"""


# Words in closed folds, which nobody sees. What answers a prediction stands at the page's end instead.
UNSEEN = """return [...document.querySelectorAll('.bd-article details:not([open]) > p')]
  .filter((words) => !words.closest('.printed-again, .cell:has(> .printed-note)'))
  .filter((words) => !words.checkVisibility()).length"""


def test_on_paper_no_line_of_code_is_cut_and_a_dark_page_is_light(book, driver):
    (file,) = [file for file in book.pages if file.stem == "3_5_data_parallelism"]
    size(driver, 718)  # an A4 page's text
    driver.get(file.as_uri())
    wait(lambda: driver.execute_script("return document.readyState") == "complete", "the page")
    driver.execute_script("document.documentElement.dataset.theme = 'dark'")
    assert driver.execute_script(CUT) > 0, "on the screen long lines scroll"
    assert driver.execute_script(UNSEEN) > 0, "and folds are closed"
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        driver.execute_script("dispatchEvent(new Event('beforeprint'))")
        assert driver.execute_script("return document.documentElement.dataset.theme") == "light"
        assert driver.execute_script(CUT) == 0
        held = driver.execute_script(HELD)
        assert len(held) > 10 and max(held) <= 20
        assert driver.execute_script(UNSEEN) == 0, "folds are open on paper"
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    driver.execute_script("dispatchEvent(new Event('afterprint'))")
    assert driver.execute_script("return document.documentElement.dataset.theme") == "dark"
    assert driver.execute_script(UNSEEN) > 0
