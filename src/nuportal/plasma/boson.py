"""A massive boson of d degrees of freedom with a Bose-Einstein distribution.

Solver quantities carry the factor e^{M/T}, so that nothing underflows when the boson freezes out at M/T ~ 65.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from nuportal.solvers import hermite
from nuportal.solvers.quadrature import gauss_legendre

#: columns of the solver table, functions of ln(M/T), per degree of freedom and times e^{M/T}
PRESSURE, ENERGY, HEAT_CAPACITY, NUMBER = 0, 1, 2, 3

X_MAX = 80.0  #: largest M/T of the table
X_MIN = 1e-4  #: smallest M/T of the table; below, the gas is massless

_ROOT_MAX = 7.2  # largest sqrt of kinetic energy over T: (E-M)/T = 51.8


class Thermodynamics(NamedTuple):
    """p and rho over T^4, drho/dT over T^3, n over T^3, per degree of freedom, all times e^{(M-mu)/T}."""

    p: np.ndarray
    rho: np.ndarray
    drho_dt: np.ndarray
    n: np.ndarray


def evaluate(x: np.ndarray | float, z: np.ndarray | float = 0.0) -> Thermodynamics:
    """Return the scaled thermodynamics at x = M/T and z = mu/T <= x (any shape; drho/dT at fixed mu)."""
    x = np.asarray(x, dtype=float)[..., None]
    z = np.asarray(z, dtype=float)[..., None]
    v, dv = gauss_legendre(600, _ROOT_MAX)
    kinetic = v**2
    energy = x + kinetic
    p = np.sqrt(kinetic * (2 * x + kinetic))
    dp = 2 * v * dv * energy / p
    scale = np.exp(-kinetic)
    occupied = scale / -np.expm1(-(energy - z))  # f e^{x-z}
    response = scale / np.expm1(-(energy - z)) ** 2  # f (1+f) e^{x-z}
    norm = 1 / (2 * np.pi**2)
    return Thermodynamics(
        p=norm / 3 * np.sum(dp * p**4 / energy * occupied, axis=-1),
        rho=norm * np.sum(dp * p**2 * energy * occupied, axis=-1),
        drho_dt=norm * np.sum(dp * p**2 * energy * (energy - z) * response, axis=-1),
        n=norm * np.sum(dp * p**2 * occupied, axis=-1),
    )


@cache
def table() -> hermite.HermiteTable:
    """Return the solver table over ln(M/T) from X_MIN to X_MAX, columns as named in this module, z = 0."""
    return hermite.load("nuportal.plasma", "tables/boson.npz")
