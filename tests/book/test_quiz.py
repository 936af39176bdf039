"""A quiz counts and remembers the first choices, in a real browser."""

import pytest
from browser import find, wait
from small_page import write

QUESTION = """<p>{number}. What happens?</p>
<details class="choice"><summary>A. It arrives{number}</summary><p>No.</p></details>
<details class="choice right"><summary>B. It swings{number}</summary><p>Right.</p></details>
<details class="choice"><summary>C. Nothing{number}</summary><p>No.</p></details>
"""
OUTSIDE = '<section><details class="choice right"><summary>No question here</summary></details></section>'


def page(*numbers):
    questions = "".join(QUESTION.format(number=number) for number in numbers)
    quiz = f'<section>{questions}<p class="quiz-score"></p></section>'
    return f'<article class="bd-article">{OUTSIDE}{quiz}</article>'


@pytest.fixture
def quiz(driver, tmp_path):
    def opened(*numbers, name="1_6_recap"):
        driver.get(write(tmp_path / f"{name}.html", page(*numbers)).as_uri())
        wait(lambda: driver.find_elements("css selector", ".quiz-score span"), "the score", seconds=30)
        return driver

    opened(1)
    driver.execute_script("localStorage.clear()")
    return opened


def score(driver):
    return find(driver, ".quiz-score span").text


def choose(driver, words):
    summaries = driver.find_elements("css selector", "summary")
    next(each for each in summaries if each.text.startswith(words)).click()


def marked(driver):
    return [
        mark.find_element("xpath", "..").text.split(" (")[0]
        for mark in driver.find_elements("css selector", ".quiz-first")
    ]


def counts(driver, text):
    wait(lambda: score(driver).startswith(text), f"{text!r}, not {score(driver)!r}", seconds=10)


def test_the_first_choice_counts_and_what_is_opened_afterwards_does_not(quiz):
    page = quiz(1, 2, 3)
    counts(page, "None of the 3 questions is answered yet.")
    assert not find(page, ".quiz-forget").is_displayed()
    choose(page, "A. It arrives1")
    counts(page, "Right at the first choice: 0 of 1; 2 to go. Kept in this browser only.")
    choose(page, "B. It swings1")
    choose(page, "B. It swings2")
    counts(page, "Right at the first choice: 1 of 2; 1 to go.")
    choose(page, "C. Nothing3")
    counts(page, "Right at the first choice: 1 of 3. Kept")
    assert marked(page) == ["A. It arrives1", "B. It swings2", "C. Nothing3"]


def test_choices_outside_of_the_quiz_do_not_count(quiz):
    page = quiz(1)
    choose(page, "No question here")
    choose(page, "B. It swings1")
    counts(page, "Right at the first choice: 1 of 1.")
    assert marked(page) == ["B. It swings1"]


def test_the_next_visit_finds_them_by_what_the_question_says(quiz):
    page = quiz(1, 2)
    choose(page, "B. It swings2")
    counts(page, "Right at the first choice: 1 of 1; 1 to go.")
    page = quiz(2, 3, 1)  # a later edition: one question more, and another order
    counts(page, "Right at the first choice: 1 of 1; 2 to go.")
    assert marked(page) == ["B. It swings2"]
    assert not page.find_elements("css selector", "details[open]")  # one can try again
    page = quiz(1, 2, name="2_7_recap")
    counts(page, "None of the 2 questions")


def test_forgetting_closes_and_counts_anew(quiz):
    page = quiz(1, 2)
    choose(page, "B. It swings1")
    counts(page, "Right at the first choice: 1 of 1")
    find(page, ".quiz-forget").click()
    counts(page, "None of the 2 questions")
    assert not marked(page) and not page.find_elements("css selector", "details[open]")
    assert page.switch_to.active_element.text == "A. It arrives1"
    counts(quiz(1, 2), "None of the 2 questions")
    choose(page, "A. It arrives1")
    counts(page, "Right at the first choice: 0 of 1")


def test_a_browser_that_keeps_nothing_is_no_fault(quiz, driver):
    refuse = "Storage.prototype.setItem = () => { throw new Error('full'); };"
    refuse += "Storage.prototype.getItem = () => { throw new Error('refused'); };"
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": refuse})
    try:
        page = quiz(1, 2)
        choose(page, "B. It swings1")
        counts(page, "Right at the first choice: 1 of 1; 1 to go. Your browser keeps it only until you leave")
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
