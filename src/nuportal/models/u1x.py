"""A light gauge boson of U(1)_X with charges of every fermion generation, and the catalogue of named models."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import pi, sqrt
from typing import Any, Literal

from nuportal.constants import E_CHARGE
from nuportal.errors import ChargeError, ParameterError, UnknownModelError, unknown_name
from nuportal.models.base import Couplings
from nuportal.models.declaration import MASS, Choice, Declaration, Parameter, declare, declared_models
from nuportal.models.mixing import mixing_at, parse_epsilon
from nuportal.models.portal import Portal
from nuportal.readonly import FrozenDict
from nuportal.units import Quantity, energy, format_energy, fraction

MAX_COUPLING = sqrt(4 * pi)  #: perturbativity, |g X_f| <= sqrt(4 pi)

_LEPTONS = ("e", "mu", "tau")
_QUARKS = {"u": 0, "d": 0, "c": 1, "s": 1, "t": 2, "b": 2}


@dataclass(frozen=True)
class Charges:
    """U(1)_X charges, vector-like: `quarks` per generation (u = d), `leptons` e, mu, tau (and their neutrinos)."""

    quarks: tuple[float, float, float]
    leptons: tuple[float, float, float]

    @classmethod
    def from_mapping(cls, given: Mapping[str, float]) -> "Charges":
        """Read {"e": 1, "mu": -1, "u": 1/3, "d": 1/3, ...}; missing fermions have charge 0.

        A doublet carries one charge: of (u, d), (c, s), (t, b) either one or two equal numbers are given.
        """
        if not isinstance(given, Mapping):
            raise ChargeError(f"charges = {given!r} is not allowed: give a mapping such as {{'e': 1, 'mu': -1}}")
        allowed = (*_LEPTONS, *_QUARKS)
        quarks: dict[int, float] = {}
        leptons = dict.fromkeys(_LEPTONS, 0.0)
        for key, charge in given.items():
            if key not in allowed:
                raise unknown_name("fermion in charges", str(key), allowed, ChargeError)
            try:
                value = fraction(charge, f"charge of {key}")
            except ParameterError as error:
                raise ChargeError(str(error)) from None
            if key in leptons:
                leptons[key] = value
            elif quarks.setdefault(_QUARKS[key], value) != value:
                raise ChargeError(
                    f"charge of {key} = {value:g} differs from its doublet partner's {quarks[_QUARKS[key]]:g}: "
                    "u and d (c and s, t and b) must be equal"
                )
        q = (quarks.get(0, 0.0), quarks.get(1, 0.0), quarks.get(2, 0.0))
        return cls(q, (leptons["e"], leptons["mu"], leptons["tau"]))

    def to_mapping(self) -> dict[str, float]:
        """Return the charges as {"e": .., "mu": .., "tau": .., "u": .., "d": .., "c": ...}."""
        quarks = {name: self.quarks[generation] for name, generation in _QUARKS.items()}
        return dict(zip(_LEPTONS, self.leptons, strict=True)) | quarks

    def opposite(self) -> "Charges":
        """Return the charges with their signs turned."""
        a, b, c = (0.0 - q for q in self.quarks)
        d, e, f = (0.0 - x for x in self.leptons)
        return Charges((a, b, c), (d, e, f))

    def anomalies(self) -> dict[str, float]:
        """Return the anomaly coefficients of the Standard Model fermions alone (0 = free).

        Quarks and charged leptons couple vector-like and the Higgs is neutral, so SU(3)^2 X and Y X^2 cancel.
        `SU2^2 X` = sum(3 X_Q + X_L) (U(1)_Y^2 X is proportional to it); `X^3` = sum X_L^3 and `gravity` = sum X_L
        are cancelled by right-handed neutrinos with X_nuR = X_L.
        """
        return {
            "SU2^2 X": sum(3 * q for q in self.quarks) + sum(self.leptons),
            "X^3": sum(x**3 for x in self.leptons),
            "gravity": sum(self.leptons),
        }

    def is_anomaly_free(self, *, right_handed_neutrinos: bool) -> bool:
        """Return whether all anomalies cancel, with X_nuR = X_L partners or without any right-handed neutrino."""
        found = self.anomalies()
        relevant = ["SU2^2 X"] if right_handed_neutrinos else list(found)
        return all(abs(found[name]) < 1e-9 for name in relevant)


@cache
def catalog() -> dict[str, Charges]:
    """Return the named U(1)_X models of ghosh2024 Table I (charges corrected; see catalog.toml)."""
    text = files("nuportal.models").joinpath("catalog.toml").read_text(encoding="utf-8")
    return {
        name: Charges(tuple(map(float, row["quarks"])), tuple(map(float, row["leptons"])))  # type: ignore[arg-type]
        for name, row in tomllib.loads(text).items()
    }


def named_charges(name: str) -> tuple[str, Charges]:
    """Return the name as the catalogue spells it, and its charges; case, hyphens, underscores, braces and spaces are
    ignored, and Greek letters understood.

    A difference written the other way round ("Ltau-Lmu") has the opposite charges. Raises UnknownModelError.
    """
    folded = _fold(name)
    if folded in (known := _spellings()):
        found, sign = known[folded]
        first, _, second = found.partition("-")
        return (found, catalog()[found]) if sign > 0 else (f"{second}-{first}", catalog()[found].opposite())
    others = [kind for kind in declared_models() if kind != "u1x"]
    if (kind := next((kind for kind in others if _fold(kind) == folded), None)) is not None:
        own = declared_models()[kind].__name__
        raise UnknownModelError(f"'{name}' is no U(1)_X model but a family of its own: {own}")
    raise unknown_name("model", name, [*catalog(), *others], UnknownModelError)


def canonical_name(name: str) -> str:
    """Return the catalogue's spelling of a model name, see `named_charges`. Raises UnknownModelError."""
    return named_charges(name)[0]


