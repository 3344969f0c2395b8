"""Recast tables: identity, a brute-force recast, scaling laws, readers and their errors."""

import numpy as np
import pytest
from scipy.optimize import brentq

from nuportal.constants import E_CHARGE, HBAR_C_CM, HBAR_S, M_E
from nuportal.errors import DataFileError
from nuportal.limits.ray import Ray
from nuportal.limits.recast import efficiency
from nuportal.limits.recast.branching import photon_like, total, widths
from nuportal.limits.recast.production import production
from nuportal.limits.recast.search import RecastSearch
from nuportal.limits.recast.tables import read_line
from nuportal.limits.registry import limit, names, read
from nuportal.models import U1X, Couplings

SEARCHES = [n for n in names() if isinstance(limit(n), RecastSearch)]
IDENTITIES = [
    n
    for n in SEARCHES
    if limit(n).measurement.reference == "dark-photon" and "invisible" not in limit(n).measurement.decays
]


def photon(mass):
    """A dark photon along epsilon."""
    return Ray(lambda e: U1X(charges={"e": 0}, mass=mass, g=1e-12, epsilon=e), "epsilon", 1e-9, 0.5)


def along(model, mass, epsilon=0.0):
    """A ray in g."""
    return Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", 1e-10, 0.5)


@pytest.mark.parametrize("name", IDENTITIES)
def test_a_dark_photon_gives_back_its_own_line(name):
    """Both edges at 7 masses between the rows of the table."""
    chosen = limit(name)
    for mass in np.geomspace(chosen.line.mass[0], chosen.line.mass[-1], 9)[1:-1].tolist():
        if not chosen.line.covers(mass):
            assert "no limit" in chosen.excluded(photon(mass)).reason
            continue
        low, high = chosen.line.at(mass)
        found = chosen.excluded(photon(mass)).excluded
        assert found[0][0] == pytest.approx(low, rel=1e-4, abs=0)
        if np.isfinite(high):
            assert found[0][1] == pytest.approx(high, rel=1e-4, abs=0)


def test_all_tables_are_there():
    """Beam dumps and colliders of the notes on constraints."""
    assert len(SEARCHES) == 42


@pytest.mark.parametrize("mass", [3.0, 20.0, 150.0])
def test_e137_for_b_minus_l_by_brute_force(mass):
    """Shield and volume found by equal yields at the published edges, then both roots, all with scipy's own widths."""
    low, high = limit("e137").line.at(mass)
    volume = 204.0 / 179.0
    gamma_photon = E_CHARGE**2 * mass / (12 * np.pi) * (1 + 2 * M_E**2 / mass**2) * np.sqrt(1 - 4 * M_E**2 / mass**2)
    gamma_bl = mass / (12 * np.pi) * (1 + 2 * M_E**2 / mass**2) * np.sqrt(1 - 4 * M_E**2 / mass**2)
    visible, invisible = gamma_bl, 3 * mass / (24 * np.pi)

    def seen(width, shield):
        return np.exp(-shield * width) - np.exp(-shield * (1 + volume) * width)

    def imbalance(log_shield):
        shield = np.exp(log_shield)
        edges = [e**2 * seen(gamma_photon * e**2, shield) for e in (low, high)]
        return np.log(edges[0] / edges[1])

    # decreasing exponentials dominate at the upper edge: the root lies where it is a few decay lengths deep
    shield = np.exp(brentq(imbalance, np.log(0.3 / (gamma_photon * high**2)), np.log(300 / (gamma_photon * high**2))))
    reached = (E_CHARGE * low) ** 2 * seen(gamma_photon * low**2, shield)

    def excess(log_g):
        g2 = np.exp(2 * log_g)
        return np.log(g2 * visible / (visible + invisible) * seen((visible + invisible) * g2, shield) / reached)

    top = np.log(np.sqrt(1 / (shield * (visible + invisible))))
    expected = [np.exp(brentq(excess, top - 15, top)), np.exp(brentq(excess, top, top + 3))]
    assert limit("e137").excluded(along("B-L", mass)).excluded[0] == pytest.approx(expected, rel=1e-3, abs=0)


def test_prompt_lines_scale_with_coupling_and_branching_ratio():
    """BaBar: g = e epsilon sqrt(BR_photon/BR_B-L)."""
    chosen, mass = limit("babar-visible"), 500.0
    of = widths(U1X("B-L", mass=mass, g=1e-3).couplings)
    photon_of = widths(photon_like(mass, 1e-3))
    share = [float((w["e_e"] + w["mu_mu"]) / total(w)) for w in (photon_of, of)]
    expected = E_CHARGE * chosen.line.at(mass)[0] * np.sqrt(share[0] / share[1])
    assert chosen.excluded(along("B-L", mass)).excluded[0][0] == pytest.approx(expected, rel=1e-4, abs=0)


def test_invisible_means_neutrinos():
    """B-L at 100 MeV decays to neutrinos with 3/5: the line is weaker by sqrt(5/3) than e epsilon."""
    mass = 100.0
    expected = E_CHARGE * limit("babar-invisible").line.at(mass)[0] / np.sqrt(0.6)
    found = limit("babar-invisible").excluded(along("B-L", mass)).excluded[0][0]
    assert found == pytest.approx(expected, rel=2e-3, abs=0)
    of = U1X("B-L", mass=mass, g=1e-4).couplings.branching_ratios()
    assert sum(of[f"nu_{f}"] for f in ("e", "mu", "tau")) == pytest.approx(0.6, rel=1e-4)


def test_bump_of_l_mu_minus_l_tau_is_its_own_line():
    """BaBar 4 mu is quoted for this model: not e times stronger."""
    found = limit("babar-4mu").excluded(along("Lmu-Ltau", 500.0)).excluded[0][0]
    assert found == pytest.approx(limit("babar-4mu").line.at(500.0)[0], rel=1e-4, abs=0)


