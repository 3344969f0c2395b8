"""Make sources/data/boron8_spectrum.csv from the 8B neutrino spectrum of Bahcall et al. (1996).

Usage: python scripts/make_boron8_table.py TABLE OUTPUT   (TABLE: energy in keV, shape; comma separated, '#' comments)

The published table steps by 40 keV and its third digit scatters. A least-squares cubic spline with knots every 200 keV
is evaluated at the knots and normalised to one.
"""

import sys
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline, make_lsq_spline

STEP = 0.2

HEADER = """\
# Spectrum of solar 8B neutrinos: energy (MeV), dN/dE (MeV^-1, normalised to one).
# Source: Bahcall et al., PRC 54 (1996) 411, nucl-th/9601044. How obtained: the published table (40 keV steps) fitted
# with a least-squares cubic spline, knots every 200 keV, evaluated at the knots by scripts/make_boron8_table.py.
# Largest difference from the published table, in units of the spectrum's maximum: {error:.1e}.
"""


def main(source: str, target: str) -> None:
    """Read the published table, fit, check and write."""
    energy, shape = np.loadtxt(source, delimiter=",", unpack=True)
    energy, end = energy / 1000, np.flatnonzero(shape > 0)[-1] + 1
    energy, shape = energy[: end + 1], shape[: end + 1]
    last = np.ceil(energy[-1] / STEP) * STEP
    nodes = np.arange(0, last + STEP / 2, STEP)
    grid = np.append(energy, last) if last > energy[-1] else energy
    values = np.append(shape, 0.0) if last > energy[-1] else shape
    fit = make_lsq_spline(grid, values, np.r_[[0.0] * 4, nodes[1:-1], [last] * 4], k=3)
    density = np.clip(fit(nodes), 0, None)
    density[[0, -1]] = 0.0
    table = CubicSpline(nodes, density)
    error = np.max(np.abs(table(energy) - shape)) / shape.max()
    density = density / table.integrate(0, last)
    rows = [f"{e:.1f},{y:.6e}" for e, y in zip(nodes, density, strict=True)]
    Path(target).write_text(HEADER.format(error=error) + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
