"""What answers a prediction stays hidden until the reader opens it: one lesson, built, in a real browser."""

import base64
import re

import building
import pytest
from browser import SPACE, find, size, wait
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_lib.descent_player import descent_player
from tools import notebooks

ENTER = "\ue007"

RATE = """## The rate

**Predict.** You double the rate. What happens?
See <a href="#up-and-down">the answer</a>, or <a href="#figure">the figure</a>.

<details class="choice"><summary>A. It arrives</summary>

**No.** Reply to A.

</details>

<details class="choice right"><summary>B. It swings, up and down</summary>

**Right.** <span id="up-and-down">Reply to B.</span>

</details>

<details class="myth"><summary>“Halving it is always safe.”</summary>

Evidence against it.

</details>
"""
COUNT = """**Predict.** How many updates?

<details class="predict"><summary>Show the answer</summary>

Reason: eight.

</details>
"""
ALONE = """**Predict.** What would you have done?

<details class="predict alone"><summary>Show the answer</summary>

Reason: nobody knows.

</details>
"""


def words(source):
    return new_markdown_cell(source)


def printed(text, *tags, **mystnb):
    metadata = {"tags": list(tags), "mystnb": mystnb}
    return new_code_cell("code = 1", metadata=metadata, outputs=[new_output("stream", text=f"{text}\n")])


def player(*tags):
    shown = descent_player(
        title="Any step size",
        description="Gradient descent in a valley that is ten times as steep across as along.",
        steep=10.0,
        flat=1.0,
        lr=0.15,
        start=(-9.0, 1.5),
        steps=30,
    )
    picture = base64.b64encode(shown.still()).decode()
    pieces = [{"image/png": picture}, {"text/html": f'<div id="figure">{shown.markup()}</div>'}]
    metadata = {"tags": list(tags), "mystnb": {"image": {"alt": "A path in a valley, seen from above."}}}
    outputs = [new_output("display_data", piece) for piece in pieces]
    return new_code_cell("code = 2", metadata=metadata, outputs=outputs)


