"""From the steps of an integration to spectra, densities, N_eff, and the fate of the boson."""

from math import exp, log, pi
from typing import NamedTuple

import numpy as np

from nuportal.constants import T_CMB_TODAY
from nuportal.cosmology.expansion import DILUTION, HUBBLE, PHOTONS
from nuportal.cosmology.history import Caution
from nuportal.cosmology.momenta.errors import cautions, numerical_error, theory_error
from nuportal.cosmology.momenta.flavours import mixing_matrices, right_handed
from nuportal.cosmology.momenta.grid import Grid
from nuportal.cosmology.momenta.options import MomentaOptions
from nuportal.cosmology.momenta.state import Point, Tables, core_size, temperature, work_arrays
from nuportal.models.base import Couplings
from nuportal.plasma import em
from nuportal.solvers.held import hold
from nuportal.solvers.status import Status

WEAK_CONTACT = 3.0  #: MeV, above which neutrinos are in equilibrium with the plasma
REACHED = 0.97  #: of the bosons in equilibrium
T_LAST = 5e-4  #: MeV, end of the history where nothing but photons cools
GONE, RELATIVISTIC = 1e-4, 0.1  #: share of the dark energy of a boson that has decayed; p/rho of dark radiation


class Solution(NamedTuple):
    """Result of `solve`; arrays run over the steps [t].

    warnings: what the numbers do not include. ln_a: 0 today. rho, p in MeV^4, n in MeV^3 (nu and nubar; e, mu, tau).
    momentum [n], boson_momentum [k]: comoving, MeV, p = momentum/a. occupation [t, 3, n], boson_occupation [t, k].
    rho_right, occupation_right: light right-handed neutrinos, alike; None without.
    """

    status: Status
    neff: float
    numerical_error: float
    theory_error: float
    warnings: tuple[Caution, ...]
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
    rho_right: np.ndarray | None
    occupation_right: np.ndarray | None


class Run(NamedTuple):
    """Steps of an integration: H and the state [t, 1 + m]; status; the step from which the boson is gone, or -1.

    restored: sum over the steps of the part of all energy that was given back (`integrate.restore`).
    """

    rows: np.ndarray
    status: int
    gone: int
    restored: float


class _Spectra(NamedTuple):
    """What the steps hold [t]: x, T_start/a and T_gamma; spectra of e, mu, tau, of their right-handed partners and of
    the boson; energy (over s^4) and number (over s^3) of each of the six above the grid; the largest violation of
    energy conservation.
    """

    x: np.ndarray
    s: np.ndarray
    t_gamma: np.ndarray
    occupation: np.ndarray
    boson: np.ndarray
    far: np.ndarray
    residual: float


def solution(run: Run, point: Point, tables: Tables, couplings: Couplings | None, options: MomentaOptions) -> Solution:
    """Turn the steps of an integration into spectra, densities and N_eff."""
    g, found = tables.grid, _spectra(run, point, tables, right_handed(couplings))
    x, s, t_gamma = found.x, found.s, found.t_gamma
    energy = np.hypot(g.q, (point.mass / s)[:, None])
    soft_energy, soft_number = _below_the_first_node(found.occupation, t_gamma, g)
    rho = s[:, None] ** 4 * (2 * np.sum(g.weight * g.y * found.occupation, axis=2) + soft_energy + found.far[:, 0])
    n_nu = s[:, None] ** 3 * (2 * np.sum(g.weight * found.occupation, axis=2) + soft_number + found.far[:, 1])[:, :3]
    rho_nu, with_right = rho[:, :3], point.mixing.right.size > 0
    rho_boson = s**4 * np.sum(point.degrees * g.boson * energy * found.boson, axis=1)
    p_boson = s**4 * np.sum(point.degrees * g.boson * g.q**2 / (3 * energy) * found.boson, axis=1)
    p_em, rho_em = _plasma(t_gamma)
    dark = rho[-1].sum() + rho_boson[-1]
    status = Status(run.status)
    fate = _fate(rho_boson[-1], p_boson[-1], dark)
    if status == Status.OK and fate == "matter":
        status = Status.BOSON_TODAY
    neff = float(DILUTION * dark / (PHOTONS * t_gamma[-1] ** 4)) if status == Status.OK else float("nan")
    details: dict[str, object] = {"fate": fate, "start": options.start, "start_temperature": point.start}
    details["energy_restored"] = run.restored
    if with_right:
        details["right_handed"] = f"{'absent' if options.start == 'zero' else 'in equilibrium'} at the start"
    ln_a = x - x[-1] + log(T_CMB_TODAY / t_gamma[-1]) if t_gamma[-1] < 0.01 else x
    scale = float(np.exp(ln_a[-1] + x[0] - x[-1])) * point.start
    errors = numerical_error(neff, couplings, options), theory_error(neff, couplings, options)
    kept = _kept_out_of_equilibrium(s, t_gamma, found.boson, energy, point, g)
    return Solution(
        status=status,
        neff=neff,
        numerical_error=errors[0],
        theory_error=errors[1],
        warnings=cautions(couplings, options, errors, fate, kept),
        details=details,
        steps=len(run.rows),
        ln_a=ln_a,
        t_gamma=t_gamma,
        hubble=HUBBLE * np.sqrt(rho_em + rho.sum(axis=1) + rho_boson + point.matter * t_gamma**3),
        rho_em=rho_em,
        p_em=p_em,
        rho_nu=rho_nu,
        n_nu=n_nu,
        rho_boson=rho_boson,
        p_boson=p_boson,
        momentum=g.y * scale,
        occupation=found.occupation[:, :3],
        boson_momentum=g.q * scale,
        boson_occupation=found.boson,
        energy_residual=found.residual,
        rho_right=rho[:, 3:] if with_right else None,
        occupation_right=found.occupation[:, 3:] if with_right else None,
    )


