"""The strong words of a change are shown: those in added prose, and in nothing else."""

import shutil
import subprocess

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import notebooks, words

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed: nothing was compared")


def git(folder, *arguments):
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@b", *arguments]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)


def lesson(*texts):
    cells = [new_markdown_cell(text, id=f"words-{n}") for n, text in enumerate(texts)]
    return new_notebook(cells=[*cells, new_code_cell("all([])  # never", id="run")])


@pytest.fixture
def repository(tmp_path):
    notebooks.write(lesson("# Adam\n\nIt always was so."), tmp_path / "lesson.ipynb")
    (tmp_path / "page.md").write_text("It never was.\n")
    (tmp_path / "old.py").write_text('"""Must go."""\n')
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "one")
    return tmp_path


def shown(repository, capsys, *arguments):
    assert words.main(list(arguments), root=repository) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert last.startswith(f"{len(lines)} added lines with strong words since ")
    return lines


def test_nothing_was_written(repository, capsys):
    assert shown(repository, capsys) == []


def test_added_prose_is_searched_and_nothing_else(repository, capsys):
    nb = lesson("# Adam\n\nIt always was so.\nOnly now.", "Overall, everybody knows.")
    notebooks.write(nb, repository / "lesson.ipynb")
    (repository / "page.md").write_text("One more line.\nIt never was.\n")
    (repository / "new.py").write_text(
        '"""Exactly one.\n\nIt must be.\n"""\n\nassert all([]), "never"  # none\n'
        'def f():\n    # all of it\n    "Impossible."\n    return "always"\n'
    )
    (repository / "old.py").unlink()
    (repository / "exercises").mkdir()
    notebooks.write(lesson("Generated from every solution."), repository / "exercises" / "a.ipynb")
    notebooks.write(lesson("A new lesson.", "It must stop."), repository / "another.ipynb")
    expected = [
        "another.ipynb:words-1: It MUST stop.",
        "lesson.ipynb:words-0: ONLY now.",
        "lesson.ipynb:words-1: Overall, EVERYBODY knows.",
        'new.py:1: """EXACTLY one.',
        "new.py:3: It MUST be.",
        "new.py:6: # NONE",
        "new.py:8: # ALL of it",
        'new.py:9: "IMPOSSIBLE."',
    ]
    assert shown(repository, capsys) == expected


def test_a_branch_is_compared_with_where_it_left_main(repository, capsys):
    git(repository, "switch", "--quiet", "--create", "work")
    (repository / "page.md").write_text("It never was.\nIt always will be.\n")
    git(repository, "commit", "--quiet", "--all", "-m", "two")
    assert shown(repository, capsys) == ["page.md:2: It ALWAYS will be."]
    assert shown(repository, capsys, "HEAD") == []
    git(repository, "branch", "--quiet", "-D", "main")
    assert shown(repository, capsys) == []


def test_what_cannot_be_compared_is_one_sentence(repository, tmp_path_factory, capsys):
    assert words.main(["no-such-commit"], root=repository) == 1
    assert "git ls-tree fails" in capsys.readouterr().err
    (repository / "broken.ipynb").write_text("{")
    assert words.main([], root=repository) == 1
    assert "broken.ipynb cannot be read" in capsys.readouterr().err
