"""Explicit Dirac matrices: squared amplitudes as brute-force traces, independent of the formulas in the package.

Stored thermal histories, so that nucleosynthesis is tested apart from the solvers of the history.
"""

import csv
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="session")
def backgrounds():
    """{case: Background} from tests/data/bbn_backgrounds.csv."""
    from nuportal.cosmology.nucleosynthesis.background import Background, ThermalNeutrinos

    lines = (DATA / "bbn_backgrounds.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    found = {}
    for case in dict.fromkeys(row["case"] for row in rows):
        columns = {
            name: np.array([float(row[name]) for row in rows if row["case"] == case])
            for name in rows[0]
            if name != "case"
        }
        neutrinos = ThermalNeutrinos(columns["t_nu_e"], np.zeros_like(columns["t_nu_e"]))
        found[case] = Background(
            columns["ln_a"], columns["t_gamma"], columns["hubble"], columns["rho_boson"], neutrinos
        )
    return found


@pytest.fixture(scope="session")
def dirac() -> SimpleNamespace:
    """gamma matrices, projectors, slash, the lab momenta of nu(E) + m -> N(m4) + recoil T, and dsigma/dT from |M|^2."""
    identity, zero = np.eye(2), np.zeros((2, 2))
    pauli = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.array([[1, 0], [0, -1]])]
    gamma = [np.block([[identity, zero], [zero, -identity]]).astype(complex)]
    gamma += [np.block([[zero, s], [-s, zero]]) for s in pauli]
    gamma5 = 1j * gamma[0] @ gamma[1] @ gamma[2] @ gamma[3]
    metric = np.diag([1.0, -1, -1, -1])

    def slash(p):
        return sum(metric[i, i] * p[i] * gamma[i] for i in range(4))

    def bar(vertex):
        return gamma[0] @ vertex.conj().T @ gamma[0]

    def momenta(recoil, energy, mass, m4=0.0):
        """k, p, k', p' with the target at rest; the recoil angle follows from energy and momentum conservation."""
        q = np.sqrt(recoil * (recoil + 2 * mass))
        cosine = (m4**2 + 2 * mass * recoil + 2 * energy * recoil) / (2 * energy * q)
        k, p = np.array([energy, 0, 0, energy]), np.array([mass, 0, 0, 0])
        p_out = np.array([mass + recoil, q * np.sqrt(1 - cosine**2), 0, q * cosine])
        return k, p, k + p - p_out, p_out

    def contract(left, right):
        """sum over Lorentz indices of left[a][b] right[a][b] with one metric factor each."""
        return sum(metric[a, a] * metric[b, b] * left(a, b) * right(a, b) for a in range(4) for b in range(4))

    def cross_section(spin_summed, energy, mass, target_spins=2):
        """dsigma/dT of a left-handed neutrino: |M|^2 averaged over the target's spins / (32 pi m E^2)."""
        return (spin_summed / target_spins).real / (32 * np.pi * mass * energy**2)

    return SimpleNamespace(
        gamma=gamma,
        metric=metric,
        left=(np.eye(4) - gamma5) / 2,
        right=(np.eye(4) + gamma5) / 2,
        one=np.eye(4),
        slash=slash,
        bar=bar,
        momenta=momenta,
        contract=contract,
        cross_section=cross_section,
    )
