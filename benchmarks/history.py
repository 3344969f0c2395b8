"""Measure a handful of times, compare them with the last entry of this machine, and append them to the history.

    python benchmarks/history.py                 # status 1 if anything is slower by more than a third
    python benchmarks/history.py --dry-run       # compare, write nothing

benchmarks/history.csv holds one row per figure: date, version, machine, name, CPU seconds. CPU time of this process is
measured, with compiled code at hand, the smallest of three runs: other work on the machine changes it little.
"""

import argparse
import csv
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import nuportal as nup

HISTORY = Path(__file__).with_name("history.csv")
COLUMNS = ("date", "version", "machine", "name", "cpu_seconds")
SLOWER = 1.35


def _combined() -> object:
    names = ["texono", "charm-ii", "g2-electron", "g2-muon", "babar-visible", "na64-invisible", "e137"]
    return nup.plane("B-L", "mass=1MeV:100MeV:30", "g=1e-8:1e-2:60", names)


def _neff_plane() -> object:
    return nup.plane("B-L", "mass=2MeV:50MeV:40", "g=1e-8:1e-5:40", preset="ghosh", method="solve", executor="serial")


def _saved(plane: nup.Plane) -> object:
    with tempfile.TemporaryDirectory() as folder:
        return nup.Plane.load(plane.save(Path(folder) / "p.nc"))


def figures() -> dict[str, Callable[[], object]]:
    """Return what is measured, by name."""
    model = nup.U1X("B-L", mass="10 MeV", g=1e-7)
    history = nup.evolve(model, treatment="temperatures")
    plane = nup.plane("B-L", "mass=2MeV:50MeV:100", "g=1e-8:1e-5:100", preset="ghosh", executor="serial")
    assert isinstance(plane, nup.Plane)
    return {
        "N_eff, momenta": lambda: nup.evolve(model),
        "N_eff, temperatures": lambda: nup.evolve(model, treatment="temperatures"),
        "N_eff of a light vector, preset ibe": lambda: nup.evolve(
            nup.VectorMediator("100 eV", g_e=1e-7, g_nu=1e-10), preset="ibe"
        ),
        "light elements of a history": history.yields,
        "plane of N_eff, 40 x 40 solved": _neff_plane,
        "combined plane, 7 constraints": _combined,
        "plane saved and loaded, 100 x 100": lambda: _saved(plane),
        "recoil spectrum, XENONnT": lambda: nup.recoil_spectrum(nup.U1X("B-L", "10 keV", 1e-6), "xenonnt"),
        "fit, XENONnT": lambda: nup.fit("B-L", "xenonnt", mass="10 keV").upper_limit(0.9),
        "evaluate, one point, all constraints but N_eff": lambda: nup.evaluate(
            nup.U1X("B-L", "10 MeV", 1e-6), "all,-cosmology"
        ),
    }


def measured() -> dict[str, float]:
    """Return the CPU seconds of each figure."""
    found = {}
    for name, run in figures().items():
        run()
        times = []
        for _ in range(3):
            begun = process_time()
            run()
            times.append(process_time() - begun)
        found[name] = min(times)
        print(f"{name:50s} {found[name]:10.4f} s", flush=True)
    return found


def last(machine: str) -> dict[str, float]:
    """Return the newest entry of each figure on a machine."""
    if not HISTORY.exists():
        return {}
    with HISTORY.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["machine"] == machine]
    return {row["name"]: float(row["cpu_seconds"]) for row in rows}


def main() -> None:
    """Measure, compare, append."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--machine", default=f"{platform.machine()} {platform.system()} {platform.python_version()}")
    given = parser.parse_args()
    before, now = last(given.machine), measured()
    slower = {name: now[name] / before[name] for name in now if name in before and now[name] > SLOWER * before[name]}
    if not given.dry_run:
        new = not HISTORY.exists()
        with HISTORY.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            if new:
                writer.writerow(COLUMNS)
            date = datetime.now(UTC).date().isoformat()
            writer.writerows((date, nup.__version__, given.machine, name, f"{t:.5f}") for name, t in now.items())
    if slower:
        sys.exit("slower than the last entry: " + "; ".join(f"{name} x{ratio:.2f}" for name, ratio in slower.items()))


if __name__ == "__main__":
    main()
