"""Make src/nuportal/processes/boson_transfer.npz: energy and number exchanged with a vector's bath (about 90 s).

Usage: python scripts/make_boson_tables.py
"""

import json
from pathlib import Path

import numpy as np

import nuportal
from nuportal.constants import M_E, SET
from nuportal.processes.boson_production import electron_rates
from nuportal.processes.boson_transfer import MASS_RANGE

N_ZETA, N_T, N_R = 22, 46, 16
T_RANGE = (5e-3, 100.0)  # MeV
R_RANGE = (-3.05, 1.45)  # ln(T_boson/T_gamma); r = 0 lies between two nodes
OUTPUT = Path(__file__).parents[1] / "src" / "nuportal" / "processes" / "boson_transfer.npz"

HEADER = {
    "what": "ln J and (1/r) ln ratio of energy or number exchanged by e gamma <-> e Z' and e+ e- <-> gamma Z', vector",
    "definition": "J(T, T') = 3 int d^3p/(2 pi)^3 E^n G~(p, T) f(E, T') per c_e^2, n = 1 energy, 0 number; stored are "
    "S = ln J(T, T) + (m_e + M)/T and D = {ln[J(T, T')/J(T, T)] + M/T' - M/T}/r with r = ln(T'/T)",
    "axes": "[side of 2 m_e, zeta = sqrt|ln(M/2m_e)|, ln T, (S, D at each r)]; grid = ln T_0, step, r_0, step",
    "units": "MeV",
    "source": "own calculation, exact quantum statistics of photons, electrons and positrons; soft photons of "
    "e+ e- -> gamma Z' cut at s - M^2 = |M^2 - 4 m_e^2|",
    "constants": SET,
    "made_by": "scripts/make_boson_tables.py",
    "version": nuportal.__version__,
}


def emission(rates, power: int, t: float, t_boson: np.ndarray, statistic: int) -> np.ndarray:
    """Return J(t, t_boson) exp(m_e/t + M/t_boson); statistic 1 Bose-Einstein, 0 Maxwell-Boltzmann."""
    z, weight = np.polynomial.legendre.leggauss(64)
    z = 0.5 * np.sqrt(50.0) * (1 + z)
    weight = 0.5 * np.sqrt(50.0) * weight
    kinetic = t_boson[:, None] * z**2
    energy = rates.mass + kinetic
    p = np.sqrt(kinetic * (kinetic + 2 * rates.mass))
    occupation = np.exp(-(z**2)) / (1 - statistic * np.exp(-energy / t_boson[:, None]))
    measure = p * energy * 2 * t_boson[:, None] * z * weight
    return 3 / (2 * np.pi**2) * np.sum(measure * energy**power * occupation * rates(p, t), axis=1) * np.exp(M_E / t)


def rows(mass: float) -> dict[str, np.ndarray]:
    """Return for one mass the arrays [n_T, 1 + n_r] of every quantity and distribution."""
    rates = electron_rates(mass, 1, "default")
    r = np.linspace(*R_RANGE, N_R)
    out = {}
    for quantity, power in (("energy", 1), ("number", 0)):
        for distribution, statistic in (("bose", 1), ("boltzmann", 0)):
            table = np.empty((N_T, 1 + N_R))
            for i, t in enumerate(np.geomspace(*T_RANGE, N_T)):
                j = np.log(emission(rates, power, t, t * np.exp(np.append(0.0, r)), statistic))
                table[i] = np.append(j[0], (j[1:] - j[0]) / r)
            out[f"{quantity}_{distribution}"] = table
    return out


def main() -> None:
    ends = [np.sqrt(abs(np.log(m / (2 * M_E)))) for m in MASS_RANGE]
    zeta = np.stack([np.linspace(0, end, N_ZETA) for end in ends])
    masses = 2 * M_E * np.exp(np.array([[-1], [1]]) * zeta**2)
    found = [[rows(float(mass)) for mass in side] for side in masses]
    tables = {name: np.array([[row[name] for row in side] for side in found], np.float32) for name in found[0][0]}
    grid = [np.log(T_RANGE[0]), np.log(T_RANGE[1] / T_RANGE[0]) / (N_T - 1), R_RANGE[0], np.ptp(R_RANGE) / (N_R - 1)]
    contents = {"header": np.array(json.dumps(HEADER)), "zeta": zeta, "grid": np.array(grid), **tables}
    np.savez_compressed(OUTPUT, **contents)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
