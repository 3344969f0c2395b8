"""CPU time, status and errors of the treatment with momenta over random models, with the other treatments beside it.

python benchmarks/momenta_random.py [points] [seed] [again]: models of every kind over masses of 0.01 eV to 300 MeV and
couplings of 1e-14 to 1e-2. Prints points that failed or took long; the first `again` points with N_eff are solved at
high accuracy too, and those that differ by more than the stated errors are printed. At the end: median and largest CPU
time, largest memory, and the time of temperatures (U(1)_X) and of preset="ibe" on the first points that they take.
"""

import resource
import sys
import time

import numpy as np

from nuportal import U1X, ScalarMediator, VectorMediator, evolve
from nuportal.cosmology.momenta.solve import MomentaOptions, solve
from nuportal.errors import NuportalError
from nuportal.solvers.status import Status

NAMES = ("B-L", "Lmu-Ltau", "B-3Lmu", "Le-Lmu", "B-3Le", "Le-Ltau", "B2-3Ltau", "B-3Ltau")
BESIDE = 25  #: points at which the other treatments are timed


def random_model(rng: np.random.Generator):
    """Return a model: half of them U(1)_X with and without mixing, a quarter vectors, a quarter scalars."""
    mass, kind = 10 ** rng.uniform(-8, np.log10(300)), rng.integers(4)
    if kind < 2:
        g, choice = 10 ** rng.uniform(-14, -2), rng.integers(3)
        epsilon = (0, "-g/70", 10 ** rng.uniform(-14, -2))[choice]
        return U1X(NAMES[rng.integers(len(NAMES))], mass=mass, g=g, epsilon=epsilon)
    cls = VectorMediator if kind == 2 else ScalarMediator
    return cls(mass, g_e=10 ** rng.uniform(-14, -2), g_nu=10 ** rng.uniform(-14, -2))


def label(model) -> str:
    """Return name, mass and couplings of a model."""
    about = {
        name: value for name, value in model.describe().items() if name not in ("kind", "charges", "epsilon_given")
    }
    kind = type(model).__name__
    return f"{kind} " + " ".join(f"{n} {v:.4g}" if isinstance(v, float) else str(v) for n, v in about.items() if v)


def beside(models: list, **options) -> str:
    """Return the median CPU time of another treatment on the first models that it takes."""
    times: list[float] = []
    for model in models:
        begin = time.process_time()
        try:
            evolve(model, **options)
        except NuportalError:
            continue
        times.append(time.process_time() - begin)
        if len(times) > BESIDE:
            break
    times = times[1:]  # the first one compiles
    return f"{options}: median {np.median(times):.3f} s, largest {max(times):.2f} s of {len(times)}"


def main(points: int = 200, seed: int = 1, again: int = 0) -> None:
    """Run the benchmark."""
    rng = np.random.default_rng(seed)
    for accuracy in ("standard", "high"):
        solve(U1X("B-L", mass=10, g=1e-7).couplings, MomentaOptions(accuracy=accuracy))  # compiles
    models = [random_model(rng) for _ in range(points)]
    times, slow, ratios, residuals, failed = [], [], [], [], 0
    for model in models:
        begin = time.process_time()
        found = solve(model.couplings, MomentaOptions())
        times.append(time.process_time() - begin)
        good = found.status in (Status.OK, Status.BOSON_TODAY)
        failed += not good
        residuals.append(found.energy_residual)
        note = ""
        if found.status == Status.OK and len(ratios) < again:
            begin = time.process_time()
            finer = solve(model.couplings, MomentaOptions(accuracy="high"))
            slow.append(time.process_time() - begin)
            ratios.append(abs(finer.neff - found.neff) / np.hypot(found.numerical_error, finer.numerical_error))
            note = f"high {finer.neff:.4f}, {ratios[-1]:.2f} errors" if ratios[-1] > 1 else ""
        if note or not good or times[-1] > 5 * np.median(times):
            print(f"{label(model)}: {found.status.name} {found.neff:.4f} {times[-1]:.2f} s {note}", flush=True)
    print(f"{points} points, seed {seed}, {failed} failed;", end=" ")
    print(f"CPU median {np.median(times):.3f} s, 90 % {np.quantile(times, 0.9):.3f} s, largest {max(times):.2f} s")
    print(f"energy residual: median {np.nanmedian(residuals):.1e}, largest {np.nanmax(residuals):.1e}")
    if ratios:
        print(f"high: median {np.median(slow):.2f} s, largest {max(slow):.1f} s; difference over errors:", end=" ")
        print(f"median {np.median(ratios):.2f}, largest {max(ratios):.2f}, above 1: {np.sum(np.array(ratios) > 1)}")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print(beside([m for m in models if isinstance(m, U1X)], treatment="temperatures", start="thermal"))
    print(beside(models, preset="ibe"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
