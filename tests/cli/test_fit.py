"""`nuportal fit`."""

import json

import pytest

from nuportal.cli.app import main


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(["fit", *arguments])
    return stop.value.code


def test_fit_json_and_picture(tmp_path, capsys):
    picture = tmp_path / "profile.png"
    assert run("magnetic-moment", "--experiment", "xenon1t_sr1", "--json", "--output", str(picture)) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["best"] == pytest.approx(2.18e-11, rel=0.02)
    assert found["significance"] == pytest.approx(3.0, abs=0.1)
    assert picture.exists()


def test_joint(capsys):
    assert run("B-L", "--mass", "10keV", "--experiment", "xenonnt_sr0", "--experiment", "lz_ws2022") == 0
    assert "XENONnT SR0, LZ WS2022" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ("dipole", "--mass", "20MeV", "--experiment", "xenon1t_sr1"),
        ("B-L", "--experiment", "xenon1t_sr1"),
        ("B-L", "--mass", "1keV"),
        ("B-L", "--mass", "1keV", "--experiment", "xenon1t_sr1", "--cl", "90"),
        ("B-LL", "--mass", "1keV", "--experiment", "xenon1t_sr1"),
    ],
)
def test_bad_input_is_one_line(arguments, capsys):
    assert run(*arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1
