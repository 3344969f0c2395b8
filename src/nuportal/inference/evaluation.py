"""One point against every constraint: excluded or not, how far, with what likelihood.

nup.evaluate(nup.U1X("B-L", mass="10 MeV", g=1e-6))            # a table, strongest first
nup.loglike(nup.U1X("B-L", mass="10 MeV", g=1e-6), "recoil")     # ln L relative to the Standard Model
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal.errors import NotApplicableError, NuportalError, unknown_name
from nuportal.inference.constraints import deviance, has_likelihood, independent, observed_neff, refuse_shared
from nuportal.inference.neff_prediction import Predicted, neff_at
from nuportal.limits.base import Limit, Status
from nuportal.limits.intervals import Interval
from nuportal.limits.registry import groups, layers
from nuportal.limits.registry import limits as limits_named
from nuportal.limits.solved import Universe, solutions
from nuportal.limits.through import through
from nuportal.planes.constraints import constraint as neff_constraint
from nuportal.planes.observations import standard_model
from nuportal.provenance import stamp
from nuportal.shown import Tabled

if TYPE_CHECKING:
    from nuportal.limits.ray import Ray

Constraints = str | Path | Limit | Iterable[str | Path | Limit]


@dataclass(frozen=True)
class Verdict(Tabled):
    """What one constraint says of one point.

    Attributes
    ----------
    name, label, group : str
        Of the constraint.
    kind : {"exclusion", "projection", "band", "boundary"}
        Excludes, would exclude, favours, or marks.
    status : {"ok", "not applicable", "out of range", "failed"}
        Whether there is an answer.
    excluded : bool or None
        Whether the point lies in the region that the constraint marks; None without an answer.
    ratio : float or None
        The coupling over the edge of that region when all couplings are scaled together, for N_eff its shift over the
        largest one allowed; above 1 inside. None where no edge is in reach.
    loglike : float or None
        ln L relative to the Standard Model; None without a likelihood.
    cl : float or None
        Confidence level.
    reason : str
        Why there is no answer.
    data, references : tuple of str
        The data sets it rests on, and BibTeX keys.
    """

    name: str
    label: str
    group: str
    kind: str
    status: Status
    excluded: bool | None
    ratio: float | None
    loglike: float | None
    cl: float | None
    reason: str
    data: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def speaks(self) -> bool:
        """Whether the constraint has an answer for the point."""
        return self.excluded is not None


@dataclass(frozen=True)
class Evaluation:
    """What every constraint says of one model; iterable, and by name: `evaluation["borexino"].ratio`.

    Attributes
    ----------
    model
        The model.
    verdicts : tuple of Verdict
        Exclusions that cover the point come first, the strongest of them at the top.
    used : tuple of str
        The constraints of which `loglike` is the sum.
    """

    model: Any
    verdicts: tuple[Verdict, ...]
    used: tuple[str, ...]

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    def __len__(self) -> int:
        return len(self.verdicts)

    def __getitem__(self, name: str) -> Verdict:
        for verdict in self.verdicts:
            if verdict.name == name:
                return verdict
        raise unknown_name("constraint of this evaluation", str(name), (v.name for v in self.verdicts))

    @property
    def excluded(self) -> bool:
        """Whether any exclusion covers the point."""
        return bool(self.excluded_by)

    @property
    def excluded_by(self) -> tuple[str, ...]:
        """Names of the exclusions that cover the point, strongest first."""
        return tuple(v.name for v in self.verdicts if v.kind == "exclusion" and v.excluded)

    @property
    def strongest(self) -> Verdict | None:
        """The exclusion with the largest ratio, or None if none has an answer."""
        return next((v for v in self.verdicts if v.kind == "exclusion" and v.speaks and v.ratio is not None), None)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the constraints that apply but gave no answer."""
        return tuple(v.name for v in self.verdicts if v.status == "failed")

    @cached_property
    def loglike(self) -> float:
        """ln L relative to the Standard Model, each data set counted once (those in `used`); NaN if one failed."""
        return float(sum(self._term(self[name]) for name in self.used))

    @staticmethod
    def _term(verdict: Verdict) -> float:
        if verdict.status == "failed":
            return float("nan")
        return verdict.loglike or 0.0

    def to_dict(self) -> dict[str, object]:
        """Return the evaluation as plain values, with its provenance."""
        total = self.loglike
        works = dict.fromkeys(key for v in self.verdicts if v.speaks for key in v.references)
        return {
            "model": self.model.describe(),
            "excluded": self.excluded,
            "excluded_by": list(self.excluded_by),
            "loglike": total if np.isfinite(total) else None,
            "loglike_of": list(self.used),
            "constraints": [
                asdict(v) | {"data": list(v.data), "references": list(v.references)} for v in self.verdicts
            ],
            "provenance": stamp(self.model.describe(), {"constraints": [v.name for v in self.verdicts]}, list(works)),
        }

    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """Return what is printed of the constraints that have an answer: name, kind, verdict, ratio, ln L."""
        word = {"exclusion": "excluded", "projection": "would be excluded", "band": "favoured", "boundary": "inside"}
        return [
            (
                v.name,
                v.kind,
                word[v.kind] if v.excluded else "allowed" if v.kind != "band" else "outside",
                f"{v.ratio:.3g}" if v.ratio is not None else "",
                f"{v.loglike:+.2f}" if v.loglike is not None else "",
            )
            for v in self.verdicts
            if v.speaks
        ]

    @property
    def summary(self) -> str:
        """One line: the model, excluded or not and by what, and the combined likelihood."""
        verdict = f"excluded by {', '.join(self.excluded_by)}" if self.excluded else "excluded by nothing here"
        return f"{self.model!r}: {verdict}; ln L - ln L(Standard Model) = {self.loglike:+.2f}"

    def __repr__(self) -> str:
        return f"<Evaluation of {len(self)} constraints: {self.summary}>"

    def __str__(self) -> str:
        head = ("constraint", "kind", "verdict", "ratio", "ln L")
        rows = [head, *self.rows()]
        widths = [max(len(row[k]) for row in rows) for k in range(len(head))]
        lines = ["  ".join(f"{text:{w}}" for text, w in zip(row, widths, strict=True)).rstrip() for row in rows]
        silent = [f"{v.name}: {v.reason}" for v in self.verdicts if v.status == "failed"]
        return "\n".join([self.summary, *lines, *silent])

    def _repr_html_(self) -> str:
        cells = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in self.rows())
        head = "".join(f"<th>{text}</th>" for text in ("constraint", "kind", "verdict", "ratio", "ln L"))
        return f"<p>{escape(self.summary)}</p><table><tr>{head}</tr>{cells}</table>"


