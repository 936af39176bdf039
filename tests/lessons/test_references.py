"""The bibliography: each entry is whole, can be found by a reader and is cited; each citation has one."""

import ast
import re

import pytest
from pybtex.database import parse_file

from tools.lessons import ROOT

ENTRIES = parse_file(str(ROOT / "references.bib")).entries
CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
ARXIV = re.compile(r"\d{4}\.\d{4,5}")
# In docstrings: "Kingma & Ba (2015)", "Hu et al. (2024)", "Smith & Topin (2019), Smith (2018)".
NAMED = re.compile(
    r"([^\W\d_][\w'-]+)((?:, [^\W\d_][\w'-]+)*(?: & [^\W\d_][\w'-]+)?(?: et al\.)?) \((\d{4})\)"
)


def cited():
    """Which page cites what: {key: a page}."""
    pages = [ROOT / "intro.md", *(ROOT / "chapters").rglob("*.md"), *(ROOT / "chapters").rglob("*.ipynb")]
    pages += (ROOT / "solutions").rglob("*.ipynb")
    found = {}
    for page in pages:
        for keys in CITED.findall(page.read_text(encoding="utf-8")):
            found.update({key.strip(): page.name for key in keys.split(",")})
    return found


def named():
    """The works that the library's docstrings name: {(surname of the first author, year): a module}."""
    found = {}
    for module in (ROOT / "course_lib").glob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
                text = " ".join((ast.get_docstring(node) or "").split())
                found.update({(name, year): module.name for name, _, year in NAMED.findall(text)})
    return found


def surname(entry):
    return " ".join(entry.persons["author"][0].last_names)


def test_each_citation_has_its_entry():
    missing = {key: page for key, page in cited().items() if key not in ENTRIES}
    assert not missing, f"not in references.bib: {missing}"


def test_each_work_that_the_library_names_has_its_entry():
    have = {(surname(entry), entry.fields["year"]) for entry in ENTRIES.values()}
    missing = {work: module for work, module in named().items() if work not in have}
    assert not missing, f"not in references.bib: {missing}"


def test_each_entry_is_cited_by_a_page_or_named_by_the_library():
    works, keys = named(), cited()
    unused = [
        key
        for key, entry in ENTRIES.items()
        if key not in keys and (surname(entry), entry.fields["year"]) not in works
    ]
    assert not unused, f"nobody cites {unused}"


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_is_whole(key):
    entry, fields = ENTRIES[key], ENTRIES[key].fields
    assert entry.persons.get("author") and fields.get("title"), "it wants an author and a title"
    assert re.fullmatch(r"\d{4}", fields.get("year", "")), "it wants a year"
    if entry.type in ("article", "inproceedings", "book", "incollection", "techreport"):
        venue = {"journal", "booktitle", "publisher", "institution"} & set(fields)
        assert venue, "it says not where it appeared"
    assert {"doi", "url", "isbn", "note"} & set(fields), (
        "it wants a doi, a url or an isbn, or a note that says why not"
    )
    assert fields.get("doi", "10.").startswith("10."), "a doi is written without its host"
    assert re.match(r"https?://", fields.get("url", "https://")), "a url wants its scheme"


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_shows_well(key):
    """The style makes labels of names and sets titles in lower case: it takes letters, not commands."""
    entry, fields = ENTRIES[key], ENTRIES[key].fields
    names = [str(person) for person in entry.persons["author"]]
    for text in (*names, *fields.values()):
        assert "\\" not in text and "$" not in text, f"write ö, not a command, and O(1/k²): {text}"
    if "others" in names:
        assert len(names) > 3, "give three names at least before 'and others'"
    numbers = ARXIV.findall(fields.get("journal", "") + fields.get("url", "") + fields.get("note", ""))
    assert len(set(numbers)) <= 1, f"two numbers of arXiv: {numbers}"


@pytest.mark.parametrize("field", ["title", "doi", "url"])
def test_no_work_is_listed_twice(field):
    values = [entry.fields[field].strip("{}").lower() for entry in ENTRIES.values() if field in entry.fields]
    assert sorted(set(values)) == sorted(values)
