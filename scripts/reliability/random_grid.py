"""Random points of grids of N_eff: a value or a reason at every one, and the error of those solved again more finely.

    python scripts/reliability/random_grid.py --points 1000000

Neutrinos as baths with temperatures (the treatment of grids). Columns of 100 random couplings at a random mass of every
model of the catalogue, mixing, flavours and start. A fiftieth of them is solved again at rtol = 1e-10, which takes
twenty times as long. Prints one line of JSON; Ctrl-C ends the run with the numbers so far.
"""

import argparse
import json
from collections import Counter
from time import process_time

import numpy as np

from nuportal.cosmology.temperatures.thermal import neff_grid_with_status
from nuportal.models import catalog
from nuportal.solvers.status import Status

COLUMN, AGAIN, FINE = 100, 0.02, 1e-10
LARGE = 1e-3  #: an error of N_eff that counts
KINDS = ("with_a_reason", "nan_without_reason", "value_beside_a_failure")


def random_column(rng: np.random.Generator) -> dict[str, object]:
    """Return the arguments of one column: mass 0.05 to 300 MeV, g 1e-12 to 1e-2, log-uniform."""
    names = list(catalog())
    return {
        "model": names[rng.integers(len(names))],
        "mass": 10 ** rng.uniform(np.log10(0.05), np.log10(300)),
        "g": 10 ** np.sort(rng.uniform(-12, -2, COLUMN)),
        "epsilon": (0.0, "-g/70", 10 ** rng.uniform(-11, -5))[rng.integers(3)],
        "flavours": ("common", "separate")[rng.integers(2)],
        "start": ("thermal", "zero")[rng.integers(2)],
    }


def solved(column: dict[str, object], **options: object) -> tuple[np.ndarray, np.ndarray]:
    """Return N_eff and status of a column."""
    neff, status = neff_grid_with_status(**column, method="solve", **options)  # type: ignore[arg-type]
    return neff[0], status[0]


def measure(points: int, seed: int) -> dict[str, object]:
    """Return counts and errors over at least this many points."""
    rng = np.random.default_rng(seed)
    begun, errors = process_time(), []
    counts = Counter(dict.fromkeys(("points", *KINDS), 0))
    worst: tuple[float, dict[str, object]] = (0.0, {})
    while counts["points"] < points:
        column, again = random_column(rng), rng.random() < AGAIN
        try:
            neff, status = solved(column)
            finer, fine_status = solved(column, rtol=FINE) if again else (neff, status)
        except KeyboardInterrupt:
            break
        good = status == Status.OK
        counts["points"] += len(neff)
        counts["with_a_reason"] += int((~good & np.isnan(neff)).sum())
        counts["nan_without_reason"] += int((good & ~np.isfinite(neff)).sum())
        counts["value_beside_a_failure"] += int((~good & np.isfinite(neff)).sum())
        if again:
            both = good & (fine_status == Status.OK)
            difference = np.abs(neff - finer)[both]
            errors.append(difference)
            if difference.size and difference.max() > worst[0]:
                at = column | {"g": float(np.asarray(column["g"])[both][difference.argmax()])}
                worst = float(difference.max()), at
    every = np.concatenate(errors) if errors else np.empty(0)
    return {
        **counts,
        "compared": every.size,
        "error_median": float(np.median(every)),
        "error_99.9_percent": float(np.percentile(every, 99.9)),
        "error_largest": worst[0],
        "largest_at": worst[1],
        f"errors_above_{LARGE:g}": int((every > LARGE).sum()),
        "cpu_seconds": round(process_time() - begun),
    }


def main() -> None:
    """Read the command line and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(measure(given.points, given.seed)))


if __name__ == "__main__":
    main()
