"""`python -m tools.claims` asks what changed, keeps what came out, and says what does not hold."""

import json
from pathlib import Path

import pytest
import warm
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import claims, notebooks

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.deep

SETUP = "import torch\nfrom course_lib import datasets, quadratics"
DRAW = "draw = torch.rand(1, generator=torch.Generator().manual_seed(0)).item()"
UNUSED = "unused = 1"
MEAN = "x, y = datasets.noisy_line(1000)\nmean = y.mean().item()"
CHECK = (
    "# It lies between nought and one.\nassert 0 <= draw <= 1\n"
    "# The mean is about four.\nassert abs(mean - 4) < 0.1\n"
    "assert f'{draw:.4f}' == '0.4963'\n"
    "# Two and two are four.\nassert 2 + len(x) == 1002"
)


def stored(folder, *sources, name="lesson"):
    cells = [new_markdown_cell("# 9.9 A lesson", id="title")]
    cells += [new_code_cell(source, id=f"step-{n}") for n, source in enumerate(sources, start=1)]
    path = folder / f"{name}.ipynb"
    notebooks.write(new_notebook(cells=cells), path)
    return path


def ask(path, *options):
    """The tool as a command, with its page in the notebook's folder; what it printed, and its exit code."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom tools import claims\n"
        "claims.PAGE = Path(sys.argv[1]).parent / 'claims.md'\nclaims.ROOT = claims.PAGE.parent\n"
        "claims.lessons = lambda: [Path(sys.argv[1])]\n"
        "claims.BLOCKS, claims.ENOUGH, claims.SETTINGS = 4, 4, 2\n"
        "sys.exit(claims.main(sys.argv[1:]))"
    )
    done = warm.python(code, path, *options)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr, done.returncode


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A lesson whose claims all hold, asked once."""
    path = stored(tmp_path_factory.mktemp("asked"), SETUP, DRAW, UNUSED, MEAN, CHECK)
    said, code = ask(path)
    return path, said, code


def test_what_came_out_is_kept_and_shown_on_the_page(asked):
    path, said, code = asked
    assert code == 0, said
    kept = json.loads(claims.store(path).read_text())
    by_code = {entry["code"]: entry for entry in kept["claims"]}
    assert kept["next"] == 5 and len(by_code) == 3
    draw = by_code["0 <= draw <= 1"]
    assert (draw["held"], draw["of"], draw["words"]) == (4, 4, "It lies between nought and one.")
    assert by_code["2 + len(x) == 1002"]["of"] == 0, "chance has no part in it"
    assert not any("0.4963" in text for text in by_code), "a quote is not asked with other seeds"
    page = (path.parent / "claims.md").read_text()
    assert "| It lies between nought and one. `0 <= draw <= 1` | 4 of 4 |" in page
    assert "[9.9 A lesson](lesson.ipynb)" in page and "2 + len" not in page


def test_nothing_is_asked_again_until_something_changes(asked, tmp_path):
    path, *_ = asked
    said, code = ask(path)
    assert code == 0 and json.loads(claims.store(path).read_text())["next"] == 5
    said, code = ask(path, "--check")
    assert code == 0, said


def changed(asked, folder, **sources):
    """The claims that have to be asked after cells were changed."""
    path, *_ = asked
    parts = {"setup": SETUP, "draw": DRAW, "unused": UNUSED, "mean": MEAN, "check": CHECK} | sources
    new = stored(folder, *parts.values())
    claims.store(new).write_text(claims.store(path).read_text())
    return [claim.code for claim in claims.state(new)[2]]


def test_a_claim_hangs_on_its_own_code_and_the_cells_that_it_reads(asked, tmp_path):
    assert changed(asked, tmp_path) == []
    assert changed(asked, tmp_path, unused="unused = 2") == []
    assert changed(asked, tmp_path, draw=f"# said otherwise\n{DRAW}  # again") == []
    assert changed(asked, tmp_path, mean=f"{MEAN}\nfig, ax = plt.subplots()\nax.plot(x, y)") == []
    assert changed(asked, tmp_path, draw=DRAW.replace("seed(0)", "seed(1)")) == ["0 <= draw <= 1"]
    assert changed(asked, tmp_path, mean=MEAN.replace("1000", "999")) == [
        "abs(mean - 4) < 0.1",
        "2 + len(x) == 1002",
    ]
    assert changed(asked, tmp_path, check=CHECK.replace("0.1", "0.2")) == ["abs(mean - 4) < 0.2"]


