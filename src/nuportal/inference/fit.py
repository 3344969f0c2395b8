"""Fits of one coupling: best value, intervals, upper limits, significance, of one experiment or several together.

fit("B-L", "xenon1t_sr1", mass="10 keV").interval(0.90)
fit("magnetic-moment", ["xenonnt_sr0", "lz_ws2022"]).upper_limit(0.90)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from nuportal.errors import ParameterError
from nuportal.experiments.counting import CountingExperiment
from nuportal.experiments.measurement import Experiment
from nuportal.experiments.measurement import experiment as experiment_named
from nuportal.experiments.nuclear_prediction import NuclearPrediction, counting_prediction
from nuportal.experiments.prediction import Prediction
from nuportal.experiments.prediction import prediction as prediction_of
from nuportal.inference.build import FluxNuisance, likelihood
from nuportal.inference.families import OneCoupling, one_coupling
from nuportal.inference.fit_result import FitResult
from nuportal.inference.likelihood import JointLikelihood
from nuportal.inference.several import SeveralFit, several
from nuportal.readonly import FrozenDict
from nuportal.sources.sun import chosen as sun_given
from nuportal.units import Quantity

if TYPE_CHECKING:
    from nuportal.sources.sun import SolarNeutrinos

Experiments = str | Experiment | CountingExperiment | Sequence[str | Experiment | CountingExperiment]


@overload
def fit(
    model_family: Any, experiment: Experiments, parameter: str | None = None, *, parameters: None = None, **options: Any
) -> FitResult: ...


@overload
def fit(model_family: Any, experiment: Experiments, *, parameters: Sequence[str], **options: Any) -> SeveralFit: ...


def fit(
    model_family: Any,
    experiment: Experiments,
    parameter: str | None = None,
    *,
    parameters: Sequence[str] | None = None,
    mass: Quantity | None = None,
    sun: "SolarNeutrinos | str | None" = None,
    flux: str | Sequence[str] = "all",
    radiative: str = "flavour",
    binding: str = "step",
    background_error: float | None = None,
    flux_error: FluxNuisance = "fixed",
    efficiency_error: float = 0.0,
    window: tuple[float, float] | None = None,
    bin_width: float | None = None,
    **options: Any,
) -> FitResult | SeveralFit:
    """Fit the coupling of a family of models to one experiment, or to several together.

    Parameters
    ----------
    model_family : str, mapping, class or model
        A family such as "B-L", "vector", "magnetic-moment", charges, or a model whose other parameters are kept.
    experiment : str, Path, Experiment, CountingExperiment or sequence of these
        Names or folders; each data set once.
    parameter : str, optional
        What varies; default, the first combination of couplings that is free.
    parameters : sequence of str, optional
        Two or more to fit together, as axes of planes are written, "mass=1keV:1MeV:30" or a bare name (its range in
        planes of constraints); one of them is a coupling.
    mass : str or float, optional
        Mass with unit, or in MeV.
    sun : SolarNeutrinos or str, optional
        Solar model and oscillation parameters, or the name of the model.
    flux : str or sequence of str
        "all", a solar component, "CNO", or several.
    radiative : {"flavour", "common"}
        Weak couplings of the electron.
    binding : {"step", "rrpa"}
        Bound electrons as steps, or with the many-body ratio.
    background_error : float, optional
        Relative error of the normalisation of the background; default, that of the experiment, 0 fixes it.
    flux_error : {"fixed", "constrained"}
        Whether solar fluxes move within their errors.
    efficiency_error : float
        Relative error of the efficiency.
    window : tuple of 2 float, optional
        Bins within these energies in keV alone.
    bin_width : float, optional
        In keV; narrower bins are merged.
    **options
        Other parameters and choices of the family.

    Returns
    -------
    FitResult or SeveralFit
        The latter where `parameters` are given. The coupling is zero or positive.

    Raises
    ------
    UnknownNameError, DataFileError, ParameterError, NotApplicableError
        If a name is unknown, a folder malformed, a value not allowed, or no event is expected.

    Notes
    -----
    docs/physics/inference.md.

    Examples
    --------
    >>> import nuportal as nup
    >>> print(f"{nup.fit('B-L', 'xenonnt', mass='10 keV').upper_limit(0.90):.2e}")
    1.31e-07
    """
    single = isinstance(experiment, str | Experiment | CountingExperiment | Path)
    if not single and not isinstance(experiment, Iterable):
        raise ParameterError(f"experiment {experiment!r} is not a name, a folder or several of them")
    given = [experiment] if single else list(experiment)
    if not given:
        raise ParameterError("give at least one experiment")
    measured = [experiment_named(one) for one in given]
    keys = [one.key for one in measured]
    for key in keys:
        if keys.count(key) > 1:
            raise ParameterError(f"experiment '{key}' is given twice: its data would count twice")
    source = {"sun": sun_given(sun), "flux": flux, "radiative": radiative, "binding": binding, "bin_width": bin_width}
    predictions = tuple(_prediction(one, source) for one in measured)
    nuisances = {"background_error": background_error, "flux_error": flux_error, "window": window}
    data = Data(predictions, FrozenDict({**nuisances, "efficiency_error": efficiency_error}))
    kept: dict[str, Any] = {
        "flux": flux,
        "radiative": radiative,
        "binding": binding,
        "bin_width": bin_width,
        **data.choices,
    }
    if parameters is not None:
        if parameter is not None:
            raise ParameterError("give parameter or parameters, not both")
        return several(model_family, parameters, mass, options, data, kept)
    chosen = one_coupling(model_family, parameter, mass, **options)
    return FitResult(chosen, predictions, data(chosen), kept)


@dataclass(frozen=True)
class Data:
    """The likelihood of experiments in a family of which one coupling varies."""

    predictions: tuple[Prediction | NuclearPrediction, ...]
    choices: Mapping[str, Any]

    def __call__(self, chosen: OneCoupling) -> JointLikelihood:
        """Return the likelihood along the coupling that is chosen."""
        return JointLikelihood(tuple(likelihood(one, chosen, **self.choices) for one in self.predictions))


def _prediction(measured: Experiment | CountingExperiment, options: dict[str, Any]) -> Prediction | NuclearPrediction:
    """The prediction of an experiment; one of nuclear recoils has its own source and takes no options."""
    if isinstance(measured, CountingExperiment):
        return counting_prediction(measured)
    return prediction_of(measured, **options)
