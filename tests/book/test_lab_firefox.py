"""The lab in Firefox: what it computes is what CPython does, from a disk and from a server."""

import lab_page
import pytest
from firefox import firefox, missing
from lab_answers import RIGHT, WRONG
from lab_page import answered, how_far_off, request, scheduled, served
from test_lab import LANDSCAPES, RULES, SCHEDULES, TEXTS
from test_lab_challenges import request as challenged

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(bool(missing()), reason=f"{missing()}: the lab was not tried in one"),
]

ASK = """
const [requests] = given, { ask } = courseParts.worker({ dom: courseParts.dom() });
return Promise.all(requests.map(ask));
"""
RUN = """
const wait = async (found) => { while (!found()) await new Promise((done) => setTimeout(done, 20)); };
const one = (selector) => document.querySelector(selector);
await wait(() => one(".lab-live"));
const begun = performance.now();
one(".lab-stage > .lab-bar .player-play").click();
await wait(() => /updates|error/.test(one(".lab-status").textContent));
const names = [...document.querySelectorAll(".player-label")].map((label) => label.textContent);
return { names, error: one(".editor-error").textContent, took: performance.now() - begun };
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return lab_page.write(tmp_path_factory.mktemp("lab")).parent


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    with firefox(tmp_path_factory.mktemp("firefox")) as opened:
        yield opened


@pytest.fixture(scope="module", params=["disk", "server"])
def lab(request, window, folder):
    with served(folder) as address:
        place = folder.as_uri() if request.param == "disk" else address
        window.get(f"{place}/the_lab.html")
        yield window


def test_its_paths_are_cpython_s(lab):
    """It rounds powers otherwise, now and then; and what begins beside a saddle multiplies differences."""
    asked = {(name, landscape): request(name, landscape) for name in RULES for landscape in LANDSCAPES}
    asked |= {(name, "ravine"): scheduled(name) for name in SCHEDULES}
    for (name, landscape), answer in zip(asked, lab.run(ASK, list(asked.values())), strict=True):
        off = how_far_off(asked[name, landscape], answer)
        assert off < (1e-10 if landscape == "saddle" else 1e-12), (name, landscape)


def test_it_judges_challenges_as_cpython_does(lab):
    asks = [challenged(*answer) for answer in RIGHT.values()]
    asks += [challenged(*answer) for *answer, _ in WRONG.values()]
    for ask, answer in zip(asks, lab.run(ASK, asks), strict=True):
        expected = answered(ask)
        assert answer.get("missing") == expected.get("missing") and answer.get("line") == expected.get("line")


def test_errors_stand_at_their_lines_and_what_never_ends_is_stopped(lab):
    endless = "def sgd(w, g, s, t):\n    while True: pass"
    asks = [request("sgd", "ravine", text=text) for text in (*(text for text, _, _ in TEXTS), endless)]
    *answers, last = lab.run(ASK, asks)
    for (_, line, words), answer in zip(TEXTS, answers, strict=True):
        assert answer["line"] == line and words in answer["error"]
    assert "no answer within 2 seconds" in last["error"]


def test_the_page_runs(lab):
    found = lab.run(RUN)
    print(f"the first run took {found['took']:.0f} ms")
    assert found["names"] == ["Adam"] and not found["error"]
