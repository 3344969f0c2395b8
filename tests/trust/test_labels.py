"""Labels are text wherever they are shown: in HTML pages, SVG pictures and notebooks no label becomes mark-up."""

from html.parser import HTMLParser
from textwrap import dedent
from xml.etree import ElementTree

import pytest

import nuportal as nup
from nuportal.errors import DataFileError
from nuportal.limits.registry import read

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>&<!--<script>\\\"'"
HEAD = """
    name = "mine"
    label = {0}
    group = "laboratory"
    observable = {0}
    method = "computed"
    formula = "mine.py:Mine"
    cl = 0.9
    validity = ["1 eV", "1 GeV"]
    accuracy = 0.1
    accuracy_note = {0}
    status = "unverified"
    provenance = {0}
    note = {0}
    references = ["evil"]
"""
CODE = """
    from nuportal.limits.base import Limit
    class Mine(Limit):
        def ratio(self, ray, y):
            return y / 1e-6
"""


class Tags(HTMLParser):
    """The tags of a page and their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def own(tmp_path):
    def make(label=EVIL):
        folder = tmp_path / "mine"
        folder.mkdir(exist_ok=True)
        quoted = '"""' + label.replace("\\", "\\\\").replace('"', '\\"') + '"""'
        (folder / "limit.toml").write_text(dedent(HEAD.format(quoted)))
        (folder / "mine.py").write_text(dedent(CODE))
        entry = f"@article{{evil,\n author = {{{EVIL}}},\n title = {{{EVIL}}},\n eprint = {{{EVIL}}}\n}}\n"
        (folder / "refs.bib").write_text(entry)
        return folder

    return make


def tags(text):
    parser = Tags()
    parser.feed(text)
    return parser.found


def test_the_page_of_a_plane(own, tmp_path):
    """The page with the label has the tags of the page with a harmless one: no script, no picture, no handler more."""
    pages = []
    for label in (EVIL, "harmless"):
        plane = nup.plane("B-L", "mass=1MeV:10MeV:3", "g=1e-8:1e-4:5", [own(label)])
        plane.plot(tmp_path / "p.html")
        pages.append(tags((tmp_path / "p.html").read_text()))
    evil, harmless = pages
    assert [tag for tag, _ in evil] == [tag for tag, _ in harmless]
    assert [sorted(attributes) for _, attributes in evil] == [sorted(attributes) for _, attributes in harmless]
    assert not any(name.startswith("on") for _, attributes in evil for name in attributes)


def test_pictures(own, tmp_path):
    """SVG remains XML without a script; the label stands in it as text."""
    plane = nup.plane("B-L", "mass=1MeV:10MeV:3", "g=1e-8:1e-4:5", [own()])
    plane.plot(tmp_path / "p.svg")
    names = {element.tag.rpartition("}")[2] for element in ElementTree.parse(tmp_path / "p.svg").iter()}
    assert not names & {"script", "img", "foreignObject"}


def test_notebooks(own):
    evaluation = nup.evaluate(nup.U1X("B-L", "1 MeV", 3e-6), [own()])
    for tag, attributes in tags(evaluation._repr_html_()):
        assert tag in ("p", "table", "tr", "th", "td", "b", "br")
        assert not attributes


@pytest.mark.parametrize("label", ["$\\frac{1$", "$x^{$ 5 $", "cost $5 and $\\no$"])
def test_formulas_that_are_none(own, label):
    """A label with broken mathematical type is refused with file and line when the folder is read."""
    with pytest.raises(DataFileError, match="label"):
        read(own(label))
