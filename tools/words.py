"""`python -m tools.words [BASE]`: the strong words in what was written since BASE, for whoever reviews it.

Words such as always, never, every and only claim much. This shows those in added lines of prose that readers
meet: Markdown, the text cells of notebooks, the comments and docstrings of the library. It judges nothing:
its exit status does not say whether there are any.

BASE is a commit. Without it, it is the one where this branch left main; on main, the last one.
"""

import argparse
import difflib
import io
import json
import re
import subprocess
import sys
import tokenize

from tools.lessons import ROOT

STRONG = re.compile(
    r"\b(all|always|cannot|every\w*|exact(?:ly)?|guarantee\w*|identical(?:ly)?|impossible|must|never|nobody|"
    r"none|nothing|only|prove[ns]?)\b",
    re.IGNORECASE,
)
# Generated from solutions/, and what only its authors read.
ASIDE = ("exercises/", "tests/", "tools/")


class WordsError(Exception):
    """What was written cannot be found; the message says why."""


def prose(name, text):
    """The lines of a file that are written for people, each as (where, line)."""
    if name.endswith(".ipynb"):
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "markdown":
                yield from ((cell["id"], line) for line in "".join(cell["source"]).splitlines())
    elif name.endswith(".md"):
        yield from enumerate(text.splitlines(), start=1)
    elif name.endswith(".py"):
        fresh = True  # whether a string would stand by itself: a docstring
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and fresh):
                yield from enumerate(token.string.splitlines(), start=token.start[0])
            if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.DEDENT):
                fresh = token.type in (tokenize.NEWLINE, tokenize.INDENT)


def added(old, new):
    """The lines of `new` that `old` has not; both are lists of (where, line)."""
    matcher = difflib.SequenceMatcher(None, [line for _, line in old], [line for _, line in new], False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    return [place for _, _, _, begin, end in changes for place in new[begin:end]]


def written(base, root):
    """For each file that was changed or added since `base`, the lines of prose that are new in it."""
    before = set(_git(root, "ls-tree", "-r", "--name-only", "-z", base).split("\0"))
    changed = _git(root, "diff", "--name-only", "--no-renames", "-z", base).split("\0")
    untracked = _git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    for name in sorted({*changed, *untracked}):
        path = root / name
        if path.suffix not in (".ipynb", ".md", ".py") or name.startswith(ASIDE) or not path.is_file():
            continue
        try:
            new = list(prose(name, path.read_text(encoding="utf-8")))
            old = []
            if name in before:
                old = list(prose(name, _git(root, "cat-file", "blob", f"{base}:{name}")))
        except (ValueError, KeyError, SyntaxError, tokenize.TokenError) as error:
            raise WordsError(f"{name} cannot be read ({error}): mend it first.") from None
        yield name, added(old, new)


def where_this_branch_began(root):
    """The last commit that this branch shares with main; where there is no main, the last one."""
    known = _git(root, "branch", "--list", "main")
    return _git(root, "merge-base", "HEAD", "main").strip() if known else "HEAD"


def _git(root, *arguments):
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, encoding="utf-8")
    except FileNotFoundError:
        raise WordsError("git is not installed, and only git knows what was written.") from None
    if done.returncode:
        raise WordsError(f"git {arguments[0]} fails: {done.stderr.strip()}")
    return done.stdout


def main(arguments=None, root=ROOT):
    parser = argparse.ArgumentParser(prog="python -m tools.words", description=__doc__.partition("\n")[0])
    parser.add_argument("base", nargs="?", help="a commit (default: where this branch left main)")
    base = parser.parse_args(arguments).base
    count = 0
    try:
        base = base or where_this_branch_began(root)
        for name, lines in written(base, root):
            strong = [(where, line.strip()) for where, line in lines if STRONG.search(line)]
            count += len(strong)
            for where, line in strong:
                print(f"{name}:{where}: {STRONG.sub(lambda word: word[0].upper(), line)}")
    except WordsError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{count} added lines with strong words since {base[:10]}. Is each true, and what holds it?")
    return 0


if __name__ == "__main__":
    sys.exit(main())
