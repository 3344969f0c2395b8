"""From the couplings of a model to spectra, densities and N_eff: what the kinetic equations need, and their result."""

from dataclasses import asdict, dataclass
from functools import cache
from math import log, pi, sqrt
from typing import Literal, NamedTuple, get_args

import numpy as np

from nuportal.constants import G_F, M_E, M_PLANCK, T_CMB_TODAY
from nuportal.cosmology.expansion import DILUTION, HUBBLE, MATTER, NEFF_STANDARD, PHOTONS
from nuportal.cosmology.momenta import integrate
from nuportal.cosmology.momenta.boson_pairs import boson_pair_table
from nuportal.cosmology.momenta.density_run import density_run, needs_matrices
from nuportal.cosmology.momenta.equations import WEAK_END
from nuportal.cosmology.momenta.flavours import mixing
from nuportal.cosmology.momenta.grid import Grid, grid
from nuportal.cosmology.momenta.neutrino_pairs import pair_table
from nuportal.cosmology.momenta.state import Point, Tables, work_arrays
from nuportal.cosmology.momenta.weak_table import weak_table
from nuportal.errors import unknown_name
from nuportal.models.base import Couplings
from nuportal.plasma import em
from nuportal.processes import mediated, weak
from nuportal.solvers.status import Status

Flavours = Literal["oscillating", "separate", "common"]
Start = Literal["zero", "thermal"]
Accuracy = Literal["standard", "high"]
InMedium = Literal["off", "on"]

#: nodes of neutrinos and boson, tolerance of a step
RESOLUTION = {"standard": (24, 24, 1e-4), "high": (40, 40, 3e-5)}
#: what the Standard Model lacks on these nodes against its limit of many nodes, added to every N_eff
OFFSET = {"standard": 0.0020, "high": 0.0003}
T_START = 20.0  #: MeV
T_RECOMBINATION = 0.26e-6  #: MeV, where N_eff is read off
T_LAST = 5e-4  #: MeV, end of the history where nothing but photons cools
GONE, RELATIVISTIC = 1e-4, 0.1  #: share of the dark energy of a boson that has decayed; p/rho of dark radiation
ELECTRON_RATES = 30.0  #: MeV; heavier bosons meet electrons by decays alone
MODERATE = (3.0, 1e7)  #: decays over H at T = M between which few nodes do
PAIRED = 1e-3  #: upper estimate of the rate of nu nubar <-> Z'Z' over H at T = M below which it is left out
LATE = 20.0  #: p/T of decay products above which the grid needs its tail


@dataclass(frozen=True)
class MomentaOptions:
    """Options of the treatment with momenta.

    flavours: "oscillating" neutrinos (states of propagation, mixed in the plasma, or density matrices where the boson
    tells flavours apart), flavours kept ("separate"), or one spectrum for all ("common"). start: boson
    absent, or in equilibrium, at the hot start. accuracy: number of momenta. mixing: of the boson with the photon in
    the plasma.
    """

    flavours: Flavours = "oscillating"
    start: Start = "zero"
    accuracy: Accuracy = "standard"
    mixing: InMedium = "off"

    def __post_init__(self):
        for name, allowed in (("flavours", Flavours), ("start", Start), ("accuracy", Accuracy), ("mixing", InMedium)):
            if getattr(self, name) not in get_args(allowed):
                raise unknown_name(name, str(getattr(self, name)), get_args(allowed))

    def to_dict(self) -> dict[str, object]:
        """Return the options as plain values."""
        return asdict(self)


class Solution(NamedTuple):
    """Result of `solve`; arrays run over the steps [t].

    ln_a: 0 today. rho, p in MeV^4, n in MeV^3 (nu and nubar; e, mu, tau). momentum [n], boson_momentum [k]: comoving,
    MeV, p = momentum/a. occupation [t, 3, n], boson_occupation [t, k].
    """

    status: Status
    neff: float
    numerical_error: float
    theory_error: float
    details: dict[str, object]
    steps: int
    ln_a: np.ndarray
    t_gamma: np.ndarray
    hubble: np.ndarray
    rho_em: np.ndarray
    p_em: np.ndarray
    rho_nu: np.ndarray
    n_nu: np.ndarray
    rho_boson: np.ndarray
    p_boson: np.ndarray
    momentum: np.ndarray
    occupation: np.ndarray
    boson_momentum: np.ndarray
    boson_occupation: np.ndarray
    energy_residual: float


