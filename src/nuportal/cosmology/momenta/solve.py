"""From the couplings of a model to spectra, densities and N_eff: grid, integration, result."""

import numpy as np

from nuportal.cosmology.momenta import integrate
from nuportal.cosmology.momenta.density_run import density_run, needs_matrices
from nuportal.cosmology.momenta.dispatch import system
from nuportal.cosmology.momenta.equations import WEAK_END, flows
from nuportal.cosmology.momenta.errors import MODERATE, SOFT_COUPLING, SOFT_MASS, contact
from nuportal.cosmology.momenta.jacobian import jacobian
from nuportal.cosmology.momenta.model import first_state, grid_of, tables_of, to_point
from nuportal.cosmology.momenta.options import MomentaOptions
from nuportal.cosmology.momenta.solution import Run, Solution, solution
from nuportal.cosmology.momenta.stages import solver_arrays
from nuportal.cosmology.momenta.state import Point, Tables, core_size, start_state, without_boson, work_arrays
from nuportal.models.base import Couplings
from nuportal.solvers.held import hold
from nuportal.solvers.notice import tell

__all__ = ["MomentaOptions", "Solution", "solve"]

#: nodes of neutrinos and boson, tolerance of a step, on equal cells
RESOLUTION = {"standard": (24, 24, 1e-4), "high": (40, 40, 3e-5)}
#: the same on growing cells (24 over the width of the first); and in very fast contact, which ends, while e+e-
#: annihilate, at momenta whose rates differ by powers of ten
GROWING = {"standard": (26, 24, 1e-4), "high": (48, 36, 3e-5)}
FAST_CONTACT = {"standard": (32, 24, 1e-4), "high": (60, 36, 3e-5)}
HEAVY = 0.2  #: MeV
T_RECOMBINATION = 0.26e-6  #: MeV, where N_eff is read off

tell(flows, "the equations of spectra (about 25 s)")


def solve(couplings: Couplings | None, options: MomentaOptions) -> Solution:
    """Return spectra and N_eff of a boson, or of the Standard Model (None).

    A point that failed has status != OK and neff = NaN; a boson that is matter at recombination BOSON_TODAY.
    """
    even = couplings is None or needs_matrices(couplings, options.flavours) or not growing(couplings)
    fast = couplings is not None and couplings.mass > HEAVY and contact(couplings) > MODERATE[1]
    nodes, boson_nodes, rtol = (RESOLUTION if even else FAST_CONTACT if fast else GROWING)[options.accuracy]
    g = grid_of(couplings, nodes, boson_nodes, even)
    point = to_point(couplings, options)
    tables = tables_of(couplings, g, point)
    start = options.start if couplings is None else first_state(couplings, options.start)[0]
    if needs_matrices(couplings, options.flavours):
        run = Run(*density_run(point, tables, start, rtol, T_RECOMBINATION))
    else:
        run = _run(point, tables, start, rtol)
    return solution(run, point, tables, couplings, options)


def growing(couplings: Couplings) -> bool:
    """Return whether growing cells take the place of equal ones, up to higher momenta.

    Contact with heavy bosons ends at their far end, and light bosons that are made in pairs while neutrinos decouple
    need the soft end of the boson's nodes. Strong exchange of other light bosons has to reach every momentum: equal
    cells, likewise with density matrices.
    """
    coupling = float(np.sum(np.array(couplings.c_nu) ** 4)) ** 0.25
    soft = couplings.mass < SOFT_MASS and SOFT_COUPLING[0] < coupling < SOFT_COUPLING[1]
    return soft or couplings.mass > HEAVY


def _run(point: Point, tables: Tables, start: str, rtol: float) -> Run:
    """Integrate from the hot start to recombination, or to the end of weak reactions once the boson is gone."""
    g, states = tables.grid, point.mixing.states.size
    work, core = work_arrays(states, point.multiplicity.size, g), core_size(states, g)
    thermal = start == "thermal"
    mass, empty = (point.mass / point.start, 0) if thermal else (0.0, point.mixing.right.size)
    z = start_state(states, g, point.start, mass, work, empty)
    held, read, scratch = hold(point), hold(tables), hold(work)
    equations = hold(system(flows, jacobian, held, read, scratch))
    solver = hold(solver_arrays(z.size, core))
    rows = np.empty((integrate.MAX_STEPS, z.size + 1))
    end = T_RECOMBINATION if point.mass > 0.0 else WEAK_END
    status, steps, gone = integrate.evolve(z, held, read, rtol, 1e-4, end, rows, equations, solver)
    kept = [rows[: steps + 1].copy()]
    if gone:
        z[states * g.y.size : core - 1] = 0.0
        if work.plasma[3] > WEAK_END:
            free = hold(without_boson(point, work.plasma[3]))
            status, more, _ = integrate.evolve(z, free, read, rtol, 1e-3, WEAK_END, rows, equations, solver)
            kept.append(rows[1 : more + 1].copy())
    gone_at = len(kept[0]) if gone or point.mass == 0.0 else -1
    return Run(np.concatenate(kept), status, 0 if point.mass == 0.0 else gone_at, float(solver.restored[0]))
