"""Make the tables of recast searches from the full published lines that the DarkCast programme carries.

python scripts/thin_published_lines.py FOLDER      # FOLDER: a checkout of DarkCast (github: micha-a-schmidt/darkcast)

Writes line.csv of each limit below, thinned so that interpolation in logarithms recovers every row of the full line to
2 % (5 % where a line fluctuates), and tests/data/full_lines.csv.gz, the full lines with which
tests/physics/test_limit_full_lines.py compares them. Rows that mean "no limit" stay where they separate masses with a
limit. The lines of tests/data/stellar_bl.csv are thinned in the same way.
"""

import gzip
import sys
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
SMOOTH, NOISY, LONGEST, NO_LIMIT = 0.02, 0.05, 120, 1e3
LINES = {
    "a1": "A1_Merkel2014avp",
    "a1-2011": "A1_Merkel2011ze",
    "apex": "APEX_Abrahamyan2011gv",
    "babar-4mu": "BaBar_TheBABAR2016rlg",
    "babar-invisible": "BaBar_Lees2017lec",
    "babar-visible": "BaBar_Lees2014xha",
    "bes-iii": "BESIII_Ablikim2017aab",
    "charm": "CHARM_Bergsma1985qz",
    "charm-2019": "CHARM_Tsai2019mtm",
    "e137": "E137_Andreas2012mt",
    "e141": "E141_Riordan1987aw",
    "e774": "E774_Bross1989mp",
    "hps": "HPS_Adrian2018scb",
    "kek": "KEK_Konaka1986cb",
    "kloe-ee": "KLOE_Anastasi2015qla",
    "kloe-hadrons": "KLOE_Anastasi2018azp_combined",
    "kloe-mumu": "KLOE_Babusci2014sta",
    "kloe-phi-eta": "KLOE_Babusci2012cr",
    "kloe-pipi": "KLOE_Anastasi2016ktq",
    "lhcb": "LHCb_Aaij2019bvg_prompt",
    "na48-2": "NA48_Batley2015lha",
    "na62-pi0": "NA62_CortinaGil2019nuo",
    "na64-invisible": "NA64_NA642019imj",
    "na64-visible": "NA64_Banerjee2019hmi",
    "nomad": "NOMAD_Astier2001ck",
    "nu-cal-2019": "NuCAL_Tsai2019mtm",
    "nu-cal-pi0": "NuCAL_Blumlein1990ay",
    "nu-cal-proton": "NuCAL_Blumlein1991xh",
    "orsay": "Orsay_Davier1989wz",
    "ps191": "PS191_Bernardi1985ny",
}
RULE = (
    "# thinned by scripts/thin_published_lines.py: interpolation in logarithms recovers every row of the full line to "
    "2 % (5 % where 2 % takes more than 120 rows); an edge of 1e5 means no limit between the masses beside it."
)


def full_line(path: Path) -> np.ndarray:
    """Return the rows of a table of DarkCast, masses in MeV and ascending; gaps of several rows as one row."""
    rows = [line.partition("#")[0].split() for line in path.read_text(encoding="utf-8").splitlines()]
    found = np.array([[float(v) for v in row] for row in rows if row])
    found = found[np.concatenate([[True], np.diff(found[:, 0]) > 0])]
    none = found[:, 1] >= NO_LIMIT
    found = found[~none | ~np.concatenate([[True], none[:-1]])]
    with_limit = np.flatnonzero(found[:, 1] < NO_LIMIT)
    found = found[with_limit[0] : with_limit[-1] + 1]
    found[:, 0] *= 1e3
    return found


def thinned(rows: np.ndarray) -> np.ndarray:
    """Return the rows that are kept, at most `LONGEST` for the smaller tolerance."""
    short = steps(rows, SMOOTH)
    return short if len(short) <= LONGEST else steps(rows, NOISY)


def steps(rows: np.ndarray, tolerance: float) -> np.ndarray:
    """Return the rows at the ends of steps, each the longest one that recovers what it skips."""
    logs, kept, at = np.log(rows), [0], 0
    while at < len(rows) - 1:
        at = max(k for k in range(at + 1, min(at + 400, len(rows))) if k == at + 1 or fits(logs[at : k + 1], tolerance))
        kept.append(at)
    return rows[kept]


def fits(logs: np.ndarray, tolerance: float) -> bool:
    """Return whether the straight line between the ends recovers the rows between them, and both have a limit."""
    if logs[:, 1].max() > np.log(NO_LIMIT):
        return False
    share = (logs[:, 0] - logs[0, 0]) / (logs[-1, 0] - logs[0, 0])
    straight = logs[0, 1:] + share[:, None] * (logs[-1, 1:] - logs[0, 1:])
    return bool(np.all(np.abs(straight - logs[:, 1:]) < tolerance))


def write(name: str, rows: np.ndarray) -> None:
    """Write the table of a limit, with the head that it has."""
    path = REPOSITORY / "src/nuportal/limits/catalog" / name / "line.csv"
    old = path.read_text(encoding="utf-8").splitlines()
    head = [line for line in old if line.startswith("#") and not line.casefold().startswith(("# binned", "# thinned"))]
    columns = next(line for line in old if not line.startswith("#"))
    short = [",".join(f"{v:.5g}" for v in row) for row in thinned(rows)]
    path.write_text("\n".join([*head, RULE, columns, *short]) + "\n", encoding="utf-8")
    print(f"{name}: {len(rows)} rows, {len(short)} kept")


def stars() -> dict[str, np.ndarray]:
    """Return the full lines of B-L bosons in stars."""
    text = (REPOSITORY / "tests/data/stellar_bl.csv").read_text(encoding="utf-8").splitlines()
    found: dict[str, list[list[float]]] = {}
    for name, *row in (line.split(",") for line in text if line.startswith("stellar")):
        found.setdefault(name, []).append([float(v) for v in row])
    return {name: np.array(rows) for name, rows in found.items()}


def main(folder: Path) -> None:
    """Write the tables and the copy of the full lines."""
    copy = ["# Full lines of the tables in nuportal.limits that come from DarkCast (1801.04847): MeV, coupling."]
    copy.append("limit,mass_MeV,lower,upper")
    for name, source in LINES.items():
        rows = full_line(folder / "limits" / f"{source}.lmt")
        write(name, rows)
        copy += [",".join([name, *(f"{v:.5g}" for v in row), *([""] if len(row) == 2 else [])]) for row in rows]
    for name, rows in stars().items():
        write(name, rows)
    target = REPOSITORY / "tests/data/full_lines.csv.gz"
    target.write_bytes(gzip.compress(("\n".join(copy) + "\n").encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
