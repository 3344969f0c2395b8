"""What a scan can record of a model: one name for each, each with its unit, source and way to calculate it.

neff                                     evolve(model, ...).neff; also neff_numerical_error, neff_theory_error
Y_p, D_H, He3_H, Li7_H                   light elements of that history
excluded, loglike, ratio                 evaluate(model, constraints): excluded by any, ln L, ratio of the strongest
excluded:NAME, loglike:NAME, ratio:NAME  the same of one constraint, or of a group such as astrophysics
best:EXPERIMENT, upper_limit:EXPERIMENT, significance:EXPERIMENT    fit(model, EXPERIMENT) of the model's coupling
"""

import inspect
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from nuportal.errors import NotApplicableError, NuportalError, ParameterError, UnknownNameError, unknown_name
from nuportal.scans.spec import ScanSpec

HISTORY = ("neff", "neff_numerical_error", "neff_theory_error")
ELEMENTS = ("Y_p", "D_H", "He3_H", "Li7_H")
JUDGED = ("excluded", "loglike", "ratio")
FITTED = ("best", "upper_limit", "significance")
YIELD_OPTIONS = ("omega_b", "tau_n", "rates")
LEVEL = 0.90  #: confidence level of upper_limit

_LONG = {
    "neff": "effective number of neutrinos",
    "neff_numerical_error": "numerical error of neff",
    "neff_theory_error": "theory error of neff",
    "Y_p": "helium mass fraction",
    "D_H": "deuterium over hydrogen",
    "He3_H": "helium-3 over hydrogen",
    "Li7_H": "lithium-7 over hydrogen",
    "excluded": "1: inside what is marked as excluded (a band: favoured), 0: outside",
    "loglike": "ln L - ln L(Standard Model)",
    "ratio": "coupling over the edge of the excluded region (N_eff: shift over the largest allowed)",
    "best": "best value of the coupling",
    "upper_limit": "upper limit of the coupling at 90 %",
    "significance": "preference for the model over the Standard Model, standard deviations",
}


class Found(NamedTuple):
    """A value; NaN with the reason where there is none. warning: what the value leaves out."""

    value: float
    reason: str = ""
    warning: str = ""


class Observable(NamedTuple):
    """A name and, after a colon, the constraint, group or experiment that it is about."""

    name: str
    subject: str = ""

    @property
    def full(self) -> str:
        """The name as given."""
        return f"{self.name}:{self.subject}" if self.subject else self.name

    @property
    def label(self) -> str:
        """The name in the dataset: a folder goes by the name of the constraint or experiment in it."""
        if "/" not in self.subject:
            return self.full
        from nuportal.experiments.measurement import experiment
        from nuportal.limits.registry import limit

        return f"{self.name}:{experiment(self.subject).key if self.name in FITTED else limit(self.subject).about.name}"

    @property
    def long_name(self) -> str:
        """What it is, for the file."""
        return _LONG[self.name] + (f" ({self.label.partition(':')[2]})" if self.subject else "")


def history_options() -> tuple[str, ...]:
    """Return the keywords of `evolve` that a scan takes."""
    from nuportal.cosmology.evolve import evolve

    return tuple(name for name in inspect.signature(evolve).parameters if name not in ("model", "options"))


def parse(text: object) -> Observable:
    """Return an observable by name. Raises UnknownNameError, ParameterError."""
    name, colon, subject = str(text).strip().partition(":")
    if name not in _LONG:
        raise unknown_name("observable", name, _LONG)
    if name in FITTED and not subject:
        raise ParameterError(f"{name} is that of a fit: give the experiment, such as {name}:xenonnt_sr0")
    if colon and (name in (*HISTORY, *ELEMENTS) or not subject):
        raise ParameterError(f"observable '{text}' is not allowed: {name} is of the model alone")
    return Observable(name, subject)


def check(chosen: Iterable[Observable], constraints: tuple[str, ...]) -> dict[str, str]:
    """Return hashes of the limits and experiments that the observables use. Raises UnknownNameError, DataFileError,
    NotApplicableError (ln L of a constraint without likelihood).
    """
    from nuportal.experiments.measurement import experiment
    from nuportal.inference.constraints import has_likelihood
    from nuportal.limits.registry import limits
    from nuportal.planes.exclusion_build import content

    found: dict[str, str] = {}
    for one in chosen:
        if one.name in JUDGED:
            used = limits(one.subject or constraints)
            if one.name == "loglike" and not any(has_likelihood(limit) for limit in used):
                raise NotApplicableError(f"{one.subject or ', '.join(constraints)} has no likelihood, only a limit")
            found |= {limit.about.name: content(limit.folder) for limit in used}
        elif one.name in FITTED:
            measured = experiment(one.subject)
            found[measured.key] = content(measured.path)
    return found


