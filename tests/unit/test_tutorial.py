"""The tutorial and how-to pages print what they say; the folder of docs/howto_experiment.md is an experiment."""

import contextlib
import io
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def _blocks(page, kind):
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def _run(page):
    """Run the blocks of Python of a page one after the other and compare what they print."""
    text = (DOCS / page).read_text(encoding="utf-8")
    names: dict[str, object] = {}
    blocks = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", text, re.DOTALL)
    assert blocks
    for code, printed in blocks:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, page, "exec"), names)
        assert out.getvalue() == printed


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("page", ["tutorial.md", "cluster.md", "planes.md"])
def test_page_prints_what_it_says(page):
    _run(page)


def test_the_folder_of_the_page_is_an_experiment(tmp_path):
    folder = tmp_path / "my_detector"
    folder.mkdir()
    (folder / "measurement.toml").write_text(_blocks("howto_experiment.md", "toml")[0])
    bins, efficiency = _blocks("howto_experiment.md", "csv")
    (folder / "bins.csv").write_text(bins)
    (folder / "efficiency.csv").write_text(efficiency)
    (folder / "refs.bib").write_text(_blocks("howto_experiment.md", "bibtex")[0])
    _run("howto_experiment.md")
