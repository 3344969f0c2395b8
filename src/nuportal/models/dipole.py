"""An active-sterile transition dipole moment (shoemaker2020)."""

from dataclasses import dataclass

from nuportal.constants import MU_B
from nuportal.errors import ParameterError
from nuportal.models.declaration import Choice, Declaration, Parameter, declare
from nuportal.models.mediators import FLAVOUR
from nuportal.models.portal import Portal
from nuportal.units import Quantity

CONVENTIONS = ("moment", "lagrangian")


@declare(
    Declaration(
        "dipole",
        "neutrino dipole portal",
        "dipole",
        (
            Parameter("mass", "$m_4$", "10keV:100MeV", unit="MeV", help="Mass with unit, e.g. 10MeV.", aliases=("m4",)),
            Parameter("d", "$d$", "1e-13:1e-6", unit="mu_B", help="Dipole moment: in mu_B, or with unit."),
        ),
        choices=(FLAVOUR, Choice("convention", CONVENTIONS, "moment or lagrangian (dipole).")),
        scaled=("d",),
    )
)
@dataclass(frozen=True, init=False)
class DipolePortal(Portal):
    """A transition dipole moment between an active and a heavy neutrino.

    Parameters
    ----------
    mass, m4 : str or float
        Mass of the heavy neutrino with unit, or in MeV; give one of the two names.
    d : str or float
        Moment such as "2.2e-9 mu_B" or "1e-9 MeV^-1", or a number in MeV^-1.
    flavour : {"e", "mu", "tau", "universal"}
        The active neutrino; "universal" gives each the same moment.
    convention : {"moment", "lagrangian"}
        "moment" is L = (d/2) nubar sigma F N, for which shoemaker2020 eq. 2 holds as printed; "lagrangian" is
        L = d nubar sigma F N (its eq. 1), whose cross-section is 4 times larger.

    Raises
    ------
    UnitError, ParameterError, UnknownNameError
        If a value cannot be read or lies outside what is allowed.

    Notes
    -----
    shoemaker2020 eqs 1, 2; docs/physics/errata.md.

    Examples
    --------
    >>> import nuportal as nup
    >>> nup.DipolePortal(m4="640 keV", d="2.2e-9 mu_B").m4
    0.64
    """

    mass: Quantity
    d: Quantity
    flavour: str = "tau"
    convention: str = "moment"

    def __init__(
        self,
        mass: Quantity | None = None,
        d: Quantity | None = None,
        flavour: str = "tau",
        convention: str = "moment",
        *,
        m4: Quantity | None = None,
    ) -> None:
        if (mass is None) == (m4 is None):
            raise ParameterError("give the mass of the heavy neutrino once, as mass or as m4")
        if d is None:
            raise ParameterError("give the dipole moment d, such as '1e-10 mu_B'")
        given = {"mass": m4 if mass is None else mass, "d": d, "flavour": flavour, "convention": convention}
        for name, value in given.items():
            object.__setattr__(self, name, value)
        self.__post_init__()

    @property
    def m4(self) -> float:
        """Mass of the heavy neutrino in MeV."""
        return float(self.mass)

    @property
    def label(self) -> str:
        """Short name for titles and files."""
        return "dipole portal"

    @property
    def magnetic_moment(self) -> float:
        """The moment mu in MeV^-1 that enters shoemaker2020 eq. 2: d, or 2 d in the convention "lagrangian"."""
        return float(self.d) * (2.0 if self.convention == "lagrangian" else 1.0)

    @property
    def recoil_coupling(self) -> float:
        """The moment in mu_B, whose square recoils are proportional to."""
        return float(self.d) / MU_B

    @property
    def effective_couplings(self) -> dict[str, float]:
        """What limits see of it: the magnetic moment in mu_B."""
        return {"moment": self.magnetic_moment / MU_B}

    def unit(self) -> "DipolePortal":
        """Return the same portal with a moment of one mu_B."""
        return DipolePortal(self.mass, MU_B, self.flavour, self.convention)

    def describe(self) -> dict[str, object]:
        """Return the model as plain values, for result files."""
        return {**super().describe(), "d_mu_B": float(self.d) / MU_B}