LESSON = [
    words("# A lesson\n\nAn opening."),
    words(RATE),
    printed("Result 1: it swings.", "answer", code_prompt_show="Show the swinging"),
    words("## The next section"),
    player("answer", "hide-input"),
    words(COUNT),
    printed("Result 2: eight.", "answer", "hide-cell"),
    words("**What do you see?** Reading 2: eight.\n\n- And a list.\n\nIn the open, below."),
    words(ALONE),
    printed("In the open."),
    words("## The end\n\nThe last words."),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The lesson, built as the book is built, with the book's own settings, style and scripts."""
    source = tmp_path_factory.mktemp("lesson")
    for name in ("_config.yml", "_static", "tools", "references.bib"):
        (source / name).symlink_to(building.ROOT / name)
    (source / "_toc.yml").write_text("format: jb-book\nroot: lesson\n", encoding="utf-8")
    notebooks.write(new_notebook(cells=LESSON), source / "lesson.ipynb")
    done = building.build(source, tmp_path_factory.mktemp("built"))
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.folder / "lesson.html"


@pytest.fixture
def lesson(page, driver):
    """The page, freshly opened, with nothing open on it."""
    size(driver, 1280)
    driver.get("about:blank")
    driver.get(page.as_uri())
    return driver


def summary(driver, text):
    """The summary that bears a text. There is one."""
    found = [s for s in driver.find_elements("css selector", ".bd-article summary") if text in s.text]
    assert len(found) == 1, f"{len(found)} summaries say {text!r}"
    return found[0]


def press(driver, node):
    """Click on something, wherever it has moved to by now, and let the page do what follows from it."""
    driver.execute_async_script(
        "const [node, done] = arguments;"
        "node.click();"
        "requestAnimationFrame(() => requestAnimationFrame(done))",
        node,
    )


def height_on_screen(driver, node):
    return driver.execute_script("return arguments[0].getBoundingClientRect().top", node)


def is_open(driver):
    """Of each result on the page, whether one sees it."""
    seen = driver.execute_script(
        "return [...document.querySelectorAll('details.answer .cell_output')].map((r) => r.checkVisibility())"
    )
    assert len(seen) == 3
    return seen


# What one reads in a page, in order.
LINES = "[...document.querySelectorAll('.bd-article :is(h1, h2, h3, p, pre, summary:not(:has(p)))')]"


def read(driver):
    """All that is not hidden."""
    seen = f"return {LINES}.filter((line) => line.checkVisibility()).map((line) => line.textContent)"
    return "\n".join(driver.execute_script(seen))


# --- on the page -------------------------------------------------------------------------------------------


def test_results_are_hidden_behind_words_that_say_what_is_inside(lesson):
    assert is_open(lesson) == [False, False, False]
    names = [s.accessible_name for s in lesson.find_elements("css selector", "div.cell summary")]
    figure = "Show the code of this figure"
    happens = "Show what happens"
    assert names == ["Show the swinging", figure, happens, happens, "What do you see?"]
    text = read(lesson)
    assert "In the open." in text and "In the open, below." in text
    assert "Result" not in text and "Reply" not in text and "Reading" not in text


def test_opening_a_choice_opens_what_answers_it_and_nothing_else(lesson):
    choice = summary(lesson, "A. It arrives")
    press(lesson, choice)
    assert is_open(lesson) == [True, True, False]
    text = read(lesson)
    assert "Result 1: it swings." in text and "Hide what happens" in text
    assert "Reply to B." not in text and "Evidence" not in text and "Reason" not in text
    assert not find(lesson, "details.hide .cell_input").is_displayed(), (
        "the code of the figure was opened too"
    )


def test_what_reads_an_answer_out_opens_with_it(lesson):
    reading = find(lesson, "div.reading details")
    press(lesson, summary(lesson, "A. It arrives"))
    assert not reading.get_attribute("open"), "another prediction's"
    press(lesson, find(lesson, "details.predict > summary"))
    assert reading.get_attribute("open")
    assert "Reading 2: eight." in read(lesson)


def test_closing_the_choice_takes_nothing_away(lesson):
    choice = summary(lesson, "A. It arrives")
    press(lesson, choice)
    assert is_open(lesson) == [True, True, False]
    press(lesson, find(lesson, "details.answer > summary"))
    press(lesson, choice)
    assert is_open(lesson) == [False, True, False]
    press(lesson, summary(lesson, "B. It swings"))
    assert is_open(lesson) == [True, True, False]


def test_a_keyboard_opens_them_keeps_its_place_and_hears_of_it(lesson):
    status = find(lesson, ".folds-status")
    assert status.get_attribute("role") == "status" and not status.get_attribute("textContent")
    choice = summary(lesson, "B. It swings")
    lesson.execute_script("arguments[0].focus(); arguments[0].scrollIntoView({behavior: 'instant'})", choice)
    before = height_on_screen(lesson, choice)
    choice.send_keys(ENTER)
    wait(lambda: is_open(lesson) == [True, True, False], "the results")
    assert lesson.switch_to.active_element == choice
    assert height_on_screen(lesson, choice) == pytest.approx(before, abs=1), "the page jumped"
    wait(lambda: "2 results" in status.get_attribute("textContent"), "the announcement")
    status_before = status.get_attribute("textContent")
    summary(lesson, "A. It arrives").send_keys(ENTER)  # they are open already: nothing to say
    wait(lambda: find(lesson, "details.choice").get_attribute("open"), "the choice")
    assert status.get_attribute("textContent") == status_before


def test_a_result_can_be_opened_by_itself(lesson):
    press(lesson, summary(lesson, "Show the swinging"))
    assert is_open(lesson) == [True, False, False]


def test_a_prediction_that_nothing_answers_opens_nothing_else(lesson):
    boxes = lesson.find_elements("css selector", "details.predict")
    press(lesson, boxes[1].find_element("css selector", "summary"))
    assert "nobody knows" in read(lesson)
    assert is_open(lesson) == [False, False, False]


def test_a_hidden_player_comes_alive_when_it_is_opened(lesson):
    board = find(lesson, ".player-map")
    assert not board.is_displayed()
    size(lesson, 390)  # it is laid out anew when it is seen
    press(lesson, summary(lesson, "B. It swings"))
    wait(board.is_displayed, "the player")
    wait(lambda: 300 < board.rect["width"] < 390, "the player, on a phone")
    drawn = float(board.get_dom_attribute("viewBox").split()[2])
    assert drawn == pytest.approx(board.rect["width"], abs=3)
    find(lesson, ".player-live").send_keys(SPACE)
    assert find(lesson, ".player-counter").text == "step 1 of 30"
    assert not find(lesson, "img.player-still").is_displayed()


@pytest.mark.parametrize(
    "place, opened", [("up-and-down", [True, True, False]), ("figure", [False, True, False])]
)
def test_a_link_into_something_hidden_opens_it(lesson, page, place, opened):
    press(lesson, find(lesson, f'a[href="#{place}"]'))
    wait(lambda: is_open(lesson) == opened, "what the link leads to")
    lesson.get("about:blank")
    lesson.get(f"{page.as_uri()}#{place}")
    wait(lambda: is_open(lesson) == opened, "what the address leads to")
    target = find(lesson, f"#{place}")
    wait(lambda: 0 <= height_on_screen(lesson, target) < 900, "the place, scrolled into view")


def test_nothing_is_remembered(lesson):
    press(lesson, summary(lesson, "A. It arrives"))
    assert is_open(lesson) == [True, True, False]
    lesson.refresh()
    assert is_open(lesson) == [False, False, False]


def test_without_scripts_they_are_boxes_that_one_opens(page, driver):
    size(driver, 1280)
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get(page.as_uri())
        assert "In the open." in heard(driver)
        assert "Result" not in heard(driver) and "Reply" not in heard(driver)
        click_without_scripts(driver, "details.answer > summary")
        wait(lambda: "Result 1: it swings." in heard(driver), "the result")
        click_without_scripts(driver, "details.choice > summary")
        wait(lambda: "Reply to A." in heard(driver), "the reply")
        assert "Result 2" not in heard(driver)
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def heard(driver):
    """All that the page says to people who listen, which needs no script: what is hidden is not said."""
    nodes = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return "\n".join(node["name"]["value"] for node in nodes if node["role"]["value"] == "StaticText")


def click_without_scripts(driver, selector):
    def ask(command, **arguments):
        return driver.execute_cdp_cmd(f"DOM.{command}", arguments)

    root = ask("getDocument")["root"]["nodeId"]
    node = ask("querySelector", nodeId=root, selector=selector)["nodeId"]
    ask("scrollIntoViewIfNeeded", nodeId=node)
    left, top, _, _, right, bottom, *_ = ask("getBoxModel", nodeId=node)["model"]["content"]
    place = {"x": (left + right) / 2, "y": (top + bottom) / 2, "button": "left", "clickCount": 1}
    for kind in ("mousePressed", "mouseReleased"):
        driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, **place})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_their_words_stand_out_and_are_large_enough_for_a_finger(lesson, theme):
    """WCAG asks 4.5 : 1 for text, and 24 pixels."""
    at_once = "<style>* { transition: none !important }</style>"
    lesson.execute_script("document.head.insertAdjacentHTML('beforeend', arguments[0])", at_once)
    for opened in (False, True):
        lesson.execute_script(
            "document.documentElement.dataset.theme = arguments[0];"
            "for (const fold of document.querySelectorAll('details.answer')) fold.open = arguments[1]",
            theme,
            opened,
        )
        for name in lesson.find_elements("css selector", "details.answer > summary"):
            assert name.rect["height"] >= 24
            ink, paper = (luminance(color) for color in lesson.execute_script(INK_AND_PAPER, name))
            assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5
            assert (paper > 0.5) == (theme == "light")


