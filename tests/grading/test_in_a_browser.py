"""What a student wrote does not run in the browser of whoever reads the page, or marks it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from tiny_course import SLUG, answered, hand_in, make_course

from tools import exercises, grade, notebooks
from tools.nbgrader_course import ROOT

pytestmark = [pytest.mark.sandboxed, pytest.mark.deep]

MARK = "document.documentElement.dataset.ran = 'yes'"
TEXT = f"""Half of $x$, and <script>{MARK}</script> <img src=x onerror="{MARK}"> <svg onload="{MARK}"></svg>
<iframe srcdoc="<script>parent.{MARK}</script>"></iframe> <a href="javascript:{MARK}">here</a>
[and here](javascript:{MARK.replace(" ", "")}) <style>body {{ display: none }}</style>
<form action="https://example.org"><button autofocus onfocus="{MARK}">go</button></form>
<math><mtext><style><img src onerror="{MARK}"></style></mtext></math> <b>and a bold word</b>
"""
SHOWN = """from IPython.display import HTML, Javascript, Latex, Markdown, display
for show in (HTML, Markdown, Javascript, Latex):
    display(show(TEXT))
display({"image/svg+xml": TEXT, "application/javascript": TEXT, "text/plain": TEXT}, raw=True)
print(TEXT)
raise AssertionError(TEXT)
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course in which somebody handed in scripts of all kinds; graded."""
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    assert exercises.main([], root=root) == 0
    nb = answered(notebooks.read(exercises.place(root, SLUG)))
    nb.cells.insert(0, new_markdown_cell(TEXT))
    nb.cells.append(new_code_cell(f"TEXT = {TEXT!r}\n{SHOWN}"))
    hand_in(root / "class", "mallory", nb)
    assert grade.main([str(root / "class"), "--out", str(root / "grading")], root=root) == 0
    return root


def ran(driver):
    """Whether a script ran; a page that has not been spoiled still shows its text."""
    time.sleep(0.5)
    assert "and a bold word" in driver.find_element("tag name", "body").text
    return driver.execute_script("return document.documentElement.dataset.ran || ''")


def page(root):
    return root / "grading" / "feedback" / "mallory" / SLUG / f"{SLUG}.html"


def test_a_page_to_hand_back_runs_nothing_but_mathjax(graded, driver):
    driver.get(page(graded).as_uri())
    end = time.monotonic() + 60
    while not driver.find_elements("css selector", "mjx-container") and time.monotonic() < end:
        time.sleep(0.1)
    assert driver.find_elements("css selector", "mjx-container"), "the formulas are not drawn"
    assert ran(driver) == ""
    # Even what would get past the cleaning is not run: the page's own policy forbids it.
    driver.execute_script(
        "const s = document.createElement('div'); s.innerHTML = arguments[0]; document.body.append(s)",
        f'<img src=x onerror="{MARK}">',
    )
    assert ran(driver) == ""


@contextmanager
def jupyter(root, home):
    """The form grader, as an instructor opens it. Yields its address."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    environment = {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "jupyter", "server", "--allow-root", "--no-browser", f"--port={port}"]
    command += ["--IdentityProvider.token=", "--ServerApp.port_retries=0"]
    with open(home / "log", "w") as log:
        server = subprocess.Popen(
            command, cwd=root, env={**os.environ, **environment}, stdout=log, stderr=log
        )
    try:
        address, end = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5)
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < end, (home / "log").read_text()
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def scores(root):
    with Gradebook(f"sqlite:///{root / 'grading' / 'gradebook.db'}") as book:
        return {one.name: one.score for one in book.find_submission_notebook(SLUG, SLUG, "mallory").grades}


def test_the_form_grader_runs_nothing_and_goes_on_while_somebody_grades(graded, driver, tmp_path):
    before = scores(graded)
    run = [str(graded / "class"), "--out", str(graded / "grading")]
    with Gradebook(f"sqlite:///{graded / 'grading' / 'gradebook.db'}") as book:
        notebook = book.find_submission_notebook(SLUG, SLUG, "mallory")
        place, grades = notebook.id, {one.name: one.id for one in notebook.grades}
    with jupyter(graded, tmp_path) as address:
        driver.get(f"{address}/formgrader/submissions/{place}/")
        assert ran(driver) == ""
        assert scores(graded) == before
        assert grade.main([*run, "--again"], root=graded) == 0
        # A mark by hand, as the page sends it, after a run over the gradebook that it has open.
        given = driver.execute_async_script(
            """const [url, body, done] = arguments;
            const token = document.cookie.match(/_xsrf=([^;]*)/)[1];
            fetch(url, {method: "PUT", body, headers: {"X-XSRFToken": token}}).then((r) => done(r.status));""",
            f"{address}/formgrader/api/grade/{grades['test_half_1']}",
            json.dumps({"manual_score": 0.25, "extra_credit": 0}),
        )
        assert given == 200
    assert grade.main(run, root=graded) == 0
    assert scores(graded)["test_half_1"] == 0.25 and "0.25 / 1.0" in page(graded).read_text(encoding="utf-8")


def test_the_graded_notebook_holds_nothing_that_would_run(graded):
    nb = nbformat.read(graded / "grading" / "autograded" / "mallory" / SLUG / f"{SLUG}.ipynb", as_version=4)
    shown = [one.data for cell in nb.cells for one in cell.get("outputs", []) if "data" in one]
    assert {mime for data in shown for mime in data} == {"text/plain", "text/html"}
    html = [data["text/html"] for data in shown if "text/html" in data]
    assert html and all("and a bold word" in one for one in html)
    tags = [tag for one in html for tag in BeautifulSoup(one, "html.parser").find_all()]
    assert {tag.name for tag in tags} <= {"img", "a", "b"}
    assert {name for tag in tags for name in tag.attrs} == set()
