"""Measurements of the thermal solver: error distribution, and SciPy's LSODA on the same right-hand side."""

from functools import partial
from math import exp, log
from time import perf_counter
from typing import NamedTuple

import numpy as np

from nuportal.cosmology.temperatures import integrate
from nuportal.cosmology.temperatures.coefficients import Coefficients, coefficients
from nuportal.cosmology.temperatures.equations import TWO_TEMPERATURES, right_hand_side
from nuportal.cosmology.temperatures.options import GRID_RTOL, options
from nuportal.cosmology.temperatures.thermal import neff_grid_with_status, solve, solve_grid
from nuportal.models import U1X, catalog


def error_distribution(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return |N_eff - N_eff(rtol 1e-10)| [count] at the grid's default tolerance; NaN where a solution failed.

    Points: M = 1.1-200 MeV, g = 1e-10-1e-4 (log-uniform), every model of the catalogue, epsilon 0 or -g/70.
    """
    names = list(catalog())
    models = [
        U1X(
            names[rng.integers(len(names))],
            mass=exp(rng.uniform(log(1.1), log(200))),
            g=float(10 ** rng.uniform(-10, -4)),
            epsilon=("0", "-g/70")[rng.integers(2)],
        )
        for _ in range(count)
    ]
    coarse, fine = options(rtol=GRID_RTOL), options(rtol=1e-10)
    each = [coefficients(model, coarse) for model in models]
    points = Coefficients(*(np.array(arrays) for arrays in zip(*each, strict=True)))
    return np.abs(solve(points, coarse)[0] - solve(points, fine)[0])


class PlaneSpeed(NamedTuple):
    """Speed and errors of one plane: points a second, share of points solved, largest |N_eff - N_eff(rtol 1e-10)|."""

    points_per_second: float
    solved: float
    largest_error: float
    failed: int


def plane_speed(size: int = 100) -> dict[str, PlaneSpeed]:
    """Return the measurements of a plane of B-L, 1.1-100 MeV by 1e-9-1e-3, for each method; compiled code is warm."""
    masses, gs = np.geomspace(1.1, 100, size), np.geomspace(1e-9, 1e-3, size)
    fine = solve_grid("B-L", masses, gs, method="solve", rtol=1e-10)
    found: dict[str, PlaneSpeed] = {}
    for method in ("solve", "adaptive"):
        start = perf_counter()
        grid = solve_grid("B-L", masses, gs, method=method)
        seconds = perf_counter() - start
        error = float(np.nanmax(np.abs(grid.neff - fine.neff)))
        found[method] = PlaneSpeed(size**2 / seconds, float(grid.solved.mean()), error, int(np.isnan(grid.neff).sum()))
    return found


def compare_with_lsoda(mass: float = 10.0, g: float = 1e-7) -> tuple[float, float, float]:
    """Return (seconds per point here, with SciPy's LSODA, |difference in N_eff|) for one point of B-L, both at 1e-6.

    LSODA calls the same compiled right-hand side, without the boson once it is gone, over the same range.
    """
    from scipy.integrate import solve_ivp

    model = U1X("B-L", mass=mass, g=g)
    chosen = options(rtol=GRID_RTOL)
    point, work, tables = coefficients(model, chosen), integrate.scratch(), integrate.tables(chosen, mass)

    def rhs(has_boson: bool, _: float, y: np.ndarray) -> np.ndarray:
        right_hand_side(
            y, 1, has_boson, point.par, point.c, point.v, TWO_TEMPERATURES, tables, False, work.f, work.jac, work.rows
        )
        return work.f[: 2 + has_boson].copy()

    def gone(_: float, y: np.ndarray) -> float:
        return np.log(mass) - np.sum(y) - np.log(integrate.X_DROP)

    def frozen(_: float, y: np.ndarray) -> float:
        return y[0] - np.log(integrate.T_FROZEN)

    gone.terminal = frozen.terminal = True  # type: ignore[attr-defined]
    start = perf_counter()
    hot = np.array([np.log(max(20, 3 * mass)), 0.0, 0.0])
    first = solve_ivp(partial(rhs, True), (0, 30), hot, "LSODA", events=gone, rtol=GRID_RTOL, atol=GRID_RTOL)
    alone = first.y[:2, -1]
    last = solve_ivp(partial(rhs, False), (0, 30), alone, "LSODA", events=frozen, rtol=GRID_RTOL, atol=GRID_RTOL)
    theirs = perf_counter() - start
    expected = integrate.effective_number(last.y[:, -1], 1, point.c, tables.em)
    gs = g * np.geomspace(0.99, 1.01, 200)
    neff_grid_with_status("B-L", [mass], gs[:1])
    start = perf_counter()
    ours = neff_grid_with_status("B-L", [mass], gs)[0]
    return (perf_counter() - start) / len(gs), theirs, float(abs(ours[0, len(gs) // 2] - expected))
