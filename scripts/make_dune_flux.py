"""Make limits/catalog/dune-electrons/flux.csv: python scripts/make_dune_flux.py NEUTRINO_MODE ANTINEUTRINO_MODE

The two files are the fluxes at the near detector that come with 2103.04797: energy in GeV (bins of 0.25), then the flux
of nu_e, nu_mu, nu_tau, nubar_e, nubar_mu, nubar_tau in /m^2/GeV/proton. They are averaged over wider bins.
"""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

OUT = Path(__file__).parents[1] / "src/nuportal/limits/catalog/dune-electrons/flux.csv"
EDGES = [*np.arange(0, 6.1, 0.5), 7, 8, 9, 10, 12, 14, 16, 18, 20, 25, 30, 40]
COLUMNS = {"nu_mu": 2, "nubar_mu": 5, "nu_e": 1, "nubar_e": 4}
HEAD = """# Flux at the near detector of DUNE, 574 m from the target, /m^2/GeV for each proton of 120 GeV, mean in bins.
# Source: 2103.04797 (ancillary files), read from a public copy; averaged over wider bins by scripts/make_dune_flux.py.
# Modes of the beam: "neutrino" (forward horn current), "antineutrino" (reversed).
"""


def main(neutrino: str, antineutrino: str) -> None:
    """Average and write."""
    modes = {"neutrino": np.loadtxt(neutrino), "antineutrino": np.loadtxt(antineutrino)}
    names = [f"{mode}_{name}" for mode in modes for name in COLUMNS]
    lines = [HEAD + ",".join(("low_GeV", "high_GeV", *names))]
    for low, high in pairwise(EDGES):
        row = [low, high]
        for table in modes.values():
            inside = (table[:, 0] > low) & (table[:, 0] < high)
            row += [table[inside, column].mean() for column in COLUMNS.values()]
        lines.append(",".join(f"{v:.5g}" for v in row))
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
