"""Python processes that begin with everything of other people's imported already.

``python(code, *arguments)`` is ``subprocess.run([sys.executable, "-c", code, *arguments])`` with its output
as text, but forked off a process that waits with torch and the like in its memory: that saves two seconds of
computing each time. Of the course nothing is imported there, so that the process may see another one.
"""

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SERVER = """
import json, os, sys
import IPython.core.interactiveshell, matplotlib.pyplot, nbclient, nbformat, numpy, torch
assert not {"course_lib", "tools"} & set(sys.modules)
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if not child:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit()
for number, name in enumerate(["/dev/null", asked["out"], asked["err"]]):
    os.dup2(os.open(name, os.O_WRONLY if number else os.O_RDONLY), number)
os.chdir(asked["folder"])
sys.path.insert(0, asked["folder"])
sys.argv = ["-c", *asked["arguments"]]
exec(compile(asked["code"], "<asked>", "exec"), {"__name__": "__main__"})
"""


@functools.cache
def _server():
    others = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tempfile.gettempdir(),
        env=others | {"MPLBACKEND": "agg"},
    )
    atexit.register(server.communicate)  # without a line more it ends
    return server


def python(code, *arguments, folder=ROOT):
    """Run the code with ``folder`` as its own, and on its path; as `subprocess.run` gives it back."""
    server = _server()
    with tempfile.TemporaryDirectory() as here:
        out, err = Path(here, "out"), Path(here, "err")
        out.touch(), err.touch()
        asked = {
            "code": code,
            "arguments": [str(argument) for argument in arguments],
            "folder": str(folder),
            "out": str(out),
            "err": str(err),
        }
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        answer = server.stdout.readline()
        assert answer, "the process that forks has ended"
        return subprocess.CompletedProcess(code, int(answer), out.read_text(), err.read_text())
