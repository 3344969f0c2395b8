"""A hidden neutrino N reached from an active one through a Z' that mixes kinetically with the photon (bally2020)."""

from dataclasses import dataclass, replace
from math import sqrt

from nuportal.constants import E_CHARGE, SIN2_THETA_W
from nuportal.models.declaration import MASS, Choice, Combination, Declaration, Parameter, declare
from nuportal.models.portal import Portal
from nuportal.models.u1x import MAX_COUPLING
from nuportal.units import Quantity

CONVENTIONS = ("with-e", "as-printed")
_MASS = replace(MASS, value=0.0)
_MIXING = Parameter("mixing", r"$\varepsilon$", "1e-9:1", help="Active-hidden mixing.", largest=1.0)
_CHI = Parameter("chi", r"$\chi$", "1e-12:1e-2", help="Kinetic mixing of the Z' with hypercharge.", largest=1.0)
_N_MASS = Parameter(
    "n_mass", "$m_N$", "1keV:10MeV", unit="MeV", help="Mass of the hidden neutrino, with unit.", value=0.0
)
_G = Parameter("g", "$g_X$", "1e-9:1", help="Gauge coupling g_X.", value=1.0, largest=MAX_COUPLING)
_PRODUCT = Parameter("product", r"$\varepsilon g_X \chi$", "1e-21:1e-2", help="Product of the couplings.")


@declare(
    Declaration(
        "hidden-neutrino",
        "hidden neutrino",
        "hidden-neutrino",
        (_MASS, _MIXING, _CHI, _N_MASS, _G),
        (Combination(_PRODUCT, ("mixing", "g", "chi"), 1 / 3),),
        (Choice("convention", CONVENTIONS, "with-e or as-printed (hidden-neutrino)."),),
        scaled=("chi",),
    )
)
@dataclass(frozen=True)
class HiddenNeutrino(Portal):
    """A hidden neutrino N with L = mixing g Z'_mu Nbar gamma^mu nu_L + chi c_W Z'_mu J_em^mu.

    Parameters
    ----------
    mass, n_mass : str or float
        Masses of Z' and N with unit, or in MeV; zero is allowed.
    g : float
        Gauge coupling g_X.
    mixing : float
        Active-hidden mixing (epsilon in the paper).
    chi : float
        Kinetic mixing with hypercharge.
    convention : {"with-e", "as-printed"}
        With the charge e in J_em, so that electrons couple with chi c_W e; or as bally2020 eq. 2 prints it, without.

    Raises
    ------
    UnitError, ParameterError, UnknownNameError
        If a value cannot be read or lies outside what is allowed.

    Notes
    -----
    bally2020 eqs 1, 2, 8; docs/physics/recoil_cross_sections.md.

    Examples
    --------
    >>> import nuportal as nup
    >>> print(f"{nup.HiddenNeutrino(g=0.1, mixing=1e-3, chi=1e-8).product:.1e}")
    1.0e-12
    """

    mass: Quantity = 0.0
    g: float = 1.0
    mixing: float = 0.0
    chi: float = 0.0
    n_mass: Quantity = 0.0
    convention: str = "with-e"

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

    @property
    def recoil_coupling(self) -> float:
        """The product, whose square recoils are proportional to."""
        return self.product

    @property
    def effective_couplings(self) -> dict[str, float]:
        """What limits on a real Z' see of it: kinetic mixing with the photon, electrons, neutrinos.

        A mixed neutrino couples with the square of the mixing.
        """
        photon = self.chi * sqrt(1 - SIN2_THETA_W)
        return {"epsilon": photon, "electron": self.c_e, "neutrino": self.mixing**2 * self.g}

    def unit(self) -> "HiddenNeutrino":
        """Return the same model with mixing = g = chi = 1."""
        return HiddenNeutrino(self.mass, 1.0, 1.0, 1.0, self.n_mass, self.convention)
