"""Numbers the papers quote, read from one TOML file a paper, and ours for the same points."""

import tomllib
from functools import cache
from importlib.resources import files
from math import exp, log, nan
from typing import Any

from nuportal.reproduction.registry import Row

LEVELS = (3.2, 3.33, 3.5)  #: the N_eff contours that ghosh2023 and ghosh2024 draw


@cache
def quoted(paper: str) -> list[dict[str, Any]]:
    """Return the quoted values of a paper, as written in <paper>.toml."""
    text = files("nuportal.reproduction").joinpath(f"{paper}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["value"]


def rows(paper: str, item: str) -> list[Row]:
    """Return the comparison for every quoted value that belongs to an item."""
    return [
        Row(value["text"], value["paper"], compute(value, "ghosh"), compute(value, "default"), value["where"])
        for value in quoted(paper)
        if item in value["items"]
    ]


def points(paper: str, item: str, along: str, epsilon: float | str = 0.0) -> list[tuple[float, float]]:
    """Return the quoted N_eff of an item against "mass" or "g", as (value, N_eff), to be drawn over our curves."""
    chosen = [v for v in quoted(paper) if item in v["items"] and "level" not in v and v.get("epsilon", 0.0) == epsilon]
    return [(v[along], v["paper"]) for v in chosen if isinstance(v["paper"], float)]


def crossings(paper: str, item: str) -> list[tuple[float, float]]:
    """Return where the text of a paper says that a line of N_eff runs, as (mass in MeV, g)."""
    chosen = [v for v in quoted(paper) if item in v["items"] and "level" in v and v["paper"].startswith("about ")]
    return [(float(v["paper"].removeprefix("about ")), v["g"]) for v in chosen]


def compute(value: dict[str, Any], preset: str) -> float:
    """Return our number for one quoted value: N_eff at a point, or the mass (MeV) where it crosses a level."""
    if "level" in value:
        return contour_mass(value["charges"], value["g"], value["level"], value.get("epsilon", 0.0), preset)
    from nuportal.cosmology.evolve import evolve
    from nuportal.models import U1X

    model = U1X(charges=value["charges"], mass=value["mass"], g=value["g"], epsilon=value.get("epsilon", 0.0))
    flavours = value.get("flavours", "common")
    return evolve(model, treatment="temperatures", preset=preset, flavours=flavours).neff  # type: ignore[arg-type]


def contour_mass(charges: dict[str, float], g: float, level: float, epsilon: float | str, preset: str) -> float:
    """Return the largest mass in MeV below 300 MeV at which N_eff crosses a level, NaN if it does not."""
    import numpy as np
    from scipy.optimize import brentq

    from nuportal.cosmology.grid import neff_grid

    def excess(ln_mass: float) -> float:
        return float(neff_grid(charges, exp(ln_mass), g, epsilon=epsilon, preset=preset)[0, 0]) - level  # type: ignore[arg-type]

    scan = np.geomspace(1.1, 300, 60)
    above = neff_grid(charges, scan, g, epsilon=epsilon, preset=preset)[:, 0] > level  # type: ignore[arg-type]
    crossings = np.flatnonzero(above[:-1] & ~above[1:])
    if len(crossings) == 0:
        return nan
    low, high = scan[crossings[-1]], scan[crossings[-1] + 1]
    return float(np.exp(brentq(excess, log(low), log(high), xtol=1e-5)))
