"""Make cosmology/nucleosynthesis/data/sensitivities.csv: derivatives of the yields in the Standard Model.

Usage: python scripts/make_bbn_sensitivities.py OUTPUT
"""

import sys
from pathlib import Path

from nuportal import evolve
from nuportal.cosmology.nucleosynthesis.evolution import prepare
from nuportal.cosmology.nucleosynthesis.from_history import background_of
from nuportal.cosmology.nucleosynthesis.reactions import RATE_SETS, reaction_names
from nuportal.cosmology.nucleosynthesis.sensitivity import NAMES, recomputed

HEADER = """\
# Changes of ln(Y_p), ln(D/H), ln(3He/H), ln(7Li/H) in the Standard Model: for +1 sigma of the rate of a reaction (half
# the difference of +1 and -1 sigma), and by ln tau_n and ln omega_b (from +-1 %). Pure numbers.
# How obtained: calculated with this package (omega_b h^2 = 0.02237, tau_n = 878.4 s, one common neutrino temperature,
# rtol = 1e-6) by scripts/make_bbn_sensitivities.py; primary references of the errors: headers of rates_*.csv.
"""


def main(target: str) -> None:
    """Calculate and write all sets."""
    background = background_of(evolve(treatment="temperatures"))
    prepared = prepare(background, 878.4)
    lines = [HEADER + ",".join(["rates", "source", *NAMES])]
    for rates in RATE_SETS:
        changes = recomputed(background, prepared, 0.02237, 878.4, rates, 1e-6)
        for source, row in zip((*reaction_names(), "tau_n", "omega_b"), changes, strict=True):
            lines.append(",".join([rates, source, *(f"{v:.4e}" for v in row)]))
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
