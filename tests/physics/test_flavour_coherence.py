"""The reduced density-matrix model of scripts/check_flavour_coherence.py."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import check_flavour_coherence as coherence


@pytest.mark.parametrize("p", [0.5, 1.0])
def test_potential_of_a_heavy_boson(p):
    mass, rho = 60.0, 6 / np.pi**2  # nu and nubar, Maxwell-Boltzmann, T = 1
    assert coherence.potential(p, mass) == pytest.approx(-8 / 3 * p * rho / mass**4, rel=0.02)


def test_potential_of_a_light_boson():
    assert coherence.potential(3.0, 1e-2) == pytest.approx(1 / (np.pi**2 * 3.0), rel=5e-3)


def test_potential_changes_sign_where_pairs_reach_the_mass():
    # The expansion in T/M, -(8/3) p rho/M^4, has lost even its sign at T = M/4 for p = 3 T.
    assert coherence.potential(3.0, 10.0) < 0 < coherence.potential(3.0, 4.0)


def test_matter_states_carry_a_charge_matrix():
    # Slow damping: a density matrix is diagonal in matter states, which meet the boson with |sum_a U_ai Q_a U_aj|^2.
    found = {name: coherence.Model(name, 1e-9).n_eff(1e-3) for name in ("density", "matter", "incoherent")}
    assert found["matter"] == pytest.approx(found["density"], abs=2e-3)
    assert found["density"] - found["incoherent"] > 0.03
