"""From experiment, family and choice of nuisances to a likelihood."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np

from nuportal.errors import NotApplicableError, ParameterError, unknown_name
from nuportal.experiments.nuclear_prediction import NuclearPrediction
from nuportal.experiments.prediction import Prediction
from nuportal.inference.families import OneCoupling, excess_series
from nuportal.inference.likelihood import CountsLikelihood, Likelihood, RatesLikelihood
from nuportal.sources.parts import describe
from nuportal.units import converted

FluxNuisance = Literal["fixed", "constrained"]


def likelihood(prediction: Prediction | NuclearPrediction, chosen: OneCoupling, **choices: Any) -> Likelihood:
    """Return the likelihood of one experiment in one family: that of `of_series` with the family's excess.

    Raises as `of_series`, and NotApplicableError without a signal: the mass is above the kinematic reach.
    """
    return of_series(prediction, excess_series(chosen, prediction), **choices)


def of_series(
    prediction: Prediction | NuclearPrediction,
    by_component: np.ndarray,
    *,
    background_error: float | None = None,
    flux_error: FluxNuisance = "fixed",
    efficiency_error: float = 0.0,
    window: tuple[float, float] | None = None,
) -> Likelihood:
    """Return the likelihood of one experiment; nuisances of the experiment alone carry its name.

    by_component: the excess per x^k, k = 1..4, (4, components, bins), as `families.excess_series` gives it.
    background_error: relative error of the normalisation (None: the experiment's; 0: fixed). flux_error:
    "constrained" gives each solar component a nuisance of the solar model's error, which experiments fitted together
    share. efficiency_error: relative. Counting experiments of nuclear recoils carry the error of their expectation, of
    which detectors at one beam share that of its flux.
    window: bins within these reconstructed energies (keV) only. Raises ParameterError, UnknownNameError,
    NotApplicableError (no signal: the mass is above the kinematic reach).
    """
    measured = prediction.experiment
    if flux_error not in get_args(FluxNuisance):
        raise unknown_name("flux_error", str(flux_error), get_args(FluxNuisance))
    for name, error in (("background_error", background_error or 0.0), ("efficiency_error", efficiency_error)):
        if not isinstance(error, int | float) or not 0 <= error < 1:
            raise ParameterError(f"{name} = {error} is not allowed: it must lie between 0 and 1")
    keep = np.ones(len(measured.counts), dtype=bool)
    if window is not None:
        if not isinstance(window, Sequence) or isinstance(window, str) or len(window) != 2:
            raise ParameterError(f"window = {window!r} is not allowed: give (low, high) in keV")
        window = (converted(window[0], "window", ("keV",)), converted(window[1], "window", ("keV",)))
        keep = (measured.low >= window[0]) & (measured.high <= window[1])
        if not keep.any():
            raise ParameterError(f"window {window[0]:g} to {window[1]:g} keV holds no bin of {measured.name}")
    by_component = by_component[..., keep]
    series = by_component.sum(axis=1)
    if not np.any(series):
        why = "the mass is above the kinematic reach of these fluxes, or nothing couples to what recoils"
        raise NotApplicableError(f"no event in {measured.name}: {why}")
    rates = measured.kind != "counts"
    expected = prediction.sm.sum(axis=0)[keep] if rates else measured.background[keep]
    whole = np.concatenate([expected[None], series])  # expectation as a polynomial, k = 0..4
    names: list[str] = []
    shifts: list[np.ndarray] = []
    if not rates:
        assert measured.spec.background is not None
        error = measured.spec.background.relative_error if background_error is None else background_error
        if error > 0:
            names.append(f"{measured.key}: background")
            shifts.append(np.concatenate([error * expected[None], np.zeros((4, keep.sum()))]))
    if measured.kind == "nuclear":  # whose expectation has an error, that of the flux included
        events = measured.spec.events
        errors = {f"{measured.key}: expectation": events.own_error, f"flux {events.beam}": events.flux_error}
        for name, part in errors.items():
            if part > 0:
                names.append(name)
                shifts.append(part * whole)
    elif flux_error == "constrained":
        for c, component in enumerate(prediction.components):
            own = np.concatenate([prediction.sm[c : c + 1, keep], by_component[:, c]])
            names.append(f"flux {component}")
            shifts.append(prediction.sun.relative_error(component) * own)
    if efficiency_error > 0:
        names.append(f"{measured.key}: efficiency")
        shifts.append(efficiency_error * whole)
    if measured.kind == "nuclear":
        weight = np.array([[measured.spec.events.error**-2]])
        return RatesLikelihood(measured.counts[keep], expected, series, _stack(shifts, keep), weight, tuple(names))
    if rates:
        covariance: np.ndarray = np.linalg.inv(np.asarray(measured.inverse_covariance, dtype=float))
        weight: np.ndarray = np.linalg.inv(covariance[np.ix_(keep, keep)])
        return RatesLikelihood(measured.counts[keep], expected, series, _stack(shifts, keep), weight, tuple(names))
    prior = [True] * len(names)
    low, high = [-np.inf] * len(names), [np.inf] * len(names)
    for part, template in measured.free:
        names.append(f"{measured.key}: {part.name}")
        shifts.append(np.concatenate([template[None, keep], np.zeros((4, keep.sum()))]))
        prior.append(False)
        low.append(part.low)
        high.append(part.high)
    bounds = np.array(low), np.array(high)
    return CountsLikelihood(
        measured.counts[keep],
        expected,
        series,
        _stack(shifts, keep),
        np.array(prior, dtype=bool),
        *bounds,
        tuple(names),
    )


def references(predictions: Sequence[Prediction | NuclearPrediction]) -> tuple[str, ...]:
    """Return the BibTeX keys of the experiments and of the sources of neutrinos, each once."""
    works = [key for p in predictions for key in p.experiment.references]
    works += [key for p in predictions for key in describe(p.source)["references"]]  # type: ignore[attr-defined]
    return tuple(dict.fromkeys(" ".join(works).split()))


def _stack(shifts: list[np.ndarray], keep: np.ndarray) -> np.ndarray:
    return np.array(shifts).reshape(len(shifts), 5, int(keep.sum()))
