# pyright: basic
"""Weak reactions of the entries of a density matrix off the diagonal, to first order in them.

A real entry ab is lost at the mean of the gain and loss rates of a and b, and comes back from other momenta,

    (d R_ab/dt)(p) = -(G_a + G_b)/2 R_ab(p) + sum_p' M_ab(p, p') R_ab(p').

With e+- M_ab has the products of the couplings of a and b where the collision term of a flavour has squares,
gL^2 + gR^2 -> gLa gLb + gRa gRb and gL gR -> (gLa gRb + gRa gLb)/2, and the mean spectrum of both. Scattering among
neutrinos is the same in every basis of flavour: an entry ab is moved like the difference of f_a and f_b, to which a
rotation turns it. Flavours mu and tau have equal couplings, for which the same holds for e+-. Imaginary entries, small
where oscillations are fast and where damping is, are only lost.
"""

import numpy as np
from numba import njit

from nuportal.cosmology.momenta.density_algebra import PAIRS
from nuportal.cosmology.momenta.equations import DERIVE
from nuportal.cosmology.momenta.reactions import weak_reactions
from nuportal.cosmology.momenta.state import Point
from nuportal.processes import weak
from nuportal.solvers.compiled import PART
from nuportal.solvers.rodas import FAST

CLASSES = 6  #: three flavours, and three pairs of them
_PAIRS = np.array(PAIRS)


def with_pairs(point: Point) -> Point:
    """Return a model whose classes are the three flavours and three pairs of flavours, for reactions with e+-."""
    left, right = weak.chiral_couplings("corrected")
    both = left + right
    shift = point.interference[:3] / both
    first, second = _PAIRS.T

    def extend(own: np.ndarray, product: np.ndarray) -> np.ndarray:
        return np.concatenate([own[:3], product])

    squares = left[first] * left[second] + right[first] * right[second]
    crossed = (left[first] * right[second] + right[first] * left[second]) / 2
    interference = (shift[first] * both[second] + shift[second] * both[first]) / 2
    return point._replace(
        weak=np.stack([extend(point.weak[0], squares), extend(point.weak[1], crossed)]),
        interference=extend(point.interference, interference),
        exchange=extend(point.exchange, shift[first] * shift[second]),
    )


@njit(**PART, fastmath=FAST)
def give_back(theta, point, t, base, w, rho, t_gamma, hubble, out):
    """Fill out [3, n, n] with M_ab over H.

    point: of `with_pairs`; base: scratch space after the collision terms of the flavours and their derivatives; w:
    scratch space of six classes; rho [n, 9]: density matrices less equilibrium.
    """
    n = base.e0.size
    for array in (w.from_plasma, w.rates):
        array[:] = 0.0
    w.class_class[:] = 0.0
    for j in range(n):
        w.e0[j] = base.e0[j]
        equilibrium = base.e0[j] / (1.0 + base.e0[j])
        for c in range(3):
            w.f[c, j], w.b[c, j], w.u[c, j] = base.f[c, j], base.b[c, j], base.u[c, j]
            a, b = _PAIRS[c, 0], _PAIRS[c, 1]
            f = 0.5 * (base.f[a, j] + base.f[b, j])
            w.f[3 + c, j], w.b[3 + c, j] = f, 1.0 - f
            w.u[3 + c, j] = max(0.5 * (rho[j, a] + rho[j, b]) / (equilibrium * (1.0 - f)), -1.0)
    weak_reactions(theta, point, t, w, t_gamma, hubble, DERIVE)
    for q in range(3):
        a, b = _PAIRS[q, 0], _PAIRS[q, 1]
        for j in range(n):
            for l in range(n):
                total = w.class_class[3 + q, j, 3 + q, l] / (w.f[3 + q, l] * w.b[3 + q, l])
                by_a, by_b = 0.5 / (w.f[a, l] * w.b[a, l]), 0.5 / (w.f[b, l] * w.b[b, l])
                total += (base.class_class[a, j, a, l] - w.class_class[a, j, a, l]) * by_a
                total += (base.class_class[b, j, b, l] - w.class_class[b, j, b, l]) * by_b
                total -= base.class_class[a, j, b, l] * by_b + base.class_class[b, j, a, l] * by_a
                out[q, j, l] = total
            # derivatives by an entry of its own loss are counted by the mean rate of the flavours
            out[q, j, j] += w.rates[3 + q, j]
            for c in (a, b):
                out[q, j, j] += 0.5 * (base.rates[c, j] - w.rates[c, j])
