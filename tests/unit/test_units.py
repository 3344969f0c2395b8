"""Strings with units at the boundary."""

import pytest

from nuportal.constants import CHARGED_LEPTON_MASSES, M_E, M_W, M_Z, MU_B
from nuportal.errors import NuportalError, ParameterError, UnitError
from nuportal.units import energy, format_energy, moment


@pytest.mark.parametrize(
    ("text", "mev"),
    [("10 MeV", 10), ("10MeV", 10), ("100 eV", 1e-4), ("1e-3 GeV", 1), (".5 keV", 5e-4), ("3", 3), (2.5, 2.5)],
)
def test_energies(text, mev):
    assert energy(text) == pytest.approx(mev, rel=1e-15)


def test_moments():
    assert moment("1e-11 mu_B") == pytest.approx(1e-11 * MU_B)
    assert moment("1 GeV^-1") == pytest.approx(1e-3)
    assert MU_B == pytest.approx(0.29628, rel=1e-4)  # 296.3 GeV^-1, 1803.03262


@pytest.mark.parametrize("text", ["ten MeV", "10 mev", "10 kg", "", "MeV", "1e-11 mu_B", "1 2 MeV"])
def test_text_that_is_no_energy(text):
    with pytest.raises(UnitError, match="mass"):
        energy(text, "mass")


@pytest.mark.parametrize("given", ["-1 MeV", "0 MeV", "nan", "inf MeV", float("nan"), -3, True, None])
def test_energies_out_of_range(given):
    with pytest.raises(ParameterError, match="mass"):
        energy(given, "mass")


def test_case_tells_milli_from_mega():
    assert energy("1 MeV") == 1e9 * energy("1 meV")


@pytest.mark.parametrize("mev", [1e-7, 1e-4, 0.01, 0.511, 1.0, 99.0, 1e5])
def test_formatted_energies_read_back(mev):
    assert energy(format_energy(mev, digits=12)) == pytest.approx(mev, rel=1e-11)


def test_masses_agree_with_the_particle_data_group():
    particle = pytest.importorskip("particle").Particle
    for pdgid, mass in zip((11, 13, 15), CHARGED_LEPTON_MASSES, strict=True):
        assert particle.from_pdgid(pdgid).mass == pytest.approx(mass, rel=1e-4)
    assert particle.from_pdgid(23).mass == pytest.approx(M_Z, rel=1e-4)
    assert particle.from_pdgid(24).mass == pytest.approx(M_W, rel=1e-3)
    assert M_E == pytest.approx(0.51099895)


def test_every_error_is_one_kind():
    assert issubclass(UnitError, NuportalError) and issubclass(ParameterError, NuportalError)
