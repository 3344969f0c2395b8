"""Make cosmology/nucleosynthesis/data/rates_*.csv from tables of nuclear rates with one row a reaction and temperature.

Usage: python scripts/make_bbn_tables.py FOLDER OUTPUT
FOLDER holds rates_NAME.csv: comment lines that begin with '#', of which `# REACTION: text` states the evaluation, then
columns reaction, T9 (GK), N_A<sigma v> (cm^3 mol^-1 s^-1), f with ln f the 1-sigma error of ln rate.

The natural cubic spline of ln rate over ln T9 is evaluated on temperatures evenly spaced in ln T9, the same for all
reactions; below the first point of a reaction it goes on as a straight line.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

T9 = np.geomspace(0.006, 10.0, 150)

HEADER = """\
# Thermonuclear rates of the 12 reactions of reactions.csv, set "{name}": {what}.
# Columns: temperature T9 in GK; for each reaction N_A<sigma v> in cm^3 mol^-1 s^-1, then s = 1-sigma error of its ln.
# How obtained: tables or fits of the evaluations below as distributed with LINX 0.1.4 (arXiv:2408.14538, MIT licence:
# LICENCE-LINX.txt), natural cubic spline of ln rate over ln T9 evaluated at {points} temperatures even in ln T9 by
# scripts/make_bbn_tables.py. Rule of thinning: yields change by less than 1e-6 (D/H: 1e-5) of their value.
{evaluations}
"""
WHAT = {
    "primat2023": "PRIMAT, evaluation of June 2023",
    "recommended2026": "PRIMAT 2023 with new d(p,g), d(d,n), d(d,p) of arXiv:2604.16600 and n(p,g) of arXiv:2509.11743",
    "nacre2_luna": "NACRE II with LUNA d(p,g), after Yeh, Olive, Fields",
    "parthenope3": "analytic fits of PArthENoPE 3.0",
}


def read(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Return {reaction: [points, 3]} sorted in temperature without duplicates, and {reaction: evaluation}."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))[1:]
    tables = {}
    for name in dict.fromkeys(row[0] for row in rows):
        table = np.array([[float(v) for v in row[1:]] for row in rows if row[0] == name])
        tables[name] = table[np.unique(table[:, 0], return_index=True)[1]]
    words = (line.lstrip("# ").partition(": ") for line in lines if line.startswith("#"))
    return tables, {name: text for name, _, text in words if name in tables}


def resample(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rate and error of its logarithm at T9."""
    x, at = np.log(table[:, 0]), np.log(T9)
    spline = CubicSpline(x, np.log(table[:, 1]), bc_type="natural")
    straight = spline(x[0]) + spline(x[0], 1) * (at - x[0])
    return np.exp(np.where(at < x[0], straight, spline(at))), np.interp(at, x, np.log(table[:, 2]))


def main(source: str, target: str) -> None:
    """Read, resample and write the four sets."""
    for name, what in WHAT.items():
        tables, evaluations = read(Path(source) / f"rates_{name}.csv")
        columns, names = [T9], ["T9"]
        for reaction, table in tables.items():
            columns += resample(table)
            names += [reaction, f"s_{reaction}"]
        said = "\n".join(f"#   {reaction}: {text}" for reaction, text in evaluations.items())
        rows = [
            ",".join([f"{row[0]:.9g}", *(f"{v:.7e}" if k % 2 == 0 else f"{v:.4g}" for k, v in enumerate(row[1:]))])
            for row in np.column_stack(columns)
        ]
        text = HEADER.format(name=name, what=what, points=len(T9), evaluations=said)
        Path(target, f"rates_{name}.csv").write_text(
            "\n".join([text + ",".join(names), *rows]) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
