"""How far averaged treatments of oscillations are from a density matrix for L_mu - L_tau: a reduced model.

One 3x3 density matrix rho(p) per momentum, nu and nubar alike, evolves by

    d rho/dt = -i [U diag(0, D21, D31) U^T/(2p) + diag(V_e, 0, 0) + V_Z', rho] + C,

with everything else simplified: Maxwell-Boltzmann statistics; Z' <-> nu nubar exact, with the charge matrix Q between
the density matrices, loss 1/2 {Q rho'* Q, rho} and gain Q^2 f_Z'; the weak interaction as relaxation to the plasma with
rates proportional to p T^4 that carry the right energy transfer. N_eff is therefore good to some percent, and
differences of treatments to a third of themselves. Treatments:

    separate    no oscillations
    incoherent  matter states, Z' coupled to pairs of flavours: Q_a^2 |U_ai|^2 |U_aj|^2
    matter      matter states, Z' coupled to pairs of matter states: |sum_a U_ai Q_a U_aj|^2
    equal       all flavours equal at every momentum
    density     the density matrix, without V_Z'
    potential   the density matrix, with V_Z'

V_Z' = (g^2/p) PV int d3k/((2 pi)^3 2E) f (-2 s^2)/(M^4 - s^2), s = 2 p.k, over neutrinos of the same flavour (one
helicity) and over bosons (one polarisation). For T << M it is -(8 g^2/3) p rho_nu/M^4, rho_nu of nu and nubar, for
T >> M it is +g^2 T^2/8p (g^2 T^2/pi^2 p with Maxwell-Boltzmann statistics).

Run: python scripts/check_flavour_coherence.py [g ...]  (a minute for each).
"""

import sys
from math import exp, log, pi, sqrt

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.integrate import solve_ivp

from nuportal.constants import G_F, M_E, M_PLANCK, M_W
from nuportal.plasma import em
from nuportal.processes import weak

MASS, T_START, Y_MAX, NODES = 10.0, 20.0, 26.0, 18
TREATMENTS = ("separate", "incoherent", "matter", "equal", "density", "potential")

# NuFIT 5.2, normal ordering, rounded; theta_23 = 45 degrees, no CP violation. MeV^2
DM2 = np.array([0.0, 7.42e-5, 2.51e-3]) * 1e-12
SIN2_12, SIN2_13, SIN2_23 = 0.307, 0.0222, 0.5

CHARGE = np.array([0.0, 1.0, -1.0])
SIGNS = CHARGE[:, None] * CHARGE
#: relaxation rate over G_F^2 T^4 p: linear response 4 G_F^2/pi^5 (9 32 + 56)(gL^2+gR^2) T^9 = rate * 120 T^5/pi^2 ...
RELAXATION = 4 * 344 / (120 * pi**3) * sum(c**2 for c in weak.chiral_couplings("tree"))

Y = (np.arange(NODES) + 0.5) * Y_MAX / NODES
BASE = np.exp(-Y)
NUMBER = Y**2 * BASE * Y_MAX / NODES / (2 * pi**2)
_U, _W = leggauss(NODES)
Q = 22.0 * ((1 + _U) / 2) ** 2
BOSONS = 3 * Q**2 / (2 * pi**2) * 22.0 * (1 + _U) / 2 * _W
_P, _PW = leggauss(10)
HALF, HALF_W = (1 + _P) / 2, _PW / 2
EM = em.table("o3")


def mixing() -> np.ndarray:
    """Return the vacuum mixing matrix U_ai."""
    s, c = np.sqrt([SIN2_12, SIN2_13, SIN2_23]), np.sqrt([1 - SIN2_12, 1 - SIN2_13, 1 - SIN2_23])
    u23 = np.array([[1, 0, 0], [0, c[2], s[2]], [0, -s[2], c[2]]])
    u13 = np.array([[c[1], 0, s[1]], [0, 1, 0], [-s[1], 0, c[1]]])
    return u23 @ u13 @ np.array([[c[0], s[0], 0], [-s[0], c[0], 0], [0, 0, 1]])


VACUUM = mixing() @ np.diag(DM2 / 2) @ mixing().T


def potential(p: float, mass: float) -> float:
    """Return V_Z'/(g^2 T) at momentum p and boson mass, both over T, in equilibrium (Maxwell-Boltzmann)."""
    k = (np.arange(4000) + 0.5) * 0.01

    def integral(s):  # of -2 s^2/(M^4 - s^2) from 0; its logarithm is cut at the pole
        z = s / mass**2
        whole = 2 * z - np.log((z + 1) / np.maximum(np.abs(z - 1), 1e-3))
        return mass**2 * np.where(z < 0.03, -(2 / 3) * z**3 - 0.4 * z**5, whole)

    energy = np.hypot(k, mass)
    neutrinos = k * np.exp(-k) * (integral(4 * p * k) - integral(0 * k))
    bosons = k**2 / energy * np.exp(-energy) * (integral(2 * p * (energy + k)) - integral(2 * p * (energy - k)))
    return float(np.sum((neutrinos + bosons) / (2 * p * k)) * 0.01 / (8 * pi**2) / p)


