"""Recast of searches for a mediator that is made on a target or in collisions and decays."""

from functools import cached_property
from math import inf, sqrt
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from nuportal.constants import M_MU
from nuportal.errors import DataFileError, NuportalError, unknown_name
from nuportal.limits.about import About
from nuportal.limits.base import Limit
from nuportal.limits.ray import Ray
from nuportal.limits.recast import efficiency
from nuportal.limits.recast.branching import photon_like, total, widths
from nuportal.limits.recast.production import MECHANISMS, mixture, production, shares_at
from nuportal.limits.recast.tables import Line, read_line, read_table
from nuportal.models import U1X, Couplings

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
UNITS = {"eV": 1e-6, "keV": 1e-3, "MeV": 1.0, "GeV": 1e3}


class Search(BaseModel):
    """How a published line was obtained.

    reference: the model of the line, "dark-photon" (coupling epsilon) or a name of the catalogue (coupling g).
    production: a mechanism, or "mixture" with `fractions`, a table of the shares of several for the reference.
    decays: what is seen: e_e, mu_mu, pi_pi, or "invisible". kind: "prompt" (seen within `length` metres, or within
    `proper_time` ps, if given), "displaced" (shield and decay volume: `volume_over_shield`). energy: of the
    mediator in MeV; collision: energy in MeV in the rest frame of what collides or decays, where the mediator
    recoils against a photon, or a particle of mass `recoil`; either gives the boost. threshold_time: in MeV ps;
    over the distance from the threshold 2 m_mu it is added to proper_time (1603.08926). For "invisible": decays
    behind `length` count as invisible too; published_share: whether the published line assumes that "all" decays
    are, or those of the reference "model". below: what holds for masses below the table, nothing or the first row.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: str
    mass_unit: Literal["eV", "keV", "MeV", "GeV"] = "MeV"
    reference: str = "dark-photon"
    production: str
    decays: tuple[Literal["e_e", "mu_mu", "pi_pi", "invisible"], ...] = Field(min_length=1)
    kind: Literal["prompt", "displaced"]
    volume_over_shield: Positive | None = None
    length: Positive | None = None
    energy: Positive | None = None
    collision: Positive | None = None
    recoil: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    proper_time: Positive | None = None
    threshold_time: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    fractions: str | None = None
    published_share: Literal["all", "model"] = "all"
    below: Literal["nothing", "first row"] = "nothing"


class RecastSearch(Limit):
    """Excluded where production x branching ratio x efficiency exceed those of the published line at one mass."""

    Measurement = Search
    measurement: Search

    def __init__(self, about: About, measurement: BaseModel, folder: Path):
        super().__init__(about, measurement, folder)
        assert isinstance(measurement, Search)
        where = folder / "limit.toml"
        try:
            if measurement.production != "mixture" and measurement.production not in MECHANISMS:
                raise unknown_name("production mechanism", measurement.production, MECHANISMS)
            if measurement.reference != "dark-photon":
                U1X(measurement.reference, mass=1.0, g=1e-3)
        except NuportalError as error:
            raise DataFileError(f"{where}: measurement: {error}") from None
        if (measurement.production == "mixture") != (measurement.fractions is not None):
            raise DataFileError(f"{where}: measurement: 'mixture' needs fractions, and only 'mixture' has them")
        if measurement.kind == "displaced" and measurement.volume_over_shield is None:
            raise DataFileError(f"{where}: measurement: a displaced search needs volume_over_shield")
        if measurement.length is not None and (measurement.energy is None) == (measurement.collision is None):
            raise DataFileError(f"{where}: measurement: a length needs the energy of the mediator or of the collision")
        self.line: Line = read_line(self.file(measurement.table), UNITS[measurement.mass_unit])
        if measurement.kind == "displaced" and not np.isfinite(self.line.upper).all():
            raise DataFileError(f"{self.file(measurement.table)}: a displaced search needs an upper edge")

    def why_not(self, ray: Ray) -> str | None:
        """Return whether the mediator is not made, its decays are not seen, or the table does not reach its mass."""
        if (silent := self.line.why_not(self._at(ray.mass))) is not None:
            return silent
        end = ray.on_shell(np.array([ray.high]))
        if not np.any(self._made(end)):
            return f"not produced ({self.measurement.production})"
        if not np.any(self._seen(end)):
            return f"no decays into {' or '.join(self.measurement.decays)}"
        return None

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return the expected number of events over that at the published line."""
        couplings = ray.on_shell(y)
        mass = self._at(ray.mass)
        return self._events(couplings, self._depth(mass)) / self._at_line(mass)

    def _at(self, mass: float) -> float:
        """The mass at which the table is read."""
        return max(mass, float(self.line.mass[0])) if self.measurement.below == "first row" else mass

    @cached_property
    def _memory(self) -> dict[float, tuple[float, float]]:
        return {}

    def _reference(self, mass: float, coupling: float) -> Couplings:
        if self.measurement.reference == "dark-photon":
            return photon_like(mass, coupling)
        return U1X(self.measurement.reference, mass=mass, g=coupling).couplings

    def _line_values(self, mass: float) -> tuple[float, float]:
        """Events at the line, and the shield in decay lengths per MeV of width."""
        if mass not in self._memory:
            low, high = self.line.at(mass)
            there, depth = self._reference(mass, low), 0.0
            if self.measurement.kind == "displaced":
                assert self.measurement.volume_over_shield is not None
                z = efficiency.shield_depth((high / low) ** 2, self.measurement.volume_over_shield)
                depth = z / float(total(widths(there)))
            self._memory[mass] = float(self._events(there, depth, published=True)), depth
        return self._memory[mass]

    def _at_line(self, mass: float) -> float:
        return self._line_values(mass)[0]

    def _depth(self, mass: float) -> float:
        return self._line_values(mass)[1]

    def _events(self, couplings: Couplings, depth: float, *, published: bool = False) -> np.ndarray:
        """Production x branching ratio x efficiency; a published invisible line assumes that all decays are."""
        made = self._made(couplings)
        if published and "invisible" in self.measurement.decays and self.measurement.published_share == "all":
            return made
        return made * self._seen(couplings, depth)

    def _made(self, couplings: Couplings) -> np.ndarray:
        """Strength of the production."""
        if self._fractions is None:
            return production(self.measurement.production, couplings)
        shares = shares_at(self._fractions, couplings.mass)
        return mixture(shares, couplings, self._reference(couplings.mass, 1e-3))

    @cached_property
    def _fractions(self) -> dict[str, np.ndarray] | None:
        """Columns of the table of the shares of the mechanisms."""
        return read_table(self.file(self.measurement.fractions)) if self.measurement.fractions else None

    def _seen(self, couplings: Couplings, depth: float = 0.0) -> np.ndarray:
        """Branching ratio times efficiency."""
        seen, of = self.measurement, widths(couplings)
        whole = total(of)
        safe = np.where(whole > 0, whole, 1.0)
        if "invisible" in seen.decays:
            share = of["neutrinos"] / safe
            if seen.length is not None:
                share = share + (1 - share) * efficiency.outside(whole, seen.length, self._boost(couplings.mass))
            return np.where(whole > 0, share, 1.0)  # nothing to decay into: it escapes
        share = sum((of[decay] for decay in seen.decays), np.float64(0.0)) / safe
        if seen.kind == "displaced":
            # depth 0 asks whether any decay is visible, before the coupling is known
            return share * (efficiency.behind_shield(depth * whole, seen.volume_over_shield) if depth else 1.0)  # type: ignore[arg-type]
        if seen.proper_time is not None:
            over = max(couplings.mass - 2 * M_MU, 1e-3)
            share = share * efficiency.within(whole, seen.proper_time + seen.threshold_time / over)
        if seen.length is None:
            return share
        return share * efficiency.prompt(whole, seen.length, self._boost(couplings.mass))

    def _boost(self, mass: float) -> float:
        """gamma beta of the mediator; in collisions E = (s + M^2 - recoil^2)/(2 sqrt s)."""
        seen = self.measurement
        if mass == 0:
            return inf
        if seen.collision is not None:
            energy = (seen.collision**2 + mass**2 - seen.recoil**2) / (2 * seen.collision)
            return sqrt(max(energy**2 / mass**2 - 1, 0.0))
        assert seen.energy is not None
        return sqrt(max(seen.energy**2 / mass**2 - 1, 0.0))
