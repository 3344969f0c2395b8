"""The page in headless Chromium: pointer, wheel, keys, fingers, switches, views, address, a silent console."""

import math

import pytest

import nuportal as nup
from nuportal.plotting.page.write import write

LIMITS = "e137,e141,texono,gemma,borexino,na64-2026,sn1987a-neutrinos,ship"
#: stands for a limit from N_eff, which takes minutes
COSMOLOGY = r"""
name = "neff"
label = "$N_\\mathrm{eff}$ Planck 2018"
group = "cosmology"
observable = "N_eff"
method = "recast"
formula = "edges:PublishedInterval"
cl = 0.95
validity = ["1 MeV", "1 GeV"]
accuracy = 0.1
status = "unverified"
provenance = "made up for this test"
references = ["Planck:2018vyg"]
[measurement]
coupling = "neutrino"
table = "line.csv"
"""
EVIL = '<img src=x onerror="window.bad=1"></script><script>window.bad=1</script>$N_\\mathrm{eff}$'


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The page of B-L from 1 MeV to 1 GeV; E141 has a label that would do harm if it were read as HTML."""
    folder = tmp_path_factory.mktemp("limits") / "neff"
    folder.mkdir()
    (folder / "limit.toml").write_text(COSMOLOGY)
    (folder / "line.csv").write_text("1, 1e-9\n5, 3e-9\n10, 1e-8\n20, 1e-4\n1000, 1e-3\n")
    plane = nup.plane("B-L", "mass=1MeV:1GeV:30", "g=1e-10:1e-2:40", constraints=[*LIMITS.split(","), folder])
    limit = plane.limit("e141")
    with pytest.MonkeyPatch.context() as patch:  # the limit is that of the catalogue
        patch.setattr(limit, "about", limit.about.model_copy(update={"label": EVIL, "observable": EVIL}))
        return write(plane, tmp_path_factory.mktemp("page") / "plane.html").as_uri()


@pytest.fixture
def tab(browser, address):
    """The page, opened fresh; afterwards the console must be empty and no request but for the page made."""
    browser.messages.clear()
    browser.requests.clear()
    browser.open(address)
    yield browser
    assert browser.messages == []
    assert {r.partition("#")[0] for r in browser.requests} <= {address}
    assert browser.ask("window.bad") is None


def on_screen(tab, mass, g):
    """Where a point of the whole plane is drawn."""
    box = tab.ask(
        "(r => [r.x, r.y, r.width, r.height])(document.querySelector('#plot .frame').getBoundingClientRect())"
    )
    u, v = math.log10(mass) / 3, (math.log10(g) + 10) / 8
    return round(box[0] + u * box[2]), round(box[1] + (1 - v) * box[3])


def listed(tab):
    """The names of the limits that are shown for the point."""
    return tab.ask("[...document.querySelectorAll('#found li')].map(row => row.dataset.name)")


def text(tab, selector):
    """What is written there."""
    return tab.ask(f"document.querySelector('{selector}').textContent")


def fragment(tab):
    """The state in the address."""
    tab.settle()
    return tab.ask("location.hash")


def test_pointer_shows_all_regions_of_a_point(tab, address):
    """At 20 MeV and 1e-6: E137 first, as the strongest, with its interval, accuracy and sources."""
    tab.mouse("Moved", *on_screen(tab, 20.0, 1e-6))
    tab.settle()
    heading = text(tab, "#place")
    assert heading.startswith("MZ′ = ")
    assert "MeV" in heading
    assert "10⁻" in heading
    plane = nup.plane("B-L", "mass=19MeV:21MeV:3", "g=1e-10:1e-2:400", constraints=LIMITS)
    expected = {n for n in plane.names if plane.limit(n).about.kind == "exclusion" and plane.excluded(n)[1, 200]}
    assert set(listed(tab)) == expected
    assert {"e137", "na64-2026"} & set(listed(tab)) == {"e137"}
    assert f"Excluded by {len(expected)}." in text(tab, "#found")
    first = text(tab, "#found li")
    assert first.startswith("E137strongest")
    for part in ("excludes gX = ", " to ", "at this mass", "accuracy about 10 %", "90 % CL", "Bjorken"):
        assert part in first, part
    assert tab.ask("[...document.querySelectorAll('#found a')].every(a => a.href.startsWith('https://'))")


def test_wheel_drag_and_buttons(tab):
    """Zoom keeps the point under the pointer; a drag moves the window; the state is in the address."""
    assert fragment(tab) in ("", "#")
    x, y = on_screen(tab, 20.0, 1e-6)
    tab.mouse("Moved", x, y)
    tab.settle()
    before = text(tab, "#place")
    tab.mouse("Wheel", x, y, deltaX=0, deltaY=-200)
    tab.settle()
    tab.mouse("Moved", x, y)
    tab.settle()
    assert text(tab, "#place") == before
    zoomed = fragment(tab)
    assert zoomed.startswith("#x=") and "&y=" in zoomed
    tab.mouse("Pressed", x, y, buttons=1)
    tab.mouse("Moved", x + 80, y + 40, buttons=1)
    tab.mouse("Released", x + 80, y + 40)
    assert fragment(tab) != zoomed
    tab.mouse("Moved", x + 80, y + 40)
    tab.settle()
    assert text(tab, "#place") == before
    tab.ask("document.getElementById('whole').click()")
    assert fragment(tab) in ("", "#")
    tab.ask("document.getElementById('in').click()")
    assert "x=" in fragment(tab)


def test_click_holds_a_point(tab, address):
    """It stays while the pointer moves, and is in the address."""
    tab.click(*on_screen(tab, 20.0, 1e-6))
    held = text(tab, "#place")
    tab.mouse("Moved", *on_screen(tab, 300.0, 1e-9))
    tab.settle()
    assert text(tab, "#place") == held
    where = fragment(tab)
    assert where.startswith("#at=")
    tab.open(address + where)
    assert text(tab, "#place") == held
    tab.click(*on_screen(tab, 300.0, 1e-9))
    assert fragment(tab) in ("", "#")


def test_keyboard(tab):
    """Tab reaches the plane; arrows move the point and say what is there; + - 0 and Enter."""
    for _ in range(12):
        tab.key("Tab")
        if tab.ask("document.activeElement.id") == "plot":
            break
    assert tab.ask("document.activeElement.id") == "plot"
    tab.key("ArrowUp")
    said = text(tab, "#spoken")
    assert "Excluded by" in said and "MeV" in said
    tab.key("ArrowUp", shift=True)
    assert text(tab, "#spoken") != said
    tab.key("+")
    assert "x=" in fragment(tab)
    for _ in range(12):
        tab.key("ArrowRight", shift=True)
    assert text(tab, "#place").startswith("MZ′ = 1 GeV")
    tab.key("Enter")
    assert "at=1000," in fragment(tab)
    tab.key("Escape")
    assert "at=" not in fragment(tab)
    tab.key("-")
    tab.key("0")
    assert fragment(tab) in ("", "#")


def test_switches(tab):
    """One limit, a group, none, all; projections are off and apart; what is off is not shown."""
    tab.click(*on_screen(tab, 20.0, 1e-6))
    assert "ship" not in listed(tab)
    tab.ask("document.querySelector('[data-limit=e137][type=checkbox]').click()")
    assert "off=e137" in fragment(tab)
    assert "e137" not in listed(tab)
    assert "switched off" in text(tab, "#found")
    dumps = "document.querySelector('[data-group=\"beam dump\"]')"
    assert tab.ask(f"{dumps}.indeterminate")
    tab.ask(f"{dumps}.click()")
    assert tab.ask(f"{dumps}.checked && !{dumps}.indeterminate")
    tab.ask(f"{dumps}.click()")
    assert "na64-2026" in fragment(tab)
    tab.ask("document.getElementById('none').click()")
    assert "off=*" in fragment(tab)
    assert listed(tab) == []
    assert tab.ask("document.querySelectorAll('#regions [data-region]').length") == 0
    tab.ask("document.getElementById('all').click()")
    assert "off=" not in fragment(tab)
    for _ in range(2):  # frees the point, holds another
        tab.click(*on_screen(tab, 400.0, 2e-8))
    assert "ship" not in listed(tab)
    tab.ask("document.querySelector('.outside [data-limit=ship]').click()")
    assert "on=ship" in fragment(tab)
    assert "ship" in listed(tab)
    assert tab.ask("document.querySelectorAll('.outside [data-limit]').length") == 1


def test_views(tab):
    """By group one region each; strongest one each limit; union one region in all."""
    groups = tab.ask("[...document.querySelectorAll('#regions [data-region]')].map(g => g.dataset.region)")
    assert sorted(groups) == sorted({"beam dump", "recoil", "astrophysics", "cosmology"})
    tab.ask("document.querySelector('[value=strongest]').click()")
    assert fragment(tab) == "#view=strongest"
    strong = tab.ask("[...document.querySelectorAll('#regions [data-limit]')].map(p => p.dataset.limit)")
    assert {"e137", "neff", "na64-2026"} <= set(strong)
    assert "ship" not in strong
    tab.ask("document.querySelector('[value=union]').click()")
    assert fragment(tab) == "#view=union"
    assert tab.ask("[...document.querySelectorAll('#regions [data-region]')].map(g => g.dataset.region)") == ["all"]


def test_address_brings_back_the_state(tab, address):
    """View, window, switches and point; what is no state is passed over."""
    state = "#view=union&x=2:50&y=1e-8:1e-4&off=e137&on=ship&at=20,1e-06"
    tab.open(address + state)
    assert tab.ask("document.querySelector('[value=union]').checked")
    assert not tab.ask("document.querySelector('[data-limit=e137][type=checkbox]').checked")
    assert tab.ask("document.querySelector('[data-limit=ship][type=checkbox]').checked")
    assert text(tab, "#place").startswith("MZ′ = 20 MeV, gX = 10⁻⁶")
    tab.key("Tab")
    tab.ask("document.getElementById('in').click()")
    assert "at=20,0.000001" in fragment(tab) or "at=20,1e-6" in fragment(tab)
    tab.open(address + "#view=<b>&x=-1:nan&y=5:1&off=nobody,%3Cimg%3E&at=1e99,0")
    assert tab.ask("document.querySelector('[value=groups]').checked")


def test_names_do_not_overlap_and_one_stands_for_n_eff(tab):
    """Planck 2018 is named; no two names touch."""
    boxes = tab.ask("[...document.querySelectorAll('#names text')].map(t => (b => [b.x, b.y, b.right, b.bottom])"
                    "(t.getBoundingClientRect()))")  # fmt: skip
    assert len(boxes) >= 4
    for k, a in enumerate(boxes):
        assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in boxes[:k])
    assert "neff" in tab.ask("[...document.querySelectorAll('#names text')].map(t => t.dataset.limit)")
    assert "Neff Planck 2018" in tab.ask("document.querySelector('[data-limit=neff][type=checkbox]')"
                                         ".closest('label').textContent")  # fmt: skip


def test_every_control_has_a_name(tab):
    """For a screen reader: buttons and boxes have text or a label, the plane says what it is and how to use it."""
    nameless = tab.ask("[...document.querySelectorAll('button, input')].filter(c => !(c.getAttribute('aria-label') ||"
                       " c.textContent || c.closest('label')?.textContent.trim())).length")  # fmt: skip
    assert nameless == 0
    tree = tab.call("Accessibility.getFullAXTree")["nodes"]
    roles = {(n["role"]["value"], n.get("name", {}).get("value", "")) for n in tree if not n.get("ignored")}
    assert any(role == "application" and "Plane of" in name for role, name in roles)
    assert ("checkbox", "E137") in roles
    assert ("radio", "union") in roles
    assert any(role == "status" for role, _ in roles)


def test_phone(browser, address):
    """Everything is below one another without a bar to scroll sideways; tap holds, a finger moves, two zoom."""
    browser.messages.clear()
    browser.open(address, 390, 844, phone=True)
    assert browser.ask("document.documentElement.scrollWidth <= 390")
    assert browser.ask("document.getElementById('here').getBoundingClientRect().top") > 400
    x, y = on_screen(browser, 20.0, 1e-6)
    browser.touch("Start", (x, y))
    browser.touch("End")
    browser.settle()
    assert "at=" in fragment(browser)
    assert "e137" in listed(browser)
    before = fragment(browser)
    browser.touch("Start", (x - 20, y), (x + 20, y))
    browser.touch("Move", (x - 60, y), (x + 60, y))
    browser.touch("End")
    zoomed = fragment(browser)
    assert "x=" in zoomed and zoomed != before
    browser.touch("Start", (x, y))
    browser.touch("Move", (x + 50, y + 30))
    browser.touch("End")
    assert fragment(browser) != zoomed
    assert browser.messages == []
