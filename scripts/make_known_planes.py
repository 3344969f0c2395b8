"""Make the tables of src/nuportal/cosmology/known: N_eff of named models over mass and coupling.

    python scripts/make_known_planes.py [MODEL[,EPSILON] ...] [--tiles heavy,light] [--threads 2] [--journal FOLDER]

Solved points are written to a journal at once: a run that was stopped goes on. A table is written when the surface
through its points is in doubt nowhere by more than a third of what planes allow.
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Lock
from time import process_time
from typing import Any, NamedTuple

import numpy as np

import nuportal
from nuportal.constants import M_E
from nuportal.cosmology.grid import smooth_neff, solver
from nuportal.models import U1X
from nuportal.solvers import adaptive

FOLDER = Path(nuportal.__file__).parent / "cosmology" / "known"
FINER = 3  #: points are solved until errors are this much smaller than those of planes that are calculated for a user
MODELS = ("B-L", "L_mu-L_tau", "L_mu-L_tau,-g/70", "B-3L_mu", "L_e-L_mu", "B-3L_e", "L_e-L_tau", "B-3L_tau")


class Part(NamedTuple):
    """A tile: masses less origin in MeV with the number of lines, and couplings likewise."""

    name: str
    mass: tuple[float, float, int]
    g: tuple[float, float, int]
    origin: float = 0.0


OPEN = 2 * M_E
PARTS = {
    part.name: part
    for part in (
        Part("heavy", (1.08186, 300.0, 100), (1e-14, 1e-3, 151)),
        Part("heavy-strong", (1.08186, 300.0, 100), (1e-3, 1e-2, 31)),
        Part("threshold", (1e-4, 1.082 - OPEN, 31), (1e-14, 1e-2, 161), OPEN),
        Part("light", (1e-2, OPEN, 61), (1e-14, 1e-2, 141)),
        Part("lighter", (1e-5, 1e-2, 81), (1e-14, 1e-2, 141)),
        Part("lightest", (1e-8, 1e-5, 81), (1e-14, 1e-2, 141)),
    )
}


def main() -> None:
    """Make the tables asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("models", nargs="*", default=MODELS)
    asked.add_argument("--tiles", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--journal", type=Path, default=Path("build/known"))
    chosen = asked.parse_args()
    chosen.journal.mkdir(parents=True, exist_ok=True)
    for text in chosen.models:
        name, _, epsilon = text.partition(",")
        for tile in chosen.tiles.split(","):
            make(name, epsilon or "0", PARTS[tile], chosen.threads, chosen.journal)


def make(name: str, epsilon: str, part: Part, threads: int, journal: Path) -> None:
    """Make one tile of one model."""
    x, g = np.linspace(*np.log(part.mass[:2]), part.mass[2]), np.geomspace(*part.g)
    mass = part.origin + np.exp(x)
    stem = f"{name}{'' if epsilon == '0' else '_mixed'}_{part.name}"
    points = Points(name, epsilon, mass, g, journal / f"{stem}.csv")
    found: dict[str, Any] = {
        "model": name, "epsilon": epsilon, "x": x, "origin": part.origin, "ln_g": np.log(g),
        "about": f"calculated by nuportal {nuportal.__version__} on {date.today()} with scripts/make_known_planes.py",
    }  # fmt: skip
    start = process_time()
    with ThreadPoolExecutor(threads) as pool:

        def calculate(asked: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
            neff, status = zip(*pool.map(points.solve, asked), strict=True)
            return np.array(neff), np.array(status, dtype=np.int16)

        smooth = smooth_neff()
        allowed = smooth["tolerance"]
        smooth["tolerance"] = lambda values: allowed(values) / FINER
        filled = adaptive.fill(x, np.log(g), calculate, also=points.known, thorough=True, **smooth)
    found["neff"] = continued(np.where(filled.codes == 0, filled.values, np.nan)).astype(np.float32)
    found["neff code"] = filled.codes.astype(np.int8)
    found["neff error"] = np.nan_to_num(filled.error).astype(np.float16)
    print(f"{stem}: {len(points.known)} points, {process_time() - start:.0f} s CPU", flush=True)
    np.savez_compressed(FOLDER / f"{stem}.npz", **found)


class Points:
    """Solved points of a tile, in memory and in a journal: N_eff (NaN: none) and its status."""

    def __init__(self, name: str, epsilon: str, mass: np.ndarray, g: np.ndarray, journal: Path):
        self.name, self.epsilon = name, 0.0 if epsilon == "0" else epsilon
        self.mass, self.g, self.journal, self.lock, self.neff = mass, g, journal, Lock(), solver()
        self.found: dict[tuple[int, int], tuple[float, int]] = {}
        if journal.exists():
            for line in journal.read_text(encoding="utf-8").splitlines():
                i, j, neff, status = line.split(",")
                self.found[int(i), int(j)] = float(neff), int(status)

    @property
    def known(self) -> list[tuple[int, int]]:
        """The points that are solved."""
        return sorted(self.found)

    def solve(self, point: tuple[int, int]) -> tuple[float, int]:
        """Return N_eff and status of a point."""
        if point in self.found:
            return self.found[point]
        model = U1X(self.name, mass=float(self.mass[point[0]]), g=float(self.g[point[1]]), epsilon=self.epsilon)
        neff, status = self.neff(model)
        with self.lock, self.journal.open("a", encoding="utf-8") as file:
            self.found[point] = neff, int(status)
            file.write(f"{point[0]},{point[1]},{neff!r},{int(status)}\n")
        return self.found[point]


def continued(values: np.ndarray) -> np.ndarray:
    """Return values with those that are missing taken from the nearest point that has one, for a smooth spline."""
    from scipy.ndimage import distance_transform_edt

    if not np.any(np.isfinite(values)):
        return np.zeros_like(values)
    nearest = distance_transform_edt(~np.isfinite(values), return_distances=False, return_indices=True)
    return values[tuple(nearest)]


if __name__ == "__main__":
    main()
