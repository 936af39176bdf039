"""One script records all that the lessons measure on a GPU; here the CPU stands in."""

import ast
import json

import pytest
import torch

from course_lib import devices
from tools import notebooks, record_gpu

LESSONS = [notebooks.read(path) for path in notebooks.find(record_gpu.ROOT / "chapters")]
CELLS = [(setup, *cell) for setup, cells in map(record_gpu.cells_of, LESSONS) for cell in cells]
ONE = "from course_lib import devices\nif devices.gpu('A step'):\n    print('slow ÷ fast = 3')"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one lesson, whose GPU cell the test writes; and its recordings."""
    (tmp_path / "chapters").mkdir()
    monkeypatch.setattr(record_gpu, "ROOT", tmp_path)
    monkeypatch.setattr(devices, "RECORDINGS", tmp_path / "recordings.json")
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr(devices, "describe", lambda device: "A card, torch 9.9")
    devices.RECORDINGS.write_text('{"Earlier": {"lines": ["1"]}}')

    def write(*sources):
        nb = notebooks.nbformat.v4.new_notebook()
        for i, source in enumerate(sources):
            tags = {"tags": ["gpu"]}
            nb.cells.append(notebooks.nbformat.v4.new_code_cell(source, id=f"gpu-{i}", metadata=tags))
        notebooks.nbformat.write(nb, tmp_path / "chapters" / "lesson.ipynb")

    return write


@pytest.mark.deep
@pytest.mark.filterwarnings("ignore:.*pin_memory")  # without a GPU there is none
@pytest.mark.parametrize("setup, name, source", CELLS, ids=[name for _, name, _ in CELLS])
def test_every_gpu_cell_runs(setup, name, source, monkeypatch):
    def once(work, device, repeats=20):
        work()
        return 1.0

    monkeypatch.setattr(devices, "seconds", once)
    _, lines = record_gpu.record(setup, source, torch.device("cpu"))
    assert lines


def test_who_asks_for_a_gpu_is_found_and_shows_what_is_recorded(capsys, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    asking = 0
    for nb in LESSONS:
        for cell in notebooks.code_cells(nb):
            if "devices.gpu(" not in cell.source:
                continue
            asking += 1
            assert {"gpu", "nbval-ignore-output"} <= set(cell.metadata.get("tags", ())), cell.id
            calls = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Call)]
            (call,) = [n for n in calls if ast.unparse(n.func) == "devices.gpu"]
            devices.gpu(ast.literal_eval(call.args[0]))
            shown = "".join(output.text for output in cell.outputs if output.output_type == "stream")
            assert shown == capsys.readouterr().out, f"{cell.id} is older than the recordings: make lessons"
    assert asking == len(CELLS)


def test_a_recording_has_device_date_and_lines(course, capsys):
    course(ONE)
    assert record_gpu.main([]) == 0
    kept = json.loads(devices.RECORDINGS.read_text())
    assert kept["A step"]["device"] == "A card, torch 9.9"
    assert kept["A step"]["lines"] == ["slow ÷ fast = 3"]
    assert kept["Earlier"] == {"lines": ["1"]}
    assert "lesson: A step, 0 s\n  slow ÷ fast = 3" in capsys.readouterr().out


@pytest.mark.parametrize(
    "broken, words",
    [
        (ONE.replace("print(", "1 / 0, print("), "ZeroDivisionError"),
        (ONE.replace("print('slow ÷ fast = 3')", "pass"), "nothing was printed of 'A step'"),
        ("print(3)", "once, this one 0 times"),
    ],
)
def test_a_cell_that_fails_costs_the_others_nothing(course, broken, words, capsys):
    course(broken, ONE.replace("A step", "Another step"))
    assert record_gpu.main([]) == 1
    assert words in capsys.readouterr().out
    assert json.loads(devices.RECORDINGS.read_text()).keys() == {"Earlier", "Another step"}


def test_the_stand_in_records_nothing(course, monkeypatch):
    course(ONE)
    before = devices.RECORDINGS.read_text()
    assert record_gpu.main(["--stand-in"]) == 0
    assert devices.RECORDINGS.read_text() == before


def test_without_a_gpu_it_says_so(course, monkeypatch, capsys):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert record_gpu.main([]) == 2
    assert "There is no GPU here" in capsys.readouterr().out
