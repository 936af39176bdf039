"""One canonical form for every notebook of the course, so that a difference between two versions is a
difference in what the reader sees.

    nb = read("chapters/.../3_1_optimizers.ipynb")
    lint(nb)                    # sentences, each one thing that a person must mend
    write(nb, path)             # what a machine can mend, it mends: see `canonical`

`python -m tools.notebooks PATH` prints a notebook as a text to compare, which is what `git diff` shows of it.
"""

import copy
import hashlib
import json
import os
import re
import sys
import unicodedata
from pathlib import Path

import nbformat
from nbformat.v4.rwbase import rejoin_lines

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# Everything else that editors leave behind (timings, collapsed, trusted, toc, widgets …) is dropped.
CELL_METADATA = {"jupyter", "mystnb", "nbgrader", "slideshow", "tags"}
# nbgrader locks released cells with these; their default, True, says nothing.
LOCKS = {"deletable", "editable"}

KEBAB_CASE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Jupyter's default ids are 8 hexadecimal digits (nbformat) or a UUID (JupyterLab).
RANDOM_ID = re.compile(r"(^|-)(?=[a-f]*[0-9])[0-9a-f]{8,}(-|$)|^[0-9a-f]{8}$")
# Editors' copies, and passages that wait for the lesson which takes them.
LEFT_OUT = {".ipynb_checkpoints", "kept"}
LONGEST_ID = 64  # nbformat's limit
LONGEST_SLUG = 48

MACHINE_PATH = re.compile(
    r"(?<![\w.-])/(?:home|root|work|tmp|Users)/[^\s'\"]*"
    r"|[A-Za-z]:\\+Users\b[^\s'\"]*"
    r"|[^\s'\"]*[/\\]site-packages[/\\][^\s'\"]*"
)
# A tensor's median, on a line without a comment. (statistics.median is the mean of the two in the middle.)
LOWER_MEDIAN = re.compile(r"^(?!.*(?:#|\b(?:statistics|np)\.median)).*\.median\(.*$", re.MULTILINE)
MEMORY_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


#: Under this name an exercise carries which release it is: see tools.exercises.
RELEASE = "course_release"


class NotebookError(ValueError):
    """The file is no notebook that this course can use; the message says what would be."""


def find(*paths):
    """The notebooks among `paths`, each a notebook or a folder of them, in order and each once.

    Raises NotebookError for a path that does not exist, another kind of file, or a folder without notebooks.
    """
    found = []
    for path in map(Path, paths):
        if not path.exists():
            raise NotebookError(
                f"{path} does not exist: give the path of a notebook or a folder of notebooks."
            )
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*.ipynb")) if not LEFT_OUT & set(p.parts)]
            if not inside:
                raise NotebookError(f"{path} holds no notebook: give a folder with files that end in .ipynb.")
            found += inside
        elif path.suffix == ".ipynb":
            found.append(path)
        else:
            raise NotebookError(f"{path} is no notebook: a name that ends in .ipynb is expected.")
    return list(dict.fromkeys(found))


def read(path):
    """The notebook at `path`, as it is stored: nothing repaired, nothing added.

    Raises NotebookError for a missing file, another kind of file, broken JSON, and formats before 4.
    """
    path = Path(path)
    if path.suffix != ".ipynb":
        raise NotebookError(f"{path} is no notebook: a name that ends in .ipynb is expected.")
    if not path.is_file():
        raise NotebookError(f"{path} does not exist: give the path of a notebook.")
    return parse(path.read_bytes(), path)


def parse(data, path):
    """The notebook in the bytes `data`, which messages call `path`. Raises NotebookError, as `read` does."""
    try:
        raw = json.loads(data.decode("utf-8"))
    except ValueError as error:
        raise NotebookError(
            f"{path} is no notebook: it must hold JSON in UTF-8, but reading fails with: {error}."
        ) from None
    if not isinstance(raw, dict) or not isinstance(raw.get("cells", raw.get("worksheets")), list):
        raise NotebookError(f"{path} is no notebook: it must hold a JSON object with a list of cells.")
    if raw.get("nbformat") != 4:
        raise NotebookError(
            f"{path} has notebook format {raw.get('nbformat')}, but format 4 is needed: "
            "open it in JupyterLab and save it."
        )
    for number, cell in enumerate(raw["cells"], start=1):
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
            raise NotebookError(f"{path} is no notebook: cell {number} must be a code, markdown or raw cell.")
    nb = rejoin_lines(nbformat.from_dict(raw))
    for cell in nb.cells:
        cell.setdefault("source", "")
        cell.setdefault("metadata", nbformat.NotebookNode())
    return nb


