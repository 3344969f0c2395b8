"""Kinetic mixing of the Z' with the photon: given as a number, as "-g/70", or computed from the lepton loops."""

import cmath
import re
from math import pi

import numpy as np

from nuportal.constants import CHARGED_LEPTON_MASSES, E_CHARGE
from nuportal.errors import ParameterError
from nuportal.units import number

_RATIO = re.compile(r"\s*([+-]?)\s*g(?:_?x)?\s*/\s*(\d+\.?\d*(?:e[+-]?\d+)?)\s*", re.IGNORECASE)


def parse_epsilon(
    epsilon: float | str,
    g: float,
    lepton_charges: tuple[float, float, float],
    cutoff: float | None = None,
    q2: float = 0.0,
) -> float:
    """Return the signed mixing epsilon from a number, "-g/70" (any sign and divisor), or "loop" (`loop_mixing`)."""
    if isinstance(epsilon, str):
        if epsilon.strip().casefold() == "loop":
            return loop_mixing(lepton_charges, g, cutoff=cutoff, q2=q2)
        ratio = _RATIO.fullmatch(epsilon)
        if ratio is not None and float(ratio.group(2)) > 0:
            return (-g if ratio.group(1) == "-" else g) / float(ratio.group(2))
        try:
            epsilon = float(epsilon)
        except ValueError:
            raise ParameterError(
                f"epsilon = '{epsilon}' is not allowed: give a number, '-g/70' (any sign and divisor) or 'loop'"
            ) from None
    value = number(epsilon, "epsilon")
    if abs(value) > 1:
        raise ParameterError(f"epsilon = {value:g} is not allowed: kinetic mixing must lie between -1 and 1")
    return value


def loop_mixing(
    lepton_charges: tuple[float, float, float], g: float, *, cutoff: float | None = None, q2: float = 0.0
) -> float:
    """Return the one-loop kinetic mixing from the three charged leptons at momentum transfer q2 (MeV^2, <= 4 m_e^2).

    epsilon = -(e g/2 pi^2) sum_l X_l int_0^1 dx x(1-x) ln[cutoff^2/(m_l^2 - x(1-x) q2)] (ghosh2023 eq. 13 with the
    sign and the factor e of the Lagrangian c_f = g X_f - epsilon e q_f). If sum_l X_l = 0 the cutoff drops out and
    L_mu-L_tau gives -g/69.3; otherwise `cutoff` (MeV) is the scale at which epsilon vanishes and must be given.
    Quark loops belong to the scale-dependent remainder and are not included.
    """
    if sum(lepton_charges) != 0 and cutoff is None:
        raise ParameterError(
            "epsilon = 'loop' is scale dependent for these charges (sum of lepton charges = "
            f"{sum(lepton_charges):g}): give cutoff, the scale at which the mixing vanishes, e.g. '100 GeV'"
        )
    if q2 > 4 * min(CHARGED_LEPTON_MASSES) ** 2:
        raise ParameterError(f"q2 = {q2:g} MeV^2 is not allowed: the loop is real only below 4 m_e^2")
    return mixing_at(lepton_charges, g, q2, cutoff=cutoff).real


def mixing_at(
    lepton_charges: tuple[float, float, float], g: float, q2: float, *, cutoff: float | None = None
) -> complex:
    """Return the one-loop kinetic mixing at any momentum transfer q2 (MeV^2): complex where leptons are on shell.

    epsilon = -(e g/12 pi^2) sum_l X_l [ln(cutoff^2/m_l^2) - `loop_function`(q2/m_l^2)], the integral of `loop_mixing`
    done; a boson on its shell has q2 = M^2 (2006.11225 eq. 7 has the magnitude). `cutoff` drops out of
    L_i - L_j and is needed otherwise.
    """
    scale2 = cutoff**2 if cutoff is not None else 1.0
    total = sum(
        charge * (np.log(scale2 / mass**2) - loop_function(q2 / mass**2))
        for charge, mass in zip(lepton_charges, CHARGED_LEPTON_MASSES, strict=True)
    )
    return complex(-E_CHARGE * g / (12 * pi**2) * total)


def loop_function(t: float) -> complex:
    """Return int_0^1 dx 6 x(1-x) ln[1 - x(1-x)(t + i0)], t = q^2/m^2.

    Closed form: -5/3 - r + (1 + r/2) s ln[(s + 1)/(s - 1)] with r = 4/t, s = sqrt(1 - r); a series below |t| = 0.05.
    """
    if abs(t) < 0.05:
        return complex(-t / 5 - 3 * t**2 / 140 - t**3 / 315 - t**4 / 1848 - 6 * t**5 / 60060)
    r = 4 / complex(t)
    s = cmath.sqrt(1 - r)
    if 0 < r.real < 1:  # t above threshold lies on the upper side of the cut
        return -5 / 3 - r + (1 + r / 2) * s * (cmath.log((1 + s) / (1 - s)) - 1j * pi)
    return complex((-5 / 3 - r + (1 + r / 2) * s * cmath.log((s + 1) / (s - 1))).real)
