"""A lesson can be opened on Binder once `_config.yml` says where the course lies."""

import building
import yaml
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell, new_notebook

from tools import bundle, notebooks

OPEN = "a[href*='mybinder.org']"


def test_without_an_address_no_page_offers_it(book):
    assert [book.name(file) for file, page in book.pages.items() if page.select(OPEN)] == []


def test_with_an_address_a_lesson_opens_where_its_packages_are(tmp_path):
    source = tmp_path / "source"
    (source / "chapters").mkdir(parents=True)
    for name in ("_static", "tools", "references.bib"):
        (source / name).symlink_to(building.ROOT / name)
    config = yaml.safe_load((building.ROOT / "_config.yml").read_text(encoding="utf-8"))
    address = "https://github.com/someone/course"
    config["sphinx"]["config"]["html_theme_options"] |= {"repository_url": address}
    (source / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (source / "_toc.yml").write_text("format: jb-book\nroot: chapters/lesson\n", encoding="utf-8")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    lesson = new_notebook(metadata=kernel, cells=[new_markdown_cell("# A lesson\n\nAn opening.", id="title")])
    notebooks.write(lesson, source / "chapters" / "lesson.ipynb")
    (tmp_path / "built").mkdir()
    done = building.build(source, tmp_path / "built")
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    page = BeautifulSoup(
        (done.folder / "chapters" / "lesson.html").read_text(encoding="utf-8"), "html.parser"
    )
    foot = [a["href"] for a in page.select("p.imprint a")]
    assert foot[1:] == [address, f"{address}/issues"]
    (link,) = {a["href"] for a in page.select(OPEN)}
    assert link == "https://mybinder.org/v2/gh/someone/course/main?urlpath=lab/tree/chapters/lesson.ipynb"


def test_binder_installs_the_lock_and_the_library():
    lines = (building.ROOT / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    cpu = "--extra-index-url https://download.pytorch.org/whl/cpu"  # torch without gigabytes for GPUs
    assert [line for line in lines if not line.startswith("#")] == [cpu, "-r ../requirements.lock", "-e ."]
    runs = (building.ROOT / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    oldest = bundle.project()["requires-python"].removeprefix(">=")
    assert runs == f"python-{oldest}"
    assert (building.ROOT / "requirements.lock").is_file()
