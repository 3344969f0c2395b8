"""Planes with an analytic quantity: axes, specification, executors, failures, contours, files, pictures."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nuportal import sealed
from nuportal.errors import (
    ChargeError,
    DataFileError,
    NotApplicableError,
    NuportalError,
    OutputError,
    ParameterError,
    UnitError,
    UnknownModelError,
    UnknownNameError,
)
from nuportal.models.family import family
from nuportal.planes.axes import Axis
from nuportal.planes.build import plane
from nuportal.planes.light_elements import named
from nuportal.planes.plane import Plane
from nuportal.planes.quantities import Quantity


def evaluate(spec, xs, ys):
    """N = 3 + 10/x + log10(y/1e-9)/20: the contour N = c is x = 10/(c - 3 - log10(y/1e-9)/20); fails where x > 80."""
    values = 3 + 10 / xs[:, None] + np.log10(ys / 1e-9)[None, :] / 20
    values[xs > 80, :] = np.nan
    return values, {int(k): "too heavy" for k in np.flatnonzero(np.isnan(values))}


ANALYTIC = Quantity("neff", r"$N_\mathrm{eff}$", evaluate, lambda spec: dict(spec.options), 50, ("Ghosh:2023ilw",))
X, Y = "mass=5MeV:100MeV:40", "g=1e-9:1e-5:30"


def analytic(**changes):
    return plane("B-L", **({"x": X, "y": Y, "quantity": ANALYTIC} | changes))


@pytest.mark.parametrize(
    ("text", "first", "last", "points", "scale"),
    [
        ("mass=1.1MeV:100MeV", 1.1, 100, 100, "log"),
        ("mass=100keV:0.1GeV:20:lin", 0.1, 100, 20, "lin"),
        ("g=1e-9:1e-3:log:7", 1e-9, 1e-3, 7, "log"),
        ("epsilon=-1e-6:1e-6:lin", -1e-6, 1e-6, 100, "lin"),
        ("g_nu", 1e-14, 1e-4, 100, "log"),
    ],
)
def test_axes_read_from_text(text, first, last, points, scale):
    axis = Axis.parse(text)
    assert axis.scale == scale
    assert len(axis.values) == points
    np.testing.assert_allclose(axis.values[[0, -1]], [first, last])
    steps = np.diff(np.log(axis.values) if scale == "log" else axis.values)
    np.testing.assert_allclose(steps, steps[0])


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("mass=100MeV:1MeV", ParameterError, "reversed"),
        ("mass=1MeV:1MeV", ParameterError, "empty"),
        ("mass=nan:1MeV", ParameterError, "finite"),
        ("mass=1:inf", ParameterError, "finite"),
        ("mass=-1MeV:1MeV", ParameterError, "positive"),
        ("mass=1kg:2MeV", UnitError, "kg"),
        ("mas=1:2", UnknownNameError, "did you mean 'mass'"),
        ("g=1e-9", ParameterError, "low:high"),
        ("g=a:b", ParameterError, "not a number"),
        ("g=0:1", ParameterError, "positive"),
        ("epsilon=-1:1", ParameterError, "lin"),
        ("g=1e-9:1e-3:1", ParameterError, "points"),
        ("g=1e-9:1e-3:cubic", ParameterError, "cubic"),
    ],
)
def test_bad_axes_say_what_is_wrong(text, error, says):
    with pytest.raises(error, match=says):
        Axis.parse(text)


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"y": "mass"}, ParameterError, "both axes"),
        ({"y": "g_e"}, UnknownNameError, "parameter of B-L"),
        ({"mass": "10 MeV"}, ParameterError, "cannot also be fixed"),
        ({"y": "epsilon"}, ParameterError, "give a value for g"),
        ({"y": "epsilon", "g": -1}, ParameterError, "positive"),
        ({"y": "g=1e-9:10"}, ParameterError, "sqrt"),
        ({"epsilon": "half"}, NuportalError, "half"),
        ({"epsilon": "loop"}, ParameterError, "cutoff"),
        ({"constraints": "plank"}, UnknownNameError, "did you mean 'planck2018'"),
        ({"quantity": "mass"}, UnknownNameError, "quantity"),
        ({"save": "p.txt"}, OutputError, "file type"),
        ({"if_exists": "append"}, UnknownNameError, "resume"),
        ({"executor": "cloud"}, UnknownNameError, "threads"),
        ({"workers": 0}, ParameterError, "workers"),
    ],
)
def test_bad_planes_say_what_is_wrong_and_write_nothing(changes, error, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=says):
        analytic(**({"save": "p.nc"} | changes))
    assert list(tmp_path.iterdir()) == []


def test_bad_models():
    with pytest.raises(UnknownModelError):
        plane("B-3Lm", X, Y, quantity=ANALYTIC)
    with pytest.raises(ChargeError):
        plane({"e": 0}, X, Y, quantity=ANALYTIC)
    with pytest.raises(NotApplicableError):
        named("neff", family("dipole"))


@pytest.mark.parametrize("executor", ["serial", "threads", ThreadPoolExecutor(2)])
def test_values_are_where_they_belong(executor):
    found = analytic(executor=executor)
    expected, _ = evaluate(found.spec, found.x, found.y)
    np.testing.assert_array_equal(found.values, expected)
    assert found.values.shape == (40, 30)


def test_tall_grids_are_cut_along_y_too():
    found = analytic(y="g=1e-9:1e-5:120")
    assert len(ANALYTIC.blocks(found.spec)) == 40 * 3
    np.testing.assert_array_equal(found.values, evaluate(found.spec, found.x, found.y)[0])


def test_failed_points_keep_their_reason():
    found = analytic()
    beyond = found.x > 80
    assert beyond.any()
    np.testing.assert_array_equal(found.failed, np.broadcast_to(beyond[:, None], found.failed.shape))
    assert found.failures == {"too heavy": 30 * int(beyond.sum())}
    assert not found.excluded()[found.failed].any()


def test_contour_follows_the_analytic_line():
    found = analytic()
    (line,) = found.contours(3.33)
    exact = 10 / (0.33 - np.log10(line[:, 1] / 1e-9) / 20)
    np.testing.assert_allclose(line[:, 0], exact, rtol=3e-3)
    assert not found.contours(9.0)


def test_excluded_regions():
    found = analytic(constraints=["planck2018", "cmb-hd", "h0-band"])
    np.testing.assert_array_equal(found.excluded(), found.values > 3.33)
    np.testing.assert_array_equal(found.excluded("cmb-hd"), found.values > 3.07)
    np.testing.assert_array_equal(found.excluded("h0-band"), (found.values > 3.2) & (found.values < 3.5))
    with pytest.raises(UnknownNameError):
        found.excluded("plank")


def _area(polygon):
    x, y = np.log(polygon.T)
    return 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))


def test_polygon_has_the_area_of_the_region():
    found = analytic(x="mass=5MeV:80MeV:60")
    area = sum(_area(part[0]) - sum(map(_area, part[1:])) for part in found.polygons("planck2018"))
    y = np.linspace(np.log(1e-9), np.log(1e-5), 2001)
    edge = np.log(10 / (0.33 - (y / np.log(10) + 9) / 20))
    exact = np.trapezoid(np.minimum(edge, np.log(80)) - np.log(5), y)
    assert area == pytest.approx(exact, rel=2e-3)


def test_saved_plane_comes_back_whole(tmp_path):
    found = analytic(save=tmp_path / "p.nc", constraints=["planck2018", "act-dr6"], epsilon="-g/70")
    again = Plane.load(tmp_path / "p.nc")
    np.testing.assert_array_equal(again.values, found.values)
    assert again.spec == found.spec
    assert again.spec.fixed == {"epsilon": "-g/70"}
    assert again.spec.hash == found.spec.hash
    assert again.failures == found.failures
    assert again.constraints == found.constraints
    attributes = again.to_dataset().attrs
    assert {"nuportal_version", "input_hash", "references", "date"} <= set(attributes)
    assert "Ghosh:2023ilw" in attributes["references"]
    assert "ACT" in attributes["references"]


def test_a_finished_plane_is_read_back_not_computed(tmp_path):
    analytic(save=tmp_path / "p.nc")

    def never(*_):
        raise AssertionError("computed again")

    again = Quantity("neff", "", never, lambda spec: dict(spec.options), 50)
    assert analytic(save=tmp_path / "p.nc", quantity=again).values.shape == (40, 30)
    assert analytic(save=tmp_path / "p.nc", y="g=1e-9:1e-5:20", if_exists="replace").values.shape == (40, 20)


@pytest.mark.parametrize("keep", [0, 100, 5000])
def test_truncated_file_is_refused_and_left_alone(tmp_path, keep):
    path = tmp_path / "p.nc"
    analytic(save=path)
    path.write_bytes(path.read_bytes()[:keep])
    before = path.read_bytes()
    with pytest.raises(DataFileError, match="not a complete netCDF") as raised:
        analytic(save=path)
    assert "\n" not in str(raised.value)
    assert path.read_bytes() == before


def test_other_planes_and_damaged_values_are_refused(tmp_path):
    path = tmp_path / "p.nc"
    found = analytic(save=path)
    before = path.read_bytes()
    for changes in ({"epsilon": 1e-9}, {"x": "mass=5MeV:90MeV:40"}, {"rtol": 1e-9}):
        with pytest.raises(DataFileError, match="another plane"):
            analytic(save=path, **changes)
    assert path.read_bytes() == before
    changed = found.to_dataset()
    changed["neff"][3, 3] += 1e-9
    changed.to_netcdf(tmp_path / "changed.nc", engine="h5netcdf")
    with pytest.raises(DataFileError, match="changed by another program"):
        Plane.load(tmp_path / "changed.nc")
    changed.attrs.pop("kind")
    sealed.write(changed, tmp_path / "foreign.nc")
    with pytest.raises(DataFileError, match="not a plane"):
        Plane.load(tmp_path / "foreign.nc")
    with pytest.raises(DataFileError, match="no plane file"):
        Plane.load(tmp_path / "absent.nc")


def test_pictures_are_drawn_in_every_format(tmp_path):
    found = analytic(constraints="all")
    for suffix in (".png", ".pdf", ".svg"):
        found.plot(tmp_path / f"p{suffix}")
        assert (tmp_path / f"p{suffix}").stat().st_size > 5000
    with pytest.raises(OutputError):
        found.plot(tmp_path / "p.gif")


def test_picture_names_what_it_shows():
    figure = analytic().plot()
    axes = figure.axes[0]
    words = [text.get_text() for text in axes.get_legend().get_texts()]
    assert any("too heavy" in word for word in words)
    assert any("Planck 2018" in word and "3.33" in word for word in words)
    on_lines = [text.get_text() for text in axes.texts]
    assert {"3.33", "3.20", "3.50"} <= set(on_lines)
    legend = axes.get_legend().get_window_extent()
    for line in axes.get_lines():
        inside = legend.count_contains(axes.transData.transform(line.get_xydata()))
        assert inside == 0
