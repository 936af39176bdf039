"""Kernels that start in a fraction of the time, for the suite, which starts more than fifty.

A kernel computes for some seconds before its first cell is over, nearly all of them for importing torch,
matplotlib and scikit-learn. Here one process imports these, and forks for each kernel; nothing of the course
is imported there. What a kernel finds is what a fresh one finds: no names, no figure, its own environment and
folder, and random numbers that nobody can foresee, so that a draw without a seed is noticed as before.
"""

import atexit
import contextlib
import functools
import json
import signal
import subprocess
import sys

import psutil
from jupyter_client.provisioning import local_provisioner

SERVER = """
import gc, json, os, random, runpy, signal, sys
import ipykernel.kernelapp, matplotlib.figure, matplotlib.backends.backend_agg, matplotlib.mathtext
import numpy, sklearn.datasets, torch, torch._dynamo, torch.utils.data
assert not {"course_lib", "tools", "matplotlib.pyplot"} & set(sys.modules)
gc.freeze()  # no collection of theirs walks through what is imported, and copies its pages
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is gone at once
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if not child:
        break
else:
    sys.exit()
signal.signal(signal.SIGCHLD, signal.SIG_DFL)
os.setsid()  # before anybody asks for its group, to interrupt or end it
print(os.getpid(), flush=True)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
os.dup2(2, 1)
os.environ.clear()
os.environ.update(asked["env"])
os.chdir(asked["folder"])
random.seed()
numpy.random.seed()
torch.seed()
sys.argv = [*asked["arguments"], f"--IPKernelApp.parent_handle={os.getppid()}"]  # without which it ends
sys.path.insert(0, "")
runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)
"""


class Kernel:
    """What the provisioner asks of a kernel's process; the methods are those of `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, pid):
        self.pid, self.process = pid, psutil.Process(pid)

    def poll(self):
        """None while it runs. Its status is its parent's to know: 0 stands for any."""
        return None if self.process.is_running() else 0

    def wait(self):
        self.process.wait()
        return 0

    def send_signal(self, number):
        with contextlib.suppress(psutil.NoSuchProcess):  # who has ended hears nothing
            self.process.send_signal(number)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def use():
    """From now on this process starts warm kernels, where the system can fork."""
    if sys.platform == "linux":
        local_provisioner.launch_kernel = _launch


def _launch(command, *, env, cwd=None, **_):
    assert command[:3] == [sys.executable, "-m", "ipykernel_launcher"], command
    server = _server()
    asked = {"env": env, "folder": str(cwd or "."), "arguments": command[2:]}
    server.stdin.write(json.dumps(asked) + "\n")
    server.stdin.flush()
    return Kernel(int(server.stdout.readline()))


@functools.cache
def _server():
    command = [sys.executable, "-c", SERVER]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(server.communicate)  # without a line more it ends
    return server
