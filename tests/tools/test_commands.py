"""The long commands run all of their parts, say how long each took, and forget nothing."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tools import check, suite
from tools.parts import ROOT, Part, clock, run


def says(status):
    return [sys.executable, "-c", f"import sys; sys.exit({status})"]


def test_a_part_that_fails_stops_no_other(tmp_path, capsys):
    # In a part, too, the second command runs although the first one failed.
    leaves_a_file = [sys.executable, "-c", "open('here', 'w')"]
    parts = [
        Part("one", "fails", [says(1), leaves_a_file]),
        Part("two", "passes", [says(0)]),
        Part("three", "fails", [says(0), says(5)]),
    ]
    failed, seconds = run(parts, tmp_path)
    assert failed == ["one", "three"] and (tmp_path / "here").exists()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["1/3 one: fails", "2/3 two: passes", "3/3 three: fails"]
    for line, end in zip(lines[4:], ["FAILED  one", "passed  two", "FAILED  three", "in all"], strict=True):
        assert re.fullmatch(rf" +\d+:\d\d  {end}", line)
    assert seconds > 0


def test_times_are_minutes_and_seconds():
    assert [clock(s) for s in (0.4, 65, 3599.6)] == [" 0:00", " 1:05", "60:00"]


# --- make test ---------------------------------------------------------------------------------------------


def takes(command, path):
    """Whether a call of pytest runs the tests in a file."""
    arguments = command[command.index("pytest") + 1 :]
    named = [a for a in arguments if (ROOT / a).exists()]
    ignored = [a.removeprefix("--ignore=") for a in arguments if a.startswith("--ignore=")]
    assert all((ROOT / a).exists() for a in ignored)
    return any(path.is_relative_to(a) for a in named) and not any(path.is_relative_to(a) for a in ignored)


def test_every_test_runs_once_in_the_suite():
    calls = [c for part in suite.PARTS for c in part.commands if "pytest" in c and "--nbval" not in c]
    files = [path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(files) > 40
    for kind in (suite.QUICK, ["-m", suite.DEEP]):
        of_kind = [c for c in calls if c[c.index("pytest") + 1 :][:2] == kind]
        for path in files:
            assert len([c for c in of_kind if takes(c, path)]) == 1, (kind, path)


def test_no_two_files_of_tests_have_one_name():
    """pytest imports them by name: two of one name stop each run that holds both, as `make deep` does."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert not [name for name, times in names.items() if times > 1]


def test_a_part_may_be_run_by_itself_and_its_failure_is_the_exit_status(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(suite, "run", lambda parts: asked.append(parts) or (["library"], 1.0))
    assert suite.main(["library"]) == 1
    assert [part.name for part in asked[0]] == ["library"]
    assert "make test PART=library" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        suite.main(["libary"])
    assert "there is no part libary. There is: lint, notebooks," in capsys.readouterr().err


def test_only_who_asks_for_the_deep_tests_gets_them(monkeypatch):
    asked = []
    monkeypatch.setattr(suite, "run", lambda parts: asked.append([part.name for part in parts]) or ([], 1.0))
    assert suite.main([]) == suite.main(["deep"]) == 0
    assert asked == [["lint", "notebooks", "exercises", "library", "grading", "book"], ["deep"]]


@pytest.mark.parametrize(
    "minutes, cost, there", [(19, 2, None), (21, 2, 21), (38, 4, None), (42, 4, 21), (11, 1, 22)]
)
def test_a_suite_that_takes_too_long_says_so_and_passes(minutes, cost, there, monkeypatch, capsys):
    """Too long for a machine as fast as the one where the limit was set."""
    monkeypatch.setattr(suite, "run", lambda parts: ([], 60.0 * minutes))
    monkeypatch.setattr(suite, "imports", lambda: cost)
    assert suite.main([]) == 0
    out = capsys.readouterr().out
    assert (f"{there} MINUTES IN ALL" in out) if there else ("MINUTES" not in out)
    assert f"{2 * minutes // cost}:00  where these imports cost 2" in out


def test_what_the_imports_cost_is_measured():
    assert 0.2 < suite.imports() < 60


# --- make check --------------------------------------------------------------------------------------------


def test_a_slug_that_does_not_exist_is_told_those_that_do(capsys):
    for arguments in (["1_1_no_such"], []):
        assert check.main(arguments) == 1
        assert "There is: 1_1_training_loop, 1_2_linear_regression, " in capsys.readouterr().err


def test_one_check_reaches_all_that_bears_the_slug(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(check, "run", lambda parts: asked.append(parts) or ([], 1.0))
    assert check.main(["1_2_linear_regression"]) == 0
    assert capsys.readouterr().out.endswith("chapters/part1_by_hand/1_2_linear_regression.html\n")
    (parts,) = asked
    assert [part.name for part in parts] == ["lint", "form", "outputs", "claims", "answers", "page"]
    lesson = "chapters/part1_by_hand/1_2_linear_regression.ipynb"
    assignment = "solutions/1_2_linear_regression/1_2_linear_regression.ipynb"
    words = {part.name: [word for command in part.commands for word in command] for part in parts}
    assert {lesson, assignment} <= {*words["lint"]} and {lesson, assignment} <= {*words["outputs"]}
    assert lesson in words["claims"] and assignment not in words["claims"]
    assert "1_2_linear_regression" in words["form"] and "tests/exercises" in words["answers"]


def test_a_page_without_an_assignment_is_checked_too():
    parts = list(check.parts("cheat_sheet", check.places()["cheat_sheet"]))
    assert [part.name for part in parts] == ["lint", "form", "outputs", "page"]


# --- the Makefile ------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed: its help was not read")
def test_make_lists_every_command():
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", rules, re.MULTILINE)
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^([a-z]+):", rules, re.MULTILINE)
    assert re.findall(r"^  make (\w+) ", shown, re.MULTILINE) == commands
    assert sorted(phony.split()) == sorted(commands)


def test_the_readme_has_each_command_for_people_without_make():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    called = re.findall(r"-m ((?:tools|benchmarks)\.\w+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert len(called) > 10
    assert sorted(set(called)) == sorted(set(re.findall(r"-m ((?:tools|benchmarks)\.\w+)", readme)))
    for module in called:
        assert Path(ROOT, *module.split(".")).with_suffix(".py").is_file(), module
