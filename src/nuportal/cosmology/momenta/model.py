"""A model as the kinetic equations read it: strengths of its reactions, and the tables that hold their rates."""

from functools import cache
from math import hypot, pi, sqrt

import numpy as np

from nuportal.constants import G_F, M_E, M_PLANCK
from nuportal.cosmology.expansion import HUBBLE, MATTER
from nuportal.cosmology.momenta.boson_pairs import boson_pair_table
from nuportal.cosmology.momenta.density_run import needs_matrices
from nuportal.cosmology.momenta.flavours import mixing, right_handed
from nuportal.cosmology.momenta.grid import RANGE, Grid, asked, grid
from nuportal.cosmology.momenta.neutrino_pairs import pair_table
from nuportal.cosmology.momenta.options import MomentaOptions, Start
from nuportal.cosmology.momenta.state import LAST_EXCHANGE, Point, Tables
from nuportal.cosmology.momenta.weak_table import weak_table
from nuportal.models.base import Couplings
from nuportal.plasma import em
from nuportal.processes import mediated, weak

T_START = 20.0  #: MeV
LOCKED = 100.0  #: decays over H at the hot start above which a boson that was absent is in equilibrium at once
ELECTRON_RATES = 30.0  #: MeV; heavier bosons meet electrons by decays alone
PAIRED = 1e-3  #: upper estimate of the rate of nu nubar <-> Z'Z' over H at T = M below which it is left out
LATE = 20.0  #: p/T of decay products above which the grid needs its tail


def first_state(couplings: Couplings, start: Start) -> tuple[Start, float]:
    """Return how the evolution starts, and at which temperature in MeV: 6 M without boson, 3 M with it, at least 20.

    A boson that was absent at 6 M but is made within a hundredth of an e-fold there, and with it every right-handed
    neutrino that it decays into, starts in equilibrium: before neutrinos leave the plasma nothing remembers more than
    that, and half of all steps would go into the first moments.
    """
    hot = max(T_START, 6.0 * couplings.mass)
    right = [width for name, width in couplings.partial_widths().items() if name.startswith("nu_R") and width > 0]
    slowest = min([couplings.width, *right]) * couplings.mass / hypot(couplings.mass, 2.7 * hot)
    if start == "thermal" or slowest > LOCKED * HUBBLE * sqrt(pi**2 / 30 * 10.75) * hot**2:
        return "thermal", max(T_START, 3.0 * couplings.mass)
    return "zero", hot


def grid_of(couplings: Couplings | None, nodes: int, boson_nodes: int, even: bool = False) -> Grid:
    """Return the grid for a model.

    Where Gamma < H at T = M/(2 LATE) it decays into momenta above the equal cells, with hardly any inverse decays.
    They are followed by a tail as long as such neutrinos may reach the plasma; above, only energy and number count.
    """
    if couplings is None:
        return grid(nodes, boson_nodes, False)
    cold = couplings.mass / (2 * LATE)
    late = couplings.width < HUBBLE * sqrt(pi**2 / 30 * 10.75) * cold**2
    return grid(nodes, boson_nodes, late and couplings.mass > 2 * RANGE * LAST_EXCHANGE, late, even)


def _classes(couplings: Couplings | None, matrices: bool) -> tuple[tuple[int, ...], ...]:
    """Return the flavours that share one spectrum: mu and tau where the boson does not tell them apart."""
    if couplings is None or (abs(couplings.c_nu[1]) == abs(couplings.c_nu[2]) and not matrices):
        return ((0,), (1, 2))
    return ((0,), (1,), (2,))


