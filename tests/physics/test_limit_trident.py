"""Neutrino tridents: the amplitude, the contact limit, the published bounds on L_mu - L_tau."""

import numpy as np
import pytest

from nuportal.constants import G_F, M_MU
from nuportal.limits.ray import Ray
from nuportal.limits.recast.tables import read_columns
from nuportal.limits.registry import limit
from nuportal.models import U1X
from nuportal.processes.form_factors import Nucleus
from nuportal.processes.trident import C_A, C_V, coefficients, lepton_tensors, neutrino_tensor, phase_space

METRIC = np.array([1.0, -1.0, -1.0, -1.0])


@pytest.fixture(scope="module")
def points():
    """Random points of phase space: s, pair mass^2, K^2 and momenta."""
    rng = np.random.default_rng(5)
    s = np.exp(rng.uniform(np.log(1e5), np.log(1e7), 40))
    pair = 4 * M_MU**2 * (s / 4 / M_MU**2) ** rng.random(40)
    transfer = (s - pair) * rng.random(40)
    return s, pair, transfer, phase_space(s, pair, transfer, 2 * rng.random(40) - 1, 6.28 * rng.random(40))


def dot(a, b):
    """Minkowski product."""
    return (a * METRIC * b).sum(axis=-1)


def test_kinematics(points):
    """Momentum conservation, shells, invariants."""
    s, pair, transfer, (q, k, out, minus, plus) = points
    assert np.abs(q + k - out - minus - plus).max() < 1e-9 * np.sqrt(s.max())
    for p, mass2 in ((q, 0.0), (k, 0.0), (out, 0.0), (minus, M_MU**2), (plus, M_MU**2)):
        assert np.abs((dot(p, p) - mass2) / s).max() < 1e-10
    assert dot(q + k, q + k) == pytest.approx(s, rel=1e-10)
    assert -dot(k - out, k - out) == pytest.approx(transfer, rel=1e-7)
    assert dot(minus + plus, minus + plus) == pytest.approx(pair, rel=1e-10)


def test_vector_current_is_conserved_and_tensors_are_positive(points):
    """K_a H_VV^ab = 0 (gauge invariance of the amplitude); both contractions are positive."""
    _, _, _, (q, k, out, minus, plus) = points
    vector, axial = lepton_tensors(q, minus, plus)
    transferred = (k - out) * METRIC
    size = np.abs(transferred).max(axis=1) * np.abs(vector).max(axis=(1, 2))
    assert np.all(np.abs(np.einsum("na,nab->nb", transferred, vector)).max(axis=1) < 1e-10 * size)
    lower = neutrino_tensor(k, out) * METRIC[:, None] * METRIC
    assert np.all(np.einsum("nab,nab->n", vector, lower) > 0)
    assert np.all(np.einsum("nab,nab->n", axial, lower) > 0)


def test_massless_leptons_do_not_tell_vector_from_axial(points):
    """For m -> 0 chirality is conserved: H_VV = H_AA."""
    s, _, transfer, _ = points
    rng = np.random.default_rng(6)
    pair = s * rng.uniform(0.3, 0.9, 40)
    transfer = (s - pair) * rng.random(40)
    q, _, _, minus, plus = phase_space(s, pair, transfer, rng.uniform(-0.8, 0.8, 40), 6.28 * rng.random(40))
    # rescale the muons to massless ones along the same axis
    for p in (minus, plus):
        p[:, 1:] *= (p[:, 0] / np.linalg.norm(p[:, 1:], axis=1))[:, None]
    vector, axial = lepton_tensors(q, minus, plus, mass=0.0)
    assert np.abs(vector - axial).max() < 1e-9 * np.abs(vector).max()


def test_coarse_integration_gives_the_shipped_table():
    """8,192 points against the 131,072 of the table, within their own errors; heavy mediators within 1 %."""
    folder = limit("trident-ccfr").folder
    mass, a, b, _, _ = read_columns(folder / "coefficients.csv", ("mass_MeV", "A", "B", "error_A", "error_B"))
    chosen = [0, 16, 24, 32]
    found = coefficients(mass[chosen], 160e3, Nucleus(26, 30, 55.845), points=2**13, seed=99)
    for ours, table, error in zip(found[:2], (a, b), found[2], strict=True):
        assert np.all(np.abs(ours / table[chosen] - 1) < 4 * error + 0.01)


def test_contact_limit():
    """R -> [(C_V + x/(sqrt2 G_F M^2))^2 + C_A^2]/(C_V^2 + C_A^2) up to muon-mass terms (1406.2332): 3 %."""
    folder = limit("trident-ccfr").folder
    mass, a, b, _, _ = read_columns(folder / "coefficients.csv", ("mass_MeV", "A", "B", "error_A", "error_B"))
    whole, unit = C_V**2 + C_A**2, np.sqrt(2) * G_F * mass[-1] ** 2
    assert a[-1] * unit == pytest.approx(2 * C_V / whole, rel=0.03)
    assert b[-1] * unit**2 == pytest.approx(1 / whole, rel=0.03)


def test_another_integration(table):
    """Coefficients of an independent prototype, which has other nuclear form factors: 8 %."""
    other = table("trident_prototype")
    for source in ("ccfr", "charm-ii"):
        name, column = f"trident-{source}", source.replace("-", "_")
        mass, a, b, _, _ = read_columns(
            limit(name).folder / "coefficients.csv", ("mass_MeV", "A", "B", "error_A", "error_B")
        )
        for letter, ours in (("A", a), ("B", b)):
            found = np.exp(np.interp(np.log(other["mass_MeV"]), np.log(mass), np.log(ours)))
            assert found == pytest.approx(other[f"{letter}_{column}"], rel=0.08, abs=0)


@pytest.mark.parametrize(("mass", "expected"), [(1.0, 8.3e-4), (10.0, 9.4e-4), (100.0, 1.24e-3), (1000.0, 2.9e-3)])
def test_bounds_on_l_mu_minus_l_tau(mass, expected):
    """The standard CCFR curve (1406.2332)."""
    ray = Ray(lambda g: U1X("Lmu-Ltau", mass=mass, g=g), "g", 1e-6, 1.0)
    ((low, _),) = limit("trident-ccfr").excluded(ray).excluded
    assert low == pytest.approx(expected, rel=0.03, abs=0)


def test_charges_and_signs():
    """x = 9 g^2 for B-3Lmu: a third; negative x from mixing interferes destructively first."""
    one = Ray(lambda g: U1X("Lmu-Ltau", mass=10.0, g=g), "g", 1e-6, 1.0)
    three = Ray(lambda g: U1X("B-3Lmu", mass=10.0, g=g), "g", 1e-6, 1.0)
    low = [limit("trident-ccfr").excluded(r).excluded[0][0] for r in (one, three)]
    assert low[1] == pytest.approx(low[0] / 3, rel=1e-4, abs=0)
    mixed = Ray(lambda e: U1X("Lmu-Ltau", mass=10.0, g=1e-3, epsilon=-e), "epsilon", 1e-4, 1.0)
    assert limit("trident-ccfr").rate(mixed, np.array([0.004]))[0] < 1
    assert "muons" in limit("trident-ccfr").excluded(Ray(lambda g: U1X("B-3Le", mass=10.0, g=g), "g", 1e-6, 1.0)).reason
