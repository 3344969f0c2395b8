"""Planes of N_eff with momenta: CPU time, points calculated, and interpolated points against single ones.

    python benchmarks/momenta_planes.py [--points 100] [--compare 200] [--high 20] [MODEL[:EPSILON] ...]

For each model a grid of mass 1.1 to 150 MeV and g 1e-10 to 1e-3 is filled; then random points of it are calculated one
by one, some of them also with accuracy="high". Errors are printed in units of what is allowed, 0.005 or 0.5 % of
|N_eff - 3.044|, and in units of the error that the grid states.
"""

import argparse
import time

import numpy as np

import nuportal as nup
from nuportal.cosmology.expansion import NEFF_STANDARD
from nuportal.cosmology.grid import neff_grid_with_error

MODELS = ("B-L", "Lmu-Ltau", "Lmu-Ltau:-g/70", "B-3Lmu", "Le-Lmu", "B1-3Le")
SEED = 20261121


def compare(name: str, epsilon: float | str, points: int, singles: int, fine: int) -> str:
    """Return one line of the table for a model."""
    mass, g = np.geomspace(1.1, 150, points), np.geomspace(1e-10, 1e-3, points)
    neff_grid_with_error(name, [10.0], [1e-7], epsilon=epsilon)  # compiles
    cpu, wall = time.process_time(), time.perf_counter()
    grid = neff_grid_with_error(name, mass, g, epsilon=epsilon)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    off, stated, resolution = [], [], []
    for k, (i, j) in enumerate(np.random.default_rng(SEED).integers(points, size=(singles, 2)).tolist()):
        model = nup.U1X(name, mass=mass[i], g=g[j], epsilon=epsilon)
        exact = nup.evolve(model).neff
        allowed = max(0.005, 0.005 * abs(exact - NEFF_STANDARD))
        off.append(abs(grid.neff[i, j] - exact) / allowed)
        stated.append(abs(grid.neff[i, j] - exact) / max(grid.error[i, j], 1e-6) if grid.error[i, j] else 0.0)
        if k < fine:
            high = nup.evolve(model, accuracy="high")
            resolution.append(
                abs(high.neff - exact) / np.hypot(high.numerical_error, nup.evolve(model).numerical_error)
            )
    return (
        f"{name:9s} eps {epsilon!s:6s} {cpu:6.0f} s CPU {wall:5.0f} s wall {int(grid.calculated.sum()):5d} points "
        f"{np.isnan(grid.neff).sum():3d} failed | error/allowed {np.nanmax(off):.2f} "
        f"(99 %: {np.nanquantile(off, 0.99):.2f}) error/stated {np.nanmax(stated):.2f} | "
        f"standard-high/stated {max(resolution, default=np.nan):.2f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--compare", type=int, default=200)
    parser.add_argument("--high", type=int, default=20)
    given = parser.parse_args()
    for entry in given.models:
        model_name, _, mixing = entry.partition(":")
        print(compare(model_name, mixing or 0.0, given.points, given.compare, given.high), flush=True)
