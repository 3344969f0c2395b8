"""Make the tables of src/nuportal/plasma/tables from the quadratures of plasma.em and plasma.boson (20 s)."""

from importlib.resources import files
from pathlib import Path

import numpy as np

from nuportal import constants
from nuportal.plasma import boson, em
from nuportal.solvers import hermite

OUT = Path(str(files("nuportal.plasma").joinpath("tables")))
MADE = (
    f"made by scripts/make_plasma_tables.py with {constants.SET}, version 1; data[i] = value, dx*slope of each column"
)


def five_point(function, x: np.ndarray, step: float) -> np.ndarray:
    """Derivative of `function` by central differences of fourth order."""
    far, near = function(x + 2 * step) - function(x - 2 * step), function(x + step) - function(x - step)
    return (8 * near - far) / (12 * step)


def em_table(qed: em.QedOrder) -> hermite.HermiteTable:
    x = np.linspace(np.log(0.006), np.log(1200.0), 2201)
    t = np.exp(x)
    s = em.evaluate(t, qed)
    p, rho, c = s.p / t**4, s.rho / t**4, s.drho_dt / t**3
    slopes = np.stack([rho - 3 * p, c - 4 * rho, s.d2rho_dt2 / t**2 - 3 * c], axis=1)
    return hermite.build(x, np.stack([p, rho, c], axis=1), slopes)


def boson_table() -> hermite.HermiteTable:
    x = np.linspace(np.log(boson.X_MIN), np.log(boson.X_MAX), 2201)

    def columns(ln_x: np.ndarray) -> np.ndarray:
        s = boson.evaluate(np.exp(ln_x))
        return np.stack([s.p, s.rho, s.drho_dt, s.n], axis=1)

    return hermite.build(x, columns(x), five_point(columns, x, 1e-3))


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    for order in ("o3", "o2", "off"):
        about = f"photons, e+-, QED pressure ({order}) over ln(T/MeV): p/T^4, rho/T^4, (drho/dT)/T^3; {MADE}"
        hermite.save(OUT / f"em_{order}.npz", em_table(order), about)
    about = f"boson, one degree of freedom, times e^(M/T), over ln(M/T): p/T^4, rho/T^4, (drho/dT)/T^3, n/T^3; {MADE}"
    hermite.save(OUT / "boson.npz", boson_table(), about)
