"""Every page stands alone: nothing comes from another host, no link is dead, every picture is described."""

import importlib
import pkgutil
import re
from urllib.parse import unquote, urlsplit

import course_lib
from tools import bundle, imprint
from tools.notebooks import MACHINE_PATH, MEMORY_ADDRESS

# What a browser loads without being asked: of each kind of node, the attributes that hold its address.
LOADED = {
    "script": ["src"],
    "img": ["src", "srcset"],
    "source": ["src", "srcset"],
    "iframe": ["src"],
    "embed": ["src"],
    "object": ["data"],
    "video": ["src", "poster"],
    "audio": ["src"],
    "input": ["src"],
    "link": ["href"],
}
ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
STYLE_LOADS = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)
SCRIPT_LOADS = re.compile(
    r"""(?:fetch|import|importScripts|\.open\(\s*["']GET["']\s*,)\s*\(?\s*["'`](?:https?:)?//"""
    r"""|\.(?:src|href)\s*=\s*["'`](?:https?:)?//""",
    re.IGNORECASE,
)
NAMESPACES = ("http://www.w3.org/", "https://www.w3.org/")


def test_no_page_loads_anything_from_elsewhere(book):
    found = []
    for file, page in book.pages.items():
        for node in page.find_all(True):
            loads = [node[name] for name in LOADED.get(node.name, []) if name in node.attrs]
            found += [f"{book.name(file)}: {node}" for url in loads if ELSEWHERE.match(url.strip())]
            text = node.string or "" if node.name == "style" else node.get("style", "")
            found += [f"{book.name(file)}: {url}" for url in STYLE_LOADS.findall(text)]
        for script in page.select("script:not([src])"):
            if script.get("type") == "application/json":
                continue
            urls = re.findall(r"https?://[^\s\"'`)]+", script.string or "")
            found += [
                f"{book.name(file)}: {url} in a script" for url in urls if not url.startswith(NAMESPACES)
            ]
    assert not found, "\n".join(found)


def test_no_style_or_script_of_the_book_loads_anything_from_elsewhere(book):
    found = []
    for file in book.folder.rglob("*.css"):
        found += [
            f"{book.name(file)}: {url}" for url in STYLE_LOADS.findall(file.read_text(encoding="utf-8"))
        ]
    for file in book.folder.rglob("*.js"):
        text = file.read_text(encoding="utf-8")
        found += [f"{book.name(file)}: {match.group()}" for match in SCRIPT_LOADS.finditer(text)]
    assert not found, "\n".join(found)


def test_every_link_leads_somewhere(book):
    ids = {
        file: {node["id"] for node in page.select("[id]")} | {node["name"] for node in page.select("a[name]")}
        for file, page in book.pages.items()
    }
    dead, followed = [], 0
    for file, page in book.pages.items():
        for link in page.select("a[href], script[src], img[src], link[href]"):
            target = link.get("href") or link.get("src")
            url = urlsplit(target)
            if url.scheme or url.netloc or target in ("#", ""):
                continue
            followed += 1
            path = (file.parent / unquote(url.path)).resolve() if url.path else file
            if not path.is_file():
                dead.append(f"{book.name(file)}: {target} does not exist")
            elif url.fragment and path in ids and unquote(url.fragment) not in ids[path]:
                dead.append(f"{book.name(file)}: {target} has no such place")
    assert followed > 50
    assert not dead, "\n".join(dead)


def test_no_page_shows_where_it_was_built(book):
    """A constant's value may: a module's repr holds its path. (Pages of source are held to that as code.)"""
    for file, page in book.pages.items():
        if "_modules" not in file.relative_to(book.folder).parts:
            text = page.get_text()
            assert not MACHINE_PATH.search(text), book.name(file)
            assert not MEMORY_ADDRESS.search(text), book.name(file)


def test_every_picture_is_described(book):
    poor, pictures = [], 0
    for file, page in book.pages.items():
        for picture in page.select("img"):
            pictures += 1
            alt = (picture.get("alt") or "").strip()
            # Without a description Sphinx writes the picture's file name.
            if len(alt) < 25 or len(alt.split()) < 4:
                poor.append(f"{book.name(file)}: the picture {picture['src']} says only {alt!r}")
    assert pictures
    assert not poor, "\n".join(poor)


def test_every_citation_is_in_the_list_of_references(book):
    (listed,) = [page for file, page in book.pages.items() if file.name == "references.html"]
    assert len(listed.select("div.citation, dl.citation dt")) >= 30


