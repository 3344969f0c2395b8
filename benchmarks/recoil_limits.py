"""What each ingredient does to today's limits: prints the table of docs/physics/inference.md.

python benchmarks/recoil_limits.py        # about 20 s
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nuportal.detectors.response import response
from nuportal.detectors.targets import KEV
from nuportal.experiments.measurement import Experiment, experiment
from nuportal.experiments.prediction import Prediction
from nuportal.inference.build import likelihood
from nuportal.inference.families import one_coupling
from nuportal.inference.fit import FitResult
from nuportal.inference.likelihood import JointLikelihood
from nuportal.sources.sun import SolarNeutrinos

HIDDEN = one_coupling("hidden-neutrino", mass=0, convention="as-printed")
MOMENT = one_coupling("magnetic-moment")
COLUMNS = ((HIDDEN, "xenonnt_sr0", 0.95), (MOMENT, "xenonnt_sr0", 0.90), (HIDDEN, "lz_ws2022", 0.95))


def result(chosen, data, change: Callable[[Prediction], None] | None = None, sun=None, choices=None, **options):
    """Fit with a changed folding: options of `Prediction`; choices: of `inference.build.likelihood`."""
    prediction = Prediction(data, sun=sun, **options)
    if change is not None:
        change(prediction)
    part = likelihood(prediction, chosen, **(choices or {}))
    return FitResult(chosen, (prediction,), JointLikelihood((part,)))


def efficiency_at_true_energy(of: Prediction) -> None:
    """The efficiency multiplies the rate before the resolution."""
    detector = of.experiment.detector
    flat = replace(detector, efficiency=(np.array([0.0, 1e3]), np.ones(2)))
    folded = response(flat, of.experiment.edges, of.binding)
    curve = np.interp(folded.recoil_energy / KEV, *detector.efficiency)
    of.response = replace(folded, matrix=folded.matrix * curve)


def above(least_kev: float) -> Callable[[Prediction], None]:
    """No light or charge from true energies below."""

    def cut(of: Prediction) -> None:
        keep = of.response.recoil_energy > least_kev * KEV
        of.response = replace(of.response, matrix=of.response.matrix * keep)

    return cut


def efficiency_at_bin_centre(of: Prediction) -> None:
    """One efficiency for each bin."""
    detector, edges = of.experiment.detector, of.experiment.edges
    flat = replace(detector, efficiency=(np.array([0.0, 1e3]), np.ones(2)))
    curve = np.interp((edges[1:] + edges[:-1]) / 2, *detector.efficiency)
    folded = response(flat, edges, of.binding)
    of.response = replace(folded, matrix=folded.matrix * curve[:, None])


def argon_fixed(measured: Experiment) -> Experiment:
    """The 37Ar line at the published 52.5 events, part of the background."""
    extra = sum(part.start * template for part, template in measured.free)
    return replace(measured, background=measured.background + extra, free=())


def resolution(a: float, b: float) -> Callable[[Experiment], Experiment]:
    """Return the experiment with sigma = a sqrt(E) + b E."""
    return lambda measured: replace(measured, detector=replace(measured.detector, resolution=(a, b)))


VARIED: dict[str, dict] = {
    "default": {},
    "bins of 1 keV": {"data": lambda m: m.merged(1.0)},
    "bins of 2 keV": {"data": lambda m: m.merged(2.0)},
    "without the first keV of XENONnT (2-30), of LZ (1-20)": {"window": {"xenonnt_sr0": (2, 30), "lz_ws2022": (1, 20)}},
    "up to 10 keV": {"choices": {"window": (0.0, 10.0)}},
    "efficiency at true energy": {"change": efficiency_at_true_energy},
    "efficiency of the bin's centre": {"change": efficiency_at_bin_centre},
    "no signal from below 0.5 keV": {"change": above(0.5)},
    "no signal from below 1 keV": {"change": above(1.0)},
    "resolution 0.33 sqrt(E)": {"data": resolution(0.33, 0.0)},
    "background fixed": {"choices": {"background_error": 0.0}},
    "background 8 %": {"choices": {"background_error": 0.08}},
    "background free (90 %)": {"choices": {"background_error": 0.9}},
    "37Ar fixed to 52.5 events": {"data": argon_fixed},
    "solar fluxes as nuisances": {"choices": {"flux_error": "constrained"}},
    "efficiency +- 5 %": {"choices": {"efficiency_error": 0.05}},
    "solar model BP04": {"sun": SolarNeutrinos("BP04")},
    "P_ee of vacuum": {"sun": SolarNeutrinos(survival="vacuum")},
    "pp and 7Be alone": {"flux": ("pp", "7Be")},
    "many-body ratio for the signal": {"binding": "rrpa"},
}


def limits(data: Callable[[Experiment], Experiment] = lambda m: m, window=None, sided="two", **options) -> list[float]:
    """Return the three limits."""
    found = []
    for chosen, name, cl in COLUMNS:
        own = options | ({"choices": {"window": window[name]}} if window else {})
        found.append(result(chosen, data(experiment(name)), **own).upper_limit(cl, sided))
    return found


def main() -> None:
    default = limits()
    rows = [(name, limits(**options)) for name, options in VARIED.items()]
    rows.append(("one-sided limit", limits(sided="one")))
    expected = []
    for chosen, name, cl in COLUMNS:
        asimov = experiment(name)
        extra = sum(part.start * template for part, template in asimov.free)
        expected.append(result(chosen, replace(asimov, counts=asimov.background + extra)).upper_limit(cl))
    rows.append(("median limit expected without signal", expected))
    print("| ingredient | XENONnT, product | XENONnT, mu_nu | LZ, product |\n|---|---|---|---|")
    for name, values in rows:
        cells = [f"{v:.3g} ({100 * (v / d - 1):+.1f} %)" for v, d in zip(values, default, strict=True)]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
