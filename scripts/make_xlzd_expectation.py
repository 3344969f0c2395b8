"""Make limits/catalog/xlzd/expected/bins.csv, what XLZD would count: python scripts/make_xlzd_expectation.py

Solar neutrinos on electrons as the package calculates them; radon and krypton as flat in energy, a tenth of the rate of
pp neutrinos between 1 and 30 keV (aim of XLZD); double beta decay of the 136Xe in natural xenon with the spectrum of
Primakoff and Rosen. Electron capture of 124Xe gives lines, of which the one in this window (10 keV) is left out.
"""

from pathlib import Path

import numpy as np

from nuportal.experiments.measurement import load
from nuportal.experiments.prediction import Prediction

OUT = Path(__file__).parents[1] / "src/nuportal/limits/catalog/xlzd/expected"
EDGES = np.array([*np.arange(1, 5, 0.2), *np.arange(5, 30.1, 1)])  #: keV
RADIOACTIVE = 0.1  #: over the rate of pp neutrinos
HALF_LIFE, ABUNDANCE, WEIGHT, Q_VALUE = 2.165e21, 0.08857, 131.293, 2457.8  #: y, share, g/mol, keV
AVOGADRO, M_E = 6.02214e23, 510.999
HEAD = """# Recoils of electrons that XLZD would count in 300 t y without new interactions, in bins of energy (keV).
# Calculated by scripts/make_xlzd_expectation.py: solar neutrinos of the package (B16-GS98); radon and krypton flat,
# a tenth of the rate of pp neutrinos (aim of XLZD); 136Xe with 2.165e21 y and the spectrum of Primakoff and Rosen.
# counts: background rounded to whole numbers, which is the expectation.
low_keV,high_keV,counts,background
"""


def double_beta(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Events of 136Xe per t y in each bin."""

    def shape(kinetic: np.ndarray) -> np.ndarray:
        k, q = kinetic / M_E, Q_VALUE / M_E
        return k * (q - k) ** 5 * (1 + 2 * k + 4 * k**2 / 3 + k**3 / 3 + k**4 / 30)

    whole = np.linspace(0, Q_VALUE, 20001)
    activity = 1e6 / WEIGHT * AVOGADRO * ABUNDANCE * np.log(2) / HALF_LIFE
    steps = np.linspace(low, high, 21)
    return activity * np.trapezoid(shape(steps), steps, axis=0) / np.trapezoid(shape(whole), whole)


def main() -> None:
    """Fold and write."""
    low, high = EDGES[:-1], EDGES[1:]
    path = OUT / "bins.csv"
    path.write_text(HEAD + "".join(f"{a:.4g},{b:.4g},0,0\n" for a, b in zip(low, high, strict=True)), encoding="utf-8")
    of = Prediction(load(OUT))
    exposure = of.experiment.spec.exposure.in_tonne_years()
    pp = of.sm[list(of.components).index("pp")].sum()
    flat = RADIOACTIVE * pp * (high - low) / (high[-1] - low[0])
    background = of.sm.sum(axis=0) + flat + exposure * double_beta(low, high)
    rates = pp / exposure, of.sm.sum() / exposure, double_beta(low, high).sum()
    print("pp {:.1f}, all solar {:.1f}, 136Xe {:.1f} /t/y".format(*rates))
    rows = zip(low, high, background, strict=True)
    path.write_text(HEAD + "".join(f"{a:.4g},{b:.4g},{v:.0f},{v:.5g}\n" for a, b, v in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
