"""N_eff with baths that have temperatures: `thermal_history` for one point, `solve_grid` for many.

Equations: ghosh2023 appendix A and docs/physics/thermal_decoupling.md. What the treatment leaves out is estimated in
`theory_error`.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import E_CHARGE, HBAR_S, M_E, T_CMB_TODAY
from nuportal.cosmology.expansion import DILUTION, HUBBLE, NEFF_STANDARD, PHOTONS, radiation_era
from nuportal.cosmology.history import Caution, History
from nuportal.cosmology.temperatures import integrate
from nuportal.cosmology.temperatures.coefficients import (
    Coefficients,
    coefficient_arrays,
    coefficients,
    compton_matters,
    electron_mass_form,
)
from nuportal.cosmology.temperatures.equations import MASS, REFERENCE, bath_energies
from nuportal.cosmology.temperatures.options import (
    COMPTON_RANGE,
    Preset,
    ThermalOptions,
    grid_options,
)
from nuportal.errors import ParameterError
from nuportal.models import U1X, VectorMediator
from nuportal.models.base import FLAVOURS, Couplings
from nuportal.models.mixing import parse_epsilon
from nuportal.plasma.neutrinos import RHO_1
from nuportal.provenance import stamp
from nuportal.solvers import lattice
from nuportal.solvers.cores import available
from nuportal.solvers.status import Status
from nuportal.units import numbers, positive

REFERENCES = ["Ghosh:2023ilw", "Ghosh:2024cxi", "EscuderoAbenza:2020cmq", "Escudero:2018mvt"]
TOLERANCE = 2e-5  #: largest difference of two predictions of N_eff between which a grid takes one of them
SPACING_MASS, SPACING_G = 0.2, 0.6  #: largest distance of points solved on a grid, in ln M and ln g
KINKS = (2 * M_E, *COMPTON_RANGE)  #: masses (MeV) at which a channel opens or the treatment changes
HIGHEST = 3 * DILUTION * RHO_1 / PHOTONS + 0.1  #: above N_eff of neutrinos that never leave the plasma
PER_RTOL, ROUND_OFF = 200.0, 1e-8  #: largest error of N_eff over rtol (144 in 250 random points), and its least value
CANCELLED = 0.014  #: of Delta N_eff, see `theory_error`
BLOCK = 64  #: points one thread solves in one go


def thermal_history(model: U1X | VectorMediator | None, chosen: ThermalOptions) -> History:
    """Return the thermal history and N_eff of a vector boson, or of the Standard Model (model=None).

    A point that failed has status != OK and neff = NaN.
    """
    point = coefficients(model, chosen)
    tables = integrate.tables(chosen, point.par[MASS])
    n_baths = point.c.shape[1]
    rows = np.full((integrate.MAX_STEPS, 2 + 2 * (1 + n_baths + (model is not None))), np.nan)
    neff, status, steps = integrate.solve_point(
        n_baths,
        chosen.start == "zero",
        point.par,
        point.c,
        point.v,
        electron_mass_form(chosen),
        tables,
        chosen.rtol,
        integrate.T_END,
        rows,
        integrate.scratch(),
    )
    rows = rows[: max(1, np.count_nonzero(~np.isnan(rows[:, 0])))]  # one of NaN if the first step failed
    described = model.describe() if model is not None else {"kind": "Standard Model"}
    provenance = stamp(described, {"treatment": "temperatures", **chosen.to_dict()}, REFERENCES)
    return _history(rows, point, tables, neff, Status(status), steps, chosen, model, provenance)


def neff_grid_with_status(
    model: str | Mapping[str, float] | None,
    mass: ArrayLike,
    g: ArrayLike,
    *,
    epsilon: float | str = 0.0,
    preset: Preset = "default",
    **changes: object,
) -> tuple[np.ndarray, np.ndarray]:
    """Return (N_eff, status as integers of `Status`), both [len(mass), len(g)].

    mass: MeV, g: gauge couplings (arrays or numbers); epsilon as in `U1X`, options as in `GridOptions`.
    Raises ParameterError, UnknownNameError.
    """
    return solve_grid(model, mass, g, epsilon=epsilon, preset=preset, **changes)[:2]


class Grid(NamedTuple):
    """N_eff, status and whether the point was solved (else interpolated), each [len(mass), len(g)]."""

    neff: np.ndarray
    status: np.ndarray
    solved: np.ndarray


def solve_grid(
    model: str | Mapping[str, float] | None,
    mass: ArrayLike,
    g: ArrayLike,
    *,
    epsilon: float | str = 0.0,
    preset: Preset = "default",
    **changes: object,
) -> Grid:
    """Return N_eff with status and which points were solved; arguments as `neff_grid_with_status`."""
    masses, gs = numbers(mass, "mass", ("MeV",)), numbers(g, "g")
    if masses.ndim != 1 or gs.ndim != 1 or 0 in (masses.size, gs.size):
        raise ParameterError("mass and g must be numbers or one-dimensional arrays, not empty")
    chosen = grid_options(preset, **changes)
    for value in masses.tolist():
        positive(value, "mass", unit=" MeV")
    for value in gs.tolist():
        positive(value, "g")
    name, charges = (model, None) if isinstance(model, str) else (None, model)
    largest = U1X(name, mass=float(masses[0]), g=float(gs.max()), epsilon=epsilon, charges=charges)
    leptons = np.array(largest.assigned.leptons)
    mixing = np.array([parse_epsilon(epsilon, value, largest.assigned.leptons) for value in gs.tolist()])
    c_e, c_nu = gs * leptons[0] + mixing * E_CHARGE, gs[:, None] * leptons
    status = np.zeros((len(masses), len(gs)), np.int64)

    def calculate(i: np.ndarray, j: np.ndarray) -> np.ndarray:
        points = coefficient_arrays(masses[i], c_e[j], c_nu[j], chosen, electron_charged=bool(leptons[0] != 0))
        neff, status[i, j] = solve(points, chosen)
        return neff

    x = lattice.Axis(np.log(masses), SPACING_MASS, tuple(np.log(KINKS)))
    y = lattice.Axis(np.log(gs), SPACING_G, _sign_changes(gs, c_e))
    if chosen.method == "solve" or not (x.dense and y.dense):
        i, j = (index.ravel() for index in np.indices(status.shape))
        return Grid(calculate(i, j).reshape(status.shape), status, np.ones(status.shape, bool))
    filled = lattice.fill(x, y, calculate, tolerance=TOLERANCE, straighten=_straighten, restore=_restore)
    return Grid(filled.values, status, filled.calculated)


def _sign_changes(gs: np.ndarray, c_e: np.ndarray) -> tuple[float, ...]:
    """Return ln g where kinetic mixing cancels the electron's charge and N_eff changes within a few per cent of g."""
    at = np.flatnonzero(c_e[1:] * c_e[:-1] <= 0)
    return tuple(0.5 * np.log(gs[at] * gs[at + 1])) if np.any(c_e) else ()


