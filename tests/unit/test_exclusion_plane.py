"""Combined planes of limits with known shapes: masks, outlines, strongest, survivors, files, resuming."""

import json

import numpy as np
import pytest

import nuportal as nup
from nuportal.errors import DataFileError, NotApplicableError, ParameterError, UnknownNameError
from nuportal.limits.base import LikelihoodLimit, Limit
from nuportal.limits.registry import limit, read

ABOUT = """
name = "{name}"
label = "{name}"
group = "laboratory"
observable = "a shape that is known"
kind = "{kind}"
method = "{method}"
formula = "shape.py:{shape}"
cl = 0.9
validity = ["{low}", "{high}"]
accuracy = 0.1
status = "verified"
provenance = "made for the test"
references = ["Fan:2022eto"]
"""
SHAPES = '''
import numpy as np
from nuportal.limits.base import LikelihoodLimit, Limit

class Line(Limit):
    """Excludes c_e > 1.07e-6 M/MeV."""
    def why_not(self, ray):
        return None if ray.ends.c_e else "no coupling to electrons"
    def ratio(self, ray, y):
        return np.abs(ray.couplings(y).c_e) / (1.07e-6 * ray.mass)

class Window(Limit):
    """Excludes 1e-8 < c_e < 1e-7."""
    def ratio(self, ray, y):
        c = np.abs(ray.couplings(y).c_e)
        return np.where((c > 1e-8) & (c < 1e-7), 2.0, 0.5)

class Broken(Limit):
    """Gives no answer above 1e-5."""
    def ratio(self, ray, y):
        return np.where(y > 1e-5, np.nan, 0.5)

class Parabola(LikelihoodLimit):
    """-2 ln L = (c_e/1e-7 - 1)^2 - 1: best at 1e-7."""
    def deviance(self, ray, y):
        return (np.abs(ray.couplings(y).c_e) / 1e-7 - 1) ** 2 - 1
'''
X, Y = "mass=1MeV:100MeV:21", "g=1e-9:1e-3:61"


@pytest.fixture
def folder(tmp_path):
    """Make a user's folder of a limit of a known shape."""

    def make(shape, name=None, kind="exclusion", low="1 MeV", high="1 GeV"):
        place = tmp_path / (name or shape.lower())
        place.mkdir()
        method = "likelihood" if shape == "Parabola" else "computed"
        text = ABOUT.format(name=place.name, shape=shape, kind=kind, low=low, high=high, method=method)
        (place / "limit.toml").write_text(text)
        (place / "shape.py").write_text(SHAPES)
        return place

    return make


def test_mask_and_outline_follow_the_line(folder):
    """The mask is exact on the grid; the outline lies on the line to the accuracy of a column."""
    plane = nup.plane("B-L", X, Y, constraints=[folder("Line")])
    expected = plane.y[None, :] > 1.07e-6 * plane.x[:, None]
    assert np.array_equal(plane.excluded(), expected)
    assert np.array_equal(plane.excluded("line"), expected)
    ((ring,),) = plane.polygons("line")
    inner = ring[(ring[:, 1] < 0.999e-3) & (ring[:, 0] > 1.001) & (ring[:, 0] < 99.9)]
    assert len(inner) > 10
    assert inner[:, 1] == pytest.approx(1.07e-6 * inner[:, 0], rel=0.01, abs=0)


def test_axes_may_be_swapped(folder):
    """Mass along y: the same plane, transposed."""
    place = folder("Line")
    plane, swapped = nup.plane("B-L", X, Y, constraints=[place]), nup.plane("B-L", Y, X, constraints=[place])
    assert np.array_equal(plane.excluded().T, swapped.excluded())
    assert np.array_equal(plane.strongest().T, swapped.strongest())
    assert swapped.polygons("line")[0][0][:, 1].max() <= 100 * (1 + 1e-9)


def test_outside_validity_there_is_no_line(folder):
    """A limit valid from 5 to 20 MeV excludes nothing elsewhere, and its outline ends there."""
    plane = nup.plane("B-L", X, Y, constraints=[folder("Line", low="5 MeV", high="20 MeV")])
    inside = (plane.x >= 5) & (plane.x <= 20)
    assert not plane.excluded()[~inside].any()
    assert plane.excluded()[inside].any()
    ((ring,),) = plane.polygons("line")
    assert ring[:, 0].min() == pytest.approx(5)
    assert ring[:, 0].max() == pytest.approx(20)


