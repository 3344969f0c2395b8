"""The picture of a combined plane: opaque regions, names on what is strongest, no legend unless asked, fonts."""

from itertools import combinations

import numpy as np
import pytest

import nuportal as nup
from nuportal.plotting import exclusion
from nuportal.plotting.boundaries import stops
from nuportal.plotting.inline import meet, outlines

MANY = "e137,e141,e774,kek,orsay,charm,nomad,nu-cal-pi0,nu-cal-proton,na64-visible,na64-2026,texono,gemma,borexino,ship"


@pytest.fixture(scope="module")
def plane():
    """B-L from 1 MeV to 1 GeV with fourteen limits and a projection."""
    return nup.plane("B-L", "mass=1MeV:1GeV:40", "g=1e-9:1e-2:60", constraints=MANY)


def texts(figure):
    """What is written into the axes."""
    return {t.get_text() for t in figure.axes[0].texts}


def test_edges_are_the_smallest_couplings_where_a_limit_is_the_strongest(plane):
    """They lie on its own line; where another reaches lower there are none."""
    (edge, *_) = plane.edges("na64-2026")
    for mass, g in edge:
        track = plane.tracks["na64-2026"]
        assert g == pytest.approx(track.outcomes[int(np.argmin(np.abs(track.at - mass)))].excluded[0][0], rel=1e-9)
    strongest = plane.strongest()
    for name in plane.names:
        assert bool(plane.edges(name)) == bool((strongest == plane.names.index(name)).any())
    swapped = nup.plane("B-L", "g=1e-9:1e-2:60", "mass=1MeV:1GeV:40", constraints="na64-2026")
    assert swapped.edges("na64-2026")[0][:, 1].max() > 100


def test_union_of_several_limits(plane):
    """One region for a group: it holds the outline of each member."""
    from matplotlib.path import Path

    whole = plane.polygons(["e137", "orsay"])
    inside = [Path(np.log(ring)) for part in whole for ring in part[:1]]
    ((first, *_), *_) = plane.polygons("e137")
    centre = np.log(first).mean(axis=0)
    assert any(path.contains_point(centre) for path in inside)
    assert plane.polygons([]) == []


def test_names_stand_on_what_is_strongest(plane):
    """A hundredth of the plane; of a group without such a limit one; a projection that was asked for is named."""
    chosen, strongest = exclusion.named(plane), plane.strongest()
    groups = {plane.limit(n).about.group for n in chosen if plane.limit(n).about.kind == "exclusion"}
    for name in plane.names:
        about, share = plane.limit(name).about, (strongest == plane.names.index(name)).mean()
        if share >= exclusion.NAMED or about.kind != "exclusion":
            assert name in chosen
        elif name in chosen:
            others = chosen - {name}
            assert not any(plane.limit(n).about.group == about.group for n in others), name
        assert about.group in groups
    assert {"e137", "na64-2026", "ship"} <= chosen
    assert "e774" not in chosen
    written = texts(plane.plot())
    assert {"E137", "NA64 2026", "SHiP"} <= written
    assert "E774" not in written


def test_what_was_not_compared_has_a_dagger(plane):
    """On its line and in the legend, explained above the picture; without such a limit nothing is explained."""
    some = nup.plane("B-L", "mass=1MeV:1GeV:20", "g=1e-9:1e-2:30", constraints="lz-8b,texono")
    assert [nup.limit(name).about.status for name in some.names] == ["unverified", "verified"]
    for legend in ("none", "all"):
        figure = some.plot(legend=legend)
        names = {text.replace(exclusion.DAGGER, "+") for text in texts(figure)}
        assert {"LZ $^8$B+", "TEXONO"} <= names
        assert "not compared" in figure.axes[0].get_title(loc="right")
    listed = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert sum(exclusion.DAGGER in text for text in listed) == 2
    assert plane.plot().axes[0].get_title(loc="right") == ""


def test_strongest_of_some(plane):
    """Among two limits each point has the one that begins lower (E137 below TEXONO), whatever else is there."""
    index = plane.strongest(["texono", "e137"])
    assert set(np.unique(index[plane.excluded("texono") & ~plane.excluded("e137")])) == {0}
    assert set(np.unique(index[plane.excluded("e137")])) == {1}
    assert (index[~plane.excluded("texono") & ~plane.excluded("e137")] == -1).all()


def test_labels_do_not_overlap(plane):
    """Turned along their lines, no two of them touch, and all lie in the frame."""
    axes = plane.plot().axes[0]
    boxes = outlines(axes)
    assert len(boxes) >= 4
    for one, other in combinations(boxes, 2):
        assert not meet(boxes[one], boxes[other]), (one, other)
    frame = axes.get_window_extent()
    for name, corners in boxes.items():
        assert (corners > frame.min).all() and (corners < frame.max).all(), name


def test_rectangles_that_meet():
    """Crossing bars meet although no corner of one lies in the other; a turned one passes by a corner."""
    bar = np.array([[-5, -1], [5, -1], [5, 1], [-5, 1]])
    assert meet(bar, bar[:, ::-1])
    turned = np.array([[0, 1.5], [1.5, 0], [6.5, 5], [5, 6.5]]) + np.array([3, 1])
    assert not meet(bar, turned + np.array([0, 1]))
    assert not meet(bar, bar + np.array([0, 2.5]))
    assert meet(bar, turned - np.array([2, 2]))