def _straighten(neff: np.ndarray) -> np.ndarray:
    """Return a function of N_eff that approaches its bounds as a straight line; NaN outside them."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.log(neff / (HIGHEST - neff))


def _restore(straight: np.ndarray) -> np.ndarray:
    return HIGHEST / (1 + np.exp(-straight))


def solve(points: Coefficients, chosen: ThermalOptions) -> tuple[np.ndarray, np.ndarray]:
    """Return (N_eff, status) of many points (leading axis of the coefficients), blocks shared by threads.

    Points with e gamma <-> e Z' need the table of their mass, so a block holds one mass there.
    """
    par, c, v = points
    neff, status = np.full(len(par), np.nan), np.zeros(len(par), np.int64)
    form, zero = electron_mass_form(chosen), chosen.start == "zero"
    frozen = integrate.T_FROZEN if chosen.rates == "fd" else integrate.T_END

    def block(members: np.ndarray) -> None:
        """Solve some points with the tables of the first one's mass."""
        tables = integrate.tables(chosen, par[members[0], MASS])
        found, ended = np.empty(len(members)), np.empty(len(members), np.int64)
        arrays = par[members], c[members], v[members]
        empty, work = np.empty((0, 12)), integrate.scratch()
        integrate.solve_points(zero, *arrays, form, tables, chosen.rtol, frozen, found, ended, empty, work)
        neff[members], status[members] = found, ended

    workers = available()
    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(block, _blocks(par[:, MASS], chosen, workers)))
    return neff, status


