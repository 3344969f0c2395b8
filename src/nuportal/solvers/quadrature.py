"""Gauss-Legendre rules, made when first used: the eigenvalue problem of a large rule would slow every import."""

from functools import cache

import numpy as np


@cache
def gauss_legendre(order: int, length: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes and weights on [0, length]."""
    x, w = np.polynomial.legendre.leggauss(order)
    return length * (1 + x) / 2, length * w / 2
