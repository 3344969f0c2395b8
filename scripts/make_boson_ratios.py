"""Make src/nuportal/processes/boson_ratios.npz: exact rates of a boson against the e.m. plasma (about 100 s of CPU).

Usage: python scripts/make_boson_ratios.py [FOLDER]

Every mass that is done is kept in FOLDER (default build/boson_ratios), so that an interrupted run goes on where it
stopped. Empty the folder when the rates or the grid change.
"""

import json
import sys
from math import exp, log
from pathlib import Path

import numpy as np
from numba import njit

import nuportal
from nuportal.constants import SET
from nuportal.processes.boson_ratios import HEAVIEST, LIGHTEST, LN_T, LN_Y, masses, position, reference
from nuportal.processes.boson_statistics import compton_rate_exact, scaled_annihilation_rate_exact

INTERVALS = {"light": 120, "heavy": 60}  # of u, from 2 m_e to the end
FINE = 10  # of them are kept whole; farther from 2 m_e every second node is enough
NEAREST = (1 / 16, 1 / 8, 1 / 4, 1 / 2)  # nodes within the first interval
UNIT = 5e-5  # to which the logarithms are rounded
OUTPUT = Path(__file__).parents[1] / "src" / "nuportal" / "processes" / "boson_ratios.npz"

HEADER = {
    "what": "ln of the rates of a light boson against the e.m. plasma with exact quantum statistics: e gamma <-> e Z' "
    "(row 0), and e+ e- <-> gamma Z' over the rate without Pauli blocking (row 1)",
    "definition": "df/dt = G~ (f_BE - f); row 0 ln(exp(m_e/T) G~/g_e^2), row 1 ln(G~/G~_reference) with "
    "boson_ratios.reference; steps from one mass to the next (the first from 0), in units of `unit`",
    "axes": "[mass, row, ln T, ln p/T]; T = 0.005-100 MeV and p/T = 0.002-150 in 40 equal steps of the logarithm each; "
    "masses at u_light and u_heavy, |ln(M/2m_e)| = u^2/(u + 0.5) below and above 2 m_e",
    "units": "MeV",
    "source": "own calculation, exact quantum statistics of photons, electrons and positrons; soft photons of "
    "e+ e- -> gamma Z' cut at s - M^2 = |M^2 - 4 m_e^2|",
    "constants": SET,
    "made_by": "scripts/make_boson_ratios.py",
    "version": nuportal.__version__,
}


def nodes(side: str) -> np.ndarray:
    """Return u of the masses on one side of 2 m_e."""
    even = np.linspace(0, position(LIGHTEST if side == "light" else HEAVIEST), INTERVALS[side] + 1)
    return np.concatenate([even[:1], np.array(NEAREST) * even[1], even[1:FINE], even[FINE::2]])


@njit
def exact(ln_t: np.ndarray, ln_y: np.ndarray, mass: float, spin: int) -> np.ndarray:
    """Return ln of the scaled rates, [2, n_T, n_p]: Compton scattering, annihilation."""
    out = np.empty((2, ln_t.size, ln_y.size))
    for i in range(ln_t.size):
        t = exp(ln_t[i])
        for j in range(ln_y.size):
            p = t * exp(ln_y[j])
            out[0, i, j] = log(compton_rate_exact(p, t, mass, spin))
            out[1, i, j] = log(scaled_annihilation_rate_exact(p, t, mass, spin))
    return out


def row(folder: Path, mass: float, spin: int) -> np.ndarray:
    """Return the two logarithms of one mass, from `folder` if they are there."""
    kept = folder / f"spin{spin}-{mass.hex()}.npy"
    if kept.exists():
        return np.load(kept)
    values = exact(LN_T, LN_Y, mass, spin)
    values[1] -= reference(LN_T, LN_Y, mass, spin)
    partial = kept.with_suffix(".part")
    with partial.open("wb") as stream:
        np.save(stream, values)
    partial.replace(kept)
    return values


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/boson_ratios")
    folder.mkdir(parents=True, exist_ok=True)
    contents: dict[str, np.ndarray] = {"header": np.array(json.dumps(HEADER)), "unit": np.array(UNIT)}
    for side in INTERVALS:
        contents[f"u_{side}"] = nodes(side)
        for spin in (1, 0):
            rows = np.array([row(folder, float(mass), spin) for mass in masses(nodes(side), side)])
            contents[f"spin{spin}_{side}"] = np.diff(np.round(rows / UNIT).astype(np.int32), axis=0, prepend=0)
    np.savez_compressed(OUTPUT, **contents)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
