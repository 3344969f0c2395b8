"""Coherent scattering against the trace for a spinless nucleus, published averages and limits."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.constants import G_F
from nuportal.errors import ParameterError, UnknownNameError
from nuportal.processes import cevns
from nuportal.processes.form_factors import FEMTOMETRE, Nucleus, helm
from nuportal.sources import pion_decay

CAESIUM, IODINE = Nucleus(55, 78, 132.905), Nucleus(53, 74, 126.904)
ARGON = Nucleus(18, 22, 39.948)


@pytest.mark.parametrize(("recoil", "energy"), [(1e-3, 30.0), (0.01, 50.0)])
@pytest.mark.parametrize("c_q", [0.0, 1e-5, -1e-5])
def test_cross_section_is_the_trace(dirac, recoil, energy, c_q):
    """A spinless nucleus has the current (p + p')^mu; weak contact and Z' exchange summed as amplitudes."""
    mass = ARGON.mass
    couplings = nup.Couplings(20.0, c_nu=(0, 1e-5, 0), c_u=(c_q, 0, 0), c_d=(c_q, 0, 0))
    k, p, k_out, p_out = dirac.momenta(recoil, energy, mass)
    current = p + p_out
    vertex = [g @ dirac.left for g in dirac.gamma]
    neutrino = dirac.contract(
        lambda a, b: current[a] * current[b],
        lambda a, b: np.trace(dirac.slash(k_out) @ vertex[a] @ dirac.slash(k) @ dirac.bar(vertex[b])),
    )
    weak = -np.sqrt(2) * G_F * ((0.5 - 2 * 0.23857) * 18 - 0.5 * 22)
    vector = -1e-5 * 3 * c_q * 40 / (2 * mass * recoil + 20.0**2)
    amplitude = neutrino * (weak + vector) ** 2 * helm(recoil, ARGON) ** 2
    expected = dirac.cross_section(amplitude, energy, mass, target_spins=1)
    found = cevns.cross_section(recoil, energy, ARGON, "mu", couplings)
    assert found == pytest.approx(expected, rel=1e-6)


def test_sign_of_the_interference():
    """B-L adds to the weak charge; equal signs for quarks and neutrinos cancel it first and leave an allowed dip."""
    recoil, energy = 5e-3, 35.0
    sm = cevns.cross_section(recoil, energy, CAESIUM, "mu")
    b_l = nup.U1X("B-L", mass="10 MeV", g=3e-5).couplings
    assert cevns.cross_section(recoil, energy, CAESIUM, "mu", b_l) > sm
    ratio = []
    for g in np.geomspace(1e-6, 1e-3, 200):
        universal = nup.U1X(charges={"e": 1, "mu": 1, "tau": 1, "u": 1 / 3, "d": 1 / 3}, mass="10 MeV", g=g)
        ratio.append(float(cevns.cross_section(recoil, energy, CAESIUM, "mu", universal.couplings) / sm))
    assert min(ratio) < 0.01
    assert ratio[0] == pytest.approx(1, abs=0.01)
    assert ratio[-1] > 2


def test_helm_is_a_smeared_sphere():
    """F(0) = 1 and -6 dF/dq^2 = (3/5) r_n^2 + 3 s^2, the mean square radius of a sphere folded with a Gaussian."""
    q2 = 1e-4  # fm^-2
    recoil = q2 / FEMTOMETRE**2 / (2 * CAESIUM.mass)
    c = 1.23 * 133 ** (1 / 3) - 0.60
    expected = 0.6 * (c**2 + 7 / 3 * np.pi**2 * 0.52**2 - 5 * 0.81) + 3 * 0.81
    assert 6 * (1 - helm(recoil, CAESIUM)) / q2 == pytest.approx(expected, rel=1e-3)
    near = np.array([0.99e-2, 1.01e-2])  # the series ends at x = 0.01
    radius = np.sqrt(c**2 + 7 / 3 * np.pi**2 * 0.52**2 - 5 * 0.81)
    values = helm((near / radius / FEMTOMETRE) ** 2 / (2 * CAESIUM.mass), CAESIUM)
    assert values[0] - values[1] == pytest.approx(4e-6 * (0.1 + 0.5 * 0.81 / radius**2), rel=0.02)


def test_coherent_average_on_caesium_iodide():
    """COHERENT quotes a Standard Model average of 189 +- 6 (1e-40 cm^2) over its flux (2110.07730)."""
    source = pion_decay.PionDecayAtRest(1.0)
    x, w = np.polynomial.legendre.leggauss(100)
    total = 0.0
    for nucleus in (CAESIUM, IODINE):
        for species in pion_decay.SPECIES:
            largest = 2 * pion_decay.LARGEST_ENERGY**2 / nucleus.mass
            recoil = largest * (x + 1) / 2
            rate = source.fold(
                recoil, lambda t, e, f, n=nucleus: cevns.cross_section(t, e, n, f), species, target_mass=nucleus.mass
            )
            total += np.sum(w * largest / 2 * rate) / 6
    assert total == pytest.approx(189e-40, abs=6e-40)


def test_radiative_option_and_errors():
    assert cevns.weak_charge(CAESIUM) == pytest.approx(0.02286 * 55 - 39)
    flavoured = [cevns.weak_charge(CAESIUM, f, radiative="flavour") for f in ("e", "mu", "tau")]
    assert flavoured[0] > flavoured[1] > flavoured[2]
    assert flavoured == pytest.approx([cevns.weak_charge(CAESIUM)] * 3, rel=0.025)
    with pytest.raises(UnknownNameError, match="flavour"):
        cevns.weak_charge(CAESIUM, radiative="flavor")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="Z >= 1"):
        Nucleus(0, 5)
