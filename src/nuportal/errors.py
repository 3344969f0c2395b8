"""Errors named by cause: what was given, what is allowed and, where there is one, the closest match.

The command line prints the text on one line of stderr and exits with status 2.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class NuportalError(Exception):
    """Base of every error nuportal raises on purpose."""


class UnitError(NuportalError):
    """A quantity with a unit could not be read."""


class ParameterError(NuportalError):
    """A number or an option is outside what is allowed."""


class UnknownNameError(NuportalError):
    """A name (model, experiment, constraint, flux, figure ...) is not in its registry."""


class UnknownModelError(UnknownNameError):
    """A model name is not in the catalogue."""


class ChargeError(ParameterError):
    """A charge assignment is not a set of numbers for known fermions, or breaks gauge invariance."""


class DataFileError(NuportalError):
    """A data file or folder is malformed. The text names file and line."""


class OutputError(NuportalError):
    """A result cannot be written where it was asked for."""


class NotApplicableError(NuportalError):
    """The quantity is not defined for this model. The text says why."""


def unknown_name(
    kind: str, given: str, allowed: Iterable[str], error: type[NuportalError] = UnknownNameError
) -> NuportalError:
    """Return the error for a name that is not in a registry, with the closest match or the list of allowed names."""
    names = list(allowed)
    folded = {n.casefold(): n for n in names}
    close = get_close_matches(given.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return error(f"unknown {kind} '{given}'; did you mean '{folded[close[0]]}'?")
    return error(f"unknown {kind} '{given}'; known: {', '.join(names)}")
