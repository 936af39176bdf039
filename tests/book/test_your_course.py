"""What the reader did is remembered, shown, taken along and cleared; nothing leaves the browser."""

import json

import pytest
from browser import find, size, wait
from small_page import write

LESSON = """<article class="bd-article"><section><p>What happens?</p>
<details class="choice"><summary>A. It arrives</summary><p>No.</p></details>
<details class="choice right"><summary>B. It swings</summary><p>Right.</p></details>
<p>And then?</p>
<details class="predict"><summary>Show the answer</summary><p>Eight.</p></details>
<div style="height: 4000px"></div><p>The end.</p></section></article>"""
QUIZ = """<article class="bd-article"><section><p>1. What happens?</p>
<details class="choice"><summary>A. It arrives</summary><p>No.</p></details>
<details class="choice right"><summary>B. It swings</summary><p>Right.</p></details>
<p>2. And what then?</p>
<details class="choice right"><summary>A. Nothing</summary><p>Right.</p></details>
<p class="quiz-score"></p></section></article>"""
YOURS = """<nav class="bd-sidebar-primary">{links}</nav>
<article class="bd-article"><section><div class="your-course"></div></section></article>"""
LESSONS = ["1_4_loss_landscape", "1_6_recap", "3_1_optimizers"]


@pytest.fixture
def book(driver, tmp_path):
    """A function that opens a lesson, or the page of what was done; nothing is remembered at first."""
    size(driver, 1280)
    folder = tmp_path / "part1"
    folder.mkdir()
    links = "".join(
        f'<a class="reference internal" href="./part1/{name}.html">{name}</a>' for name in LESSONS
    )
    pages = {name: write(folder / f"{name}.html", LESSON) for name in LESSONS}
    pages["1_6_recap"] = write(folder / "1_6_recap.html", QUIZ)
    pages["your_course"] = write(tmp_path / "your_course.html", YOURS.format(links=links))
    driver.get(pages["your_course"].as_uri())
    driver.execute_script("localStorage.clear()")

    def opened(name):
        driver.get("about:blank")
        driver.get(pages[name].as_uri())
        return driver

    return opened


def press(driver, words):
    summaries = driver.find_elements("css selector", "summary")
    next(each for each in summaries if each.text.startswith(words)).click()


def kept(driver):
    return json.loads(driver.execute_script("return JSON.stringify(localStorage)"))


def waits_for(driver, name, words):
    key = f"learn-the-training-loop:{name}"
    wait(lambda: words in kept(driver).get(key, ""), f"{words} in {name}", seconds=10)


def rows(driver):
    wait(lambda: driver.find_elements("css selector", ".yours tbody tr"), "the table", seconds=10)
    lines = driver.find_elements("css selector", ".yours tbody tr")
    return [[cell.text for cell in line.find_elements("css selector", "th, td")] for line in lines]


def test_what_was_done_is_shown(book):
    empty = rows(book("your_course"))
    assert empty == [[name, "–", "–", "–"] for name in LESSONS]
    assert find(book("your_course"), ".yours [role=status]").text == "Nothing is remembered yet."

    lesson = book("1_4_loss_landscape")
    press(lesson, "A. It arrives")
    waits_for(lesson, "lesson:1_4_loss_landscape", "wrong")
    press(lesson, "B. It swings")  # too late to count
    press(lesson, "Show the answer")
    waits_for(lesson, "lesson:1_4_loss_landscape", "looked at")
    assert '"read":null' in kept(lesson)["learn-the-training-loop:lesson:1_4_loss_landscape"]
    lesson.execute_script("scrollTo(0, document.body.scrollHeight)")
    waits_for(lesson, "lesson:1_4_loss_landscape", '"read":"20')

    recap = book("1_6_recap")
    press(recap, "B. It swings")
    waits_for(recap, "score:1_6_recap", '"right":1')

    page = book("your_course")
    first, second, third = rows(page)
    assert first[1].startswith("20") and first[2] == "right: 0 of 1; looked at: 1" and first[3] == "–"
    assert second[2] == "none of 0 opened" or second[2] == "–"
    assert second[3] == "1 of 1 right, 1 to go"
    assert third[1:] == ["–", "–", "–"]
    assert "of 3 lessons read to the end; 0 challenges solved." in find(page, ".yours [role=status]").text


def predicted(book):
    """A lesson in which a prediction came out right."""
    lesson = book("3_1_optimizers")
    press(lesson, "B. It swings")
    waits_for(lesson, "lesson:3_1_optimizers", "right")
    return lesson


