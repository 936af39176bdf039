"""`python -m tools.pdf`: the built book as one file, _build/book.pdf, by way of Chromium.

Each page is printed as a reader would print it; then a title and a list of contents come before them, numbers
below, bookmarks beside, and links between pages become links within the file.
"""

import argparse
import base64
import io
import itertools
import sys
import tempfile
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

import pypdf
from bs4 import BeautifulSoup
from pypdf.annotations import Link
from pypdf.generic import Fit
from sphinx_external_toc.parsing import parse_toc_yaml

from tools import browser
from tools.imprint import cited

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "_build" / "html"
OUT = ROOT / "_build" / "book.pdf"
A4 = {"paperWidth": 8.27, "paperHeight": 11.69}  # inches, as are the margins
PRINTED = A4 | {"marginTop": 0.6, "marginBottom": 0.8, "scale": 0.8, "printBackground": True}
PAPER = "@page { margin: 0 } body { margin: 0; font-family: sans-serif }"
# Chromium keeps the places of those ids that its page links: so the page links, unseen, what others lead to.
READY = """
const [ids, done] = arguments;
const places = document.createElement("p");
places.style = "margin: 0; font-size: 1px; line-height: 1px; color: transparent";
for (const id of ids.filter((id) => document.getElementById(id))) {
  const link = document.createElement("a");
  link.href = `#${id}`;
  link.textContent = ".";
  link.style.color = "inherit";
  places.append(link);
}
document.querySelector("article").append(places);
const formulas = window.MathJax ? MathJax.startup.promise : Promise.resolve();
formulas.then(() => document.fonts.ready).then(() => done());
"""


@dataclass
class Page:
    """A page of the book: the caption of its part, its file, title, sections (id, title) and links."""

    part: str
    file: Path
    title: str
    sections: list[tuple[str, str]]
    links: list[str]


def pages(book, toc):
    """The book's pages in the order of its list of contents."""
    site = parse_toc_yaml(toc)
    names = [("", site.root.docname)]

    def below(document, part):
        for tree in document.subtrees:
            for name in tree.files():
                names.append((part or tree.caption, name))
                below(site[name], part or tree.caption)

    below(site.root, "")
    return [read(Path(book, f"{name}.html"), part) for part, name in names]


def read(file, part=""):
    """What the list of contents, the bookmarks and the links of others need of a page."""
    article = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").find("article")
    for sign in article.select("a.headerlink"):
        sign.decompose()
    sections = [(two.parent.get("id"), two.get_text()) for two in article.select("section[id] > h2")]
    links = [str(link["href"]) for link in article.select("a[href]")]
    return Page(part, file, article.find("h1").get_text(), sections, links)


def targets(pages):
    """{file: the ids that sections' bookmarks and other pages lead to}."""
    found = {page.file: {id for id, _ in page.sections} for page in pages}
    for page in pages:
        for link in page.links:
            where, id = urldefrag(link)
            file = (page.file.parent / unquote(where)).resolve()
            if where and id and file in found:
                found[file].add(unquote(id))
    return found


def printed(driver, url, ids=()):
    """The page at `url` as a PDF."""
    driver.get(url)
    if ids:
        driver.execute_async_script(READY, sorted(ids))
    return pypdf.PdfReader(io.BytesIO(_paper(driver, PRINTED)))


def drawn(driver, folder, html):
    """Pages of ours, edge to edge, as a PDF."""
    file = Path(folder, "drawn.html")
    file.write_text(f'<!doctype html><meta charset="utf-8"><style>{PAPER}</style>{html}', encoding="utf-8")
    driver.get(file.as_uri())
    return pypdf.PdfReader(io.BytesIO(_paper(driver, A4 | {"preferCSSPageSize": True})))


def _paper(driver, options):
    return base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", options)["data"])


def contents(pages, starts, about):
    """Title and list of contents, as HTML; `starts` are the numbers of the pages' first sheets."""
    rows = []
    numbered = zip(pages, starts, strict=True)
    for part, group in itertools.groupby(numbered, key=lambda one: one[0].part):
        if not part:  # the first page has the book's title
            continue
        rows.append(f"<h2>{escape(part)}</h2>")
        rows += [f"<p><span>{escape(page.title)}</span><i></i><b>{start}</b></p>" for page, start in group]
    return f"""<style>
      main {{ padding: 22mm 20mm; font-size: 10.5pt; line-height: 1.45 }}
      h1 {{ font-size: 26pt; font-weight: 600; margin: 0 0 6mm }}
      h2 {{ font-size: 11.5pt; margin: 6mm 0 1.5mm; break-after: avoid }}
      p {{ display: flex; gap: 2mm; margin: 0.6mm 0 }}
      i {{ flex: 1; border-bottom: 1px dotted #888; margin-bottom: 1.2mm }}
      b {{ font-weight: 400 }}
    </style><main><h1>{escape(str(about["title"]))}</h1>
    <p>Version {escape(str(about["version"]))}, {about["date"]}</p>{"".join(rows)}</main>"""


