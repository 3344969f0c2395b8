"""Points that are drawn over reproductions: what a paper prints, and digitised lines that it takes from others."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.models import U1X
from nuportal.reproduction.constraints import overlay

DATA = Path(__file__).parents[1] / "data"


def test_points_over_the_plane_of_b_minus_l():
    """Five numbers of ghosh2024 as circles; points of 1803.05466, each on the line of the experiment it belongs to."""
    axes = Figure().subplots()
    overlay(axes, "ghosh2024_fig3.csv")
    circles, crosses = axes.lines
    assert (circles.get_label(), crosses.get_label()) == ("quoted in the paper", "1803.05466")
    assert circles.get_xydata().tolist() == [[10, 1e-5], [10, 1e-8], [100, 1e-4], [5, 1e-9], [20, 1e-3]]
    lines = [line.split(",") for line in (DATA / "bauer2018_fig13.csv").read_text().splitlines() if line[0] != "#"][1:]
    known = {(float(mass), float(g)): name for name, mass, g in lines}
    names = {"Borexino": "borexino-bauer2018", "TEXONO": "texono", "CHARM-II": "charm-ii"}
    points = [tuple(p) for p in np.asarray(crosses.get_xydata()).tolist()]
    assert len(points) == 9
    for mass, g in points:
        ray = Ray(lambda c, m=mass: U1X("B-L", mass=m, g=c), "g", 1e-9, 1.0)
        assert 0.7 < limit(names[known[mass, g]]).excluded(ray).excluded[0][0] / g < 1.3
