"""The lab in a real browser, on a page of its own: the book need not be built."""

from urllib.parse import quote

import lab_page
import pytest
from browser import find, move_slider, size, wait
from lab_page import ASK, how_far_off, request, scheduled
from test_lab import LANDSCAPES, RULES, SCHEDULES, TEXTS

CONTROL, ENTER, RIGHT, TAB = "\ue009", "\ue007", "\ue014", "\ue004"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return lab_page.write(tmp_path_factory.mktemp("lab"))


@pytest.fixture
def lab(page, driver):
    """The page from a disk, with nothing remembered."""
    size(driver, 1280)
    driver.get(page.as_uri())
    driver.execute_script("localStorage.clear()")
    return opened(driver, page.as_uri())


def opened(driver, address):
    driver.get("about:blank")
    driver.get(address)
    wait(lambda: driver.find_elements("css selector", ".lab-live"), "the lab", seconds=30)
    return driver


def run(driver):
    find(driver, ".lab-stage > .lab-bar .player-play").click()
    return settled(driver)


def settled(driver):
    wait(lambda: said(driver) and not said(driver).startswith(("Running", "Press")), "the answer", seconds=60)
    return said(driver)


def said(driver):
    return find(driver, ".lab-status").text


def write(driver, text, nth=0):
    area = driver.find_elements("css selector", ".editor-text")[nth]
    driver.execute_script(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))", area, text
    )


def names(driver):
    return [label.text for label in driver.find_elements("css selector", ".player-label")]


def drawn(driver):
    return find(driver, ".player-map .player-line").get_attribute("d")


def compare(driver, requests):
    for ask, answer in zip(requests, driver.execute_async_script(ASK, requests), strict=True):
        assert how_far_off(ask, answer) < 1e-12, ask["name"]


def test_the_browser_s_paths_are_cpython_s(lab):
    asks = [request(name, "rosenbrock") for name in RULES]
    compare(lab, asks + [scheduled(name) for name in SCHEDULES])


@pytest.mark.deep
def test_so_are_they_on_all_landscapes_and_from_a_server(lab, page):
    requests = [request(name, landscape) for name in RULES for landscape in LANDSCAPES]
    compare(lab, requests)
    with lab_page.served(page.parent) as address:
        compare(opened(lab, f"{address}/{page.name}"), requests)


def test_a_changed_rule_is_drawn_beside_the_library_s(lab):
    assert "100 updates" in run(lab) and names(lab) == ["Adam"]
    text = find(lab, ".editor-text").get_attribute("value")
    write(lab, text.replace("m / (1 - beta1**t)", "m"))
    run(lab)
    wait(lambda: names(lab) == ["Your Adam", "Adam, the library's"], "both paths", seconds=10)
    find(lab, 'button[aria-label="Restore the library\'s Adam"]').click()
    assert find(lab, ".editor-text").get_attribute("value") == text


@pytest.mark.deep
def test_an_error_stands_at_its_line(lab):
    for text, line, words in TEXTS:
        write(lab, text.replace("sgd", "adam"))
        run(lab)
        shown = find(lab, ".editor-error").text
        assert words.replace("sgd", "adam") in shown and shown.startswith(f"Line {line}: ") == bool(line), (
            shown
        )
        assert find(lab, ".editor-text").get_attribute("aria-invalid") == "true"
        assert names(lab) == ["Adam, the library's"]


@pytest.mark.deep
def test_what_never_ends_is_stopped_and_the_next_run_runs(lab):
    text = find(lab, ".editor-text").get_attribute("value")
    write(lab, text.replace("beta1, beta2 = betas", "while True: pass"))
    run(lab)
    assert "no answer within 2 seconds" in find(lab, ".editor-error").text
    write(lab, text)
    assert "100 updates" in run(lab) and names(lab) == ["Adam"]


@pytest.mark.deep
def test_sliders_and_start_act_at_once_and_by_keys(lab):
    run(lab)
    lr = find(lab, ".lab-rule input[type=range]")
    handle = find(lab, ".player-handle")
    for act in (lambda: move_slider(lab, lr, 10), lambda: handle.send_keys(RIGHT)):
        before = drawn(lab)
        act()
        wait(lambda before=before: drawn(lab) != before, "another path", seconds=10)
    assert lr.get_attribute("aria-valuetext") == "0.001"
    assert handle.get_attribute("aria-valuetext") == "x = −1.45, y = 2"
    assert lab.switch_to.active_element == handle, "the focus was lost"


@pytest.mark.deep
def test_the_editor_indents_runs_and_lets_go(lab):
    area = find(lab, ".editor-text")
    write(lab, "")
    area.send_keys("def adam(w, g, s, t):", ENTER, "return w - g, {}")
    assert area.get_attribute("value") == "def adam(w, g, s, t):\n    return w - g, {}"
    area.send_keys(CONTROL + ENTER)
    wait(lambda: "Your Adam" in "".join(names(lab)), "the run", seconds=60)
    find(lab, ".editor-text").send_keys(TAB)
    assert lab.switch_to.active_element != find(lab, ".editor-text")


