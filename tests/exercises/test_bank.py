"""Every assignment gives right answers their points, and wrong answers the words that help."""

import functools
import re
import time
import zlib
from collections import Counter

import pytest
from judge import judge
from slips import equivalent, slips

from course_lib.checks import WIDTH, questions
from tools import exercises
from tools.bank import ANSWERS, SLUGS, answers, edited, hunks, read, reference, unanswered
from tools.grading import job
from tools.grading.records import SEEDS
from tools.nbgrader_course import HIDDEN, ROOT

SLIP_SECONDS = 3.0  # a change that makes a loop endless is caught
SHARE = 0.05  # of all changes, at most so many may be equivalent

ALL = [answer for slug in SLUGS for answer in answers(slug)]
each_question = pytest.mark.parametrize(
    "slug, question", [(slug, question) for slug in SLUGS for question in questions(slug)]
)


def each(found):
    return pytest.mark.parametrize("answer", found, ids=lambda one: f"{one.slug}-{one}")


def drawn(name):
    """A seed such as a gradebook draws: the data that it makes must be as good as that of a small one."""
    return zlib.crc32(name.encode()) % SEEDS


def one_line(words):
    return re.sub(r"\s+", " ", words)


@each_question
def test_the_reference_earns_everything_with_any_data(slug, question):
    for seed in (0, drawn(question), SEEDS - 1):
        verdict = judge(slug, question, reference(slug)[question], seed)
        assert verdict.earned, verdict.words
        assert verdict.words.startswith("✓") and verdict.words.count("\n") == 1


@each_question
def test_an_unanswered_question_is_one_line(slug, question):
    verdict = judge(slug, question, unanswered(slug)[question])
    assert not verdict.earned
    assert verdict.words.startswith("·") and "\n" not in verdict.words


@functools.cache
def unseen(slug):
    """What grading shows nobody: the code of the unseen tests."""
    modules = {slug: (HIDDEN / f"{slug}.py").read_text(encoding="utf-8")}
    released = exercises.place(ROOT, slug).read_text(encoding="utf-8")
    return job.code_of_the_unseen(job.Assignment(slug, released, {}, modules))


@each([answer for answer in ALL if answer.is_right])
def test_another_right_answer_earns_everything(answer):
    verdict = judge(answer.slug, answer.question, answer.source, drawn(str(answer)))
    assert verdict.earned, verdict.words


@each([answer for answer in ALL if not answer.is_right])
def test_a_wrong_answer_fails_and_is_told_why(answer):
    verdict = judge(answer.slug, answer.question, answer.source)
    assert not verdict.earned
    if verdict.unseen:  # then the data that the gradebook's secret makes must show it, too
        assert not judge(answer.slug, answer.question, answer.source, drawn(str(answer))).earned
        said = [{"traceback": verdict.words.splitlines()}]
        assert not job.tells(said, unseen(answer.slug), job.squeezed(answer.source)), "it would be left out"
    assert one_line(answer.feedback) in one_line(verdict.words), verdict.words
    assert max(map(len, verdict.words.splitlines())) <= WIDTH or "\n" not in verdict.words


@each_question
def test_each_question_has_answers_to_try(slug, question):
    found = Counter(answer.is_right for answer in answers(slug) if answer.question == question)
    assert found[False] >= 3, "three wrong answers at least"
    assert found[True] >= 1, "a right answer unlike the reference"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_file_of_answers_belongs_to_a_question_and_no_misconception_stands_twice(slug):
    files = {path.stem for path in (ANSWERS / slug).glob("*.py")}
    assert files == set(questions(slug))
    for question in files:
        about = Counter(one.about.lower() for one in answers(slug) if one.question == question)
        assert [sentence for sentence, count in about.items() if count > 1] == []


def test_no_answers_without_an_assignment():
    assert {path.name for path in ANSWERS.glob("*/")} == set(SLUGS)


# --- every one-place change ---


