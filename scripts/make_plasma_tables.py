"""Make the tables of src/nuportal/plasma/tables from the quadratures of plasma.em and plasma.boson (20 s)."""

from importlib.resources import files
from pathlib import Path

import numpy as np

from nuportal.plasma import boson, em
from nuportal.solvers import hermite

OUT = Path(str(files("nuportal.plasma").joinpath("tables")))
ABOUT = "made by scripts/make_plasma_tables.py; data[i] = value and dx*slope of each column, see the module"


def five_point(function, x: np.ndarray, step: float) -> np.ndarray:
    """Derivative of `function` by central differences of fourth order."""
    far, near = function(x + 2 * step) - function(x - 2 * step), function(x + step) - function(x - step)
    return (8 * near - far) / (12 * step)


def save(name: str, table: hermite.HermiteTable) -> None:
    np.savez_compressed(OUT / name, about=ABOUT, x0=table.x0, inverse_dx=table.inverse_dx, data=table.data)


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
        save(f"em_{order}.npz", em_table(order))
    save("boson.npz", boson_table())
