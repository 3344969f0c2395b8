# pyright: basic
"""What the integrator knows of the equations: arrays of their scratch space, and where their functions are.

Steps are compiled once, for spectra and for density matrices alike; right-hand side and Jacobian are called by address.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit, types

from nuportal.solvers.addresses import address, call
from nuportal.solvers.compiled import PART
from nuportal.solvers.held import Held


class System(NamedTuple):
    """Addresses of functions and scratch space, and the arrays of it that steps read (state.py)."""

    flows: int
    jacobian: int
    scratch: int
    delta: np.ndarray
    slope: np.ndarray
    f: np.ndarray
    numbers: np.ndarray
    energy: np.ndarray
    fz: np.ndarray
    far: np.ndarray
    far_z: np.ndarray
    begins: np.ndarray
    plasma: np.ndarray
    scale: np.ndarray
    dot: np.ndarray
    jac: np.ndarray


STATE = types.float64[::1]


def system(flows: Any, jacobian: Any, point: Held, tables: Held, work: Held) -> System:
    """Return the equations of these functions for `integrate`, for as long as `work` lives."""
    arguments = (STATE, point.type, tables.type, work.type)
    found = address(flows, (*arguments, types.boolean)), address(jacobian, arguments)
    return System(*found, work.address, *(getattr(work, name) for name in System._fields[3:]))


@njit(**PART)
def flows(z, point, t, w, derive):
    """Fill dz/dx in w.dot, and derivatives of the collision terms if asked; return H."""
    return call(w.flows, (z, point, t, w.scratch, derive))


@njit(**PART)
def jacobian(z, point, t, w):
    """Fill w.jac after `flows` with derivatives; return H."""
    return call(w.jacobian, (z, point, t, w.scratch))
