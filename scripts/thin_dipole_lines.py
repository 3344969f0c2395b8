"""Make the tables of dipole limits from the full lines in the repository mhostert/Heavy-Neutrino-Limits.

python scripts/thin_dipole_lines.py FOLDER      # FOLDER: its folder src/HNLimits/include/data/dipole

Writes line.csv of each limit below, thinned as scripts/thin_published_lines.py does, and tests/data/dipole_lines.csv
with the full lines and, as "second", what the folder `old` there holds: another digitisation of the same lines.
"""

import sys
from pathlib import Path

import numpy as np
from thin_published_lines import REPOSITORY, write

from nuportal.constants import MU_B

#: limit -> lower line; upper line (a file, or the d in 1/GeV where the source draws no further); second digitisation
LINES: dict[str, tuple[str, str | float | None, str | None]] = {
    "dipole-borexino": ("Borexino_d.dat", None, "old/mu/Borexino_dmu.dat"),
    "dipole-borexino-sk": ("Borexino_SK_d.dat", None, "old/tau/Borexino_SK_dtau.dat"),
    "dipole-charm-ii": ("mu/CHARMII_dmu.dat", None, "old/mu/CHARMII_dmu.dat"),
    "dipole-donut": ("tau/DONUT_dtau.dat", None, "old/tau/DONUT_dtau.dat"),
    "dipole-lep": ("LEPgz_d.dat", None, "old/e/LEPgZ_de.dat"),
    "dipole-lsnd": ("e/LSND_de.dat", None, "old/e/LSND_de.dat"),
    "dipole-minerva": ("mu/MINERvA_RHC_nominal_d_tauN_0.dat", None, None),
    "dipole-miniboone": ("mu/MiniBooNE_dmu.dat", None, "old/mu/MiniBooNE_dmu.dat"),
    "dipole-nomad": ("mu/NOMAD_dmu_bottom.dat", 5.56e-5, "old/mu/NOMAD_dmu.dat"),
    "dipole-sk-e": ("e/SK_atm_de.dat", 9.83e-6, None),
    "dipole-sk-mu": ("mu/SK_atm_dmu.dat", 9.86e-6, None),
    "dipole-sk-tau": ("tau/SK_atm_dtau.dat", "tau/SK_atm_dtau_top.dat", None),
    "dipole-sn1987a": ("SN1987A_muB_bottom.dat", "SN1987A_muB_top.dat", "old/e/SN1987A_mue.dat"),
    "dipole-xenon1t-nr": ("Xenon1T_d.dat", None, "old/tau/Xenon1T_dtau.dat"),
}
#: drawn up along a mass, where digitisation jitters: the smallest edge there is the end
VERTICAL_END = {"dipole-donut"}
IN_MEV = {"LEPgz_d.dat", "old/e/LEPgZ_de.dat", "MINERvA_RHC_nominal_d_tauN_0.dat", "SN1987A_muB_bottom.dat"}
PER_GEV = 2e-3 / MU_B  #: moment in mu_B (shoemaker2020 eq. 2) per d in 1/GeV of L = d nubar sigma F N


def points(folder: Path, file: str) -> np.ndarray:
    """Return mass in MeV and moment in mu_B along a line, in its own order."""
    text = (folder / file).read_text(encoding="utf-8").splitlines()
    rows = [line.partition("#")[0].split() for line in text]
    found = np.array([[float(v) for v in row] for row in rows if len(row) == 2])
    found[:, 0] *= 1.0 if file in IN_MEV or Path(file).name in IN_MEV or "SN1987A" in file else 1e3
    found[:, 1] *= 1.0 if "SN1987A" in file else PER_GEV
    return found


def branches(along: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and the upper part of a contour that turns at its largest mass, both by ascending mass."""
    turn = int(np.argmax(along[:, 0]))
    parts = [along[: turn + 1], along[turn:]]
    parts.sort(key=lambda part: float(np.median(np.log(part[:, 1]))))
    return tuple(ascending(part) for part in parts)  # type: ignore[return-value]


def ascending(part: np.ndarray) -> np.ndarray:
    """Return the points by ascending mass, each mass (to the 5 digits that are printed) once."""
    part = part[np.unique(part[:, 0], return_index=True)[1]]
    printed = [f"{m:.5g}" for m in part[:, 0]]
    return part[[k == 0 or printed[k] != printed[k - 1] for k in range(len(part))]]


def full_line(folder: Path, lower: str, upper: str | float | None) -> np.ndarray:
    """Return mass, lower edge and, if there is one, upper edge."""
    low = points(folder, lower)
    if upper is None:
        return ascending(low)
    if lower.endswith(("de.dat", "SK_atm_dmu.dat")):
        low, high = branches(low)
        high = np.vstack([[low[0, 0], float(upper) * PER_GEV], [high[0, 0], float(upper) * PER_GEV], high[1:]])
        high = ascending(high)
    elif isinstance(upper, str):
        low, high = ascending(low), ascending(points(folder, upper))
    else:
        low = ascending(low)
        high = np.array([[m, upper * PER_GEV] for m in low[[0, -1], 0]])
    mass = np.unique(np.concatenate([low[:, 0], high[:, 0]]))
    mass = mass[(mass >= max(low[0, 0], high[0, 0])) & (mass <= min(low[-1, 0], high[-1, 0]))]
    edges = [np.exp(np.interp(np.log(mass), np.log(e[:, 0]), np.log(e[:, 1]))) for e in (low, high)]
    return ascending(np.column_stack([mass, edges[0], np.maximum(*edges)]))


def without_vertical_end(rows: np.ndarray) -> np.ndarray:
    """Return a line that ends at the smallest edge within 1 % of its largest mass."""
    inside = rows[:, 0] < 0.99 * rows[-1, 0]
    end = rows[~inside]
    return np.vstack([rows[inside], end[np.argmin(end[:, 1])]])


def main(folder: Path) -> None:
    """Write the tables and the copy of the full lines."""
    lines = ["# Lines of mhostert/Heavy-Neutrino-Limits (2304.06772), commit 8bcc041: MeV, mu_B (shoemaker2020 eq. 2)."]
    lines.append("limit,kind,mass_MeV,lower,upper")
    for name, (lower, upper, second) in LINES.items():
        rows = full_line(folder, lower, upper)
        rows = without_vertical_end(rows) if name in VERTICAL_END else rows
        write(name, rows)
        lines += [",".join([name, "full", *(f"{v:.5g}" for v in row)]) + ("" if len(row) == 3 else ",") for row in rows]
        for row in points(folder, second) if second else ():
            lines.append(f"{name},second,{row[0]:.5g},{row[1]:.5g},")
    (REPOSITORY / "tests/data/dipole_lines.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
