"""N_eff of random models with momenta against the same at high accuracy, in units of the stated numerical errors.

    python scripts/reliability/high_accuracy.py --points 10000 --journal accurate.jsonl

Half of the models are U(1)_X (0.1 to 300 MeV), a quarter vectors (1 eV to 100 MeV), a quarter scalars (10 eV up).
Couplings are log-uniform. Prints one line of JSON; points that failed are counted by status. Ctrl-C ends the run with
the numbers so far, and the same command with the same journal continues it: 10,000 points take hours.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from time import process_time

import numpy as np
from journal import Row, results

import nuportal as nup
from nuportal.errors import NuportalError
from nuportal.models import catalog

Model = nup.U1X | nup.VectorMediator | nup.ScalarMediator


def random_model(rng: np.random.Generator) -> Model:
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


def measured(rng: np.random.Generator) -> Row:
    """Return status, N_eff, difference and ratio to the stated errors of one random model."""
    begun, model = process_time(), random_model(rng)
    row: Row = {"model": repr(model)}
    try:
        usual = nup.evolve(model)
        row["status"] = usual.status.name
        if np.isfinite(usual.neff):
            finer = nup.evolve(model, accuracy="high")
            if np.isfinite(finer.neff):
                row["neff"] = [usual.neff, finer.neff]
                row["errors"] = [usual.numerical_error, finer.numerical_error]
                row["difference"] = abs(usual.neff - finer.neff)
                row["ratio"] = row["difference"] / float(np.hypot(usual.numerical_error, finer.numerical_error))
            else:
                row["high_status"] = finer.status.name
    except NuportalError as error:
        row["status"] = type(error).__name__
    return row | {"cpu_seconds": process_time() - begun}


def summary(rows: list[Row]) -> Row:
    """Return statuses, differences over errors and the worst model."""
    compared = [row for row in rows if "ratio" in row]
    counts: Row = {"points": len(rows), "statuses": dict(Counter(row["status"] for row in rows))}
    counts["cpu_seconds"] = round(sum(row["cpu_seconds"] for row in rows))
    if not compared:
        return counts
    differences = np.array([row["difference"] for row in compared])
    ratios = np.array([row["ratio"] for row in compared])
    return counts | {
        "compared": len(compared),
        "difference_median": float(np.median(differences)),
        "difference_largest": float(np.max(differences)),
        "over_stated_error_median": float(np.median(ratios)),
        "over_stated_error_99_percent": float(np.percentile(ratios, 99)),
        "over_stated_error_largest": float(np.max(ratios)),
        "largest_at": compared[int(ratios.argmax())]["model"],
        "beyond_one_error": [row["model"] for row, ratio in zip(compared, ratios, strict=True) if ratio > 1],
    }


def main() -> None:
    """Read the command line and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--journal", type=Path, help="file to continue from and to write to")
    given = parser.parse_args()
    about: Row = {"run": "high_accuracy", "version": nup.__version__}
    print(json.dumps(summary(results(measured, given.points, given.seed, given.journal, about))))


if __name__ == "__main__":
    main()