@cache
def _spellings() -> dict[str, tuple[str, int]]:
    """Folded name, either way round -> name in the catalogue and the sign of its charges."""
    found: dict[str, tuple[str, int]] = {}
    for known in catalog():
        first, _, second = known.partition("-")
        found[_fold(second + first)] = known, -1
    return found | {_fold(known): (known, 1) for known in catalog()}


def _fold(name: str) -> str:
    plain = re.sub(r"[-_{}\s\\$\u2010-\u2015\u2212]|U\(1\)", "", name).casefold()
    return plain.replace("\u03bc", "mu").replace("\u03c4", "tau")


_G = Parameter("g", "$g_X$", "1e-9:1e-3", "1e-10:1e-2", help="Gauge coupling; of vector and scalar g_e = g_nu.")
_EPSILON = Parameter(
    "epsilon",
    r"$\epsilon$",
    "1e-11:1e-5",
    "1e-14:1e-1",
    help="Kinetic mixing: a number, -g/70, or loop.",
    value=0.0,
    words=True,
    signed=True,
)
_CUTOFF = Choice("cutoff", help="Scale at which loop mixing vanishes, with unit.")
_RIGHT_HANDED = Choice(
    "right_handed",
    ("absent", "light"),
    "Right-handed neutrinos: absent (heavy or none) or light (Dirac partners: 6.46 for B-L, 10 MeV, 1e-7).",
)


