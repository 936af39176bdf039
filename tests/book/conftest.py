"""One strict build of the book for all tests here, and one browser."""

import shutil

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


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    """A headless Chromium that keeps a record of what pages ask the network for."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    browser = next(filter(None, map(shutil.which, names)), None)
    chromedriver = shutil.which("chromedriver")
    if not browser or not chromedriver:
        missing = "no Chromium or Chrome" if not browser else "no chromedriver"
        pytest.skip(f"{missing} on the PATH: the built pages were not tried in a browser")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        f"--user-data-dir={tmp_path_factory.mktemp('browser')}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    driver.set_page_load_timeout(300)
    driver.set_script_timeout(300)
    yield driver
    driver.quit()
