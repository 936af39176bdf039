"""Run the notebooks as other processors would: ``python -m tools.robust [--seed N ...] [--all] [PATH ...]``.

A seed is a processor, made of this one: see tools.processor and tools.rounding. Texts and figures are
compared with the stored ones, just as in `make test`. What passed for a seed is not run again until the
notebook, the library, the tools or the lock change; --all runs everything.

Exit status: 0 all agree; 1 something differs; 2 nothing was run, because of the message.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor, as_completed
from hashlib import sha256
from pathlib import Path

from tools import notebooks, processor

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [ROOT / "chapters", ROOT / "solutions"]
CACHE = ROOT / ".robust"
SEEDS = [1, 2, 3, 4, 5]
# Beside the notebook, what can change what it prints or draws, or whether a difference is seen.
SOURCES = [
    *(ROOT / name for name in ("course_lib", "conftest.py", "requirements.lock")),
    *(ROOT / "tools" / f"{name}.py" for name in ("processor", "robust", "rounding")),
    *(ROOT / "tools" / f"{name}.py" for name in ("lessons", "notebooks", "verify")),
]
AT_ONCE = 2  # notebooks
# Only what never ends is stopped: moving results takes time, and how fast it runs is no question here.
OPTIONS = [
    *("-p", "tools.verify", "-p", "no:cacheprovider", "--color=no", "-vv"),
    *(f"--rootdir={ROOT}", f"--config-file={ROOT / 'pyproject.toml'}"),
    *("--nbval", "--nbval-kernel-startup-timeout=600", "--nbval-cell-timeout=900", "--notebook-seconds=inf"),
]


def run(path, settings):
    """What differs when the notebook at `path` runs under `settings`: {cell: words}, maybe empty."""
    with tempfile.TemporaryDirectory() as folder:
        start_up = Path(folder, "ipython")
        processor.write_start_up(start_up)
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", *OPTIONS, f"--junitxml={report}", str(path)]
        result = subprocess.run(
            command,
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
            | settings
            | {"IPYTHONDIR": str(start_up)},
            capture_output=True,
            text=True,
        )
        if result.returncode not in (0, 1) or not report.exists():
            return {"": f"pytest could not run it:\n{(result.stdout + result.stderr)[-2000:]}"}
        if not Path(start_up, "started").exists():
            return {
                "": "its kernel did not become another processor: see the start-up file of tools.processor"
            }
        return _differences(path, report)


def _differences(path, report):
    cells = [cell for cell in notebooks.read(path).cells if cell.cell_type == "code"]
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        failure = case.find("failure")
        if failure is None:
            failure = case.find("error")
        if failure is not None:
            number = int(re.search(r"\d+", case.get("name")).group())
            found[cells[number].id] = _words(failure.text)
    return found


def _words(failure):
    """The end of nbval's message, which says what differs; before it stands the whole cell."""
    plain = re.sub(r"(\x1b|#x1B)\[[0-9;]*m", "", failure)
    _, _, after = plain.partition("Traceback:")
    if after.strip():
        return after.strip()
    return plain.partition("Input:")[0].removeprefix("Notebook cell execution failed").strip()


def _key(path, settings):
    """What must be the same for a result to be the same."""
    digest = sha256(json.dumps(settings, sort_keys=True).encode())
    for source in [path, *SOURCES]:
        inside = sorted(source.rglob("*")) if source.is_dir() else [source]
        for file in inside:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(source)} {sha256(file.read_bytes()).hexdigest()}".encode())
    return digest.hexdigest()


def _memory(path, seed):
    """The file that remembers under which key `path` last passed for `seed`."""
    return CACHE / f"{_name(path).replace(os.sep, '-')}.{seed}"


def _name(path):
    return os.path.relpath(path, ROOT)


def check(path, seed, kernels, again):
    """The line on one notebook and one seed, and what differs: {cell: words}."""
    settings = processor.settings(seed, kernels)
    key, memory = _key(path, settings), _memory(path, seed)
    if not again and memory.exists() and memory.read_text(encoding="utf-8") == key:
        return "unchanged since it passed", {}
    start = time.perf_counter()
    differences = run(path, settings)
    if not differences:
        memory.write_text(key, encoding="utf-8")
    return f"{'differs' if differences else 'passed'} in {time.perf_counter() - start:.0f} s", differences


def main(arguments=None):
    options = _parser().parse_args(arguments)
    try:
        paths = [path.resolve() for path in notebooks.find(*options.paths)]
    except notebooks.NotebookError as error:
        print(f"{error} Nothing was run.", file=sys.stderr)
        return 2
    seeds = options.seed or SEEDS
    kernels = processor.find_kernels(CACHE / "kernels.json")
    for variable, values in kernels.items():
        for value, changes in values.items():
            if not changes:
                print(f"Not on this machine: {variable}={value} (it changes no bit, or does not run).")
    for seed in seeds:
        words = (f"{name}={value}" for name, value in processor.settings(seed, kernels).items())
        print(f"seed {seed}: {', '.join(words)}", flush=True)

    tasks = [(seed, path) for seed in seeds for path in paths]
    failed = []
    with ThreadPoolExecutor(options.at_once) as pool:
        running = {pool.submit(check, path, seed, kernels, options.all): (seed, path) for seed, path in tasks}
        for number, done in enumerate(as_completed(running), start=1):
            seed, path = running[done]
            line, differences = done.result()
            print(f"[{number}/{len(tasks)}] seed {seed} {_name(path)}: {line}", flush=True)
            for cell, words in differences.items():
                print(_indented(f"cell {cell}: {words}" if cell else words), flush=True)
            if differences:
                failed.append((seed, path))
    if failed:
        print(f"\n{len(failed)} of {len(tasks)} differ on another processor: see CONTRIBUTING.md. To repeat:")
        for seed, path in failed:
            print(f"  make robust SEED={seed} ONLY={_name(path)}")
    return 1 if failed else 0


def _indented(words, lines=12, width=200):
    """The first `lines` of `words`, cut: a player's data is one line of thousands of characters."""
    kept = [
        f"    {line[:width]}{'…' if len(line) > width else ''}" for line in words.splitlines() if line.strip()
    ]
    return "\n".join(kept[:lines] + ["    …"] * (len(kept) > lines))


def _seed(word):
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 1 on, not {word!r}")
    return int(word)


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m tools.robust", description="Run the notebooks as other processors would."
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        default=NOTEBOOKS,
        help="a notebook or a folder of notebooks (default: all lessons and solutions)",
    )
    parser.add_argument(
        "--seed", type=_seed, nargs="+", metavar="N", help="which processors (default: 1 to 5)"
    )
    parser.add_argument("--all", action="store_true", help="run also what has not changed since it passed")
    parser.add_argument(
        "--at-once", type=int, default=AT_ONCE, metavar="N", help="notebooks at a time (default: %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
