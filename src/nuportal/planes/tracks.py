"""A limit followed across a plane: its outcome in columns that are set closer where its boundary bends or ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np

from nuportal.errors import NotApplicableError, ParameterError
from nuportal.limits.base import Limit, Outcome
from nuportal.limits.ray import Ray
from nuportal.planes.axes import Axis
from nuportal.planes.spec import Family, PlaneSpec, family
from nuportal.readonly import ReadOnly

DEPTH = 5  #: a column spacing is halved at most this often
BEND = 0.01  #: decades (or shares of a linear range) by which a boundary may miss the straight line
STEP = 0.05  #: boundaries that move less than this between columns are straight enough


@dataclass(frozen=True)
class Track(ReadOnly):
    """The outcomes of one limit at ascending values `at` of the axis that is stepped through [n]."""

    name: str
    at: np.ndarray
    outcomes: tuple[Outcome, ...]

    @property
    def applicable(self) -> bool:
        """Whether the limit says anything about these models, at any column."""
        return any(o.status in ("ok", "failed") for o in self.outcomes)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons given anywhere, each once."""
        return tuple(dict.fromkeys(o.reason for o in self.outcomes if o.reason))

    def on(self, across: Axis) -> list[Outcome]:
        """Return the outcomes in the columns of the grid alone, at the values of the axis `across`."""
        return [self.outcomes[k] for k in np.searchsorted(self.at, across.values).tolist()]


def ray(model: str | Mapping[str, float] | Family, coupling: str | Axis | None = None, **fixed: object) -> Ray:
    """Return the members of a family that differ in one coupling, for `Limit.excluded`.

    Parameters
    ----------
    model : str, mapping or class
        As in `plane`.
    coupling : str, optional
        An axis such as "g=1e-12:1e-2"; default, the first coupling that is not fixed.
    **fixed
        The mass and the other parameters, and flavour or convention.

    Returns
    -------
    Ray

    Raises
    ------
    UnknownNameError, ParameterError, UnitError
        If the input is bad.

    Examples
    --------
    >>> import nuportal as nup
    >>> outcome = nup.limit("borexino").excluded(nup.ray("B-L", mass="10 MeV"))
    >>> print(f"{outcome.excluded[0][0]:.2e}")
    1.36e-05
    """
    members = family(model)
    options = {name: fixed.pop(name) for name in members.choices if name in fixed}
    known = members.read(fixed)
    mass = members.declared.parameters[0].name
    if mass not in known and mass not in members.defaults:
        raise ParameterError(f"give the mass of {members.label}, such as mass='10 MeV'")
    at = float(known.pop(mass, members.defaults.get(mass)))  # type: ignore[arg-type]
    if at == 0 and mass not in members.held:
        raise ParameterError(f"{mass} = 0 is not allowed here: give a small mass")
    along = Axis.parse(coupling if coupling is not None else members.free_coupling(known), wide=True, among=members)
    if along.is_mass:
        raise ParameterError(f"{along.name} is no coupling: give one of {', '.join(members.couplings)}")
    if mass in members.held:
        members.check((along.name, *known))
        return Ray(partial(_member, members, {**known, **options}, along.name), along.name, along.low, along.high)
    across = Axis(mass, at, at * 2, 2, parameter=members.declared.parameters[0])
    return ray_at(PlaneSpec(members, across, along, known, options), at)


def _member(members: Family, fixed: Mapping[str, object], parameter: str, value: float) -> Any:
    return members.model({**fixed, parameter: float(value)})


def stepped(spec: PlaneSpec) -> tuple[Axis, Axis]:
    """Return the axis that is stepped through and the one that rays follow: a mass is always stepped through.

    Raises NotApplicableError if both are masses.
    """
    if not spec.y.is_mass:
        return spec.x, spec.y
    if spec.x.is_mass:
        raise NotApplicableError("constraints need an axis that is a coupling: both axes are masses")
    return spec.y, spec.x


