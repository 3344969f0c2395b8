"""What is seen of a nuclear recoil: quenching to an electron-equivalent energy, and how much of it is accepted."""

from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.detectors.targets import KEV

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Selection(BaseModel):
    """Acceptance against the electron-equivalent energy E (keV).

    quenching: E = sum_k q_k T^(k+1) in MeV of the nuclear recoil T, which must increase. Acceptance: scale/(1 +
    exp(-slope (E light - centre))) - offset between low and high of E light; light: photoelectrons per keV (1: keV).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    quenching: tuple[float, ...] = (1.0,)
    light: Positive = 1.0
    low: float = 0.0
    high: float = np.inf
    scale: Positive = 1.0
    slope: float = 0.0
    centre: float = 0.0
    offset: float = 0.0

    @property
    def window(self) -> tuple[float, float]:
        """Electron-equivalent energies between which events are accepted, keV."""
        return self.low / self.light, self.high / self.light

    def acceptance(self, energy: np.ndarray) -> np.ndarray:
        """Return the acceptance at electron-equivalent energies in MeV."""
        seen = energy / KEV * self.light
        curve = (
            self.scale / (1 + np.exp(-self.slope * (seen - self.centre))) - self.offset if self.slope else self.scale
        )
        return np.where((seen >= self.low) & (seen <= self.high), np.maximum(curve, 0.0), 0.0)

    def observed_energy(self, recoil: np.ndarray) -> np.ndarray:
        """Return the electron-equivalent energy (MeV) of nuclear recoils T (MeV)."""
        return sum((q * recoil ** (k + 1) for k, q in enumerate(self.quenching)), np.zeros_like(recoil))

    def recoil_energy(self, observed_kev: np.ndarray) -> np.ndarray:
        """Return the nuclear recoil T (MeV) that is seen at electron-equivalent energies in keV."""
        from scipy.optimize import brentq

        wanted = np.asarray(observed_kev, dtype=float) * KEV
        if self.quenching == (1.0,):
            return wanted
        top = 1e-3
        while self.observed_energy(np.array(top)) < wanted.max():
            top *= 1.3

        def beyond(recoil: float, seen: float) -> float:
            return float(self.observed_energy(np.array(recoil))) - seen

        found = [brentq(beyond, 0.0, top, args=(float(seen),), xtol=1e-15) for seen in np.ravel(wanted)]
        return np.reshape(np.array(found, dtype=float), wanted.shape)