def test_a_cell_that_no_claim_hangs_on_is_run_once_for_all_blocks(tmp_path):
    count = f"with open({str(tmp_path / 'runs')!r}, 'a') as file:\n    file.write('.')"
    path = stored(tmp_path, SETUP, DRAW, count, MEAN, CHECK)
    said, code = ask(path)
    assert code == 0, said
    assert (tmp_path / "runs").read_text() == "."
    assert {entry["of"] for entry in json.loads(claims.store(path).read_text())["claims"]} == {0, 4}


def test_a_claim_hangs_on_the_library_that_it_entered(asked, tmp_path, monkeypatch):
    def with_library(old, new):
        folder = tmp_path / new
        folder.mkdir()
        for file in claims.LIBRARY.glob("*.py"):
            text = file.read_text()
            if file.stem == "datasets":
                assert old in text
                text = text.replace(old, new)
            (folder / file.name).write_text(text)
        claims._library.cache_clear()
        monkeypatch.setattr(claims, "LIBRARY", folder)
        stale = changed(asked, folder)
        claims._library.cache_clear()
        monkeypatch.undo()
        return stale

    assert with_library("return x, 2 * x + 3", "return x, 3 * x + 3") == [
        "abs(mean - 4) < 0.1",
        "2 + len(x) == 1002",
    ]
    assert with_library("Points around the line", "Dots around the line") == []
    assert with_library("held_out, kept = order", "held_out, kept2 = order") == []
    assert with_library('"two_moons",', '"three_moons",') == []  # a name more in __all__


def test_a_claim_that_chance_decides_is_said_and_its_next_blocks_are_new(tmp_path):
    path = stored(tmp_path, SETUP, DRAW, "# It is so and so.\nassert 0.4962 < draw < 0.4964")
    said, code = ask(path)
    assert (
        code == 1
        and "Cell step-3: this held in" in said
        and "say what does hold: 0.4962 < draw < 0.4964" in said
    )
    first = json.loads(claims.store(path).read_text())
    path = stored(tmp_path, SETUP, DRAW, "# It is no more than one.\nassert draw <= 1")
    said, code = ask(path)
    assert code == 0, said
    assert first["next"] == 5 and json.loads(claims.store(path).read_text())["next"] == 9


RANKING = (
    "from course_lib import rules\nfrom course_lib.training import descend\n"
    "far = [abs(descend(lambda w: (w**2).sum(), rules.sgd, (1.0,), 10, lr=lr)[-1][0]) for lr in (0.1, 0.5)]\n"
    "lr = 0.9\nreached = abs(1 - 2 * lr)\n"
)


def test_a_ranking_is_asked_at_other_settings_unless_it_says_where_it_holds(tmp_path):
    path = stored(tmp_path, RANKING, "limit = 0.8001\n# It is close.\nassert reached < limit")
    said, code = ask(path)
    assert code == 1 and "at other rates and starts this held in" in said
    path = stored(tmp_path, RANKING, "limit = 0.8001\n# At this rate it is close.\nassert reached < limit")
    said, code = ask(path)
    assert code == 0, said
    assert "only here" in (tmp_path / "claims.md").read_text()


@pytest.mark.parametrize("name", ["random_state=0", "rng=np.random.RandomState(0)"])
def test_a_seed_that_no_block_can_change_is_an_error(tmp_path, name):
    path = stored(tmp_path, f"import numpy as np\nsplit({name})", "assert True")
    said, code = ask(path)
    assert code == 1 and "Cell step-1 uses" in said and "that make claims cannot change: draw with" in said


def test_a_lesson_that_does_not_run_is_said_and_nothing_is_stored(tmp_path):
    path = stored(tmp_path, "1 / 0", "assert True")
    said, code = ask(path)
    assert code == 1 and "does not run as it stands" in said and "ZeroDivisionError" in said
    path = stored(tmp_path, "x = 1", "assert x > 2")
    said, code = ask(path)
    assert code == 1 and "does not hold on the page itself: x > 2" in said
    assert not claims.store(path).exists()


def test_trying_a_few_blocks_stores_nothing(tmp_path):
    path = stored(tmp_path, SETUP, DRAW, "# It is so and so.\nassert 0.4962 < draw < 0.4964")
    said, code = ask(path, "--try", "3")
    assert code == 1 and "say what does hold" in said
    assert not claims.store(path).exists() and not (tmp_path / "claims.md").exists()