def test_union_strongest_and_survivors(folder):
    """The window reaches to smaller couplings than the line; a band does not exclude."""
    chosen = [folder("Line"), folder("Window"), folder("Window", name="band", kind="band"), folder("Parabola")]
    plane = nup.plane("B-L", X, Y, constraints=chosen)
    y = plane.y
    window = (y > 1e-8) & (y < 1e-7)
    assert np.array_equal(plane.excluded("window"), np.broadcast_to(window, plane.spec.shape))
    assert np.array_equal(plane.excluded("band"), plane.excluded("window"))
    parts = ("line", "window", "parabola")
    assert np.array_equal(plane.excluded(), np.logical_or.reduce([plane.excluded(n) for n in parts]))
    names = np.array([*plane.names, "none"])
    strongest = names[plane.strongest()]
    assert set(strongest[:, window].ravel()) == {"window"}
    assert set(strongest[:, y < 0.99e-8].ravel()) == {"none"}
    assert not plane.surviving("band").any()
    best = plane.best_surviving()
    assert best is not None
    assert best.y == pytest.approx(1e-7, rel=0.5)
    assert best.deviance == pytest.approx((best.y / 1e-7 - 1) ** 2 - 1)
    assert plane.deviance()[0] == pytest.approx((y / 1e-7 - 1) ** 2 - 1)
    with pytest.raises(NotApplicableError, match="line"):
        plane.deviance(["line"])


def test_likelihood_limit_uses_the_minimum_on_the_ray(folder):
    """(c/1e-7 - 1)^2 > 2.706 above 2.645e-7: the interval is counted from the best point, not from zero."""
    plane = nup.plane("B-L", X, Y, constraints=[folder("Parabola")])
    low = plane.tracks["parabola"].outcomes[0].excluded[0][0]
    assert low == pytest.approx(1e-7 * (1 + 2.705543**0.5), rel=1e-3, abs=0)
    assert isinstance(plane.limit("parabola"), LikelihoodLimit)


def test_a_limit_without_an_answer_is_shown_as_failed(folder):
    """NaN is neither excluded nor allowed."""
    plane = nup.plane("B-L", X, Y, constraints=[folder("Broken"), folder("Line")])
    assert plane.failed("broken")[:, plane.y > 1.1e-5].all()
    assert not plane.excluded("broken").any()
    assert plane.failures == {"broken": "no value"}


def test_a_model_without_the_coupling_says_why(folder):
    """Lmu-Ltau without mixing does not couple to electrons."""
    line = read(folder("Line"))
    with pytest.raises(NotApplicableError, match="no coupling to electrons"):
        nup.plane("Lmu-Ltau", X, Y, constraints=[line])
    plane = nup.plane("Lmu-Ltau", X, Y, constraints=[limit("g2-muon"), line])
    assert plane.names == ("g2-muon",)
    assert "no coupling to electrons" in plane.not_applicable["line"]


def test_files_hold_the_whole_plane(folder, tmp_path):
    """netCDF reads back equal; outlines carry provenance and references."""
    plane = nup.plane("B-L", X, Y, constraints=[folder("Line"), "g2-electron"])
    plane.save(tmp_path / "a.nc")
    again = nup.Plane.load(tmp_path / "a.nc")
    assert isinstance(again, type(plane))
    assert np.array_equal(again.excluded(), plane.excluded())
    assert again.spec.hash == plane.spec.hash
    assert [t.outcomes for t in again.tracks.values()] == [t.outcomes for t in plane.tracks.values()]
    plane.save(tmp_path / "a.json")
    content = json.loads((tmp_path / "a.json").read_text())
    assert content["references"] == "Fan:2022eto Morel:2020dww"
    assert content["regions"]["line"]["polygons"][0][0][0] == plane.polygons("line")[0][0][0].tolist()
    plane.save(tmp_path / "a.csv")
    assert "\nunion,0,0," in (tmp_path / "a.csv").read_text()


