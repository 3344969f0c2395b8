"""Recasts of ours against those of the DarkCast programme, an independent code, for bosons with other charges.

Where limit.toml records a ratio for B-L, every mass has to lie inside it.
"""

import csv
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from nuportal.constants import E_CHARGE
from nuportal.limits.ray import Ray
from nuportal.limits.recast.branching import total, widths
from nuportal.limits.registry import limit
from nuportal.models import U1X, Couplings

DATA = Path(__file__).parents[1] / "data/darkcast_recasts.csv"
LOOP = -((E_CHARGE / (4 * np.pi)) ** 2)  #: charge of leptons that DarkCast gives a boson of baryon number
PLAIN = {"B": (LOOP, 1 / 3, 1 / 3), "protophobic": (-1.0, -1 / 3, 2 / 3)}  #: charges of leptons, up, down


@cache
def recasts():
    """(limit, model) -> rows of mass, lower edge, upper edge (infinite if there is none)."""
    found = {}
    with DATA.open(encoding="utf-8") as text:
        for row in csv.DictReader(line for line in text if not line.startswith("#")):
            edges = (float(row["mass_MeV"]), float(row["lower"]), float(row["upper"] or np.inf))
            found.setdefault((row["limit"], row["model"]), []).append(edges)
    return found


def without_neutrinos(model, mass, g):
    """A boson with vector couplings to charged leptons and quarks alone."""
    lepton, up, down = (g * x for x in PLAIN[model])
    couplings = Couplings(mass, c_e=lepton, c_mu=lepton, c_tau=lepton, c_u=(up,) * 3, c_d=(down,) * 3)
    return SimpleNamespace(declared=SimpleNamespace(interaction="vector"), mass=mass, couplings=couplings)


def along(model, mass):
    """A ray in g; kinetic mixing by loops for Lmu-Ltau, as there."""
    if model in PLAIN:
        return Ray(lambda g: without_neutrinos(model, mass, g), "g", 1e-9, 100.0)
    epsilon = "loop" if model == "Lmu-Ltau" else 0.0
    return Ray(lambda g: U1X(model, mass=mass, g=g, epsilon=epsilon), "g", 1e-9, 1.0)


def ratios(name, model, keep=lambda mass: True):
    """Our edges over theirs, lower and upper, where both exist.

    They take 99 % of the decays of an invisible search as invisible; that is undone with our share of neutrinos.
    """
    lower, upper = [], []
    for mass, published, high in recasts()[name, model]:
        low, ray = published, along(model, mass)
        outcome = limit(name).excluded(ray)
        if not keep(mass) or not outcome.excluded:
            continue
        if "invisible" in limit(name).measurement.decays:
            of = widths(ray.on_shell(np.array([low])))
            low *= float(np.sqrt(0.99 / (of["neutrinos"] / total(of))[0]))
        lower.append(outcome.excluded[0][0] / low)
        if np.isfinite(high):
            upper.append(outcome.excluded[0][1] / high)
    return np.array(lower), np.array(upper)


RECORDED = {name: c for name, _ in recasts() for c in limit(name).about.checked if c.test == Path(__file__).name}
REFERENCE = {"kloe-pipi": "protophobic"}  #: a boson without the coupling of the rho makes no pair of pions
WITHOUT_PI0_GAMMA = 134.0  #: MeV; above it DarkCast's boson of baryon number lacks most of its width into pi0 gamma


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_recasts_are_as_recorded(name):
    """Every mass lies inside the ratio of limit.toml, and the ratio is no wider than what is found."""
    model = REFERENCE.get(name, "B-L")
    lower, upper = ratios(name, model)
    low, high = RECORDED[name].ratio
    assert len(lower) == len(recasts()[name, model])
    assert low - 0.005 <= lower.min()
    assert lower.max() <= high + 0.005
    assert (low, high) == pytest.approx((lower.min(), lower.max()), abs=0.012)
    if len(upper):
        assert 0.85 < upper.min()
        assert upper.max() < 1.07


OTHERS = sorted(k for k in recasts() if k[1] != "B-L" and (k[1] != "B" or recasts()[k][0][0] < WITHOUT_PI0_GAMMA))


@pytest.mark.parametrize(("name", "model"), OTHERS)
def test_recasts_of_other_bosons(name, model):
    """Within 15 %, and 30 % where decays behind the detector count here as invisible; the middle within 6 %."""
    lower, upper = ratios(name, model, lambda mass: model != "B" or mass < WITHOUT_PI0_GAMMA)
    if not len(lower):  # their bosons mix by quark loops as well, or couple above 1; ours say why they exclude nothing
        outcomes = [limit(name).excluded(along(model, mass)) for mass, _, _ in recasts()[name, model]]
        assert all(o.reason or model == "Lmu-Ltau" for o in outcomes)
        return
    floor = 0.70 if name == "na64-invisible" else 0.88  # half of the decays are visible: 1 over the root of 2
    assert floor < lower.min()
    assert lower.max() < 1.15
    assert abs(np.log(np.median(lower))) < 0.06
    if len(upper):
        assert 0.88 < upper.min()
        assert upper.max() < 1.07


def test_width_into_pi0_gamma_explains_the_bosons_of_baryon_number():
    """1404.4370 eq. 8 with f_pi = 92.2 MeV: alpha alpha_B M^3/(96 pi^3 f^2) (1 - m^2/M^2)^3 |F_omega|^2."""
    for mass in (176.0, 250.0, 380.0):
        boson = Couplings(mass, c_u=(1 / 3,) * 3, c_d=(1 / 3,) * 3)
        omega = abs(1 / (1 - mass**2 / 782.66**2 - 1j * 8.68 / 782.66)) ** 2
        by_hand = mass**3 / (137.036 * 4 * np.pi * 96 * np.pi**3 * 92.2**2) * (1 - (134.977 / mass) ** 2) ** 3 * omega
        assert float(widths(boson)["hadrons"] / by_hand) == pytest.approx(1.0, abs=0.02)
