"""`nuportal recoil`."""

import json

import pytest

from nuportal.cli.app import main

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


@pytest.mark.parametrize(
    "arguments",
    [
        [*POINT, "xenon2t"],
        [*POINT, "./nowhere"],
        [*POINT, "lz_ws2022", "--flux", "ppp"],
        POINT[:-1],
        ["recoil", "B-L", "--mass", "10keV", "--experiment", "lz_ws2022"],
        ["recoil", "scalar", "--mass", "1keV", "--d", "1", "--experiment", "lz_ws2022"],
    ],
)
def test_bad_input_is_one_line(arguments, capsys):
    assert run(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("nuportal: ")
    assert error.count("\n") == 1


def test_mass_above_reach_is_said(capsys):
    assert run(["recoil", "dipole", "--mass", "20MeV", "--d", "1e-9", "--experiment", "lz_ws2022"]) == 0
    assert "the rate is zero" in capsys.readouterr().out
