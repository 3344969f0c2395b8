"""`nuportal plane` end to end: files, JSON, resume, bad input."""

import json

import pytest

from nuportal.cli.app import main

SMALL = ("--x", "mass=3MeV:30MeV:25", "--y", "g=1e-8:1e-6:4", "--treatment", "temperatures")


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main(["plane", *arguments])
    return stop.value.code


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_picture_and_data_side_by_side(tmp_path, capsys):
    assert run("B-L", *SMALL, "--output", "out/p.png", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["p.nc", "p.png"]
    assert found["points"] == 100
    assert found["failed"] == 0
    planck = next(c for c in found["constraints"] if c["name"] == "planck2018")
    (line,) = planck["contours"]["3.33"]
    masses = [mass for mass, g in line]
    assert min(masses) == pytest.approx(8.13, rel=0.006)  # at g = 1e-8
    assert max(masses) == pytest.approx(13.24, rel=0.006)  # at g = 1e-6

    from nuportal.planes.plane import Plane

    plane = Plane.load("out/p.nc")
    assert 0.001 < plane.theory_error.min() < plane.theory_error.max() < 0.72 * (plane.values.max() - 3.044)
    assert plane.theory_error.min() > 0

    before = (tmp_path / "out" / "p.nc").read_bytes()
    assert run("B-L", *SMALL, "--output", "out/p.png") == 0
    assert "Planck 2018" in capsys.readouterr().out
    assert (tmp_path / "out" / "p.nc").read_bytes() == before


def test_mixing_axis_and_processes_agree_with_the_coupling_plane(capsys):
    """A plane over epsilon at fixed g meets the plane over g at fixed epsilon where both are the same point."""
    common = ("--executor", "processes", "--workers", "1", "--json", "-o", "p.png", "--if-exists", "replace")
    assert run("Lmu-Ltau", "--x", "mass=5MeV:20MeV:3", "--y", "epsilon=1e-9:1e-7:3", "--g", "1e-7", *common) == 0

    from nuportal import neff_grid
    from nuportal.planes.plane import Plane

    plane = Plane.load("p.nc")
    for k, epsilon in enumerate(plane.y):
        expected = neff_grid("Lmu-Ltau", plane.x, 1e-7, epsilon=float(epsilon))[:, 0]
        assert plane.values[:, k] == pytest.approx(expected, abs=1e-9)


def test_warnings_are_carried(capsys):
    assert (
        run("B-L", "--x", "mass=3MeV:30MeV:4", "--y", "g=1e-11:1e-7:5", "-o", "p.png", "--treatment", "temperatures")
        == 0
    )

    from nuportal.planes.plane import Plane

    (text, where), *_ = Plane.load("p.nc").warnings.items()
    assert "thermal start" in text
    assert where[:, 0].all()
    assert not where[:, -1].any()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "model name"),
        (("B-3Lm",), "did you mean 'B-3Lmu'"),
        (("B-L", "--charges", "e=1"), "not both"),
        (("--charges", "e=x"), "charges"),
        (("--charges", "e=0"), "couples to nothing"),
        (("B-L", "--x", "mass=30MeV:3MeV"), "reversed"),
        (("B-L", "--x", "mass=3MeV:3MeV"), "empty"),
        (("B-L", "--x", "mass=nan:3MeV"), "finite"),
        (("B-L", "--x", "mas=1MeV:3MeV"), "did you mean 'mass'"),
        (("B-L", "--y", "epsilon"), "give a value for g"),
        (("B-L", "--y", "epsilon", "--g", "0"), "positive"),
        (("B-L", "--epsilon", "abc"), "abc"),
        (("B-L", "--points", "1"), "points"),
        (("B-L", "--preset", "gosh"), "did you mean 'ghosh'"),
        (("B-L", "--flavours", "two"), "flavours"),
        (("B-L", "--treatment", "moments"), "did you mean 'momenta'"),
        (("B-L", "--accuracy", "best"), "accuracy"),
        (("B-L", "--constraints", "plank"), "did you mean"),
        (("B-L", "--if-exists", "append"), "resume"),
        (("B-L", "--executor", "cloud"), "threads"),
        (("B-L", "-o", "p.gif"), "file type"),
        (("B-L", "-o", "file/p.png"), "not a folder"),
        (("B-L", "--save", "p.txt"), "file type"),
        (("B-L", "--save", "other.nc"), "another plane"),
        (("B-L", "--save", "torn.nc"), "not a complete netCDF"),
    ],
)
def test_bad_input_is_one_line_exit_2_and_nothing_written(arguments, says, tmp_path, capsys):
    (tmp_path / "file").write_text("no folder")
    if "other.nc" in arguments or "torn.nc" in arguments:
        assert (
            run("B-3Le", "--x", "mass=3MeV:30MeV:2", "--y", "g=1e-8:1e-6:2", "-o", "a.png", "--save", "other.nc") == 0
        )
        (tmp_path / "torn.nc").write_bytes((tmp_path / "other.nc").read_bytes()[:4000])
        (tmp_path / "a.png").unlink()
    capsys.readouterr()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("nuportal: ")
    assert captured.err.count("\n") == 1
    assert says in captured.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
