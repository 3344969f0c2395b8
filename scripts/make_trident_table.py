"""Make limits/catalog/trident-*/coefficients.csv: python scripts/make_trident_table.py (a minute each).

With names of limits it makes those alone.
"""

import sys
from pathlib import Path

import numpy as np

from nuportal.processes.form_factors import Nucleus
from nuportal.processes.trident import coefficients

CATALOG = Path(__file__).parents[1] / "src/nuportal/limits/catalog"
EXPERIMENTS = {  # mean neutrino energy (MeV) and nucleus of the target
    "trident-ccfr": (160e3, Nucleus(26, 30, 55.845), "iron, 160 GeV"),
    "trident-charm-ii": (20e3, Nucleus(14, 14, 28.085), "silicon (glass), 20 GeV"),
}
SEED, POINTS = 1, 2**17


def main(asked: list[str]) -> None:
    """Write the tables of the limits `asked`, or all."""
    masses = np.geomspace(1e-3, 1e5, 33)
    for name, (energy, nucleus, text) in EXPERIMENTS.items():
        if asked and name not in asked:
            continue
        a, b, error = coefficients(masses, energy, nucleus, POINTS, SEED)
        folder = CATALOG / name
        folder.mkdir(exist_ok=True)
        with (folder / "coefficients.csv").open("w", encoding="utf-8") as file:
            file.write(
                f"# sigma/sigma_SM = 1 + A x + B x^2 of nu_mu N -> nu_mu N mu+ mu-, x = c_nu_mu c_mu; {text}.\n"
                "# Own integration (processes/trident.py): equivalent photons, Helm form factor, coherent part only;\n"
                f"# {POINTS} Sobol points, seed {SEED}; relative statistical errors in the last two columns.\n"
                "mass_MeV,A,B,error_A,error_B\n"
            )
            for row in zip(masses, a, b, *error, strict=True):
                file.write("{:.6g},{:.5g},{:.5g},{:.1g},{:.1g}\n".format(*row))


if __name__ == "__main__":
    main(sys.argv[1:])