# The colour of a text, and the first colour behind it.
INK_AND_PAPER = """
let behind = arguments[0];
while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
return [getComputedStyle(arguments[0]).color, getComputedStyle(behind).backgroundColor];
"""


def luminance(color):
    """By the formula of the WCAG, of "rgb(1, 2, 3)"."""
    parts = [int(part) / 255 for part in re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", color).groups()]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- on paper ----------------------------------------------------------------------------------------------


def print_it(driver):
    """Print the page. Returns the lines that went to paper, in order."""
    # Listeners are called in the order in which they came: the page's own was there before. On paper a player
    # is its picture, and nothing is said twice.
    driver.execute_script(
        "window.paper = null;"
        "addEventListener('beforeprint', () => {"
        f"  const lines = {LINES}.filter((line) => !line.closest('.player-live, .printed-again'));"
        "  window.paper = lines.map((line) => line.textContent.trim()).filter(Boolean) }, {once: true})"
    )
    driver.execute_cdp_cmd("Page.printToPDF", {})
    return wait(lambda: driver.execute_script("return window.paper"), "the paper")


def test_on_paper_what_answers_a_prediction_stands_at_the_end(lesson):
    # The last thing that a page does of itself.
    wait(lambda: find(lesson, ".player-status").get_attribute("textContent"), "the player's first words")
    before = find(lesson, ".bd-article").get_attribute("innerHTML")
    paper = print_it(lesson)
    end = paper.index("Answers to the predictions")
    questions, answers = paper[:end], paper[end + 1 :]
    assert not re.search("Reply|Reason|Result|Reading|code = 2", " ".join(questions))
    notes = [line for line in questions if line.startswith("Answer")]
    assert notes == [f"Answer {k}: at the end." for k in (1, 1, 1, 2, 3)]
    assert {"Evidence against it.", "In the open.", "The last words."} <= set(questions)
    expected = [
        "Answer 1",
        "A. It arrives",
        "No. Reply to A.",
        "B. It swings, up and down",
        "Right. Reply to B.",
        "Result 1: it swings.",
        "code = 2",  # which draws the player, and so may tell what it shows
        "Answer 2",
        "Reason: eight.",
        "code = 1",
        "Result 2: eight.",
        "Reading 2: eight.",
        "And a list.",
        "Answer 3",
        "Reason: nobody knows.",
    ]
    assert answers == expected
    wait(lambda: find(lesson, ".bd-article").get_attribute("innerHTML") == before, "the page as it was")
    assert print_it(lesson) == paper, "the second time"


def test_on_paper_what_the_reader_has_opened_stays_in_its_place(lesson):
    choice = summary(lesson, "B. It swings")
    press(lesson, choice)
    assert is_open(lesson) == [True, True, False]
    press(lesson, choice)  # closed again: the reader knows it all the same
    paper = print_it(lesson)
    end = paper.index("Answers to the predictions")
    assert paper.index("No. Reply to A.", 0, end) < paper.index("Result 1: it swings.", 0, end)
    assert [line for line in paper[:end] if line.startswith("Answer")] == [
        f"Answer {k}: at the end." for k in (1, 2)
    ]
    assert "Reason: eight." in paper[end:]


def test_on_paper_nothing_is_said_of_answers_where_all_are_known(lesson):
    for fold in lesson.find_elements("css selector", "details:is(.predict, .choice) > summary"):
        press(lesson, fold)
    assert is_open(lesson) == [True, True, True]
    assert not any(line.startswith("Answer") for line in print_it(lesson))


def test_on_paper_a_hidden_player_is_its_picture(lesson):
    lesson.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        lesson.execute_script("dispatchEvent(new Event('beforeprint'))")
        end = find(lesson, ".printed-answers")
        assert end.is_displayed() and end.find_element("css selector", "img").is_displayed()
        assert not any(live.is_displayed() for live in end.find_elements("css selector", ".player-live"))
        hidden = lesson.find_elements("css selector", "div.cell > details, .folds-status, .printed-again")
        assert len(hidden) == 8 and not any(node.is_displayed() for node in hidden)
    finally:
        lesson.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    lesson.execute_script("dispatchEvent(new Event('afterprint'))")
    assert not lesson.find_elements("css selector", ".printed-answers, .printed-note")
