"""Neutrino-electron scattering against explicit traces, reference values and limits."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.constants import ALPHA, G_F, HBAR_C_CM, M_E
from nuportal.errors import UnknownNameError
from nuportal.processes import electron_scattering as es
from nuportal.processes.recoil_kinematics import minimum_neutrino_energy, recoil_range, threshold_energy

PER_KEV = HBAR_C_CM**2 * 1e-3  # MeV^-3 -> cm^2/keV


def weak_and_vector(dirac, recoil, energy, couplings, g_left, g_right, *, antineutrino):
    """dsigma/dT from the sum of the contact weak amplitude and the exchange of the vector, index by index."""
    k, p, k_out, p_out = dirac.momenta(recoil, energy, M_E)
    weak = -2 * np.sqrt(2) * G_F
    vector = -couplings.c_e * couplings.c_nu[0] / (2 * M_E * recoil + couplings.mass**2)
    electron = [weak * g @ (g_left * dirac.left + g_right * dirac.right) + vector * g for g in dirac.gamma]
    first, last = (dirac.slash(k), dirac.slash(k_out)) if antineutrino else (dirac.slash(k_out), dirac.slash(k))
    neutrino = [g @ dirac.left for g in dirac.gamma]

    def electron_trace(a, b):
        mass = M_E * dirac.one
        return np.trace((dirac.slash(p_out) + mass) @ electron[a] @ (dirac.slash(p) + mass) @ dirac.bar(electron[b]))

    def neutrino_trace(a, b):
        return np.trace(first @ neutrino[a] @ last @ dirac.bar(neutrino[b]))

    return dirac.cross_section(dirac.contract(electron_trace, neutrino_trace), energy, M_E)


@pytest.mark.parametrize("particle", ["neutrino", "antineutrino"])
@pytest.mark.parametrize(("recoil", "energy"), [(2e-3, 0.3), (0.1, 0.862), (3.0, 9.0)])
@pytest.mark.parametrize(("mass", "c_e", "c_nu"), [(0.0, 1e-6, -1e-6), (0.05, 3e-6, 1e-6), (20.0, -1e-4, 2e-5)])
def test_vector_is_the_trace(dirac, recoil, energy, mass, c_e, c_nu, particle):
    couplings = nup.Couplings(mass, c_e=c_e, c_nu=(c_nu, 0.0, 0.0))
    left, right = (float(g) for g in es.weak_couplings(recoil, "e"))
    expected = weak_and_vector(dirac, recoil, energy, couplings, left, right, antineutrino=particle == "antineutrino")
    assert es.cross_section(recoil, energy, "e", couplings, particle=particle) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize(("recoil", "energy", "mass"), [(2e-3, 0.3, 0.0), (0.4, 2.0, 0.3), (7.0, 9.0, 5.0)])
def test_scalar_is_the_trace(dirac, recoil, energy, mass):
    """The coefficient is m_e T (T + 2 m_e)/(8 pi E^2), half of what physics/3 prints before "derive and check"."""
    k, p, k_out, p_out = dirac.momenta(recoil, energy, M_E)
    unit = M_E * dirac.one
    electron = np.trace((dirac.slash(p_out) + unit) @ (dirac.slash(p) + unit))
    neutrino = np.trace(dirac.slash(k_out) @ dirac.left @ dirac.slash(k) @ dirac.bar(dirac.left))
    c_e, c_nu = 2e-6, 3e-6
    amplitude = electron * neutrino * (c_e * c_nu / (2 * M_E * recoil + mass**2)) ** 2
    expected = dirac.cross_section(amplitude, energy, M_E)
    couplings = nup.ScalarMediator(mass=mass, g_e=c_e, g_nu=c_nu, flavour="mu").couplings
    found = es.cross_section(recoil, energy, "mu", couplings) - es.cross_section(recoil, energy, "mu")
    assert found == pytest.approx(expected, rel=1e-9)
    assert es.cross_section(recoil, energy, "e", couplings) == es.cross_section(recoil, energy, "e")


def test_vector_shifts_the_weak_mixing_angle():
    """Contact limit: an electron-universal vector equals a shift of sin^2 theta_W, in gL and gR alike."""
    shift = 0.01
    mass, product = 1e5, 0.01 * 2 * np.sqrt(2) * G_F * 1e10
    couplings = nup.Couplings(mass, c_e=product, c_nu=(1.0, 1.0, 1.0))
    recoil, energy = np.array([0.01, 0.3]), 1.0
    left, right = (g + shift for g in es.weak_couplings(recoil, "mu"))
    y = recoil / energy
    expected = 2 * G_F**2 * M_E / np.pi * (left**2 + right**2 * (1 - y) ** 2 - left * right * M_E * recoil / energy**2)
    assert es.cross_section(recoil, energy, "mu", couplings) == pytest.approx(expected, rel=1e-9)


def test_interference_alone_fails_for_a_light_mediator():
    """ghosh2023 eq. 14 is the term linear in delta; eq. 15 keeps only that one, which misses most of the signal."""
    couplings = nup.U1X("B-L", mass="10 keV", g=3e-7).couplings
    recoil, energy = 2e-3, 0.3
    left, right = (float(g) for g in es.weak_couplings(recoil, "e"))
    y, r = recoil / energy, M_E * recoil / energy**2
    printed = (
        np.sqrt(2) * G_F * M_E / np.pi * couplings.c_e * couplings.c_nu[0] / (2 * recoil * M_E + couplings.mass**2)
    ) * ((left + right) * (1 - r / 2) - right * y * (2 - y))
    terms = es.coefficients(recoil, energy, "e")
    shift = es.vector_shift(recoil, couplings, "e")
    assert shift * terms.interference == pytest.approx(printed, rel=1e-11)
    assert shift**2 * terms.quadratic > 1.2 * shift * terms.interference


def test_radiative_couplings():
    """Numbers of Bahcall, Kamionkowski and Sirlin as restated in physics/3."""
    assert [float(g) for g in es.weak_couplings(0.0, "e")] == pytest.approx([0.7229, 0.2292], abs=6e-5)
    assert [float(g) for g in es.weak_couplings(0.0, "tau")] == pytest.approx([-0.2729, 0.2334], abs=6e-5)
    assert [float(g) for g in es.weak_couplings(5.0, "e")] == pytest.approx([0.7235, 0.2298], abs=6e-5)
    assert es.charge_radius_integral([0.01, 0.6, 5.0]) == pytest.approx([0.0013, 0.0635, 0.26], rel=0.02)
    recoil = np.array([1e-3, 0.02, 0.05, 0.054, 0.1], dtype=np.longdouble)  # the series ends at 0.054 MeV
    x = np.sqrt(1 + 2 * np.longdouble(M_E) / recoil)
    closed = (1 / np.longdouble(3) + (3 - x * x) * (x / 2 * np.log((x + 1) / (x - 1)) - 1)) / 6
    assert es.charge_radius_integral(recoil.astype(float)) == pytest.approx(closed.astype(float), rel=1e-9)


def test_high_energy_limit():
    """int dsigma/dT dT -> (2 G_F^2 m_e E/pi) (gL^2 + gR^2/3) for E >> m_e, all flavours."""
    energy = 2e4
    x, w = np.polynomial.legendre.leggauss(40)
    recoil = energy * (x + 1) / 2
    for flavour in ("e", "mu"):
        total = np.sum(w * energy / 2 * es.cross_section(recoil, energy, flavour, radiative="common"))
        left, right = (float(g) for g in es.weak_couplings(1.0, flavour, radiative="common"))
        expected = 2 * G_F**2 * M_E * energy / np.pi * (left**2 + right**2 / 3)
        assert total == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("mass", [M_E, 1.2e5])
@pytest.mark.parametrize("m4", [0.0, 0.3, 5.0])
def test_kinematic_limits(mass, m4):
    """The ends of the recoil spectrum are those of the centre-of-mass angles 0 and pi; E_min is their inverse."""
    energy = threshold_energy(m4, mass) * 1.3 + 0.5
    given, mass = mass, np.longdouble(mass)  # the centre-of-mass energies cancel to 1e-10 for a nucleus
    s = mass**2 + 2 * mass * energy
    root = np.sqrt(s)
    p_in, e_in = (s - mass**2) / (2 * root), (s + mass**2) / (2 * root)
    e_out = (s + mass**2 - m4**2) / (2 * root)
    p_out = np.sqrt(e_out**2 - mass**2)
    ends = [(e_in * e_out + sign * p_in * p_out) / mass - mass for sign in (-1, 1)]
    mass = given
    least, largest = recoil_range(energy, mass, m4)
    assert largest == pytest.approx(float(ends[1]), rel=1e-8)
    assert least == pytest.approx(float(ends[0]), rel=1e-6, abs=1e-13)
    assert minimum_neutrino_energy(largest, mass, m4) == pytest.approx(energy, rel=1e-9)
    if m4 > 0:
        assert np.all(np.isnan(recoil_range(0.999 * threshold_energy(m4, mass), mass, m4)))
        assert np.isinf(minimum_neutrino_energy(0.0, mass, m4))


def test_zero_outside_the_kinematic_range():
    energy = 0.862
    largest = 2 * energy**2 / (M_E + 2 * energy)
    recoil = largest * np.array([-0.1, 0.0, 0.999999, 1.000001, 3.0])
    value = es.cross_section(recoil, energy, "e")
    assert (value > 0).tolist() == [False, True, True, False, False]
    assert es.cross_section(0.01, [0.0, -1.0], "e").tolist() == [0.0, 0.0]


def test_unknown_options():
    with pytest.raises(UnknownNameError, match="did you mean 'tau'"):
        es.cross_section(0.01, 1.0, "tauu")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="did you mean 'common'"):
        es.cross_section(0.01, 1.0, "e", radiative="commn")  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="unknown particle 'positron'"):
        es.cross_section(0.01, 1.0, "e", particle="positron")  # type: ignore[arg-type]


def test_hidden_neutrino_is_the_trace(dirac):
    """bally2020 eq. 2 with finite masses; `test_bally_eq2_misses_the_charge` covers the printed limit."""
    from nuportal.processes import hidden_scattering

    for recoil, energy, n_mass in [(2e-3, 0.3, 0.0), (2e-3, 0.4, 0.02), (0.05, 2.0, 0.3), (1.0, 9.0, 0.9)]:
        model = nup.HiddenNeutrino(mass="3 keV", g=0.1, mixing=1e-3, chi=1e-8, n_mass=n_mass)
        k, p, k_out, p_out = dirac.momenta(recoil, energy, M_E, n_mass)
        mass = M_E * dirac.one

        def electron(a, b, p=p, p_out=p_out, mass=mass):
            return np.trace((dirac.slash(p_out) + mass) @ dirac.gamma[a] @ (dirac.slash(p) + mass) @ dirac.gamma[b])

        def neutral(a, b, k=k, k_out=k_out, n_mass=n_mass):
            vertex = [g @ dirac.left for g in dirac.gamma]
            return np.trace(
                (dirac.slash(k_out) + n_mass * dirac.one) @ vertex[a] @ dirac.slash(k) @ dirac.bar(vertex[b])
            )

        propagator = 1 / (2 * M_E * recoil + float(model.mass) ** 2)
        amplitude = dirac.contract(electron, neutral) * (model.c_e * model.c_nu_n * propagator) ** 2
        expected = dirac.cross_section(amplitude, energy, M_E)
        assert hidden_scattering.cross_section(recoil, energy, model) == pytest.approx(expected, rel=1e-10)
        below = minimum_neutrino_energy(recoil, M_E, n_mass) * 0.9999
        assert hidden_scattering.cross_section(recoil, below, model) == 0


def test_bally_eq2_misses_the_charge():
    """ "as-printed" is bally2020 eq. 2 to rounding; the charge of J_em multiplies it by e^2 = 4 pi alpha."""
    from nuportal.processes import hidden_scattering

    recoil, energy, product = 2e-3, 0.3, 2e-13
    c_w2 = 1 - 0.23122
    shape = 1 + (1 - recoil / energy) ** 2 - M_E * recoil / energy**2
    printed = product**2 * c_w2 / (16 * np.pi * M_E * recoil**2) * shape
    models = {c: nup.HiddenNeutrino(g=0.1, mixing=2e-4, chi=1e-8, convention=c) for c in ("as-printed", "with-e")}
    found = {c: hidden_scattering.cross_section(recoil, energy, m) for c, m in models.items()}
    assert found["as-printed"] == pytest.approx(printed, rel=1e-11)
    assert found["with-e"] / found["as-printed"] == pytest.approx(4 * np.pi * ALPHA, rel=1e-9)