def _blocks(masses: np.ndarray, chosen: ThermalOptions, workers: int) -> list[np.ndarray]:
    """Cut the points into blocks of at most BLOCK and several a worker, so that none waits long for the last.

    One mass each where e gamma <-> e Z' needs its table.
    """
    size = min(BLOCK, max(8, len(masses) // (8 * workers)))
    table_of = np.where(compton_matters(chosen, masses), masses, 0.0)
    order = np.argsort(table_of, kind="stable")
    edges = np.flatnonzero(np.diff(table_of[order]) > 0) + 1
    groups = np.split(order, edges)
    return [group[i : i + size] for group in groups for i in range(0, len(group), size)]


def _history(
    rows: np.ndarray,
    point: Any,
    tables: Any,
    neff: float,
    status: int,
    steps: int,
    chosen: ThermalOptions,
    model: Any,
    provenance: dict[str, Any],
) -> History:
    """Assemble the result from the recorded rows [n, 2 + 2 state] = N, H, state, slope."""
    n_baths = point.c.shape[1]
    size = (rows.shape[1] - 2) // 2
    efolds, hubble, state = rows[:, 0], rows[:, 1], rows[:, 2 : 2 + size]

    def energies_of(y: np.ndarray) -> np.ndarray:
        return bath_energies(y, point.par, point.c, tables.em, tables.boson)

    rho = energies_of(state)[0]
    t_gamma = np.exp(state[:, 0])
    with np.errstate(invalid="ignore"):
        t_boson = (
            np.exp(state[:, 0] + state[:, 1 + int(point.par[REFERENCE])] + state[:, -1])
            if model is not None
            else np.full(len(rows), np.nan)
        )
    found = cautions(model.couplings, _strength(model), chosen) if model is not None else {}
    time, residual = _integrals(efolds, hubble, state, rows[:, 2 + size :], energies_of)
    return History(
        neff=neff,
        status=Status(status),
        warnings=() if model is None else tuple(c for c, holds in found.items() if holds),
        theory_error=float(theory_error(neff, None if model is None else model.couplings, chosen)),
        a=np.exp(efolds - efolds[-1]) * T_CMB_TODAY / t_gamma[-1],
        t=time,
        hubble=hubble,
        t_gamma=t_gamma,
        t_nu=np.exp(state[:, :1] + state[:, 1 : 1 + n_baths]),
        t_boson=t_boson,
        rho_em=rho[:, 0],
        rho_nu=rho[:, 1 : 1 + n_baths],
        rho_boson=rho[:, 1 + n_baths],
        energy_residual=residual,
        provenance=provenance,
        numerical_error=max(PER_RTOL * chosen.rtol, ROUND_OFF),
        steps=steps,
    )


def _strength(model: U1X | VectorMediator) -> float:
    """Return the coupling whose range was tested."""
    declared = model.declared
    scaled = [p.name for p in declared.parameters if p.name in declared.scaled and not p.words]
    return max(abs(float(getattr(model, name))) for name in scaled)


def _integrals(
    efolds: np.ndarray, hubble: np.ndarray, state: np.ndarray, slope: np.ndarray, energies_of: Any
) -> tuple[np.ndarray, float]:
    """Return cosmic time in seconds (1/(2H) at the hot start) and the largest |ln(rho/rho_0) + 3 int (1+w) dN|.

    Three Gauss points a step on the monotone cubic through states and slopes (slopes of locked baths are round-off
    times a large rate, hence the limiter); the second number is zero if energy is conserved.
    """
    nodes, weights = np.polynomial.legendre.leggauss(3)
    h = np.diff(efolds)
    first, last = state[:-1], state[1:]
    limit = 3 * np.abs(last - first)
    left, right = (np.clip(h[:, None] * part, -limit, limit) for part in (slope[:-1], slope[1:]))
    time, loss = np.zeros(len(h)), np.zeros(len(h))
    for u, w in zip((1 + nodes) / 2, weights / 2, strict=True):
        middle = (
            (1 + 2 * u) * (1 - u) ** 2 * first
            + u * (1 - u) ** 2 * left
            + u * u * (3 - 2 * u) * last
            - u * u * (1 - u) * right
        )
        energy, pressure = energies_of(middle).sum(axis=2)
        time += w * h / (HUBBLE * np.sqrt(energy))
        loss += w * h * 3 * (1 + pressure / energy)
    rho = energies_of(state)[0].sum(axis=1)
    residual = np.log(rho[1:] / rho[0]) + np.cumsum(loss)
    return HBAR_S * (0.5 / hubble[0] + np.append(0.0, np.cumsum(time))), float(np.max(np.abs(residual), initial=0.0))


def thermalisation(view: Couplings) -> np.ndarray:
    """Return Gamma/H of decays and inverse decays at T = M: below about 1 a thermal start is not justified."""
    return 0.37 * view.width / radiation_era(np.asarray(view.mass))  # K_1(1)/K_2(1)


def cautions(view: Couplings, g: float, chosen: ThermalOptions) -> dict[Caution, np.ndarray]:
    """Return where each warning applies, in the shape of the couplings' mass, which may be an array."""
    mass = np.asarray(view.mass)
    followed = compton_matters(chosen, mass)
    return {
        Caution.MASS_RANGE: ~((mass >= COMPTON_RANGE[0]) & (mass <= 300)),
        Caution.BELOW_PAIR_THRESHOLD: (mass < 2 * M_E) & (view.c_e != 0) & ~followed,
        Caution.COUPLING_RANGE: np.full(mass.shape, not 1e-13 <= g <= 1e-2),
        Caution.NOT_THERMALISED: (chosen.start == "thermal") & (thermalisation(view) < 1),
        Caution.NEUTRINO_NUMBER: (_invisible(view) > 0)
        & (mass > 2 * M_E)
        & (_few_pairs(view) > 0.25)
        & (thermalisation(view) > 0.01),
    }


def without_momenta(view: Couplings) -> np.ndarray:
    """Return the part of Delta N_eff by which temperatures are wrong.

    Covers the difference to the treatment with momenta at random points (docs/why_neff_changes.md). Where the boson
    makes many e+-, r = Gamma(Z' -> e+e-)/H at T = M/3 large, soft neutrinos lose contact first and the heat goes to a
    tail that holds little: 0.7 up to 10 MeV, and all of it from 20 MeV on. Where it makes few, a chemical potential
    stays in the neutrinos, 2.3/(1 + r/50) more. Below 2 m_e e gamma <-> e Z' keeps contact: 0.8.
    """
    mass = np.asarray(view.mass)
    part = 0.7 + 0.3 * np.clip(mass / 10 - 1, 0, 1) + 2.3 * _few_pairs(view)
    return np.where(_invisible(view) > 0, np.where(mass > 2 * M_E, part, 0.8), 0.0)


def _few_pairs(view: Couplings) -> np.ndarray:
    """Return 1/(1 + r/50), r = Gamma(Z' -> e+e-)/H at T = M/3: near 1 where number of neutrinos is not changed."""
    return 1 / (1 + view.partial_widths()["e"] / radiation_era(np.asarray(view.mass) / 3) / 50)


def _invisible(view: Couplings) -> np.ndarray | float:
    """Return the width to neutrinos in MeV."""
    widths = view.partial_widths()
    return sum(widths[f"nu_{flavour}"] for flavour in FLAVOURS)


def theory_error(neff: np.ndarray | float, view: Couplings | None, chosen: ThermalOptions) -> np.ndarray:
    """Return the estimated error of N_eff from what the treatment leaves out, the parts in quadrature.

    Sizes and how each is known: docs/physics/thermal_decoupling.md. Standard Model: against momentum-resolved
    calculations (3.0440, 2008.01074). A boson adds a part of its Delta N_eff, larger with electron_mass="linear", and
    what spectra change (`without_momenta`).
    """
    parts = [0.0015 if chosen.flavours == "common" else 0.0005]
    parts.append({"fd": 0.0, "mb": 0.007}[chosen.rates])
    parts.append({"o3": 0.0, "o2": 0.001, "off": 0.009}[chosen.qed])
    of_boson = 0.0
    if view is not None:
        of_boson = np.hypot(np.hypot(0.016, 0.026 if chosen.electron_mass == "linear" else 0.0), without_momenta(view))
    delta = np.nan_to_num(np.abs(np.asarray(neff) - NEFF_STANDARD), nan=0.0)
    if view is not None:
        # heat of e+- and of neutrinos cancel in Delta N_eff where the boson leaves while neutrinos do, not their errors
        hot = (view.partial_widths()["e"] > radiation_era(np.asarray(view.mass) / 3)) & (np.asarray(view.mass) < 30)
        delta = np.where(hot, np.maximum(delta, CANCELLED), delta)
    return np.hypot(np.linalg.norm(parts), of_boson * delta)
