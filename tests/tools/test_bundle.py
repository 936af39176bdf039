"""What learners get is complete, holds nothing that they are not to have, and is the same each time."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

from tools import bank, bundle, exercises, lock, notebooks
from tools.nbgrader_course import HIDDEN, ROOT, assignments

VERSION = bundle.project()["version"]
FOLDER = f"training-loop-course-{VERSION}"
WHEEL = f"course_lib-{VERSION}-py3-none-any.whl"
LEFT_OUT = re.compile(r"(?ms)^ *### BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)\n.*?^ *### END \1")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two folders, in each of which the bundle was made."""
    outs = tmp_path_factory.mktemp("dist") / "out", tmp_path_factory.mktemp("again")
    assert bundle.main(["--out", str(outs[0])]) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(outs[1])
        umask = os.umask(0o077)
        try:
            assert bundle.main(["--out", "."]) == 0
        finally:
            os.umask(umask)
    return outs


@pytest.fixture(scope="module")
def inside(made):
    """{name: bytes} of the zip, without the folder that holds all."""
    (path,) = made[0].glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        return {name.removeprefix(f"{path.stem}/"): archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def wheel(inside):
    (name,) = [name for name in inside if name.endswith(".whl")]
    with zipfile.ZipFile(io.BytesIO(inside[name])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- what is in there --------------------------------------------------------------------------------------


def test_the_zip_holds_the_exercises_the_library_and_how_to_begin(inside):
    own = ["README.md", "LICENSE", "requirements.txt", "constraints.txt", WHEEL]
    assert set(inside) == {*own, *(f"exercises/{slug}/{slug}.ipynb" for slug in assignments())}


def test_the_folder_holds_the_same_files(made, inside):
    (folder,) = [path for path in made[0].iterdir() if path.is_dir()]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.relative_to(folder).as_posix(): path.read_bytes() for path in files} == inside


def test_what_lay_in_the_folder_before_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "bundle", lambda: {"README.md": b"new"})
    old = tmp_path / FOLDER / "exercises" / "0_0_gone" / "0_0_gone.ipynb"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    assert bundle.main(["--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "README.md",
        f"{FOLDER}.zip",
    ]


def test_the_zip_is_the_same_when_it_is_made_again(made):
    (once,), (again,) = (list(out.glob("*.zip")) for out in made)
    assert once.name == again.name and once.read_bytes() == again.read_bytes()


def test_a_zip_says_nothing_of_its_making(made):
    (path,) = made[0].glob("*.zip")
    about = zipfile.ZipFile(path).infolist()
    assert [one.filename for one in about] == sorted(one.filename for one in about)
    assert {(one.date_time, one.external_attr) for one in about} == {(bundle.WHEN, 0o100644 << 16)}


def test_the_exercises_are_those_of_today(inside):
    for slug, text in exercises.made_from_solutions([]).items():
        handed_out = json.loads(inside[f"exercises/{slug}/{slug}.ipynb"])
        assert handed_out["metadata"][notebooks.RELEASE] == json.loads(text)["metadata"][notebooks.RELEASE]


def test_the_exercises_are_made_of_the_solutions_and_not_of_an_older_release(monkeypatch):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "_wheel", lambda page: ("library.whl", b""))
        patch.setattr(
            exercises, "made_from_solutions", lambda slugs: {"0_0_a": notebook("# Assignment 0.0: a")}
        )
        assert b"# Assignment 0.0: a" in bundle.bundle()["exercises/0_0_a/0_0_a.ipynb"]


def notebook(text):
    cell = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": text}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_the_readme_names_each_file_to_hand_in_and_fills_its_gaps(inside):
    page = inside["README.md"].decode()
    assert re.findall(r"^\| .+ \| `(\w+)\.ipynb` \|$", page, re.MULTILINE) == assignments()
    assert "{" not in page and f"the {len(assignments())} assignments" in page
    pins = lock.LOCK.read_text(encoding="utf-8").splitlines()
    assert [line for line in pins if line.startswith("torch==")][0] in page


def test_what_is_to_be_installed_is_there_and_pinned(inside):
    asked = [line for line in inside["requirements.txt"].decode().splitlines() if not line.startswith("#")]
    assert asked[0] == "-c constraints.txt" and asked[1] == f"./{WHEEL}[notebooks]"
    pins = inside["constraints.txt"].decode()
    for name in [*asked[2:], "torch", "numpy", "matplotlib", "ipykernel"]:
        assert re.search(rf"^{name}==\d", pins, re.MULTILINE), name


