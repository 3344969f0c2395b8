"""Published intervals of one effective coupling: excluded between a lower and an upper edge that depend on the mass."""

from functools import cached_property
from math import exp, inf
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import E_CHARGE
from nuportal.errors import DataFileError
from nuportal.limits.about import About
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.limits.recast.tables import Line, read_line

Positive = Annotated[float, Field(gt=0)]
Effective = Literal["epsilon", "electron", "neutron", "neutrino", "B-L", "moment"]


def effective(ray: Ray, y: np.ndarray, which: Effective) -> np.ndarray:
    """Return the magnitude of one effective coupling of a real boson at y [n].

    "epsilon": kinetic mixing, c_e/e. "electron", "neutron": c_e, c_n. "neutrino": root mean square over the flavours.
    "B-L": c_n of a model whose charges of e, p, n are those of B-L. "moment": magnetic moment in mu_B.
    """
    if not ray.mediated:
        return np.array([ray.build(v).effective_couplings[which] for v in np.atleast_1d(y).tolist()])
    c = ray.on_shell(y)
    if which == "neutrino":
        return np.sqrt(sum(np.abs(v) ** 2 for v in c.c_nu) / 3)
    found = {"epsilon": np.asarray(c.c_e) / E_CHARGE, "electron": c.c_e, "neutron": c.c_n, "B-L": c.c_n}
    return np.abs(np.asarray(found[which]))


def lacking(ray: Ray, which: Effective) -> str | None:
    """Return why the models of a ray do not have an effective coupling, or None."""
    if not ray.mediated:
        known = getattr(ray.sample, "effective_couplings", {})
        return None if which in known else f"no coupling of the kind '{which}'"
    c = ray.ends
    if which == "neutrino":
        return None if any(c.c_nu) else "no coupling to neutrinos"
    size = max(abs(c.c_e), abs(c.c_p), abs(c.c_n))

    def same(a: float, b: float) -> bool:
        return abs(a - b) <= 1e-9 * size

    if which == "electron":
        return None if c.c_e else "no coupling to electrons"
    if which == "neutron":
        return None if not same(c.c_n, 0.0) else "no coupling to neutrons"
    if which == "epsilon":
        aligned = size > 0 and same(c.c_n, 0.0) and same(c.c_p, -c.c_e)
        return None if aligned else "couplings to e, p, n are not proportional to electric charge"
    baryonic = size > 0 and same(c.c_p, c.c_n) and same(c.c_e, -c.c_n)
    return None if baryonic else "couplings to e, p, n are not those of B-L"


class Published(BaseModel):
    """A table (mass, lower[, upper]) or constants; `power`: the edges are lower * (M/MeV)^power.

    upper: edge above which particles are trapped. flavours: of a dipole portal. thermal: temperature in MeV of a star,
    beyond whose mass scale the edge rises as exp(M/2T).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    coupling: Effective
    table: str | None = None
    mass_unit: Literal["eV", "keV", "MeV", "GeV"] = "MeV"
    lower: Positive | None = None
    upper: Positive | None = None
    power: float = 0.0
    thermal: Positive | None = None
    below: Literal["nothing", "first row"] = "nothing"
    flavours: tuple[Literal["e", "mu", "tau", "universal"], ...] = ()


UNITS = {"eV": 1e-6, "keV": 1e-3, "MeV": 1.0, "GeV": 1e3}


class PublishedInterval(Limit):
    """Excluded between the edges."""

    Measurement = Published
    measurement: Published

    def __init__(self, about: About, measurement: BaseModel, folder: Path):
        super().__init__(about, measurement, folder)
        assert isinstance(measurement, Published)
        if (measurement.table is None) == (measurement.lower is None):
            raise DataFileError(f"{folder / 'limit.toml'}: measurement: give either a table or the lower edge")

    @cached_property
    def line(self) -> Line | None:
        """The table, if there is one."""
        seen = self.measurement
        return read_line(self.file(seen.table), UNITS[seen.mass_unit]) if seen.table else None

    def why_not(self, ray: Ray) -> str | None:
        """Return why the coupling is missing, or that the table does not reach the mass."""
        seen = self.measurement
        flavour = getattr(ray.sample, "flavour", None)
        if seen.coupling == "moment" and flavour is not None and flavour not in seen.flavours:
            return f"holds for the flavours {', '.join(seen.flavours)}"
        if (why := lacking(ray, seen.coupling)) is not None:
            return why
        return self.line.why_not(self._at(ray.mass)) if self.line is not None else None

    def _at(self, mass: float) -> float:
        """The mass at which the table is read."""
        flat = self.line is not None and self.measurement.below == "first row"
        return max(mass, self.line.mass[0]) if flat and self.line is not None else mass

    def edges(self, mass: float) -> tuple[float, float]:
        """Return the edges at a mass (MeV)."""
        seen = self.measurement
        if self.line is not None:
            low, high = self.line.at(self._at(mass))
            return low, min(high, seen.upper or inf)
        assert seen.lower is not None
        scale = mass**seen.power if seen.power else 1.0
        boltzmann = exp(min(mass / (2 * seen.thermal), 300.0)) if seen.thermal else 1.0
        return seen.lower * scale * boltzmann, (seen.upper * scale if seen.upper else inf)

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the smaller of coupling/lower and upper/coupling."""
        low, high = self.edges(ray.mass)
        size = effective(ray, y, self.measurement.coupling)
        with np.errstate(divide="ignore"):
            return np.minimum(size / low, high / size)
