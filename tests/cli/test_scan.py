"""`nuportal scan` end to end: files, JSON, resume, bad input."""

import json

import pytest

from nuportal.cli.app import main

AXES = ("--x", "mass=2MeV:20MeV:3", "--x", "g=1e-9:1e-5:2", "--x", "epsilon=1e-9:1e-7:2")


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(["scan", *arguments])
    return stop.value.code


def main_prints(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    assert stop.value.code == 0
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_three_parameters_to_three_files(tmp_path, capsys):
    """The netCDF file, the table and the summary hold the same; the second run reads the file."""
    import xarray

    asked = ("--observable", "ratio:borexino,excluded", "--observable", "loglike", "--constraints", "borexino,e137")
    outputs = ("-o", "s.nc", "-o", "s.csv", "-o", "s.json")
    assert run("B-L", *AXES, *asked, *outputs, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sizes"] == {"mass": 3, "g": 2, "epsilon": 2}
    assert [row["observable"] for row in found["observables"]] == ["ratio:borexino", "excluded", "loglike"]
    assert json.loads((tmp_path / "s.json").read_text()) == found
    with xarray.open_dataset("s.nc", engine="h5netcdf") as file:
        assert float(file["ratio:borexino"].max()) == found["observables"][0]["max"]
        assert file.attrs["input_hash"] == found["input_hash"]
    assert len([line for line in (tmp_path / "s.csv").read_text().splitlines() if line[0] != "#"]) == 13
    assert main_prints(capsys, "cite", "s.nc").count("@article") >= 2
    before = (tmp_path / "s.nc").read_bytes()
    assert run("B-L", *AXES, *asked, *outputs) == 0
    assert "3 mass x 2 g x 2 epsilon" in capsys.readouterr().out
    assert (tmp_path / "s.nc").read_bytes() == before


def test_options_and_fixed_values_reach_the_calculation(capsys):
    """Temperatures of a thermal start at a fixed coupling: the value of `nuportal neff`."""
    import nuportal as nup

    given = ("--x", "mass=10MeV:20MeV:2", "--g", "1e-7", "--treatment", "temperatures", "--start", "thermal")
    assert run("B-L", *given, "--json", "-o", "n.json") == 0
    (row,) = json.loads(capsys.readouterr().out)["observables"]
    history = nup.evolve(nup.U1X("B-L", "10 MeV", 1e-7), treatment="temperatures", start="thermal")
    assert row["max"] == pytest.approx(history.neff, rel=1e-12)


def test_points_of_a_table(tmp_path, capsys):
    """A point that the model refuses is counted with its reason."""
    (tmp_path / "points.csv").write_text("mass, g\n10 MeV, 1e-7\n1 keV, 1e-9\n10 MeV, 20\n")
    assert run("B-L", "--table", "points.csv", "--observable", "ratio:borexino") == 0
    out = capsys.readouterr().out
    assert "scan of 3 point" in out
    assert "no ratio:borexino at 1 of 3: g = 20 is not allowed" in out
    assert (tmp_path / "scan_B-L.nc").is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("B-L",), "give either axes"),
        (("B-L", "--x", "mass=1MeV:10MeV:3"), "g of B-L is missing"),
        (("B-L", *AXES, "--observable", "neff,,Y_p"), "a name of an observable is empty"),
        (("B-L", *AXES, "--observable", "Yp"), "unknown observable 'Yp'; did you mean 'Y_p'?"),
        (("B-L", *AXES, "-o", "a.nc", "-o", "b.nc"), "give one netCDF file"),
        (("B-L", *AXES, "-o", "a.png"), "the file type must be one of .nc, .csv, .json"),
        (("B-L", *AXES, "--executor", "nonsense"), "unknown executor 'nonsense'"),
    ],
)
def test_bad_input_is_one_line(arguments, says, tmp_path, capsys):
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
