"""Limits against published lower edges (tests/data/published_points.csv) that are not their own input."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.models import U1X

DATA = Path(__file__).parents[1] / "data/published_points.csv"


@cache
def points():
    """Name of a limit -> rows of model, mass, lower edge."""
    found = {}
    with DATA.open(encoding="utf-8") as text:
        for row in csv.DictReader(line for line in text if not line.startswith("#")):
            found.setdefault(row["limit"], []).append((row["model"], float(row["mass_MeV"]), float(row["edge"])))
    return found


def along(model, mass):
    """A ray in g, or in epsilon of a dark photon."""
    if model == "dark photon":
        return Ray(lambda e: U1X(charges={"e": 0}, mass=mass, g=1e-20, epsilon=e), "epsilon", 1e-17, 0.5)
    return Ray(lambda g: U1X(model, mass=mass, g=g), "g", 1e-17, 1.0)


def ratios(name):
    """Our lower edges over the published ones."""
    return np.array([limit(name).excluded(along(x, m)).excluded[0][0] / edge for x, m, edge in points()[name]])


@pytest.mark.parametrize("name", sorted(points()))
def test_edges_are_as_recorded(name):
    """Every point lies inside the ratio of limit.toml, which is no wider than what is found."""
    found = ratios(name)
    (recorded,) = (c.ratio for c in limit(name).about.checked if c.test == Path(__file__).name)
    assert recorded == pytest.approx((found.min(), found.max()), abs=0.012)