# --- what is not -------------------------------------------------------------------------------------------


def lines(text):
    return {line.strip() for line in text.splitlines()} - {""}


@cache
def secrets():
    """{what it is: text} of all that learners do not get."""
    found = {}
    for slug in assignments():
        regions = [
            part.group() for cell in bank.solution(slug).cells for part in LEFT_OUT.finditer(cell.source)
        ]
        found[f"solution {slug}"] = "\n".join(regions)
    for path in (*HIDDEN.glob("*.py"), *bank.ANSWERS.glob("*/*.*")):
        found[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
    return found


@cache
def given():
    """The lines of the solutions that learners get to read: no secrets, wherever else they stand."""
    cells = [cell for slug in assignments() for cell in bank.solution(slug).cells]
    return {line for cell in cells for line in lines(LEFT_OUT.sub("", cell.source))}


@cache
def secret_lines():
    return {line for text in secrets().values() for line in lines(text)} - given()


def words(data):
    """All text of a file: of a notebook, all that stands in any of its fields."""
    text = data.decode()
    try:
        return "\n".join(strings(json.loads(text)))
    except ValueError:
        return text


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings([*value.keys(), *value.values()])
    elif isinstance(value, list):
        yield "".join(one for one in value if isinstance(one, str))
        for one in value:
            yield from strings(one)


def test_no_file_holds_a_line_of_an_answer_or_of_an_unseen_test(inside, wheel):
    outside = {name: data for name, data in inside.items() if not name.endswith(".whl")}
    about = {name: data for name, data in wheel.items() if not name.startswith("course_lib/")}
    for name, data in {**outside, **about}.items():
        assert not lines(words(data)) & secret_lines(), name


@pytest.mark.parametrize("what", secrets())
def test_each_of_them_would_be_found(what):
    """The test above knows a line of every one, also inside a notebook."""
    text = secrets()[what]
    assert lines(text) & secret_lines()
    assert lines(words(notebook(text).encode())) & secret_lines()
    assert lines(words(notebook(text.splitlines(True)).encode())) & secret_lines()


def test_the_wheel_holds_the_library_with_its_tests_and_nothing_else(wheel):
    modules = {name: data for name, data in wheel.items() if name.startswith("course_lib/")}
    source = [
        path for path in Path(ROOT, "course_lib").rglob("*") if path.is_file() and path.suffix != ".pyc"
    ]
    assert modules == {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in source}
    assert {f"course_lib/checks/{slug}.py" for slug in assignments()} < set(modules)
    others = {name.partition("/")[0] for name in set(wheel) - set(modules)}
    assert others == {f"course_lib-{VERSION}.dist-info"}


def asked_of_the_machine():
    """What the lessons ask of it: lines that look up what was recorded, where it has no GPU."""
    text = "".join(path.read_text(encoding="utf-8") for path in Path(ROOT, "chapters").glob("part*/*.ipynb"))
    return sorted(set(re.findall(r"devices\.gpu\([^)]*\)", text.replace('\\"', '"'))))


def test_what_lessons_ask_of_the_machine_the_wheel_answers(wheel, tmp_path):
    asked = asked_of_the_machine()
    assert len(asked) >= 4
    for name, data in wheel.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    code = "\n".join(["from course_lib import devices", "print(devices.__file__)", *asked])
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path))


def passages(text, length=4):
    kept = [line.strip() for line in text.splitlines() if line.strip()]
    return {tuple(kept[start : start + length]) for start in range(len(kept) - length + 1)}


def test_the_library_holds_no_passage_of_the_unseen_tests(wheel):
    """Single lines, such as an import, stand in both."""
    unseen = [path.read_text(encoding="utf-8") for path in HIDDEN.glob("*.py")]
    known = {passage for text in unseen for passage in passages(text)}
    assert len(known) > 100
    for name, data in wheel.items():
        assert not passages(data.decode()) & known, name


def test_what_cannot_be_made_is_one_sentence(monkeypatch, tmp_path, capsys):
    def refuse(slugs):
        raise exercises.CourseError("nbgrader refuses it")

    monkeypatch.setattr(exercises, "made_from_solutions", refuse)
    assert bundle.main(["--out", str(tmp_path / "dist")]) == 1
    assert capsys.readouterr().err == "bundle: nbgrader refuses it\n"
    assert not (tmp_path / "dist").exists()