LN_RATIO = np.linspace(log(0.3), log(60.0), 60)
POTENTIAL = np.array([[potential(y, exp(r)) for y in Y] for r in LN_RATIO])


def matrices(r: np.ndarray) -> np.ndarray:
    """Return hermitian matrices (n, 3, 3) from 9 real numbers each."""
    m = np.zeros((len(r), 3, 3), complex)
    for a in range(3):
        m[:, a, a] = r[:, a]
    for n, (a, b) in enumerate(((0, 1), (0, 2), (1, 2))):
        m[:, a, b] = r[:, 3 + n] + 1j * r[:, 6 + n]
        m[:, b, a] = m[:, a, b].conj()
    return m


def reals(m: np.ndarray) -> np.ndarray:
    """Return the 9 real numbers of hermitian matrices."""
    upper = m[:, [0, 0, 1], [1, 2, 2]]
    return np.concatenate((np.einsum("naa->na", m).real, upper.real, upper.imag), axis=1)


def hamiltonian(treatment: str, g: float, t: float, scale: float) -> np.ndarray:
    """Return H (nodes, 3, 3) in MeV at plasma temperature t, momenta Y * scale."""
    p = Y * scale
    h = VACUUM / p[:, None, None]
    h[:, 0, 0] -= 2 * sqrt(2) * G_F * p * (7 * pi**2 / 45) * t**4 / M_W**2 * (t > 0.1)  # rho_e + P_e
    if treatment == "potential":
        v = np.array([np.interp(log(MASS / t), LN_RATIO, column) for column in POTENTIAL.T]) * g**2 * t
        h[:, 1, 1] += v
        h[:, 2, 2] += v
    return h


