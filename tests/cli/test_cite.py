"""`nuportal cite`: the papers, everything, or what a result file used."""

import json

import pytest

from nuportal.cli.app import main
from nuportal.references import PAPERS, bibliography


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    return stop.value.code


def test_alone_it_prints_the_five_papers(capsys):
    assert run("cite") == 0
    text = capsys.readouterr().out
    assert text.count("@article") == 5
    assert all(key in text for key in PAPERS.values())


def test_all(capsys):
    assert run("cite", "--all", "--json") == 0
    assert json.loads(capsys.readouterr().out) == bibliography()


def test_of_a_plane(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    axes = ("--x", "mass=3MeV:30MeV:2", "--y", "g=1e-8:1e-6:2")
    assert run("plane", "B-L", *axes, "--constraints", "act-dr6,cmb-s4") == 0
    capsys.readouterr()
    assert run("cite", "plane_B-L.nc") == 0
    text = capsys.readouterr().out
    for key in ("Ghosh:2023ilw", "Bennett:2020zkv", "ACT:2025tim", "CMB-S4:2016ple"):
        assert f"{{{key}," in text
    assert "Planck:2018vyg" not in text


@pytest.mark.parametrize("name", ["absent.nc", "p.png", "broken.nc"])
def test_bad_files_are_one_line_and_exit_2(name, tmp_path, capsys):
    (tmp_path / "p.png").write_bytes(b"PNG")
    (tmp_path / "broken.nc").write_bytes(b"\x89HDF\r\n")
    assert run("cite", str(tmp_path / name)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert name in captured.err
