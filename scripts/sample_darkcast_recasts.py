"""Write tests/data/darkcast_recasts.csv: what the DarkCast programme itself finds for other bosons.

python scripts/sample_darkcast_recasts.py FOLDER    # a checkout of DarkCast (github: micha-a-schmidt/darkcast)

A sample of 14 masses of each of its recast lines; tests/physics/test_limit_darkcast.py compares ours with them.
"""

import sys
from pathlib import Path

import numpy as np
from thin_published_lines import LINES, NO_LIMIT, REPOSITORY

MODELS = {
    "B-L": "B-L_boson",
    "Lmu-Ltau": "Lmu-Ltau_boson",
    "Le-Lmu": "Le-Lmu_boson",
    "B": "B_boson",
    "protophobic": "protophobic",
}
#: read there as a dark photon, although the published coupling is that of Lmu-Ltau
MISREAD = {"babar-4mu"}
ROWS = 14


def main(folder: Path) -> None:
    """Write the file."""
    lines = ["# Recasts by DarkCast (1801.04847; repository micha-a-schmidt/darkcast, folder recast): MeV, coupling g."]
    lines.append("limit,model,mass_MeV,lower,upper")
    for name, source in LINES.items():
        for model, directory in MODELS.items() if name not in MISREAD else ():
            path = folder / "recast/limits" / directory / f"{source}.lmt"
            text = [line.partition("#")[0].split() for line in path.read_text(encoding="utf-8").splitlines()]
            found = [[float(v) for v in row] for row in text if row]
            rows = np.array([row for row in found if row[1] < NO_LIMIT])
            if len(rows) < ROWS // 2:
                continue
            chosen = np.unique(np.linspace(0.03 * len(rows), 0.97 * len(rows) - 1, ROWS).astype(int))
            for row in rows[chosen]:
                upper = f"{row[2]:.5g}" if len(row) == 3 else ""
                lines.append(f"{name},{model},{1e3 * row[0]:.6g},{row[1]:.5g},{upper}")
    (REPOSITORY / "tests/data/darkcast_recasts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
