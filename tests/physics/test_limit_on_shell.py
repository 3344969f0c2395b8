"""A real boson: loop mixing at q^2 = M^2, hadronic widths of vector mesons that run with the mass, radiative decays."""

import numpy as np
import pytest
from scipy.integrate import quad

from nuportal.constants import ALPHA, E_CHARGE
from nuportal.limits.ray import Ray
from nuportal.limits.recast.branching import photon_like, total, widths
from nuportal.limits.recast.production import production
from nuportal.limits.recast.vector_mesons import phase_space, pseudoscalars, radiative_width, vectors
from nuportal.limits.registry import limit
from nuportal.models import U1X, Couplings, loop_mixing
from nuportal.models.mixing import loop_function, mixing_at

LEPTONS = (0.51099895, 105.6583755, 1776.86)


def vacuum_polarisation(t):
    """int 6 x(1-x) ln[1 - x(1-x)(t + i0)] by quadrature, split where the logarithm changes sign."""
    turns = [(1 - np.sqrt(1 - 4 / t)) / 2, (1 + np.sqrt(1 - 4 / t)) / 2] if t > 4 else [0.5]
    real = sum(
        quad(lambda x: 6 * x * (1 - x) * np.log(abs(1 - x * (1 - x) * t)), a, b, epsabs=1e-12, limit=400)[0]
        for a, b in zip([0.0, *turns], [*turns, 1.0], strict=True)
    )
    imaginary = -np.pi * quad(lambda x: 6 * x * (1 - x), *turns)[0] if t > 4 else 0.0
    return real + 1j * imaginary


@pytest.mark.parametrize("t", [-1e4, -3.0, -0.051, -0.049, 1e-3, 0.049, 0.051, 3.9, 4.1, 10.0, 300.0])
def test_loop_function_against_quadrature(t):
    """Both sides of the threshold t = 4 and of the series."""
    found, expected = loop_function(t), vacuum_polarisation(t)
    assert found.real == pytest.approx(expected.real, rel=1e-6, abs=1e-9)
    assert found.imag == pytest.approx(expected.imag, rel=1e-9, abs=1e-12)


def test_mixing_is_real_and_the_known_number_at_rest():
    """-g/69.3 at q^2 = 0; far above all leptons the mixing of Lmu-Ltau vanishes."""
    assert mixing_at((0, 1, -1), 1.0, 0.0) == pytest.approx(loop_mixing((0, 1, -1), 1.0), rel=1e-12)
    assert abs(mixing_at((0, 1, -1), 1.0, 1e12)) < 1e-3 * abs(loop_mixing((0, 1, -1), 1.0))


def loop_ray(mass):
    """Lmu-Ltau with the mixing of its loops, along g."""
    return Ray(lambda g: U1X("Lmu-Ltau", mass=mass, g=g, epsilon="loop"), "g", 1e-8, 1.0)


def by_hand(mass):
    """|epsilon(M^2)|/g of Lmu-Ltau from the quadrature."""
    parts = [np.log(1 / m**2) - vacuum_polarisation(mass**2 / m**2) for m in LEPTONS[1:]]
    return abs(E_CHARGE / (12 * np.pi**2) * (parts[0] - parts[1]))


@pytest.mark.parametrize("mass", [1700.0, 4000.0, 9000.0])
def test_babar_sees_the_mixing_of_a_real_boson(mass):
    """g |epsilon/g| sqrt(BR) = epsilon_line sqrt(BR_photon) with decays of Lmu-Ltau to muons (and taus, neutrinos)."""

    def pair(m):
        r = (m / mass) ** 2
        return (1 + 2 * r) * np.sqrt(1 - 4 * r) if 4 * r < 1 else 0.0

    chosen = limit("babar-visible")
    photon = widths(photon_like(mass, 1e-3))
    share = float((photon["e_e"] + photon["mu_mu"]) / total(photon))
    of_model = pair(LEPTONS[1]) / (pair(LEPTONS[1]) + pair(LEPTONS[2]) + 1.0)
    expected = chosen.line.at(mass)[0] * np.sqrt(share / of_model) / by_hand(mass)
    found = chosen.excluded(loop_ray(mass)).excluded[0][0]
    assert found == pytest.approx(expected, rel=0.03, abs=0)  # couplings shifted by the mixing itself: percent
    at_rest = Ray(lambda g: U1X("Lmu-Ltau", mass=mass, g=g, epsilon=loop_mixing((0, 1, -1), g)), "g", 1e-8, 1.0)
    assert chosen.excluded(at_rest).excluded[0][0] < 0.7 * found


def test_other_mixings_stay_as_given():
    """A number, -g/70 and no mixing mean the same on shell and off; the neutrinos never mix."""
    for epsilon in (0.0, 1e-4, "-g/70"):
        model = U1X("Lmu-Ltau", mass=500.0, g=1e-3, epsilon=epsilon)
        assert model.on_shell == model.couplings
    looped = U1X("Lmu-Ltau", mass=500.0, g=1e-3, epsilon="loop")
    assert looped.on_shell.c_nu == looped.couplings.c_nu
    assert abs(looped.on_shell.c_e.imag) > 0
    assert U1X("B-L", mass=500.0, g=1e-3, epsilon="loop", cutoff="100 GeV").on_shell.c_e.imag != 0


