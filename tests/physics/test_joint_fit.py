"""Several experiments in one fit: solar-flux nuisances are shared and counted once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from nuportal.errors import ParameterError
from nuportal.experiments.measurement import experiment
from nuportal.experiments.prediction import Prediction
from nuportal.inference.families import one_coupling
from nuportal.inference.fit import fit

MOMENT = "magnetic-moment"
BINNED = ("xenon1t_sr1", "lz_ws2022")


def brute_force(experiments, x):
    """-log L, written out experiment by experiment, minimised over every nuisance."""
    model = one_coupling(MOMENT).build(x) if x else None
    parts, free, limits = [], [], []
    for name in experiments:
        of = Prediction(name)
        parts.append((of.experiment, of.sm, of.excess(model) if model else 0 * of.sm, len(free)))
        if of.experiment.kind == "counts":
            free += [0.0, *(part.start for part, _ in of.experiment.free)]
            limits += [(None, None), *((part.low, part.high) for part, _ in of.experiment.free)]
    errors = np.array([of.sun.relative_error(c) for c in of.components])
    start = np.array([*(0.0 for _ in errors), *free])

    def nll(theta):
        flux, own = theta[: len(errors)], theta[len(errors) :]
        total = np.sum(flux**2) / 2
        for data, sm, excess, at in parts:
            moved = (errors * flux) @ (sm + excess) + excess.sum(axis=0)
            if data.kind == "rates":
                left = data.counts - sm.sum(axis=0) - moved
                total += left @ data.inverse_covariance @ left / 2
                continue
            mu = data.background * (1 + data.spec.background.relative_error * own[at]) + moved
            mu = mu + sum(own[at + 1 + k] * shape for k, (_, shape) in enumerate(data.free))
            mu = np.maximum(mu, 1e-9)
            total += np.sum(mu) - np.sum(data.counts * np.log(mu)) + own[at] ** 2 / 2
        return total

    bounds = [(None, None)] * len(errors) + limits
    options = {"ftol": 1e-15, "gtol": 1e-9, "maxfun": 100_000}
    return minimize(nll, start, method="L-BFGS-B", bounds=bounds, options=options).fun


@pytest.mark.parametrize("experiments", [BINNED, ("xenonnt_sr0", "borexino_phase2")])
def test_shared_fluxes_against_brute_force(experiments):
    joint = fit(MOMENT, experiments, flux_error="constrained")
    assert sum(name.startswith("flux") for name in joint.likelihood.names) == 8
    x = np.array([0.0, 1.5e-11, 4e-11])
    found, expected = joint.nll(x), np.array([brute_force(experiments, v) for v in x])
    assert found[1:] - found[0] == pytest.approx(expected[1:] - expected[0], abs=1e-4)


def test_minimum_of_joint_fit_is_that_of_its_profile():
    joint = fit(MOMENT, BINNED, flux_error="constrained")
    assert joint.statistic(joint.best * np.array([0.97, 1.0, 1.03])).min() == pytest.approx(0, abs=1e-6)
    assert {"flux pp", "lz_ws2022: argon37", "lz_ws2022: background"} <= set(joint.nuisances)


def copies(counts):
    """XENON1T twice, under two names, with these counts."""
    one = experiment("xenon1t_sr1")
    return [replace(one, path=Path(f"copy{k}"), counts=c) for k, c in enumerate(counts)]


def test_same_data_twice_is_twice_the_likelihood_with_one_prior():
    one = experiment("xenon1t_sr1")
    options = {"flux_error": "constrained", "background_error": 0.0}
    joint = fit(MOMENT, copies([one.counts, one.counts]), **options)
    double = replace(one, counts=2 * one.counts, background=2 * one.background)
    double = replace(double, detector=replace(one.detector, exposure=2 * one.detector.exposure))
    x = np.array([0.0, 1e-11, 2e-11, 3e-11])
    expected = fit(MOMENT, double, **options).nll(x)
    assert joint.nll(x) == pytest.approx(expected, rel=1e-9)


def test_independent_data_of_one_experiment():
    """The combined best value lies between, the interval shrinks; with fixed fluxes the statistics just add."""
    one = experiment("xenon1t_sr1")
    rng = np.random.default_rng(7)
    draws = [rng.poisson(one.background).astype(float) + extra for extra in (one.counts - one.background, 0.0)]
    pair = copies([np.round(np.maximum(d, 0)) for d in draws])
    for flux in ("fixed", "constrained"):
        single = [fit(MOMENT, one, flux_error=flux) for one in pair]
        joint = fit(MOMENT, pair, flux_error=flux)
        low, high = sorted(s.best for s in single)
        assert low < joint.best < high
        assert joint.upper_limit(0.90) < max(s.upper_limit(0.90) for s in single)
    x = np.array([0.0, 2e-11])
    added = sum(fit(MOMENT, one).nll(x) for one in pair)
    assert fit(MOMENT, pair).nll(x) == pytest.approx(added, rel=1e-9)


def test_an_experiment_counts_once():
    with pytest.raises(ParameterError, match="'xenon1t_sr1' is given twice"):
        fit(MOMENT, ["xenon1t_sr1", "XENON1T-SR1"])
