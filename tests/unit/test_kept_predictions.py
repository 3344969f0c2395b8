"""Fits keep what they fold of the Standard Model: one object for the same data, Sun and options, and no other."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import nuportal as nup
from nuportal.errors import NuportalError
from nuportal.experiments.measurement import experiment
from nuportal.experiments.prediction import Prediction, prediction


def test_the_same_data_and_options_are_folded_once():
    first = nup.fit("B-L", "xenonnt_sr0", mass="10 keV").predictions[0]
    assert nup.fit("magnetic-moment", "xenonnt").predictions[0] is first
    fresh = Prediction("xenonnt_sr0")
    assert np.array_equal(first.sm, fresh.sm)


@pytest.mark.parametrize(
    "options", [{"flux": "pp"}, {"radiative": "common"}, {"binding": "rrpa"}, {"bin_width": 4.0}, {"model": "BP04"}]
)
def test_other_options_are_another_prediction(options):
    from nuportal.sources.sun import SolarNeutrinos

    if "model" in options:
        options = {"sun": SolarNeutrinos(**options)}
    usual = prediction("xenonnt_sr0")
    other = prediction("xenonnt_sr0", **options)
    assert other is not usual
    assert other.sm.shape != usual.sm.shape or not np.allclose(other.sm, usual.sm, rtol=1e-6)


def test_a_folder_is_read_again_when_it_has_changed(tmp_path):
    """Half the exposure: half the events."""
    place = tmp_path / "mine"
    shutil.copytree(experiment("xenonnt_sr0").path, place)
    before = prediction(str(place)).sm.sum()
    path = Path(place / "measurement.toml")
    spec = experiment(str(place)).spec.exposure
    path.write_text(path.read_text().replace(f"value = {spec.value:g}", f"value = {spec.value / 2:g}", 1))
    assert experiment(str(place)).spec.exposure.value == pytest.approx(spec.value / 2)
    assert prediction(str(place)).sm.sum() == pytest.approx(before / 2)


def test_what_is_no_option_is_refused():
    with pytest.raises(NuportalError):
        prediction("xenonnt_sr0", binding=["step"])  # type: ignore[arg-type]
    with pytest.raises(NuportalError):
        _ = prediction("xenonnt_sr0", radiative="some").sm  # type: ignore[arg-type]
