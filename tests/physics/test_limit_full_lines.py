"""Tables against the full published lines they were thinned from (full_lines.csv.gz, stellar_bl.csv and
foresee_lines.csv of tests/data)."""

import csv
import gzip
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nuportal.limits.recast.tables import NO_LIMIT
from nuportal.limits.registry import limit

FULL = Path(__file__).parents[1] / "data/full_lines.csv.gz"
OTHERS = (FULL.with_name("stellar_bl.csv"), FULL.with_name("foresee_lines.csv"))
FLUCTUATE = {"a1", "babar-4mu", "babar-visible", "bes-iii", "lhcb", "na48-2"}


@cache
def full_lines():
    """Name of a limit -> rows of mass, lower edge, upper edge (infinite if there is none)."""
    found = {}
    texts = [gzip.decompress(FULL.read_bytes()).decode(), *(path.read_text(encoding="utf-8") for path in OTHERS)]
    for text in texts:
        for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
            edges = (float(row["mass_MeV"]), float(row["lower"]), float(row.get("upper") or np.inf))
            found.setdefault(row["limit"], []).append(edges)
    return {name: np.array(rows) for name, rows in found.items()}


@pytest.mark.parametrize("name", sorted(full_lines()))
def test_a_thinned_table_recovers_the_full_line(name):
    """2 % (5 % where a line fluctuates) at every mass of the full line, no limit where it has none, same ends."""
    line, full = limit(name).line, full_lines()[name]
    within = 0.0505 if name in FLUCTUATE else 0.0205
    assert [line.mass[0], line.mass[-1]] == pytest.approx(full[[0, -1], 0], rel=1e-4)
    for mass, low, high in full.tolist():
        if low >= NO_LIMIT:
            assert not line.covers(mass), mass
            continue
        inside = float(np.clip(mass, line.mass[0], line.mass[-1]))
        assert line.covers(inside), mass
        ours = line.at(inside)
        assert abs(np.log(ours[0] / low)) < within, mass
        assert ours[1] == high or abs(np.log(ours[1] / high)) < within, mass


def test_a_full_line_has_what_makes_it_worth_comparing():
    """Hundreds of masses, and the narrow resonances that searches leave out."""
    assert len(full_lines()) == 41
    assert len(full_lines()["babar-visible"]) > 5000
    line = limit("babar-visible").line
    assert not line.covers(3097.0)
    assert "no limit between" in line.why_not(3097.0)
    assert line.covers(3200.0)