def evaluate(model: Any, constraints: Constraints = "all") -> Evaluation:
    """Return what each constraint says of a model, strongest exclusion first.

    Parameters
    ----------
    model
        Any model with all its parameters.
    constraints : str, Path, Limit or iterable of these
        "all" (the default layer), names, groups ("astrophysics"), layers, folders, `Limit` objects; "-name" takes away
        ("all,-cosmology").

    Returns
    -------
    Evaluation
        A user's limit whose code fails is reported in it as failed.

    Raises
    ------
    UnknownNameError, DataFileError, NotApplicableError
        If a constraint is unknown, its folder is malformed, or the model is none that constraints hold for.

    Examples
    --------
    >>> import nuportal as nup
    >>> found = nup.evaluate(nup.U1X("B-L", mass="10 MeV", g=1e-6), ["borexino", "e137"])
    >>> found.excluded_by
    ('e137',)
    """
    chosen = limits_named(constraints)  # type: ignore[arg-type]
    ray, at = through(model)
    neff = _Neff(model, partial(solutions(ray).at, ray.at, at))
    found = [_verdict(limit, ray, at, neff) for limit in chosen]
    order = {"exclusion": 0, "projection": 1, "band": 2, "boundary": 3}
    found.sort(key=lambda v: (not v.speaks, order[v.kind], not v.excluded, -(v.ratio or 0.0), v.name))
    return Evaluation(model, tuple(found), tuple(limit.about.name for limit in independent(chosen)))


def loglike(model: Any, constraints: Constraints = "all") -> float:
    """Return ln L(model) - ln L(Standard Model), summed over constraints with a likelihood, each data set once.

    Parameters
    ----------
    model
        Any model with all its parameters.
    constraints : str, Path, Limit or iterable of these
        As in `evaluate`. Of "all", groups and layers the independent likelihoods are taken; constraints that are named
        must each have one and share no data.

    Returns
    -------
    float
        A constraint that says nothing about the model, or not at its mass, contributes 0; NaN where a calculation
        failed.

    Raises
    ------
    ParameterError, NotApplicableError, UnknownNameError
        If named constraints share data, have no likelihood, or are unknown.

    Examples
    --------
    >>> import nuportal as nup
    >>> print(f"{nup.loglike(nup.U1X('B-L', mass='10 keV', g=4e-7), ['xenonnt', 'lz']):.0f}")
    -177
    """
    ray, at = through(model)
    neff = _Neff(model, partial(solutions(ray).at, ray.at, at))
    total = 0.0
    for limit in _likelihoods(constraints):
        about = limit.about
        covered = ray.kind in about.families and about.mass_low <= ray.mass <= about.mass_high
        if covered if observed_neff(limit) is not None else limit.refused(ray) is None:
            total += _loglike(limit, ray, at, neff)[0]
    return total


