"""The quick way to run many versions of a notebook lets none of them see another."""

import json
import subprocess
import sys

import pytest
import quick_kernel

SHARED = "import math\nseen = []\nopen('file', 'w').write('shared')"
LOOK = "print(seen, hasattr(math, 'mark'), open('file').read())"


# Time stands still until the endless version has begun, and is over then: no version needs to be fast.
CODE = """
import os, quick_kernel, time, types
def now():
    return quick_kernel.SECONDS + 1 if os.path.exists({begun!r}) else 0
quick_kernel.time = types.SimpleNamespace(monotonic=now, sleep=time.sleep)
quick_kernel.PRELOADED, quick_kernel.AT_ONCE = (), 1
quick_kernel.main()
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    begun = str(tmp_path_factory.mktemp("endless") / "begun")
    versions = {
        "first": [SHARED, "seen.append(1); math.mark = 1; open('file', 'w').write('mine')", LOOK],
        "quiet": [SHARED, "pass", LOOK],
        "loud": [SHARED, "seen.append(2); math.mark = 2; open('file', 'w').write('yours')", LOOK],
        "raises": [SHARED, "raise ValueError('no')", LOOK],
        "broken": [SHARED, "1 +", LOOK],
        "value": [SHARED, "6 * 7", LOOK],
        "warns": [SHARED, "import sys\nprint('hm', file=sys.stderr)", LOOK],
        "dies": [SHARED, "import os\nos._exit(3)", LOOK],
        "endless": [SHARED, f"open({begun!r}, 'w').close()\nwhile True: pass", LOOK],
        "own start": ["seen = ['own']\nimport math\nopen('file', 'w').write('own')", "pass", LOOK],
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(begun=begun)],
        input=json.dumps(list(versions.values())),
        capture_output=True,
        text=True,
        cwd=quick_kernel.__file__.rpartition("/")[0],
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(versions, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize(
    "version, seen",
    [
        ("first", "[1] True mine"),
        ("quiet", "[] False shared"),
        ("loud", "[2] True yours"),
        ("raises", "[] False shared"),
        ("own start", "['own'] False own"),
    ],
)
def test_each_version_sees_its_own_cells_only(outputs, version, seen):
    assert outputs[version][-1] == [{"output_type": "stream", "name": "stdout", "text": seen + "\n"}]


def test_outputs_are_what_nbgrader_looks_at(outputs):
    (error,) = outputs["raises"][1]
    assert (error["output_type"], error["ename"], error["evalue"]) == ("error", "ValueError", "no")
    assert outputs["broken"][1][0]["ename"] == "SyntaxError"
    assert outputs["value"][1][-1]["data"] == {"text/plain": "42"}
    assert outputs["warns"][1] == [{"output_type": "stream", "name": "stderr", "text": "hm\n"}]


@pytest.mark.parametrize("version", ["dies", "endless"])
def test_cells_that_never_finish_have_failed(outputs, version):
    before, *after = outputs[version]
    assert not any(output["output_type"] == "error" for output in before)
    assert [cell[0]["ename"] for cell in after] == ["TimeoutError", "TimeoutError"]