def test_protophobic_boson_is_not_made_by_pions():
    """2 c_u + c_d = 0: rho and omega cancel but for their masses; 100 MeV below 1e-8 of a photon's."""
    for mass in (1.0, 100.0):
        protophobic = Couplings(mass, c_u=(1e-3, 0, 0), c_d=(-2e-3, 0, 0))
        photon = photon_like(mass, 1e-3 / E_CHARGE)
        assert production("pi0", protophobic) < 1e-6 * production("pi0", photon)


@pytest.mark.parametrize("mass", [200.0, 300.0])
def test_pi0_gamma_of_a_gauged_b_boson(mass):
    """alpha alpha_B M^3/(96 pi^3 f_pi^2) (1 - m^2/M^2)^3 |F_omega|^2 (Tulin 2014), f_pi = 92.2 MeV; 3 %."""
    g = 1e-3
    form = abs(vectors()["omega"].propagator(mass)) ** 2
    expected = ALPHA * g**2 / (4 * np.pi) * mass**3 / (96 * np.pi**3 * 92.2**2)
    expected *= (1 - (134.9768 / mass) ** 2) ** 3 * form
    found = radiative_width("pi0", np.full(3, g / 3), mass)
    assert float(found) == pytest.approx(expected, rel=0.03, abs=0)


def test_radiative_peaks_are_the_measured_ones():
    """R = 9 B_ee B/alpha^2 at omega -> pi0 gamma (7.36e-5, 8.35 %) and phi -> eta gamma (2.97e-4, 1.30 %)."""
    for name, mass, product, within in (
        ("pi0", 782.66, 7.36e-5 * 0.0835, 0.1),
        ("eta", 1019.461, 2.97e-4 * 0.0130, 0.8),
    ):
        muons = E_CHARGE**2 * mass / (12 * np.pi)
        found = float(radiative_width(name, E_CHARGE * np.array([2, -1, -1]) / 3, mass)) / muons
        assert found == pytest.approx(9 / ALPHA**2 * product, rel=within)


def test_three_pions_near_threshold_and_beyond():
    """No width below 3 m_pi; close to it, three pions in relative p waves, the fourth power of the kinetic energy."""
    assert phase_space("pi_pi_pi", 418.0) == 0.0
    low, high = (phase_space("pi_pi_pi", 3 * 139.57039 + e) for e in (1.0, 2.0))
    assert np.log2(high / low) == pytest.approx(4.0, abs=0.15)


def test_peaks_of_omega_and_phi():
    """Total hadronic R at the peaks: 9 B_ee/alpha^2 = 11.7 (omega) and 50.1 (phi), +- 10 %, pi pi apart."""
    for name, expected in (("omega", 9 / ALPHA**2 * 6.0e-4 / 8.68), ("phi", 9 / ALPHA**2 * 1.26e-3 / 4.249)):
        mass = vectors()[name].mass
        muons = E_CHARGE**2 * mass / (12 * np.pi)
        assert float(widths(photon_like(mass, 1.0))["hadrons"]) / muons == pytest.approx(expected, rel=0.1)


def test_babar_invisible_reaches_its_last_mass_without_a_warning():
    """The mediator recoils against a photon: its energy exceeds its mass up to the energy of the collision."""
    chosen = limit("babar-invisible")
    found = chosen.excluded(Ray(lambda g: U1X("B-L", mass=6000.0, g=g), "g", 1e-6, 1.0))
    assert found.status == "ok"
    energy = (10580.0**2 + 6000.0**2) / (2 * 10580.0)
    assert chosen._boost(6000.0) == pytest.approx(np.sqrt((energy / 6000.0) ** 2 - 1), rel=1e-12)


def test_mesons_are_those_of_the_particle_data_group():
    """Masses 0.01 %, widths 2 % (the rho is quoted between 147 and 150 MeV); shares of the widths add up to one."""
    particle = pytest.importorskip("particle")
    for name, known in (("rho(770)0", "rho"), ("omega(782)", "omega"), ("phi(1020)", "phi")):
        listed, ours = particle.Particle.from_name(name), vectors()[known]
        assert ours.mass == pytest.approx(listed.mass, rel=1e-4)
        assert ours.width == pytest.approx(listed.width, rel=0.02)
        assert sum(ours.modes.values()) == pytest.approx(1.0, abs=1e-9)
    for name, known, share in (("pi0", "pi0", 0.988), ("eta", "eta", 0.394)):
        listed, ours = particle.Particle.from_name(name), pseudoscalars()[known]
        assert ours.mass == pytest.approx(listed.mass, rel=1e-4)
        assert ours.two_photons == pytest.approx(listed.width * share, rel=0.03)
