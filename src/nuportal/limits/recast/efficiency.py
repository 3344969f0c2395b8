"""How often a decay is seen, as a function of the width: prompt, behind a shield, or outside the detector."""

from math import exp, log

import numpy as np

from nuportal.constants import HBAR_C_CM, HBAR_S


def prompt(width: np.ndarray, length: float | None, boost: float) -> np.ndarray:
    """Return the share that decays within `length` (m; None: any) at gamma beta = boost; width in MeV."""
    if length is None:
        return np.ones_like(width)
    return -np.expm1(-_flights(width, length, boost))


def within(width: np.ndarray, proper_time: float) -> np.ndarray:
    """Return the share that decays within `proper_time` (ps); width in MeV."""
    return -np.expm1(-np.asarray(width) * proper_time * 1e-12 / HBAR_S)


def outside(width: np.ndarray, length: float, boost: float) -> np.ndarray:
    """Return the share that decays behind `length` (m)."""
    return np.exp(-_flights(width, length, boost))


def behind_shield(z: np.ndarray, ratio: float) -> np.ndarray:
    """Return exp(-z) - exp(-k z), k = 1 + ratio: decays between shield and end of the decay volume.

    z: length of the shield in decay lengths; ratio: length of the volume over that of the shield.
    """
    return np.exp(-z) * -np.expm1(-ratio * np.asarray(z))


def shield_depth(ratio_squared: float, ratio: float) -> float:
    """Return z at the weak end of an excluded interval [g_l, g_u] that sees equal yields at both ends.

    The yield is proportional to g^2 times `behind_shield`, z to g^2; ratio_squared = (g_u/g_l)^2 > 1. Where the ends
    meet, z is where the yield is largest (1801.04847 eq. 2.24).
    """
    from scipy.optimize import brentq

    def log_yield(t: float) -> float:
        z = exp(t)
        return t - z + log(-np.expm1(-ratio * z))

    if ratio_squared < 1 + 1e-9:

        def slope(t: float) -> float:
            return log_yield(t + 1e-4) - log_yield(t - 1e-4)

        return exp(brentq(slope, -12.0, 4.0))
    step = log(ratio_squared)

    def gap(t: float) -> float:
        return log_yield(t) - log_yield(t + step)

    return exp(brentq(gap, -60.0, 4.0, xtol=1e-13))


def _flights(width: np.ndarray, length: float, boost: float) -> np.ndarray:
    """Length over decay length."""
    return np.asarray(width) * length * 100 / (HBAR_C_CM * boost)
