"""What is written into the page: outlines that are those of the plane, sources, and no sign that could do harm."""

import json
import re
from importlib.resources import files

import numpy as np
import pytest

import nuportal as nup
from nuportal.plotting.page.content import TOLERANCE, content, simplified
from nuportal.plotting.page.write import SCRIPTS, page

EVIL = '</script><img src=x onerror="window.bad=1">$\\mathrm{<b>}$ & "quoted"'


@pytest.fixture(scope="module")
def plane():
    """B-L from 1 MeV to 1 GeV with four limits, two of which say nothing, and a projection."""
    return nup.plane("B-L", "mass=1MeV:1GeV:30", "g=1e-9:1e-2:40", constraints="e137,texono,ship,sn1987a-muons,alps2")


@pytest.fixture(scope="module")
def written(plane):
    """The page of it."""
    return page(plane)


def test_outlines_are_those_of_the_plane(plane):
    """In shares of the logarithm of both axes, the same region to the tolerance."""
    from matplotlib.path import Path

    found = {limit["name"]: limit for limit in content(plane)["limits"]}
    assert set(found) == set(plane.names)
    mask = plane.excluded("e137")
    u, v = np.meshgrid(np.linspace(0, 1, 30), np.linspace(0, 1, 40), indexing="ij")
    places = np.column_stack([u.ravel(), v.ravel()])
    inside = np.zeros(mask.shape, dtype=bool)
    for ring in found["e137"]["rings"]:
        inside ^= Path(np.reshape(ring, (-1, 2))).contains_points(places).reshape(mask.shape)
    assert mask.any()
    assert (inside != mask).mean() < 0.01
    assert found["ship"]["kind"] == "projection"
    assert found["e137"]["accuracy"] == plane.limit("e137").about.accuracy


def test_a_line_is_simplified_within_its_tolerance():
    """Points that lie on the line go, corners stay."""
    t = np.linspace(0, 1, 200)
    wave = np.column_stack([t, 0.1 * np.sin(9 * t)])
    short = simplified(wave, TOLERANCE)
    assert len(short) < 170
    assert len(simplified(wave, 10 * TOLERANCE)) < 60
    assert np.abs(np.interp(t, *short.T) - wave[:, 1]).max() < 1.4 * TOLERANCE  # across a slope of up to 0.9
    corner = np.array([[0, 0], [0.5, 0], [1, 0], [1, 1]])
    assert simplified(corner, 1e-3).tolist() == [[0, 0], [1, 0], [1, 1]]


def test_where_a_limit_ends_and_where_it_has_no_value():
    """The end of E137 at 1.03 MeV; N_eff is not computed above g = 0.01."""
    plane = nup.plane("B-L", "mass=0.1MeV:100MeV:7", "g=1e-4:1e-1:7", constraints="e137,planck2018")
    found = {limit["name"]: limit for limit in content(plane)["limits"]}
    assert min(abs(t - np.log10(10.3) / 3) for t in found["e137"]["ends"]) < 0.02
    assert all(v1 == 1 and v0 > 0.6 for _, _, v0, v1 in found["planck2018"]["unknown"])
    assert sum(u1 - u0 for u0, u1, _, _ in found["planck2018"]["unknown"]) == pytest.approx(1, rel=1e-3)
    assert found["planck2018"]["why"]


def test_what_is_silent_is_said(plane):
    """With the reason."""
    silent = ["".join(p[0] for p in why) for _, why in content(plane)["silent"]]
    assert len(silent) == len(plane.not_applicable)
    assert any("alps2" in why for why in silent)


def test_page_is_one_file_that_asks_for_nothing(written):
    """No address is loaded: the policy forbids it and there is nothing to load; the links are to papers only."""
    assert "default-src 'none'" in written
    for outside in ("<link", "<img", "<script src", "@import", "url(http", "fetch(", "XMLHttpRequest", "import("):
        assert outside not in written
    addresses = set(re.findall(r"https?://[a-z0-9.]+", written))
    assert addresses <= {"https://arxiv.org", "https://doi.org", "http://www.w3.org"}


def test_every_text_is_inert(plane, monkeypatch):
    """A label, a note or a title of a user's limit cannot end the script nor become a mark of the page."""
    limit = plane.limit("e137")
    evil = limit.about.model_copy(update={"label": EVIL, "note": EVIL, "observable": EVIL})
    monkeypatch.setattr(limit, "about", evil)
    text = page(plane)
    assert text.count("</script>") == 2
    assert "<img" not in text
    data = json.loads(re.search(r'<script type="application/json" id="plane">(.*?)</script>', text, re.S)[1])
    (label,) = (found["label"] for found in data["limits"] if found["name"] == "e137")
    assert "<img src=x" in "".join(p[0] for p in label)


def test_scripts_read_no_text_as_html():
    """None of the ways to make marks of the page out of text is used."""
    for name in SCRIPTS:
        script = (files("nuportal.plotting.page") / name).read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function", script), name
