"""Make tests/data/kinetic_independent.json: N_eff with momenta, by another method than nuportal.cosmology.momenta.

Entropic Galerkin method. The logit of every neutrino occupation number is a cubic spline in the comoving momentum y,
L_i(y) = sum_k c_ik B_k(y), and the equations are the moments with the same splines,

    sum_l [int y^2 dy/(2 pi^2) f (1-f) B_k B_l] dc_il/dx = (1/H) sum over reactions (rate * change of sum_j B_k(y_j)).

Splines sum to one and contain y, so number and energy of every reaction are kept exactly; logits are the entropy
variables, so entropy cannot fall and every Fermi-Dirac distribution with chemical potential is a fixed point of the
reactions that allow it. Reactions are Gauss points in the momenta of all particles, rates are numerical integrals over
the rest of phase space (galerkin_kernels.py, checked against check_weak_collisions.py). The boson is followed at Gauss
nodes in its momentum. The ODE solver is SciPy's Radau.

In the equations: nu-e scattering, nu nubar <-> e+e- and all nu-nu reactions with every quantum factor and m_e;
Z' <-> nu nubar and Z' <-> e+e- with exact statistics; the plasma with QED to e^3 (nuportal.plasma.em, the one piece
shared with the package besides constants). Not in them: e gamma <-> e Z', e+e- <-> gamma Z', nu nu <-> Z'Z', mixing in
the plasma, exchange of off-shell Z', oscillations.

Run: python scripts/check_kinetic.py  (ten minutes of one core), or with names of points to compute only those.
"""

import json
import sys
import time
from dataclasses import dataclass, field, replace
from math import exp, log, pi, sqrt
from pathlib import Path

import numpy as np
from galerkin_boson import boson_events
from galerkin_kernels import basis_at, electron_events, neutrino_events, neutrino_kernels
from numpy.polynomial.legendre import leggauss
from scipy.integrate import solve_ivp
from scipy.linalg import cho_factor, cho_solve

from nuportal import constants
from nuportal.constants import G_F, M_E, M_PLANCK
from nuportal.models import U1X, VectorMediator
from nuportal.plasma import em
from nuportal.processes import weak

OUT = Path(__file__).parents[1] / "tests" / "data" / "kinetic_independent.json"
Y_MAX, Q_MAX = 36.0, 28.0  #: largest comoving momentum of neutrinos and boson, in units of the first temperature
T_WEAK = 0.04  #: MeV; below, the weak interaction is dropped
BOSON_GONE = 45.0  #: M/T_gamma at which the boson is dropped


@dataclass(frozen=True)
class Problem:
    """What a run needs to know: the boson's mass (0: none) and widths in MeV, the start and the resolution."""

    mass: float = 0.0
    width_e: float = 0.0
    widths_nu: tuple[float, float, float] = (0.0, 0.0, 0.0)
    t_start: float = 20.0
    intervals: int = 24
    points: int = 18
    rtol: float = 1e-6
    couplings: str = "tree"
    thermal_boson: bool = False


