"""Who changes what judges gets no points for wrong answers, or a look; who does nothing wrong gets none."""

import html
import re

import cheats
import nbformat
import pytest
import runs
from cheats import CHEATS, INNOCENT, LOOP, RULES

from course_lib.checks import questions
from tools.nbgrader_course import HIDDEN

pytestmark = [pytest.mark.sandboxed, pytest.mark.deep]

# Of the unseen tests' text, what is no message: these words stand nowhere else.
SECRETS = ["the.learned(learn, [3.0], [1.0], 0.05, 0", "made_up(100 * seed", "The unseen tests of assignment"]
LEAKS = [(way, say) for way in cheats.LEAKS for say in cheats.SAYS]
FULL = {slug: sum(one.points for one in questions(slug).values()) for slug in (LOOP, RULES)}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """One run over all of them: its table, what it said, and where the results are."""
    folder = tmp_path_factory.mktemp("class")
    peek = cheats.PEEK.format(backwards=[one[::-1] for one in SECRETS])
    class_ = {f"cheat.{name}": make() for name, make in CHEATS.items()}
    class_ |= {f"innocent.{name}": make() for name, make in INNOCENT.items()}
    class_ |= {f"leak.{way}.{say}": cheats.leak(way, say) for way, say in LEAKS}
    class_["peeks"] = cheats.right(peek)
    class_["peeks"][1].cells.append(nbformat.v4.new_code_cell(peek))
    for student, (slug, nb) in class_.items():
        path = folder / "in" / student / slug / f"{slug}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(nb, path)
    status, said = runs.here(folder / "in", "--out", folder / "out")
    assert "Traceback" not in said
    table = runs.table(folder / "out")
    rows = {row["student"]: row for row in table if row["assignment"] == class_[row["student"]][0]}
    return rows, said, folder / "out"


def test_the_secrets_are_in_the_hidden_tests():
    text = (HIDDEN / f"{LOOP}.py").read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret not in text] == []


@pytest.mark.parametrize("name", CHEATS)
def test_wrong_answers_get_no_points_or_a_look(judged, name):
    row = judged[0][f"cheat.{name}"]
    no_points = row["total"] in ("", "0")
    assert no_points or "look" in row["status"], (row["total"], row["status"])
    if "look at this one" in row["status"]:
        assert row["total"] == ""


@pytest.mark.parametrize("name", INNOCENT)
def test_who_does_nothing_wrong_gets_all_points_and_no_look(judged, name):
    row = judged[0][f"innocent.{name}"]
    most = FULL[row["assignment"]]
    assert (float(row["total"] or -1), "look" in row["status"]) == (most, False), (
        row["total"],
        row["status"],
    )


def squeezed(words):
    return "".join(words.split())


def text_of(out, student):
    """The words of a page, without spaces: lines are broken anew there."""
    return squeezed(html.unescape(re.sub(r"<[^>]*>", "", runs.page(out, student, LOOP))))


def code_of_the_unseen():
    """Their lines; but for those with quotes, since what a test says is to be seen."""
    lines = map(squeezed, (HIDDEN / f"{LOOP}.py").read_text(encoding="utf-8").splitlines())
    return {line for line in lines if len(line) > 15 and not set(line) & set("'\"\\")}


@pytest.mark.parametrize("way, say", LEAKS)
def test_the_page_has_nothing_of_the_unseen_tests(judged, way, say):
    rows, _, out = judged
    student = f"leak.{way}.{say}"
    if rows[student]["total"]:
        words, usual = text_of(out, student), text_of(out, "innocent.plain")
        assert [line for line in code_of_the_unseen() if line in words and line not in usual] == []
        assert [secret for secret in map(squeezed, SECRETS) if secret in words] == []
        # Nor much in another writing.
        assert max(map(len, re.findall(r"[\w+/=]+", words.replace("\\n", ""))), default=0) < 1000


def test_before_the_last_cell_is_over_the_process_has_nothing_of_the_unseen_tests(judged):
    rows, _, out = judged
    said = runs.printed(runs.graded(out, "peeks", LOOP))
    assert said.count("LOOKING") == 2
    assert "FOUND" not in said
    assert float(rows["peeks"]["total"]) == FULL[LOOP]


def test_the_instructor_is_told_whom_to_look_at(judged):
    rows, said, _ = judged
    looked = {name for name, row in rows.items() if "look:" in row["status"]}
    assert looked
    listed = said.partition("Look at these, too:")[2].splitlines()[0]
    assert {one.split(",")[0].strip() for one in listed.rstrip(".").split(";")} == looked
