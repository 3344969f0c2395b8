"""How the yields change with rates, neutron lifetime and baryon density, and what the calculation leaves out."""

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from nuportal.cosmology.nucleosynthesis.background import Background, Course
from nuportal.cosmology.nucleosynthesis.evolution import prepare, solve
from nuportal.cosmology.nucleosynthesis.reactions import reaction_names

NAMES = ("Y_p", "D_H", "He3_H", "Li7_H")  #: order of arrays over yields [4]
STEP = 0.01  #: relative change of tau_n and omega_b whose effect gives the derivatives


def recomputed(
    background: Background, prepared: Course, omega_b: float, tau_n: float, rates: str, rtol: float
) -> np.ndarray:
    """Return changes of ln(yields) [15, 4]: for +1 sigma of each rate (central), then by ln tau_n and ln omega_b."""
    unit = np.eye(len(reaction_names()))

    def at(course: Course, omega: float, shifts: np.ndarray | None = None) -> np.ndarray:
        return np.log(solve(course, omega, rates, rtol, shifts).observed)

    rows = [(at(prepared, omega_b, one) - at(prepared, omega_b, -one)) / 2 for one in unit]
    longer, shorter = (at(prepare(background, tau_n * (1 + s)), omega_b) for s in (STEP, -STEP))
    denser, thinner = (at(prepared, omega_b * (1 + s)) for s in (STEP, -STEP))
    width = np.log((1 + STEP) / (1 - STEP))
    return np.array([*rows, (longer - shorter) / width, (denser - thinner) / width])


@cache
def sensitivities(rates: str) -> np.ndarray:
    """Return the stored changes [15, 4] as `recomputed` does, for the Standard Model."""
    text = files("nuportal.cosmology.nucleosynthesis").joinpath("data/sensitivities.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    found = {row["source"]: [float(row[name]) for name in NAMES] for row in rows if row["rates"] == rates}
    return np.array([found[name] for name in (*reaction_names(), "tau_n", "omega_b")])


@cache
def theory() -> dict[str, dict[str, Any]]:
    """Return the table of theory errors, data/theory.toml."""
    return tomllib.loads(
        files("nuportal.cosmology.nucleosynthesis").joinpath("data/theory.toml").read_text(encoding="utf-8")
    )
