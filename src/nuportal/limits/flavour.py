"""Flavour-changing couplings of quarks whose generations carry different charges; mixing in the down sector (V_CKM).

In the mass basis the left-handed down quarks couple with g_ij = sum_k c_k V_ki^* V_kj; c_k differences alone count, so
kinetic mixing drops out. If the mixing sits in the up sector instead, all of this vanishes (ghosh2023 section 5).
"""

from math import pi, sqrt
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import G_F, HBAR_C_CM, HBAR_S
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.limits.recast.branching import total, widths
from nuportal.models import Couplings

Positive = Annotated[float, Field(gt=0)]
GENERATION = {"d": 0, "s": 1, "b": 2}


class Wolfenstein(BaseModel):
    """Parameters of the CKM matrix."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lambda_: Annotated[float, Field(alias="lambda")]
    a: float
    rho: float
    eta: float


class MassDifference(BaseModel):
    """Largest ratio to the Standard Model; `loop` is its contact coupling in units of 4 sqrt2 G_F (V_tb V_ts^*)^2.

    resonance: masses (MeV) of the mediator for which the exchange is resonant, so that nothing is said.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    largest_ratio: Annotated[float, Field(gt=1)]
    loop: Positive
    running: Positive
    resonance: tuple[Positive, Positive]


class TwoBodyDecay(BaseModel):
    """P -> P' Z' with Z' unseen: masses in MeV, lifetime in s, and windows [low, high] of the mass with the limit.

    momentum: typical momentum of Z' in the laboratory, MeV; length: path in m over which its decay would be seen.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    parent: Positive
    daughter: Positive
    lifetime: Positive
    form_factor: Positive
    quarks: tuple[Literal["d", "s", "b"], Literal["d", "s", "b"]]
    branching_ratio: Positive
    windows: tuple[tuple[float, float], ...]
    momentum: Positive
    length: Positive
    ckm: Wolfenstein


def ckm(parameters: Wolfenstein) -> np.ndarray:
    """Return the CKM matrix (rows u, c, t) to all orders from `Wolfenstein` parameters."""
    s12 = parameters.lambda_
    s23 = parameters.a * s12**2
    s13 = parameters.a * s12**3 * (parameters.rho + 1j * parameters.eta)  # s13 e^{i delta}
    c12, c23, c13 = (sqrt(1 - abs(s) ** 2) for s in (s12, s23, s13))
    low = np.conj(s13)
    return np.array(
        [
            [c12 * c13, s12 * c13, low],
            [-s12 * c23 - c12 * s23 * s13, c12 * c23 - s12 * s23 * s13, s23 * c13],
            [s12 * s23 - c12 * c23 * s13, -c12 * s23 - s12 * c23 * s13, c23 * c13],
        ]
    )


def changing(couplings: Couplings, quarks: tuple[str, str], matrix: np.ndarray) -> np.ndarray:
    """Return |g_ij| of two down quarks, array as the couplings."""
    i, j = (GENERATION[q] for q in quarks)
    first = np.asarray(couplings.c_d[0])
    pairs = [(np.asarray(couplings.c_d[k]) - first) * np.conj(matrix[k, i]) * matrix[k, j] for k in (1, 2)]
    return np.abs(pairs[0] + pairs[1])


class BsMixing(Limit):
    """Delta M_s: tree exchange adds to the box diagram.

    Delta M/Delta M_SM = |1 + running (c_b - c_s)^2/(4 sqrt2 G_F M^2 loop)| (1712.06572): (V_tb V_ts^*)^2 cancels.
    The contact form is continued below the B_s mass, where the longitudinal mode gives g/M again with another factor
    (0.6 of the amplitude: docs/physics/limits_flavour.md).
    """

    Measurement = MassDifference
    measurement: MassDifference

    def why_not(self, ray: Ray) -> str | None:
        """Return whether second and third generation are alike, or the exchange is resonant."""
        if not _differ(ray.ends, 1, 2):
            return "quarks of the second and third generation couple alike"
        low, high = self.measurement.resonance
        return "the mass is too close to that of the B_s" if low < ray.mass < high else None

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the relative change over the largest one."""
        seen, couplings = self.measurement, ray.couplings(y)
        difference = np.asarray(couplings.c_d[2]) - np.asarray(couplings.c_d[1])
        change = seen.running * difference**2 / (4 * sqrt(2) * G_F * ray.mass**2 * seen.loop)
        return change / (seen.largest_ratio - 1)


class MesonDecay(Limit):
    """Gamma(P -> P' Z') = (g_ij/2)^2 f_+^2 lambda^(3/2)/(16 pi m_P^3 M^2), where Z' decays unseen or far away."""

    Measurement = TwoBodyDecay
    measurement: TwoBodyDecay

    def why_not(self, ray: Ray) -> str | None:
        """Return whether the quarks couple alike, or the mass is outside the windows."""
        seen = self.measurement
        if not np.any(changing(ray.ends, seen.quarks, ckm(seen.ckm))):
            return "the quarks couple alike"
        if not any(low <= ray.mass <= high for low, high in seen.windows):
            return "the mass lies outside the search windows"
        return None

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the branching ratio over the largest one."""
        seen, couplings = self.measurement, ray.couplings(y)
        m, d, z = seen.parent**2, seen.daughter**2, ray.mass**2
        kallen = max(m * m + d * d + z * z - 2 * (m * d + m * z + d * z), 0.0)
        coupling = changing(couplings, seen.quarks, ckm(seen.ckm)) / 2
        width = coupling**2 * seen.form_factor**2 * kallen**1.5 / (16 * pi * seen.parent**3 * z)
        return width * seen.lifetime / HBAR_S * self._unseen(ray.on_shell(y)) / seen.branching_ratio

    def _unseen(self, couplings: Couplings) -> np.ndarray:
        """Fraction of Z' that decay into neutrinos or beyond the detector."""
        of = widths(couplings)
        whole = total(of)
        visible = np.divide(whole - of["neutrinos"], whole, out=np.zeros_like(whole), where=whole > 0)
        per_metre = couplings.mass * whole / (self.measurement.momentum * HBAR_C_CM) * 100
        return 1 + visible * np.expm1(-self.measurement.length * per_metre)


def _differ(couplings: Couplings, i: int, j: int) -> bool:
    return not np.isclose(float(couplings.c_d[i]), float(couplings.c_d[j]), rtol=1e-9, atol=0)