def test_the_page_hands_out_its_notebook(book):
    lessons = [file for file in book.pages if "chapters/part" in book.name(file)]
    assert lessons
    for file in lessons:
        links = [a["href"] for a in book.pages[file].select("a.btn-download-source-button[href]")]
        assert any(href.endswith(".ipynb") and (file.parent / href).is_file() for href in links), links


def test_every_public_name_of_the_library_has_its_place(book):
    places = {node["id"] for page in book.pages.values() for node in page.select("dt[id]")}
    names = []
    for info in pkgutil.iter_modules(course_lib.__path__, "course_lib."):
        module = importlib.import_module(info.name)
        # A name that is only passed on is described where it comes from.
        own = [n for n in getattr(module, "__all__", []) if _home(module, n) == info.name]
        names += [f"{info.name}.{name}" for name in own]
    assert len(names) > 50
    assert not sorted(set(names) - places)


def _home(module, name):
    return getattr(getattr(module, name), "__module__", module.__name__)


def test_docstrings_are_read_as_they_are_meant(book):
    """Nothing of their markup is left over, no address of a default, and classes say what they take."""
    pages = {file: page for file, page in book.pages.items() if "reference/api_" in book.name(file)}
    assert len(pages) > 5
    for file, page in pages.items():
        text = page.select_one("article").get_text()
        found = re.findall(r":\w+:`|``|\\\||<function |0x[0-9a-f]{6}|\*args, ?\*\*\w+", text)
        assert not found, f"{book.name(file)}: {found}"


def test_each_page_says_in_its_head_what_it_is_about(book):
    said, titles = {}, []
    for file, page in book.pages.items():
        if "_modules" in file.parts or not page.select("article.bd-article section > p"):
            continue
        titles.append(page.title.get_text())
        assert page.select_one("a.navbar-brand").get_text().strip(), book.name(file)
        (about,) = page.select("head meta[name=description]")
        assert 15 < len(about["content"]) <= 160, book.name(file)
        said[book.name(file)] = about["content"].removesuffix(" …")
        assert said[book.name(file)] in " ".join(page.select_one("article.bd-article").get_text().split())
        (icon,) = page.select("head link[rel=icon]")
        assert (file.parent / icon["href"]).is_file()
    lessons = [words for name, words in said.items() if "/part" in name]
    assert len(set(titles)) == len(titles) and not [
        t for t in titles if len(set(t.split(" — "))) < t.count(" — ") + 1
    ]
    assert len(said) > 40 and len(lessons) >= 22 and len(set(lessons)) == len(lessons)


def test_each_page_says_its_version_and_how_to_cite_the_book(book):
    about = imprint.cited()
    assert about["version"] == bundle.project()["version"]
    for file, page in book.pages.items():
        if not page.select("article.bd-article, #search-results"):
            continue  # it leads on to the first page
        line = page.select_one("p.imprint")
        assert line and f"Version {about['version']}, {about['date']}" in line.get_text(), book.name(file)
    first = next(page for file, page in book.pages.items() if file.name == "intro.html")
    words = first.select_one(f"section#{imprint.ANCHOR}").get_text()
    assert f"Version {about['version']}, {about['date']}" in words
    assert about["title"] in words and f"{{{about['year']}}}" in words and f"{{{about['version']}}}" in words
    assert about["authors"][0]["name"] in words


def test_an_address_of_the_source_makes_links_for_it_and_for_reports():
    about = imprint.cited()
    assert "Report" not in imprint.foot(about, "intro.html")
    line = imprint.foot(about | {"repository-code": "https://example.org/a/b"}, "../intro.html")
    assert '<a href="https://example.org/a/b/issues">Report an error</a>' in line
    assert '<a href="../intro.html#cite-this-book">' in line


def test_each_table_has_a_name(book):
    tables = 0
    for file, page in book.pages.items():
        for table in page.select("article table.table"):
            tables += 1
            names = [caption.get_text().strip() for caption in table.select("caption")]
            assert len(names) == 1 and names[0], f"{book.name(file)}: {str(table)[:200]}"
        names = [caption.get_text() for caption in page.select("article table caption")]
        assert len(set(names)) == len(names), f"{book.name(file)}: two tables of one name"
    assert tables > 200


def test_no_line_begins_with_the_sign_after_a_formula(book):
    formulas = 0
    for file, page in book.pages.items():
        for formula in page.select("article p span.math, article li span.math"):
            formulas += 1
            after = str(formula.next_sibling or "")
            held = formula.parent.get("class") == ["unbroken"]
            assert held or not re.match(r"[.,;:!?)’]", after), f"{book.name(file)}: {formula}{after[:9]}"
    assert formulas > 1000
