"""How the yields change with rates, neutron lifetime and baryon density, and what the calculation leaves out."""

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

import numpy as np

from nuportal.cosmology.nucleosynthesis.background import Background, Course
from nuportal.cosmology.nucleosynthesis.evolution import prepare, solve
from nuportal.cosmology.nucleosynthesis.reactions import reaction_names

Neutrinos = Literal["spectrum", "thermal"]  #: how electron neutrinos are described, a table of theory.toml each

NAMES = ("Y_p", "D_H", "He3_H", "Li7_H")  #: order of arrays over yields [4]
PER_RTOL, FLOOR = 0.03, 1e-6  #: relative error of the yields over rtol, and that of all splines
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


class Uncertainty(NamedTuple):
    """Errors of yields [..., k], the first k of (Y_p, D/H, 3He/H, 7Li/H).

    covariance [..., k, k] of nuclear rates and neutron lifetime. theory, numerical: one standard deviation.
    """

    covariance: np.ndarray
    theory: np.ndarray
    numerical: np.ndarray


def errors_of(
    values: np.ndarray, slopes: np.ndarray, neutrinos: Neutrinos, neff_errors: np.ndarray, rtol: float
) -> Uncertainty:
    """Return the errors of yields [..., k].

    slopes: as `sensitivities` returns them. neff_errors [..., 2]: theory and numerical error of N_eff of the history;
    they are carried on as if they were all in the flavours where they do most. The error of tau_n is the default's,
    whatever its value.
    """
    kept = np.shape(values)[-1]
    lifetime, part = theory()["neutron_lifetime"], np.ones(len(slopes) - 1)
    part[-1] = lifetime["sigma"] / lifetime["value"]
    changes = (slopes[:-1] * part[:, None])[:, :kept] * values[..., None, :]
    left_out, carried = (_absolute(theory()[name], values) for name in (neutrinos, "history"))
    theory_part, numerical_part = (np.asarray(neff_errors)[..., [k]] for k in (0, 1))
    own = np.hypot(PER_RTOL * rtol, FLOOR) * np.abs(values)
    return Uncertainty(
        np.swapaxes(changes, -1, -2) @ changes,
        np.hypot(left_out, carried * theory_part),
        np.hypot(own, carried * numerical_part),
    )


def _absolute(table: dict[str, Any], values: np.ndarray) -> np.ndarray:
    """Return a row of theory.toml, which holds Y_p as it is and the others relative, in the units of the yields."""
    kept = np.shape(values)[-1]
    row = np.abs([table["Y_p"], *table["relative"]])[:kept]
    scale = np.abs(values)
    scale[..., 0] = 1.0
    return row * scale
