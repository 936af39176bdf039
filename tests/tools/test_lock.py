"""The lock is compared with what is installed, whatever the build and the spelling of a name."""

import tomllib
from importlib import metadata

from packaging.specifiers import SpecifierSet

from tools.lessons import ROOT, different_from_lock
from tools.lock import LOCK


def test_only_other_versions_are_named(tmp_path):
    version = metadata.version("nbval")
    torch = metadata.version("torch").split("+")[0]
    lock = tmp_path / "lock.txt"
    lock.write_text(
        f"# nbval==0\nNbVal=={version}\ntorch=={torch}\nnot-installed-anywhere==1\n"
        "prompt_toolkit==0.1 ; python_version > '3'\n"
    )
    (sentence,) = different_from_lock(lock)
    assert sentence.startswith("prompt_toolkit ") and sentence.endswith(" instead of 0.1")


def test_every_pinned_package_runs_on_the_oldest_python_that_the_readme_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    pinned = [
        line.split("==")[0] for line in LOCK.read_text(encoding="utf-8").splitlines() if line[:1].isalnum()
    ]
    too_new = []
    for name in pinned:
        try:
            wants = metadata.metadata(name)["Requires-Python"] or ""
        except metadata.PackageNotFoundError:  # of another platform
            continue
        if "3.11.0" not in SpecifierSet(wants):
            too_new.append(f"{name} wants Python {wants}")
    assert len(pinned) > 100 and too_new == []
