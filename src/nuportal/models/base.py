"""The one view of a model that every process reads: signed couplings of a light mediator to each fermion."""

from dataclasses import dataclass
from math import isfinite, pi
from typing import Any, Protocol, cast

import numpy as np

from nuportal.constants import CHARGED_LEPTON_MASSES
from nuportal.errors import ParameterError
from nuportal.shown import Tabled
from nuportal.units import converted

FLAVOURS = ("e", "mu", "tau")


@dataclass(frozen=True)
class Couplings(Tabled):
    """Couplings of L = Z'_mu sum_f c_f fbar gamma^mu f (spin 1) or phi sum_f c_f fbar f (spin 0), signs kept.

    Parameters
    ----------
    mass : float
        Mass in MeV.
    c_e, c_mu, c_tau : float
        Charged leptons. All couplings are numbers, not divided by g; along a ray they are arrays.
    c_nu : tuple of 3 float
        Left-handed neutrinos e, mu, tau.
    c_u, c_d : tuple of 3 float
        Up- and down-type quarks of each generation (spin 1).
    spin : {0, 1}
        Of the mediator.
    c_nucleon : tuple of 2 float
        Proton and neutron (spin 0, whose couplings to nucleons do not follow from those to quarks by a conserved
        current).
    c_nu_right : tuple of 3 float
        Light right-handed neutrinos (spin 1), the partners of e, mu, tau; zero where there are none.

    Raises
    ------
    ParameterError
        If a number is not finite, a mass is negative, or a coupling does not belong to this spin.

    Notes
    -----
    docs/physics/conventions.md.
    """

    mass: float
    c_e: float = 0.0
    c_mu: float = 0.0
    c_tau: float = 0.0
    c_nu: tuple[float, float, float] = (0.0, 0.0, 0.0)
    c_u: tuple[float, float, float] = (0.0, 0.0, 0.0)
    c_d: tuple[float, float, float] = (0.0, 0.0, 0.0)
    spin: int = 1
    c_nucleon: tuple[float, float] = (0.0, 0.0)
    c_nu_right: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mass", converted(self.mass, "mass", ("MeV",)))
        if self.spin not in (0, 1):
            raise ParameterError(f"spin = {self.spin!r} is not allowed: it must be 0 or 1")
        for name in ("mass", "c_e", "c_mu", "c_tau", "c_nu", "c_u", "c_d", "c_nucleon", "c_nu_right"):
            value: Any = getattr(self, name)
            try:
                parts = cast("tuple[float, ...]", value) if isinstance(value, tuple) else (value,)
                finite = all(_finite(part) for part in parts)
            except TypeError:
                raise ParameterError(f"{name} = {value!r} is not a number") from None
            if not finite or (name == "mass" and np.any(np.asarray(self.mass) < 0)):
                raise ParameterError(f"{name} = {value!r} is not allowed: it must be finite, a mass not negative")
            if name in ("c_nu", "c_u", "c_d", "c_nu_right") and len(parts) != 3:
                raise ParameterError(f"{name} = {value!r} is not allowed: give a tuple of three generations")
            if name == "c_nucleon" and len(parts) != 2:
                raise ParameterError(f"c_nucleon = {value!r} is not allowed: give a tuple of proton and neutron")
        foreign = (*self.c_u, *self.c_d, *self.c_nu_right) if self.spin == 0 else self.c_nucleon
        if any(part != 0 if isinstance(part, float | int) else np.any(part) for part in foreign):
            raise ParameterError("give c_u, c_d and c_nu_right of a vector (spin 1), c_nucleon of a scalar (spin 0)")

    @property
    def c_leptons(self) -> tuple[float, float, float]:
        """Charged-lepton couplings in the order e, mu, tau."""
        return (self.c_e, self.c_mu, self.c_tau)

    @property
    def c_p(self) -> float:
        """Coupling of the proton: of a vector 2 c_u + c_d (conserved vector current)."""
        return 2 * self.c_u[0] + self.c_d[0] if self.spin == 1 else self.c_nucleon[0]

    @property
    def c_n(self) -> float:
        """Coupling of the neutron: of a vector c_u + 2 c_d (conserved vector current)."""
        return self.c_u[0] + 2 * self.c_d[0] if self.spin == 1 else self.c_nucleon[1]

    def partial_widths(self) -> dict[str, float]:
        """Return the tree-level leptonic widths in MeV: keys e, mu, tau, nu_e, nu_mu, nu_tau.

        Where there are light right-handed neutrinos, nu_R_e, nu_R_mu, nu_R_tau too, alike.

        Spin 1: Gamma(ll) = c^2 M/(12 pi) (1 + 2 r^2) sqrt(1 - 4 r^2), r = m_l/M; Gamma(nu nubar) = c^2 M/(24 pi)
        (ghosh2023 eqs 33, 34; ibe2020 eq. 8). Spin 0: Gamma(ll) = c^2 M/(8 pi) (1 - 4 r^2)^(3/2); neutrinos couple
        as (c/2) phi nu nu + h.c. (one Majorana pair), Gamma = c^2 M/(16 pi). Hadronic modes are added where a
        process needs them.
        """
        width = vector_width if self.spin == 1 else scalar_width
        widths = {
            name: _plain(width(c, self.mass, m))
            for name, c, m in zip(FLAVOURS, self.c_leptons, CHARGED_LEPTON_MASSES, strict=True)
        }
        per_neutrino = self.mass / (24 * pi) if self.spin == 1 else self.mass / (16 * pi)
        widths |= {f"nu_{f}": c * c * per_neutrino for f, c in zip(FLAVOURS, self.c_nu, strict=True)}
        if self.has_right_handed:
            widths |= {f"nu_R_{f}": c * c * per_neutrino for f, c in zip(FLAVOURS, self.c_nu_right, strict=True)}
        return widths

    @property
    def has_right_handed(self) -> bool:
        """Whether it couples to light right-handed neutrinos."""
        return any(np.any(np.asarray(c) != 0) for c in self.c_nu_right)

    @property
    def width(self) -> float:
        """Total leptonic width in MeV."""
        return sum(self.partial_widths().values())

    def branching_ratios(self) -> dict[str, float]:
        """Return the leptonic branching ratios; all zero if nothing is open."""
        widths = self.partial_widths()
        total = sum(widths.values())
        return {mode: w / total if total > 0 else 0.0 for mode, w in widths.items()}


