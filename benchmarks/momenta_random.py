"""CPU time, status and errors of the treatment with momenta over random models.

python benchmarks/momenta_random.py [points] [seed]: prints points that failed or took long, those solved again at high
accuracy with the difference over the stated errors, and at the end median and largest CPU time of a point.
"""

import sys
import time

import numpy as np

from nuportal import U1X, ScalarMediator, VectorMediator
from nuportal.cosmology.momenta.solve import MomentaOptions, solve
from nuportal.solvers.status import Status

NAMES = ("B-L", "Lmu-Ltau", "B-3Lmu", "Le-Lmu", "B-3Le", "Le-Ltau", "B2-3Ltau")
AGAIN = 0.35  #: part of the points solved again at high accuracy


def random_model(rng: np.random.Generator):
    """Return a model: half of them U(1)_X with and without mixing, a quarter vectors, a quarter scalars."""
    kind = rng.integers(4)
    if kind < 2:
        name, epsilon = NAMES[rng.integers(len(NAMES))], (0, "-g/70")[rng.integers(2)]
        return U1X(name, mass=10 ** rng.uniform(0.05, 2.4), g=10 ** rng.uniform(-11, -3), epsilon=epsilon)
    lightest, cls = (-8, VectorMediator) if kind == 2 else (-6, ScalarMediator)
    g_e, g_nu = 10 ** rng.uniform(-12, -5), 10 ** rng.uniform(-12, -4)
    return cls(10 ** rng.uniform(lightest, 2), g_e=g_e, g_nu=g_nu)


def main(points: int = 200, seed: int = 1) -> None:
    """Run the benchmark."""
    rng = np.random.default_rng(seed)
    solve(U1X("B-L", mass=10, g=1e-7).couplings, MomentaOptions())  # compiles
    times, ratios, failed = [], [], 0
    for _ in range(points):
        model = random_model(rng)
        begin = time.process_time()
        found = solve(model.couplings, MomentaOptions())
        times.append(time.process_time() - begin)
        good = found.status in (Status.OK, Status.BOSON_TODAY)
        failed += not good
        note = ""
        if found.status == Status.OK and rng.random() < AGAIN:
            finer = solve(model.couplings, MomentaOptions(accuracy="high"))
            ratio = abs(finer.neff - found.neff) / np.hypot(found.numerical_error, finer.numerical_error)
            ratios.append(ratio)
            note = f"high {finer.neff:.4f}, {ratio:.2f} errors"
        if note or not good or times[-1] > 2:
            print(f"{model.describe()} {found.status.name} {found.neff:.4f} {times[-1]:.2f} s {note}", flush=True)
    print(
        f"{points} points, {failed} failed; CPU median {np.median(times):.2f} s, largest {max(times):.1f} s;", end=" "
    )
    print(f"difference over errors: median {np.nanmedian(ratios):.2f}, largest {np.nanmax(ratios):.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
