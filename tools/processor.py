"""Other processors, as far as this one can play them: `settings(seed, kernels)` is the environment in which a
notebook runs as on processor `seed`.

torch's results are moved by a unit in the last place (tools.rounding). Python's `math`, NumPy, and the
libraries below NumPy and torch run on the code that they hold for other processors. Not every such setting
changes a bit on every machine, so `find_kernels` tries each once, to keep those that do.
"""

import json
import os
import platform
import subprocess
import sys
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import numpy as np

MATH_PROBE = """
import hashlib, math
numbers = [n * 0.6180339887498949 % 1 for n in range(1, 2001)]
results = [f(x).hex() for f in (math.exp, math.log, math.sin, math.tanh, lambda x: x**1.3) for x in numbers]
print(hashlib.sha256("".join(results).encode()).hexdigest())
"""
NUMPY_PROBE = """
import hashlib
import numpy as np
digest = hashlib.sha256()
for kind in (np.float32, np.float64):
    x = (np.arange(1, 2001) * 0.6180339887498949 % 1).astype(kind)
    a = x[:1600].reshape(40, 40)
    for result in (
        x.sum(), x.std(), np.exp(x), np.log(x), np.sin(x), np.tanh(x), x ** kind(1.3), np.linalg.norm(x),
        x @ x, a @ x[:40], a @ a, np.linalg.solve(a + 5 * np.eye(40, dtype=kind), a),
    ):
        digest.update(np.asarray(result).tobytes())
print(digest.hexdigest())
"""
TORCH_PROBE = """
import hashlib
import torch
digest = hashlib.sha256()
for kind in (torch.float32, torch.float64):
    x = (torch.arange(1, 2001, dtype=torch.float64) * 0.6180339887498949 % 1).to(kind)
    a = x[:1600].reshape(40, 40)
    for result in (
        x.sum(), x.std(), x.exp(), x.log1p(), x.sin(), x.tanh(), x.sigmoid(), x**1.3, x.norm(), x.softmax(0),
        torch.add(x, x.flip(0), alpha=0.1), x @ x, a @ x[:40], a @ a, torch.linalg.solve(a, a.T),
    ):
        digest.update(result.numpy().tobytes())
print(digest.hexdigest())
"""


def choices():
    """(probe, variable, values): who can be asked to run another processor's code, and how."""
    features = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    without = [" ".join(features[first:]) for first in reversed(range(len(features)))]
    return [
        (MATH_PROBE, "GLIBC_TUNABLES", ["glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2"]),
        (NUMPY_PROBE, "OPENBLAS_CORETYPE", ["Haswell", "Sandybridge", "Nehalem", "ARMV8"]),
        (NUMPY_PROBE, "NPY_DISABLE_CPU_FEATURES", without),
        (TORCH_PROBE, "ATEN_CPU_CAPABILITY", ["default", "avx2"]),
        (TORCH_PROBE, "MKL_CBWR", ["COMPATIBLE", "AVX2"]),
    ]


def find_kernels(cache):
    """{variable: {value: whether it changes a bit}}, found once a machine and kept in the file `cache`."""
    versions = [f"{name} {metadata.version(name)}" for name in ("numpy", "torch")]
    asked = [platform.node(), platform.machine(), *versions, choices()]
    key = sha256(json.dumps(asked).encode()).hexdigest()
    if cache.exists():
        kept = json.loads(cache.read_text(encoding="utf-8"))
        if kept["key"] == key:
            return kept["kernels"]
    kernels = {}
    for probe, variable, values in choices():
        seen = {_digest(probe, {})}
        kernels[variable] = {}
        for value in values:
            digest = _digest(probe, {variable: value})
            kernels[variable][value] = digest is not None and digest not in seen
            seen.add(digest)
    cache.parent.mkdir(exist_ok=True)
    cache.write_text(json.dumps({"key": key, "kernels": kernels}), encoding="utf-8")
    return kernels


def _digest(probe, setting):
    """What the probe computes under `setting`; None if it cannot: code for instructions that are not here."""
    run = subprocess.run(
        [sys.executable, "-c", probe],
        env=os.environ | {"OMP_NUM_THREADS": "1"} | setting,
        capture_output=True,
        text=True,
    )
    if run.returncode and not setting:
        raise RuntimeError(f"A probe of this machine's own code must run, but ends in {run.stderr[-200:]!r}.")
    return None if run.returncode else run.stdout.strip()


def settings(seed, kernels):
    """The environment of processor `seed`: the seed, its threads, and one of each library's other kernels."""
    threads = str(2 - seed % 2)
    chosen = {
        "PROCESSOR_SEED": str(seed),
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
    }
    for variable, values in kernels.items():
        if here := [value for value, changes in values.items() if changes]:
            chosen[variable] = here[(seed - 1) % len(here)]
    return chosen


def write_start_up(folder):
    """Make `folder` an IPYTHONDIR whose kernels start as the processor that PROCESSOR_SEED names.

    Each then writes `folder`/started, since IPython goes on if a start-up file fails.
    """
    root = Path(__file__).resolve().parent.parent
    code = f"""
import os, pathlib, sys
sys.path.insert(0, {str(root)!r})
from tools import rounding
sys.path.remove({str(root)!r})
rounding.start(int(os.environ["PROCESSOR_SEED"]))
pathlib.Path({str(folder)!r}, "started").touch()
del os, pathlib, sys, rounding
"""
    start_up = Path(folder, "profile_default", "startup")
    start_up.mkdir(parents=True)
    (start_up / "00-processor.py").write_text(code, encoding="utf-8")
