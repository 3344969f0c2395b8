"""Lines of dipole limits: against the full ones they were thinned from, and against a second digitisation of each.

Both are in tests/data/dipole_lines.csv (scripts/thin_dipole_lines.py). limit.toml records the ratio to the second one.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.models import DipolePortal

DATA = Path(__file__).parents[1] / "data/dipole_lines.csv"


@cache
def lines(kind):
    """Name of a limit -> rows of mass, lower edge, upper edge (infinite if there is none), for "full" or "second"."""
    found = {}
    with DATA.open(encoding="utf-8") as text:
        for row in csv.DictReader(line for line in text if not line.startswith("#")):
            if row["kind"] == kind:
                edges = (float(row["mass_MeV"]), float(row["lower"]), float(row["upper"] or np.inf))
                found.setdefault(row["limit"], []).append(edges)
    return {name: np.array(rows) for name, rows in found.items()}


def edges(name, mass):
    """The first excluded interval of the moment in mu_B."""
    flavour = limit(name).measurement.flavours[0]
    ray = Ray(lambda d: DipolePortal(mass, f"{d} mu_B", flavour), "d", 1e-14, 1.0)
    return limit(name).excluded(ray).excluded[0]


@pytest.mark.parametrize("name", sorted(lines("full")))
def test_a_thinned_table_recovers_the_full_line(name):
    """2 % at every mass of the full line, and the same ends."""
    line, full = limit(name).line, lines("full")[name]
    assert [line.mass[0], line.mass[-1]] == pytest.approx(full[[0, -1], 0], rel=1e-4)
    for mass, low, high in full.tolist():
        ours = line.at(float(np.clip(mass, line.mass[0], line.mass[-1])))
        assert abs(np.log(ours[0] / low)) < 0.0205, mass
        assert ours[1] == high or abs(np.log(ours[1] / high)) < 0.0205, mass


def second(name):
    """Our edge, the nearer one, over the second digitisation; not within 3 % of the masses where a line ends."""
    line, found = limit(name).line, []
    for mass, value, _ in lines("second")[name].tolist():
        if 1.03 * line.mass[0] < mass < 0.97 * line.mass[-1]:
            found.append(min((e / value for e in edges(name, mass)), key=lambda r: abs(np.log(r))))
    return np.array(found)


RECORDED = {n: c for n in lines("second") for c in limit(n).about.checked if c.test == Path(__file__).name}


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_a_second_digitisation_is_as_recorded(name):
    """Every point inside the ratio of limit.toml, which is no wider than what is found."""
    found = second(name)
    assert len(found) > 5
    assert RECORDED[name].ratio == pytest.approx((found.min(), found.max()), abs=0.012)
