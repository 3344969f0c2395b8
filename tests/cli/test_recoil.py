"""`nuportal recoil`."""

import json
import shutil

import pytest

from nuportal.cli.app import main
from nuportal.experiments.measurement import experiment

POINT = ["recoil", "B-L", "--mass", "10keV", "--g", "3e-7", "--experiment"]


def run(arguments):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return stop.value.code


def test_json_and_picture(tmp_path, capsys):
    assert run([*POINT, "xenon1t_sr1", "--output", str(tmp_path / "x.png"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert sum(found["counts"]) == 1261
    assert sum(found["signal"]) == pytest.approx(68.0, rel=0.02)
    assert (tmp_path / "x.png").stat().st_size > 10_000


def signal(capsys, *arguments):
    assert run(["recoil", *arguments, "--experiment", "lz_ws2022", "--json"]) == 0
    return sum(json.loads(capsys.readouterr().out)["signal"])


def test_parameters_of_every_family(capsys):
    by_g = signal(capsys, "vector", "--mass", "1keV", "--g", "1e-7")
    assert signal(capsys, "vector", "--mass", "1keV", "--g-e", "1e-8", "--g-nu", "1e-6") == pytest.approx(by_g)
    assert signal(capsys, "vector", "--mass", "1keV", "--product", "1e-14") == pytest.approx(by_g)
    hidden = signal(capsys, "hidden-neutrino", "--product", "1e-13")
    found = signal(capsys, "hidden-neutrino", "--mixing", "1e-4", "--chi", "1e-8", "--g", "0.1")
    assert found == pytest.approx(hidden)
    assert signal(capsys, "hidden-neutrino", "--product", "1e-13", "--n-mass", "200keV") < hidden
    dipole = signal(capsys, "dipole", "--m4", "100keV", "--d", "1e-10")
    assert signal(capsys, "dipole", "--m4", "100keV", "--d", "1e-10mu_B") == pytest.approx(dipole)


def test_narrow_bins_are_merged(capsys):
    assert run([*POINT, "xenonnt_sr0", "--json"]) == 0
    wide = json.loads(capsys.readouterr().out)
    assert run([*POINT, "xenonnt_sr0", "--json", "--bin-width", "0.1"]) == 0
    narrow = json.loads(capsys.readouterr().out)
    assert (len(wide["counts"]), len(narrow["counts"])) == (29, 45)
    assert sum(wide["signal"]) == pytest.approx(sum(narrow["signal"]), rel=1e-6)
    assert wide["counts"][:6] == [4, 11, 14, 12, 11, 13]


@pytest.mark.parametrize(
    "arguments",
    [
        [*POINT, "xenon2t"],
        [*POINT, "./nowhere"],
        [*POINT, "lz_ws2022", "--flux", "ppp"],
        [*POINT, "lz_ws2022", "--solar-model", "B16"],
        POINT[:-1],
        ["recoil", "B-L", "--mass", "10keV", "--experiment", "lz_ws2022"],
        ["recoil", "scalar", "--mass", "1keV", "--d", "1", "--experiment", "lz_ws2022"],
        ["recoil", "vector", "--mass", "1keV", "--g-e", "1e-7", "--experiment", "lz_ws2022"],
        ["recoil", "magnetic-moment", "--d", "1e-11", "--m4", "1keV", "--experiment", "lz_ws2022"],
        ["recoil", "dipole", "--m4", "1keV", "--d", "1e-9 muB", "--experiment", "lz_ws2022"],
    ],
)
def test_bad_input_is_one_line(arguments, tmp_path, capsys):
    assert run([*arguments, "--output", str(tmp_path / "x.png")]) == 2
    assert one_line(capsys)
    assert not list(tmp_path.iterdir())


def one_line(capsys):
    error = capsys.readouterr().err
    return error.startswith("nuportal: ") and error.count("\n") == 1


@pytest.mark.parametrize("command", ["recoil", "fit"])
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("measurement.toml", "value = 0.647310", "value = -0.647310"),
        ("measurement.toml", "value = 0.647310", "value = 0"),
        ("measurement.toml", "kind = ", "kind"),
        ("measurement.toml", "[resolution]", "[resolutions]"),
        ("bins.csv", "2,3,61,", "2,2,61,"),
        ("bins.csv", "2,3,61,", "2,3,-61,"),
        ("bins.csv", "low_keV,high_keV,counts,background", "low_keV,high_keV,background,background"),
        ("efficiency.csv", "energy_keV,efficiency", "energy_keV"),
        ("refs.bib", "@article", "nothing"),
    ],
)
def test_malformed_folder(command, file, old, new, tmp_path, capsys):
    folder = tmp_path / "mine"
    shutil.copytree(experiment("xenon1t_sr1").path, folder)
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    coupling = ["--g", "3e-7"] if command == "recoil" else []
    output = tmp_path / "x.png"
    arguments = [command, "B-L", "--mass", "10keV", *coupling, "--experiment", str(folder), "--output", str(output)]
    assert run(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("nuportal: ")
    assert error.count("\n") == 1
    assert file in error
    assert not output.exists()


@pytest.mark.parametrize("rows", ["", "low_keV,high_keV,counts,background\n"])
def test_no_bins(rows, tmp_path, capsys):
    folder = tmp_path / "mine"
    shutil.copytree(experiment("xenon1t_sr1").path, folder)
    (folder / "bins.csv").write_text(rows)
    assert run([*POINT, str(folder)]) == 2
    assert "bins.csv: no rows" in capsys.readouterr().err


def test_mass_above_reach_is_said(capsys):
    assert run(["recoil", "dipole", "--m4", "20MeV", "--d", "1e-9", "--experiment", "lz_ws2022"]) == 0
    assert "the rate is zero" in capsys.readouterr().out
