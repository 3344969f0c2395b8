"""Experiment folders, their errors, and predictions against brute force."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import nuportal as nup
from nuportal.errors import DataFileError, UnknownNameError
from nuportal.experiments.measurement import experiment, names
from nuportal.experiments.prediction import Prediction
from nuportal.processes import electron_scattering


@pytest.fixture
def folder(tmp_path):
    source = experiment("xenon1t_sr1").path
    return Path(shutil.copytree(source, tmp_path / "mine"))


def test_names_and_user_folder(folder):
    counting = ["coherent_ar", "coherent_csi", "coherent_ge", "conus_plus", "lz_8b", "pandax_8b", "xenonnt_8b"]
    assert names() == sorted(["borexino_phase2", "lz_ws2022", "lz_ws2024", "xenon1t_sr1", "xenonnt_sr0", *counting])
    assert experiment("xenonnt").key == "xenonnt_sr0"
    assert experiment("conus").kind == "nuclear"
    model = nup.U1X("B-L", mass="10 keV", g=3e-7)
    mine = nup.recoil_spectrum(model, folder)
    assert np.allclose(mine.signal, nup.recoil_spectrum(model, "XENON1T-SR1").signal)
    with pytest.raises(UnknownNameError, match="did you mean"):
        experiment("xenon1t_sr2")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("measurement.toml", "value = 0.647310", "value = -1", r"measurement.toml, line \d+: exposure.value"),
        ("measurement.toml", "sqrt = 0.310", "sqrt = 0.310\ntypo = 1", r"line \d+: resolution.typo"),
        ("measurement.toml", 'target = "xenon"', 'target = "xenom"', "did you mean 'xenon'"),
        ("measurement.toml", "kind = ", "kind = = ", "measurement.toml: "),
        ("bins.csv", "2,3,61,", "2,2,61,", "bins.csv, line 6: empty bin"),
        ("bins.csv", "2,3,61,", "2,3,x,", "bins.csv, line 6: counts = 'x' is not a number"),
        ("bins.csv", "2,3,61,", "2,3,", "bins.csv, line 6: 3 fields where 4"),
        ("refs.bib", "XENON:2020rca", "Other", "no entry 'XENON:2020rca'"),
    ],
)
def test_malformed_folder_names_file_and_line(folder, file, old, new, message):
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    with pytest.raises(DataFileError, match=message):
        experiment(folder)


def test_prediction_is_the_direct_fold():
    """Decomposed counts equal a fold of the full cross-section, flavour by flavour."""
    model = nup.U1X("Le-Lmu", mass="30 keV", g=4e-7)
    prediction = Prediction("xenon1t_sr1")

    def full(t, e, f):
        return electron_scattering.cross_section(t, e, f, model.couplings)

    rate = prediction.sun.fold(prediction.recoil, full).sum(axis=0)
    expected = prediction.response.matrix @ rate
    total = prediction.sm.sum(axis=0) + prediction.excess(model).sum(axis=0)
    assert total == pytest.approx(expected, rel=1e-5)
    assert prediction.excess_total(model.couplings) == pytest.approx(prediction.excess(model).sum(axis=0), rel=1e-9)


def test_spectrum_saves_and_says_zero(tmp_path):
    import xarray

    spectrum = nup.recoil_spectrum(nup.DipolePortal("20 MeV", "1e-9 mu_B"), "lz_ws2022")
    assert not spectrum.signal.any()
    assert "kinematic reach" in spectrum.notes[0]
    with xarray.open_dataset(spectrum.save(tmp_path / "x.nc"), engine="h5netcdf") as data:
        assert data.attrs["references"].startswith("LZ:2022lsv")
        assert data["counts"].sum() == 471
