"""Every key a result or a table can name has one well-formed BibTeX entry."""

import re
import tomllib
from importlib.resources import files

import pytest

from nuportal.errors import DataFileError, UnknownNameError
from nuportal.planes.observations import observations
from nuportal.references import PAPERS, bibliography, bibtex, parse, used_by


def test_every_observation_and_paper_has_an_entry():
    known = bibliography()
    for entry in observations().values():
        assert entry.reference in known
    assert set(PAPERS.values()) <= set(known)


def test_every_key_written_in_the_package_has_an_entry():
    """Keys look like Author:2020abc; they stand in Python tuples and TOML tables of the package."""
    known = bibliography()
    package = files("nuportal")
    pattern = re.compile(r"\"([A-Z][A-Za-z0-9-]+(?:_[A-Za-z]+)?:(?:19|20)\d\d[a-z]{3,4})\"")
    missing = {}
    for path in [*package.rglob("*.py"), *package.rglob("*.toml")]:  # type: ignore[attr-defined]
        for key in pattern.findall(path.read_text(encoding="utf-8")):
            if key not in known:
                missing.setdefault(key, path.name)
    assert missing == {}


def test_entries_have_what_a_citation_needs():
    for key, entry in bibliography().items():
        assert entry.count("{") == entry.count("}"), key
        for field in ("author", "title", "year"):
            assert re.search(rf"\b{field}\s*=", entry), (key, field)


def test_arxiv_numbers_of_observations_are_those_of_their_entries():
    text = files("nuportal.planes").joinpath("neff_observations.toml").read_text(encoding="utf-8")
    tomllib.loads(text)
    numbers = re.findall(r"reference = \"([^\"]+)\"\s*# arXiv:(\d{4}\.\d{5})", text)
    assert len(numbers) == len(observations())
    for key, number in numbers:
        assert f"eprint = {{{number}}}" in bibliography()[key]


def test_bibtex_keeps_order_and_repeats_nothing():
    text = bibtex(["Planck:2018vyg", "Ghosh:2023ilw", "Planck:2018vyg"])
    assert re.findall(r"@\w+\{([^,]+),", text) == ["Planck:2018vyg", "Ghosh:2023ilw"]
    with pytest.raises(UnknownNameError, match="did you mean 'Planck:2018vyg'"):
        bibtex(["Planck:2018vyf"])


@pytest.mark.parametrize("text", ["@article{a, title = {b}", "@misc{a,\n}\n@misc{a,\n}"])
def test_malformed_files_are_named(text):
    with pytest.raises(DataFileError, match=r"here\.bib"):
        parse(text, "here.bib")


def test_keys_of_result_files(tmp_path):
    (tmp_path / "a.csv").write_text("# nuportal_version: 1\n# references: A:2020abc B:2021abc\nx,y\n1,2\n")
    (tmp_path / "a.json").write_text('{"result": {"references": "A:2020abc"}, "neff": 3.0}')
    assert used_by(tmp_path / "a.csv") == ["A:2020abc", "B:2021abc"]
    assert used_by(tmp_path / "a.json") == ["A:2020abc"]
    (tmp_path / "b.csv").write_text("x,y\n1,2\n")
    (tmp_path / "b.nc").write_bytes(b"CDF")
    (tmp_path / "b.json").write_text("{")
    for name in ("b.csv", "b.nc", "b.json", "absent.nc", "a.txt"):
        with pytest.raises(DataFileError, match=name):
            used_by(tmp_path / name)
