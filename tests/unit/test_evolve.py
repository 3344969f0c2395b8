"""`evolve`: which solver answers, what may be combined, and what it says to wrong input."""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
import pytest

import nuportal as nup
from nuportal.cosmology import evolve as door
from nuportal.cosmology.temperatures.options import options
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError
from nuportal.plasma import neutrinos

B_L = nup.U1X("B-L", mass="10 MeV", g=1e-8)
LIGHT = nup.VectorMediator("1 keV", g_e=1e-9, g_nu=1e-10)


def test_presets_and_keywords_choose_the_options():
    """Keywords and options that say the same give the same numbers and the same stored options."""
    pairs = (
        (nup.evolve(B_L, treatment="temperatures"), nup.evolve(B_L, options=nup.ThermalOptions())),
        (nup.evolve(B_L, preset="ghosh"), nup.evolve(B_L, options=options("ghosh"))),
        (
            nup.evolve(B_L, treatment="temperatures", flavours="separate", start="zero", rtol=1e-6),
            nup.evolve(B_L, options=nup.ThermalOptions(flavours="separate", start="zero", rtol=1e-6)),
        ),
        (nup.evolve(LIGHT, preset="ibe"), nup.evolve(LIGHT, options=nup.FluidOptions("ibe"))),
        (nup.evolve(LIGHT, preset="ibe", rtol=1e-3), nup.evolve(LIGHT, options=nup.FluidOptions("ibe", rtol=1e-3))),
    )
    for one, other in pairs:
        assert one.neff == other.neff
        assert one.options == other.options
    assert len({one.neff for one, _ in pairs}) == len(pairs)
    assert nup.evolve(B_L, preset="ghosh").options["start"] == "thermal"


def test_momenta_are_the_default():
    """B-L, 10 MeV, 1e-7: 3.219 of two prototypes written apart; temperatures give 3.381."""
    found = nup.evolve(nup.U1X("B-L", mass="10 MeV", g=1e-7))
    assert found.options["treatment"] == "momenta"
    assert found.neff == pytest.approx(3.219, abs=2 * np.hypot(found.numerical_error, found.theory_error))
    assert found.spectra.occupation.shape == (len(found.a), 3, len(found.spectra.momentum))
    p = found.spectra.momentum
    number = np.sum(p**2 * found.spectra.occupation[-1, 0] * np.gradient(p)) / np.pi**2 / found.a[-1] ** 3
    assert number == pytest.approx(found.n_nu[-1, 0], rel=2e-3)
    assert np.max(np.abs(found.distortion(a=found.a[0]))) < 1e-6


def test_high_accuracy_is_within_the_stated_error():
    for model, keywords in ((B_L, {"treatment": "temperatures"}), (LIGHT, {"preset": "ibe"})):
        plain, fine = (nup.evolve(model, accuracy=accuracy, **keywords) for accuracy in ("standard", "high"))
        assert 0 < abs(plain.neff - fine.neff) < plain.numerical_error
        assert fine.numerical_error < plain.numerical_error


@pytest.mark.parametrize(
    ("model", "keywords", "error", "text"),
    [
        ("B-L", {}, ParameterError, "not 'B-L'"),
        (nup.DipolePortal("1 MeV", "1e-9 mu_B"), {}, ParameterError, "U1X, VectorMediator, ScalarMediator or None"),
        (nup.VectorMediator(0, g_e=1e-7), {}, NotApplicableError, "mass = 0"),
        (B_L, {"treatment": "temperature"}, UnknownNameError, "did you mean 'temperatures'"),
        (B_L, {"treatment": "temperatures", "flavours": "oscillating"}, ParameterError, "common or separate"),
        (B_L, {"treatment": "temperatures", "mixing": "on"}, ParameterError, "mixing = 'on' is not available"),
        (B_L, {"treatment": "temperatures", "preset": "ibe"}, ParameterError, "preset='ibe'"),
        (B_L, {"preset": "ghos"}, UnknownNameError, "ghosh"),
        (B_L, {"preset": "ghosh", "flavours": "oscillating"}, ParameterError, "preset='ghosh'"),
        (B_L, {"accuracy": "hi"}, UnknownNameError, "high"),
        (B_L, {"start": "zer"}, UnknownNameError, "zero"),
        (B_L, {"rtol": 1e-6}, ParameterError, "accuracy='high'"),
        (LIGHT, {"preset": "ibe", "start": "thermal"}, ParameterError, "start = 'thermal'"),
        (LIGHT, {"preset": "ibe", "flavours": "separate"}, ParameterError, "common"),
        (None, {"preset": "ibe"}, ParameterError, "not None"),
        (nup.ScalarMediator("5 MeV", 1e-7), {"treatment": "temperatures"}, NotApplicableError, "momenta"),
        (B_L, {"options": nup.ThermalOptions(), "rtol": 1e-6}, ParameterError, "rtol and options"),
        (B_L, {"options": nup.ThermalOptions(), "preset": "ghosh"}, ParameterError, "preset and options"),
        (B_L, {"options": {"rtol": 1e-6}}, ParameterError, "ThermalOptions or FluidOptions"),
    ],
)
def test_wrong_input_is_one_clear_line(model, keywords, error, text):
    with pytest.raises(error) as raised:
        nup.evolve(model, **keywords)
    assert text in str(raised.value)
    assert "\n" not in str(raised.value)


def test_effective_temperature_and_potential_are_those_of_the_number_and_energy():
    """Also where sums over few momenta are off by the same part at all times."""
    t, z = np.array([[2.0, 2.0, 2.0], [0.7, 1.0, 1.5]]), np.array([[0.0, 0.0, 0.0], [-0.1, 0.0, 0.3]])
    number, energy = (f(t, z, 1) for f in (neutrinos.number_density, neutrinos.energy_density))
    for off in (1.0, 1.003):
        found_t, found_mu = door._effective(number * off, energy * off**2, 2.0)
        np.testing.assert_allclose(found_t, t, rtol=1e-9)
        np.testing.assert_allclose(found_mu, t * z, atol=1e-9)


def test_example_of_the_page_prints_what_it_says():
    text = (Path(__file__).resolve().parents[2] / "docs/evolve.md").read_text(encoding="utf-8")
    ((code, printed),) = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "evolve.md", "exec"), {})
    assert out.getvalue() == printed
