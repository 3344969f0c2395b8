"""`nuportal limits` and planes of constraints on the command line."""

import json

import pytest

from nuportal.cli.app import main


def run(*arguments):
    """Exit status of a command."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code


def test_list_has_everything_a_referee_asks_for(capsys):
    """Observable, method, validity, accuracy, sources of every constraint."""
    assert run("limits", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) >= 70
    keys = {
        "name",
        "observable",
        "method",
        "kind",
        "cl",
        "validity_MeV",
        "accuracy",
        "status",
        "provenance",
        "references",
    }
    assert all(keys <= row.keys() and row["references"] for row in rows)
    assert run("limits", "texono", "e137") == 0
    text = capsys.readouterr().out
    assert "reactor antineutrinos" in text
    assert "Bjorken:1988as" in text


def test_a_group_and_a_point_sorted_by_strength(capsys):
    """Groups by name; strongest first; open ends as inequalities; projections and bands apart."""
    assert run("limits", "astrophysics", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows
    assert {row["group"] for row in rows} == {"astrophysics"}
    assert run("limits", "B-L", "texono,borexino", "h0-band", "cmb-s4", "na64-invisible", "--mass", "10MeV") == 0
    text = capsys.readouterr().out
    rows = [line for line in text.splitlines() if "│" in line]
    strongest, last = (next(i for i, row in enumerate(rows) if f" {name} " in row) for name in ("borexino", "texono"))
    assert strongest < last
    assert "> 1." in rows[strongest]
    assert " to 0.01 " not in text
    assert "not applicable: na64-invisible" in text or "na64-invisible" in text
    assert text.index("strongest first") < text.index("projections") < text.index("favoured")
    assert "cmb-s4 \u2020" in text
    assert "borexino \u2020" not in text
    assert "not compared with a published result" in text


def test_bibtex_of_a_constraint(capsys):
    """Entries, ready for a paper."""
    assert run("limits", "e137", "--bibtex") == 0
    text = capsys.readouterr().out
    assert text.count("@article") == 3
    assert "1209.6083" in text


def test_excluded_couplings_of_a_point(capsys):
    """Intervals, and why nothing is said."""
    assert run("limits", "B-L", "e137", "bs-mixing", "e141", "--mass", "50MeV", "--json") == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    dump, mixing, short = (rows[name] for name in ("e137", "bs-mixing", "e141"))
    assert dump["excluded"][0]["low"] == pytest.approx(1.25e-8, rel=0.02, abs=0)  # the table is thinned to 2 %
    assert (mixing["status_here"], mixing["excluded"]) == ("not applicable", [])
    assert "alike" in mixing["reason"]
    assert short["status_here"] == "out of range"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("borexin",), "did you mean 'borexino'"),
        (("borexino", "--mass", "1MeV"), "model first"),
        (("B-M", "--mass", "1MeV"), "did you mean 'B-L'"),
        (("B-L", "borexino", "--mass", "-1MeV"), "positive"),
        (("B-L", "borexino", "--mass", "1parsec"), "unit"),
        (("B-L", "borexino", "--mass", "1MeV", "--coupling", "g=1e-2:1e-4"), "reversed"),
        (("B-L", "--mass", "1MeV", "--mass", "2MeV"), "given 2 times"),
        (("astrophysic",), "did you mean 'astrophysics'"),
        (("no/such/folder",), "no readable file"),
    ],
)
def test_bad_input_is_one_line(arguments, says, capsys):
    """Exit 2, one line on stderr."""
    assert run("limits", *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert says in captured.err
    assert captured.err.count("\n") == 1


def test_plane_of_constraints_with_all_its_files(tmp_path, monkeypatch, capsys):
    """Picture, netCDF, outlines, HTML, and the sources from the netCDF."""
    monkeypatch.chdir(tmp_path)
    common = ("plane", "B-L", "--x", "mass=1MeV:100MeV:12", "--y", "g=1e-9:1e-3:30", "--constraints", "texono,e137")
    assert run(*common, "-o", "p.png", "-o", "p.csv", "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert [c["name"] for c in summary["constraints"]] == ["texono", "e137"]
    assert 0.1 < summary["excluded"] < 0.9
    assert {p.name for p in tmp_path.iterdir()} == {"p.png", "p.nc", "p.csv"}
    assert run("cite", "p.nc") == 0
    assert "Bjorken" in capsys.readouterr().out
    assert run(*common, "-o", "q.html", "--save", "p.nc") == 0
    page = (tmp_path / "q.html").read_text()
    assert '"name":"e137"' in page
    assert "0911.1597" in page
    for outside in ("<link", "<script src", "@import", "url(http"):  # it opens offline
        assert outside not in page


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("B-L", "--constraints", "texonno"), "did you mean 'texono'"),
        (("B-L", "--constraints", "texono", "-o", "p.gif"), "file type"),
        (("B-L", "--constraints", "texono", "-o", "p.png", "-o", "p.txt"), "file type"),
        (("B-L", "-o", "p.html"), "file type"),
        (("B-L", "--constraints", "bs-mixing"), "none of the constraints applies"),
        (("dipole", "--constraints", "all", "--flavour", "sterile"), "flavour"),
        (("vector", "--x", "g_e", "--y", "g_nu"), "give a value for mass"),
    ],
)
def test_bad_planes_write_nothing(arguments, says, tmp_path, monkeypatch, capsys):
    """Exit 2, one line, no file."""
    monkeypatch.chdir(tmp_path)
    assert run("plane", "--points", "4", *arguments) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