@pytest.mark.deep
def test_python_comes_with_the_first_run_and_what_it_runs_reaches_nothing(lab):
    loaded = "return [...document.scripts].some((script) => script.src.endsWith('brython.js'))"
    assert not lab.execute_script(loaded)
    run(lab)
    assert lab.execute_script(loaded)
    for module in ("browser", "javascript", "os", "urllib.request"):
        write(lab, f"import {module}\ndef adam(w, g, s, t):\n    return w, {{}}")
        run(lab)
        assert "no modules but math" in find(lab, ".editor-error").text, module


def choose(lab, nth, rule):
    pick(lab, lab.find_elements("css selector", ".lab-rule select")[nth], rule)


def pick(lab, select, value):
    lab.execute_script(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'))", select, value
    )


def reading(lab, label):
    settings = lab.find_elements("css selector", ".lab-rule .player-setting")
    (one,) = [each for each in settings if each.text.startswith(f"{label}\n")]
    return one.text.partition("\n")[2]


@pytest.mark.deep
def test_a_changed_default_moves_its_slider_and_not_the_library_s_rule(lab):
    run(lab)
    text = find(lab, ".editor-text").get_attribute("value")
    library = drawn(lab)
    write(lab, text.replace("betas=(0.9, 0.999)", "betas=(0.999, 0.9)").replace("lr=1e-3", "lr=0.05"))
    run(lab)
    wait(lambda: names(lab) == ["Your Adam", "Adam, the library's"], "both paths", seconds=10)
    readings = [reading(lab, label) for label in ("betas[0]", "betas[1]", "lr")]
    assert readings == ["0.999", "0.9", "0.05"]
    lines = [
        line.get_attribute("d") for line in lab.find_elements("css selector", ".player-map .player-line")
    ]
    assert lines[1] == library != lines[0]
    notes = [note.text for note in lab.find_elements("css selector", ".player-live tbody small")]
    assert notes[0] == "lr 0.05" != notes[1]
    move_slider(lab, find(lab, ".lab-rule input[type=range]"), 10)
    small = ".player-live tbody small"
    wait(lambda: find(lab, small).text == "lr 0.001", "the note follows", seconds=10)


@pytest.mark.deep
def test_a_return_without_a_value_is_told_in_words(lab):
    write(lab, "def adam(w, g, s, t):\n    if t > 1:\n        return\n    return w, s")
    run(lab)
    assert "return without a value" in find(lab, ".editor-error").text
    write(lab, "def adam(w, g, s, t):\n    return w - sqrt(g * g), s")
    run(lab)
    assert "here it is math.sqrt" in find(lab, ".editor-error").text


@pytest.mark.deep
def test_up_to_four_rules_walk_side_by_side(lab):
    for count in (2, 3, 4):
        find(lab, "button[aria-label='Add a rule beside']").click()
        assert len(lab.find_elements("css selector", ".lab-rule")) == count
    assert not find(lab, "button[aria-label='Add a rule beside']").is_displayed()
    titles = [
        select.get_attribute("value") for select in lab.find_elements("css selector", ".lab-rule select")
    ]
    assert len(set(titles)) == 4, "each that is added is another one"
    choose(lab, 1, "lion")
    assert lab.switch_to.active_element == lab.find_elements("css selector", ".lab-rule select")[1]
    choose(lab, 2, "adam")
    choose(lab, 3, "adam")
    run(lab)
    shown = lab.find_elements("css selector", ".player-live tbody label")
    assert [row.text.split(" lr")[0].strip() for row in shown] == ["1. Adam", "2. Lion", "3. Adam", "4. Adam"]
    find(lab, "button[aria-label='Remove Lion 2']").click()
    assert len(lab.find_elements("css selector", ".lab-rule")) == 3


@pytest.mark.deep
def test_a_link_carries_the_set_up_and_runs_nothing(lab):
    find(lab, "button[aria-label='Add a rule beside']").click()
    choose(lab, 1, "adam")
    text = "def adam(w, g, s, t, *, lr=0.1):\n    return w - 2 * lr * g, {}  # <b>ß</b> & '%'"
    write(lab, text, nth=1)
    find(lab, ".player-handle").send_keys(RIGHT)
    address = find(lab, ".lab-link").get_attribute("href")
    lab.execute_script("localStorage.clear()")
    opened(lab, address)
    areas = [area.get_attribute("value") for area in lab.find_elements("css selector", ".editor-text")]
    assert len(areas) == 2 and areas[1] == text and areas[0].startswith("def adam(")
    assert find(lab, ".player-handle").get_attribute("aria-valuetext") == "x = −1.45, y = 2"
    assert "The rule here is not the library's" in said(lab) and "Press Run" in said(lab) and not names(lab)
    assert not lab.execute_script("return [...document.scripts].some((s) => s.src.endsWith('brython.js'))")
    run(lab)
    assert "2. Your Adam" in "".join(names(lab))


