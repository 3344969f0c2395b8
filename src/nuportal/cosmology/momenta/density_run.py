"""Integration with a density matrix at every momentum, from the hot start to the end."""

from math import log
from typing import NamedTuple

import numpy as np

from nuportal.cosmology.momenta import integrate
from nuportal.cosmology.momenta.density import density_work
from nuportal.cosmology.momenta.density_algebra import COMPONENTS
from nuportal.cosmology.momenta.density_potential import potential_table
from nuportal.cosmology.momenta.equations import WEAK_END
from nuportal.cosmology.momenta.state import Point, Tables
from nuportal.models.base import Couplings

#: of all frequencies, the boson's potential, weak damping off the diagonal, what is given back there
FACTORS = (1.0, 1.0, 1.0, 1.0)


def needs_matrices(couplings: Couplings | None, flavours: str) -> bool:
    """Return whether oscillating neutrinos need a density matrix: where the boson tells flavours apart.

    Equal charges are the unit matrix in every basis: states of propagation are then exact.
    """
    return couplings is not None and flavours == "oscillating" and len(set(couplings.c_nu)) > 1


class DensityRun(NamedTuple):
    """Steps of an integration, what equations.py knows of them: H, dtheta/dx and the state with the diagonal of rho
    alone; status; the step from which the boson is gone (-1: never); off-diagonal entries over f [steps, 6, n]."""

    rows: np.ndarray
    status: int
    gone: int
    coherence: np.ndarray


def density_run(
    point: Point,
    tables: Tables,
    start: str,
    rtol: float,
    end: float,
    factors: tuple[float, float, float, float] = FACTORS,
) -> DensityRun:
    """Integrate to T_gamma = end in MeV, or to the end of weak reactions once the boson is gone.

    point: with three classes, one for each flavour. factors: see FACTORS, for tests.
    """
    g = tables.grid
    n, k = g.y.size, g.q.size
    nu = COMPONENTS * n
    m = nu + k + 2
    z = np.zeros(m)
    table = potential_table(g.equal, k, n > g.equal)
    work = density_work(g, point._replace(width_unit=0.0), point.width_unit, table, factors)
    solver = integrate.solver_arrays(m)
    rows = np.empty((integrate.MAX_STEPS, m + 2))
    if point.mass > 0.0 and start == "zero":
        z[nu : nu + k] = -np.expm1(g.q) / np.expm1(np.hypot(g.q, point.mass / point.start))
    status, steps, gone = integrate.evolve(z, point, tables, rtol, 1e-4, end, rows, work, solver)
    kept = [rows[: steps + 1].copy()]
    if gone:
        z[nu : nu + k] = 0.0
        if log(point.start) + z[m - 2] - z[m - 1] > log(WEAK_END):
            free = point._replace(mass=0.0)
            status, more, _ = integrate.evolve(z, free, tables, rtol, 1e-3, WEAK_END, rows, work, solver)
            kept.append(rows[1 : more + 1].copy())
    gone_at = 0 if point.mass == 0.0 else len(kept[0]) if gone else -1
    found = np.concatenate(kept)
    off = found[:, 2 + 3 * n : 2 + nu].reshape(-1, 6, n) / (1 + np.exp(g.y))
    return DensityRun(np.concatenate([found[:, : 2 + 3 * n], found[:, 2 + nu :]], axis=1), status, gone_at, off)