def ray_at(spec: PlaneSpec, at: float, shared: dict[str, Any] | None = None) -> Ray:
    """Return the ray of a plane at one value of the axis that is stepped through."""
    across, along = stepped(spec)
    build = partial(spec.model if across is spec.x else partial(_turned, spec), at)
    return Ray(build, along.name, along.low, along.high, along.scale, at=at, shared={} if shared is None else shared)


def _turned(spec: PlaneSpec, at: float, value: float) -> Any:
    return spec.model(value, at)


class Rays:
    """The rays of a plane, each made once and shared by all limits (which may keep results on it)."""

    def __init__(self, spec: PlaneSpec):
        self.spec = spec
        self._made: dict[float, Ray] = {}
        across = stepped(spec)[0]
        member = spec.model if across is spec.x else partial(_turned, spec)
        self._shared: dict[str, Any] = {"columns": across, "member": member, "lock": Lock()}

    def __getitem__(self, at: float) -> Ray:
        if at not in self._made:
            self._made.setdefault(at, ray_at(self.spec, at, self._shared))  # of two threads the first one's
        return self._made[at]

    def __reduce__(self):
        return Rays, (self.spec,)  # another process makes its own


def follow(limit: Limit, spec: PlaneSpec, rays: Rays) -> Track:
    """Return the track of a limit: the columns of the plane, the ends of its validity, and more where it bends."""
    across, along = stepped(spec)
    found: dict[float, Outcome] = {}
    _ask(found, limit, rays, _columns(limit, spec, across))
    if any(o.status in ("ok", "failed") for o in found.values()):
        _refine(found, limit, rays, across, along)
    at = np.array(sorted(found))
    return Track(limit.about.name, at, tuple(found[v] for v in at.tolist()))


def _columns(limit: Limit, spec: PlaneSpec, across: Axis) -> list[float]:
    columns = across.values.tolist()
    if across.name == spec.family.declared.parameters[0].name:
        columns += [m for m in limit.about.validity if across.low < m < across.high]
    return sorted(set(columns))


def _ask(found: dict[float, Outcome], limit: Limit, rays: Rays, columns: Sequence[float]) -> None:
    """Add the outcomes of a limit in columns, which it is asked for together."""
    found |= dict(zip(columns, limit.along([rays[at] for at in columns]), strict=True))


def _refine(found: dict[float, Outcome], limit: Limit, rays: Rays, across: Axis, along: Axis) -> None:
    waiting = list(pairwise(sorted(found)))
    for _ in range(DEPTH):
        split = [(a, b) for a, b in waiting if _differ(found[a], found[b], along)]
        middles = [float(np.sqrt(a * b)) if across.scale == "log" else (a + b) / 2 for a, b in split]
        _ask(found, limit, rays, middles)
        waiting: list[tuple[float, float]] = []
        for (a, b), middle in zip(split, middles, strict=True):
            if not _straight(found[a], found[middle], found[b], along):
                waiting += [(a, middle), (middle, b)]


def _ends(outcome: Outcome, along: Axis) -> np.ndarray:
    """Ends of the excluded intervals, in decades or shares of the range [2 n]."""
    flat = np.array([v for interval in outcome.excluded for v in interval])
    return np.log10(flat) if along.scale == "log" else flat / (along.high - along.low)


def _differ(a: Outcome, b: Outcome, along: Axis) -> bool:
    if a.status != b.status or len(a.excluded) != len(b.excluded):
        return True
    return bool(np.any(np.abs(_ends(a, along) - _ends(b, along)) > STEP))


def _straight(a: Outcome, middle: Outcome, b: Outcome, along: Axis) -> bool:
    if len({(o.status, len(o.excluded)) for o in (a, middle, b)}) > 1:
        return False
    bend = _ends(middle, along) - (_ends(a, along) + _ends(b, along)) / 2
    return bool(np.all(np.abs(bend) <= BEND))
