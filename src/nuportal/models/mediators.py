"""Light mediators with free electron and neutrino couplings: a vector (ibe2020 eq. 1) and a scalar."""

from dataclasses import dataclass
from typing import Literal, get_args

from nuportal.errors import ParameterError, unknown_name
from nuportal.models.base import FLAVOURS, Couplings
from nuportal.models.u1x import MAX_COUPLING
from nuportal.units import Quantity, energy, number

NeutrinoFlavour = Literal["e", "mu", "tau", "universal"]


def neutrino_couplings(g_nu: float, flavour: str) -> tuple[float, float, float]:
    """Return (c_nu_e, c_nu_mu, c_nu_tau) for one flavour or for all three alike."""
    if flavour not in get_args(NeutrinoFlavour):
        raise unknown_name("neutrino flavour", str(flavour), get_args(NeutrinoFlavour))
    a, b, c = (g_nu if flavour in (f, "universal") else 0.0 for f in FLAVOURS)
    return (a, b, c)


@dataclass(frozen=True)
class _Mediator:
    mass: Quantity
    g_e: float = 0.0
    g_nu: float = 0.0
    flavour: NeutrinoFlavour = "e"

    def __post_init__(self):
        set_ = object.__setattr__
        set_(self, "mass", energy(self.mass, "mass", allow_zero=True))
        for name in ("g_e", "g_nu"):
            value = number(getattr(self, name), name)
            if abs(value) > MAX_COUPLING:
                raise ParameterError(f"{name} = {value:g} is not allowed: couplings must stay below sqrt(4 pi) = 3.54")
            set_(self, name, value)
        neutrino_couplings(self.g_nu, self.flavour)
        if self.g_e == 0 and self.g_nu == 0:
            raise ParameterError("g_e = g_nu = 0: the mediator couples to nothing")

    def describe(self) -> dict[str, object]:
        """Return the model as plain values, for result files."""
        return {
            "kind": type(self).__name__,
            "mass_MeV": float(self.mass),
            "g_e": self.g_e,
            "g_nu": self.g_nu,
            "flavour": self.flavour,
        }


@dataclass(frozen=True)
class VectorMediator(_Mediator):
    """A vector with L = g_nu Z'_mu nu_L^dag sigma^mu nu_L + g_e Z'_mu ebar gamma^mu e (ibe2020 eq. 1).

    mass: string with unit, or MeV; zero is the massless limit. flavour: the neutrino flavour that couples ("e" by
    default, as ibe2020 couples one), or "universal". Raises UnitError, ParameterError, UnknownNameError.
    """

    @property
    def label(self) -> str:
        """Short name for titles and files."""
        return "vector"

    @property
    def couplings(self) -> Couplings:
        """The couplings every process reads."""
        return Couplings(float(self.mass), c_e=self.g_e, c_nu=neutrino_couplings(self.g_nu, self.flavour), spin=1)


@dataclass(frozen=True)
class ScalarMediator(_Mediator):
    """A real scalar with L = g_e phi ebar e + (g_nu/2) phi (nu nu + h.c.) for left-handed (Majorana) neutrinos.

    Arguments and errors as `VectorMediator`.
    """

    @property
    def label(self) -> str:
        """Short name for titles and files."""
        return "scalar"

    @property
    def couplings(self) -> Couplings:
        """The couplings every process reads."""
        return Couplings(float(self.mass), c_e=self.g_e, c_nu=neutrino_couplings(self.g_nu, self.flavour), spin=0)
