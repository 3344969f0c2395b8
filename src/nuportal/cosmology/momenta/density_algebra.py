# pyright: basic
"""Density matrices of three flavours as nine real numbers, and products of them.

A Hermitian matrix rho = R + i J is kept as (R_ee, R_mm, R_tt, R_em, R_et, R_mt, J_em, J_et, J_mt). A real symmetric
Hamiltonian has the first six. Products are sums over the entries of a table that is made from the matrices themselves.
"""

import numpy as np
from numba import njit

from nuportal.solvers.rodas import FAST

COMPONENTS, REAL = 9, 6
PAIRS = ((0, 1), (0, 2), (1, 2))
#: the two flavours of each component
FIRST = np.array([0, 1, 2, 0, 0, 1, 0, 0, 1])
SECOND = np.array([0, 1, 2, 1, 2, 2, 1, 2, 2])


def basis() -> np.ndarray:
    """Return the matrices [9, 3, 3] whose sum with the nine numbers is the density matrix."""
    found = np.zeros((COMPONENTS, 3, 3), complex)
    for a in range(3):
        found[a, a, a] = 1.0
    for n, (a, b) in enumerate(PAIRS):
        found[3 + n, a, b] = found[3 + n, b, a] = 1.0
        found[6 + n, a, b], found[6 + n, b, a] = 1j, -1j
    return found


def components(matrix: np.ndarray) -> np.ndarray:
    """Return the nine numbers [..., 9] of Hermitian matrices [..., 3, 3]."""
    first, second = FIRST[3:6], SECOND[3:6]
    diagonal = np.einsum("...aa->...a", matrix).real
    upper = matrix[..., first, second]
    return np.concatenate([diagonal, np.real(upper), np.imag(upper)], axis=-1)


def _entries(product, left: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (result, left, right) [entries, 3] and value of product(E_left, E_right) for the basis matrices E."""
    e = basis()
    index, value = [], []
    for c in range(left):
        for d in range(COMPONENTS):
            for r, number in enumerate(components(product(e[c], e[d]))):
                if number != 0.0:
                    index.append((r, c, d))
                    value.append(number)
    return np.array(index), np.array(value)


_ANTI, _ANTI_VALUE = _entries(lambda a, b: 0.5 * (a @ b + b @ a), COMPONENTS)
_TURN, _TURN_VALUE = _entries(lambda a, b: -1j * (a @ b - b @ a), REAL)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def anticommutator(vector, out):
    """Fill out [9, 9], the map from the numbers of a matrix A to those of {vector, A}/2."""
    out[:] = 0.0
    for n in range(_ANTI.shape[0]):
        out[_ANTI[n, 0], _ANTI[n, 2]] += _ANTI_VALUE[n] * vector[_ANTI[n, 1]]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def rotation(hamiltonian, out):
    """Fill out [9, 9], the map from the numbers of a matrix A to those of -i [hamiltonian, A]; hamiltonian [6]."""
    out[:] = 0.0
    for n in range(_TURN.shape[0]):
        out[_TURN[n, 0], _TURN[n, 2]] += _TURN_VALUE[n] * hamiltonian[_TURN[n, 1]]