def _likelihoods(constraints: Constraints) -> tuple[Limit, ...]:
    """The likelihoods that are asked for, each data set once."""
    every = limits_named(constraints)  # type: ignore[arg-type]
    given = str(constraints).split(",") if isinstance(constraints, str | Path) else constraints
    given = [given] if isinstance(given, Limit) else [c if isinstance(c, Limit) else str(c).strip() for c in given]
    wide = {"all", *layers(), *groups(), *(g.replace(" ", "-") for g in groups())}
    named = limits_named([c for c in given if c not in wide and not str(c).startswith("-")])
    for limit in named:
        if not has_likelihood(limit):
            raise NotApplicableError(f"{limit.about.name} has no likelihood, only a limit")
    refuse_shared(named)
    taken = {data for limit in named for data in limit.about.data_sets}
    others = [c for c in independent(every) if taken.isdisjoint(c.about.data_sets)]
    removed = limits_named([str(c)[1:] for c in given if str(c).startswith("-")])
    return tuple(c for c in (*named, *others) if c not in removed)


class _Neff:
    """N_eff of the model, calculated at the first question."""

    def __init__(self, model: Any, solve: Callable[[], Universe]):
        self.model, self.solve = model, solve
        self.undefined = ""  #: why N_eff is not defined for such models

    @cached_property
    def predicted(self) -> Predicted:
        """The prediction, or NaN with the reason."""
        try:
            return neff_at(self.model, self.solve)
        except NotApplicableError as error:
            self.undefined = str(error)
            return Predicted(np.nan, np.nan, str(error))
        except NuportalError as error:
            return Predicted(np.nan, np.nan, str(error))


def _loglike(limit: Limit, ray: "Ray", at: float, neff: _Neff) -> tuple[float, str]:
    """ln L relative to the Standard Model, and why there is none."""
    seen = observed_neff(limit)
    if seen is not None:
        found = neff.predicted
        if neff.undefined:
            return 0.0, ""
        return (-0.5 * seen.deviance(found.neff, found.theory_error), found.reason)
    try:
        return -0.5 * float(deviance(limit, ray, np.array([at]), points=True)[0]), ""
    except NuportalError as error:
        return float("nan"), str(error)


def _verdict(limit: Limit, ray: "Ray", at: float, neff: _Neff) -> Verdict:
    about = limit.about
    status, excluded, ratio, reason = (
        _by_neff(limit, ray, neff) if observed_neff(limit) is not None else _by_coupling(limit, ray, at)
    )
    value: float | None = None
    if status == "ok" and has_likelihood(limit):
        value, why = _loglike(limit, ray, at, neff)
        if not np.isfinite(value):
            status, value, reason = "failed", None, why or "no value"
    return Verdict(
        name=about.name,
        label=about.plain_label,
        group=about.group,
        kind=about.kind,
        status=status,
        excluded=excluded if status == "ok" else None,
        ratio=ratio,
        loglike=value,
        cl=about.cl,
        reason=reason,
        data=about.data_sets,
        references=about.references,
    )


def _by_neff(limit: Limit, ray: "Ray", neff: _Neff) -> tuple[Status, bool | None, float | None, str]:
    about = limit.about
    if ray.kind not in about.families:
        return "not applicable", None, None, f"{about.name} is not defined for a {ray.kind} mediator"
    if not about.mass_low <= ray.mass <= about.mass_high:
        return "out of range", None, None, f"{about.name} is valid for {about.mass_text} only"
    found = neff.predicted
    if neff.undefined:
        return "not applicable", None, None, neff.undefined
    if not np.isfinite(found.neff):
        return "failed", None, None, found.reason or "no value"
    allowed = neff_constraint(limit.measurement.observation)  # type: ignore[attr-defined]
    if about.kind == "band":
        return "ok", bool(allowed.low <= found.neff <= allowed.high), None, ""
    shift = found.neff - standard_model()
    edge = (allowed.high if shift > 0 else allowed.low) - standard_model()
    ratio = float(shift / edge) if np.isfinite(edge) and edge * shift > 0 else 0.0 if np.isinf(edge) else None
    return "ok", bool(allowed.outside(np.array(found.neff))), ratio, ""


def _by_coupling(limit: Limit, ray: "Ray", at: float) -> tuple[Status, bool | None, float | None, str]:
    found = limit.excluded(ray)
    if found.status != "ok":
        return found.status, None, None, found.reason
    if any(low <= at <= high for low, high in found.failed):
        return "failed", None, None, found.reason or "no value"
    inside = next((part for part in found.excluded if part[0] <= at <= part[1]), None)
    if inside is not None:
        return "ok", True, at / inside[0], ""
    return "ok", False, _distance(found.excluded, at), ""


def _distance(excluded: tuple[Interval, ...], at: float) -> float | None:
    """The coupling over the edge that is nearest in ratio, below 1; None where nothing is excluded."""
    nearest = [min(at / low, high / at) if at > high else at / low for low, high in excluded]
    return max(nearest, default=None)