def start_temperature(mass: float, start: Start) -> float:
    """Return the temperature in MeV at which the evolution starts: 6 M without boson, 3 M with it, at least 20 MeV."""
    return max(T_START, (6.0 if start == "zero" else 3.0) * mass)


def solve(couplings: Couplings | None, options: MomentaOptions) -> Solution:
    """Return spectra and N_eff of a boson, or of the Standard Model (None).

    A point that failed has status != OK and neff = NaN; a boson that is matter at recombination BOSON_TODAY.
    """
    nodes, boson_nodes, rtol = RESOLUTION[options.accuracy]
    g = grid(nodes, boson_nodes, couplings is not None and _decays_late(couplings))
    point = _point(couplings, options)
    tables = _tables(couplings, g, point)
    run = _run(point, tables, options, rtol, needs_matrices(couplings, options.flavours))
    return _solution(run, point, tables, couplings, options)


def _decays_late(couplings: Couplings) -> bool:
    """Return whether the boson may decay into momenta beyond the equal cells: Gamma < H at T = M/(2 LATE)."""
    cold = couplings.mass / (2 * LATE)
    return couplings.width < HUBBLE * sqrt(pi**2 / 30 * 10.75) * cold**2


def _classes(couplings: Couplings | None, matrices: bool) -> tuple[tuple[int, ...], ...]:
    """Return the flavours that share one spectrum: mu and tau where the boson does not tell them apart."""
    if couplings is None or (abs(couplings.c_nu[1]) == abs(couplings.c_nu[2]) and not matrices):
        return ((0,), (1, 2))
    return ((0,), (1,), (2,))