def write(nb, path):
    """Write the canonical form of `nb` to `path`, whole or not at all."""
    nb = canonical(nb)
    try:
        nbformat.validate(nb)
    except nbformat.ValidationError as error:
        raise NotebookError(
            f"{path} is not written: it would be no valid notebook: {error.message}."
        ) from None
    put(text(nb), Path(path))


def put(words, path):
    """Write a file of text, whole or not at all."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(words, encoding="utf-8", newline="\n")
    os.replace(unfinished, path)


def text(nb):
    """`nb` as it stands in a file: one key order, one indentation, one newline at the end."""
    return nbformat.v4.writes(nb).rstrip("\n") + "\n"


def canonical(nb):
    """A copy of `nb` in the course's form. Applied twice, it changes nothing more."""
    nb = copy.deepcopy(nb)
    ids = _ids(nb.cells)
    cells = [_canonical_cell(cell, name) for cell, name in zip(nb.cells, ids, strict=True)]
    _number(cells)
    stamp = {RELEASE: nb.metadata[RELEASE]} if RELEASE in nb.metadata else {}
    return nbformat.from_dict(
        {"cells": cells, "metadata": NOTEBOOK_METADATA | stamp, "nbformat": 4, "nbformat_minor": 5}
    )


def lint(nb):
    """What a person must mend in `nb`: a list of sentences, empty if there is nothing."""
    return [*_lint_ids(nb.cells), *_lint_counts(nb.cells)] + [
        sentence for cell in nb.cells for sentence in _lint_cell(cell)
    ]


def is_random(name):
    """Whether a cell id was made by a machine, and so says nothing about the cell."""
    return bool(RANDOM_ID.search(name))


def slug(words):
    """`words` in kebab-case: "Adam's first step" -> "adams-first-step"."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower().replace("'", "")
    name = ""
    for part in re.findall(r"[a-z0-9]+", plain):
        if name and len(name) + 1 + len(part) > LONGEST_SLUG:
            break
        name = f"{name}-{part}" if name else part[:LONGEST_SLUG]
    return name


def code_cells(nb):
    """The code cells that hold code. Jupyter never runs an empty one, so it counts for nothing."""
    return [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()]


# --- canonical -------------------------------------------------------------------------------------------


def _ids(cells):
    """An id for each cell: a person's own is kept, any other is derived from what the cell says."""
    kept = [_own_id(cell) for cell in cells]
    taken, names = set(), []
    reserved = {name for name in kept if name}
    for cell, own in zip(cells, kept, strict=True):
        name = own if own and own not in taken else _unused(own or _derived_id(cell), taken | reserved)
        taken.add(name)
        names.append(name)
    return names


def _own_id(cell):
    name = slug(cell.get("id", "")) if not KEBAB_CASE.fullmatch(cell.get("id", "")) else cell.id
    return "" if not name or is_random(name) else name


def _derived_id(cell):
    """A name from the question's grade_id, the first heading, or the first words of text or code."""
    source = cell.source
    heading = re.search(r"^#{1,6}\s+(.+)$", source, re.MULTILINE) if cell.cell_type == "markdown" else None
    first_line = next((line for line in source.splitlines() if re.search(r"[A-Za-z]", line)), "")
    candidates = (
        cell.metadata.get("nbgrader", {}).get("grade_id", ""),
        heading.group(1) if heading else "",
        first_line,
    )
    for words in candidates:
        name = slug(words)
        if name and not is_random(name):
            return name
    return {"code": "code", "markdown": "words", "raw": "raw"}[cell.cell_type]


def _unused(name, taken):
    number, free = 2, name
    while free in taken:
        free = f"{name[: LONGEST_ID - 4]}-{number}"
        number += 1
    return free


