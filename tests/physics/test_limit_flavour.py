"""Flavour and oscillations: formulas against hand calculations."""

import numpy as np
import pytest

from nuportal.constants import E_CHARGE, G_F, M_W
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


def test_b_s_loop_is_the_box_diagram():
    """Box: G_F^2 m_W^2 S_0(x_t) eta_B/(4 pi^2) against tree 1/(2 M^2); S_0 at m_t = 163 GeV, eta_B = 0.838: 4 %."""
    x = (163.0 / 80.377) ** 2
    inami_lim = (4 * x - 11 * x**2 + x**3) / (4 * (1 - x) ** 2) - 1.5 * x**3 * np.log(x) / (1 - x) ** 3
    expected = G_F * M_W**2 * inami_lim * 0.838 / (8 * np.sqrt(2) * np.pi**2)
    assert limit("bs-mixing").measurement.loop == pytest.approx(expected, rel=0.04, abs=0)


def test_nothing_is_said_near_the_b_s_mass():
    """The exchange is resonant there."""
    ray = Ray(lambda g: U1X("B3-3Lmu", mass=5.4e3, g=g), "g", 1e-9, 1.0)
    assert "too close" in limit("bs-mixing").excluded(ray).reason
    assert limit("bs-mixing").excluded(ray).excluded == ()


def test_weakly_coupled_bosons_leave_the_detector():
    """B3-3Le at 10 MeV decays into electrons two times in three, but far away: the limit is that of B3-3Lmu."""
    assert lowest("k-to-pi", "B3-3Le", 10.0) == pytest.approx(lowest("k-to-pi", "B3-3Lmu", 10.0), rel=1e-4, abs=0)


def test_visible_decays_inside_the_detector_end_the_exclusion():
    """A boson without neutrinos, coupled to electrons by mixing: excluded until it decays within 100 m, by hand."""
    mass, mixing = 50.0, 1e-3
    charges = {"t": 3, "b": 3, "c": -3, "s": -3}
    ray = Ray(lambda g: U1X(charges=charges, mass=mass, g=g, epsilon=mixing), "g", 1e-13, 1e-4)
    assert ray.ends.c_nu == (0.0, 0.0, 0.0)
    visible = limit("k-to-pi").excluded(ray).excluded
    far = Ray(lambda g: U1X(charges=charges, mass=mass, g=g), "g", 1e-13, 1e-4)
    ((unseen, _),) = limit("k-to-pi").excluded(far).excluded
    assert visible == ()  # decays within metres
    width = (1e-7 * E_CHARGE) ** 2 * mass / (12 * np.pi)
    metres = 45e3 / (mass * width) * 1.973269804e-13
    slow = Ray(lambda g: U1X(charges=charges, mass=mass, g=g, epsilon=1e-7), "g", 1e-13, 1e-4)
    ((found, _),) = limit("k-to-pi").excluded(slow).excluded
    assert found == pytest.approx(unseen * np.exp(50 / metres), rel=2e-3, abs=0)


def test_diagonal_coupling_of_ghosh2023_eq_18():
    """With D_L = V^dagger the coupling of d is |V_td|^2 g_X = 7.4e-5 g_X; the printed 0.006 is nearer |V_td|."""
    diagonal = abs(MATRIX[2, 0]) ** 2
    assert diagonal == pytest.approx(7.4e-5, rel=0.02, abs=0)
    assert 0.006 / diagonal > 75