def _spectra(run: Run, point: Point, tables: Tables, partners: tuple[tuple[int, ...], ...]) -> _Spectra:
    """Return the spectra at the steps, and after them where the photons cool alone.

    partners: flavours of the right-handed neutrinos in each of the last states.
    """
    g, states = tables.grid, point.mixing.states.size
    work = work_arrays(states, point.multiplicity.size, g)
    z, steps = run.rows[:, 1:], len(run.rows)
    core, nu = core_size(states, g), states * g.y.size
    x = z[:, core]
    first = point.start * np.exp(-x)
    theta = np.log([temperature(tables.em, e, at) / at for e, at in zip(z[:, core - 1], first, strict=True)])
    if run.gone >= 0 and run.status == Status.OK:  # nothing but photons and e+- is left to cool: entropy gives theta
        x_more, theta_more = _cooling(point, x[-1], theta[-1])
        x, theta = np.concatenate([x, x_more]), np.concatenate([theta, theta_more])
    s = point.start * np.exp(-x)
    t_gamma = s * np.exp(theta)
    f, far = np.empty((len(x), states, g.y.size)), np.empty((len(x), 2, states))
    f[:steps] = (z[:, :nu] / work.scale[:nu]).reshape(-1, states, g.y.size)
    far[:steps] = z[:, core + 1 : core + 1 + 2 * states].reshape(-1, 2, states)
    f[steps:], far[steps:] = f[steps - 1], far[steps - 1]
    boson = np.zeros((len(x), g.q.size))
    if point.mass > 0.0:
        alive = steps if run.gone < 0 else run.gone
        boson[:alive] = z[:alive, nu : core - 1] / work.scale[nu:]
    shares = _shares(s, t_gamma, point, tables, partners)
    return _Spectra(
        x=x,
        s=s,
        t_gamma=t_gamma,
        occupation=np.einsum("tnai,tin->tan", shares, f),
        boson=boson,
        far=np.einsum("tai,tki->tka", shares[:, -1], far / point.mixing.states),
        residual=_residual(z, f[:steps], boson[:steps], point, tables),
    )


