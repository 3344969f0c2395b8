"""Electrons that a recoil energy can free (shells as step functions, a many-body correction for xenon), and nuclei.

target("xenon").electrons(T)      # how many of the 54 electrons have a binding energy below T (bally2020 eq. 6)
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import N_AVOGADRO
from nuportal.errors import NotApplicableError, unknown_name
from nuportal.processes.form_factors import Nucleus

Binding = Literal["step", "rrpa"]
KEV = 1e-3  #: MeV


@dataclass(frozen=True)
class Target:
    """A material: molecules per tonne, and the shells (occupancy, binding energy in MeV) of one molecule."""

    name: str
    molecules_per_tonne: float
    occupancy: tuple[float, ...]
    binding: tuple[float, ...]

    def electrons(self, recoil_energy: ArrayLike, binding: Binding = "step") -> np.ndarray:
        """Return the number of electrons of a molecule that the recoil energy (MeV) can free.

        binding: "step" (free electrons above their binding energy), or "rrpa" (times the many-body ratio: xenon,
        and only for the flat shape of the Standard Model). Raises UnknownNameError, NotApplicableError.
        """
        if binding not in get_args(Binding):
            raise unknown_name("binding", str(binding), get_args(Binding))
        recoil = np.asarray(recoil_energy, dtype=float)
        free = (np.array(self.occupancy) * (recoil[..., None] > np.array(self.binding))).sum(axis=-1)
        if binding == "step":
            return free
        if self.name != "xenon":
            raise NotApplicableError(f"binding = 'rrpa' holds for xenon only, not for {self.name}")
        return free * np.interp(recoil / KEV, *_rrpa_ratio())


@cache
def target(name: str) -> Target:
    """Return a target by name: xenon, argon, germanium, CsI, pseudocumene. Raises UnknownNameError."""
    known = tomllib.loads(_text("targets.toml"))
    match = next((key for key in known if key.casefold() == str(name).casefold()), None)
    if match is None:
        raise unknown_name("target", str(name), known)
    row = known[match]
    shells = [
        (number * float(electrons), float(energy) * KEV)
        for element, number in row["elements"].items()
        for which, _, electrons, energy in _rows("shells.csv")
        if which == element
    ]
    if "free_electrons" in row:
        shells.append((float(row["free_electrons"]), 0.0))
    occupancy, binding = zip(*sorted(shells, key=lambda shell: shell[1]), strict=True)
    return Target(match, 1e6 * N_AVOGADRO / row["molar_mass"], occupancy, binding)


def targets() -> tuple[str, ...]:
    """Return the names of all targets."""
    return tuple(tomllib.loads(_text("targets.toml")))


@cache
def nuclei(name: str) -> tuple[tuple[Nucleus, float], ...]:
    """Return the nuclei of a target, each with its number per molecule. Raises UnknownNameError, NotApplicableError."""
    material, isotopes = target(name).name, tomllib.loads(_text("isotopes.toml"))
    elements = tomllib.loads(_text("targets.toml"))[material]["elements"]
    if not elements or not set(elements) <= set(isotopes):
        known = ", ".join(t for t in targets() if t != material)
        raise NotApplicableError(f"nuclear recoils in {material} are not calculated: targets are {known}")
    return tuple(
        (Nucleus(isotopes[element]["protons"], neutrons, mass), number * share)
        for element, number in elements.items()
        for neutrons, mass, share in isotopes[element]["isotopes"]
    )


@cache
def _rrpa_ratio() -> tuple[np.ndarray, np.ndarray]:
    table = np.array([[float(x) for x in row] for row in _rows("xenon_rrpa_ratio.csv")])
    return table[:, 0], table[:, 1]


def _rows(name: str) -> list[list[str]]:
    lines = [line for line in _text(name).splitlines() if line and not line.startswith("#")]
    return [line.split(",") for line in lines[1:]]


def _text(name: str) -> str:
    return files("nuportal.detectors").joinpath(f"data/{name}").read_text(encoding="utf-8")
