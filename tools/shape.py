"""What every lesson must hold, as far as a machine can tell: "The shape of a lesson" in CONTRIBUTING."""

import re

# The tag of the first cell of a lesson that looks back: it has a quiz and a capstone instead of experiments.
RECAP = "recap"
# What python -m tools.new leaves to the author.
UNFINISHED = re.compile(r"\bTODO\b")

# What opens a block of its own: a heading, a MyST directive with its title, a bold line.
OPENING = r"^(?:#{2,6}|(?::{3,}|`{3,})\{[\w-]+\}|\*\*)\s*"
PREDICT = re.compile(OPENING + r".{0,12}\bpredict", re.IGNORECASE | re.MULTILINE)
# "A. It diverges": in a list, as a dropdown's title, in <summary>; the letter may be bold.
CHOICE = re.compile(
    r"^\s*(?:[-*] |#{2,6} |(?::{3,}|`{3,})\{[\w-]+\} ?|.*<summary>)?\**\(?([A-F])[.):]", re.MULTILINE
)
# The folded boxes, and those of a prediction: the reply to each choice, or the answer.
BOX = re.compile(r"<details class=\"([^\"]*)\">.*?</details>", re.DOTALL)
PREDICTIVE = {"choice", "predict"}
PROMISE_LINE = ("reading time", "run time", "you need", "assignment")

UNCHECKED = {"nbval-ignore-output", "nbval-skip"}
REASON = re.compile(r"#.*\b(?:timings?|GPUs?)\b", re.IGNORECASE)
NBVAL_COMMENT = re.compile(r"#\s*(?:NBVAL_|PYTEST_VALIDATE_)\w+")


def missing_parts(nb):
    """Sentences on what a lesson lacks; empty if nothing."""
    words = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    everything = "\n\n".join(words)
    opening = "\n\n".join(words[:2])
    if not nb.cells or nb.cells[0].cell_type != "markdown" or not nb.cells[0].source.startswith("# "):
        yield "It does not begin with its title: the first cell must start with '# '."
    for part in PROMISE_LINE:
        if part not in opening.lower():
            yield f"Its first two text cells do not say '{part}': see the promise line of the other lessons."
    if len({letter for cell in words for letter in _choices(cell)}) < 3:
        yield "It has no multiple-choice question: give three choices, in lines that start with A., B. and C."
    if nb.cells and RECAP in nb.cells[0].metadata.get("tags", []):
        return
    if len(PREDICT.findall(everything)) < 2:
        yield "It asks for fewer than two predictions: give two blocks whose title starts with 'Predict'."
    for title in ("Recap", "Further reading"):
        if not re.search(rf"^#{{2,3}}\s.*\b{title}\b", everything, re.MULTILINE | re.IGNORECASE):
            yield f"It has no section '{title}'."
    if "{cite" not in everything:
        yield "It cites nothing: further reading is cited with {cite}."
    if not any(re.search(r"^\s*assert\b", cell.source, re.MULTILINE) for cell in _code(nb)):
        yield "It asserts nothing: put an assertion beside each claim (hidden by remove-cell, if need be)."


def unfinished(nb):
    """Sentences on cells that wait for their author."""
    for cell in nb.cells:
        if found := re.search(rf".*{UNFINISHED.pattern}.*", cell.source):
            yield f"Cell {cell.id} is unfinished: {found.group().strip()[:70]}"


def _choices(words):
    return CHOICE.findall(words)


def unhidden_answers(nb):
    """Sentences on predictions whose answer stands in the open, and on cells that hide what answers none.

    A cell tagged `answer` belongs to the last prediction before it. Where nothing below answers a prediction,
    one of its boxes bears the class `alone`.
    """
    asked = []  # for each prediction: its cell, the classes of its boxes, the cells that answer it
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            asked += [(cell, classes, []) for classes in predictions(cell.source)]
        if "answer" in cell.metadata.get("tags", []):
            yield from _nothing_to_hide(cell)
            if asked:
                asked[-1][-1].append(cell)
            else:
                yield f"Cell {cell.id} is tagged answer, but no prediction stands before it: remove the tag."
    for cell, classes, answers in asked:
        if "alone" not in classes and not answers:
            yield (
                f"Cell {cell.id} asks for a prediction, and no cell up to the next one is tagged answer: "
                "tag the cell whose output answers it, or, if none does, give a box the class alone."
            )
        if "alone" in classes and answers:
            yield (
                f"Cell {answers[0].id} is tagged answer, but the prediction in cell {cell.id} bears the "
                "class alone, which says that nothing below answers it: remove one of both."
            )


def predictions(source):
    """For each prediction in a text, the classes of its folded boxes. Side by side, boxes are of one."""
    found, end = [], 0
    for box in BOX.finditer(source):
        classes = set(box[1].split())
        if not PREDICTIVE & classes:
            continue
        if found and not source[end : box.start()].strip():
            found[-1] |= classes
        else:
            found.append(classes)
        end = box.end()
    return found


def _nothing_to_hide(cell):
    removed = {"remove-cell", "remove-output"} & set(cell.metadata.tags)
    if cell.cell_type != "code":
        yield f"Cell {cell.id} is tagged answer, but is no code: put its words into the prediction's box."
    elif removed:
        yield f"Cell {cell.id} is tagged answer and {min(removed)}, so nothing is to be seen: remove a tag."
    elif not cell.outputs:
        yield f"Cell {cell.id} is tagged answer, but has no output: tag the cell that shows the answer."


def unexplained(nb):
    """Sentences on cells whose output goes unchecked without a word on timings or a GPU."""
    for cell in _code(nb):
        if comment := NBVAL_COMMENT.search(cell.source):
            yield f"Cell {cell.id} steers nbval with '{comment.group()}': use a tag and say why."
        unchecked = UNCHECKED & set(cell.metadata.get("tags", []))
        if unchecked and not REASON.search(cell.source):
            yield (
                f"Cell {cell.id} is tagged {', '.join(sorted(unchecked))} without a reason: "
                "add a comment that says 'timing' or 'GPU', or remove the tag."
            )


def without_alt_text(nb):
    """Sentences on cells whose picture a reader who does not see it cannot know.

    `plotting.show` says with the picture what it shows, filled with the run's numbers, and how large it is.
    """
    for cell in _code(nb):
        pictures = [output for output in cell.outputs if _is_picture(output)]
        if not pictures or {"remove-cell", "remove-output"} & set(cell.metadata.get("tags", [])):
            continue
        if len(pictures) > 1:
            # myst-nb gives the cell's one text to all of them.
            yield f"Cell {cell.id} draws {len(pictures)} pictures, but has one alt text: one picture a cell."
            continue
        about = pictures[0].get("metadata", {}).get("image/png", {})
        if not about.keys() >= {"alt", "height", "width"}:
            yield (
                f"Cell {cell.id} draws a picture that says nothing: "
                "let its last line be plotting.show(fig, alt=…), filled with the numbers of the run."
            )
        elif about["alt"] != cell.metadata.get("mystnb", {}).get("image", {}).get("alt"):
            yield (
                f"Cell {cell.id} draws a picture whose alt text is not the one in its metadata "
                "mystnb.image.alt, which the page shows: run make lessons."
            )


def _code(nb):
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def _is_picture(output):
    return any(kind.startswith("image/") for kind in output.get("data", {}))
