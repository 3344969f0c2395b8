"""History.yields: what of a history reaches nucleosynthesis, and what the result says of itself."""

import json
from dataclasses import replace

import numpy as np
import pytest

import nuportal as nup
from nuportal.cosmology.nucleosynthesis.background import ThermalNeutrinos
from nuportal.cosmology.nucleosynthesis.from_history import background_of
from nuportal.cosmology.nucleosynthesis.sensitivity import theory
from nuportal.cosmology.nucleosynthesis.yields import yields
from nuportal.errors import NotApplicableError
from nuportal.solvers.status import Status


@pytest.fixture(scope="module")
def history():
    return nup.evolve(nup.U1X("Lmu-Ltau", mass=5, g=1e-6), treatment="temperatures", flavours="separate")


def test_electron_neutrinos_are_the_first_bath(history):
    background = background_of(history)
    assert isinstance(background.neutrinos, ThermalNeutrinos)
    np.testing.assert_array_equal(background.neutrinos.temperature, history.t_nu[:, 0])
    assert history.yields().Y_p == yields(background).Y_p
    swapped = replace(history, t_nu=history.t_nu[:, ::-1])
    assert abs(swapped.yields().Y_p - history.yields().Y_p) > 1e-3


def test_chemical_potential_is_followed(history):
    """mu_nu of a history is in MeV."""
    with_mu = replace(history, mu_nu=0.05 * history.t_nu)
    np.testing.assert_allclose(background_of(with_mu).neutrinos.mu_over_t, 0.05)
    assert with_mu.yields().Y_p < history.yields().Y_p - 2e-3


def test_errors_of_the_history_are_carried(history):
    bare, found = yields(background_of(history)), history.yields()
    extra = np.sqrt(found.theory_error**2 - bare.theory_error**2)
    assert bare.theory_error[0] == theory()["thermal"]["Y_p"]
    assert extra[0] == pytest.approx(0.025 * history.theory_error, rel=1e-6)
    assert extra[1] == pytest.approx(0.134 * found.D_H * history.theory_error, rel=1e-6)
    extra = np.sqrt(found.numerical_error**2 - bare.numerical_error**2)
    assert extra[:2] == pytest.approx(np.array([0.025, 0.134 * found.D_H]) * history.numerical_error, rel=1e-3)
    warned = replace(history, warnings=nup.evolve(nup.U1X("B-L", mass=10, g=1e-11), treatment="temperatures").warnings)
    assert warned.yields().warnings and "start='zero'" in warned.yields().warnings[0]


def test_a_failed_history_gives_its_status():
    failed = replace(nup.evolve(treatment="temperatures"), neff=float("nan"), status=Status.TOO_MANY_STEPS)
    found = failed.yields()
    assert found.status == Status.TOO_MANY_STEPS
    assert np.isnan(found.values).all()
    assert json.dumps(found.to_dict(), allow_nan=False)
    with pytest.raises(NotApplicableError, match="step limit"):
        found.plot()


def test_result_in_words_and_numbers(history):
    found = history.yields(0.0225, 877.75, "recommended2026")
    report = found.to_dict()
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert (report["Y_p"], report["D_H"]) == (found.Y_p, found.D_H)
    assert (report["omega_b"], report["tau_n"], report["rates"]) == (0.0225, 877.75, "recommended2026")
    assert report["neff"] == history.neff
    assert json.loads(found.provenance["options"])["rates"] == "recommended2026"
    assert history.provenance["input_hash"] in found.provenance["model"]
    assert history.yields().provenance["input_hash"] != found.provenance["input_hash"]
    np.testing.assert_allclose(found.errors**2, np.diag(found.covariance))
    assert len(repr(found)) < 600


def test_picture_of_abundances(history, tmp_path):
    from nuportal.plotting.style import save

    figure = history.yields().plot()
    axes = figure.axes[0]
    assert len(axes.get_lines()) == 8
    assert "primat2023" in axes.get_title()
    helium = axes.get_lines()[5]
    assert helium.get_ydata()[-1] == pytest.approx(history.yields().Y_p / 4)
    assert axes.get_xlim()[0] > axes.get_xlim()[1]
    assert save(figure, tmp_path / "a.svg").stat().st_size > 10_000
