"""Thermal solver: accuracy against tolerance, CPU time, and SciPy's LSODA on the same right-hand side.

    python benchmarks/thermal_solver.py [points]

Measured in this one run: the CPU time of each tolerance relative to rtol = 1e-6 with the error of N_eff against rtol =
1e-10 at random points of every model; points a second of a plane, solved throughout and adaptive, with their ratio and
largest errors; and LSODA's time over ours.
"""

import sys
from time import process_time

import numpy as np

from nuportal.cosmology.temperatures.benchmark import compare_with_lsoda, plane_speed
from nuportal.cosmology.temperatures.coefficients import Coefficients, coefficients
from nuportal.cosmology.temperatures.options import GRID_RTOL, options
from nuportal.cosmology.temperatures.thermal import solve
from nuportal.models import U1X, catalog

SEED = 1
TOLERANCES = (1e-6, GRID_RTOL, 1e-7, 1e-8)


def random_points(count: int) -> Coefficients:
    """M = 1.1-200 MeV and g = 1e-10-1e-4, log-uniform; every model; epsilon = 0 or -g/70."""
    rng = np.random.default_rng(SEED)
    names = list(catalog())
    models = [
        U1X(
            names[rng.integers(len(names))],
            mass=float(np.exp(rng.uniform(np.log(1.1), np.log(200)))),
            g=float(10 ** rng.uniform(-10, -4)),
            epsilon=(0.0, "-g/70")[rng.integers(2)],
        )
        for _ in range(count)
    ]
    each = [coefficients(model, options()) for model in models]
    return Coefficients(*(np.array(arrays) for arrays in zip(*each, strict=True)))


def main(count: int) -> None:
    points = random_points(count)
    fine, status = solve(points, options(rtol=1e-10))
    print(f"{count} random points, seed {SEED}; failed at rtol 1e-10: {int((status != 0).sum())}")
    print("   rtol    CPU time (rtol 1e-6 = 1)    median error    99.9 %    largest    failed")
    unit = None
    for rtol in TOLERANCES:
        start = process_time()
        found, status = solve(points, options(rtol=rtol))
        seconds = process_time() - start
        unit = unit or seconds
        error = np.abs(found - fine)
        print(
            f"{rtol:7.0e} {seconds / unit:27.2f} {np.nanmedian(error):15.1e} {np.nanpercentile(error, 99.9):9.1e}"
            f" {np.nanmax(error):10.1e} {int((status != 0).sum()):9d}"
        )
    planes = plane_speed()
    print("100 x 100 plane of B-L, M = 1.1-100 MeV, g = 1e-9-1e-3")
    print("   method    points/s    of method solve    solved    largest error    failed")
    for method, plane in planes.items():
        ratio = plane.points_per_second / planes["solve"].points_per_second
        print(
            f"{method:>9} {plane.points_per_second:11,.0f} {ratio:18.2f} {100 * plane.solved:7.1f} %"
            f" {plane.largest_error:16.1e} {plane.failed:9d}"
        )
    ours, theirs, difference = compare_with_lsoda()
    print(f"LSODA takes {theirs / ours:.0f} times as long for one B-L point; N_eff differs by {difference:.1e}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