@pytest.mark.parametrize("slug", SLUGS)
def test_every_one_place_change_of_a_reference_answer_fails_or_is_listed(slug):
    listed = equivalent(ANSWERS / slug / "equivalent.txt")
    survivors, count = set(), 0
    start = time.process_time()
    for question, source in reference(slug).items():
        for words, text in slips(source):
            count += 1
            if judge(slug, question, text, seconds=SLIP_SECONDS).earned:
                survivors.add((question, words))
    seconds = time.process_time() - start
    missed = "\n".join(f"{question}: {words}" for question, words in sorted(survivors - set(listed)))
    assert not missed, (
        f"these {slug} answers get full points; catch them, or list them with a reason:\n{missed}"
    )
    assert set(listed) <= survivors, f"no change, or caught: {sorted(set(listed) - survivors)}"
    assert len(listed) <= max(SHARE * count, 3), f"{len(listed)} of {count} are called equivalent: too many"
    print(f"{slug}: {count} changes, {len(listed)} equivalent, {seconds:.0f} s")


def test_changes_are_of_one_place_and_of_many_kinds():
    source = (
        "def f(x, dim=0):\n"
        "    for i in range(1, 3):\n"
        "        y = x.sum(dim=0) / (x[i] - 2.0)\n"
        "    if y < 1 and x:\n"
        "        return max(y)\n"
        "    return torch.zeros(3, dtype=torch.float64)"
    )
    found = {words for words, _ in slips(source)}
    for words in (
        "`for i in range(1, 3):` → `for i in range(3, 1):`",
        "`for i in range(1, 3):` → `for i in range(1, 2):`",
        "`y = x.sum(dim=0) / (x[i] - 2.0)` → `y = x.mean(dim=0) / (x[i] - 2.0)`",
        "`y = x.sum(dim=0) / (x[i] - 2.0)` → `y = x.sum(dim=1) / (x[i] - 2.0)`",
        "`y = x.sum(dim=0) / (x[i] - 2.0)` → `y = x.sum() / (x[i] - 2.0)`",
        "`y = x.sum(dim=0) / (x[i] - 2.0)` → `y = x.sum(dim=0) * (x[i] - 2.0)`",
        "`y = x.sum(dim=0) / (x[i] - 2.0)` → `y = x.sum(dim=0) / (2.0 - x[i])`",
        "`y = x.sum(dim=0) / (x[i] - 2.0)` → `pass`",
        "`if y < 1 and x:` → `if y <= 1 and x:`",
        "`if y < 1 and x:` → `if y < 1 or x:`",
        "`return max(y)` → `return min(y)`",
        "`return torch.zeros(3, dtype=torch.float64)` → `return torch.zeros(3, dtype=torch.float32)`",
    ):
        assert words in found, words
    for _, text in slips(source):
        before, after = source.splitlines(), text.splitlines()
        assert sum(a != b for a, b in zip(before, after, strict=False)) <= 1 + (len(before) != len(after)) * 9


# --- the form of a file ---

REFERENCE = "def f(x):\n    y = 2 * x\n    return y"


def test_an_edit_replaces_lines_of_the_reference():
    assert edited(REFERENCE, "# -    y = 2 * x\n    y = x") == "def f(x):\n    y = x\n    return y"
    assert edited(REFERENCE, "# -    y = 2 * x\n# -    return y\n    return x") == "def f(x):\n    return x"
    assert edited(REFERENCE, "def g(): pass") == "def g(): pass"


def test_an_edit_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="stand 0 times"):
        edited(REFERENCE, "# -    y = 3 * x")
    with pytest.raises(ValueError, match="stand 2 times"):
        edited("a\nb\na", "# -a")
    with pytest.raises(ValueError, match="an edit begins with what it replaces"):
        hunks("y = 1\n# -    y = 2 * x")


def test_a_head_that_is_none_is_refused(tmp_path):
    path = tmp_path / "f.py"
    path.write_text("# %% wrong: no feedback\nx = 1\n")
    with pytest.raises(ValueError, match="is neither"):
        read(path)
