"""Light mediators with free couplings to electrons and neutrinos (ibe2020 eq. 1); a scalar couples to nucleons too."""

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
_G_N = replace(_G_E, name="g_n", symbol="$g_n$", help="Coupling to protons and neutrons (scalar).", value=0.0)
_BOTH = ("g_e", "g_nu")
_TOGETHER = (
    Combination(Parameter("g", r"$g$", "1e-12:1e-4", help="Gauge coupling; of vector and scalar g_e = g_nu."), _BOTH),
    Combination(Parameter("product", r"$g_e g_\nu$", "1e-24:1e-8", help="Product of the couplings."), _BOTH, 0.5),
)
_NUCLEAR = Combination(
    Parameter("nuclear_product", r"$g_n g_\nu$", "1e-24:1e-4", help="Product that nuclear recoils measure (scalar)."),
    ("g_n", "g_nu"),
    0.5,
)
FLAVOUR = Choice("flavour", get_args(NeutrinoFlavour), "Neutrino flavour that couples: e, mu, tau or universal.")


@dataclass(frozen=True)
class _Mediator(Portal):
    mass: Quantity
    g_e: float = 0.0
    g_nu: float = 0.0
    flavour: NeutrinoFlavour = "e"

    def __post_init__(self) -> None:
        super().__post_init__()
        names = [p.name for p in self.declared.parameters if not p.is_mass]
        if not any(getattr(self, name) for name in names):
            raise ParameterError(f"{' = '.join(names)} = 0: the mediator couples to nothing")


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

    @property
    def couplings(self) -> Couplings:
        """The couplings every process reads."""
        return Couplings(float(self.mass), c_e=self.g_e, c_nu=neutrino_couplings(self.g_nu, self.flavour), spin=1)


@declare(
    Declaration(
        "scalar",
        "scalar mediator",
        "scalar",
        (replace(MASS, symbol=r"$m_\phi$"), _G_E, _G_NU, _G_N),
        (*_TOGETHER, _NUCLEAR),
        (FLAVOUR,),
        scaled=("g_e", "g_n", "g_nu"),
    )
)
@dataclass(frozen=True)
class ScalarMediator(_Mediator):
    """A real scalar with L = g_e phi ebar e + g_n phi (pbar p + nbar n) + (g_nu/2) phi (nu nu + h.c.).

    Neutrinos are left-handed (Majorana).

    Parameters
    ----------
    mass : str or float
        Mass with unit, or in MeV; zero is the massless limit.
    g_e, g_nu : float
        Couplings to electrons and neutrinos, signs kept.
    flavour : {"e", "mu", "tau", "universal"}
        The neutrino that couples.
    g_n : float
        Coupling to nucleons; of couplings to quarks it is the sum of g_q f_q m_N/m_q, f_q being the share of the
        nucleon's mass. Nucleons are too rare in the early universe to change N_eff.

    Raises
    ------
    UnitError, ParameterError, UnknownNameError
        If a value cannot be read or lies outside what is allowed, or if all couplings are zero.

    Notes
    -----
    ibe2020 eq. 29 and section V; docs/physics/fluid_collisions.md.
    """

    g_n: float = 0.0

    @property
    def couplings(self) -> Couplings:
        """The couplings every process reads."""
        c_nu = neutrino_couplings(self.g_nu, self.flavour)
        return Couplings(float(self.mass), c_e=self.g_e, c_nu=c_nu, spin=0, c_nucleon=(self.g_n, self.g_n))
