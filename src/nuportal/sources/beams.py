"""Accelerator beams of muon neutrinos, represented by their mean energies."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nuportal.errors import unknown_name


@dataclass(frozen=True)
class Beam:
    """Mean energies of nu_mu and nubar_mu and the recoil window (MeV); provenance "verified" or "unverified"."""

    neutrino_energy: float
    antineutrino_energy: float
    recoil_window: tuple[float, float]
    references: str
    provenance: str


@cache
def beam(name: str) -> Beam:
    """Return a beam by name ("CHARM-II"). Raises UnknownNameError."""
    beams = tomllib.loads(files("nuportal.sources").joinpath("data/beams.toml").read_text("utf-8"))
    if name not in beams:
        raise unknown_name("beam", str(name), beams)
    row = beams[name]
    return Beam(**row | {"recoil_window": tuple(row["recoil_window"])})
