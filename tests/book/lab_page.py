"""A small page with a lab, and what it is compared with: the same requests, answered by this Python."""

import functools
import http.server
import json
import math
import shutil
import threading
from contextlib import contextmanager

from small_page import PAGE, STATIC

from tools import lab_library

LAB = """<article class="bd-article"><section>
<div class="lab" data-whole data-rules="{rules}" data-landscape="{landscape}"><p>Needs scripts.</p></div>
</section></article>"""

#: Asks the worker what a list of requests asks it, and hands over its answers.
ASK = """
const [requests, done] = arguments;
const course = { dom: courseParts.dom() };
const { ask } = courseParts.worker(course);
Promise.all(requests.map(ask)).then(done);
"""


def write(folder, rules="adam", landscape="rosenbrock"):
    """The page, with all that it loads beside it, as a server would need it."""
    shutil.copytree(STATIC, folder / "static")
    lab_library.write(folder / "static" / "lab")
    scripts = ["lab/library.js", *sorted(script.name for script in STATIC.glob("*.js"))]
    tags = "\n".join(f'<script src="static/{name}"></script>' for name in scripts)
    lab = LAB.format(rules=rules, landscape=landscape)
    page = folder / "the_lab.html"
    page.write_text(PAGE.format(static="static", scripts=tags, cells=lab), encoding="utf-8")
    return page


@contextmanager
def served(folder):
    """The address of a server of a folder, on this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@functools.cache
def program():
    """What the worker runs, run here."""
    names = {"__name__": "lab"}
    exec(compile(lab_library.program(), "lab", "exec"), names)
    return names


def answered(request):
    return json.loads(program()["answer"](json.dumps(request)))


def how_far_off(request, answer):
    """The largest distance from the path that this Python finds, as a share of how far that reaches."""
    assert "error" not in answer, answer
    expected = answered(request)["path"]
    reach = max(abs(coordinate) for point in expected for coordinate in point)
    return max(math.dist(*pair) for pair in zip(answer["path"], expected, strict=True)) / reach


def scheduled(name, landscape="ravine"):
    """Walk with a schedule of the library, as the lab begins."""
    asked = request(name, landscape)
    return {**asked, "peak": asked["hyper"]["lr"]}


def request(name, landscape, **changes):
    """Walk with a rule of the library, as the lab begins."""
    data = lab_library.library()
    rule, ground = data["rules"][name], data["landscapes"][landscape]
    hyper = {**rule["signature"], "lr": rule["rates"][landscape]}
    asked = {"text": rule["text"], "name": name, "hyper": hyper, "loss": ground["loss"]}
    return {**asked, "start": ground["start"], "steps": data["steps"], **changes}