def to_point(couplings: Couplings | None, options: MomentaOptions) -> Point:
    """Return what the equations need of a model."""
    from nuportal.processes.photon_decay import photon_width

    matrices = needs_matrices(couplings, options.flavours)
    partners = right_handed(couplings)
    own = _classes(couplings, matrices)
    classes = (*own, *(tuple(3 + f for f in group) for group in partners))  # right-handed ones are 3, 4, 5
    left, right = (np.concatenate([part, np.zeros(3)]) for part in weak.chiral_couplings("corrected"))
    count = len(classes)

    def mean(values: np.ndarray) -> np.ndarray:
        return np.array([np.mean(values[list(group)]) for group in classes])

    multiplicity = np.array([float(len(group)) for group in classes])
    same, other = np.zeros((3, count)), np.zeros((3, count, count))
    same[0, : len(own)], other[0, : len(own), : len(own)] = 1 + (multiplicity[: len(own)] - 1) / 2, 1.0
    strengths = np.stack([mean(left**2 + right**2), mean(left * right)])
    if couplings is None:
        mixed = mixing(own, options.flavours, (0.0, 0.0, 0.0))
        nothing = np.zeros(count)
        start = T_START
        return Point(0.0, 0.0, 3.0, start, MATTER, 0.0, 0.0, 0.0, 0.0, False, False, False, mixed, multiplicity,
                     strengths, nothing, nothing, same, other)  # fmt: skip
    mass, vector = couplings.mass, couplings.spin == 1
    c_nu, c_all = np.array(couplings.c_nu, float), np.array([*couplings.c_nu, *couplings.c_nu_right], float)
    unit = Couplings(mass, c_nu=(1.0, 0.0, 0.0), spin=couplings.spin).width
    photons = couplings.c_e**2 * photon_width(mass, couplings.spin) if couplings.c_e and mass < 2 * M_E else 0.0
    shift = np.zeros(6)
    if vector:  # exchange of a scalar between nu and e is left out: it has no interference, and decays do nearly all
        shift = c_all * couplings.c_e / (2 * sqrt(2) * G_F * mass**2)
        pair = np.outer(c_all, c_all) / (sqrt(2) * G_F * mass**2)
        for a, group in enumerate(classes):
            within = pair[np.ix_(group, group)]
            weights = np.where(np.eye(len(group)) > 0, 1.0, 0.5) / len(group)
            same[2, a] = np.sum(weights * within**2)
            if a < len(own):
                same[1, a] = 2 * np.sum(weights * within)
            for b, others in enumerate(classes):
                block = pair[np.ix_(group, others)]
                other[2, a, b] = np.mean(block**2)
                if max(a, b) < len(own):  # right-handed neutrinos have no weak amplitude to interfere with
                    other[1, a, b] = 2 * np.mean(block)
    return Point(
        mass=mass,
        exchanged=mass,
        degrees=3.0 if vector else 1.0,
        start=first_state(couplings, options.start)[1],
        matter=MATTER,
        width_unit=unit if np.any(c_nu) else 0.0,
        width_pairs=couplings.partial_widths()["e"],
        width_photons=photons,
        electron=couplings.c_e**2 if mass <= ELECTRON_RATES else 0.0,
        scalar=not vector,
        in_medium=options.mixing == "on",
        paired=0.01 * float(np.sum(c_all**4)) * M_PLANCK / mass > PAIRED,
        mixing=mixing(
            own,
            "separate" if matrices else options.flavours,
            tuple(c_nu),
            tuple((float(c_all[3 + group[0]]), len(group)) for group in partners),
        ),
        multiplicity=multiplicity,
        weak=strengths,
        interference=mean((left + right) * shift),
        exchange=mean(shift**2),
        same=same,
        other=other,
    )


@cache
def _no_rates() -> tuple[np.ndarray, np.ndarray]:
    return np.zeros((2, 2, 2, 4)), np.zeros(5)


@cache
def _plasma(needed: bool) -> np.ndarray:
    from nuportal.processes.plasma_mixing import plasma_table

    return plasma_table() if needed else np.zeros((3, 4))


def tables_of(couplings: Couplings | None, g: Grid, point: Point) -> Tables:
    """Return the tables that the equations read."""
    from nuportal.processes.boson_production import electron_rates

    rates = _no_rates()
    if couplings is not None and point.electron > 0.0:
        found = electron_rates(couplings.mass, couplings.spin)
        rates = (found.hermite, found.grid)
    pairs = boson_pair_table(*asked(g), 0 if point.scalar else 1)
    return Tables(g, em.table(), weak_table(*asked(g)), pair_table(g.equal), mediated.table(), *rates,
                  _plasma(point.in_medium), pairs)  # fmt: skip