def test_pseudoscalars_through_vector_mesons():
    """Far below the rho the pi0 couples to 2 c_u + c_d (the anomaly): B-L (c_u = c_d) and a photon."""
    for couplings in (U1X("B-L", mass=1.0, g=1e-3).couplings, photon_like(1.0, 1e-3)):
        reduced = (2 * couplings.c_u[0] + couplings.c_d[0]) / 24
        assert production("pi0", couplings) == pytest.approx((2 * reduced) ** 2, rel=1e-3, abs=0)
    protophobic = Couplings(1.0, c_u=(1e-3, 0, 0), c_d=(-2e-3, 0, 0))
    assert production("pi0", protophobic) < 1e-4 * production("pi0", photon_like(1.0, 1e-2))


def test_hadronic_width_of_a_photon_follows_measured_r():
    """pi pi at the rho 8.0 muon pairs (9 Gamma_ee/(alpha^2 Gamma)), quarks 2.2 at 3 GeV."""
    for mass, mode, expected, within in ((775.0, "pi_pi", 8.0, 0.05), (3000.0, "hadrons", 2.2, 0.05)):
        of = widths(photon_like(mass, 1e-3))
        muon = E_CHARGE**2 * 1e-6 * mass / (12 * np.pi)
        assert float(of[mode]) / muon == pytest.approx(expected, rel=within)


def test_prompt_length():
    """KLOE sees decays within 8 cm: the share of a slow decay is length over decay length."""
    chosen = limit("kloe-ee")
    slow = photon_like(50.0, 1e-6)
    width = float(total(widths(slow)))
    boost = ((1019.461**2 + 50.0**2) / (2 * 1019.461) / 50.0) ** 2 - 1
    expected = width * 8.0 / (HBAR_C_CM * boost**0.5)
    assert float(chosen._seen(slow)) == pytest.approx(expected, rel=5e-3, abs=0)


def test_prompt_lifetime():
    """LHCb: a lifetime of 1 ps decays within 0.1 ps with 1 - exp(-0.1); near the threshold 4 MeV ps are added."""
    width = HBAR_S / 1e-12
    assert float(efficiency.within(np.float64(width), 0.1)) == pytest.approx(-np.expm1(-0.1), rel=1e-9)
    chosen, slow = limit("lhcb"), photon_like(215.0, 1e-5)
    time = 0.1 + 4.0 / (215.0 - 2 * 105.6583755)
    of = widths(slow)
    share = float(of["mu_mu"] / total(of)) * -np.expm1(-float(total(of)) * time * 1e-12 / HBAR_S)
    assert float(chosen._seen(slow)) == pytest.approx(share, rel=1e-6)


def test_a_users_darkcast_and_axionlimits_files_are_read(tmp_path):
    """Whitespace columns with rows of 1e5 for no limit; eV and two columns."""
    (tmp_path / "a.lmt").write_text("# GeV\n0.1 1e-3 2e-3\n0.2 1.5e-3 1.8e-3\n0.3 1e5 1e5\n")
    line = read_line(tmp_path / "a.lmt", 1e3)
    assert line.mass.tolist() == [100.0, 200.0]
    assert line.at(141.4213562) == pytest.approx((1.2247e-3, 1.8974e-3), rel=1e-3, abs=0)
    (tmp_path / "b.txt").write_text("# mass eV, chi\n1e3 1e-10\n1e4,1e-9\n")
    assert read_line(tmp_path / "b.txt", 1e-6).at(1e-3 * 10**0.5)[0] == pytest.approx(1e-9 / 10**0.5, rel=1e-6, abs=0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no rows"),
        ("1 2 3 4\n", "line 1: 4 columns"),
        ("1 1e-3\n2\n", "line 2: 1 columns"),
        ("1 1e-3\n2 x\n", "line 2"),
        ("2 1e-3\n1 1e-3\n", "line 2: masses must ascend"),
        ("1 1e-3 1e-4\n2 1e-3 2e-3\n", "line 1: the upper edge"),
        ("1 nan\n2 1e-3\n", "line 1"),
        ("1 -1e-3\n2 1e-3\n", "line 1: masses and couplings"),
        ("1 1e5\n2 1e5\n", "at least two rows"),
    ],
)
def test_broken_tables_name_file_and_line(tmp_path, text, says):
    """One line that says where."""
    path = tmp_path / "line.csv"
    path.write_text(text)
    with pytest.raises(DataFileError, match=r"line\.csv") as caught:
        read_line(path)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('production = "electron"', 'production = "elektron"', "did you mean 'electron'"),
        ("volume_over_shield = 1.1396648", "", "needs volume_over_shield"),
        ('kind = "displaced"', 'kind = "displaced"\nlength = 3.0', "needs the energy"),
        ('kind = "displaced"', 'kind = "displaced"\nreference = "B-M"', "did you mean 'B-L'"),
        ('table = "line.csv"', 'table = "lines.csv"', "lines.csv"),
    ],
)
def test_broken_recast_folders_say_what_is_wrong(tmp_path, old, new, says):
    """A copy of E137 with one error."""
    source = limit("e137").folder
    for file in ("limit.toml", "line.csv"):
        (tmp_path / file).write_text((source / file).read_text().replace(old, new))
    with pytest.raises(DataFileError) as caught:
        read(tmp_path)
    assert says in str(caught.value)


def test_outside_the_table_there_is_no_limit():
    """E141 ends at 19 MeV; Lmu-Ltau without mixing is not produced by electrons."""
    assert limit("e141").excluded(along("B-L", 25.0)).status == "out of range"
    assert "not produced" in limit("e137").excluded(along("Lmu-Ltau", 10.0)).reason
