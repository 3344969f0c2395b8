"""docs/physics/light_elements.md: its example runs as printed, its tables are what the code gives."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from nuportal.cosmology.nucleosynthesis.reactions import RATE_SETS
from nuportal.cosmology.nucleosynthesis.yields import yields
from nuportal.observations.light_elements import compare

TEXT = (Path(__file__).resolve().parents[2] / "docs/physics/light_elements.md").read_text(encoding="utf-8")


def rows(heading):
    """The cells of the table below a heading."""
    lines = TEXT.partition(heading)[2].splitlines()
    table = [line for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_example_prints_what_it_says():
    ((code, printed),) = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", TEXT, re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "light_elements.md", "exec"), {})
    assert out.getvalue() == printed


@pytest.mark.parametrize(
    ("label", "case"), [("Standard Model", "sm"), ("B-L 3 MeV", "bl_3"), ("B-L 5 MeV", "bl_5"), ("B-L 10 MeV", "bl_10")]
)
def test_comparison_with_other_codes(label, case, backgrounds):
    (row,) = (row for row in rows("## Against other codes") if row[0].startswith(label))
    found = yields(backgrounds[case])
    helium, deuterium = (float(text) for text in row[1].split(","))
    assert helium == pytest.approx(found.Y_p, abs=6e-6)
    assert deuterium == pytest.approx(found.D_H * 1e5, abs=6e-5)


@pytest.mark.parametrize("rates", RATE_SETS)
def test_rate_sets(rates, backgrounds):
    (row,) = (row for row in rows("Rate sets, by name") if row[0].startswith(f"`{rates}`"))
    found = yields(backgrounds["sm"], rates=rates)
    assert float(row[2]) == pytest.approx(found.Y_p, abs=6e-6)
    assert float(row[3]) == pytest.approx(found.D_H * 1e5, abs=6e-4)
    assert float(row[4].rstrip(" %")) == pytest.approx(100 * found.errors[1] / found.D_H, abs=6e-3)


@pytest.mark.parametrize(("label", "case"), [("SM", "sm"), ("5", "bl_5"), ("10", "bl_10")])
def test_table_of_chi2(label, case, backgrounds):
    (row,) = (row for row in rows("chi2 of B-L with g = 1e-8") if row[0] == label and len(row) == 5)
    for text, rates in zip(row[1:], RATE_SETS, strict=True):
        assert float(text) == pytest.approx(compare(yields(backgrounds[case], rates=rates)).chi2, abs=0.08)
