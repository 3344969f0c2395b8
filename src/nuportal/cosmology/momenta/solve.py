"""From the couplings of a model to spectra, densities and N_eff: grid, integration, result."""

import numpy as np

from nuportal.cosmology.momenta import integrate
from nuportal.cosmology.momenta.density_run import density_run, needs_matrices
from nuportal.cosmology.momenta.dispatch import system
from nuportal.cosmology.momenta.equations import WEAK_END, flows
from nuportal.cosmology.momenta.errors import MODERATE, contact
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

#: cells of neutrinos (24 over the width of the first), nodes of the boson, tolerance of a step
RESOLUTION = {"standard": (26, 24, 1e-4), "high": (48, 36, 3e-5)}
#: the same in very fast contact with a boson above FAST_MASS, which ends, while e+e- annihilate, at momenta whose
#: rates differ by powers of ten
FAST_CONTACT = {"standard": (32, 24, 1e-4), "high": (60, 36, 3e-5)}
FAST_MASS = 0.2  # MeV
#: density matrices, on equal cells alone: strong exchange of the boson has to reach every momentum
MATRICES = {"standard": (24, 24, 1e-4), "high": (40, 40, 3e-5)}
T_RECOMBINATION = 0.26e-6  #: MeV, where N_eff is read off

tell(flows, "the equations of spectra (about 25 s)")


def solve(couplings: Couplings | None, options: MomentaOptions) -> Solution:
    """Return spectra and N_eff of a boson, or of the Standard Model (None).

    A point that failed has status != OK and neff = NaN; a boson that is matter at recombination BOSON_TODAY.
    """
    fast = couplings is not None and couplings.mass > FAST_MASS and contact(couplings) > MODERATE[1]
    nodes, boson_nodes, rtol = (FAST_CONTACT if fast else RESOLUTION)[options.accuracy]
    matrices = needs_matrices(couplings, options.flavours)
    if matrices:
        nodes, boson_nodes, rtol = MATRICES[options.accuracy]
    g = grid_of(couplings, nodes, boson_nodes, matrices)
    point = to_point(couplings, options)
    tables = tables_of(couplings, g, point)
    start = options.start if couplings is None else first_state(couplings, options.start)[0]
    if needs_matrices(couplings, options.flavours):
        run = Run(*density_run(point, tables, start, rtol, T_RECOMBINATION))
    else:
        run = _run(point, tables, start, rtol)
    return solution(run, point, tables, couplings, options)


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
