"""The History object: files, dictionaries, bad paths."""

import json

import numpy as np
import pytest

import nuportal as nup
from nuportal.cosmology.history import Caution
from nuportal.errors import DataFileError, OutputError
from nuportal.solvers.status import Status


@pytest.fixture(scope="module")
def history():
    return nup.evolve(nup.U1X("B-L", mass="10 MeV", g=1e-11), treatment="temperatures", flavours="separate", rtol=1e-5)


def test_netcdf_keeps_everything(history, tmp_path):
    path = history.save(tmp_path / "h.nc")
    again = nup.History.load(path)
    assert again.neff == history.neff
    assert again.status is Status.OK
    assert again.warnings == (Caution.NOT_THERMALISED,)
    assert again.provenance == history.provenance
    for name in ("a", "t", "hubble", "t_gamma", "t_nu", "t_boson", "rho_em", "rho_nu", "rho_boson", "neff_evolution"):
        np.testing.assert_array_equal(getattr(again, name), getattr(history, name))


def test_csv_has_header_and_columns(history, tmp_path):
    lines = history.save(tmp_path / "h.csv").read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    assert any("nuportal_version" in line for line in header)
    columns = lines[len(header)].split(",")
    assert columns[:4] == ["a", "t_s", "H_MeV", "T_gamma_MeV"]
    assert "T_nu_tau_MeV" in columns
    values = np.loadtxt(lines[len(header) + 1 :], delimiter=",")
    assert values.shape == (len(history.t), len(columns))
    assert values[-1, columns.index("N_eff")] == pytest.approx(history.neff, rel=1e-5)


def test_dataset_names_its_units(history):
    dataset = history.to_dataset()
    assert dataset["t_gamma"].attrs["units"] == "MeV"
    assert list(dataset["bath"].to_numpy()) == ["e", "mu", "tau"]
    assert dataset.attrs["neff"] == history.neff


def test_densities_and_expansion_are_consistent(history):
    planck_mass = 1.22089e22
    hubble = np.sqrt(8 * np.pi * history.rho_total / 3) / planck_mass
    np.testing.assert_allclose(history.hubble, hubble, rtol=1e-12)
    assert np.all(np.diff(history.t) > 0)
    assert np.all(np.diff(history.a) > 0)


def test_summary_is_plain_json(history):
    summary = json.loads(json.dumps(history.to_dict(), allow_nan=False))
    assert summary["status"] == "OK"
    assert summary["neff"] == history.neff
    assert summary["theory_error"] > 0


@pytest.mark.parametrize("name", ["h.txt", "a_file/h.nc", "a_file/h.csv"])
def test_bad_output_is_one_line(history, tmp_path, name):
    (tmp_path / "a_file").write_text("not a folder")
    with pytest.raises(OutputError) as raised:
        history.save(tmp_path / name)
    assert "\n" not in str(raised.value)


def test_truncated_file_is_refused(history, tmp_path):
    path = history.save(tmp_path / "h.nc")
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(DataFileError, match=r"h\.nc"):
        nup.History.load(path)


def test_another_file_is_refused(tmp_path):
    import xarray as xr

    path = tmp_path / "other.nc"
    xr.Dataset({"x": ("n", [1.0])}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(DataFileError):
        nup.History.load(path)


def test_every_status_says_what_to_do():
    assert len({status.message for status in Status}) == len(Status)


def test_arrays_cannot_be_written(history):
    for array in (history.t_gamma, history.rho_nu, history.neff_evolution[:0]):
        assert array.size == 0 or not array.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        history.t_gamma[0] = 1.0
    with pytest.raises(TypeError, match="cannot be changed"):
        history.details["fate"] = "decayed"


def test_short_text_and_html(history):
    text = repr(history)
    assert text.count("\n") < 9
    assert len(text) < 900
    for part in (f"{history.neff:.4f}", "temperatures", "start thermal", "converged", "start='zero'"):
        assert part in text
    assert "start=&#x27;zero&#x27;" in history._repr_html_()


def test_number_density_of_each_bath(history):
    """n = 3 zeta(3)/(2 pi^2) T^3 of one flavour without chemical potential; three times that of a common bath."""
    one = 1.5 * 1.2020569031595942 / np.pi**2
    np.testing.assert_allclose(history.n_nu, one * history.t_nu**3, rtol=1e-10)
    common = nup.evolve(treatment="temperatures")
    np.testing.assert_allclose(common.n_nu, 3 * one * common.t_nu**3, rtol=1e-10)


@pytest.mark.parametrize("panel", ["temperatures", "neff", "densities", "dark", "all"])
def test_panels(history, panel):
    figure = history.plot(panel)
    assert len(figure.axes) == (3 if panel == "all" else 1)
    assert all(axes.get_lines() for axes in figure.axes)


@pytest.mark.parametrize(("panel", "said"), [("potential", "zero"), ("spectra", "momenta"), ("density", "densities")])
def test_panels_that_are_refused(history, panel, said):
    with pytest.raises(nup.NuportalError, match=said):
        history.plot(panel)
