"""Make the tables of src/nuportal/cosmology/known: N_eff and light elements of named models over mass and coupling.

    python scripts/make_known_planes.py [MODEL[,EPSILON] ...] [--tiles heavy,light] [--threads 2] [--journal FOLDER]

Below 2 m_e a table holds N_eff alone, on three tiles; above, light elements too. Solved points are written to a journal
at once: a run that was stopped goes on, and a finished one can be made anew on other tiles. A table is written when the
surface through its points is in doubt nowhere by more than planes allow.
"""

import argparse
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Lock
from time import process_time
from typing import Any, NamedTuple

import numpy as np

import nuportal
from nuportal.constants import M_E
from nuportal.cosmology.grid import smooth_neff
from nuportal.limits.light_elements import NOISE
from nuportal.limits.solved import universe
from nuportal.models import U1X
from nuportal.solvers import adaptive

FOLDER = Path(nuportal.__file__).parent / "cosmology" / "known"
MODELS = ("B-L", "L_mu-L_tau", "L_mu-L_tau,-g/70", "B-3L_mu", "L_e-L_mu", "B-3L_e", "L_e-L_tau", "B-3L_tau")
RATES = ("primat2023", "parthenope3")


class Part(NamedTuple):
    """A tile: masses less origin in MeV with the number of lines, couplings likewise, whether it has light elements."""

    name: str
    mass: tuple[float, float, int]
    g: tuple[float, float, int]
    elements: bool = False
    origin: float = 0.0


OPEN = 2 * M_E
PARTS = {
    part.name: part
    for part in (
        Part("heavy", (1.08186, 300.0, 100), (1e-14, 1e-3, 151), True),
        Part("heavy-strong", (1.08186, 300.0, 100), (1e-3, 1e-2, 31), True),
        Part("threshold", (1e-4, 1.082 - OPEN, 31), (1e-14, 1e-2, 161), True, OPEN),
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
    asked.add_argument("--neff-alone", action="store_true", help="no light elements")
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--journal", type=Path, default=Path("build/known"))
    chosen = asked.parse_args()
    chosen.journal.mkdir(parents=True, exist_ok=True)
    for text in chosen.models:
        name, _, epsilon = text.partition(",")
        for tile in chosen.tiles.split(","):
            part = PARTS[tile]._replace(elements=PARTS[tile].elements and not chosen.neff_alone)
            make(name, epsilon or "0", part, chosen.threads, chosen.journal)


def make(name: str, epsilon: str, part: Part, threads: int, journal: Path) -> None:
    """Make one tile of one model."""
    x, g = np.linspace(*np.log(part.mass[:2]), part.mass[2]), np.geomspace(*part.g)
    mass = part.origin + np.exp(x)
    stem = f"{name}{'' if epsilon == '0' else '_mixed'}_{part.name}"
    points = Points(name, epsilon, mass, g, part.elements, journal / f"{stem}.csv")
    found: dict[str, Any] = {
        "model": name, "epsilon": epsilon, "x": x, "origin": part.origin, "ln_g": np.log(g),
        "about": f"calculated by nuportal {nuportal.__version__} on {date.today()} with scripts/make_known_planes.py",
    }  # fmt: skip
    quantities: dict[str, dict[str, Any]] = {"neff": smooth_neff()}
    for rates in RATES if part.elements else ():
        same = {"straighten": np.asarray, "restore": np.asarray}
        helium = {"tolerance": helium_allowed, "noise": NOISE["Y_p"], **same}
        quantities[f"Y_p:{rates}"] = helium
        quantities[f"D_H:{rates}"] = {
            "tolerance": deuterium_allowed, "noise": NOISE["D_H"], "straighten": np.log, "restore": np.exp,
        }  # fmt: skip
    start = process_time()
    with ThreadPoolExecutor(threads) as pool:
        for column, (quantity, ways) in enumerate(quantities.items()):
            filled = adaptive.fill(
                x, np.log(g), points.reader(column, pool.map), also=points.known, thorough=True, **ways
            )
            values = np.where(filled.codes == 0, filled.values, np.nan)
            found[quantity] = continued(values).astype(np.float32)
            found[f"{quantity} code"] = filled.codes.astype(np.int8)
            found[f"{quantity} error"] = np.nan_to_num(filled.error).astype(np.float16)
            print(f"{stem} {quantity}: {len(points.known)} points, {process_time() - start:.0f} s CPU", flush=True)
    np.savez_compressed(FOLDER / f"{stem}.npz", **found)


def helium_allowed(values: np.ndarray) -> np.ndarray:
    """Return the error that is allowed of Y_p: a quarter of that of today's data, more where it is far from them."""
    return 3e-4 + 0.15 * np.maximum(np.abs(np.asarray(values) - 0.2465) - 0.003, 0.0)


def deuterium_allowed(values: np.ndarray) -> np.ndarray:
    """Return the error that is allowed of D/H, likewise."""
    return (4e-3 + 0.15 * np.maximum(np.abs(np.log(np.asarray(values) / 2.5e-5)) - 0.05, 0.0)) * values


class Points:
    """Solved points of a tile, in memory and in a journal: N_eff, its status, and light elements (NaN: none)."""

    def __init__(self, name: str, epsilon: str, mass: np.ndarray, g: np.ndarray, elements: bool, journal: Path):
        self.name, self.epsilon = name, 0.0 if epsilon == "0" else epsilon
        self.mass, self.g, self.elements, self.journal, self.lock = mass, g, elements, journal, Lock()
        self.found: dict[tuple[int, int], list[float]] = {}
        if journal.exists():
            for line in journal.read_text(encoding="utf-8").splitlines():
                i, j, *values = line.split(",")
                self.found[int(i), int(j)] = [float(value) for value in values]

    @property
    def known(self) -> list[tuple[int, int]]:
        """The points that are solved."""
        return sorted(self.found)

    def solve(self, point: tuple[int, int]) -> list[float]:
        """Return status, N_eff and light elements of a point."""
        if point in self.found:
            return self.found[point]
        model = U1X(self.name, mass=float(self.mass[point[0]]), g=float(self.g[point[1]]), epsilon=self.epsilon)
        solved = universe(model)
        values = [float(solved.status), solved.neff]
        for rates in RATES if self.elements else ():
            yields = solved.yields(rates)
            values += [math.nan, math.nan] if yields is None else [yields.Y_p, yields.D_H]
        with self.lock, self.journal.open("a", encoding="utf-8") as file:
            self.found[point] = values
            file.write(",".join(map(repr, [*point, *values])) + "\n")
        return values

    def reader(self, column: int, every: Callable[..., Any]) -> adaptive.Calculate:
        """Return the calculation of a column of the values, as `adaptive.fill` takes it; code 9: light elements not."""

        def calculate(points: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
            rows = list(every(self.solve, points))
            values = np.array([row[1 + column] for row in rows])
            codes = np.array([row[0] for row in rows]).astype(np.int16)
            codes = np.where((codes == 0) & ~np.isfinite(values), 9, codes)
            return np.where(codes == 0, values, np.nan), codes

        return calculate


def continued(values: np.ndarray) -> np.ndarray:
    """Return values with those that are missing taken from the nearest point that has one, for a smooth spline."""
    from scipy.ndimage import distance_transform_edt

    if not np.any(np.isfinite(values)):
        return np.zeros_like(values)
    nearest = distance_transform_edt(~np.isfinite(values), return_distances=False, return_indices=True)
    return values[tuple(nearest)]


if __name__ == "__main__":
    main()
