"""Flavour and oscillations: formulas against hand calculations."""

import numpy as np
import pytest

from nuportal.limits.flavour import Wolfenstein, changing, ckm
from nuportal.limits.ray import Ray
from nuportal.limits.registry import limit
from nuportal.models import U1X

MATRIX = ckm(limit("k-to-pi").measurement.ckm)


def lowest(name, model, mass, epsilon=0.0, low=1e-15):
    """The smallest excluded coupling."""
    ray = Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", low, 1.0)
    return limit(name).excluded(ray).excluded[0][0]


def test_ckm_matrix_is_unitary_with_the_known_elements():
    """PDG: |V_td| = 8.6e-3, |V_cb| = 4.18e-2, |V_ub| = 3.7e-3."""
    assert np.abs(MATRIX @ MATRIX.conj().T - np.eye(3)).max() < 1e-12
    for (i, j), value in {(2, 0): 8.6e-3, (1, 2): 4.18e-2, (0, 2): 3.6e-3, (2, 1): 4.11e-2}.items():
        assert abs(MATRIX[i, j]) == pytest.approx(value, rel=0.02, abs=0)
    assert isinstance(limit("b-to-k").measurement.ckm, Wolfenstein)


def test_unitarity_removes_common_charges_and_mixing():
    """B-L with mixing changes no flavour; B3-3Le: V_td^* V_ts."""
    assert changing(U1X("B-L", mass=1.0, g=0.1, epsilon=0.1).couplings, ("d", "s"), MATRIX) == pytest.approx(
        0, abs=1e-15
    )
    found = changing(U1X("B3-3Le", mass=1.0, g=1.0).couplings, ("d", "s"), MATRIX)
    assert found == pytest.approx(abs(MATRIX[2, 0].conj() * MATRIX[2, 1]), rel=1e-9, abs=0)


def test_b_s_mixing():
    """g/M < 9.4e-5/GeV for unit charge difference (1712.06572), whatever the mixing."""
    assert lowest("bs-mixing", "B3-3Lmu", 1e3) == pytest.approx(9.4e-5, rel=0.01, abs=0)
    assert lowest("bs-mixing", "B3-3Lmu", 1e4, "-g/70") == pytest.approx(9.4e-4, rel=0.01, abs=0)
    assert lowest("bs-mixing", "B2-3Lmu", 1e3) == pytest.approx(9.4e-5, rel=0.01, abs=0)
    ray = Ray(lambda g: U1X("B1-3Lmu", mass=1e3, g=g), "g", 1e-9, 1.0)
    assert limit("bs-mixing").excluded(ray).status == "not applicable"


def test_two_body_decays_of_mesons():
    """g < 5.4e-11 M/MeV (B -> K) and 6.9e-12 M/MeV (K -> pi) for B3-3Lmu, light M; the pi0 window is left out."""
    assert lowest("b-to-k", "B3-3Lmu", 1.0) == pytest.approx(5.4e-11, rel=0.02, abs=0)
    assert lowest("k-to-pi", "B3-3Lmu", 1.0) == pytest.approx(6.9e-12, rel=0.03, abs=0)
    ray = Ray(lambda g: U1X("B3-3Lmu", mass=135.0, g=g), "g", 1e-15, 1.0)
    assert "windows" in limit("k-to-pi").excluded(ray).reason


@pytest.mark.parametrize(
    ("name", "model", "expected"),
    [
        ("oscillations-mu-tau", "B-3Lmu", 3.3e-7),
        ("oscillations-mu-tau", "B-3Ltau", 3.3e-7),
        ("oscillations-mu-tau", "Le-Lmu", 8.2e-7),
        ("oscillations-mu-tau", "Le-Ltau", 8.2e-7),
    ],
)
def test_matter_effects(name, model, expected):
    """At 1 MeV; mixing drops out of neutral matter."""
    assert lowest(name, model, 1.0) == pytest.approx(expected, rel=0.03, abs=0)
    assert lowest(name, model, 1.0, 1e-3) == pytest.approx(lowest(name, model, 1.0), rel=1e-6, abs=0)


def test_matter_effect_by_hand():
    """B-3Ltau: eps_tt - eps_mm = -3 g^2 (1 + 1.051)/(sqrt2 G_F M^2)."""
    g = lowest("oscillations-mu-tau", "B-3Ltau", 2.0)
    assert 3 * g**2 * 2.051 / (np.sqrt(2) * 1.1663787e-11 * 4.0) == pytest.approx(0.041, rel=1e-3)


def test_the_second_solution_of_the_electron_potential_leaves_a_gap():
    """eps_ee - eps_mm negative (quarks against electrons): excluded, the island of the dark side, excluded."""
    ray = Ray(lambda g: U1X(charges={"e": 1, "u": -1, "d": -1}, mass=1.0, g=g), "g", 1e-8, 1e-4)
    found = limit("oscillations-e-mu").excluded(ray).excluded
    assert len(found) == 2
    assert (found[1][0] / found[0][1]) ** 2 == pytest.approx(2.26 / 1.27, rel=1e-3)


def test_neutral_matter_and_equal_flavours():
    """Lmu-Ltau leaves matter alone, B-L the differences."""
    for model, text in (("Lmu-Ltau", "neutral"), ("B-L", "alike")):
        ray = Ray(lambda g, m=model: U1X(m, mass=1.0, g=g), "g", 1e-9, 1.0)
        assert text in limit("oscillations-mu-tau").excluded(ray).reason
