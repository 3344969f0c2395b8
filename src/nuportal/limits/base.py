"""The one protocol of limits: what a limit says of itself, and what it excludes along a ray of couplings.

A limit is a folder with limit.toml, its tables and refs.bib. Most limits only say how far the prediction exceeds what
is allowed (`ratio`); those with a likelihood give their -2 ln L (`deviance`).
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import NormalDist
from typing import ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from nuportal.errors import DataFileError, NuportalError, ParameterError
from nuportal.folders import member
from nuportal.limits.about import About
from nuportal.limits.intervals import Interval, above_one, asking
from nuportal.limits.ray import Ray
from nuportal.shown import Tabled, table

Status = Literal["ok", "not applicable", "out of range", "failed"]


@dataclass(frozen=True)
class Outcome(Tabled):
    """What a limit says along a ray.

    Attributes
    ----------
    excluded : tuple of Interval
        Excluded intervals (low, high) of the parameter.
    failed : tuple of Interval
        Where there is no answer.
    status : {"ok", "not applicable", "out of range", "failed"}
        "not applicable": the model lacks what is measured; "out of range": the mass lies outside the validity;
        "failed": no answer anywhere.
    reason : str
        One line; empty if all is well.
    """

    excluded: tuple[Interval, ...] = ()
    failed: tuple[Interval, ...] = ()
    status: Status = "ok"
    reason: str = ""


class NoMeasurement(BaseModel):
    """The [measurement] of a limit that needs none."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Limit:
    """A limit. Subclasses define `ratio` (or override `excluded`), and `why_not` if not every model has it.

    Parameters
    ----------
    about : About
        What limit.toml says: name, validity, accuracy, source.
    measurement : pydantic.BaseModel
        The table [measurement] of limit.toml, checked by the class attribute `Measurement` when the limit is read.
    folder : Path
        Where it lies.

    Notes
    -----
    docs/limits.md has a complete example.
    """

    Measurement: ClassVar[type[BaseModel]] = NoMeasurement
    shares: ClassVar[str] = ""  #: one name for limits that share costly results on a ray (`Ray.memory`)

    def __init__(self, about: About, measurement: BaseModel, folder: Path):
        self.about, self.measurement, self.folder = about, measurement, folder

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.about.name}: {self.about.observable}>"

    def _repr_html_(self) -> str:
        about = self.about
        names = ("kind", "group", "method", "cl", "mass_text", "accuracy", "status", "references")
        return table(f"{about.name}: {about.observable}", {name: getattr(about, name) for name in names})

    def __reduce__(self):
        from nuportal.limits.registry import read

        return read, (self.folder,)

    def file(self, name: str) -> Path:
        """Return the path of a file (`name`) of the limit's folder. Raises DataFileError for one outside of it."""
        return member(self.folder, name)

    def why_not(self, ray: Ray) -> str | None:
        """Return why this limit does not apply to the models of a `ray` ("no coupling to electrons"), or None."""
        return None

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return how far the prediction on a `ray` at `y` [n] exceeds what is allowed [n]: excluded where > 1, NaN:
        unknown.
        """
        raise NotImplementedError

    def excluded(self, ray: Ray) -> Outcome:
        """Return what is excluded along a `ray`; a limit that does not apply says why and excludes nothing."""
        if (refused := self.refused(ray)) is not None:
            return refused
        try:
            ratio = partial(answered, self, self.ratio, ray)
            found, unknown = above_one(ratio, ray.grid, logarithmic=ray.scale == "log")
        except NuportalError as error:
            return Outcome(failed=((ray.low, ray.high),), status="failed", reason=str(error))
        whole = unknown == ((ray.grid[0], ray.grid[-1]),)
        return Outcome(found, unknown, "failed" if whole else "ok", "no value" if unknown else "")

    def along(self, rays: Sequence[Ray]) -> list[Outcome]:
        """Return what is excluded along each of several `rays`."""
        return [self.excluded(ray) for ray in rays]

    def refused(self, ray: Ray) -> Outcome | None:
        """Return the outcome if model or mass of a `ray` are outside of what this limit covers, else None."""
        about = self.about
        if not isinstance(ray, Ray):
            raise ParameterError(f"{about.name} is asked along a ray: nuportal.ray('B-L', mass='10 MeV'), not {ray!r}")
        if ray.kind not in about.families:
            return Outcome(status="not applicable", reason=f"{about.name} is not defined for a {ray.kind} mediator")
        if not about.mass_low <= ray.mass <= about.mass_high:
            return Outcome(status="out of range", reason=f"{about.name} is valid for {about.mass_text} only")
        if (why := self.why_not(ray)) is not None:
            return Outcome(status="not applicable", reason=f"{about.name}: {why}")
        return None


def answered(limit: Limit, ask: Callable[[Ray, np.ndarray], np.ndarray], ray: Ray, y: np.ndarray) -> np.ndarray:
    """Return what a limit's own function says at y [n].

    Raises NuportalError as it does, and DataFileError if its code fails otherwise or does not answer each y with one
    number: the folder may be the user's.
    """
    try:
        found = np.asarray(ask(ray, y), dtype=float)
    except NuportalError:
        raise
    except Exception as error:
        raise DataFileError(f"{limit.about.name}: its code failed: {type(error).__name__}: {error}") from error
    if found.shape != np.shape(y):
        raise DataFileError(f"{limit.about.name}: {found.shape} values for {np.shape(y)} couplings")
    return found


class LikelihoodLimit(Limit):
    """A limit with a likelihood: excluded where -2 ln L rises above its minimum on the ray by the quantile of its `cl`.

    With the class attribute `favoured` it marks instead the band within that quantile of the minimum, where the
    Standard Model is not.

    Parameters
    ----------
    about, measurement, folder
        As in `Limit`. Subclasses define `deviance` in place of `ratio`.
    """

    favoured: ClassVar[bool] = False

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return -2 ln L(y) + 2 ln L(Standard Model) on a `ray` at `y` [n], profiled over nuisances [n]."""
        raise NotImplementedError

    def deviance_of_points(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return `deviance` for single points on a `ray` at `y` [n]: overridden where `deviance` interpolates."""
        return self.deviance(ray, y)

    def deviances(self, asked: Sequence[tuple[Ray, np.ndarray]]) -> list[np.ndarray]:
        """Return `deviance` for several rays, each at its own y: `asked` holds the pairs. Overridden where all at once
        is faster.
        """
        return [self.deviance(ray, y) for ray, y in asked]

    def excluded(self, ray: Ray) -> Outcome:
        """Return what is excluded along a `ray`; a limit that does not apply says why and excludes nothing."""
        return _along(self, [ray])[0]

    def along(self, rays: Sequence[Ray]) -> list[Outcome]:
        """Return what is excluded along each of several `rays`, asked of the likelihood together."""
        own = type(self).excluded is not LikelihoodLimit.excluded
        return super().along(rays) if own else _along(self, rays)


def _along(limit: LikelihoodLimit, rays: Sequence[Ray]) -> list[Outcome]:
    """The outcomes of a likelihood along rays: their questions are collected and answered together, round by round."""
    outcomes: dict[int, Outcome] = {}
    asking: dict[int, Generator[np.ndarray, np.ndarray, Outcome]] = {}
    waiting: dict[int, np.ndarray] = {}
    for k, ray in enumerate(rays):
        if (refused := limit.refused(ray)) is not None:
            outcomes[k] = refused
        else:
            asking[k] = _upper_part(limit, ray)
            waiting[k] = next(asking[k])
    while waiting:
        answers, waiting = _answers(limit, {k: (rays[k], y) for k, y in waiting.items()}), {}
        for k, answer in answers.items():
            if isinstance(answer, NuportalError):
                outcomes[k] = Outcome(failed=((rays[k].low, rays[k].high),), status="failed", reason=str(answer))
                continue
            try:
                waiting[k] = asking[k].send(answer)
            except StopIteration as done:
                outcomes[k] = done.value
    return [outcomes[k] for k in range(len(rays))]


def _answers(limit: LikelihoodLimit, asked: dict[int, tuple[Ray, np.ndarray]]) -> dict[int, np.ndarray | NuportalError]:
    """-2 ln L of each ray, or why there is none: where the code of a limit fails each ray is asked alone."""
    try:
        found = [np.asarray(one, dtype=float) for one in limit.deviances(list(asked.values()))]
        if [one.shape for one in found] == [np.shape(y) for _, y in asked.values()]:
            return dict(zip(asked, found, strict=True))
    except Exception:  # the folder may be the user's: said below of the ray that it concerns
        pass
    alone: dict[int, np.ndarray | NuportalError] = {}
    for k, (ray, y) in asked.items():
        try:
            alone[k] = answered(limit, limit.deviance, ray, y)
        except NuportalError as error:
            alone[k] = error
    return alone


def _upper_part(limit: LikelihoodLimit, ray: Ray) -> Generator[np.ndarray, np.ndarray, Outcome]:
    """Ask for -2 ln L; return where it exceeds its minimum on the ray by the quantile of cl, or the band within.

    Where the data prefer a signal to the Standard Model, models too weakly coupled to differ from the Standard Model
    are disfavoured with it; that is not an exclusion, and they are left out. Nothing is favoured where the Standard
    Model is inside the interval.
    """
    threshold = NormalDist().inv_cdf((1 + (limit.about.cl or 0.9)) / 2) ** 2  # chi^2 of one parameter
    along = yield ray.grid
    if np.isnan(along).all():
        return Outcome(failed=((ray.low, ray.high),), status="failed", reason="no value")
    lowest = min(0.0, float(np.nanmin(along)))
    sign = -1 if limit.favoured else 1
    edges = asking(ray.grid, logarithmic=ray.scale == "log")
    next(edges)  # asks for the grid, which is known
    answer = along
    while True:
        try:
            answer = yield edges.send(1 + sign * (answer - lowest - threshold) / threshold)
        except StopIteration as done:
            found, unknown = done.value
            break
    if limit.favoured:
        found = () if -lowest <= threshold else found
    elif -lowest > threshold and found and found[0][0] == ray.grid[0] and abs(along[0]) < threshold:
        found = found[1:]
    return Outcome(found, unknown, "ok", "no value" if unknown else "")
