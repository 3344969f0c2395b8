"""Make limits/catalog/trident-*/coefficients.csv: python scripts/make_trident_table.py (minutes each).

With names of limits it makes those alone.
"""

import sys
from pathlib import Path

import numpy as np

from nuportal.limits.recast.tables import read_columns
from nuportal.processes.form_factors import Nucleus
from nuportal.processes.trident import coefficients

FLAVOURS = ("nu_mu", "nubar_mu", "nu_e", "nubar_e")
CATALOG = Path(__file__).parents[1] / "src/nuportal/limits/catalog"
BINS = read_columns(
    CATALOG / "dune-electrons/flux.csv",
    ("low_GeV", "high_GeV", *(f"{m}_{s}" for m in ("neutrino", "antineutrino") for s in FLAVOURS)),
)
DUNE = (BINS[0] + BINS[1]) / 2 * 1e3, (BINS[2] + BINS[3] + BINS[6] + BINS[7]) * (BINS[1] - BINS[0])
EXPERIMENTS = {  # neutrino energies (MeV), their shares of the flux, nucleus of the target, points for each energy
    "trident-ccfr": (160e3, 1.0, Nucleus(26, 30, 55.845), 2**17, "iron, 160 GeV"),
    "trident-charm-ii": (20e3, 1.0, Nucleus(14, 14, 28.085), 2**17, "silicon (glass), 20 GeV"),
    "dune-trident": (*DUNE, Nucleus(18, 22, 39.948), 2**15, "argon, flux of DUNE in both modes"),
}
SEED = 1


def main(asked: list[str]) -> None:
    """Write the tables of the limits `asked`, or all."""
    masses = np.geomspace(1e-3, 1e5, 33)
    for name, (energy, flux, nucleus, points, text) in EXPERIMENTS.items():
        if asked and name not in asked:
            continue
        a, b, error = coefficients(masses, energy, nucleus, points, SEED, flux)
        folder = CATALOG / name
        folder.mkdir(exist_ok=True)
        with (folder / "coefficients.csv").open("w", encoding="utf-8") as file:
            file.write(
                f"# sigma/sigma_SM = 1 + A x + B x^2 of nu_mu N -> nu_mu N mu+ mu-, x = c_nu_mu c_mu; {text}.\n"
                "# Own integration (processes/trident.py): equivalent photons, Helm form factor, coherent part only;\n"
                f"# {points} Sobol points for each energy, seed {SEED}; statistical errors in the last columns.\n"
                "mass_MeV,A,B,error_A,error_B\n"
            )
            for row in zip(masses, a, b, *error, strict=True):
                file.write("{:.6g},{:.5g},{:.5g},{:.1g},{:.1g}\n".format(*row))


if __name__ == "__main__":
    main(sys.argv[1:])