def boson_terms(
    rho: np.ndarray, f_z: np.ndarray, energy: np.ndarray, rate: np.ndarray, signs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return d rho (nodes, 3, 3, over BASE) and d f_Z' (nodes) of decays and inverse decays; rate M Gamma/E each.

    signs: Q_a Q_b as a neutrino meets its partner; its diagonal alone where only flavours meet.
    """

    def at(y):
        place = np.clip(y / Y[0] / 2 - 0.5, 0, NODES - 1.000001)
        i = place.astype(int)
        a = place - i
        value = rho[i] * (1 - a)[..., None, None] + rho[i + 1] * a[..., None, None]
        return i, a, value * np.exp(-y)[..., None, None]

    p = 0.5 * (energy[:, None] + Q[:, None] * HALF)
    partner = energy[:, None] - p
    (i, a, one), (j, b, two) = at(p), at(partner)
    seen_one, seen_two = signs * two.conj(), signs * one.conj()
    weight = rate[:, None] * HALF_W * (p < Y_MAX)
    met = np.einsum("kjab,kjba->kj", one, seen_one).real
    d_boson = np.sum(weight * (met - np.sum(CHARGE**2) * f_z[:, None]), axis=1)
    gain = np.diag(CHARGE**2) * f_z[:, None, None, None]
    out = np.zeros((NODES, 3, 3), complex)
    k = 0.5 * BOSONS[:, None] * weight
    for index, part, own, seen in ((i, a, one, seen_one), (j, b, two, seen_two)):
        change = gain - 0.5 * (seen @ own + own @ seen)
        np.add.at(out, index, (k * (1 - part))[..., None, None] * change)
        np.add.at(out, index + 1, (k * part)[..., None, None] * change)
    return out / NUMBER[:, None, None], d_boson


class Model:
    """The equations of one treatment at one coupling; state: neutrinos over BASE, ln f_Z', ln(T_gamma a)."""

    def __init__(self, treatment: str, g: float) -> None:
        self.treatment, self.g = treatment, g
        self.size = 9 if treatment in ("density", "potential") else 3
        self.boson = True

    def neutrinos(self, state: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the density matrices (over BASE) and the matter states (columns)."""
        r = state[: self.size * NODES].reshape(NODES, self.size)
        states = np.linalg.eigh(h)[1]
        if self.size == 9:
            return matrices(r), states
        if self.treatment in ("incoherent", "matter"):
            return np.einsum("nai,ni,nbi->nab", states, r, states).astype(complex), states
        return (r[:, :, None] * np.eye(3)).astype(complex), states

    def rates(self, x: float, state: np.ndarray) -> np.ndarray:
        """Return the derivative of the state by ln a."""
        scale = T_START * exp(-x)
        t = scale * exp(state[-1])
        pressure, density, capacity, _ = em.state(EM, t)
        h = hamiltonian(self.treatment, self.g, t, scale)
        rho, states = self.neutrinos(state, h)
        f_z = np.exp(np.clip(state[self.size * NODES : -1], -300.0, 5.0))  # trial states may be far off
        energy = np.hypot(Q, MASS / scale)
        total = 2 * np.sum(NUMBER * Y * np.einsum("naa->n", rho).real) + self.boson * np.sum(BOSONS * energy * f_z)
        hubble = sqrt(8 * pi / 3 * (density + scale**4 * max(total, 0.0))) / M_PLANCK
        signs = SIGNS * np.eye(3) if self.treatment == "incoherent" else SIGNS
        change, d_boson = np.zeros_like(rho), np.zeros(NODES)
        if self.boson:
            rate = MASS * self.g**2 * MASS / (24 * pi) / (energy * scale) / hubble
            change, d_boson = boson_terms(rho, f_z, energy, rate, signs)
        heat = 0.0
        if t > 0.05:
            single = RELAXATION * (G_F**2 * t**4 * scale * exp(-M_E / t) / hubble * Y)[:, None]
            pairs = 0.5 * (single[:, :, None] + single[:, None, :])
            weak_change = -pairs * (rho - np.exp(Y - Y * exp(-state[-1]))[:, None, None] * np.eye(3))
            heat = 2 * np.sum(NUMBER * Y * np.einsum("naa->n", weak_change).real)
            change = change + weak_change
        return np.concatenate(
            (
                self._project(change, rho, states, h, hubble).ravel(),
                d_boson / f_z,
                [1 - (3 * (density + pressure) / scale**4 + heat) / (t * capacity / scale**4)],
            )
        )

    def _project(self, change, rho, states, h, hubble) -> np.ndarray:
        diagonal = np.einsum("naa->na", change).real
        if self.size == 9:
            return reals(change - 1j * (h @ rho - rho @ h) / hubble)
        if self.treatment in ("matter", "incoherent"):
            return np.einsum("nai,nab,nbi->ni", states, change, states).real
        if self.treatment == "equal":
            return np.repeat(diagonal.mean(axis=1)[:, None], 3, axis=1)
        return diagonal

    def jacobian(self, x: float, state: np.ndarray) -> np.ndarray:
        """Return the Jacobian by differences of fixed size."""
        base = self.rates(x, state)
        return np.array([self.rates(x, state + row) - base for row in 1e-6 * np.eye(state.size)]).T / 1e-6

    def n_eff(self, rtol: float = 1e-5) -> float:
        """Return N_eff from a start without bosons (with them where contact is certain, g > 3e-9)."""
        start = np.zeros((NODES, self.size))
        start[:, :3] = 1
        boson = -np.hypot(Q, MASS / T_START) - (log(100.0) if self.g <= 3e-9 else 0.0)
        state, x = np.concatenate((start.ravel(), boson, [0.0])), 0.0
        loose = np.concatenate((np.repeat(np.exp(Y / 2) / Y**1.5, self.size), np.exp(Q / 2), [1.0]))
        for t_stop in (MASS / 45, 6e-3):

            def reached(at, y, t_stop=t_stop):
                return y[-1] - at + log(T_START / t_stop)

            reached.terminal = True
            found = solve_ivp(
                self.rates, (x, x + 30), state, "Radau", jac=self.jacobian, events=reached, rtol=rtol,
                atol=0.3 * rtol * np.clip(loose, 1, 1e4), first_step=1e-6,
            )  # fmt: skip
            if found.status != 1:
                raise RuntimeError(found.message)
            x, state, self.boson = found.t_events[0][0], found.y_events[0][0], False
        scale = T_START * exp(-x)
        t = scale * exp(state[-1])
        rho, _ = self.neutrinos(state, hamiltonian(self.treatment, self.g, t, scale))
        quantum = 7 * pi**4 / 720  # of a Fermi-Dirac over a Maxwell-Boltzmann energy density
        neutrinos = 2 * np.sum(NUMBER * Y * np.einsum("naa->n", rho).real) * scale**4 * quantum
        return 8 / 7 * (11 / 4) ** (4 / 3) * neutrinos / em.state(EM, t)[1]


if __name__ == "__main__":
    for coupling in [float(v) for v in sys.argv[1:]] or [1e-9, 3e-9, 1e-8, 3e-8, 1e-7]:
        for name in TREATMENTS:
            print(f"{coupling:g} {name:10} {Model(name, coupling).n_eff():.4f}", flush=True)
