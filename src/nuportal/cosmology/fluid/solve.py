"""Freeze-in of a light boson with its momentum distribution: `fluid_history` for one point, `fluid_grid` for many.

Equations and checks: docs/physics/fluid_solver.md; ibe2020 eqs 11-28.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from nuportal.constants import M_E, T_CMB_TODAY
from nuportal.cosmology.expansion import NEFF_STANDARD, cosmic_time
from nuportal.cosmology.fluid import integrate
from nuportal.cosmology.fluid.equations import T_ELECTRONS
from nuportal.cosmology.fluid.options import (
    FluidOptions,
    pairs_matter,
    parameters,
    start_temperature,
    tables,
    too_fast,
)
from nuportal.cosmology.history import Caution, History, Spectra
from nuportal.errors import NotApplicableError, ParameterError
from nuportal.models import U1X, ScalarMediator, VectorMediator
from nuportal.models.base import Couplings
from nuportal.models.mediators import neutrino_couplings
from nuportal.provenance import stamp
from nuportal.solvers.cores import available
from nuportal.solvers.status import Status
from nuportal.units import positive

REFERENCES = ["Ibe:2020dly"]
BLOCK = 16  #: points one thread solves in one go
GONE = 1e-4  #: part of the dark energy below which the boson has decayed
CONDENSED = 5e-5  #: part of the bosons in the softest nodes that the result may depend on
CONTACT = 0.02  #: MeV; photon temperature above which electrons make bosons
#: largest part of N_eff by which refining the grid changed it (60 random points), and that with soft modes
NUMERICAL, SOFT_NUMERICAL = 2e-4, 0.05
RELATIVISTIC = 0.1  #: p/rho of the boson above which it is radiation

_X, _H, _T, _T_NU, _Z, _RHO_EM, _P_EM, _RHO_NU, _RHO_Z, _P_Z, _N, _SOFT = range(integrate.RECORD)


def fluid_history(
    model: VectorMediator | ScalarMediator | U1X, chosen: FluidOptions, *, refine: bool = False
) -> History:
    """Return the evolution of a boson that starts absent at T = 20 MeV (or 3 M), down to T_gamma = 0.26 eV.

    refine: solve with 1.5 times the nodes, from a third of the lowest momentum, at a fifth of rtol, and take the change
    of N_eff as numerical error. details: case, reason and limit of the regime, fate at recombination, drift of
    n_nu + 2 n_Z' after the electrons. Raises NotApplicableError.
    """
    couplings = model.couplings
    if too_fast(couplings):
        raise NotApplicableError(
            f"mass = {couplings.mass:g} MeV: decays are too fast at these couplings for preset='ibe': "
            "use treatment='momenta'"
        )
    solved = _solve(couplings, chosen)
    numerical = abs(solved.neff) * (SOFT_NUMERICAL if _soft(solved.rows, couplings) else NUMERICAL)
    refined = False
    if refine:
        finer = replace(chosen, nodes=3 * chosen.nodes // 2, rtol=max(chosen.rtol / 5, 1e-6), lowest=chosen.lowest / 3)
        better = _solve(couplings, finer)
        refined = better.status == Status.OK or solved.status != Status.OK
        if refined:
            numerical, solved = abs(better.neff - solved.neff), better
    rows = solved.rows
    fate = _fate(rows) if solved.status == Status.OK else "unknown"
    a = np.exp(rows[:, _X] - rows[-1, _X]) * T_CMB_TODAY / rows[-1, _T]
    t_nu = rows[:, _T_NU : _T_NU + 1]
    return History(
        neff=solved.neff,
        status=solved.status,
        warnings=(
            *_cautions(rows, couplings, numerical if refined else 0.0, solved.neff, fate),
            *((Caution.NOT_REFINED,) if refine and not refined else ()),
        ),
        theory_error=float(theory_error(solved.neff)),
        numerical_error=numerical,
        a=a,
        t=cosmic_time(rows[:, _X], rows[:, _H]),
        hubble=rows[:, _H],
        t_gamma=rows[:, _T],
        t_nu=t_nu,
        t_boson=np.full(len(rows), np.nan),
        rho_em=rows[:, _RHO_EM],
        rho_nu=rows[:, _RHO_NU : _RHO_NU + 1],
        rho_boson=rows[:, _RHO_Z],
        energy_residual=_energy_residual(rows),
        provenance=stamp(model.describe(), {"treatment": "fluid", "start": "zero", **chosen.to_dict()}, REFERENCES),
        steps=solved.steps,
        mu_nu=rows[:, _Z : _Z + 1] * t_nu,
        spectra=Spectra(boson_momentum=solved.q * a[0], boson_occupation=rows[:, integrate.RECORD :]),
        details={"fate": fate} | _regime(couplings) | _number_drift(rows),
    )


def fluid_grid(
    mass: np.ndarray | float,
    g_e: np.ndarray | float,
    g_nu: np.ndarray | float,
    *,
    spin: int = 1,
    flavour: str = "e",
    **changes: object,
) -> tuple[np.ndarray, np.ndarray]:
    """Return (N_eff, status as integers of `Status`), both [mass, g_e, g_nu], of the vector (spin 1) or scalar (0).

    mass in MeV; zero couplings are allowed. N_eff is NaN where the status is not OK. changes: fields of `FluidOptions`.
    Uses all cores. Raises ParameterError, UnknownNameError, NotApplicableError.
    """
    masses, electrons, neutrinos = (np.atleast_1d(np.asarray(values, float)) for values in (mass, g_e, g_nu))
    for name, values in (("mass", masses), ("g_e", electrons), ("g_nu", neutrinos)):
        if values.ndim != 1 or values.size == 0:
            raise ParameterError(f"{name} must be a number or a one-dimensional array, not empty")
        for value in values.tolist():
            positive(abs(value), name, allow_zero=name != "mass")
    chosen = FluidOptions(**changes)  # type: ignore[arg-type]
    pattern = np.array(neutrino_couplings(1.0, flavour))
    shape = (electrons.size, neutrinos.size)
    c_e = np.repeat(electrons, neutrinos.size)
    c_nu = np.tile(neutrinos, electrons.size)[:, None] * pattern
    found = [_solve_many(m, spin, c_e, c_nu, chosen) for m in masses.tolist()]
    return np.array([neff.reshape(shape) for neff, _ in found]), np.array([s.reshape(shape) for _, s in found])


def _solve_many(
    mass: float, spin: int, c_e: np.ndarray, c_nu: np.ndarray, chosen: FluidOptions
) -> tuple[np.ndarray, np.ndarray]:
    par, switches = parameters(mass, spin, c_e, c_nu, chosen)
    table = tables(mass, spin, chosen)
    hot = start_temperature(mass)
    neff, status = np.full(len(par), np.nan), np.zeros(len(par), np.int64)

    def block(start: int) -> None:
        part = slice(start, start + BLOCK)
        integrate.solve_points(par[part], switches, hot, table, chosen.rtol, neff[part], status[part])

    starts = range(0, len(par), BLOCK)
    if len(starts) == 1:
        block(0)
    else:
        with ThreadPoolExecutor(available()) as threads:
            list(threads.map(block, starts))
    for k in np.flatnonzero(
        [too_fast(Couplings(mass, e, c_nu=tuple(nu), spin=spin)) for e, nu in zip(c_e, c_nu, strict=True)]
    ):
        neff[k], status[k] = np.nan, Status.NOT_FINITE
    return neff, status


class _Solved(NamedTuple):
    """rows [steps, RECORD + momenta] of the history, N_eff, status, steps, comoving momenta q (a = 1 at the start)."""

    rows: np.ndarray
    neff: float
    status: Status
    steps: int
    q: np.ndarray


def _solve(couplings: Couplings, chosen: FluidOptions) -> _Solved:
    mass = couplings.mass
    table = tables(mass, couplings.spin, chosen)
    par, switches = parameters(
        mass, couplings.spin, np.array([couplings.c_e]), np.array([couplings.c_nu], dtype=float), chosen
    )
    rows = np.full((integrate.MAX_STEPS, integrate.RECORD + chosen.nodes), np.nan)
    neff, status, steps = integrate.solve_point(par[0], switches, start_temperature(mass), table, chosen.rtol, rows)
    return _Solved(rows[~np.isnan(rows[:, 0])], neff, Status(status), steps, table.q)


def _fate(rows: np.ndarray) -> str:
    """What the boson is at recombination, from its energy and pressure there."""
    boson, dark = rows[-1, _RHO_Z], rows[-1, _RHO_Z] + rows[-1, _RHO_NU]
    if boson < GONE * dark:
        return "decayed"
    return "dark radiation" if rows[-1, _P_Z] > RELATIVISTIC * boson else "matter-like"


def _regime(couplings: Couplings) -> dict[str, object]:
    if couplings.mass >= 2 * M_E:
        return {"case": "none", "reason": "above 2 m_e the regimes of ibe2020 do not apply"}
    from nuportal.cosmology.classification import classify

    regime = classify(couplings)
    limit = {"limit": regime.neff, "bound": regime.bound} if np.isfinite(regime.neff) else {}
    return {"case": regime.case, "reason": regime.reason, **limit}


def _number_drift(rows: np.ndarray) -> dict[str, object]:
    """Largest relative change of a^3 (n_nu + 2 n_Z') once no electrons are left; nu nu <-> Z'Z' may move it."""
    cold = rows[rows[:, _T] < T_ELECTRONS, _N]
    return {"number_change_after_electrons": float(np.max(np.abs(cold / cold[0] - 1)))} if len(cold) else {}


def _energy_residual(rows: np.ndarray) -> float:
    """Largest |ln(rho/rho_0) + 3 int (1+w) dx|, w = p/rho splined over the steps: zero if energy is conserved."""
    from scipy.interpolate import PchipInterpolator

    if len(rows) < 4:
        return float("nan")
    rho = rows[:, _RHO_EM] + rows[:, _RHO_NU] + rows[:, _RHO_Z]
    pressure = rows[:, _P_EM] + rows[:, _RHO_NU] / 3 + rows[:, _P_Z]
    loss = PchipInterpolator(rows[:, _X], 3 * (1 + pressure / rho)).antiderivative()(rows[:, _X])
    return float(np.max(np.abs(np.log(rho / rho[0]) + loss - loss[0])))


def _soft(rows: np.ndarray, couplings: Couplings) -> bool:
    """Return whether soft modes matter: they hold bosons while reactions that change the number of Z' and nu work."""
    number_changes = pairs_matter(couplings) | (rows[:, _T] > CONTACT)
    at_work = (rows[:, _RHO_Z] > 1e-3 * rows[:, _RHO_NU]) & number_changes
    return bool(np.any(rows[at_work, _SOFT] > CONDENSED))


def _cautions(rows: np.ndarray, couplings: Couplings, numerical: float, neff: float, fate: str) -> tuple[Caution, ...]:
    """Return the warnings of a point."""
    strongest = max(abs(couplings.c_e), *(abs(c) for c in couplings.c_nu))
    tested = couplings.mass >= 0.999e-7 and strongest < 1.001e-3
    found = [] if tested else [Caution.FLUID_RANGE]
    if _soft(rows, couplings) or numerical > 2e-3 * abs(neff):
        found.append(Caution.SOFT_MODES)
    if fate == "matter-like":
        found.append(Caution.MATTER)
    return tuple(found)


def theory_error(neff: np.ndarray | float) -> np.ndarray:
    """Return 0.0015 of the Standard Model part (one neutrino temperature) with 1 % of what the boson adds."""
    return np.hypot(0.0015, 0.01 * np.abs(np.asarray(neff) - NEFF_STANDARD))
