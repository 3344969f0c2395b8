"""Neutrino flavours by name."""

from nuportal.errors import unknown_name
from nuportal.models.base import FLAVOURS


def flavour_index(flavour: str) -> int:
    """Return 0, 1, 2 for "e", "mu", "tau". Raises UnknownNameError."""
    if flavour not in FLAVOURS:
        raise unknown_name("neutrino flavour", str(flavour), FLAVOURS)
    return FLAVOURS.index(flavour)
