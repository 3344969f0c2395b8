"""Quantities at the boundary: strings such as "10 MeV" or "1.2e-11 mu_B" become numbers in powers of MeV.

A bare number is taken as MeV (energies) or MeV^-1 (dipole moments). An object with a method `to` (a quantity of pint or
astropy) is asked for the same units.
"""

import math
import re
from typing import Any, Protocol, runtime_checkable

import numpy as np

from nuportal.constants import MU_B
from nuportal.errors import ParameterError, UnitError


@runtime_checkable
class Converts(Protocol):
    """A quantity of another package, such as pint or astropy, that converts itself."""

    def to(self, unit: Any, /) -> Any:
        """Return the quantity in a unit, given by name."""
        ...

    def __float__(self) -> float: ...


Quantity = float | int | str | Converts

ENERGY_UNITS = {"meV": 1e-9, "eV": 1e-6, "keV": 1e-3, "MeV": 1.0, "GeV": 1e3, "TeV": 1e6}
MOMENT_UNITS = {"mu_B": MU_B, "MeV^-1": 1.0, "GeV^-1": 1e-3, "1/MeV": 1.0, "1/GeV": 1e-3}

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf))\s*(.*?)\s*", re.IGNORECASE)


def energy(quantity: Quantity, name: str = "energy", *, allow_zero: bool = False) -> float:
    """Return a mass or energy in MeV.

    Raises UnitError for text that is no number with an energy unit, ParameterError for a value that is not finite,
    negative, or zero where zero is not allowed.
    """
    number = _parse(quantity, name, ENERGY_UNITS, "10 MeV")
    return positive(number, name, allow_zero=allow_zero, unit=" MeV")


def moment(quantity: Quantity, name: str = "dipole moment") -> float:
    """Return a dipole moment in MeV^-1 from e.g. "2.2e-9 mu_B". Raises as `energy` does."""
    return positive(_parse(quantity, name, MOMENT_UNITS, "2.2e-9 mu_B"), name, unit=" MeV^-1")


def positive(number: float, name: str, *, allow_zero: bool = False, unit: str = "") -> float:
    """Return `number` if it is finite and positive (or zero where allowed), else raise ParameterError."""
    bound = "zero or positive" if allow_zero else "positive"
    if not math.isfinite(number) or number < 0 or (number == 0 and not allow_zero):
        raise ParameterError(f"{name} = {number:g}{unit} is not allowed: it must be finite and {bound}")
    return float(number)


def number(given: object, name: str) -> float:
    """Return a plain finite number, or raise ParameterError."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        try:
            value = float(given)  # type: ignore[arg-type]  # NumPy scalars
        except (TypeError, ValueError):
            raise ParameterError(f"{name} = {given!r} is not a number") from None
        if isinstance(given, bool):
            raise ParameterError(f"{name} = {given!r} is not a number")
    else:
        try:
            value = float(given)
        except ValueError:
            raise ParameterError(f"{name} = {given!r} is not a number") from None
    if not math.isfinite(value):
        raise ParameterError(f"{name} = {given!r} is not allowed: it must be finite")
    return value


def numbers(given: object, name: str, units: tuple[str, ...] = ()) -> np.ndarray:
    """Return one number or several as an array [n]; quantities are converted to the first of the units that they take.

    Where that is MeV, texts such as "10 MeV" are read. Raises UnitError, ParameterError.
    """
    plain = converted(given, name, units) if units else given
    listed: Any = [plain] if isinstance(plain, str) else plain
    if "MeV" in units and isinstance(listed, list | tuple):
        entries: list[Any] = list(listed)  # type: ignore[arg-type]
        if any(isinstance(one, str) for one in entries):
            listed = [energy(one, name, allow_zero=True) for one in entries]
    try:
        return np.atleast_1d(np.asarray(listed, float))
    except (TypeError, ValueError):
        raise ParameterError(f"{name} = {given!r} is neither a number nor several") from None


def whole(given: object, name: str, least: int = 0) -> int:
    """Return a whole number that is not below `least`. Raises ParameterError."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < least:
        raise ParameterError(f"{name} = {given!r} is not allowed: give a whole number, at least {least}")
    return int(given)  # type: ignore[arg-type]


def confidence(given: object) -> float:
    """Return a confidence level between 0 and 1. Raises ParameterError."""
    cl = number(given, "cl")
    if not 0 < cl < 1:
        raise ParameterError(f"cl = {cl:g} is not allowed: it must lie between 0 and 1, e.g. 0.90")
    return cl


def fraction(given: object, name: str) -> float:
    """Return a plain finite number, where a text may be a fraction such as "-1/3"; else raise ParameterError."""
    if isinstance(given, str) and given.count("/") == 1:
        above, below = (number(part, name) for part in given.split("/"))
        if below == 0:
            raise ParameterError(f"{name} = {given!r} is not a number")
        return above / below
    return number(given, name)


def format_energy(mev: float, digits: int = 4) -> str:
    """Return an energy in MeV as text in the unit that reads best, e.g. 1e-4 -> "100 eV"."""
    for unit in ("TeV", "GeV", "MeV", "keV", "eV"):
        if abs(mev) >= ENERGY_UNITS[unit]:
            return f"{mev / ENERGY_UNITS[unit]:.{digits}g} {unit}"
    return f"{mev / ENERGY_UNITS['eV']:.{digits}g} eV"


def converted(given: object, name: str, units: tuple[str, ...]) -> Any:
    """Return what a quantity of pint or astropy is in the first of the units (spellings) that it takes; others as is.

    Raises UnitError for a quantity of another kind.
    """
    to: Any = getattr(given, "to", None)
    if not callable(to) or not (hasattr(given, "unit") or hasattr(given, "units")):
        return given
    for unit in units:
        try:
            found: Any = to(unit)
        except Exception:
            continue
        return getattr(found, "magnitude", getattr(found, "value", found))
    raise UnitError(f"{name} = '{given}' has another unit than {units[0]}")


def _parse(quantity: Quantity, name: str, units: dict[str, float], example: str) -> float:
    if isinstance(quantity, Converts):
        return _converted(quantity, name, units, example)
    if not isinstance(quantity, str):
        return number(quantity, name)
    match = _NUMBER.fullmatch(quantity)
    if match is None:
        raise UnitError(f"{name} = '{quantity}' is not a number with a unit such as '{example}'")
    unit = match.group(2) or next(u for u, factor in units.items() if factor == 1.0)
    if unit not in units:
        raise UnitError(f"{name} = '{quantity}': unknown unit '{unit}'; allowed: {', '.join(units)} (case counts)")
    return float(match.group(1)) * units[unit]


def _converted(quantity: Converts, name: str, units: dict[str, float], example: str) -> float:
    """The number in a foreign quantity: converted to the first of the units that it can take."""
    for unit, factor in units.items():
        try:
            found = quantity.to(unit)
        except Exception:
            continue
        value = getattr(found, "magnitude", getattr(found, "value", None))
        return number(value, name) * factor
    raise UnitError(f"{name} = '{quantity}' has another unit than '{example}'")