class Coupled(Protocol):
    """What the early universe asks of a model: its couplings, and what results say of it."""

    @property
    def couplings(self) -> Couplings:
        """Couplings to every fermion."""
        ...

    def describe(self) -> dict[str, object]:
        """Return the model as plain values, for result files."""
        ...


def _finite(part: np.ndarray | float) -> bool:
    """Whether a number, or every value along a ray, is finite. Raises TypeError for what is no number."""
    return isfinite(part) if isinstance(part, float) else bool(np.isfinite(part).all())


def _plain(value: np.ndarray) -> float:
    """A number as a float; the values along a ray of couplings stay an array."""
    return float(value) if np.ndim(value) == 0 else value  # type: ignore[return-value]


def vector_width(coupling: np.ndarray | float, mass: np.ndarray | float, lepton_mass: float) -> np.ndarray:
    """Return Gamma(Z' -> l+ l-) = c^2 M/(12 pi) (1+2r^2) sqrt(1-4r^2) in MeV, r = m_l/M; 0 below threshold."""
    r2 = _mass_ratio2(mass, lepton_mass)
    return np.abs(coupling) ** 2 * mass / (12 * pi) * (1 + 2 * r2) * np.sqrt(1 - 4 * r2) * (4 * r2 < 1)


def scalar_width(coupling: np.ndarray | float, mass: np.ndarray | float, lepton_mass: float) -> np.ndarray:
    """Return Gamma(phi -> l+ l-) = c^2 M/(8 pi) (1-4r^2)^(3/2) in MeV, r = m_l/M; 0 below threshold."""
    r2 = _mass_ratio2(mass, lepton_mass)
    return np.asarray(coupling) ** 2 * mass / (8 * pi) * (1 - 4 * r2) ** 1.5


def _mass_ratio2(mass: np.ndarray | float, lepton_mass: float) -> np.ndarray:
    """(m_l/M)^2, at most 1/4."""
    mass2 = np.asarray(mass, dtype=float) ** 2
    return np.divide(lepton_mass**2, mass2, out=np.full(mass2.shape, 0.25), where=mass2 > 4 * lepton_mass**2)
