"""An active-sterile transition dipole moment (shoemaker2020)."""

from dataclasses import dataclass

from nuportal.constants import MU_B
from nuportal.errors import unknown_name
from nuportal.models.base import FLAVOURS
from nuportal.units import Quantity, energy, moment

CONVENTIONS = ("moment", "lagrangian")


@dataclass(frozen=True)
class DipolePortal:
    """A neutrino dipole portal to a sterile neutrino of mass m4.

    m4: string with unit, or MeV. d: string such as "2.2e-9 mu_B" or "1e-9 MeV^-1", or MeV^-1. flavour: the active
    flavour (or "universal": each flavour with the same d). convention: "moment" (default), L = (d/2) nubar sigma F N,
    for which shoemaker2020 eq. 2 holds as printed; "lagrangian", L = d nubar sigma F N (its eq. 1), whose
    cross-section is 4 times larger. Raises UnitError, ParameterError, UnknownNameError.
    """

    m4: Quantity
    d: Quantity
    flavour: str = "tau"
    convention: str = "moment"

    def __post_init__(self):
        set_ = object.__setattr__
        set_(self, "m4", energy(self.m4, "m4", allow_zero=True))
        set_(self, "d", moment(self.d, "d"))
        if self.flavour not in (*FLAVOURS, "universal"):
            raise unknown_name("neutrino flavour", str(self.flavour), (*FLAVOURS, "universal"))
        if self.convention not in CONVENTIONS:
            raise unknown_name("dipole convention", str(self.convention), CONVENTIONS)

    @property
    def label(self) -> str:
        """Short name for titles and files."""
        return "dipole portal"

    @property
    def magnetic_moment(self) -> float:
        """The moment mu in MeV^-1 that enters shoemaker2020 eq. 2: d, or 2 d in the convention "lagrangian"."""
        return float(self.d) * (2.0 if self.convention == "lagrangian" else 1.0)

    def describe(self) -> dict[str, object]:
        """Return the model as plain values, for result files."""
        return {
            "kind": "DipolePortal",
            "m4_MeV": float(self.m4),
            "d_MeV^-1": float(self.d),
            "d_mu_B": float(self.d) / MU_B,
            "flavour": self.flavour,
            "convention": self.convention,
        }
