"""Every source as a list of parts, each with a spectrum, flavours at the detector, and neutrinos or antineutrinos.

parts(SolarNeutrinos(), "pp"), parts(ReactorAntineutrinos(1.5e13)), parts(PionDecayAtRest(1e7)): what folds with a
cross-section reads these alone and does not ask which source it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Literal, get_args

import numpy as np

from nuportal.errors import ParameterError, unknown_name
from nuportal.models.base import FLAVOURS
from nuportal.sources import pion_decay, reactor
from nuportal.sources.flux import FluxNodes
from nuportal.sources.pion_decay import PionDecayAtRest
from nuportal.sources.reactor import ReactorAntineutrinos
from nuportal.sources.solar_spectra import components, end_of_spectrum
from nuportal.sources.sun import SolarNeutrinos

SourceName = Literal["solar", "reactor", "pion-decay"]
Source = SolarNeutrinos | ReactorAntineutrinos | PionDecayAtRest
SOLAR_NODES, REACTOR_NODES, PION_NODES = 32, 6, 12  #: a component, a panel of the reactor's spectrum, a species


@dataclass(frozen=True)
class Part:
    """A part of a flux. nodes(least energies): its quadrature; probabilities(energy): flavours there [3, ...].

    largest_energy in MeV.
    """

    name: str
    particle: Literal["neutrino", "antineutrino"]
    largest_energy: float
    nodes: Callable[[np.ndarray], FluxNodes]
    probabilities: Callable[[np.ndarray], np.ndarray]


def source(given: "SourceName | Source", flux: float | None = None, sun: SolarNeutrinos | None = None) -> Source:
    """Return a source by name. flux: of a reactor all antineutrinos, of pion decay each species (cm^-2 s^-1).

    Raises UnknownNameError, ParameterError (a flux that is missing, not positive, or given where it is known).
    """
    if isinstance(given, Source) or given == "solar":
        if flux is not None:
            raise ParameterError("source_flux is of a reactor or of pions at rest: this source knows its flux")
        if isinstance(given, Source):
            return given
        return sun or SolarNeutrinos()
    if sun is not None:
        raise ParameterError(f"the Sun is given, and source '{given}': give one of them")
    if given not in get_args(SourceName):
        raise unknown_name("source of neutrinos", str(given), get_args(SourceName))
    if flux is None:
        raise ParameterError(f"give the flux of source '{given}' (source_flux, --source-flux) in cm^-2 s^-1")
    return ReactorAntineutrinos(flux) if given == "reactor" else PionDecayAtRest(flux)


def source_name(of: Source) -> SourceName:
    """Return the name of a source's kind."""
    if isinstance(of, SolarNeutrinos):
        return "solar"
    return "reactor" if isinstance(of, ReactorAntineutrinos) else "pion-decay"


def parts(of: Source, names: str | Iterable[str] = "all") -> tuple[Part, ...]:
    """Return the parts of a source that take part: "all", or names of solar components or species.

    Raises UnknownNameError.
    """
    if isinstance(of, SolarNeutrinos):
        return tuple(_solar(of, name) for name in components(names))
    known = ("reactor",) if isinstance(of, ReactorAntineutrinos) else pion_decay.SPECIES
    wanted = known if names in ("all", ["all"], ("all",)) else (names,) if isinstance(names, str) else tuple(names)
    for name in wanted:
        if name not in known:
            raise unknown_name("part of the flux", str(name), (*known, "all"))
    return tuple(_part(of, name) for name in dict.fromkeys(wanted))


def describe(of: Source) -> dict[str, object]:
    """Return a source as plain values, with the BibTeX keys of its numbers under "references"."""
    if isinstance(of, SolarNeutrinos):
        return of.describe()
    works = reactor.references() if isinstance(of, ReactorAntineutrinos) else []
    return {"source": source_name(of), **asdict(of), "references": works}


def _solar(sun: SolarNeutrinos, name: str) -> Part:
    nodes = partial(sun.nodes, name, order=SOLAR_NODES)
    return Part(name, "neutrino", end_of_spectrum(name), nodes, partial(sun.probabilities, component=name))


def _part(of: ReactorAntineutrinos | PionDecayAtRest, name: str) -> Part:
    if isinstance(of, ReactorAntineutrinos):
        nodes = partial(of.nodes, order=REACTOR_NODES)
        return Part(name, "antineutrino", reactor.LARGEST_ENERGY, nodes, partial(_pure, "e"))
    particle: Literal["neutrino", "antineutrino"] = "antineutrino" if name.startswith("nubar") else "neutrino"
    largest = pion_decay.LINE_ENERGY if name == "nu_mu" else pion_decay.LARGEST_ENERGY
    nodes = partial(of.nodes, name, order=PION_NODES)  # type: ignore[arg-type]
    return Part(name, particle, largest, nodes, partial(_pure, pion_decay.FLAVOUR[name]))


def _pure(flavour: str, energy: np.ndarray) -> np.ndarray:
    """All neutrinos of one flavour: they have not yet oscillated."""
    found = np.zeros((3, *np.shape(energy)))
    found[FLAVOURS.index(flavour)] = 1.0
    return found
