"""docs/limits.md: its examples run as printed, its folder is a constraint."""

import contextlib
import io
import re
from pathlib import Path

import pytest

import nuportal as nup

TEXT = (Path(__file__).resolve().parents[2] / "docs/limits.md").read_text(encoding="utf-8")


def blocks(kind):
    """The code blocks of one kind."""
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


def test_python_example_prints_what_it_says():
    """The first block."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(blocks("python")[0], "limits.md", "exec"), {})
    assert out.getvalue() == blocks("text")[0]


def test_the_folder_of_the_page_is_a_constraint(tmp_path):
    """Edges at the ends of the table, times e and the square root of the branching ratio."""
    (tmp_path / "limit.toml").write_text(blocks("toml")[0])
    (tmp_path / "line.csv").write_text(blocks("csv")[0])
    found = nup.limit(tmp_path).excluded(nup.ray("B-L", mass="20 MeV"))
    assert found.excluded[0][0] == pytest.approx(0.30282 * 1e-3 / 0.4**0.5, rel=2e-3, abs=0)
    plane = nup.plane("B-L", "mass=10MeV:300MeV:8", "g=1e-5:1e-2:20", constraints=["g2-electron", tmp_path])
    assert plane.names == ("g2-electron", "my-search")


def test_the_class_of_the_page_is_a_constraint(tmp_path):
    """limit.toml of the page with the formula of the class."""
    head = blocks("toml")[0].partition("[measurement]")[0]
    (tmp_path / "limit.toml").write_text(head.replace("recast.search:RecastSearch", "mine.py:Mine"))
    (tmp_path / "mine.py").write_text(blocks("python")[1])
    ((low, _),) = nup.limit(tmp_path).excluded(nup.ray("B-L", mass="20 MeV")).excluded
    assert low == pytest.approx(1e-5, rel=1e-3, abs=0)
