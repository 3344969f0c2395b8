"""Integration with a density matrix at every momentum, from the hot start to the end."""

import numpy as np

from nuportal.cosmology.momenta import integrate
from nuportal.cosmology.momenta.density import density_work, flows, jacobian
from nuportal.cosmology.momenta.density_algebra import COMPONENTS
from nuportal.cosmology.momenta.density_potential import potential_table
from nuportal.cosmology.momenta.dispatch import system
from nuportal.cosmology.momenta.equations import WEAK_END
from nuportal.cosmology.momenta.grid import asked
from nuportal.cosmology.momenta.stages import solver_arrays
from nuportal.cosmology.momenta.state import Point, Tables, start_state, without_boson
from nuportal.models.base import Couplings
from nuportal.solvers.held import hold
from nuportal.solvers.notice import tell

#: of all frequencies, the boson's potential, weak damping off the diagonal, what is given back there
FACTORS = (1.0, 1.0, 1.0, 1.0)

tell(flows, "the equations of density matrices (about 10 s)")


def needs_matrices(couplings: Couplings | None, flavours: str) -> bool:
    """Return whether oscillating neutrinos need a density matrix: where the boson tells flavours apart.

    Equal charges are the unit matrix in every basis: states of propagation are then exact.
    """
    return couplings is not None and flavours == "oscillating" and len(set(couplings.c_nu)) > 1


def density_run(
    point: Point,
    tables: Tables,
    start: str,
    rtol: float,
    end: float,
    factors: tuple[float, float, float, float] = FACTORS,
) -> tuple[np.ndarray, int, int, float]:
    """Integrate to T_gamma = end in MeV, or to the end of weak reactions once the boson is gone.

    point: with a class for each flavour of left-handed neutrinos. factors: see FACTORS, for tests. Returns what
    `solution.Run` holds, with the diagonal of the density matrices in place of states.
    """
    g = tables.grid
    right = point.mixing.right.size
    own, matrices = 3 * g.y.size, COMPONENTS * g.y.size
    nu = matrices + right * g.y.size
    apart = point.mixing._replace(apart=True)
    free = point._replace(width_unit=point.width_unit if right else 0.0, mixing=apart)
    work = density_work(tables, free, point.width_unit, potential_table(*asked(g)), factors)
    core = work.jac.shape[0]
    thermal = start == "thermal"
    mass, empty = (point.mass / point.start, 0) if thermal else (0.0, right)
    hot = start_state(3 + right, g, point.start, mass, work.base, empty)
    z = np.concatenate([hot[:own], np.zeros(matrices - own), hot[own:]])
    held, read, scratch = hold(point), hold(tables), hold(work)
    equations = hold(system(flows, jacobian, held, read, scratch))
    solver = hold(solver_arrays(z.size, core))
    rows = np.empty((integrate.MAX_STEPS, z.size + 1))
    status, steps, gone = integrate.evolve(z, held, read, rtol, 1e-4, end, rows, equations, solver)
    kept = [rows[: steps + 1].copy()]
    if gone:
        z[nu : core - 1] = 0.0
        if work.plasma[3] > WEAK_END:
            lone = hold(without_boson(point, work.base.plasma[3]))
            status, more, _ = integrate.evolve(z, lone, read, rtol, 1e-3, WEAK_END, rows, equations, solver)
            kept.append(rows[1 : more + 1].copy())
    gone_at = 0 if point.mass == 0.0 else len(kept[0]) if gone else -1
    found = np.concatenate(kept)
    rows = np.concatenate([found[:, : 1 + own], found[:, 1 + matrices :]], axis=1)
    return rows, status, gone_at, float(solver.restored[0])