@dataclass
class Solver:
    """The discretised equations of one problem; state = splines' coefficients, boson's ln[f/(1+f)], ln(T_gamma a)."""

    problem: Problem
    boson: bool = field(init=False)
    weak: bool = field(init=False, default=True)

    def __post_init__(self) -> None:
        p = self.problem
        self.boson = p.mass > 0
        inner = Y_MAX * (np.arange(p.intervals + 1) / p.intervals) ** 1.5
        self.knots = np.concatenate((np.zeros(3), inner, np.full(3, Y_MAX)))
        self.m = p.intervals + 3
        self.centres = (self.knots[1:-3] + self.knots[2:-2] + self.knots[3:-1]) / 3  # y = sum_k centres_k B_k
        u, w = leggauss(6)
        step = np.diff(inner)[:, None]
        self.y = (inner[:-1, None] + step * (1 + u) / 2).ravel()
        self.dy = (step * w / 2).ravel()
        first, values = basis_at(self.knots, self.y)
        self.splines = np.zeros((self.y.size, self.m))
        np.put_along_axis(self.splines, first[:, None] + np.arange(4), values, axis=1)
        self._neutrino_points()
        self._electron_points()
        nodes = 2 * p.intervals + 4
        u, w = leggauss(nodes)
        self.q = Q_MAX * ((1 + u) / 2) ** 2
        self.w_boson = 3 * self.q**2 / (2 * pi**2) * Q_MAX * (1 + u) / 2 * w
        g_l, g_r = weak.chiral_couplings(p.couplings)
        self.coupling = np.stack([g_l**2 + g_r**2, g_l * g_r], axis=1)
        self.em = em.table("o3")
        # tolerances: the empty tails may be known badly
        share = np.concatenate(
            (np.tile(self.centres**3 * np.exp(-self.centres), 3), self.q**3 * np.exp(-self.q), [10.0])
        )
        self.atol = 0.1 * p.rtol / np.sqrt(np.clip(share, 1e-9, 1.0))

    def _neutrino_points(self) -> None:
        """Events in E1+E2, E1-E2 and E3-E4, in the four triangles between |a| = |b| where the kernels are smooth."""
        n = self.problem.points
        (u, w), (v, wv), (z, wz) = leggauss(n + 4), leggauss(n // 3 + 1), leggauss(n // 3 + 1)
        u, w, v, wv = (1 + u) / 2, w / 2, (1 + v) / 2, wv / 2
        total = Y_MAX * u**1.3
        d_total = Y_MAX * 1.3 * u**0.3 * w
        q, big, small = np.meshgrid(total, v, z, indexing="ij")
        weight = d_total[:, None, None] * wv[:, None] * wz * q**2 * big / 4  # dE1 dE2 dE3 = dQ da db/4, area r dr dz
        events = []
        for sign in (1, -1):
            for swap in (False, True):
                r = sign * big * q
                a, b = (small * big * q, r) if swap else (r, small * big * q)
                events.append(np.stack([q, a, b, weight], axis=-1).reshape(-1, 4))
        q, a, b, weight = np.concatenate(events).T
        kernels = np.array([neutrino_kernels(*x) for x in zip(q, a, b, strict=True)])
        self.nu_s, self.nu_t = kernels[:, 0] * weight, kernels[:, 1] * weight
        momenta = np.stack([q + a, q - a, q + b, q - b], axis=1) / 2
        first, values = basis_at(self.knots, momenta.ravel())
        self.nu_first, self.nu_values = first.reshape(-1, 4), values.reshape(-1, 4, 4)

    def _electron_points(self) -> None:
        """Pairs (E1, E3 < E1) of scattering, then pairs (E1, E2 < E1) of annihilation."""
        n = self.problem.points
        (u, w), (v, wv) = leggauss(3 * n // 2), leggauss(n // 2 + 2)
        u, w, v, wv = (1 + u) / 2, w / 2, (1 + v) / 2, wv / 2
        high, part = np.meshgrid(Y_MAX * u**1.5, v, indexing="ij")
        measure = (Y_MAX * 1.5 * u**0.5 * w)[:, None] * wv
        scatter = np.stack([high, high * part, measure * high], axis=-1).reshape(-1, 3)
        total = high
        annihilate = np.stack([total * (1 + part) / 2, total * (1 - part) / 2, measure * total / 2], axis=-1)
        both = np.concatenate((scatter, annihilate.reshape(-1, 3)))
        self.e_points, self.e_weight = np.ascontiguousarray(both[:, :2]), both[:, 2].copy()
        self.n_scatter = len(scatter)
        first, values = basis_at(self.knots, self.e_points.ravel())
        self.e_first, self.e_values = first.reshape(-1, 2), values.reshape(-1, 2, 4)

    def start(self) -> np.ndarray:
        """Return the state at a = 1 (unit of comoving momenta: t_start): neutrinos thermal, boson absent or thermal."""
        c = np.tile(-self.centres, 3)
        energy = np.hypot(self.q, self.problem.mass / self.problem.t_start)
        return np.concatenate((c, -energy - (0.0 if self.problem.thermal_boson else log(1e6)), [0.0]))

    def densities(self, x: float, state: np.ndarray) -> dict[str, np.ndarray]:
        """Return f of neutrinos (3, y), f of the boson, energy of its nodes, energy densities in comoving units."""
        scale = self.problem.t_start * exp(-x)
        c = state[: 3 * self.m].reshape(3, self.m)
        f = 1 / (1 + np.exp(-(c @ self.splines.T)))
        e_boson = np.hypot(self.q, self.problem.mass / scale)
        f_boson = 1 / np.expm1(-state[3 * self.m : -1])
        rho_boson = np.sum(self.w_boson * e_boson * f_boson) if self.boson else 0.0
        rho_nu = 2 * f @ (self.dy * self.y**3 / (2 * pi**2))
        return {"f": f, "f_boson": f_boson, "e_boson": e_boson, "rho_nu": rho_nu, "rho_boson": rho_boson}

    def rates(self, x: float, state: np.ndarray, jacobian: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Return the derivative of the state by x = ln a and, if asked, its Jacobian (less that of H, which is not
        stiff)."""
        p, m = self.problem, self.m
        n = 3 * m
        if np.any(state[n:-1] >= 0) or np.any(np.abs(state) > 700):  # a trial of the solver: it takes a shorter step
            return np.full(state.size, np.nan), np.zeros((0, 0))
        scale = p.t_start * exp(-x)
        t_gamma = scale * exp(state[-1])
        d = self.densities(x, state)
        pressure, rho, drho_dt, _ = em.state(self.em, t_gamma)
        hubble = sqrt(8 * pi / 3 * (rho + scale**4 * (d["rho_nu"].sum() + d["rho_boson"]))) / M_PLANCK
        c = np.ascontiguousarray(state[:n].reshape(3, m))
        rhs, out = np.zeros(n), np.zeros(state.size)
        jac = np.zeros((state.size, state.size)) if jacobian else np.zeros((1, 1))
        work = jac[:n, :n] if jacobian else jac
        capacity = t_gamma * drho_dt / scale**4
        loss = np.zeros(state.size)  # derivative of the heat given to the others
        heat = 0.0
        if self.weak:
            g = G_F**2 * scale**5 / (256 * pi**5 * hubble)
            heat += 2 * electron_events(
                c, self.e_first, self.e_values, self.e_points, self.e_weight, self.n_scatter, self.coupling,
                M_E / scale, state[-1], g, rhs, work,
            )  # fmt: skip
            if jacobian:
                loss[:n] = 2 * np.tile(self.centres, 3) @ work
            neutrino_events(c, self.nu_first, self.nu_values, self.nu_s, self.nu_t, g, rhs, work)
        if self.boson:
            heat += boson_events(
                c, self.knots, state[n:-1], self.q, d["e_boson"], self.w_boson, p.mass / scale, p.mass / hubble / scale,
                np.array(p.widths_nu), p.width_e, M_E / p.mass, state[-1], rhs, out, jac, loss,
            )  # fmt: skip
        for i in range(3):
            own = slice(i * m, (i + 1) * m)
            f = d["f"][i]
            gram = (self.splines.T * (self.dy * self.y**2 / (2 * pi**2) * f * (1 - f))) @ self.splines
            norm = 1 / np.sqrt(np.diag(gram))
            factor = cho_factor(gram * norm * norm[:, None])
            out[own] = norm * cho_solve(factor, norm * rhs[own])
            if jacobian:
                flow = f * (1 - f) * (1 - 2 * f) * (self.splines @ out[own])
                jac[own, own] -= (self.splines.T * (self.dy * self.y**2 / (2 * pi**2) * flow)) @ self.splines
                jac[own] = norm[:, None] * cho_solve(factor, norm[:, None] * jac[own])
        out[-1] = 1 - (3 * (rho + pressure) / scale**4 + heat) / capacity
        if jacobian:
            jac[-1] = -loss / capacity
        return out, jac

    def jacobian(self, x: float, state: np.ndarray) -> np.ndarray:
        """Return the Jacobian; the column of ln(T_gamma a) by a difference."""
        base, jac = self.rates(x, state, jacobian=True)
        step = 1e-6
        moved = state.copy()
        moved[-1] += step
        jac[:, -1] = (self.rates(x, moved)[0] - base) / step
        return jac

    def stage(self, x: float, state: np.ndarray, t_stop: float) -> tuple[float, np.ndarray]:
        """Integrate until T_gamma = t_stop (MeV)."""

        def reached(at, y):
            return y[-1] - at + log(self.problem.t_start / t_stop)

        reached.terminal = True
        found = solve_ivp(
            lambda at, y: self.rates(at, y)[0], (x, x + 30), state, "Radau", jac=self.jacobian, events=reached,
            rtol=self.problem.rtol, atol=self.atol, first_step=1e-6,
        )  # fmt: skip
        if found.status != 1:
            raise RuntimeError(found.message)
        self.evaluations += found.nfev
        return found.t_events[0][0], found.y_events[0][0]

    def run(self) -> dict[str, object]:
        """Return N_eff and what goes with it, at T_gamma = 5 keV (or later, when the boson is gone)."""
        p = self.problem
        self.evaluations = 0
        stops = {T_WEAK, 5e-3} | ({p.mass / BOSON_GONE} if self.boson else set())
        x, state, left = 0.0, self.start(), None
        began = time.process_time()
        for t_stop in sorted(stops, reverse=True):
            x, state = self.stage(x, state, t_stop)
            if t_stop <= T_WEAK:
                self.weak = False
            if self.boson and t_stop <= p.mass / BOSON_GONE * 1.0001:
                d = self.densities(x, state)
                left, self.boson = float(d["rho_boson"] / d["rho_nu"].sum()), False
        d = self.densities(x, state)
        scale = p.t_start * exp(-x)
        rho_gamma = em.state(self.em, scale * exp(state[-1]))[1]
        per_flavour = 8 / 7 * (11 / 4) ** (4 / 3) * d["rho_nu"] * scale**4 / rho_gamma
        return {
            "n_eff": float(per_flavour.sum()),
            "per_flavour": [float(v) for v in per_flavour],
            "t_gamma_a": exp(state[-1]),
            "boson_left": left,
            "evaluations": self.evaluations,
            "seconds": time.process_time() - began,
        }


@dataclass(frozen=True)
class Case:
    """One row of the output: a model (None: Standard Model), its start, and a note."""

    name: str
    model: U1X | VectorMediator | None
    t_start: float = 20.0
    thermal_boson: bool = False
    note: str = ""


CONTACT = "started in equilibrium: at 20 MeV decays and the weak interaction hold everything at one temperature"
UNCONFIRMED = "; a prototype on a uniform grid gives 4.174(5), the difference is not understood"

CASES = (
    Case("standard_model", None),
    Case("B-L_10MeV_1e-7", U1X("B-L", mass=10.0, g=1e-7), thermal_boson=True, note=CONTACT),
    Case("Lmu-Ltau_10MeV_1e-9_from_20MeV", U1X("Lmu-Ltau", mass=10.0, g=1e-9, epsilon=0.0)),
    Case("Lmu-Ltau_10MeV_1e-9_from_60MeV", U1X("Lmu-Ltau", mass=10.0, g=1e-9, epsilon=0.0), t_start=60.0),
    Case("vector_5MeV_ge_1e-9_gnu_3e-9", VectorMediator(5.0, g_e=1e-9, g_nu=3e-9), t_start=30.0),
    Case("vector_0.3MeV_gnu_1e-9", VectorMediator(0.3, g_nu=1e-9), note="g_e = 0: decays into nu_e alone"),
    Case(
        "Lmu-Ltau_10MeV_1e-7",
        U1X("Lmu-Ltau", mass=10.0, g=1e-7, epsilon=0.0),
        thermal_boson=True,
        note=CONTACT + UNCONFIRMED,
    ),
    Case("B-L_10MeV_1e-9", U1X("B-L", mass=10.0, g=1e-9)),
)

ABOUT = (
    "N_eff with the momenta of neutrinos and boson followed, flavours kept (no oscillations), tree-level weak "
    "couplings (s_W^2 = 0.23122), by scripts/check_kinetic.py: entropic Galerkin method with cubic splines, weak rates "
    "integrated numerically over four-vectors, SciPy's Radau. Reactions: nu e, nu nubar <-> e+e-, nu nu with full "
    "statistics and m_e; Z' <-> nu nubar, Z' <-> e+e- with exact statistics; no other process of the boson. QED to "
    "e^3. error: twice the difference of two resolutions (coarse and this one), at least 3e-4. t_gamma_a: T_gamma a at "
    "the end over its value at the start."
)

LEAST_ERROR = 3e-4  #: of N_eff, seen when the number of events, the end of the momenta or the tolerance changes

#: splines' intervals, parameter of the weak events (below 0.7 of it the events leave splines unresolved), tolerance
COARSE, FINE = (19, 13, 3e-6), (26, 18, 3e-6)


def problem_of(case: Case, resolution: tuple[int, int, float]) -> Problem:
    """Return the problem of one case at one resolution."""
    intervals, points, rtol = resolution
    problem = Problem(
        t_start=case.t_start, thermal_boson=case.thermal_boson, intervals=intervals, points=points, rtol=rtol
    )
    if case.model is None:
        return problem
    view = case.model.couplings
    width = view.partial_widths()
    nu = (width["nu_e"], width["nu_mu"], width["nu_tau"])
    return replace(problem, mass=view.mass, width_e=width["e"], widths_nu=nu)


def row(case: Case) -> dict[str, object]:
    """Solve one case at both resolutions and return its row of the output."""
    coarse, fine = (Solver(problem_of(case, resolution)).run() for resolution in (COARSE, FINE))
    problem = problem_of(case, FINE)
    error = max(2 * abs(fine["n_eff"] - coarse["n_eff"]), LEAST_ERROR)
    return {
        "name": case.name,
        "model": case.model.describe() if case.model else None,
        "mass_MeV": problem.mass,
        "width_e_MeV": problem.width_e,
        "widths_nu_MeV": problem.widths_nu,
        "t_start_MeV": case.t_start,
        "start": "thermal" if case.thermal_boson else "zero",
        "note": case.note,
        "n_eff": round(fine["n_eff"], 6),
        "error": float(f"{error:.1g}"),
        "coarse": round(coarse["n_eff"], 6),
        "per_flavour": [round(v, 6) for v in fine["per_flavour"]],
        "t_gamma_a": round(fine["t_gamma_a"], 6),
        "seconds": round(coarse["seconds"] + fine["seconds"]),
    }


def main(names: list[str]) -> None:
    """Compute the named cases (all if none is named) and write them into the file beside the others."""
    text = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {"points": []}
    rows = {point["name"]: point for point in text["points"]}
    for case in CASES:
        if not names or case.name in names:
            rows[case.name] = row(case)
            print(rows[case.name], flush=True)
            points = [rows[c.name] for c in CASES if c.name in rows]
            body = ",\n".join(json.dumps(point) for point in points)
            head = json.dumps({"about": ABOUT, "constants": constants.SET}, indent=1).removesuffix("\n}")
            OUT.write_text(f'{head},\n "points": [\n{body}\n]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
