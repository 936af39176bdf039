"""One strict build of the book for all tests here, and one browser."""

import building
import pytest
from bs4 import BeautifulSoup


class Book:
    """The built book: its folder and its pages, parsed once."""

    def __init__(self, folder):
        self.folder = folder
        files = [f for f in sorted(folder.rglob("*.html")) if "_static" not in f.relative_to(folder).parts]
        self.pages = {f: BeautifulSoup(f.read_text(encoding="utf-8"), "html.parser") for f in files}

    def with_players(self):
        """The pages whose players show stored paths, and no others."""
        plain = [file for file, page in self.pages.items() if not page.select("div.player[data-kind]")]
        return [file for file in plain if self.pages[file].select("div.player")]

    def name(self, file):
        return file.relative_to(self.folder).as_posix()


@pytest.fixture(scope="session")
def build(tmp_path_factory):
    """The build of the whole book, as it ended."""
    return building.build(building.ROOT, tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="session")
def book(build):
    if not (build.folder / "index.html").exists():
        pytest.fail(f"the book was not built:\n{build.stdout[-3000:]}\n{build.stderr[-3000:]}")
    return Book(build.folder)
