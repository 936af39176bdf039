"""The package as others install it: what it is, what it needs, what ``help`` says."""

import importlib.metadata
import inspect
import pydoc
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import course_lib
from course_lib import optim

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_it_says_what_it_is():
    assert course_lib.__version__ == PROJECT["version"]
    assert "optimizers, in place of torch's" in course_lib.__doc__
    assert (Path(course_lib.__file__).parent / "py.typed").exists()


def python(code):
    """Run code in a process of its own; what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_modules_are_attributes_and_come_when_asked():
    assert python("import course_lib, sys; print('torch' in sys.modules)") == "False\n"
    assert python("import course_lib; print(course_lib.optim.SGD.__name__)") == "SGD\n"
    assert (
        python("import course_lib, sys; course_lib.schedules.step; print('torch' in sys.modules)")
        == "False\n"
    )
    assert {"optim", "rules", "training", "__version__"} <= set(dir(course_lib))
    with pytest.raises(AttributeError, match="module 'course_lib' has no attribute 'optimizers'"):
        course_lib.optimizers  # noqa: B018


def test_the_optimizers_need_torch_only():
    assert [name.split(">")[0] for name in PROJECT["dependencies"]] == ["torch"]
    code = """
import sys
for name in ("numpy", "matplotlib", "contourpy", "IPython", "sklearn"):
    sys.modules[name] = None  # not to be imported
import warnings; warnings.simplefilter("ignore")  # torch says that it would like NumPy
import torch
from course_lib import lr_scheduler, optim, rules, schedules, training, wrappers
model = torch.nn.Linear(2, 1)
for execution in ("plain", "flat"):
    optimizer = optim.AdamW(model.parameters(), execution=execution)
    x, y = torch.ones(3, 2), torch.ones(3, 1)
    scheduler = lr_scheduler.WarmupCosine(optimizer, warmup=2, total=4)
    print(len(training.fit(model, torch.nn.functional.mse_loss, [(x, y)], optimizer, epochs=3,
                           scheduler=scheduler).loss))
"""
    assert python(code) == "3\n3\n"


def names(extra):
    return {re.match(r"[\w-]+", one).group() for one in PROJECT["optional-dependencies"][extra]}


def test_the_extras_have_all_that_the_library_imports():
    called = {"sklearn": "scikit-learn", "IPython": "ipython"}
    imported = set()
    for path in Path(course_lib.__file__).parent.rglob("*.py"):
        for name in re.findall(r"^ *(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            if name not in sys.stdlib_module_names and name != "course_lib":
                imported.add(called.get(name, name))
    known = {name.lower() for name in importlib.metadata.packages_distributions()} | set(called.values())
    assert {name for name in imported if name.lower() in known} <= {
        "torch",
        "PIL",  # which matplotlib brings
        "nbformat",  # where an assignment is checked
        *names("data"),
        *names("figures"),
        *names("processes"),
    }
    assert "course-lib[notebooks]" in PROJECT["optional-dependencies"]["course"]
    assert PROJECT["optional-dependencies"]["notebooks"] == ["course-lib[data,figures,processes]"]


@pytest.mark.parametrize("name", optim.__all__)
def test_help_says_the_arguments(name):
    cls = getattr(optim, name)
    text = pydoc.plain(pydoc.render_doc(cls))
    for argument in inspect.signature(cls).parameters:
        assert re.search(rf"^ \|  {argument}:$", text, re.MULTILINE), argument
    assert '"plain"' in text and '"compiled"' in text
    assert "taking_switches" not in text