ADDRESSES = [
    "{",
    "[]",
    '{"landscape": "__proto__", "rules": [{"name": "adam"}]}',
    '{"landscape": "ravine", "rules": [{"name": "constructor"}]}',
    '{"landscape": "ravine", "rules": []}',
]


@pytest.mark.deep
def test_an_address_is_data_and_what_is_unsound_in_it_is_left_out(lab, page):

    for given in ADDRESSES:
        opened(lab, f"{page.as_uri()}#lab={quote(given)}")
        assert find(lab, ".lab-choice select").get_attribute("value") == "rosenbrock", given
    odd = (
        '{"landscape": "ravine", "start": [1e9, 0], "rules": [{"name": "adam", "text": 7, '
        '"hyper": {"lr": "x", "eps": 0.5, "<b>": 1}}]}'
    )
    opened(lab, f"{page.as_uri()}#lab={quote(odd)}")
    assert find(lab, ".player-handle").get_attribute("aria-valuetext") == "x = 2, y = 0"
    shown = [each.text for each in lab.find_elements("css selector", ".lab-rule .player-setting")]
    assert "eps\n0.5" in shown and not any("<b>" in each for each in shown)
    assert "100 updates" in run(lab)


@pytest.mark.deep
def test_a_schedule_s_multiplier_is_drawn_and_follows_its_slider(driver, tmp_path):
    page = lab_page.write(tmp_path, rules="warmup_cosine", landscape="ravine")
    size(driver, 1280)
    driver.get(page.as_uri())
    driver.execute_script("localStorage.clear()")
    opened(driver, page.as_uri())
    assert find(driver, ".lab-rule label").text == "Schedule"
    run(driver)
    before = curve(driver)
    assert len(before) == 100
    assert min(y for _, y in before) == pytest.approx(before[9][1], abs=0.1), (
        "the peak is at the end of the warmup"
    )
    sliders = driver.find_elements("css selector", ".lab-rule .player-setting")
    (warmup,) = [each for each in sliders if each.text.startswith("warmup\n")]
    move_slider(driver, find(warmup, "input"), 0)
    wait(lambda: curve(driver) != before, "the other curve", seconds=10)
    assert min(y for _, y in curve(driver)) == pytest.approx(curve(driver)[0][1], abs=0.1)


def curve(driver):
    drawn = find(driver, "svg[aria-label^='What the schedule'] .player-line").get_attribute("d")
    return [tuple(map(float, corner.split())) for corner in drawn.removeprefix("M").split("L")]


def press(driver, label):
    find(driver, f'button[aria-label^="{label}"]').click()


@pytest.mark.deep
def test_undo_brings_back_what_was_written_and_runs_it_if_it_ran(lab):
    undo = find(lab, "button[aria-label^='Undo']")
    assert not undo.is_displayed()
    text = find(lab, ".editor-text").get_attribute("value").replace("1 - beta2", "1 - beta1")
    for lose in (
        lambda: choose(lab, 0, "lion"),
        lambda: press(lab, "Start afresh"),
        lambda: press(lab, "Restore"),
        lambda: press(lab, "Add a rule"),
    ):
        write(lab, text)
        run(lab)
        lose()
        undo.click()
        assert find(lab, ".editor-text").get_attribute("value") == text
        assert len(lab.find_elements("css selector", ".lab-rule")) == 1
        wait(lambda: names(lab) == ["Your Adam", "Adam, the library's"], "its paths", seconds=10)
        assert not undo.is_displayed()
    write(lab, text + "# not to be lost")
    press(lab, "Redo")
    assert len(lab.find_elements("css selector", ".lab-rule")) == 2
    undo.click()
    assert find(lab, ".editor-text").get_attribute("value") == text + "# not to be lost"


@pytest.mark.deep
def test_what_changes_is_there_at_the_next_visit_also_after_a_link(lab, page):
    address = find(lab, ".lab-link").get_attribute("href")
    opened(lab, address)
    text = find(lab, ".editor-text").get_attribute("value").replace("1 - beta2", "1 - beta1")
    write(lab, text)
    move_slider(lab, find(lab, ".lab-rule input[type=range]"), 10)
    assert "#lab" not in lab.current_url
    opened(lab, page.as_uri())
    assert find(lab, ".editor-text").get_attribute("value") == text and reading(lab, "lr") == "0.001"
    opened(lab, address)  # another's set-up comes in front of one's own, and takes nothing away
    assert find(lab, ".editor-text").get_attribute("value") != text
    press(lab, "Undo")
    assert find(lab, ".editor-text").get_attribute("value") == text


