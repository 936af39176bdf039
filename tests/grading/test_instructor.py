"""What an instructor may ask for: which hand-in counts, when it was due, whom a table is to have."""

import csv
import os
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
import runs
from tiny_course import SLUG, answered

from tools import grade
from tools.submissions import SubmissionError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRONG = "def double(x): return x * x"  # passes the visible test, and not the hidden one


def hand_in(folder, student, nb, name="", when=NOON):
    path = folder / student / SLUG / name / f"{SLUG}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(nb, path)
    os.utime(path, (when.timestamp(), when.timestamp()))


def students(out):
    with open(out / "students.csv", encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A course; a class in which ada's second of three hand-ins is best, bob is late, and cyd is not there."""
    root = tmp_path_factory.mktemp("course")
    released = runs.course(root)
    folder = tmp_path_factory.mktemp("class")
    for name, day, double in (("try1", 0, "def double(x): return 0"), ("try2", 1, None), ("try3", 2, WRONG)):
        nb = answered(released, **({"double": double} if double else {}))
        hand_in(folder / "in", "ada", nb, name, NOON + timedelta(days=day))
    hand_in(folder / "in", "bob", answered(released), when=NOON + timedelta(hours=30))
    (folder / "due.csv").write_text("assignment;due\n0_0_tiny;2026-03-02T12:00+00:00\n", encoding="utf-8")
    (folder / "people.csv").write_text(
        "student,name,section\nada,=Ada,1\ncyd,Cyd Ö,2\n", encoding="utf-8-sig"
    )
    return root, folder


def asked(world, out, *more):
    root, folder = world
    options = ["--due", folder / "due.csv", "--roster", folder / "people.csv"]
    status, said = runs.here(folder / "in", "--out", out, *options, *more, root=root)
    assert status == 0, said
    return said


@pytest.mark.sandboxed
def test_the_last_hand_in_counts_or_the_best_and_what_is_late_is_said_not_judged(world, tmp_path):
    said = asked(world, tmp_path / "last")
    row = runs.rows(tmp_path / "last")["ada"]
    assert (row["total"], row["late"]) == ("3", "1 d 0 h")
    assert "hand-in 3 of 3" in said and "6 h 0 min late" in said
    row = runs.rows(tmp_path / "last")["bob"]
    assert (row["total"], row["late"]) == ("5", "6 h 0 min")

    asked(world, tmp_path / "best", "--keep", "best")
    row = runs.rows(tmp_path / "best")["ada"]
    assert (row["total"], row["late"]) == ("5", "")  # the second one: in time
    again = asked(world, tmp_path / "best", "--keep", "best")
    assert again.count("(unchanged") == 4
    assert runs.rows(tmp_path / "best")["ada"] == row
    # Another mind: now the last one is to count, which is known, and graded again all the same.
    asked(world, tmp_path / "best")
    assert runs.rows(tmp_path / "best")["ada"]["total"] == "3"


@pytest.mark.sandboxed
def test_the_table_of_students_has_who_is_on_the_list_and_no_formula(world, tmp_path):
    asked(world, tmp_path / "out")
    table = students(tmp_path / "out")
    assert list(table) == ["ada", "bob", "cyd"]
    assert table["ada"] == {
        "student": "ada",
        "name": "'=Ada",
        "section": "1",
        f"{SLUG} (5)": "3",
        "total": "3",
    }
    assert (table["cyd"]["name"], table["cyd"][f"{SLUG} (5)"], table["cyd"]["total"]) == ("Cyd Ö", "", "0")
    assert table["bob"]["section"] == ""


@pytest.mark.parametrize(
    "words, sentence",
    [
        ("assignment,when\n", "has no column due"),
        ("assignment,due\n9_9_none,2026-03-02T12:00\n", "there is no assignment 9_9_none"),
        ("assignment,due\n0_0_tiny,tomorrow\n", "'tomorrow' is no time. Write it like 2027-01-31T23:59"),
        ("assignment,due\n0_0_tiny\n", "None is no time"),
        ("", "has no column assignment"),
        (b"\xff\xfe\x00", "cannot be read as a CSV file"),
    ],
)
def test_a_list_of_due_dates_that_is_none_is_refused(tmp_path, words, sentence):
    path = tmp_path / "due.csv"
    path.write_bytes(words if isinstance(words, bytes) else words.encode())
    with pytest.raises(SubmissionError, match=sentence):
        grade.due_dates(path, [SLUG])


def test_a_time_without_a_zone_is_of_this_machine(tmp_path):
    path = tmp_path / "due.csv"
    path.write_text(f"assignment,due\n{SLUG},2026-03-02T12:00\n")
    assert grade.due_dates(path, [SLUG]) == {SLUG: datetime(2026, 3, 2, 12).astimezone()}


@pytest.mark.parametrize(
    "time, words",
    [
        (timedelta(seconds=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h 0 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=3, hours=4), "3 d 4 h"),
    ],
)
def test_lateness_in_words(time, words):
    assert grade.lateness(time) == words
