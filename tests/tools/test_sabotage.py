"""An assertion that nothing can make fail is found, unless it says that it holds by definition."""

import warm
from nbformat.v4 import new_code_cell, new_notebook

from tools import notebooks

TRAIN = """import torch
w = 0.0
losses = []
for _ in range(50):
    losses.append((w - 3) ** 2)
    w = w - 0.1 * 2 * (w - 3)
far = torch.tensor([True, False])
days = 7
"""
CHECK = """# Which can only be altered, as can what comes after it.
assert far[0] and not far[1]
assert days < 8
# The loop arrives.
assert abs(w - 3) < 0.01
# Losses fall.
assert losses[-1] < losses[0]
# Squares are not negative.
assert all(loss >= 0 or loss < 0 for loss in losses)
# By definition, a mean lies between its parts.
assert min(1, 2) < 1.5
"""


def test_what_cannot_fail_is_red_and_what_can_is_not(tmp_path):
    cells = [new_code_cell(TRAIN, id="train"), new_code_cell(CHECK, id="train-check")]
    path = tmp_path / "lesson.ipynb"
    notebooks.write(new_notebook(cells=cells), path)
    command = "import sys\nfrom tools import sabotage\nsys.exit(sabotage.main(sys.argv[1:]))"
    done = warm.python(command, "--table", path)
    assert done.returncode == 1, done.stderr
    (red,) = [line for line in done.stdout.splitlines() if line.startswith("  Cell ")]
    assert "train-check: nothing makes this fail" in red and "loss >= 0 or loss < 0" in red
    assert "6 assertions; a sabotaged run makes 2 fall" in done.stdout and "1 cannot fail" in done.stdout
    (arrives,) = [line for line in done.stdout.splitlines() if line.endswith("abs(w - 3) < 0.01")]
    assert arrives.split()[0] == "x"
