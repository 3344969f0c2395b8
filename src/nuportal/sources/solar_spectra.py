"""Components of the solar neutrino flux: names, spectra, lines and electron densities at production."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nuportal.errors import NotApplicableError, unknown_name
from nuportal.solvers.quadrature import rule
from nuportal.sources.beta_decay import allowed_shape

COMPONENTS = ("pp", "pep", "hep", "7Be", "8B", "13N", "15O", "17F")
CNO = ("13N", "15O", "17F")
BETA_NODES = 1500  #: of the spline of a beta spectrum


def spectrum(energy: ArrayLike, component: str) -> np.ndarray:
    """Return the neutrino spectrum normalised to one, MeV^-1. Raises NotApplicableError for a line."""
    name = component_name(component)
    energy = np.asarray(energy, dtype=float)
    if name == "8B":
        table = _boron8()
        inside = (energy > 0) & (energy < end_of_spectrum(name))
        return np.where(inside, table(np.where(inside, energy, 1.0)), 0.0)
    if name not in solar_data()["beta"]:
        raise NotApplicableError(f"{name} neutrinos have no continuous spectrum: they are a line (see line_energies)")
    table, endpoint = _beta(name), end_of_spectrum(name)
    inside = (energy > 0) & (energy < endpoint)
    return np.where(inside, energy**2 * table(np.sqrt(1 - np.where(inside, energy, endpoint) / endpoint)), 0.0)


def line_energies(component: str) -> tuple[np.ndarray, np.ndarray]:
    """Return energies (MeV) and branching ratios of 7Be or pep. Raises NotApplicableError otherwise."""
    name = component_name(component)
    if name not in solar_data()["lines"]:
        raise NotApplicableError(f"{name} neutrinos are no line: they have a continuous spectrum")
    line = solar_data()["lines"][name]
    return np.array(line["energy"]), np.array(line["branching"])


def end_of_spectrum(component: str) -> float:
    """Return the largest neutrino energy of a component, MeV."""
    name = component_name(component)
    if name in solar_data()["lines"]:
        return max(solar_data()["lines"][name]["energy"])
    return _boron8().x[-1] if name == "8B" else solar_data()["beta"][name]["endpoint"]


def electron_density(component: str, profile: str = "BS05(OP)") -> float:
    """Return n_e averaged over the production region of a component, mol/cm^3. Raises UnknownNameError."""
    profiles = solar_data()["electron_density"]
    if profile not in profiles:
        raise unknown_name("electron density profile", str(profile), profiles)
    return profiles[profile][component_name(component)]


def solar_model(name: str | None = None) -> str:
    """Return the spelling of a solar model's name (None: the default). Raises UnknownNameError."""
    known = solar_data()["models"]
    wanted = (solar_data()["default"] if name is None else str(name)).casefold().replace("_", "-")
    aliases = {key.casefold(): key for key in known} | {"b16-agss09": "B16-AGSS09met"}
    if wanted not in aliases:
        raise unknown_name("solar model", str(name), known)
    return aliases[wanted]


def component_name(component: str) -> str:
    """Return the spelling of a component ("be7", "7be" -> "7Be"). Raises UnknownNameError."""
    folded = re.sub(r"([a-z]+)_?(\d+)", r"\2\1", str(component).strip().casefold())
    for known in COMPONENTS:
        if folded == known.casefold():
            return known
    raise unknown_name("solar neutrino component", str(component), (*COMPONENTS, "CNO"))


def components(given: str | Iterable[str]) -> tuple[str, ...]:
    """Return component names, each once, from one name, "CNO", "all", or several names. Raises UnknownNameError."""
    if not isinstance(given, str | Iterable):
        raise unknown_name("solar neutrino component", repr(given), (*COMPONENTS, "CNO", "all"))
    if not isinstance(given, str):
        return tuple(dict.fromkeys(name for one in given for name in components(one)))
    groups = {"cno": CNO, "all": COMPONENTS}
    return groups.get(given.casefold()) or (component_name(given),)


@cache
def solar_data() -> dict[str, Any]:
    """Return the tables of data/solar_fluxes.toml."""
    return tomllib.loads(files("nuportal.sources").joinpath("data/solar_fluxes.toml").read_text("utf-8"))


@cache
def _beta(name: str):
    """Return the normalised spectrum of a beta decay over E^2 as a cubic spline in sqrt(1 - E/endpoint).

    The Coulomb factor costs much more than the spline, and likelihoods of dipole portals ask for it at each mass.
    """
    from scipy.interpolate import CubicSpline

    shape = solar_data()["beta"][name]
    end, (x, w) = float(shape["endpoint"]), rule(200)
    u = (x + 1) / 2
    norm = np.sum(allowed_shape(end * (1 - u * u), end, shape["daughter"]) * end * u * w)
    nodes = np.linspace(0, sqrt(1 - 1e-6), BETA_NODES)
    energy = end * (1 - nodes * nodes)
    return CubicSpline(nodes, allowed_shape(energy, end, shape["daughter"]) / (norm * energy**2))


@cache
def _boron8():
    """Return the normalised cubic spline of the 8B table."""
    from scipy.interpolate import CubicSpline

    text = files("nuportal.sources").joinpath("data/boron8_spectrum.csv").read_text("utf-8")
    energy, density = np.loadtxt(text.splitlines(), delimiter=",", unpack=True)
    table = CubicSpline(energy, density)
    return CubicSpline(energy, density / table.integrate(energy[0], energy[-1]))
