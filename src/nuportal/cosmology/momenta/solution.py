"""From the steps of an integration to spectra, densities, N_eff, and the fate of the boson."""

from math import log, pi
from typing import NamedTuple

import numpy as np

from nuportal.constants import T_CMB_TODAY
from nuportal.cosmology.expansion import DILUTION, HUBBLE, PHOTONS
from nuportal.cosmology.momenta.errors import numerical_error, theory_error
from nuportal.cosmology.momenta.flavours import mixing_matrices
from nuportal.cosmology.momenta.options import MomentaOptions
from nuportal.cosmology.momenta.state import Point, Tables, core_size, work_arrays
from nuportal.models.base import Couplings
from nuportal.plasma import em
from nuportal.solvers.held import hold
from nuportal.solvers.status import Status

#: what the Standard Model lacks on these nodes against its limit of many nodes, added to every N_eff
OFFSET = {"standard": 0.0020, "high": 0.0003}
T_LAST = 5e-4  #: MeV, end of the history where nothing but photons cools
GONE, RELATIVISTIC = 1e-4, 0.1  #: share of the dark energy of a boson that has decayed; p/rho of dark radiation


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


class Run(NamedTuple):
    """Steps of an integration: H and the state [t, 1 + m]; status; the step from which the boson is gone, or -1."""

    rows: np.ndarray
    status: int
    gone: int


class _Spectra(NamedTuple):
    """What the steps hold [t]: x, T_start/a and T_gamma; spectra of e, mu, tau and of the boson; energy (over s^4) and
    number (over s^3) of each flavour above the grid; the largest violation of energy conservation.
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
    g, found = tables.grid, _spectra(run, point, tables)
    x, s, t_gamma = found.x, found.s, found.t_gamma
    energy = np.hypot(g.q, (point.mass / s)[:, None])
    rho_nu = s[:, None] ** 4 * (2 * np.sum(g.weight * g.y * found.occupation, axis=2) + found.far[:, 0])
    n_nu = s[:, None] ** 3 * (2 * np.sum(g.weight * found.occupation, axis=2) + found.far[:, 1])
    rho_boson = s**4 * np.sum(point.degrees * g.boson * energy * found.boson, axis=1)
    p_boson = s**4 * np.sum(point.degrees * g.boson * g.q**2 / (3 * energy) * found.boson, axis=1)
    p_em, rho_em = _plasma(t_gamma)
    dark = rho_nu[-1].sum() + rho_boson[-1]
    status = Status(run.status)
    fate = _fate(rho_boson[-1], p_boson[-1], dark)
    if status == Status.OK and fate == "matter":
        status = Status.BOSON_TODAY
    offset = OFFSET[options.accuracy]
    neff = float(DILUTION * dark / (PHOTONS * t_gamma[-1] ** 4)) + offset if status == Status.OK else float("nan")
    ln_a = x - x[-1] + log(T_CMB_TODAY / t_gamma[-1]) if t_gamma[-1] < 0.01 else x
    scale = float(np.exp(ln_a[-1] + x[0] - x[-1])) * point.start
    return Solution(
        status=status,
        neff=neff,
        numerical_error=numerical_error(neff, couplings, options.accuracy),
        theory_error=theory_error(neff, couplings, options),
        details={"fate": fate, "start": options.start, "start_temperature": point.start, "neff_offset": offset},
        steps=len(run.rows),
        ln_a=ln_a,
        t_gamma=t_gamma,
        hubble=HUBBLE * np.sqrt(rho_em + rho_nu.sum(axis=1) + rho_boson + point.matter * t_gamma**3),
        rho_em=rho_em,
        p_em=p_em,
        rho_nu=rho_nu,
        n_nu=n_nu,
        rho_boson=rho_boson,
        p_boson=p_boson,
        momentum=g.y * scale,
        occupation=found.occupation,
        boson_momentum=g.q * scale,
        boson_occupation=found.boson,
        energy_residual=found.residual,
    )


def _spectra(run: Run, point: Point, tables: Tables) -> _Spectra:
    """Return the spectra at the steps, and after them where the photons cool alone."""
    g, states = tables.grid, point.mixing.states.size
    work = work_arrays(states, point.multiplicity.size, g)
    z, steps = run.rows[:, 1:], len(run.rows)
    core, nu = core_size(states, g), states * g.y.size
    theta, x = z[:, core - 1], z[:, core]
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
    shares = _shares(s, t_gamma, point, tables)
    return _Spectra(
        x=x,
        s=s,
        t_gamma=t_gamma,
        occupation=np.einsum("tnai,tin->tan", shares, f),
        boson=boson,
        far=np.einsum("tai,tki->tka", shares[:, -1], far / point.mixing.states),
        residual=_residual(z, f[:steps], boson[:steps], point, tables),
    )


def _plasma(t_gamma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pressure and energy density of the plasma in MeV^4."""
    thermal = np.array([em.state(em.table(), t)[:2] for t in t_gamma])
    return thermal[:, 0], thermal[:, 1]


def _residual(z: np.ndarray, f: np.ndarray, boson: np.ndarray, point: Point, tables: Tables) -> float:
    """Return the largest |ln(rho/rho_0) + 3 int (1 + p/rho) dx|, whose integral is part of the state."""
    g, states = tables.grid, f.shape[1]
    core = core_size(states, g)
    s = point.start * np.exp(-z[:, core])
    _, rho = _plasma(s * np.exp(z[:, core - 1]))
    held = 2 * np.einsum("tin,n,i->t", f, g.weight * g.y, point.mixing.states)
    held += z[:, core + 1 : core + 1 + states].sum(axis=1)
    energy = np.hypot(g.q, (point.mass / s)[:, None])
    held += np.sum(point.degrees * g.boson * energy * boson, axis=1)
    ln_rho = np.log(rho + held * s**4)
    return float(np.max(np.abs(ln_rho - ln_rho[0] + z[:, -1])))


def _cooling(point: Point, x: float, theta: float) -> tuple[np.ndarray, np.ndarray]:
    """Return x and theta from the end of all exchange down to T_LAST, at constant entropy of the plasma."""
    first = point.start * np.exp(theta - x)
    t = np.geomspace(first, min(T_LAST, first / 2), 60)
    entropy = np.sum(_plasma(t), axis=0) / t
    x_more = x + np.log(entropy[0] / entropy[1:]) / 3
    return x_more, np.log(t[1:] / point.start) + x_more


def _shares(s: np.ndarray, t_gamma: np.ndarray, point: Point, tables: Tables) -> np.ndarray:
    """Return the shares of the states in e, mu, tau at every node [t, n, 3, i]: f_a = sum_i share_ai f_i."""
    m, y = point.mixing, tables.grid.y
    out = np.zeros((s.size, y.size, 3, m.states.size))
    if not m.oscillating:
        out[:, :, np.arange(3), 0 if m.states.size == 1 else m.member] = 1.0
        return out
    pressure, rho = _plasma(t_gamma)
    electrons = np.maximum(rho + pressure - 4 / 45 * pi**2 * t_gamma**4, 0.0)
    mixing_matrices(hold(m), y, s, electrons, point.multiplicity, out)
    return out


def _fate(rho: float, pressure: float, dark: float) -> str:
    """Return what the boson is at the end: decayed, dark radiation or matter."""
    if rho < GONE * dark:
        return "decayed"
    return "dark radiation" if pressure > RELATIVISTIC * rho else "matter"
