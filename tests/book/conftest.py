"""One strict build of the book for all tests here, and one browser."""

import pickle
from collections.abc import Mapping

import building
import pytest
from bs4 import BeautifulSoup
from filelock import FileLock


class Pages(Mapping):
    """The pages of a folder, each parsed once: when it is asked for, as this takes longest."""

    def __init__(self, folder):
        files = [f for f in sorted(folder.rglob("*.html")) if "_static" not in f.relative_to(folder).parts]
        self.parsed = dict.fromkeys(files)

    def __getitem__(self, file):
        if self.parsed[file] is None:
            self.parsed[file] = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        return self.parsed[file]

    def __iter__(self):
        return iter(self.parsed)

    def __len__(self):
        return len(self.parsed)


class Book:
    """The built book: its folder and its pages."""

    def __init__(self, folder):
        self.folder, self.pages = folder, Pages(folder)

    def with_players(self):
        """The pages whose players show stored paths, and no others."""
        some = [file for file in self.pages if 'class="player' in file.read_text(encoding="utf-8")]
        plain = [file for file in some if not self.pages[file].select("div.player[data-kind]")]
        return [file for file in plain if self.pages[file].select("div.player")]

    def name(self, file):
        return file.relative_to(self.folder).as_posix()


def pytest_collection_modifyitems(items):
    """First what has one process build the book, then what the others can try while they have none."""

    def rank(item):
        needs_book = {"book", "build"} & set(item.fixturenames)
        return item.path.name not in ("test_every_page.py", "test_build.py"), bool(needs_book)

    items.sort(key=rank)


@pytest.fixture(scope="session")
def build(tmp_path_factory, worker_id):
    """The build of the whole book, as it ended: one for all processes that test at the same time."""
    if worker_id == "master":
        return building.build(building.ROOT, tmp_path_factory.mktemp("book"))
    everybodys = tmp_path_factory.getbasetemp().parent
    ended = everybodys / "build.pickle"
    with FileLock(ended.with_suffix(".lock")):
        if not ended.exists():
            folder = everybodys / "book"
            folder.mkdir()
            ended.write_bytes(pickle.dumps(building.build(building.ROOT, folder)))
    return pickle.loads(ended.read_bytes())


@pytest.fixture(scope="session")
def book(build):
    if not (build.folder / "index.html").exists():
        pytest.fail(f"the book was not built:\n{build.stdout[-3000:]}\n{build.stderr[-3000:]}")
    return Book(build.folder)
