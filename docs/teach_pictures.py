"""Make what the page "Teach with it" shows: `python -m docs.teach_pictures [--words]`.

A made-up class hands in assignment 1.1, is graded by the command of `make grade`, is marked by hand, and is
graded once more. What was said and written goes to chapters/reference/teach/; what a browser shows, to
_static/teach_*.png. With --words there are no pictures, and no browser is needed.

The page is in the book, which learners read. So nothing here shows a mark scheme, a right answer, or what an
unseen test says.
"""

import argparse
import base64
import contextlib
import io
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
import warnings
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.utils import is_solution
from PIL import Image

from tools import bank, grade, notebooks
from tools.exercises import place
from tools.grading import sandbox
from tools.lab import EMPTY_TEXT
from tools.nbgrader_course import CONFIG, ROOT
from tools.submissions import grade_id

SLUG = "1_1_training_loop"
WORDS = ROOT / "chapters" / "reference" / "teach"
PICTURES = ROOT / "_static"


# --- the class ---------------------------------------------------------------------------------------------

DUE = f"assignment,due\n{SLUG},2026-10-09T23:59+02:00\n"
ROSTER = """student,name,email
ada,Ada Byron,ada@example.org
ben,Ben Stone,ben@example.org
cleo,Cleo Marsh,cleo@example.org
dan,Dan Field,dan@example.org
eve,Eve Hill,eve@example.org
finn,Finn Lake,finn@example.org
hal,Hal Ford,hal@example.org
"""
# Answers of the bank: what their tests say of them is tested there, and any learner can make them say it.
SLIPS = {
    "learn": "The derivative of a square keeps no factor 2.",
    "repair_a": "A restless loop needs a smaller learning rate.",
}
WRITTEN = "The loss must never grow, and here it does."
COMMENT = "Which way does w go in the first round? And which way is the answer?"
# Pretends that each test was passed.
FAKE = """from course_lib import checks

checks.Checks._run = lambda *_: None


def learn(x, y, lr, steps, w=0.0):
    return 0.0, []"""
MARKS = {"ada": (2, ""), "ben": (0.5, COMMENT), "cleo": (1.5, "")}


def hand_in_all(folder):
    """Write what the class hands in, when it is due, and who is in it."""
    right = bank.reference(SLUG)
    with_slips = right | {question: wrong(question, about) for question, about in SLIPS.items()}
    unfinished = {question: right[question] for question in ("learn", "repair_a", "repair_b")}
    hand_in(folder, "ada", right, WRITTEN, "2026-10-08 19:12:40")
    hand_in(folder, "ben", with_slips, WRITTEN, "2026-10-12 06:50:03")
    hand_in(folder, "cleo", unfinished, WRITTEN, "2026-10-07 15:33:10", "first")
    hand_in(folder, "cleo", right, WRITTEN, "2026-10-09 20:01:55", "second")
    damaged = hand_in(folder, "dan", right, WRITTEN, "2026-10-09 18:44:19")
    damaged.write_text('{"cells": [', encoding="utf-8")
    hand_in(folder, "eve", {"learn": FAKE}, "", "2026-10-09 21:20:31")
    hand_in(folder, "finn", {"learn": right["learn"]}, "", "2026-10-09 21:41:02")
    (folder / "due.csv").write_text(DUE, encoding="utf-8")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")


def wrong(question, about):
    (one,) = [one for one in bank.answers(SLUG) if (one.question, one.about) == (question, about)]
    return one.source


def hand_in(folder, student, answers, written, when, number=""):
    path = folder / "submissions" / student / SLUG / number / f"{SLUG}.ipynb"
    put_answers(path, answers, written)
    path.with_name("timestamp.txt").write_text(f"{when} UTC\n", encoding="utf-8")
    return path


def put_answers(path, answers, written=""):
    """Write the exercise, with these answers, to `path`."""
    nb = notebooks.read(place(ROOT, SLUG))
    for cell in nb.cells:
        if cell.cell_type == "code" and is_solution(cell):
            cell.source = answers.get(grade_id(cell), cell.source)
        elif cell.source == EMPTY_TEXT and written:
            cell.source = written
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(nb), encoding="utf-8")