@pytest.mark.deep
def test_a_second_visit_changes_no_first_choice(book):
    predicted(book)
    lesson = book("3_1_optimizers")
    press(lesson, "A. It arrives")
    press(lesson, "Show the answer")
    waits_for(lesson, "lesson:3_1_optimizers", "looked at")
    assert '"1":"right"' in kept(lesson)["learn-the-training-loop:lesson:3_1_optimizers"]


@pytest.mark.deep
def test_it_is_cleared_only_when_asked_twice_and_takes_nothing_else(book):
    lesson = predicted(book)
    lesson.execute_script("localStorage.setItem('mode', 'dark')")
    page = book("your_course")
    rows(page)
    find(page, "button[aria-label='Clear all of it']").click()
    page.switch_to.alert.dismiss()
    assert rows(page)[2][2] == "right: 1 of 1"
    find(page, "button[aria-label='Clear all of it']").click()
    page.switch_to.alert.accept()
    wait(lambda: rows(page)[2][2] == "–", "the cleared table", seconds=10)
    assert kept(page) == {"mode": "dark"}


@pytest.mark.deep
def test_it_is_exported_as_a_file(book):
    predicted(book)
    page = book("your_course")
    rows(page)
    page.execute_script(
        "window.files = [];"
        "const make = URL.createObjectURL;"
        "URL.createObjectURL = (blob) => (blob.text().then((text) => files.push(text)), make(blob));"
        "HTMLAnchorElement.prototype.click = function () { files.push(this.download); };"
    )
    find(page, "button[aria-label='Export all of it as a file']").click()
    wait(lambda: page.execute_script("return files.length") == 2, "the file", seconds=10)
    found = page.execute_script("return files")
    assert "learn-the-training-loop.json" in found
    (text,) = [each for each in found if each.startswith("{")]
    assert json.loads(text)["lesson:3_1_optimizers"]["predictions"] == {"1": "right"}


@pytest.mark.deep
def test_a_browser_that_keeps_nothing_shows_what_there_is(book, driver):
    refuse = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } });"
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": refuse})
    try:
        page = book("your_course")
        assert rows(page) == [[name, "–", "–", "–"] for name in LESSONS]
        page = book("3_1_optimizers")
        press(page, "B. It swings")
        assert find(page, "details.right").get_attribute("open")
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


@pytest.mark.deep
def test_an_exported_file_is_imported_and_what_is_not_ours_is_left_out(book, driver, tmp_path):
    page = book("your_course")
    rows(page)
    assert not find(page, "button[aria-label='Clear all of it']").is_displayed()
    given = {
        "lesson:3_1_optimizers": {"read": "2026-12-01", "total": 2, "predictions": {"1": "right"}},
        "score:1_6_recap": None,
        "lesson:1_4_loss_landscape": 7,
        "challenges": {"a": {"says": "<b>Begin</b> as Adam", "on": "2026-12-01"}},
        "mode": "dark",
    }
    for name, text, words in [
        ("picture.json", "no JSON", "Nothing was imported: picture.json is no file"),
        ("other.json", '{"mode": "dark"}', "Nothing was imported: other.json is no file"),
        ("mine.json", json.dumps(given), "Imported from mine.json."),
    ]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        find(page, ".yours input[type=file]").send_keys(str(tmp_path / name))
        wait(lambda words=words: words in find(page, ".yours").text, words, seconds=10)
    assert rows(page)[2] == ["3_1_optimizers", "2026-12-01", "right: 1 of 1", "–"]
    assert rows(page)[0][1:] == rows(page)[1][1:] == ["–", "–", "–"]
    assert "<b>Begin</b> as Adam (2026-12-01)" in find(page, ".yours").text
    assert set(kept(page)) == {
        "learn-the-training-loop:lesson:3_1_optimizers",
        "learn-the-training-loop:challenges",
    }
    assert find(page, "button[aria-label='Clear all of it']").is_displayed()

    other = {"challenges": {"b": {"says": "Write Lion", "on": "2026-12-02"}}}
    (tmp_path / "other.json").write_text(json.dumps(other), encoding="utf-8")
    find(page, ".yours input[type=file]").send_keys(str(tmp_path / "other.json"))
    wait(lambda: "Write Lion" in find(page, ".yours").text, "both challenges", seconds=10)
    assert "as Adam (2026-12-01)" in find(page, ".yours").text