def _point(couplings: Couplings | None, options: MomentaOptions) -> Point:
    """Return what the equations need of a model."""
    from nuportal.processes.photon_decay import photon_width

    matrices = needs_matrices(couplings, options.flavours)
    classes = _classes(couplings, matrices)
    left, right = weak.chiral_couplings("corrected")
    count = len(classes)

    def mean(values: np.ndarray) -> np.ndarray:
        return np.array([np.mean(values[list(group)]) for group in classes])

    multiplicity = np.array([float(len(group)) for group in classes])
    same, other = np.zeros((3, count)), np.zeros((3, count, count))
    same[0], other[0] = 1 + (multiplicity - 1) / 2, 1.0
    strengths = np.stack([mean(left**2 + right**2), mean(left * right)])
    if couplings is None:
        mixed = mixing(classes, options.flavours, (0.0, 0.0, 0.0))
        nothing = np.zeros(count)
        start = T_START
        return Point(0.0, 0.0, 3.0, start, MATTER, 0.0, 0.0, 0.0, 0.0, False, False, False, mixed, multiplicity,
                     strengths, nothing, nothing, same, other)  # fmt: skip
    mass, vector = couplings.mass, couplings.spin == 1
    c_nu = np.array(couplings.c_nu, float)
    unit = Couplings(mass, c_nu=(1.0, 0.0, 0.0), spin=couplings.spin).width
    photons = couplings.c_e**2 * photon_width(mass, couplings.spin) if couplings.c_e and mass < 2 * M_E else 0.0
    shift = np.zeros(3)
    if vector:  # exchange of a scalar between nu and e is left out: it has no interference, and decays do nearly all
        shift = c_nu * couplings.c_e / (2 * sqrt(2) * G_F * mass**2)
        pair = np.outer(c_nu, c_nu) / (sqrt(2) * G_F * mass**2)
        for a, group in enumerate(classes):
            own = pair[np.ix_(group, group)]
            weights = np.where(np.eye(len(group)) > 0, 1.0, 0.5) / len(group)
            same[1, a], same[2, a] = 2 * np.sum(weights * own), np.sum(weights * own**2)
            for b, others in enumerate(classes):
                block = pair[np.ix_(group, others)]
                other[1, a, b], other[2, a, b] = 2 * np.mean(block), np.mean(block**2)
    return Point(
        mass=mass,
        exchanged=mass,
        degrees=3.0 if vector else 1.0,
        start=start_temperature(mass, options.start),
        matter=MATTER,
        width_unit=unit if np.any(c_nu) else 0.0,
        width_pairs=couplings.partial_widths()["e"],
        width_photons=photons,
        electron=couplings.c_e**2 if mass <= ELECTRON_RATES else 0.0,
        scalar=not vector,
        in_medium=options.mixing == "on",
        paired=0.01 * float(np.sum(c_nu**4)) * M_PLANCK / mass > PAIRED,
        mixing=mixing(classes, "separate" if matrices else options.flavours, tuple(c_nu)),
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


def _tables(couplings: Couplings | None, g: Grid, point: Point) -> Tables:
    """Return the tables that the equations read."""
    from nuportal.processes.boson_production import electron_rates

    rates = _no_rates()
    if couplings is not None and point.electron > 0.0:
        found = electron_rates(couplings.mass, couplings.spin)
        rates = (found.hermite, found.grid)
    nodes, tail = g.equal, g.y.size > g.equal
    pairs = boson_pair_table(nodes, g.q.size, tail, 0 if point.scalar else 1)
    return Tables(g, em.table(), weak_table(nodes, g.q.size, tail), pair_table(nodes), mediated.table(), *rates,
                  _plasma(point.in_medium), pairs)  # fmt: skip


class _Run(NamedTuple):
    """Steps of an integration: H, dtheta/dx and the state; status; the step from which the boson is gone."""

    rows: np.ndarray
    status: int
    gone: int


def _run(point: Point, tables: Tables, options: MomentaOptions, rtol: float, matrices: bool) -> _Run:
    """Integrate from the hot start to recombination, or to the end of weak reactions once the boson is gone."""
    g, start = tables.grid, options.start
    if matrices:
        found = density_run(point, tables, start, rtol, T_RECOMBINATION)
        return _Run(found.rows, found.status, found.gone)
    states, classes = point.mixing.states.size, point.multiplicity.size
    nu, k = states * g.y.size, g.q.size
    m = nu + k + 2
    z = np.zeros(m)
    work, solver = work_arrays(states, classes, g), integrate.solver_arrays(m)
    rows = np.empty((integrate.MAX_STEPS, m + 2))
    if point.mass > 0.0 and start == "zero":
        z[nu : nu + k] = -np.expm1(g.q) / np.expm1(np.hypot(g.q, point.mass / point.start))
    end = T_RECOMBINATION if point.mass > 0.0 else WEAK_END
    status, steps, gone = integrate.evolve(z, point, tables, rtol, 1e-4, end, rows, work, solver)
    kept = [rows[: steps + 1].copy()]
    if gone:
        z[nu : nu + k] = 0.0
        if log(point.start) + z[m - 2] - z[m - 1] > log(WEAK_END):
            free = point._replace(mass=0.0)
            status, more, _ = integrate.evolve(z, free, tables, rtol, 1e-3, WEAK_END, rows, work, solver)
            kept.append(rows[1 : more + 1].copy())
    gone_at = len(kept[0]) if gone or point.mass == 0.0 else -1
    return _Run(np.concatenate(kept), status, 0 if point.mass == 0.0 else gone_at)


def _solution(
    run: _Run, point: Point, tables: Tables, couplings: Couplings | None, options: MomentaOptions
) -> Solution:
    """Turn the steps of an integration into spectra, densities and N_eff."""
    g = tables.grid
    states, n, k = point.mixing.states.size, g.y.size, g.q.size
    z = run.rows[:, 2:]
    theta, x = z[:, -2], z[:, -1]
    ended = bool(run.gone >= 0 and run.status == Status.OK)
    if ended:  # nothing but photons and e+- is left to cool: entropy gives theta
        x_more, theta_more = _cooling(point, x[-1], theta[-1])
        x, theta = np.concatenate([x, x_more]), np.concatenate([theta, theta_more])
    steps = len(z)
    decline = np.exp(-theta)
    s = point.start * np.exp(-x)
    t_gamma = s * np.exp(theta)
    f = np.empty((len(x), states, n))
    equilibrium = 1 / (np.exp(np.minimum(g.y * decline[:steps, None], 700.0)) + 1)
    f[:steps] = equilibrium[:, None, :] + (z[:, : states * n] / np.tile(1 + np.exp(g.y), states)).reshape(-1, states, n)
    f[steps:] = f[steps - 1]
    boson = np.zeros((len(x), k))
    alive = steps if run.gone < 0 else run.gone
    energy = np.hypot(g.q, (point.mass / s)[:, None])
    if point.mass > 0.0:
        bose = 1 / np.expm1(np.clip(energy[:alive] * decline[:alive, None], 1e-12, 700.0))
        boson[:alive] = bose + z[:alive, states * n : states * n + k] / np.expm1(g.q)
    occupation = _flavours(f, s, t_gamma, point, tables)
    rho_nu = 2 * s[:, None] ** 4 * np.sum(g.weight * g.y * occupation, axis=2)
    n_nu = 2 * s[:, None] ** 3 * np.sum(g.weight * occupation, axis=2)
    rho_boson = s**4 * np.sum(point.degrees * g.boson * energy * boson, axis=1)
    p_boson = s**4 * np.sum(point.degrees * g.boson * g.q**2 / (3 * energy) * boson, axis=1)
    thermal = np.array([em.state(tables.em, t)[:2] for t in t_gamma])
    p_em, rho_em = thermal[:, 0], thermal[:, 1]
    matter = point.matter * t_gamma**3
    total = rho_em + rho_nu.sum(axis=1) + rho_boson
    hubble = HUBBLE * np.sqrt(total + matter)
    ln_a = x - x[-1] + log(T_CMB_TODAY / t_gamma[-1]) if t_gamma[-1] < 0.01 else x
    dark = rho_nu[-1].sum() + rho_boson[-1]
    status = Status(run.status)
    fate = _fate(rho_boson[-1], p_boson[-1], dark)
    if status == Status.OK and fate == "matter":
        status = Status.BOSON_TODAY
    neff = float("nan")
    if status == Status.OK:
        neff = float(DILUTION * dark / (PHOTONS * t_gamma[-1] ** 4)) + OFFSET[options.accuracy]
    scale = float(np.exp(ln_a[-1] + x[0] - x[-1])) * point.start
    return Solution(
        status=status,
        neff=neff,
        numerical_error=numerical_error(neff, couplings, options.accuracy),
        theory_error=theory_error(neff, couplings, options),
        details={"fate": fate, "start": options.start, "start_temperature": point.start},
        steps=steps,
        ln_a=ln_a,
        t_gamma=t_gamma,
        hubble=hubble,
        rho_em=rho_em,
        p_em=p_em,
        rho_nu=rho_nu,
        n_nu=n_nu,
        rho_boson=rho_boson,
        p_boson=p_boson,
        momentum=g.y * scale,
        occupation=occupation,
        boson_momentum=g.q * scale,
        boson_occupation=boson,
        energy_residual=_residual(x, total, p_em + rho_nu.sum(axis=1) / 3 + p_boson),
    )


def _cooling(point: Point, x: float, theta: float) -> tuple[np.ndarray, np.ndarray]:
    """Return x and theta from the end of all exchange down to T_LAST, at constant entropy of the plasma."""
    first = point.start * np.exp(theta - x)
    t = np.geomspace(first, min(T_LAST, first / 2), 60)[1:]

    def entropy(temperature: np.ndarray) -> np.ndarray:
        found = np.array([em.state(em.table(), value)[:2] for value in temperature])
        return found.sum(axis=1) / temperature

    before = entropy(np.array([first]))[0]
    x_more = x + np.log(before / entropy(t)) / 3
    return x_more, np.log(t / point.start) + x_more


def _flavours(f: np.ndarray, s: np.ndarray, t_gamma: np.ndarray, point: Point, tables: Tables) -> np.ndarray:
    """Return the occupation of e, mu, tau [t, 3, n] from that of the states [t, states, n]."""
    from nuportal.cosmology.momenta.flavours import fractions

    m, g = point.mixing, tables.grid
    if not m.oscillating:
        return f[:, [0, 0, 0] if f.shape[1] == 1 else m.member, :]
    out = np.empty((len(f), 3, g.y.size))
    to_class, to_state, matrix = (
        np.zeros((point.multiplicity.size, 3)),
        np.zeros((3, point.multiplicity.size)),
        np.zeros((3, 3)),
    )
    for i, temperature in enumerate(t_gamma):
        p, rho, _, _ = em.state(tables.em, temperature)
        electrons = max(rho + p - 4 / 45 * pi**2 * temperature**4, 0.0)
        for j, y in enumerate(g.y):
            fractions(m, y * s[i], electrons, point.multiplicity, to_class, to_state, matrix)
            out[i, :, j] = matrix**2 @ f[i, :, j]
    return out


def _fate(rho: float, pressure: float, dark: float) -> str:
    """Return what the boson is at the end: decayed, dark radiation or matter."""
    if rho < GONE * dark:
        return "decayed"
    return "dark radiation" if pressure > RELATIVISTIC * rho else "matter"


def _residual(x: np.ndarray, rho: np.ndarray, pressure: np.ndarray) -> float:
    """Return the largest |ln(rho/rho_0) + 3 int (1 + p/rho) dx|, splined: zero if energy is conserved."""
    from scipy.interpolate import PchipInterpolator

    keep = np.concatenate([[True], np.diff(x) > 1e-12])
    if np.count_nonzero(keep) < 4 or not np.all(np.isfinite(rho)):
        return float("nan")
    x, rho, pressure = x[keep], rho[keep], pressure[keep]
    loss = PchipInterpolator(x, 3 * (1 + pressure / rho)).antiderivative()(x)
    return float(np.max(np.abs(np.log(rho / rho[0]) + loss - loss[0])))


def numerical_error(neff: float, couplings: Couplings | None, accuracy: Accuracy) -> float:
    """Return the error of the discretisation, calibrated on random points (benchmarks/momenta_random.py).

    Bosons that neutrinos make slowly while T > M come from neutrinos softer than the first node: decays to momenta p,
    p' need p p' > M^2/4. Where they are never in equilibrium the result remembers it. In very fast contact N_eff hangs
    on the steep end of the exchange at low temperature.
    """
    base, part, edge = {"standard": (0.0015, 0.006, 0.03), "high": (0.0005, 0.003, 0.02)}[accuracy]
    if couplings is not None and not MODERATE[0] < _contact(couplings) < MODERATE[1]:
        part = edge
    return float(np.hypot(base, part * abs(neff - NEFF_STANDARD)))


def _contact(couplings: Couplings) -> float:
    """Return the rate of decays and inverse decays over H at T = M."""
    return 0.37 * couplings.width / (HUBBLE * sqrt(pi**2 / 30 * 10.75) * couplings.mass**2)


def theory_error(neff: float, couplings: Couplings | None, options: MomentaOptions) -> float:
    """Return the error of what the treatment leaves out; its parts are tabled in docs/physics/kinetic.md."""
    parts = [0.0003]
    if couplings is not None:
        delta = abs(neff - NEFF_STANDARD)
        parts.append(0.004 * delta)
        if needs_matrices(couplings, options.flavours):
            parts.append(0.02 * min(delta, 1.0))
    return float(np.linalg.norm(parts))
