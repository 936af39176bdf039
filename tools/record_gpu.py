"""Record what the lessons measure on a GPU: ``python -m tools.record_gpu``, on a machine that has one.

Runs each lesson's cells tagged ``gpu``, after its cell ``setup`` and those tagged ``gpu-needs``, and keeps
what they print, with device, date and torch's version, in ``course_lib/recordings.json``. Lessons show it
where there is no GPU; ``make lessons`` then brings their stored outputs up to date. A cell that fails is
told, and keeps its earlier recording.

``--stand-in`` has the CPU stand in, to see that the cells run: it records nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import io
import json
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from IPython.core.inputtransformer2 import TransformerManager

from course_lib import devices
from tools import notebooks

ROOT = Path(__file__).parent.parent
TAG = "gpu"
NEEDED = "gpu-needs"


def cells_of(nb: Any) -> tuple[str, list[tuple[str, str]]]:
    """What a lesson's cells for a GPU stand on, and id and code of each of them."""
    code = notebooks.code_cells(nb)
    setup = [cell.source for cell in code if cell.id == "setup" or NEEDED in cell.metadata.get("tags", ())]
    cells = [(cell.id, cell.source) for cell in code if TAG in cell.metadata.get("tags", ())]
    return "\n\n".join(setup), cells


def record(setup: str, source: str, device: torch.device) -> tuple[str, list[str]]:
    """Run a cell on a device. Returns what it measures, and the lines that it prints."""
    asked: list[str] = []

    def gpu(what: str) -> torch.device:
        asked.append(what)
        return device

    names: dict[str, Any] = {"__name__": "__main__"}
    printed = io.StringIO()
    plain = TransformerManager().transform_cell
    dtype, threads = torch.get_default_dtype(), torch.get_num_threads()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(plain(setup), "setup", "exec"), names)
        with mock.patch.object(devices, "gpu", gpu), contextlib.redirect_stdout(printed):
            exec(compile(plain(source), "gpu", "exec"), names)
    finally:
        torch.set_default_dtype(dtype)
        torch.set_num_threads(threads)
    if len(asked) != 1:
        raise ValueError(f"a cell tagged {TAG} asks devices.gpu(…) once, this one {len(asked)} times")
    lines = printed.getvalue().splitlines()
    if not lines:
        raise ValueError(f"nothing was printed of {asked[0]!r}")
    return asked[0], lines


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.record_gpu", description=__doc__.split("\n")[0])
    parser.add_argument("--stand-in", action="store_true", help="let the CPU stand in; record nothing")
    options = parser.parse_args(arguments)
    if not options.stand_in and not torch.cuda.is_available():
        print("There is no GPU here. --stand-in lets the CPU stand in, and records nothing.")
        return 2
    device = torch.device("cpu" if options.stand_in else "cuda")
    kept = json.loads(devices.RECORDINGS.read_text(encoding="utf-8"))
    failed = 0
    for path in notebooks.find(ROOT / "chapters"):
        setup, cells = cells_of(notebooks.read(path))
        for name, source in cells:
            began = time.perf_counter()
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # such as: no memory to pin without a GPU
                    what, lines = record(setup, source, device)
            except Exception:
                failed += 1
                print(f"{path.stem}: {name} failed; what was recorded of it stays.\n{traceback.format_exc()}")
                continue
            print(f"{path.stem}: {what}, {time.perf_counter() - began:.0f} s\n  " + "\n  ".join(lines))
            if not options.stand_in:
                today = datetime.date.today().isoformat()
                kept[what] = {"device": devices.describe(device), "date": today, "lines": lines}
                words = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
                devices.RECORDINGS.write_text(words, encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
