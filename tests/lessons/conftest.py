"""Tests here ask for a `lesson`, an `executed` notebook or any `notebook`, and run once for each there is."""

from pathlib import Path

from tools import notebooks

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {
    "lesson": ["chapters/part*"],
    "published": ["chapters"],
    "executed": ["chapters", "solutions"],
    "notebook": ["chapters", "solutions", "exercises"],
}


def pytest_generate_tests(metafunc):
    for name in FOLDERS.keys() & set(metafunc.fixturenames):
        # No folder, or a folder without notebooks, is an error: else these tests would pass on nothing.
        paths = notebooks.find(*(folder for glob in FOLDERS[name] for folder in _folders(glob)))
        ids = [f"{path.relative_to(ROOT).parts[0]}-{path.stem}" for path in paths]
        metafunc.parametrize(name, paths, ids=ids)


def _folders(glob):
    return sorted(ROOT.glob(glob)) or [ROOT / glob]
