"""A claim keeps its answer where a change of the library changes no number, and only there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_claims_tool import CHECK, DRAW, MEAN, ROOT, SETUP, UNUSED, ask, stored

from tools import claims, same_library

LINE = "2 * x + 3 + noise"
NO_CHANGE, SMALL_CHANGE = (LINE, "3 + 2 * x + noise"), (LINE, "2 * x + 3.0001 + noise")


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """A lesson whose claims were asked with the library as it is."""
    path = stored(tmp_path_factory.mktemp("asked"), SETUP, DRAW, UNUSED, MEAN, CHECK)
    assert ask(path)[1] == 0
    return path


@pytest.fixture
def asked(answers, tmp_path):
    return Path(shutil.copytree(answers.parent, tmp_path / "asked"), answers.name)


def changed(folder, old, new):
    """A folder with these tools and a library in which `noisy_line` is another one."""
    for name in ("tools", "course_lib"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    text = (folder / "course_lib" / "datasets.py").read_text()
    assert text.count(old) == 1
    (folder / "course_lib" / "datasets.py").write_text(text.replace(old, new))
    return folder


def carried(path, here):
    """What comes of it in a folder where the library is another one than the answers were found with."""
    code = (
        "import sys; from pathlib import Path; from tools import same_library\n"
        "print(same_library.carry(Path(sys.argv[1]), Path(sys.argv[2])))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(path), str(ROOT)],
        cwd=here,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(here)},
    )
    assert run.returncode == 0, run.stderr
    return eval(run.stdout)


def test_a_change_that_moves_no_number_keeps_the_answers(asked, tmp_path):
    before = json.loads(claims.store(asked).read_text())
    here = changed(tmp_path / "here", *NO_CHANGE)
    assert carried(asked, here) == (2, 0)
    after = json.loads(claims.store(asked).read_text())
    assert after["next"] > before["next"]
    assert [c["key"] for c in after["claims"]] != [c["key"] for c in before["claims"]]
    assert [c | {"key": ""} for c in after["claims"]] == [c | {"key": ""} for c in before["claims"]]
    assert carried(asked, here) == (0, 0)


def test_a_change_that_moves_the_fifth_digit_does_not(asked, tmp_path):
    assert carried(asked, changed(tmp_path / "here", *SMALL_CHANGE)) == (1, 1)
    kept = [entry["code"] for entry in json.loads(claims.store(asked).read_text())["claims"]]
    assert kept == ["0 <= draw <= 1", "2 + len(x) == 1002"]


def test_an_answer_of_yet_another_library_is_not_kept(asked, tmp_path):
    text = claims.store(asked).read_text()
    claims.store(asked).write_text(text.replace('"key": "', '"key": "x'))
    kept, left = carried(asked, changed(tmp_path / "here", *NO_CHANGE))
    assert (kept, left) == (0, 3)


@pytest.mark.parametrize(
    "here, then, same",
    [
        ("aba", "aba", True),
        ("aba", "aca", False),
        ("abx", "aca", True),  # the same run compares something else: the clock
        ("abX", "aca", False),  # and did not hold
        ("abx", "Aca", False),
        ("   ", "   ", False),  # no run comes by
        ("ab ", "aba", False),
    ],
)
def test_what_is_alike(here, then, same):
    def said(letters):
        return [None if one == " " else [one.islower(), "", one, 1] for one in letters]

    assert same_library.alike(said(here), said(then)) is same


def test_a_commit_that_git_does_not_know_is_said(capsys):
    assert same_library.main(["no-such-commit"]) == 1
    assert "git has no library of no-such-commit" in capsys.readouterr().err