@declare(
    Declaration(
        "u1x",
        "$U(1)_X$",
        "vector",
        (MASS, _G, _EPSILON),
        choices=(_CUTOFF, _RIGHT_HANDED),
        scaled=("g", "epsilon"),
        massless=1e-12,  # a U(1)_X boson has a mass; this one is far below every momentum transfer
    )
)
@dataclass(frozen=True, repr=False)
class U1X(Portal):
    """A U(1)_X gauge boson with the couplings c_f = g X_f - epsilon e q_f.

    Parameters
    ----------
    name : str, optional
        A name of the catalogue, such as "B-L"; case and underscores do not matter. `nup.models()` lists them.
    mass : str or float
        Mass with unit, such as "10 MeV", or in MeV.
    g : float
        Gauge coupling.
    epsilon : float or str
        Kinetic mixing with the photon: a number, "-g/70" and the like, or "loop" for that of the lepton loops.
    charges : mapping, optional
        Charges in place of a name: {"e": 1, "mu": -1} with keys e, mu, tau, u, d, s, c, b, t. The two
        quarks of a generation have the same charge.
    cutoff : str or float, optional
        Scale at which epsilon="loop" vanishes, for charges that need one; with unit, or in MeV.
    right_handed : {"absent", "light"}
        Right-handed neutrinos: "light" gives every neutrino a Dirac partner that meets the boson alone, with the
        charge of its lepton. "absent" stands for heavy ones too.

    Raises
    ------
    UnknownModelError
        If the name is not in the catalogue.
    UnknownNameError
        If right_handed is another word.
    ChargeError
        If the charges are no numbers for known fermions, or break gauge invariance.
    UnitError, ParameterError
        If a quantity cannot be read or lies outside what is allowed.

    Notes
    -----
    Charges: Table I of ghosh2024. Loop mixing: ghosh2023 eq. 13. docs/physics/conventions.md.

    Examples
    --------
    >>> import nuportal as nup
    >>> model = nup.U1X("Lmu-Ltau", mass="10 MeV", g=7e-7, epsilon="-g/70")
    >>> print(f"{model.couplings.c_e:.2e} {model.couplings.c_mu:.2e}")
    -3.03e-09 6.97e-07
    """

    name: str | None = None
    mass: Quantity = 0.0
    g: float = 0.0
    epsilon: float | str = 0.0
    charges: Mapping[str, float] | None = field(default=None, hash=False)
    cutoff: Quantity | None = None
    right_handed: Literal["absent", "light"] = "absent"
    assigned: Charges = field(init=False, repr=False, compare=False)
    mixing: float = field(init=False, repr=False, compare=False)  #: epsilon as a signed number

    def __post_init__(self) -> None:
        name, assigned = _assigned(self.name, self.charges)
        set_ = object.__setattr__
        set_(self, "name", name)
        set_(self, "charges", FrozenDict(assigned.to_mapping()))
        set_(self, "assigned", assigned)
        set_(self, "mass", MASS.of_constructor(self.mass, zero=False))
        set_(self, "g", _G.of_constructor(self.g, zero=False))
        _RIGHT_HANDED.read(self.right_handed)
        if self.cutoff is not None:
            set_(self, "cutoff", energy(self.cutoff, "cutoff"))
            if not (isinstance(self.epsilon, str) and self.epsilon.strip().casefold() == "loop"):
                raise ParameterError(f"cutoff is the scale of epsilon = 'loop' alone: epsilon is {self.epsilon!r}")
        mixing = parse_epsilon(self.epsilon, self.g, assigned.leptons, self.cutoff)  # type: ignore[arg-type]
        set_(self, "mixing", mixing)
        largest = max(map(abs, (*assigned.leptons, *assigned.quarks)))
        if self.g * largest > MAX_COUPLING:
            raise ParameterError(
                f"g = {self.g:g} is not allowed: g times the largest charge must stay below sqrt(4 pi) = 3.54"
            )
        if largest == 0 and mixing == 0:
            raise ChargeError("charges are all zero and epsilon = 0: the Z' couples to nothing")

    def __repr__(self) -> str:
        charges = {f: x for f, x in (self.charges or {}).items() if x}
        first = repr(self.name) if self.name is not None else f"charges={charges}"
        rest = f", epsilon={self.epsilon!r}" if self.epsilon else ""
        rest += f", cutoff={format_energy(self.cutoff)!r}" if isinstance(self.cutoff, float) else ""
        rest += f", right_handed={self.right_handed!r}" if self.right_handed != "absent" else ""
        return f"U1X({first}, mass={format_energy(float(self.mass), 17)!r}, g={self.g!r}{rest})"

    @property
    def label(self) -> str:
        """Name, or the non-zero charges, for titles and files; without charges that of the dark photon."""
        if self.name is not None:
            return self.name
        return ",".join(f"{f}={x:g}" for f, x in (self.charges or {}).items() if x != 0) or "dark-photon"

    @property
    def couplings(self) -> Couplings:
        """The signed couplings c_f = g X_f - epsilon e q_f (of neutrinos: g X_f) that every process reads."""
        return self._mixed(self.mixing)

    @property
    def on_shell(self) -> Couplings:
        """The couplings of a real boson: the mixing of the lepton loops (epsilon = "loop") at q^2 = M^2, complex
        above 2 m_e; the same as `couplings` for every other epsilon.
        """
        if not (isinstance(self.epsilon, str) and self.epsilon.strip().casefold() == "loop"):
            return self.couplings
        cutoff = float(self.cutoff) if self.cutoff is not None else None
        return self._mixed(mixing_at(self.assigned.leptons, self.g, float(self.mass) ** 2, cutoff=cutoff))

    def _mixed(self, mixing: complex) -> Couplings:
        shift: Any = mixing * E_CHARGE  # complex on shell
        e, mu, tau = (self.g * x + shift for x in self.assigned.leptons)
        q1, q2, q3 = (self.g * x for x in self.assigned.quarks)
        up, down = -2 / 3 * shift, shift / 3
        n1, n2, n3 = (self.g * x for x in self.assigned.leptons)
        return Couplings(
            mass=float(self.mass),
            c_e=e,
            c_mu=mu,
            c_tau=tau,
            c_nu=(n1, n2, n3),
            c_u=(q1 + up, q2 + up, q3 + up),
            c_d=(q1 + down, q2 + down, q3 + down),
            c_nu_right=(n1, n2, n3) if self.right_handed == "light" else (0.0, 0.0, 0.0),
        )

    def describe(self) -> dict[str, object]:
        """Return the model as plain values, for result files."""
        return {
            "kind": "U1X",
            "name": self.label,
            "mass_MeV": float(self.mass),
            "g": self.g,
            "epsilon": self.mixing,
            "epsilon_given": self.epsilon,
            "charges": dict(self.charges or {}),
            "right_handed": self.right_handed,
        }


def _assigned(name: str | None, charges: Mapping[str, float] | None) -> tuple[str | None, Charges]:
    """Name and charges of a model that is given either; a name with its own charges is the name."""
    if name is None and charges is None:
        raise ParameterError("give either a model name (see `nuportal models`) or charges, not both or neither")
    if name is None:
        return None, Charges.from_mapping(charges or {})
    if not isinstance(name, str):
        raise ParameterError(f"model name {name!r} is not a text: charges go to the argument charges={{'e': 1, ...}}")
    known, assigned = named_charges(name)
    if charges is not None and Charges.from_mapping(charges) != assigned:
        raise ParameterError("give either a model name (see `nuportal models`) or charges, not both or neither")
    return known, assigned
