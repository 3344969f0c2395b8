"""Make processes/tables/mediated.npz and bessel.npz: propagator functions of mediated scattering, ln(e^x K_2) (10 s).

Maxwell-Boltzmann, massless fermions, zero width with the on-shell part removed (docs/physics/mediated_scattering.md):

    a_int(x) = (1/3072) PV int dy y^7 K_2(y) x^2/(x^2-y^2)
    s_int(x) = (1/3072) int dy y^7 K_2(y) (12/7) int_0^1 dtau tau (2-2 tau+tau^2) x^2/(x^2+tau y^2)

and f_BSM = f_int - (x/2) df_int/dx for both (the square of the propagator is a derivative of the propagator).
"""

from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.interpolate import InterpolatedUnivariateSpline
from scipy.special import kv, kve

from nuportal.processes.mediated import X_MAX, X_MIN
from nuportal.solvers import hermite

OUT = Path(str(files("nuportal.processes").joinpath("tables")))
NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)
EDGES = np.concatenate([np.linspace(0, 40, 61), np.linspace(45, 120, 16)])
Y = np.concatenate([a + (b - a) * (1 + NODES) / 2 for a, b in pairwise(EDGES)])
DY = np.concatenate([(b - a) / 2 * WEIGHTS for a, b in pairwise(EDGES)])


def h(y: np.ndarray) -> np.ndarray:
    return y**7 * kv(2, y)


def annihilation(x: float) -> float:
    """a_int: the principal value of 1/(x^2-y^2) vanishes, so h(x) may be subtracted; the tail is analytic."""
    integral = np.sum(DY * (h(Y) - h(np.array(x))) / (x**2 - Y**2))
    if x < EDGES[-1]:
        integral += h(np.array(x)) / (2 * x) * np.log((EDGES[-1] + x) / (EDGES[-1] - x))
    return x**2 * integral / 3072


def scattering(x: float) -> float:
    """s_int; tau = u^3 resolves tau ~ (x/y)^2."""
    u = (1 + NODES) / 2
    tau = u[:, None] ** 4
    weight = WEIGHTS[:, None] / 2 * 4 * u[:, None] ** 3 * tau * (2 - 2 * tau + tau**2) * 12 / 7
    return float(np.sum(DY * h(Y) * np.sum(weight * x**2 / (x**2 + tau * Y**2), axis=0))) / 3072


if __name__ == "__main__":
    ln_x = np.linspace(np.log(X_MIN), np.log(X_MAX), 1401)
    x = np.exp(ln_x)
    values, slopes = [], []
    for function in (annihilation, scattering):
        spline = InterpolatedUnivariateSpline(ln_x, [function(value) for value in x], k=5)
        f, f1, f2 = spline(ln_x), spline(ln_x, 1), spline(ln_x, 2)
        values += [f, f - f1 / 2]
        slopes += [f1, f1 - f2 / 2]
    table = hermite.build(ln_x, np.stack(values, axis=1), np.stack(slopes, axis=1))
    about = "made by scripts/make_mediated_tables.py; columns a_int a_BSM s_int s_BSM, see processes/mediated.py"
    hermite.save(OUT / "mediated.npz", table, about)

    ln_x = np.linspace(np.log(1e-4), np.log(1e6), 3001)
    x = np.exp(ln_x)
    k2 = kve(2, x)
    slope = x - x * (kve(1, x) + 2 / x * k2) / k2
    hermite.save(OUT / "bessel.npz", hermite.build(ln_x, np.log(k2), slope), "ln(e^x K_2(x)) over ln x, exact slopes")
