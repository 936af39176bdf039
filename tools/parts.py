"""Runs the parts of a long command, each to its end, and says how long each took."""

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-m"]
PYTEST = [*PYTHON, "pytest"]
# Every notebook executed again, and each output compared with the stored one: see tools/verify.py.
NBVAL = [*PYTEST, "--nbval", "--nbval-cell-timeout=120"]
# Two tests at a time; what one module or class shares stays together.
AT_ONCE = ["-n", "2", "--dist", "loadscope"]
# Three, for tests that wait more than they compute: for limits that run out, for processes that end.
WAITING = ["-n", "3", "--dist", "loadscope"]
# For many short tests in few modules: who has finished takes some of the other's.
SHARED_OUT = ["-n", "2", "--dist", "worksteal"]
# Strict: every dead reference and every warning is an error.
BOOK = [str(Path(sys.executable).with_name("jupyter-book")), "build", "-n", "-W", "--keep-going", "--quiet"]


@dataclass(frozen=True, eq=False)
class Part:
    name: str
    what: str
    commands: list[list[str]]
    beside: bool = False  # waits much, for limits or a browser: the others compute meanwhile


def run(parts, root=ROOT):
    """Run all parts, whichever fail, and print their times. Returns (names of those that fail, seconds).

    They run one after the other, but for those that run beside: one after the other, too, at the same time.
    What these say is shown when all the others have ended.
    """
    started = time.perf_counter()
    headers = {part: f"{k}/{len(parts)} {part.name}: {part.what}" for k, part in enumerate(parts, start=1)}
    along = [part for part in parts if part.beside]
    if len(along) == len(parts):
        along = []
    ended = {}
    with ThreadPoolExecutor(1) as lane:
        later = [
            (part, file := tempfile.TemporaryFile(), lane.submit(_carry_out, part, root, file))
            for part in along
        ]
        for part in parts:
            if part not in along:
                print(headers[part], flush=True)
                ended[part] = _carry_out(part, root)
        for part, file, outcome in later:
            print(headers[part], flush=True)
            ended[part] = outcome.result()
            file.seek(0)
            print(file.read().decode(errors="replace"), end="", flush=True)
            file.close()
    print()
    for part in parts:
        passed, seconds = ended[part]
        words = "passed" if passed else "FAILED"
        print(f"  {clock(seconds)}  {words}  {part.name}{' (beside the others)' if part in along else ''}")
    whole = time.perf_counter() - started
    print(f"  {clock(whole)}  in all", flush=True)
    return [part.name for part in parts if not ended[part][0]], whole


def _carry_out(part, root, file=None):
    """Whether all commands of a part succeed, and its seconds. Its output goes to the file, if any."""
    start = time.perf_counter()
    said = {"stdout": file, "stderr": subprocess.STDOUT} if file else {}
    codes = [subprocess.run(command, cwd=root, **said).returncode for command in part.commands]
    return not any(codes), time.perf_counter() - start


def clock(seconds):
    """Minutes and seconds: " 3:05"."""
    return "{:2d}:{:02d}".format(*divmod(round(seconds), 60))