def _below_the_first_node(occupation: np.ndarray, t_gamma: np.ndarray, g: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Return what sums over nodes miss at y = 0 of energy over s^4 and number over s^3, nu and nubar [t, 6].

    A sum over midpoints of cells h falls short of an integral by 7 h^4/5760 times the third derivative of the integrand
    at 0, where the first one vanishes (Euler and Maclaurin): 6 f(0) of y^3 f, 6 f'(0) of y^2 f. logit f is continued
    linearly from the first two nodes. A Fermi-Dirac spectrum lacks 6e-4 of its energy on cells of h = 1.

    What neutrinos lack when they leave the plasma they keep: later reactions pass on what the nodes hold, exactly.
    """
    coupled = max(int(np.count_nonzero(t_gamma > WEAK_CONTACT)), 1)
    occupation = occupation[np.minimum(np.arange(t_gamma.size), coupled - 1)]
    first, second = (np.log(f / (1 - f)) for f in np.moveaxis(np.clip(occupation[:, :, :2], 1e-30, 1 - 1e-12), 2, 0))
    slope = (second - first) / g.h
    f = 1 / (1 + np.exp(0.5 * slope * g.h - first))
    front = 7 * g.h**4 / 5760 * 6 / pi**2 * (occupation[:, :, 0] > 0)
    return front * f, front * f * (1 - f) * slope


def _plasma(t_gamma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pressure and energy density of the plasma in MeV^4."""
    thermal = np.array([em.state(em.table(), t)[:2] for t in t_gamma])
    return thermal[:, 0], thermal[:, 1]


def _residual(z: np.ndarray, f: np.ndarray, boson: np.ndarray, point: Point, tables: Tables) -> float:
    """Return the largest |ln(rho/rho_0) + 3 int (1 + p/rho) dx|, whose integral is part of the state."""
    g, states = tables.grid, f.shape[1]
    core = core_size(states, g)
    s = point.start * np.exp(-z[:, core])
    held = 2 * np.einsum("tin,n,i->t", f, g.weight * g.y, point.mixing.states)
    held += z[:, core + 1 : core + 1 + states].sum(axis=1)
    energy = np.hypot(g.q, (point.mass / s)[:, None])
    held += np.sum(point.degrees * g.boson * energy * boson, axis=1)
    ln_rho = np.log((z[:, core - 1] + held) * s**4)
    return float(np.max(np.abs(ln_rho - ln_rho[0] + z[:, -1])))


def _cooling(point: Point, x: float, theta: float) -> tuple[np.ndarray, np.ndarray]:
    """Return x and theta from the end of all exchange down to T_LAST, at constant entropy of the plasma."""
    first = point.start * exp(theta - x)
    t = np.geomspace(first, min(T_LAST, first / 2), 60)
    entropy = np.sum(_plasma(t), axis=0) / t
    x_more = x + np.log(entropy[0] / entropy[1:]) / 3
    return x_more, np.log(t[1:] / point.start) + x_more


def _shares(
    s: np.ndarray, t_gamma: np.ndarray, point: Point, tables: Tables, partners: tuple[tuple[int, ...], ...]
) -> np.ndarray:
    """Return the shares of the states in e, mu, tau and their right-handed partners at every node [t, n, 6, i].

    f_a = sum_i share_ai f_i.
    """
    m, y = point.mixing, tables.grid.y
    left = m.states.size - len(partners)
    out = np.zeros((s.size, y.size, 6, m.states.size))
    for state, group in enumerate(partners):
        out[:, :, [3 + f for f in group], left + state] = 1.0
    if not m.oscillating:
        out[:, :, np.arange(3), 0 if left == 1 else m.member] = 1.0
        return out
    pressure, rho = _plasma(t_gamma)
    electrons = np.maximum(rho + pressure - 4 / 45 * pi**2 * t_gamma**4, 0.0)
    mixed = np.zeros((s.size, y.size, 3, 3))
    mixing_matrices(hold(m), y, s, electrons, point.multiplicity, mixed)
    out[:, :, :3, :3] = mixed
    return out


def _kept_out_of_equilibrium(
    s: np.ndarray, t_gamma: np.ndarray, boson: np.ndarray, energy: np.ndarray, point: Point, g: Grid
) -> bool:
    """Return whether fewer bosons than in equilibrium with the plasma are there at all T above M and WEAK_CONTACT.

    What was there before the start is then still there when neutrinos leave the plasma, or the boson decays. (Below M
    bosons that are made slowly pass the falling number of equilibrium without meeting it.)
    """
    early = t_gamma > max(WEAK_CONTACT, point.mass)
    if point.mass == 0.0 or not np.any(early):
        return False
    equilibrium = 1 / np.expm1(np.minimum(energy * (s / t_gamma)[:, None], 600.0))
    share = np.sum(g.boson * boson, axis=1)[early] / np.sum(g.boson * equilibrium, axis=1)[early]
    return bool(np.max(share) < REACHED)


def _fate(rho: float, pressure: float, dark: float) -> str:
    """Return what the boson is at the end: decayed, dark radiation or matter."""
    if rho < GONE * dark:
        return "decayed"
    return "dark radiation" if pressure > RELATIVISTIC * rho else "matter"