def test_a_truncated_or_foreign_file_is_refused_and_left_alone(folder, tmp_path):
    """The file stays as it was."""
    place = folder("Line")
    nup.plane("B-L", X, Y, constraints=[place], save=tmp_path / "a.nc")
    whole = (tmp_path / "a.nc").read_bytes()
    with pytest.raises(DataFileError, match="another plane"):
        nup.plane("Le-Lmu", X, Y, constraints=[place], save=tmp_path / "a.nc")
    assert (tmp_path / "a.nc").read_bytes() == whole
    (tmp_path / "a.nc").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataFileError, match="not a complete"):
        nup.plane("B-L", X, Y, constraints=[place], save=tmp_path / "a.nc")


def test_a_killed_run_goes_on_with_what_was_finished(folder, tmp_path, monkeypatch):
    """The second limit dies; the next run takes the first from the journal and only computes the second."""
    line, window = read(folder("Line")), read(folder("Window"))
    calls = []
    original = type(line).excluded

    def counted(self, ray):
        calls.append(self.about.name)
        return original(self, ray)

    monkeypatch.setattr(type(line), "excluded", counted)
    monkeypatch.setattr(type(window), "excluded", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        nup.plane("B-L", X, Y, constraints=[line, window], save=tmp_path / "a.nc", executor="serial")
    assert (tmp_path / "a.nc.partial").exists()
    first = len(calls)
    monkeypatch.setattr(type(window), "excluded", Limit.excluded)
    plane = nup.plane("B-L", X, Y, constraints=[line, window], save=tmp_path / "a.nc", executor="serial")
    assert len(calls) == first
    assert plane.names == ("line", "window")
    assert not (tmp_path / "a.nc.partial").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("accuracy = 0.1", "accuracy = -1"), "line 11: accuracy"),
        (('label = "line"', ""), "label"),
        (('validity = ["1 MeV"', 'validity = ["1 parsec"'), "validity"),
        (('validity = ["1 MeV"', 'validity = ["2 GeV"'), "smaller first"),
        (('formula = "shape.py:Line"', 'formula = "shape.py:Lime"'), "Lime"),
        (('formula = "shape.py:Line"', 'formula = "no.py:Line"'), "no.py"),
        (('formula = "shape.py:Line"', 'formula = "no:Line"'), "'no'"),
        (('name = "line"', "name = "), "limit.toml"),
    ],
)
def test_a_broken_folder_names_file_and_entry(folder, change, says):
    """One line that says where and what."""
    place = folder("Line")
    path = place / "limit.toml"
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(DataFileError, match=r"limit\.toml") as caught:
        read(place)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_measurement_nobody_reads_is_refused(folder):
    """A key in [measurement] that the formula does not know."""
    place = folder("Line")
    with (place / "limit.toml").open("a") as file:
        file.write("[measurement]\nx = 1\n")
    with pytest.raises(DataFileError, match=r"line 16: measurement\.x"):
        read(place)


def test_bad_requests_say_what_is_allowed(folder):
    """Unknown names, two masses, foreign options."""
    with pytest.raises(UnknownNameError, match="did you mean 'g2-electron'"):
        nup.plane("B-L", X, Y, constraints=["g2-electrn"])
    with pytest.raises(UnknownNameError, match="flavours"):
        nup.plane("B-L", X, Y, constraints=["g2-electron"], flavours="separate")
    with pytest.raises(NotApplicableError, match="both axes are masses"):
        nup.plane("hidden-neutrino", "mass=1eV:1keV", "n_mass=1eV:1keV", mixing=0.1, chi=0.1, constraints="all")
    with pytest.raises(ParameterError, match="mixing of hidden-neutrino is missing"):
        nup.plane("hidden-neutrino", "mass=1eV:1keV", "chi=1e-9:1e-3", constraints="all")
    with pytest.raises(DataFileError, match="no readable file"):
        nup.plane("B-L", X, Y, constraints=["no/such/folder"])
    plane = nup.plane("B-L", X, Y, constraints=["g2-electron"])
    with pytest.raises(UnknownNameError):
        plane.excluded("borexino")
