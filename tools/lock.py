"""`python -m tools.lock`: resolve pyproject.toml anew in an empty environment and write requirements.lock.

Run it to refresh the pins; then run `make test`, and commit the lock with what had to change.
"""

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
HEADER = """\
# Every package of the course's environment, pinned. Written by `make lock`.
# torch stands here without a build suffix and without its platform's packages (CUDA libraries, triton):
# pip brings those that your platform needs. To choose a build yourself, see the README.
"""
# What belongs to one platform's build of torch, by the beginning of its name.
PLATFORM = ("nvidia-", "cuda-", "triton")


def portable(frozen):
    """The lines of a lock, from those of ``pip freeze``: no editable or local packages, no platform's own."""
    lines = []
    for line in frozen:
        line = re.sub(r"^(torch)(==[\d.]+|\s*@.*?torch-([\d.]+)).*$", _torch, line)
        if "==" in line and not line.startswith(("-e", *PLATFORM)):
            lines.append(line)
    return sorted(lines, key=lambda line: line.split("==")[0].lower())


def _torch(match):
    return f"torch=={match[3]}" if match[3] else match[1] + match[2]


def main():
    with tempfile.TemporaryDirectory() as folder:
        print("Resolving in an empty environment (some minutes) …", flush=True)
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--editable", f"{ROOT}[course]"], check=True
        )
        command = [python, "-m", "pip", "freeze", "--exclude-editable"]
        frozen = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    lines = portable(frozen)
    LOCK.write_text(HEADER + "\n".join(lines) + "\n")
    print(f"{len(lines)} packages pinned in {LOCK.name}. Now: make test")


if __name__ == "__main__":
    sys.exit(main())