def references(chosen: Iterable[Observable], constraints: tuple[str, ...]) -> list[str]:
    """Return the BibTeX keys of what the observables rest on."""
    from nuportal.cosmology.evolve import REFERENCES
    from nuportal.experiments.measurement import experiment
    from nuportal.limits.registry import limits

    keys: list[str] = []
    for one in chosen:
        if one.name in (*HISTORY, *ELEMENTS):
            keys += REFERENCES
        if one.name in ELEMENTS:
            from nuportal.cosmology.nucleosynthesis.yields import REFERENCES as NUCLEAR

            keys += NUCLEAR
        elif one.name in JUDGED:
            keys += [key for limit in limits(one.subject or constraints) for key in limit.about.references]
        elif one.name in FITTED:
            keys += experiment(one.subject).references
    return list(dict.fromkeys(" ".join(keys).split()))


class Point:
    """One model and what has been calculated of it; every calculation is done once."""

    def __init__(self, spec: ScanSpec, index: int):
        self.spec = spec
        self.model: Any = spec.model(index)

    def find(self, asked: Observable) -> Found:
        """Return the value of one observable. Raises UnknownNameError for options that do not exist."""
        try:
            if asked.name in HISTORY:
                return self._of_history(asked.name.removeprefix("neff_"))
            if asked.name in ELEMENTS:
                return self._of_elements(asked.name)
            if asked.name in JUDGED:
                return self._judged(asked)
            return self._fitted(asked)
        except UnknownNameError:
            raise
        except NuportalError as error:
            return Found(np.nan, str(error))

    @cached_property
    def _history(self) -> Any:
        from nuportal.cosmology.evolve import evolve

        given = self.spec.options
        return evolve(self.model, **{name: given[name] for name in history_options() if name in given})  # type: ignore[arg-type]

    @cached_property
    def _elements(self) -> Any:
        given = self.spec.options
        return self._history.yields(**{name: given[name] for name in YIELD_OPTIONS if name in given})

    @cached_property
    def _fits(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _verdicts(self) -> Mapping[str, Any]:
        """What every constraint that the scan asks for says of the model."""
        from nuportal.inference.evaluation import evaluate
        from nuportal.limits.registry import limits

        judged = [one for one in map(parse, self.spec.observables) if one.name in JUDGED]
        every = dict.fromkeys(c for one in judged for c in limits(one.subject or self.spec.constraints))
        return {verdict.name: verdict for verdict in evaluate(self.model, list(every))}

    def _of_history(self, name: str) -> Found:
        history = self._history
        value = float(getattr(history, name))
        warning = "; ".join(str(w) for w in history.warnings)
        return Found(value, "" if np.isfinite(value) else history.status.message, warning)

    def _of_elements(self, name: str) -> Found:
        try:
            found = self._elements
        except NotApplicableError as error:
            return Found(np.nan, str(error).partition(": ")[0])  # without the numbers of this point
        value = float(getattr(found, name))
        return Found(value, "" if np.isfinite(value) else found.status.message, "; ".join(found.warnings))

    def _judged(self, asked: Observable) -> Found:
        from nuportal.inference.constraints import independent
        from nuportal.limits.registry import limits

        used = limits(asked.subject or self.spec.constraints)
        verdicts = [self._verdicts[limit.about.name] for limit in used]
        alone = len(verdicts) == 1
        if asked.name == "loglike":
            names = {limit.about.name for limit in (used if alone else independent(used))}
            verdicts = [v for v in verdicts if v.name in names]
            if failed := [v for v in verdicts if v.status == "failed"]:
                return Found(np.nan, f"{failed[0].name}: {failed[0].reason}")
            return Found(float(sum(v.loglike or 0.0 for v in verdicts)))
        verdicts = verdicts if alone else [v for v in verdicts if v.kind == "exclusion"]
        spoken = [v for v in verdicts if v.speaks]
        if asked.name == "ratio":
            known = [v.ratio for v in spoken if v.ratio is not None]
            why = "no edge in reach" if spoken else self._silence(verdicts)
            return Found(max(known)) if known else Found(np.nan, why)
        if any(v.excluded for v in spoken):
            return Found(1.0)
        if not spoken or any(v.status == "failed" for v in verdicts):
            return Found(np.nan, self._silence(verdicts))
        return Found(0.0)

    @staticmethod
    def _silence(verdicts: Iterable[Any]) -> str:
        """Why constraints say nothing: a failure first."""
        silent = sorted((v for v in verdicts if not v.speaks), key=lambda v: v.status != "failed")
        if silent and (len(silent) == 1 or silent[0].status == "failed"):
            return silent[0].reason
        return "none of the constraints applies"

    def _fitted(self, asked: Observable) -> Found:
        from nuportal.inference.fit import fit

        if asked.subject not in self._fits:
            self._fits[asked.subject] = fit(self.model, asked.subject)
        found = self._fits[asked.subject]
        return Found(float(found.upper_limit(LEVEL) if asked.name == "upper_limit" else getattr(found, asked.name)))