def numbers(count, first=1):
    """`count` empty sheets with their numbers at the foot, as HTML."""
    style = """<style>
      div { height: 296mm; overflow: hidden; break-after: page; position: relative }
      p { position: absolute; bottom: 9mm; width: 100%; text-align: center; font-size: 9pt }
    </style>"""
    return style + "".join(f"<div><p>{first + k}</p></div>" for k in range(count))


def book(driver, pages, about, tell=lambda words: None):
    """One file of all pages. Returns a `pypdf.PdfWriter`."""
    wanted, readers = targets(pages), []
    for k, page in enumerate(pages, start=1):
        tell(f"[{k}/{len(pages)}] {page.title}")
        readers.append(printed(driver, page.file.as_uri(), wanted[page.file]))
    counts = [len(reader.pages) for reader in readers]
    with tempfile.TemporaryDirectory() as folder:
        rough = drawn(driver, folder, contents(pages, counts, about))
        starts = [1 + len(rough.pages) + sum(counts[:k]) for k in range(len(pages))]
        front = drawn(driver, folder, contents(pages, starts, about))
        foot = drawn(driver, folder, numbers(sum(counts), starts[0]))
    writer = pypdf.PdfWriter()
    for reader in (front, *readers):
        for sheet in reader.pages:
            writer.add_page(sheet, excluded_keys=["/Annots", "/StructParents"])
    for sheet, number in zip(writer.pages[len(front.pages) :], foot.pages, strict=True):
        sheet.merge_page(number)
    places = {
        (page.file, name.removeprefix("/")): (start - 1 + reader.get_destination_page_number(place), place)
        for page, start, reader in zip(pages, starts, readers, strict=True)
        for name, place in reader.named_destinations.items()
    }
    firsts = {page.file: start - 1 for page, start in zip(pages, starts, strict=True)}
    _link(writer, pages, readers, firsts, places)
    _bookmark(writer, pages, firsts, places)
    writer.add_metadata({"/Title": str(about["title"]), "/Subject": f"Version {about['version']}"})
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    return writer


def _link(writer, pages, readers, firsts, places):
    """Links lead to their place in the file, or into the web; those to files beside the book go."""
    for page, reader in zip(pages, readers, strict=True):
        for number, sheet in enumerate(reader.pages, start=firsts[page.file]):
            for one in sheet.get("/Annots", ()):
                annotation = one.get_object()
                if "/Dest" in annotation:
                    file, id = page.file, str(annotation["/Dest"]).removeprefix("/")
                else:
                    address = urlparse(str(annotation.get("/A", {}).get("/URI", "")))
                    if address.scheme in ("http", "https", "mailto"):
                        writer.add_annotation(number, Link(rect=annotation["/Rect"], url=address.geturl()))
                        continue
                    file, id = Path(unquote(address.path)), unquote(address.fragment)
                if file in firsts:
                    _lead(writer, number, annotation["/Rect"], places.get((file, id)), firsts[file])


def _lead(writer, number, rect, place, first):
    left, bottom, right, top = map(float, rect)
    if right - left < 1 and top - bottom < 2:  # one of those that READY added
        return
    to, fit = _where(place, first)
    writer.add_annotation(number, Link(rect=rect, target_page_index=to, fit=fit))


def _where(place, first):
    """The sheet's index and the height on it."""
    if place is None:
        return first, Fit.fit_horizontally()
    sheet, there = place
    return sheet, Fit.xyz(top=float(there.top) if there.top is not None else None)


def _bookmark(writer, pages, firsts, places):
    parts = {}
    for page in pages:
        first = firsts[page.file]
        if page.part and page.part not in parts:
            parts[page.part] = writer.add_outline_item(title=page.part, page_number=first, is_open=False)
        mark = writer.add_outline_item(
            title=page.title, page_number=first, parent=parts.get(page.part), is_open=False
        )
        for id, title in page.sections:
            sheet, fit = _where(places.get((page.file, id)), first)
            writer.add_outline_item(title=title, page_number=sheet, parent=mark, fit=fit)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m tools.pdf", description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args(arguments).out
    if missing := browser.missing():
        print(f"No PDF was made: {missing}. Install Chromium and its driver; the book itself is built.")
        return 0
    found = pages(BOOK, ROOT / "_toc.yml")
    with tempfile.TemporaryDirectory() as profile:
        driver = browser.chromium(profile)
        try:
            made = book(driver, found, cited(), lambda words: print(words, flush=True))
        finally:
            driver.quit()
    made.write(out)
    print(f"{out}: {len(made.pages)} pages, {out.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
