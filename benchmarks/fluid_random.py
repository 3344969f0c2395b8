"""Random points of the fluid solver: how many converge, how far the refined solution is, how long a point takes.

python benchmarks/fluid_random.py [points] [seed]
"""

import sys
import time

import numpy as np

from nuportal import FluidOptions, ScalarMediator, VectorMediator
from nuportal.cosmology.fluid.solve import fluid_history
from nuportal.solvers.status import Status


def main(points: int = 500, seed: int = 1) -> None:
    """Mass 0.1 eV to 1 MeV, couplings 1e-14 to 1e-3, log-uniform; a tenth scalars; compared with refined grids."""
    chosen = FluidOptions()
    rng = np.random.default_rng(seed)
    fluid_history(VectorMediator("1keV", g_e=1e-9, g_nu=1e-5), chosen)  # compiles
    failed, silent, soft, times = [], [], 0, []
    for _ in range(points):
        mass = 10 ** rng.uniform(-7, 0)
        g_e, g_nu = 10 ** rng.uniform(-14, -3, 2)
        kind = ScalarMediator if rng.random() < 0.1 else VectorMediator
        model = kind(mass, g_e=g_e, g_nu=g_nu)
        fluid_history(model, FluidOptions(rtol=1e-2))  # tables of this mass
        start = time.perf_counter()
        plain = fluid_history(model, chosen)
        times.append(time.perf_counter() - start)
        refined = fluid_history(model, chosen, refine=True)
        change = refined.numerical_error / plain.neff
        point = f"{kind.__name__} m = {mass * 1e6:.3g} eV, g_e = {g_e:.2e}, g_nu = {g_nu:.2e}"
        if plain.status != Status.OK:
            failed.append(point)
            print(f"{plain.status.name}: {point}", flush=True)
        elif not change < 2e-3:
            soft += bool(refined.warnings)
            if not plain.warnings:
                silent.append(point)
            note = "warned" if plain.warnings else "no warning"
            print(f"refined differs by {change:.1e} (N_eff = {plain.neff:.4g}, {note}): {point}", flush=True)
    print(f"{points - len(failed)} of {points} converged; {len(silent)} change by more than 2e-3 without a warning")
    print(f"median {1e3 * np.median(times):.0f} ms, 90 % below {1e3 * np.quantile(times, 0.9):.0f} ms a point")


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
