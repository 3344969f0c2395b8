"""Light mediators with free electron and neutrino couplings: a vector (ibe2020 eq. 1) and a scalar."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

from nuportal.errors import ParameterError, unknown_name
from nuportal.models.base import FLAVOURS, Couplings
from nuportal.models.declaration import MASS, Choice, Combination, Declaration, Parameter, declare
from nuportal.models.portal import Portal
from nuportal.models.u1x import MAX_COUPLING
from nuportal.units import Quantity

NeutrinoFlavour = Literal["e", "mu", "tau", "universal"]


def neutrino_couplings(g_nu: float, flavour: str) -> tuple[float, float, float]:
    """Return (c_nu_e, c_nu_mu, c_nu_tau) for one flavour or for all three alike."""
    if flavour not in get_args(NeutrinoFlavour):
        raise unknown_name("neutrino flavour", str(flavour), get_args(NeutrinoFlavour))
    a, b, c = (g_nu if flavour in (f, "universal") else 0.0 for f in FLAVOURS)
    return (a, b, c)


_G_E = Parameter("g_e", r"$g_e$", "1e-14:1e-4", help="Coupling to electrons.", signed=True, largest=MAX_COUPLING)
_G_NU = replace(_G_E, name="g_nu", symbol=r"$g_\nu$", help="Coupling to neutrinos.")
_BOTH = ("g_e", "g_nu")
_TOGETHER = (
    Combination(Parameter("g", r"$g$", "1e-12:1e-4", help="Gauge coupling; of vector and scalar g_e = g_nu."), _BOTH),
    Combination(Parameter("product", r"$g_e g_\nu$", "1e-24:1e-8", help="Product of the couplings."), _BOTH, 0.5),
)
FLAVOUR = Choice("flavour", get_args(NeutrinoFlavour), "Neutrino flavour that couples: e, mu, tau or universal.")


class _Mediator(Portal):
    mass: float
    g_e: float
    g_nu: float
    flavour: NeutrinoFlavour

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.g_e == 0 and self.g_nu == 0:
            raise ParameterError("g_e = g_nu = 0: the mediator couples to nothing")


@declare(Declaration("vector", "vector mediator", "vector", (MASS, _G_E, _G_NU), _TOGETHER, (FLAVOUR,), scaled=_BOTH))
@dataclass(frozen=True)
class VectorMediator(_Mediator):
    """A vector with L = g_nu Z'_mu nu_L^dag sigma^mu nu_L + g_e Z'_mu ebar gamma^mu e.

    Parameters
    ----------
    mass : str or float
        Mass with unit, or in MeV; zero is the massless limit.
    g_e, g_nu : float
        Couplings to electrons and neutrinos, signs kept.
    flavour : {"e", "mu", "tau", "universal"}
        The neutrino that couples.

    Raises
    ------
    UnitError, ParameterError, UnknownNameError
        If a value cannot be read or lies outside what is allowed, or if both couplings are zero.

    Notes
    -----
    ibe2020 eq. 1; as there, one flavour couples by default.

    Examples
    --------
    >>> import nuportal as nup
    >>> print(f"{nup.VectorMediator('100 eV', g_e=1e-7, g_nu=1e-10).couplings.width:.2e} MeV")
    1.33e-26 MeV
    """

    mass: Quantity
    g_e: float = 0.0
    g_nu: float = 0.0
    flavour: NeutrinoFlavour = "e"

    @property
    def couplings(self) -> Couplings:
        """The couplings every process reads."""
        return Couplings(float(self.mass), c_e=self.g_e, c_nu=neutrino_couplings(self.g_nu, self.flavour), spin=1)


@declare(
    Declaration(
        "scalar",
        "scalar mediator",
        "scalar",
        (replace(MASS, symbol=r"$m_\phi$"), _G_E, _G_NU),
        _TOGETHER,
        (FLAVOUR,),
        scaled=_BOTH,
    )
)
@dataclass(frozen=True)
class ScalarMediator(_Mediator):
    """A real scalar with L = g_e phi ebar e + (g_nu/2) phi (nu nu + h.c.) for left-handed (Majorana) neutrinos.

    Parameters
    ----------
    mass : str or float
        Mass with unit, or in MeV; zero is the massless limit.
    g_e, g_nu : float
        Couplings to electrons and neutrinos, signs kept.
    flavour : {"e", "mu", "tau", "universal"}
        The neutrino that couples.

    Raises
    ------
    UnitError, ParameterError, UnknownNameError
        If a value cannot be read or lies outside what is allowed, or if both couplings are zero.

    Notes
    -----
    ibe2020 eq. 29 and section V; docs/physics/fluid_collisions.md.
    """

    mass: Quantity
    g_e: float = 0.0
    g_nu: float = 0.0
    flavour: NeutrinoFlavour = "e"

    @property
    def couplings(self) -> Couplings:
        """The couplings every process reads."""
        return Couplings(float(self.mass), c_e=self.g_e, c_nu=neutrino_couplings(self.g_nu, self.flavour), spin=0)
