"""Each challenge is solved by what solves it, and by nothing that does not: in CPython, and in a browser."""

import lab_page
import pytest
from browser import find, size, wait
from lab_answers import RIGHT, WRONG
from lab_page import ASK, answered
from test_lab_browser import opened, run, said, write

from tools import lab_library


def request(challenge, changes, sliders):
    beginning = lab_library.library()["challenges"][challenge]
    asked = lab_page.request(beginning["rule"], beginning["landscape"])
    known = text = asked["text"]
    for before, after in changes:
        assert before in text, f"{challenge}: {before!r} is not there"
        text = text.replace(before, after)
    hyper = {**asked["hyper"], **sliders}
    more = {"challenge": challenge, "known": known, "without": beginning["without"]}
    return {**asked, **more, "text": text, "hyper": hyper}


def test_each_challenge_has_right_answers_and_wrong_ones():
    challenges = set(lab_library.library()["challenges"])
    assert {one[0] for one in RIGHT.values()} == challenges
    for challenge in challenges:
        assert sum(one[0] == challenge for one in WRONG.values()) >= 3


@pytest.mark.parametrize("name", RIGHT)
def test_what_solves_it_does(name):
    assert answered(request(*RIGHT[name]))["missing"] == ""


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_is_told_what_is_missing(name):
    *ask, words = WRONG[name]
    answer = answered(request(*ask))
    assert words in (answer.get("missing") or answer["error"])


@pytest.fixture
def page(tmp_path, driver):
    file = lab_page.write(tmp_path)
    size(driver, 1280)
    driver.get(file.as_uri())
    driver.execute_script("localStorage.clear()")
    return opened(driver, file.as_uri())


@pytest.mark.deep
def test_the_browser_judges_as_cpython_does(page):
    asks = [request(*answer) for answer in RIGHT.values()]
    asks += [request(*answer) for *answer, _ in WRONG.values()]
    for ask, answer in zip(asks, page.execute_async_script(ASK, asks), strict=True):
        expected = answered(ask)
        if "error" not in expected:
            assert answer == expected
        assert answer.get("missing") == expected.get("missing") and answer.get("line") == expected.get("line")


@pytest.mark.deep
def test_a_challenge_is_taken_on_solved_and_remembered(page):
    page.execute_script("document.querySelector('.lab-challenges').open = true")
    take = page.find_elements("css selector", ".lab-challenges button")
    assert find(page, ".lab-challenges summary").text == "Challenges: 0 of 4 solved"
    take[0].click()
    run(page)
    wait(lambda: "Challenge: not yet." in said(page), "the verdict", seconds=60)
    text = find(page, ".editor-text").get_attribute("value")
    write(page, text.replace("m / (1 - beta1**t)", "m").replace("v / (1 - beta2**t)", "v"))
    run(page)
    wait(lambda: said(page).startswith("Challenge solved: Make Adam's first step"), "the praise", seconds=60)
    assert find(page, ".lab-challenges summary").text == "Challenges: 1 of 4 solved"
    again = opened(page, page.current_url)
    assert find(again, ".lab-challenges summary").text == "Challenges: 1 of 4 solved"
