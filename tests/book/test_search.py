"""The search shows the passage, from a disk too, lands on it, and marks what was asked for."""

import json
from urllib.parse import urlencode

import pytest
from browser import size, wait

from tools import passages

ASKED = [
    ("saddle point", "1_4_loss_landscape", "saddle"),
    ("learning rate too high", "1_4_loss_landscape", "learning rate"),
    ("epochs", "1_3_batch_vs_stochastic", "epoch"),
    ("zero_grad", "1_1_training_loop", "zero_grad"),
    ("bias correction", "3_1_optimizers", "bias correction"),
    ("bias correction", "glossary", "bias correction"),
]
IN_SIGHT = """
const marks = [...document.querySelectorAll(".bd-article mark")].filter((m) => m.getClientRects().length);
return marks.some((m) => {
  const { top, bottom } = m.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
});
"""
MARKED = "return [...document.querySelectorAll('.bd-article mark')].map((m) => m.textContent).join(' ')"


def results(driver, book, question):
    driver.get("about:blank")
    size(driver, 1280)
    driver.get((book.folder / "search.html").as_uri() + "?" + urlencode({"q": question}))
    wait(lambda: driver.find_elements("css selector", "#search-results p.passage"), "a passage", 30)
    return driver.find_elements("css selector", "#search-results ul.search > li")


@pytest.mark.deep
@pytest.mark.parametrize("question, page, marked", ASKED)
def test_a_result_shows_its_passage_and_leads_there(driver, book, question, page, marked):
    found = results(driver, book, question)
    driver.get_log("browser")
    one = next(li for li in found if page in li.find_element("css selector", "a").get_attribute("href"))
    passage = one.find_element("css selector", "p.passage")
    shown = " ".join(mark.text.lower() for mark in passage.find_elements("css selector", "mark"))
    assert any(word in shown for word in marked.split()), (shown, passage.text)
    assert "\\(" not in passage.text and len(passage.text) < 300
    address = one.find_element("css selector", "a").get_attribute("href")
    assert "#" in address
    driver.get(address)
    wait(lambda: driver.execute_script(IN_SIGHT), f"a mark of {question} in sight", 30)
    words = driver.execute_script(MARKED).lower()
    assert all(word in words for word in marked.split()), words
    assert "highlight" not in driver.current_url
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.deep
def test_the_marks_go_by_escape_or_the_button_and_leave_the_text_as_it_was(driver, book):
    page = next(page for page in book.pages if page.name == "1_4_loss_landscape.html")
    text = "return [...document.querySelectorAll('.bd-article li > p')].map((p) => p.textContent)"
    driver.get("about:blank")
    driver.get(page.as_uri())
    wait(lambda: driver.execute_script("return !!document.querySelector('mjx-container')"), "formulas")
    before = driver.execute_script(text)
    assert any("saddle" in each for each in before)
    for leave in ("button", "key"):
        driver.get("about:blank")
        driver.get(page.as_uri() + "?highlight=saddle")
        wait(lambda: driver.execute_script("return !!document.querySelector('mjx-container')"), "formulas")
        wait(lambda: driver.find_elements("css selector", ".bd-article mark"), "a mark")
        if leave == "button":
            driver.find_element("css selector", "p.found button").click()
        else:
            driver.find_element("css selector", "body").send_keys("\ue00c")
        assert driver.find_elements("css selector", ".bd-article mark, p.found") == []
        assert driver.execute_script(text) == before


@pytest.mark.deep
def test_a_fold_in_which_the_first_mark_stands_is_opened(driver, book):
    file, fold = next(
        (file, fold)
        for file, soup in book.pages.items()
        for fold in soup.select(".bd-article details.solution")
        if (words := fold.get_text().split()) and len(words) > 20
    )
    own = {word for word in fold.get_text().lower().split() if word.isalpha() and len(word) > 7}
    rest = book.pages[file].select_one(".bd-article").get_text().lower().replace(fold.get_text().lower(), "")
    word = next(word for word in sorted(own) if word[:6] not in rest)
    driver.get("about:blank")
    driver.get(f"{file.as_uri()}?highlight={word}")
    wait(lambda: driver.execute_script(IN_SIGHT), f"{word} in sight, on {file.name}")


@pytest.mark.deep
@pytest.mark.parametrize("text", ["<b>bold</b>", "(", "a", "", '"', "l.l", "…"])
def test_any_question_is_harmless(driver, book, text):
    driver.get_log("browser")
    for page in ("search.html?" + urlencode({"q": text}), "intro.html?" + urlencode({"highlight": text})):
        driver.get("about:blank")
        driver.get((book.folder / page.partition("?")[0]).as_uri() + "?" + page.partition("?")[2])
        wait(lambda: driver.execute_script("return document.readyState") == "complete", "the page")
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []
    assert driver.find_elements("css selector", "#search-results b, .bd-article > p.found b") == []


def test_sentences_and_code_are_apart_and_each_term_has_its_own(book):
    text = (book.folder / "_static" / passages.NAME).read_text(encoding="utf-8")
    pages = json.loads(text.removeprefix(passages.BEGIN).removesuffix(passages.END))
    lesson = pages["chapters/part1_by_hand/1_1_training_loop"]
    assert any("import functools import random" in code for _, _, code in lesson)
    assert not any("import functools import random" in words for _, words, _ in lesson)
    terms = {id: words for id, words, _ in pages["chapters/reference/glossary"]}
    assert terms["term-bias-correction"].startswith("bias correction Dividing a running mean by …")


@pytest.mark.deep
def test_the_texts_are_loaded_by_the_search_alone(driver, book):
    assert (book.folder / "_static" / "passages.js").stat().st_size < 2_000_000
    loaded = [file for file, soup in book.pages.items() if soup.select("script[src*='passages']")]
    assert loaded == []
