"""The page "Teach with it" shows what the commands say, and nothing that learners are not to read."""

import re

import pytest
from judge import judge

from docs import teach_pictures
from tools import bundle
from tools.nbgrader_course import ROOT

PAGE = ROOT / "chapters" / "reference" / "teach.md"


@pytest.fixture(scope="module")
def text():
    return PAGE.read_text(encoding="utf-8")


def test_what_the_page_shows_of_a_run_is_what_is_said_today(tmp_path):
    teach_pictures.hand_in_all(tmp_path)
    for name, text in teach_pictures.words(tmp_path).items():
        shown = (teach_pictures.WORDS / name).read_text(encoding="utf-8")
        assert shown == text, f"{name} is an old one: python -m docs.teach_pictures --words"


def test_all_that_was_made_for_the_page_is_on_it_and_nothing_else(text):
    included = re.findall(r"\bteach/(\w+\.\w+)", text)
    assert sorted(included) == sorted(path.name for path in teach_pictures.WORDS.iterdir())
    shown = re.findall(r"_static/(teach_\w+\.png)", text)
    assert sorted(shown) == sorted(path.name for path in teach_pictures.PICTURES.glob("teach_*.png"))


def test_the_page_names_the_file_for_learners(text):
    assert f"dist/{bundle.NAME}-{bundle.project()['version']}.zip" in text


def test_a_picture_is_small_enough_to_load_at_once():
    for path in teach_pictures.PICTURES.glob("teach_*.png"):
        assert path.stat().st_size < 200_000, path.name


def test_the_options_that_the_page_names_are_those_of_make(text):
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"\b([A-Z]{2,})=", text))
    assert {"FROM", "DUE", "ROSTER", "KEEP", "CLUSTER"} <= named
    for name in named:
        assert f"$({name})" in rules, name


def test_the_class_makes_slips_that_any_learner_is_told(text):
    """What an unseen test says must not stand on the page."""
    for question, about in teach_pictures.SLIPS.items():
        verdict = judge(teach_pictures.SLUG, question, teach_pictures.wrong(question, about))
        assert not verdict.earned and not verdict.unseen, question
