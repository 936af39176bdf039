"""Which code of other processors this machine has, and which of it a seed gets."""

import json

import pytest

from tools import processor

# A probe that looks at its settings: it computes one thing with KIND=other, and cannot run with KIND=missing.
PROBE = """
import os, sys
kind = os.environ.get("KIND")
sys.exit("no such instruction") if kind == "missing" else print(kind if kind in ("other", "third") else "own")
"""
VALUES = ["unknown", "other", "missing", "third"]
KERNELS = {"KIND": {"unknown": False, "other": True, "missing": False, "third": True}}


@pytest.fixture
def kinds(monkeypatch):
    monkeypatch.setattr(processor, "choices", lambda: [(PROBE, "KIND", VALUES)])


def test_only_what_runs_and_changes_a_bit_is_another_processor(kinds, tmp_path):
    assert processor.find_kernels(tmp_path / "new" / "kernels.json") == KERNELS


def test_two_names_of_the_same_code_are_one(monkeypatch, tmp_path):
    monkeypatch.setattr(processor, "choices", lambda: [("print(1)", "KIND", ["a", "b"])])
    assert processor.find_kernels(tmp_path / "kernels.json") == {"KIND": {"a": False, "b": False}}


def test_a_machine_is_asked_once(kinds, tmp_path, monkeypatch):
    cache = tmp_path / "kernels.json"
    processor.find_kernels(cache)
    with monkeypatch.context() as patch:
        patch.setattr(processor, "_digest", lambda *_: pytest.fail("asked again"))
        assert processor.find_kernels(cache) == KERNELS
    # … and again when it is another machine: a cache may come with a folder.
    monkeypatch.setattr(processor.platform, "node", lambda: "elsewhere")
    cache.write_text(json.dumps(json.loads(cache.read_text()) | {"kernels": {}}), encoding="utf-8")
    assert processor.find_kernels(cache) == KERNELS


def test_a_probe_that_fails_on_the_own_code_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(processor, "choices", lambda: [("1 / 0", "KIND", ["other"])])
    with pytest.raises(RuntimeError, match="must run, but ends in .*ZeroDivisionError"):
        processor.find_kernels(tmp_path / "kernels.json")


def test_seeds_take_threads_and_code_in_turn():
    chosen = [processor.settings(seed, KERNELS) for seed in (1, 2, 3)]
    assert [one["PROCESSOR_SEED"] for one in chosen] == ["1", "2", "3"]
    assert [one["OMP_NUM_THREADS"] for one in chosen] == ["1", "2", "1"]
    assert [one["KIND"] for one in chosen] == ["other", "third", "other"]


def test_what_is_not_on_this_machine_is_not_set():
    assert "KIND" not in processor.settings(1, {"KIND": {"unknown": False}})


def test_numpy_runs_its_other_code_here_or_has_none():
    """The probes themselves run, and see the difference where NumPy says that there is one."""
    own = processor._digest(processor.NUMPY_PROBE, {})
    assert own == processor._digest(processor.NUMPY_PROBE, {})
    ((_, variable, values),) = [one for one in processor.choices() if one[1].startswith("NPY")]
    if any("V4" in value for value in values):  # AVX-512: its sums have another order than AVX2's
        assert own != processor._digest(processor.NUMPY_PROBE, {variable: values[-1]})
