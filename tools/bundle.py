"""`python -m tools.bundle [--out dist]`: make what learners get, as a folder and as a zip of it.

In it are the exercises, the library as a wheel, the versions of all that they need, and a page that says how
to begin. No solutions, no unseen tests, nothing of the instructor's. The same course makes the same zip, byte
for byte.
"""

import argparse
import functools
import io
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

import nbformat

from tools import exercises, lock, notebooks
from tools.nbgrader_course import ROOT, CourseError

NAME = "training-loop-course"
PAGE = Path(__file__).parent / "skeletons" / "bundle.txt"
REQUIREMENTS = """\
# pip install -r requirements.txt, in this folder. The versions are in constraints.txt.
-c constraints.txt
./{wheel}[notebooks]
jupyterlab
nbgrader
"""
WHEN = 2026, 1, 1, 0, 0, 0  # the time of all files in a zip: JupyterLab shows it


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m tools.bundle", description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("dist"), help="where to write it (dist)")
    out = parser.parse_args(arguments).out
    try:
        files = bundle()
    except (CourseError, notebooks.NotebookError) as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 1
    folder = out / folder_name()
    if folder.exists():
        shutil.rmtree(folder)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    archive = folder.with_name(f"{folder.name}.zip")
    archive.write_bytes(zipped(files))
    print(f"{archive} holds what learners need to solve and to validate: give them this file.")
    print(
        f"{folder} is the same as a folder. It is made anew each time: to try it, unpack the zip elsewhere."
    )
    return 0


def bundle():
    """What learners get: {name of a file: its bytes}. Raises CourseError and NotebookError."""
    released = exercises.made_from_solutions([])
    page = _page(released)
    name, wheel = _wheel(page)
    return {
        **{f"exercises/{slug}/{slug}.ipynb": text.encode() for slug, text in released.items()},
        name: wheel,
        "requirements.txt": REQUIREMENTS.format(wheel=name).encode(),
        "constraints.txt": lock.LOCK.read_bytes(),
        "README.md": page.encode(),
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
    }


def folder_name():
    return f"{NAME}-{project()['version']}"


def wheel_name():
    return f"course_lib-{project()['version']}-py3-none-any.whl"


def zipped(files):
    """The zip that learners get: what `bundle` returns, in one folder."""
    return packed({f"{folder_name()}/{name}": data for name, data in files.items()})


@functools.cache
def _settings():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def project():
    return _settings()["project"]


def _page(released):
    """The learner's README."""
    rows = []
    for slug, text in released.items():
        (title,) = re.findall(r"^# Assignment (.*)", nbformat.reads(text, as_version=4).cells[0].source)
        rows.append(f"| {title} | `{slug}.ipynb` |")
    return PAGE.read_text(encoding="utf-8").format(
        count=len(rows),
        table="\n".join(rows),
        python=project()["requires-python"].removeprefix(">="),
        torch=re.search(r"^torch==.*", lock.LOCK.read_text(encoding="utf-8"), re.MULTILINE).group(),
    )


def library():
    """The files of the library: its modules, and the data that pyproject.toml says are part of it."""
    package = ROOT / "course_lib"
    data = _settings()["tool"]["setuptools"]["package-data"]
    return [*package.rglob("*.py"), *(package / name for name in data["course_lib"])]


def _wheel(page):
    """The library as a wheel: its name, its bytes. It is made of a copy, so that nothing old is in it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        for path in (ROOT / "pyproject.toml", ROOT / "LICENSE", *library()):
            copy = source / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        (source / "README.md").write_text(page, encoding="utf-8")
        # Offline: with the setuptools of this environment, which torch and nbgrader need too.
        command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
        done = subprocess.run(
            [*command, "--disable-pip-version-check", "--wheel-dir", folder, str(source)],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise CourseError(f"the library's wheel cannot be made:\n{done.stdout}{done.stderr}")
        (path,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(path) as wheel:
            return path.name, packed({name: wheel.read(name) for name in wheel.namelist()})


def packed(files):
    """{name: bytes} as a zip that says nothing of when and where it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            about = zipfile.ZipInfo(name, WHEN)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.create_system, about.external_attr = 3, 0o100644 << 16  # as Linux does, everywhere
            archive.writestr(about, data)
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(main())