def _canonical_cell(cell, name):
    # A cell that nbgrader released is signed with a checksum of its source: leave every character alone.
    signed = "checksum" in cell.metadata.get("nbgrader", {})
    result = {
        "cell_type": cell.cell_type,
        "id": name,
        "metadata": _canonical_metadata(_described(cell, _folded(cell))),
        "source": cell.source if signed else _tidy(cell.source),
    }
    if cell.get("attachments"):
        result["attachments"] = cell.attachments
    if cell.cell_type == "code":
        result["execution_count"] = cell.get("execution_count")
        result["outputs"] = _canonical_outputs(cell.get("outputs", []))
    return nbformat.from_dict(result)


def _tidy(source):
    lines = (line.rstrip() for line in source.replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip("\n")


def _folded(cell):
    """The cell's metadata, with what hides the output of a cell tagged `answer`, and no other's.

    The tag `hide-output` is the book's word for it. `outputs_hidden` is JupyterLab's, which also writes it
    where an author happens to fold an output, and removes it where a cell is run. A cell tagged `hide-cell`
    is hidden as a whole already; there it is the author's.
    """
    metadata = cell.metadata
    tags = set(metadata.get("tags", [])) - {"hide-output"}
    jupyter = dict(metadata.get("jupyter", {}))
    if cell.cell_type == "code" and "answer" in tags:
        jupyter["outputs_hidden"] = True
        if "hide-cell" not in tags:
            tags.add("hide-output")
    elif "hide-cell" not in tags:
        jupyter.pop("outputs_hidden", None)
    return metadata | {"jupyter": jupyter, "tags": tags}


def _described(cell, metadata):
    """The metadata, with the alt text of the cell's picture where myst-nb looks for it: `mystnb.image.alt`.

    `plotting.show` writes that text, and stores it with the picture. Without a picture there is none.
    """
    pictures = [
        output.get("metadata", {}).get(kind, {})
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
        if kind.startswith("image/")
    ]
    mystnb = dict(metadata.get("mystnb", {}))
    image = dict(mystnb.pop("image", {}))
    if not pictures:
        image.pop("alt", None)
    elif "alt" in pictures[0]:
        image["alt"] = pictures[0]["alt"]
    return metadata | {"mystnb": mystnb | ({"image": image} if image else {})}


def _canonical_metadata(metadata):
    kept = {key: metadata[key] for key in sorted(CELL_METADATA & metadata.keys())}
    kept["jupyter"] = {key: True for key, value in sorted(kept["jupyter"].items()) if value is True}
    kept["tags"] = sorted(kept["tags"])
    kept = {key: value for key, value in kept.items() if value}
    return kept | {key: False for key in sorted(LOCKS) if metadata.get(key) is False}


def _canonical_outputs(outputs):
    result = []
    for output in outputs:
        output = copy.deepcopy(output)
        last = result[-1] if result else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
            continue
        if "data" in output:
            output["data"] = {
                kind: value for kind, value in sorted(output.data.items()) if "jupyter.widget" not in kind
            }
            output["metadata"] = _canonical_output_metadata(output.get("metadata", {}))
            output.pop("transient", None)
            if not output["data"]:
                continue
        result.append(output)
    return result


def _canonical_output_metadata(metadata):
    """Only an image's words, width and height change what the reader meets."""
    kept = {
        kind: {key: about[key] for key in ("alt", "height", "width") if key in about}
        for kind, about in sorted(metadata.items())
        if kind.startswith("image/") and isinstance(about, dict)
    }
    return {kind: about for kind, about in kept.items() if about}


def _number(cells):
    """Number executed cells 1..n if they were all run, in order. If not, `lint` says so."""
    ran = [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]
    counts = [cell.execution_count for cell in ran]
    complete = all(isinstance(count, int) for count in counts)
    in_order = complete and all(a < b for a, b in zip(counts, counts[1:], strict=False))
    for number, cell in enumerate(ran, start=1):
        if in_order:
            cell.execution_count = number
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output["execution_count"] = cell.execution_count


# --- lint ------------------------------------------------------------------------------------------------


def _lint_ids(cells):
    seen = set()
    for number, cell in enumerate(cells, start=1):
        name = cell.get("id", "")
        if not name:
            yield f"Cell {number} has no id: give it one that says what the cell is, such as first-step."
        elif is_random(name):
            yield f"Cell {number} has the random id {name}: give it one that says what the cell is."
        elif not KEBAB_CASE.fullmatch(name) or len(name) > LONGEST_ID:
            yield (
                f"Cell {number} has the id {name}: use lower-case words joined by hyphens, "
                f"{LONGEST_ID} characters at most."
            )
        elif name in seen:
            yield f"Cell {number} has the id {name}, which another cell has already: give it its own."
        seen.add(name)


def _lint_counts(cells):
    ran = [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]
    counts = [cell.get("execution_count") for cell in ran]
    if any(counts) and counts != list(range(1, len(ran) + 1)):
        yield (
            f"The execution counts are {counts}, not 1 to {len(ran)}: "
            "run the whole notebook, from top to bottom, in a fresh kernel."
        )


def _lint_cell(cell):
    who = f"Cell {cell.get('id', '(no id)')}"
    tags = cell.metadata.get("tags", [])
    # nbgrader empties a released cell that held nothing but hidden tests.
    if not cell.source.strip() and "nbgrader" not in cell.metadata:
        yield f"{who} is empty: remove it."
    yield from _lint_text(f"{who}'s source", cell.source)
    if cell.cell_type == "code" and (line := LOWER_MEDIAN.search(cell.source)):
        yield (
            f"{who} takes torch's median ({line.group().strip()[:60]}), of an even number the lower of "
            "the two in the middle: take quantile(0.5), or say in a comment on the line of how many it is."
        )
    for output in cell.get("outputs", []):
        if output.output_type == "error" and "raises-exception" not in tags:
            yield f"{who} ends in {output.ename}: repair it, or tag it raises-exception if it is meant to."
        if output.output_type == "stream" and output.name == "stderr":
            yield f"{who} writes to stderr ({_first_line(output.text)}): remove the cause."
        yield from _lint_text(f"{who}'s output", _output_text(output), addresses=True)


def _lint_text(where, words, addresses=False):
    if found := MACHINE_PATH.search(words):
        yield f"{where} holds a path of one machine ({found.group()[:60]}): use a relative path."
    if addresses and (found := MEMORY_ADDRESS.search(words)):
        yield f"{where} holds a memory address ({found.group()}), which changes with each run: print a value."


def _output_text(output):
    """All that an output says in words; pictures in base64 say nothing that a pattern may search."""
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return "\n".join(output.get("traceback", []))
    readable = [output.data[kind] for kind in output.data if kind == "image/svg+xml" or "image/" not in kind]
    return "\n".join(value if isinstance(value, str) else json.dumps(value) for value in readable)


def _first_line(words):
    return next((line.strip()[:60] for line in words.splitlines() if line.strip()), "blank")


# --- as a text to compare --------------------------------------------------------------------------------


def readable(nb):
    """What a person compares: each cell's kind, id, tags and other metadata, its source, what it shows.

    A figure is its hash and its alt text, a player its hash. Execution counts follow from the order.
    """
    return "\n".join(line for cell in nb.cells for line in [*_readable_cell(cell), ""])


def _readable_cell(cell):
    metadata = dict(cell.metadata)
    tags = metadata.pop("tags", [])
    other = [json.dumps(metadata, ensure_ascii=False, sort_keys=True)] if metadata else []
    yield " ".join([f"[{cell.cell_type}]", cell.get("id", "(no id)"), *tags, *other])
    yield cell.source
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            yield f"--> {output.ename}: {output.evalue}"
        elif output.output_type == "stream":
            yield f"--> {output.name}"
            yield output.text.rstrip("\n")
        else:
            yield from _readable_data(output)


def _readable_data(output):
    for kind, value in sorted(output.data.items()):
        value = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        about = output.get("metadata", {}).get(kind, {})
        if kind in ("text/plain", "text/markdown", "text/latex"):
            yield f"--> {kind}"
            yield value.rstrip("\n")
        else:
            what = "figure" if kind.startswith("image/") else kind
            said = [f"{key}={about[key]!r}" for key in sorted(about)]
            yield " ".join(["-->", what, hashlib.sha256(value.encode()).hexdigest()[:8], *said])


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 1:
        print("usage: python -m tools.notebooks PATH", file=sys.stderr)
        return 2
    (path,) = arguments
    try:
        print(readable(read(path)))
    except NotebookError as error:
        # git asks for every version, also for one that a merge has left broken: show that as it is.
        if not Path(path).is_file():
            print(error, file=sys.stderr)
            return 1
        print(error, Path(path).read_text(encoding="utf-8", errors="replace"), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
