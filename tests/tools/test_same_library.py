"""A claim keeps its answer where a change of library or lesson changes no number, and only there."""

import json
import shutil

import pytest
import warm
from test_claims_tool import CHECK, DRAW, MEAN, ROOT, SETUP, UNUSED, ask, stored

from tools import claims, same_library

pytestmark = pytest.mark.deep

RATE = "lr = 0.1\nlimit = 1\nlength = 2 * lr"
SHORT = "\n# At this rate a step is shorter than one.\nassert length < limit"
LIBRARY, LESSON = "course_lib/datasets.py", "chapters/lesson.ipynb"
LINE = "2 * x + 3 + noise"
NO_CHANGE, SMALL_CHANGE = (LINE, "3 + 2 * x + noise"), (LINE, "2 * x + 3.0001 + noise")


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """A lesson whose claims were asked with the library as it is."""
    path = stored(tmp_path_factory.mktemp("asked"), SETUP, DRAW, UNUSED, MEAN, RATE, CHECK + SHORT)
    assert ask(path)[1] == 0
    return path


@pytest.fixture
def then(answers, tmp_path):
    """A folder with the course as it was when the claims were asked, and these tools."""
    folder = tmp_path / "then"
    for name in ("tools", "course_lib"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(answers.parent, folder / "chapters")
    return folder


def changed(then, file, *changes):
    """The course as it is here: one file is another one."""
    here = shutil.copytree(then, then.parent / "here")
    text = (here / file).read_text()
    for old, new in changes:
        old, new = (json.dumps(each)[1:-1] if file == LESSON else each for each in (old, new))
        assert text.count(old) == 1
        text = text.replace(old, new)
    (here / file).write_text(text)
    return here


def carried(then, here):
    """How many claims keep their answers, and how many are to be asked."""
    code = (
        "import sys; from pathlib import Path; from tools import same_library\n"
        "same_library.BLOCKS = 1\n"
        "print(same_library.carry(Path(sys.argv[1]), Path(sys.argv[2])))"
    )
    run = warm.python(code, here / LESSON, then, folder=here)
    assert run.returncode == 0, run.stderr
    return eval(run.stdout)


def kept(folder):
    return json.loads(claims.store(folder / LESSON).read_text())


def codes(folder):
    return [entry["code"] for entry in kept(folder)["claims"]]


def test_a_change_that_moves_no_number_keeps_the_answers(then):
    here = changed(then, LIBRARY, NO_CHANGE)
    assert carried(then, here) == (2, 0)
    before, after = kept(then), kept(here)
    assert after["next"] > before["next"]
    assert [c["key"] for c in after["claims"]] != [c["key"] for c in before["claims"]]
    assert [c | {"key": ""} for c in after["claims"]] == [c | {"key": ""} for c in before["claims"]]
    assert carried(then, here) == (0, 0)


def test_a_change_that_moves_the_fifth_digit_does_not(then):
    here = changed(then, LIBRARY, SMALL_CHANGE)
    assert carried(then, here) == (1, 1)
    assert codes(here) == ["0 <= draw <= 1", "2 + len(x) == 1002", "length < limit"]


def test_what_is_new_asserts_otherwise_or_moves_at_other_rates_is_asked_and_the_rest_is_not(then):
    here = changed(
        then,
        LESSON,
        ("mean = y.mean().item()", "mean = (y.sum() / len(y)).item()"),
        ("# The mean is about four.", "assert y.max() < 9\n# The mean is about four."),
        ("abs(mean - 4) < 0.1", "abs(mean - 4) < 0.2"),
        ("length = 2 * lr", "length = 2 * 0.1"),
    )
    assert carried(then, here) == (1, 3)
    assert codes(here) == ["0 <= draw <= 1", "2 + len(x) == 1002"]


def test_an_answer_of_yet_another_library_is_not_kept(then):
    text = claims.store(then / LESSON).read_text()
    claims.store(then / LESSON).write_text(text.replace('"key": "', '"key": "x'))
    assert carried(then, changed(then, LIBRARY, NO_CHANGE)) == (0, 4)


def test_a_lesson_that_was_not_there_has_no_answers(then):
    here = changed(then, LIBRARY, NO_CHANGE)
    (then / LESSON).unlink()
    assert carried(then, here) == (0, 2)


def test_the_course_of_a_commit_has_its_library_its_lessons_and_these_tools():
    with same_library.course_of("HEAD") as root:
        for name in ("course_lib/rules.py", "chapters/part1_by_hand/1_1_training_loop.ipynb"):
            assert (root / name).is_file()
        assert (root / "tools/same_library.py").read_bytes() == (ROOT / "tools/same_library.py").read_bytes()


@pytest.mark.parametrize(
    "here, then, same",
    [
        ("aabm", "aabm", True),
        ("aabm", "aacm", False),
        ("aabm", "aabn", False),  # at another setting
        ("aab ", "aab ", True),  # where it cannot be asked
        ("aab ", "aabm", False),
        ("axbm", "aacn", True),  # the same run compares something else: the clock
        ("axbM", "aacm", False),  # and did not hold
        ("axbm", "aaCm", False),
        ("    ", "    ", False),  # no run comes by
        ("aa m", "aabm", False),
    ],
)
def test_what_is_alike(here, then, same):
    def said(letters):
        return [None if one == " " else [one.islower(), "", one, 1] for one in letters]

    assert same_library.alike(said(here), said(then)) is same


def test_a_commit_that_git_does_not_know_is_said(capsys):
    assert same_library.main(["no-such-commit"]) == 1
    assert "git has no library of no-such-commit" in capsys.readouterr().err


def test_a_notebook_elsewhere_is_said(tmp_path):
    path = stored(tmp_path, SETUP)
    with pytest.raises(claims.ClaimError, match="does not lie in"):
        same_library.carry(path, ROOT)
