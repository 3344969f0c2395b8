"""Make the tables of beam dumps and projections from the lines in the repository KlingFelix/FORESEE.

python scripts/thin_foresee_lines.py FOLDER      # FOLDER: a checkout

Contours become lower and upper edges at the masses of their points. Writes line.csv of each limit below, thinned as
scripts/thin_published_lines.py does, and the full edges to tests/data/foresee_lines.csv.
"""

import sys
from pathlib import Path

import numpy as np
from thin_published_lines import REPOSITORY, write

PHOTON, B_MINUS_L = "Models/DarkPhoton/model/lines", "Models/U(1)B-L/model/lines"
#: limit -> file; mass in MeV below which the contour is open or the line a frame; edge at which it is a frame
LINES: dict[str, tuple[str, float, float]] = {
    "belle-ii-50ab": (f"{PHOTON}/limits_Belle2.txt", 20.356, 0.0099),
    "faser": (f"{PHOTON}/bounds_FASER-27invfb.txt", 0.0, 1.0),
    "faser-2": ("Tutorial/DarkPhoton/model/lines/limits_FASER2.txt", 11.2, 1.0),
    "na62-dump-1e18": (f"{PHOTON}/limits_NA62.txt", 6.8, 1.0),
    "na62-dump-ee": (f"{PHOTON}/bounds_NA62ee.txt", 0.0, 1.0),
    "na62-dump-mumu": (f"{PHOTON}/bounds_NA62mumu.txt", 0.0, 1.0),
    "na64-bl": (f"{B_MINUS_L}/bounds_NA64_inv_new.txt", 0.0, 1e-3),
    "ship": (f"{PHOTON}/limits_SHiP.txt", 268.0, 1.0),
}
OLD_ELECTRONS, NEW_ELECTRONS = 3.22e11, 9.4e11  #: 2207.09979, 2606.17320


def points(path: Path) -> np.ndarray:
    """Return masses in MeV and couplings in the order of the file."""
    rows = [line.partition("#")[0].replace(",", " ").split() for line in path.read_text(encoding="utf-8").splitlines()]
    found = np.array([[float(v) for v in row[:2]] for row in rows if len(row) >= 2])
    found[:, 0] *= 1e3
    return found


def crossings(contour: np.ndarray, mass: float) -> list[float]:
    """Return the couplings at which a closed contour passes a mass, ascending."""
    x, y = np.log(np.vstack([contour, contour[:1]])).T
    at = np.log(mass)
    return sorted(
        float(np.exp(y[k] + (at - x[k]) / (x[k + 1] - x[k]) * (y[k + 1] - y[k])))
        for k in range(len(contour))
        if (x[k] - at) * (x[k + 1] - at) < 0
    )


def full_line(along: np.ndarray, start: float, frame: float) -> np.ndarray:
    """Return mass and edges: both of a contour, one of an open line (its ends lie far apart in mass)."""
    single = along[-1, 0] > 3 * along[0, 0] or frame < 1.0
    if single:
        kept = along[(along[:, 1] < frame) & (along[:, 0] >= start)]
        return kept[np.concatenate([[True], np.diff([float(f"{m:.5g}") for m in kept[:, 0]]) > 0])]
    low, high = along[:, 0].min(), along[:, 0].max()
    grid = np.geomspace(max(start, low * 1.001), high * 0.999, 120)
    found = [(m, crossings(along, m)) for m in grid.tolist()]
    return np.array([[m, c[0], c[-1]] for m, c in found if len(c) >= 2])


def main(folder: Path) -> None:
    """Write the tables and the copy of the full edges."""
    lines = ["# Lines of KlingFelix/FORESEE, commit 2d6431f: MeV, epsilon of a dark photon (na64-bl: g of B-L)."]
    lines.append("limit,mass_MeV,lower,upper")
    for name, (file, start, frame) in LINES.items():
        rows = full_line(points(folder / file), start, frame)
        write(name, rows)
        if name == "na64-bl":  # no curve of the newest data is public: the number of electrons scales this one
            write("na64-2026", rows * [1.0, (OLD_ELECTRONS / NEW_ELECTRONS) ** 0.5])
        lines += [",".join([name, *(f"{v:.5g}" for v in row)]) + ("" if len(row) == 3 else ",") for row in rows]
    (REPOSITORY / "tests/data/foresee_lines.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
