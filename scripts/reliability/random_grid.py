"""Random points of grids of N_eff: a value or a reason at every one, and the error of those solved again more finely.

    python scripts/reliability/random_grid.py --points 1000000 --journal grid.jsonl

Neutrinos as baths with temperatures (the treatment of grids). Columns of 100 random couplings at a random mass of every
model of the catalogue, mixing, flavours and start. A fiftieth of them is solved again at rtol = 1e-10, which takes
twenty times as long. Prints one line of JSON; Ctrl-C ends the run with the numbers so far, and the same command with
the same journal continues it.
"""

import argparse
import json
from pathlib import Path
from time import process_time

import numpy as np
from journal import Row, results

from nuportal import __version__
from nuportal.cosmology.temperatures.thermal import neff_grid_with_status
from nuportal.models import catalog
from nuportal.solvers.status import Status

COLUMN, AGAIN, FINE = 100, 0.02, 1e-10
LARGE = 1e-3  #: an error of N_eff that counts
COUNTED = ("points", "with_a_reason", "nan_without_reason", "value_beside_a_failure")


def random_column(rng: np.random.Generator) -> Row:
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


def solved(column: Row, **options: float) -> tuple[np.ndarray, np.ndarray]:
    """Return N_eff and status of a column."""
    neff, status = neff_grid_with_status(**column, method="solve", **options)
    return neff[0], status[0]


def measured(rng: np.random.Generator) -> Row:
    """Return the counts of one random column and, if it is solved again, the errors and where the largest is."""
    begun = process_time()
    column, again = random_column(rng), rng.random() < AGAIN
    neff, status = solved(column)
    good = status == Status.OK
    row: Row = {
        "points": len(neff),
        "with_a_reason": int((~good & np.isnan(neff)).sum()),
        "nan_without_reason": int((good & ~np.isfinite(neff)).sum()),
        "value_beside_a_failure": int((~good & np.isfinite(neff)).sum()),
    }
    if not (good & np.isfinite(neff)).all():
        row["column"] = column | {"g": np.asarray(column["g"]).tolist()}
    if again:
        finer, fine_status = solved(column, rtol=FINE)
        both = good & (fine_status == Status.OK)
        errors = np.abs(neff - finer)[both]
        row["errors"] = errors.tolist()
        if errors.size:
            row["largest_at"] = column | {"g": float(np.asarray(column["g"])[both][errors.argmax()])}
    return row | {"cpu_seconds": process_time() - begun}


def summary(rows: list[Row]) -> Row:
    """Return counts and errors of all columns."""
    compared = [row for row in rows if row.get("errors")]
    counts: Row = {name: sum(row[name] for row in rows) for name in COUNTED}
    counts["cpu_seconds"] = round(sum(row["cpu_seconds"] for row in rows))
    if not compared:
        return counts
    every = np.concatenate([row["errors"] for row in compared])
    worst = max(compared, key=lambda row: max(row["errors"]))
    return counts | {
        "compared": every.size,
        "error_median": float(np.median(every)),
        "error_99.9_percent": float(np.percentile(every, 99.9)),
        "error_largest": float(every.max()),
        "largest_at": worst["largest_at"],
        f"errors_above_{LARGE:g}": int((every > LARGE).sum()),
    }


def main() -> None:
    """Read the command line and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--journal", type=Path, help="file to continue from and to write to")
    given = parser.parse_args()
    about: Row = {"run": "random_grid", "version": __version__}
    rows = results(measured, -(-given.points // COLUMN), given.seed, given.journal, about)
    print(json.dumps(summary(rows)))


if __name__ == "__main__":
    main()