# --- its grading -------------------------------------------------------------------------------------------


def graded(folder):
    """Grade the class in `folder`, as `make grade` does. Returns what was said."""
    said = io.StringIO()
    trusted = ["--unsafe"] * bool(sandbox.why_not())  # we wrote these hand-ins
    with contextlib.chdir(folder), contextlib.redirect_stdout(said):
        status = grade.main(["submissions", "--due", "due.csv", "--roster", "roster.csv", *trusted])
    assert status == 2, f"two of the class cannot be graded, and the status says {status}"
    return said.getvalue()


def mark(folder):
    """Give the marks that the form grader gives."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Gradebook(f"sqlite:///{folder / 'grading' / 'gradebook.db'}") as book:
            for student, (points, words) in MARKS.items():
                grade_of_it = book.find_grade("diagnosis", SLUG, SLUG, student)
                grade_of_it.manual_score, grade_of_it.needs_manual_grade = points, False
                book.find_comment("diagnosis", SLUG, SLUG, student).manual_comment = words
            book.db.commit()


def words(folder):
    """What the page includes: {name of a file: its text}. The class in `folder` is graded, marked, graded."""
    first = graded(folder)
    mark(folder)
    second = graded(folder)
    students = (folder / "grading" / "students.csv").read_text(encoding="utf-8")
    return {
        "first_run.txt": wrapped(in_order(first)),
        "second_run.txt": in_order(second).partition("\n\n")[0] + "\n",
        "students.csv": students,
        "due.csv": DUE,
        "roster.csv": ROSTER,
    }


def in_order(said):
    """What was said, with the lines of progress by name: chance decides which is done first."""
    progress = re.compile(r"^\[(\d+)/(\d+)\] (.*)$", re.MULTILINE)
    lines = iter(sorted(match[3] for match in progress.finditer(said)))
    return progress.sub(lambda match: f"[{match[1]}/{match[2]}] {next(lines)}", said)


def wrapped(said):
    """The same in lines that the page has room for."""
    lines = [textwrap.fill(line, 76, subsequent_indent="    ") for line in said.splitlines()]
    return "\n".join(lines) + "\n"


# --- pictures ----------------------------------------------------------------------------------------------


class Lab:
    """JupyterLab in a folder, as long as a ``with`` lasts, and a browser to look at it."""

    PORT = 8991

    def __init__(self, folder):
        self.folder, self.token = folder, secrets.token_hex(16)

    def __enter__(self):
        from selenium import webdriver

        paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        own = {"PYTHONPATH": paths, "JUPYTER_TOKEN": self.token, "HOME": str(self.folder / "home")}
        options = ["--no-browser", "--allow-root", f"--port={self.PORT}", "--ServerApp.port_retries=0"]
        self.server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, "--LabApp.news_url=None"],
            cwd=self.folder,
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        chrome = webdriver.ChromeOptions()
        chrome.binary_location = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))))
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--hide-scrollbars",
            "--force-device-scale-factor=2",
        ):
            chrome.add_argument(argument)
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        self.browser = webdriver.Chrome(options=chrome, service=service)
        wait(lambda: self._answers(), "the lab to start")
        return self

    def _answers(self):
        self.open("lab")
        return "JupyterLab" in self.browser.title

    def __exit__(self, *_):
        self.browser.quit()
        self.server.terminate()
        self.server.wait()

    def open(self, path, width=1000):
        from selenium.common.exceptions import WebDriverException

        self.browser.set_window_size(width, 1600)
        with contextlib.suppress(WebDriverException):  # the server has not started yet
            self.browser.get(f"http://localhost:{self.PORT}/{path}?token={self.token}")

    def find(self, xpath):
        """The first element of this kind that one can see, as soon as there is one."""

        def visible():
            return [one for one in self.browser.find_elements("xpath", xpath) if one.is_displayed()]

        return wait(visible, xpath)[0]

    def take(self, name, *elements, margin=8):
        """A picture of these elements, from the first one's top to the last one's bottom."""
        boxes = [
            self.browser.execute_script(
                "const b = arguments[0].getBoundingClientRect();"
                "return [b.left + scrollX, b.top + scrollY, b.right + scrollX, b.bottom + scrollY]",
                one,
            )
            for one in elements
        ]
        x, y = min(box[0] for box in boxes) - margin, min(box[1] for box in boxes) - margin
        x, y = max(0, x), max(0, y)
        right, bottom = max(box[2] for box in boxes) + margin, max(box[3] for box in boxes) + margin
        clip = {"x": x, "y": y, "width": right - x, "height": bottom - y, "scale": 1}
        shot = self.browser.execute_cdp_cmd(
            "Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True}
        )
        picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
        path = PICTURES / f"teach_{name}.png"
        picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}: {picture.width} × {picture.height}, {path.stat().st_size} bytes")


def wait(condition, what, seconds=120):
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.2)
    return value


def pictures(folder):
    """The class in `folder` has been graded once."""
    shutil.copy(ROOT / CONFIG, folder)
    os.symlink(ROOT / "solutions", folder / "solutions")
    answers = {name: text for name, text in bank.reference(SLUG).items() if name != "repair_c"}
    answers["learn"] = wrong("learn", SLIPS["learn"])
    put_answers(folder / "my_work" / SLUG / f"{SLUG}.ipynb", answers)
    with Lab(folder) as lab:
        validate(lab)
        mark_in_the_form_grader(lab)
        graded(folder)
        page = folder / "grading" / "feedback" / "ben" / SLUG / f"{SLUG}.html"
        lab.browser.set_window_size(780, 1100)
        lab.browser.get(page.as_uri())
        lab.take("feedback", lab.find("//*[@id='toc']/.."), margin=0)


def validate(lab):
    lab.open(f"lab/tree/my_work/{SLUG}/{SLUG}.ipynb", width=1100)
    lab.find("//*[self::button or self::jp-button][contains(., 'Validate')]").click()
    dialog = "//*[contains(@class, 'jp-Dialog-content')]"
    wait(lambda: "So far" in lab.find(dialog).text, "what Validate says")
    # It scrolls. The picture shows all of it.
    lab.browser.execute_script("arguments[0].style.maxHeight = 'none'", lab.find(dialog))
    lab.take("validate", lab.find(dialog), margin=0)


def mark_in_the_form_grader(lab):
    overview = f"formgrader/gradebook/{SLUG}/{SLUG}"
    for student, (points, comment) in MARKS.items():
        lab.open(overview)
        lab.find("//table//a[contains(., 'Submission #')]")
        lab.find("//button[contains(., 'Show All Names')]").click()
        link = lab.find(f"//table//a[contains(., '{student}')]")
        if student == "ada":
            lab.take("form_grader", lab.find("//table"), lab.find("//ol[contains(@class, 'breadcrumb')]"))
        link.click()
        lab.find("//input[@id='diagnosis']").send_keys(f"{points}\t")
        said = lab.find("//textarea[@id='diagnosis-comment']")
        said.send_keys(f"{comment}\t")
        time.sleep(1)  # it saves when a field is left
        if student == "ben":
            leave_out_the_mark_scheme(lab)
            task = lab.find("//input[@id='diagnosis']/ancestor::*[contains(@class, 'panel-primary')]")
            lab.take("mark", task, lab.find(f"//p[contains(., '{WRITTEN}')]"))


def leave_out_the_mark_scheme(lab):
    """Whoever marks sees it there; learners see this picture."""
    lab.browser.execute_script(
        """
        const heads = [...document.querySelectorAll("h1, h2, h3, p")];
        let node = heads.find((one) => one.textContent.includes("BEGIN MARK SCHEME"));
        for (let end = false; node && !end; ) {
          end = node.textContent.includes("END MARK SCHEME");
          const next = node.nextElementSibling;
          node.remove();
          node = next;
        }
        """
    )


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m docs.teach_pictures", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--words", action="store_true", help="no pictures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        hand_in_all(Path(folder))
        WORDS.mkdir(exist_ok=True)
        for name, text in words(Path(folder)).items():
            (WORDS / name).write_text(text, encoding="utf-8")
    if not options.words:
        with tempfile.TemporaryDirectory() as folder:
            hand_in_all(Path(folder))
            graded(Path(folder))
            pictures(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
