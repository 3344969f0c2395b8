"""A hidden neutrino N reached from an active one through a Z' that mixes kinetically with the photon (bally2020)."""

from dataclasses import dataclass
from math import sqrt

from nuportal.constants import E_CHARGE, SIN2_THETA_W
from nuportal.errors import ParameterError, UnknownNameError
from nuportal.models.u1x import MAX_COUPLING
from nuportal.units import Quantity, energy, number, positive

CONVENTIONS = ("with-e", "as-printed")


@dataclass(frozen=True)
class HiddenNeutrino:
    """L = mixing g Z'_mu Nbar gamma^mu nu_L + chi c_W Z'_mu J_em^mu (bally2020 eq. 1).

    mass, n_mass: Z' and N masses (string with unit, or MeV; zero allowed). g: gauge coupling g_X. mixing: the
    active-hidden angle (epsilon in the paper). chi: kinetic mixing with hypercharge.
    convention: "with-e" (default: J_em carries the charge e, so the electron couples with chi c_W e) or "as-printed"
    (bally2020 eq. 2, where e^2 is missing). Raises UnitError, ParameterError, UnknownNameError.
    """

    mass: Quantity = 0.0
    g: float = 1.0
    mixing: float = 0.0
    chi: float = 0.0
    n_mass: Quantity = 0.0
    convention: str = "with-e"

    def __post_init__(self):
        set_ = object.__setattr__
        set_(self, "mass", energy(self.mass, "mass", allow_zero=True))
        set_(self, "n_mass", energy(self.n_mass, "n_mass", allow_zero=True))
        for name in ("g", "mixing", "chi"):
            set_(self, name, positive(number(getattr(self, name), name), name, allow_zero=True))
        if self.g > MAX_COUPLING:
            raise ParameterError(f"g = {self.g:g} is not allowed: it must stay below sqrt(4 pi) = 3.54")
        for name in ("mixing", "chi"):
            if getattr(self, name) > 1:
                raise ParameterError(f"{name} = {getattr(self, name):g} is not allowed: it must lie between 0 and 1")
        if self.convention not in CONVENTIONS:
            raise UnknownNameError(f"unknown convention '{self.convention}'; known: {', '.join(CONVENTIONS)}")

    @property
    def label(self) -> str:
        """Short name for titles and files."""
        return "hidden neutrino"

    @property
    def product(self) -> float:
        """mixing * g * chi, the combination that recoils measure (bally2020 eq. 8)."""
        return self.mixing * self.g * self.chi

    @property
    def c_nu_n(self) -> float:
        """Coupling of Z' to Nbar gamma^mu nu_L."""
        return self.mixing * self.g

    @property
    def c_e(self) -> float:
        """Magnitude of the Z' coupling to electrons: chi c_W e, or chi c_W in the convention "as-printed"."""
        charge = E_CHARGE if self.convention == "with-e" else 1.0
        return self.chi * sqrt(1 - SIN2_THETA_W) * charge

    def describe(self) -> dict[str, object]:
        """Return the model as plain values, for result files."""
        return {
            "kind": "HiddenNeutrino",
            "mass_MeV": float(self.mass),
            "g": self.g,
            "mixing": self.mixing,
            "chi": self.chi,
            "n_mass_MeV": float(self.n_mass),
            "convention": self.convention,
        }
