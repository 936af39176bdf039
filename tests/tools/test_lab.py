"""The learner's copy of the exercises: complete, and never overwritten."""

import pytest

from tools.lab import add_missing
from tools.lock import portable


def test_exercises_are_copied_once_and_work_is_kept(tmp_path):
    released, copy = tmp_path / "exercises", tmp_path / "my_work"
    for slug in ("1_1_a", "1_2_b"):
        (released / slug).mkdir(parents=True)
        (released / slug / f"{slug}.ipynb").write_text("released")
    assert add_missing(released, copy) == ["1_1_a", "1_2_b"]
    (copy / "1_1_a" / "1_1_a.ipynb").write_text("my answer")
    (copy / "1_2_b" / "1_2_b.ipynb").unlink()
    assert add_missing(released, copy) == ["1_2_b"]
    assert (copy / "1_1_a" / "1_1_a.ipynb").read_text() == "my answer"


def test_no_exercises_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="make exercises"):
        add_missing(tmp_path / "exercises", tmp_path / "my_work")
    assert not (tmp_path / "my_work").exists()


def test_a_lock_holds_nothing_of_one_machine():
    frozen = [
        "torch==2.13.0+cpu",
        "nvidia-cublas==13.0",
        "triton==3.6.0",
        "-e git+https://x#egg=y",
        "numpy==2.4.6",
    ]
    assert portable(frozen) == ["numpy==2.4.6", "torch==2.13.0"]
    assert portable(["torch @ file:///wheels/torch-2.13.0+cpu-cp311-cp311-linux.whl"]) == ["torch==2.13.0"]
