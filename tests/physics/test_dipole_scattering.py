"""Dipole up-scattering on electrons and nuclei against traces, limits and the equations of shoemaker2020."""

import numpy as np
import pytest
from scipy.optimize import brentq

import nuportal as nup
from nuportal.constants import ALPHA, E_CHARGE, HBAR_C_CM, M_E, MU_B
from nuportal.errors import UnknownNameError
from nuportal.processes import dipole_scattering as dipole
from nuportal.processes.form_factors import Nucleus
from nuportal.processes.recoil_kinematics import minimum_neutrino_energy

PER_KEV = HBAR_C_CM**2 * 1e-3


def trace(dirac, recoil, energy, mass, m4, strength):
    """dsigma/dT from L = strength Nbar sigma^{mu nu} P_L nu F_{mu nu} + h.c., vertex 2 strength sigma^{mu nu} q_nu."""
    k, p, k_out, p_out = dirac.momenta(recoil, energy, mass, m4)
    q = dirac.metric @ (k_out - k)
    sigma = [
        sum(0.5j * (dirac.gamma[a] @ dirac.gamma[b] - dirac.gamma[b] @ dirac.gamma[a]) * q[b] for b in range(4))
        for a in range(4)
    ]
    vertex = [2 * strength * s @ dirac.left for s in sigma]
    unit = mass * dirac.one

    def target(a, b):
        return np.trace((dirac.slash(p_out) + unit) @ dirac.gamma[a] @ (dirac.slash(p) + unit) @ dirac.gamma[b])

    def neutral(a, b):
        return np.trace((dirac.slash(k_out) + m4 * dirac.one) @ vertex[a] @ dirac.slash(k) @ dirac.bar(vertex[b]))

    amplitude = dirac.contract(target, neutral) * (E_CHARGE / (2 * mass * recoil)) ** 2
    return dirac.cross_section(amplitude, energy, mass)


@pytest.mark.parametrize(
    ("mass", "recoil", "energy", "m4"),
    [
        (M_E, 2.5e-3, 9.0, 0.1),
        (M_E, 2.5e-3, 9.0, 0.64),
        (M_E, 0.5, 3.0, 0.9),
        (M_E, 0.02, 1.0, 0.0),
        (40.0, 0.02, 1.0, 0.0),
        (40.0, 0.3, 9.0, 3.0),
    ],
)
def test_cross_section_is_the_trace(dirac, mass, recoil, energy, m4):
    moment = 1e-9 * MU_B
    expected = trace(dirac, recoil, energy, mass, m4, moment / 2)
    assert moment**2 * dipole.coefficient(recoil, energy, m4, mass) == pytest.approx(expected, rel=1e-8)


def test_shoemaker_eq2_belongs_to_half_of_eq1(dirac):
    """Eq. 2 as printed is eq. 1's Lagrangian with d/2: the literal eq. 1 gives 4 times eq. 2."""
    recoil, energy, m4, d = 2.5e-3, 9.0, 0.64, 1e-9 * MU_B
    literal = trace(dirac, recoil, energy, M_E, m4, d)
    printed = (
        d**2
        * ALPHA
        * (
            1 / recoil
            - m4**2 / (2 * energy * recoil * M_E) * (1 - recoil / (2 * energy) + M_E / (2 * energy))
            - 1 / energy
            + m4**4 * (recoil - M_E) / (8 * energy**2 * recoil**2 * M_E**2)
        )
    )
    assert literal / printed == pytest.approx(4, rel=1e-9)
    for convention, expected in (("moment", printed), ("lagrangian", literal)):
        model = nup.DipolePortal(m4=m4, d=d, flavour="tau", convention=convention)
        assert dipole.cross_section(recoil, energy, "tau", model) == pytest.approx(expected, rel=1e-9)
        assert dipole.cross_section(recoil, energy, "mu", model) == 0


@pytest.mark.parametrize("m4", [0.0, 0.1, 0.64])
def test_shoemaker_eq4_root(m4):
    """E_min solves cos(theta) = 1; printed, the whole denominator of eq. 4 stands under the root (wrong units)."""
    recoil = 2.5e-3
    q = np.sqrt(recoil * (recoil + 2 * M_E))
    cosine = lambda e: (m4**2 + 2 * M_E * recoil + 2 * e * recoil) / (2 * e * q) - 1  # noqa: E731
    expected = brentq(cosine, 1e-3, 1e3, xtol=1e-14)
    assert minimum_neutrino_energy(recoil, M_E, m4) == pytest.approx(expected, rel=1e-10)
    printed = (m4**2 + 2 * M_E * recoil) / (2 * np.sqrt(abs(recoil * (recoil + 2 * M_E) - recoil)))
    assert abs(printed / expected - 1) > 0.05


def test_shoemaker_eq6_is_the_inverse():
    """Eq. 6 gives the largest m4 at fixed E and T; the quoted 290 and 920 keV are T = 2 keV at 1 and 10 MeV."""
    recoil = 2e-3
    for energy, quoted in ((1.0, 0.290), (10.0, 0.920)):
        m4 = np.sqrt(2 * (energy * np.sqrt(recoil * (recoil + 2 * M_E)) - recoil * (energy + M_E)))
        assert minimum_neutrino_energy(recoil, M_E, m4) == pytest.approx(energy, rel=1e-12)
        assert m4 == pytest.approx(quoted, rel=0.05)


def test_massless_limit_is_the_magnetic_moment():
    """pi alpha^2/m_e^2 (mu/mu_B)^2 (1/T - 1/E)."""
    recoil, energy = np.array([1e-3, 0.1]), 0.862
    expected = np.pi * ALPHA**2 / M_E**2 * (2e-11) ** 2 * (1 / recoil - 1 / energy)
    model = nup.DipolePortal(m4=0.0, d="2e-11 mu_B", flavour="universal")
    assert dipole.cross_section(recoil, energy, "e", model) == pytest.approx(expected, rel=1e-9)


def test_never_negative():
    """The m4^4 term makes the bracket small at the kinematic edge, never negative inside it."""
    recoil = np.geomspace(1e-5, 12, 400)[:, None]
    for m4 in (0.01, 0.3, 2.0):
        energy = minimum_neutrino_energy(recoil, M_E, m4) * np.linspace(1, 3, 50)
        assert np.all(dipole.coefficient(recoil, energy, m4) > -1e-15)
        assert np.all(dipole.coefficient(recoil, energy[:, :1] * 0.999, m4) == 0)


def test_nucleus():
    """Coherent: Z^2 F^2 times the unit-charge cross-section with m_e -> m_N."""
    xenon = Nucleus(54, 77, 131.293)
    model = nup.DipolePortal(m4="1 MeV", d="1e-9 mu_B")
    small = dipole.nuclear_cross_section(1e-6, 9.0, "tau", model, xenon)
    reduced = model.magnetic_moment**2 * dipole.coefficient(1e-6, 9.0, 1.0, xenon.mass)
    assert small == pytest.approx(54**2 * reduced, rel=1e-3)
    assert (
        dipole.nuclear_cross_section(1e-3, 9.0, "tau", model, xenon) < 54**2 * model.magnetic_moment**2 * ALPHA / 1e-3
    )


def test_unknown_flavour():
    with pytest.raises(UnknownNameError, match="tau"):
        dipole.cross_section(1e-3, 9.0, "taw", nup.DipolePortal(m4="1 MeV", d="1e-9 mu_B"))
