"""The early universe of models on a ray or a plane, each solved once for all limits that ask: N_eff and light elements.

For N_eff alone, models whose planes were calculated beforehand (cosmology/known) are not solved at all.

Neutrinos are followed with their spectra and no boson is there at the start: inverse decays and scattering make the
least there is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal.cosmology.known import table
from nuportal.errors import NotApplicableError
from nuportal.limits.ray import Ray
from nuportal.solvers.status import Status

if TYPE_CHECKING:
    from nuportal.cosmology.nucleosynthesis.background import Course
    from nuportal.cosmology.nucleosynthesis.yields import Yields


@dataclass(frozen=True)
class Universe:
    """What is kept of a solution.

    neff: NaN unless status is OK. theory_error, numerical_error: of N_eff. course: what nucleosynthesis reads, None
    where light elements are not calculated. soft: the course without hard neutrinos if there are.
    """

    neff: float
    status: Status
    theory_error: float
    numerical_error: float
    course: "Course | None"
    soft: "Course | None" = None
    _yields: "dict[str, Yields]" = field(default_factory=dict[str, "Yields"], repr=False, compare=False)

    def yields(self, rates: str) -> "Yields | None":
        """Return the light elements with a rate set, at the default omega_b and tau_n; None where there are none."""
        from nuportal.cosmology.nucleosynthesis.yields import Given, yields_of

        if self.course is None:
            return None
        if rates not in self._yields:
            given = Given("spectrum", self.neff, (self.theory_error, self.numerical_error))
            self._yields[rates] = yields_of(self.course, rates, given, self.soft)
        return self._yields[rates]


class Solutions:
    """The solutions of the members of a family: member(column, coupling) is a model."""

    def __init__(self, member: Callable[[Any, float], Any]):
        self._member = member
        self._found: dict[tuple[Any, float], Universe] = {}

    def at(self, column: float | None, coupling: float) -> Universe:
        """Return the solution for one model, from memory where it was asked for before."""
        place = (column, coupling)
        if place not in self._found:
            self._found[place] = universe(self._member(column, coupling))
        return self._found[place]

    def __contains__(self, place: object) -> bool:
        return place in self._found


def member_of(ray: Ray) -> Callable[[float | None, float], Any]:
    """Return the function from (column, coupling) to the models of the plane of a ray, or of the ray alone."""

    def alone(_: float | None, coupling: float) -> Any:
        return ray.build(coupling)

    return ray.shared.get("member", alone)


def solutions(ray: Ray) -> Solutions:
    """Return the solutions that all rays of a plane share; of a ray alone, its own."""
    if "solutions" not in ray.shared:
        ray.shared.setdefault("solutions", Solutions(member_of(ray)))
    return ray.shared["solutions"]


def known_neff(ray: Ray, y: np.ndarray) -> np.ndarray | None:
    """Return N_eff at couplings y [n] of a ray, NaN where there is none; None if not calculated beforehand."""
    if "known" not in ray.memory:
        ray.memory["known"] = table(lambda _, y: ray.build(y), (ray.mass, ray.mass), (ray.low, ray.high))
    found = ray.memory["known"]
    mass = np.full(np.shape(y), ray.mass)
    return found.read(mass, y).values if found is not None and found.covers(mass, y) else None


@cache
def standard() -> Universe:
    """Return the Standard Model."""
    return universe(None)


def universe(model: Any) -> Universe:
    """Solve the early universe of a model, or of the Standard Model (None)."""
    from nuportal.cosmology.momenta.options import MomentaOptions
    from nuportal.cosmology.momenta.solve import solve
    from nuportal.cosmology.nucleosynthesis.evolution import prepare
    from nuportal.cosmology.nucleosynthesis.from_history import background_of_spectra
    from nuportal.cosmology.nucleosynthesis.yields import TAU_N

    found = solve(None if model is None else model.couplings, MomentaOptions())
    course, soft = None, None
    if found.status == Status.OK:
        try:
            background = background_of_spectra(found)
            course = prepare(background, TAU_N)
            soft = None if background.without_hard is None else prepare(background.without_hard, TAU_N)
        except NotApplicableError:  # a boson lives while nuclei form: there is N_eff, and no light elements
            course = None
    neff = found.neff if found.status == Status.OK else float("nan")
    return Universe(neff, found.status, found.theory_error, found.numerical_error, course, soft)
