"""Planes of N_eff with momenta: CPU time, points calculated, and interpolated points against single ones.

    python benchmarks/momenta_planes.py [--points 100] [--compare 200] [--high 20] [--all] [MODEL[:EPSILON] ...]

For each model a grid of mass 1.1 to 150 MeV and g 1e-10 to 1e-3 is filled; then random points of it are calculated one
by one, some of them also with accuracy="high". Errors are printed in units of what is allowed, 0.005 or 0.5 % of
|N_eff - 3.044|, and in units of the error that the grid or the two resolutions state. At the end come the worst points
of all models. --all takes every named model, without mixing.
"""

import argparse
import time
from typing import NamedTuple

import numpy as np

import nuportal as nup
from nuportal.cosmology.expansion import NEFF_STANDARD
from nuportal.cosmology.grid import neff_grid_with_error

MODELS = ("B-L", "Lmu-Ltau", "Lmu-Ltau:-g/70", "B-3Lmu", "Le-Lmu", "B1-3Le")
SEED = 20261121
WORST = 5  #: points listed at the end


class Compared(NamedTuple):
    """A point: N_eff of the grid, of itself and at high accuracy (NaN if not asked for), and their stated errors."""

    point: str
    grid: float
    grid_error: float
    standard: float
    standard_error: float
    high: float
    high_error: float

    @property
    def interpolation(self) -> float:
        """Grid against point, over what is allowed."""
        return abs(self.grid - self.standard) / max(0.005, 0.005 * abs(self.standard - NEFF_STANDARD))

    @property
    def stated(self) -> float:
        """The same over the stated error of the grid; 0 where the grid has calculated the point."""
        return abs(self.grid - self.standard) / max(self.grid_error, 1e-6) if self.grid_error else 0.0

    @property
    def resolution(self) -> float:
        """Standard against high accuracy over their stated errors."""
        return float(abs(self.high - self.standard) / np.hypot(self.standard_error, self.high_error))

    def __str__(self) -> str:
        return (
            f"{self.point}: grid {self.grid:.4f} +- {self.grid_error:.4f}, standard {self.standard:.4f} "
            f"+- {self.standard_error:.4f}, high {self.high:.4f} +- {self.high_error:.4f}"
        )


def compare(name: str, epsilon: float | str, points: int, singles: int, fine: int) -> list[Compared]:
    """Fill the grid of a model, print one line about it, return the points that were compared."""
    mass, g = np.geomspace(1.1, 150, points), np.geomspace(1e-10, 1e-3, points)
    neff_grid_with_error(name, [10.0], [1e-7], epsilon=epsilon)  # compiles
    cpu, wall = time.process_time(), time.perf_counter()
    grid = neff_grid_with_error(name, mass, g, epsilon=epsilon)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    found, took = [], []
    for k, (i, j) in enumerate(np.random.default_rng(SEED).integers(points, size=(singles, 2)).tolist()):
        model, high = nup.U1X(name, mass=mass[i], g=g[j], epsilon=epsilon), None
        begin = time.process_time()
        exact = nup.evolve(model)
        took.append(time.process_time() - begin)
        if k < fine:
            high = nup.evolve(model, accuracy="high")
        found.append(
            Compared(
                f"{name} eps {epsilon} {mass[i]:.4g} MeV {g[j]:.3g}",
                grid.neff[i, j], grid.error[i, j], exact.neff, exact.numerical_error,
                high.neff if high else np.nan, high.numerical_error if high else np.nan,
            )
        )  # fmt: skip
    off = [p.interpolation for p in found]
    print(
        f"{name:9s} eps {epsilon!s:6s} {cpu:6.0f} s CPU {wall:5.0f} s wall {int(grid.calculated.sum()):5d} points "
        f"{np.isnan(grid.neff).sum():3d} failed, single points {np.median(took):.2f} s | error/allowed "
        f"{np.nanmax(off):.2f} (99 %: {np.nanquantile(off, 0.99):.2f}) error/stated "
        f"{np.nanmax([p.stated for p in found]):.2f} | standard-high/stated "
        f"{np.nanmax([p.resolution for p in found[:fine]] or [np.nan]):.2f}",
        flush=True,
    )
    return found


def summary(found: list[Compared]) -> None:
    """Print the worst points of all models."""
    print(f"\n{len(found)} points of all models, {sum(np.isfinite(p.high) for p in found)} of them at high accuracy")
    titles = {
        "interpolation": "over what is allowed",
        "stated": "over the grid's error",
        "resolution": "over both errors",
    }
    for name, title in titles.items():
        values = np.array([getattr(p, name) for p in found])
        known = np.isfinite(values)
        if not np.any(known):
            continue
        print(f"{title}: median {np.median(values[known]):.2f}, above 1: {np.sum(values[known] > 1)}; worst")
        for k in np.argsort(np.where(known, -values, np.inf))[: min(WORST, np.sum(known))].tolist():
            print(f"  {values[k]:5.2f}  {found[k]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--compare", type=int, default=200)
    parser.add_argument("--high", type=int, default=20)
    parser.add_argument("--all", action="store_true")
    given = parser.parse_args()
    every: list[Compared] = []
    for entry in nup.models() if given.all else given.models:
        model_name, _, mixing = entry.partition(":")
        every += compare(model_name, mixing or 0.0, given.points, given.compare, given.high)
    summary(every)
