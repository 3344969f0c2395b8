"""N_eff of random models with momenta against the same at high accuracy, in units of the stated numerical errors.

    python scripts/reliability/high_accuracy.py --points 10000

Half of the models are U(1)_X (0.1 to 300 MeV), a quarter vectors (1 eV to 100 MeV), a quarter scalars (10 eV up).
Couplings are log-uniform. Prints one line of JSON; points that failed are counted by status. Ctrl-C ends the run with
the numbers so far.
"""

import argparse
import json
from collections import Counter
from time import process_time
from typing import Any

import numpy as np

import nuportal as nup
from nuportal.errors import NuportalError
from nuportal.models import catalog


def random_model(rng: np.random.Generator) -> Any:
    """Return a model."""
    if (kind := rng.integers(4)) < 2:
        names = list(catalog())
        epsilon = (0.0, "-g/70")[rng.integers(2)]
        return nup.U1X(
            names[rng.integers(len(names))],
            mass=10 ** rng.uniform(-1, 2.5),
            g=10 ** rng.uniform(-11, -3),
            epsilon=epsilon,
        )
    lightest, of = (-6, nup.VectorMediator) if kind == 2 else (-5, nup.ScalarMediator)
    return of(10 ** rng.uniform(lightest, 2), g_e=10 ** rng.uniform(-12, -5), g_nu=10 ** rng.uniform(-12, -4))


def measure(points: int, seed: int) -> dict[str, object]:
    """Return statuses, differences over errors and the worst model."""
    rng = np.random.default_rng(seed)
    begun, statuses, differences, ratios = process_time(), Counter(), [], []
    worst: tuple[float, str] = (0.0, "")
    for _ in range(points):
        model = random_model(rng)
        try:
            usual = nup.evolve(model)
            if np.isfinite(usual.neff):
                finer = nup.evolve(model, accuracy="high")
        except NuportalError as error:
            statuses[type(error).__name__] += 1
            continue
        except KeyboardInterrupt:
            break
        statuses[usual.status.name] += 1
        if not (np.isfinite(usual.neff) and np.isfinite(finer.neff)):
            continue
        difference = abs(usual.neff - finer.neff)
        ratio = difference / float(np.hypot(usual.numerical_error, finer.numerical_error))
        differences.append(difference)
        ratios.append(ratio)
        if ratio > worst[0]:
            worst = ratio, str(model.describe())
    return {
        "points": statuses.total(),
        "statuses": dict(statuses),
        "difference_median": float(np.median(differences)),
        "difference_largest": float(np.max(differences)),
        "over_stated_error_median": float(np.median(ratios)),
        "over_stated_error_99_percent": float(np.percentile(ratios, 99)),
        "over_stated_error_largest": worst[0],
        "largest_at": worst[1],
        "beyond_one_error": int((np.array(ratios) > 1).sum()),
        "cpu_seconds": round(process_time() - begun),
    }


def main() -> None:
    """Read the command line and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(measure(given.points, given.seed)))


if __name__ == "__main__":
    main()
