"""Run other people's programs with the course's optimizers in them.

    python -m tools.guests [arguments of pytest]

The programs (accelerate, safetensors, Lightning's Fabric, timm) are pinned in guests/requirements.lock. They
are in an environment of their own, .guests, which has the course's packages too: no reader installs them.
"""

import hashlib
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "guests" / "requirements.lock"
PLACE = ROOT / ".guests"


def python_of(place):
    """The Python of an environment."""
    return place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def key():
    """What an environment hangs on: the lock, and where the course's packages are."""
    packages = sysconfig.get_paths()["purelib"]
    return hashlib.sha256(LOCK.read_bytes() + packages.encode()).hexdigest()


def set_up(place=PLACE):
    """Make the environment, unless it is there and of this lock. Returns its Python."""
    ready, python = place / ".ready", python_of(place)
    if ready.exists() and ready.read_text() == key():
        return python
    print("Setting up .guests (a minute, once) …", flush=True)
    venv.create(place, with_pip=True, clear=True)
    command = [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    own = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    Path(own, "course.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    install = [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--no-deps"]
    subprocess.run([*install, "-r", LOCK], check=True)
    ready.write_text(key())
    return python


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    python = set_up()
    return subprocess.run([python, "-m", "pytest", "-q", "guests", *arguments], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