@pytest.mark.deep
def test_a_run_that_is_pressed_again_is_the_one_that_counts(lab):
    text = find(lab, ".editor-text").get_attribute("value")
    run(lab)
    write(lab, text.replace("beta1, beta2 = betas", "while True: pass"))
    assert said(lab) == "Changed: press Run."
    button = find(lab, ".lab-stage > .lab-bar .player-play")
    button.click()
    write(lab, text)
    button.click()
    assert "100 updates" in settled(lab) and names(lab) == ["Adam"]
    assert find(lab, ".editor-error").text == ""


@pytest.mark.deep
def test_after_an_error_the_library_s_path_stays_and_follows(lab):
    write(lab, "def adam(w, g, s, t, *, lr=0.1):\n    return 1 / 0")
    run(lab)
    before = drawn(lab)
    move_slider(lab, find(lab, ".lab-rule input[type=range]"), 10)
    wait(lambda: names(lab) == ["Adam, the library's"] and drawn(lab) != before, "its path", seconds=10)


@pytest.mark.deep
def test_on_another_landscape_runs_what_has_run(lab):
    def travel(landscape):
        pick(lab, find(lab, ".lab-desk > .lab-bar select"), landscape)

    assert find(lab, ".lab-desk > .lab-bar select").get_attribute("value") == "rosenbrock"
    travel("ravine")
    assert names(lab) == []
    run(lab)
    before = drawn(lab)
    travel("beale")  # in a ravine and in a bowl Adam walks alike
    wait(lambda: names(lab) == ["Adam"] and drawn(lab) != before, "the other path", seconds=10)
    text = find(lab, ".editor-text").get_attribute("value")
    write(lab, text + "\n")  # not yet run
    travel("ravine")
    assert names(lab) == []


@pytest.mark.deep
def test_what_is_alone_may_become_a_schedule_and_the_other_way_round(lab):
    choose(lab, 0, "cosine")
    assert find(lab, ".lab-rule label").text == "Schedule"
    assert "100 updates" in run(lab)
    press(lab, "Add a rule")
    found = lab.find_elements("css selector", ".lab-rule select option[value='adam']")
    assert found == [], "no rule walks beside a schedule"
    press(lab, "Undo")
    choose(lab, 0, "adam")
    assert "100 updates" in run(lab)


@pytest.mark.deep
def test_what_a_rule_prints_is_shown_the_first_lines_of_it(lab):
    printed = find(lab, ".editor-printed")
    run(lab)
    assert not printed.is_displayed()
    write(lab, "def adam(w, g, s, t, *, lr=0.1):\n    print('t is', t, sep=' ')\n    return w, s")
    run(lab)
    lines = printed.text.split("\n")
    assert lines[:3] == ["t is 1", "t is 1", "t is 2"] and lines[-1] == "…" and len(lines) == 13
    write(lab, "def adam(w, g, s, t):\n    print(t)\n    return 1 / 0")
    run(lab)
    assert "ZeroDivisionError" in find(lab, ".editor-error").text and printed.text == "1"


@pytest.mark.deep
def test_a_challenge_is_still_taken_at_the_next_visit_until_it_is_left(lab, page):
    find(lab, ".lab-challenges summary").click()
    find(lab, ".lab-challenges li button").click()
    opened(lab, page.as_uri())
    taken = find(lab, ".lab-taken")
    assert taken.is_displayed()
    assert run(lab).startswith("Challenge: not yet")
    taken.find_element("css selector", "button[aria-label^='Leave it']").click()
    assert lab.find_elements("css selector", ".lab-taken") == []
    opened(lab, page.as_uri())
    assert lab.find_elements("css selector", ".lab-taken") == []


@pytest.mark.deep
def test_the_picture_stands_beside_the_rule_where_there_is_room(lab):
    lab.execute_script("document.querySelector('.lab').style.width = '900px'")
    run(lab)
    rules, stage = find(lab, ".lab-rules"), find(lab, ".player-map")
    assert stage.rect["x"] > rules.rect["x"] + rules.rect["width"] and stage.rect["width"] > 340
    lab.execute_script("document.querySelector('.lab').style.width = '600px'")
    assert stage.rect["y"] > rules.rect["y"] + rules.rect["height"]
    lab.set_window_size(700, 500)
    lab.execute_script("scrollTo(0, 200)")
    button = find(lab, ".lab-stage > .lab-bar .player-play")
    bottom = "return arguments[0].getBoundingClientRect().bottom <= innerHeight"
    assert lab.execute_script(bottom, button), "Run is in sight beside the rule"