HEAD = """
name = "{name}"
label = "{label}"
group = "cosmology"
kind = "{kind}"
observable = "N_eff"
method = "computed"
formula = "mine.py:Mine"
cl = 0.95
validity = ["1 MeV", "1 GeV"]
accuracy = 0.1
status = "unverified"
provenance = "made up for this test"
references = ["Planck:2018vyg"]
"""
CODE = """
import numpy as np

from nuportal import Limit


class Mine(Limit):
    def ratio(self, ray, y):
        g = np.abs(ray.couplings(y).c_e)
        return np.where(g > 0.01, np.nan, g * 1e9)
"""


@pytest.fixture(scope="module")
def like_neff(tmp_path_factory):
    """Folders of a limit and a band without a value above g = 0.01, as those from N_eff, which take minutes."""
    found = []
    for name, kind, label in (("exclusion", "exclusion", "all radiation"), ("band", "band", "some radiation")):
        found.append(tmp_path_factory.mktemp("limits") / name)
        found[-1].mkdir()
        (found[-1] / "limit.toml").write_text(HEAD.format(name=name, kind=kind, label=label))
        (found[-1] / "mine.py").write_text(CODE)
    return found


def test_where_there_is_no_value_is_hatched_and_bands_need_asking(like_neff):
    """Nothing above g = 0.01, and the boundary there is dotted; among many limits no band is drawn."""
    few = nup.plane("B-L", "mass=2MeV:200MeV:12", "g=1e-16:1:60", constraints=[*like_neff, "e774"])
    axes = few.plot().axes[0]
    assert any(patch.get_hatch() for patch in axes.patches)
    assert "no value" in texts(axes.figure)
    assert f"some radiation{exclusion.DAGGER}" in texts(axes.figure)
    (stop, *_) = stops(few, "exclusion")
    assert stop == pytest.approx(0.01, rel=0.5)
    for line in axes.lines:
        at = np.asarray(line.get_ydata())
        assert line.get_linestyle() == ":" or not (len(at) > 1 and np.allclose(at, stop, rtol=0.02))
    many = nup.plane("B-L", "mass=2MeV:900MeV:12", "g=1e-9:1e-2:30", constraints=[*MANY.split(","), like_neff[1]])
    assert "band" not in exclusion.styles(many)
    assert f"some radiation{exclusion.DAGGER}" in texts(many.plot(show=["band"]))
    assert "ship" in exclusion.styles(many)


def test_few_limits_are_all_named():
    """Up to a dozen."""
    few = nup.plane("B-L", "mass=1MeV:100MeV:20", "g=1e-9:1e-2:40", constraints="e137,e774,texono")
    assert exclusion.named(few) == {"e137", "e774", "texono"}


def test_regions_are_opaque_and_end_dotted(plane):
    """One patch a group; the end of E137 at 1.03 MeV is dotted, the projection dashed."""
    axes = plane.plot().axes[0]
    groups = {plane.limit(n).about.group for n in plane.names if plane.limit(n).about.kind == "exclusion"}
    assert len(axes.patches) == len(groups)
    assert all(patch.get_facecolor()[3] == 1.0 for patch in axes.patches)
    dotted = [line for line in axes.lines if line.get_linestyle() == ":"]
    assert any(np.allclose(line.get_xdata(), 1.03, rtol=0.06) for line in dotted)
    assert any(line.get_linestyle() == "--" for line in axes.lines)


def test_legend_only_when_asked(plane):
    """Every limit is in it then."""
    assert plane.plot().axes[0].get_legend() is None
    listed = {t.get_text() for t in plane.plot(legend="all").axes[0].get_legend().get_texts()}
    assert {"E774", "SHiP (projection)"} <= listed


def test_fonts_are_embedded_as_they_are(plane, tmp_path):
    """No Type 3 fonts."""
    plane.plot(tmp_path / "plane.pdf")
    content = (tmp_path / "plane.pdf").read_bytes()
    assert b"/Type3" not in content
    assert b"/FontFile2" in content


def test_the_main_measurement_of_n_eff_is_always_named():
    """Planck 2018, also where another limit is everywhere stronger."""
    names = [*MANY.split(","), "planck2018", "combination-2026"]
    whole = nup.plane("B-L", "mass=8MeV:30MeV:8", "g=1e-8:1e-5:20", constraints=names)
    strongest = (whole.strongest() == whole.names.index("planck2018")).mean()
    assert strongest < exclusion.NAMED
    assert r"$N_\mathrm{eff}$ Planck 2018" in texts(whole.plot())


def test_nothing_thick_lies_on_the_frame():
    """Where a limit excludes down to the lower end of the plane it has no edge there."""
    whole = nup.plane("B-L", "mass=1MeV:100MeV:20", "g=1e-7:1e-3:40", constraints="e137,texono")
    axes = whole.plot().axes[0]
    thick = [np.asarray(line.get_ydata()) for line in axes.lines if line.get_linewidth() > 1.3 and line.get_visible()]
    assert thick
    assert all((y > 1e-7 * 1.001).any() and not (y <= 1e-7 * 1.000001).all() for y in thick)
    assert min(y.min() for y in thick) > 1e-7 * 1.000001


def test_light_masses_are_written_in_ev():
    """Below 10 keV; the ticks are those of MeV times a million."""
    light = nup.plane("B-L", "mass=1e-9eV:1eV:6", "g=1e-25:1e-15:10", constraints="equivalence-principle")
    axes = light.plot().axes[0]
    assert axes.get_xlabel().endswith("[eV]")
    assert axes.xaxis.get_major_formatter()(1e-12, 0) == "$10^{-6}$"
    heavy = nup.plane("B-L", "mass=1keV:1MeV:6", "g=1e-9:1e-2:10", constraints="gemma")
    assert heavy.plot().axes[0].get_xlabel().endswith("[MeV]")
