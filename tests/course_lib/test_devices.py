"""What a GPU does is measured on one, or shown as it was recorded."""

import json

import pytest
import torch

from course_lib import devices


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)


@pytest.fixture
def recordings(tmp_path, monkeypatch):
    path = tmp_path / "recordings.json"
    path.write_text("{}")
    monkeypatch.setattr(devices, "RECORDINGS", path)
    return path


def test_the_processor_is_named():
    assert devices.best().type in ("cpu", "mps")
    assert "threads, torch" in devices.describe("cpu")


def test_what_was_not_recorded_is_one_line(recordings, capsys):
    assert devices.gpu("A step, slow ÷ fast") is None
    assert capsys.readouterr().out == "No GPU here, and no recording yet. Skipped: A step, slow ÷ fast.\n"


def test_what_is_skipped_is_one_line(capsys):
    assert devices.gpu_or_skip("the timing") is False
    assert capsys.readouterr().out == "No GPU here. Skipped: the timing.\n"


def test_a_recording_is_shown_with_device_version_and_date(recordings, capsys):
    found = {"device": "A card, torch 9.9", "date": "2030-01-02", "lines": ["slow ÷ fast = 3", "and so on"]}
    recordings.write_text(json.dumps({"A step": found}))
    assert devices.gpu("A step") is None
    assert capsys.readouterr().out == (
        "No GPU here. A step, recorded on A card, torch 9.9, 2030-01-02:\nslow ÷ fast = 3\nand so on\n"
    )


def test_on_a_gpu_it_is_measured(recordings, capsys, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.get_device_name", lambda device: "A card")
    assert devices.gpu("A step") == torch.device("cuda")
    assert capsys.readouterr().out == f"A step, on A card, torch {torch.__version__}:\n"


def test_the_time_is_the_median_of_what_counts(monkeypatch):
    clock = iter([0, 100, 0, 100, 0, 100, 0, 1, 0, 9, 0, 2])  # three calls that do not count
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    assert devices.seconds(lambda: None, "cpu", repeats=3) == 2
    with pytest.raises(ValueError, match="at least 1, not 0"):
        devices.seconds(lambda: None, "cpu", repeats=0)


def test_the_clock_is_read_when_the_queue_is_empty(monkeypatch):
    order = []
    monkeypatch.setattr("torch.cuda.synchronize", lambda device: order.append("empty"))
    monkeypatch.setattr("time.perf_counter", lambda: order.append("clock") or 0.0)
    devices.seconds(lambda: order.append("work"), "cuda", repeats=1)
    assert order == ["empty", "clock", "work", "empty", "clock"] * 4
