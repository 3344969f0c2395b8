"""Recoil spectrum of one model in one experiment or target: data, background, what the model adds, by part of the flux.

recoil_spectrum(model, "xenonnt")                                       # electrons, the Sun
recoil_spectrum(model, "coherent-csi")                                  # nuclei, pions at rest
recoil_spectrum(model, "germanium", recoil="nuclear", source="reactor", source_flux=1.5e13, exposure="327 kg d")
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from nuportal import provenance, sealed
from nuportal.detectors.targets import targets
from nuportal.errors import ParameterError, UnknownNameError
from nuportal.experiments.counting import CountingExperiment
from nuportal.experiments.measurement import Experiment
from nuportal.experiments.measurement import experiment as experiment_named
from nuportal.experiments.nuclear_prediction import NuclearPrediction, counting_prediction
from nuportal.experiments.prediction import Prediction
from nuportal.experiments.setup import Recoil, bare_target, checked_edges, in_tonne_years
from nuportal.output import checked, replacing
from nuportal.readonly import frozen
from nuportal.shown import table
from nuportal.sources.parts import Source, SourceName, describe, parts, source_name
from nuportal.sources.parts import source as source_named
from nuportal.sources.sun import chosen as sun_given
from nuportal.units import converted

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.plotting.style import Style
    from nuportal.sources.sun import SolarNeutrinos


_COLUMNS = ("low_keV", "high_keV", "counts", "background", "sm", "signal", "expected")
FLUX_UNITS = ("cm^-2 s^-1", "1/cm**2/s", "1 / (cm2 s)")


def recoil_spectrum(
    model: Any,
    experiment: "str | Experiment | CountingExperiment",
    *,
    recoil: Recoil | None = None,
    source: "SourceName | Source | None" = None,
    source_flux: float | None = None,
    sun: "SolarNeutrinos | str | None" = None,
    flux: str | Sequence[str] = "all",
    radiative: str | None = None,
    binding: str = "step",
    bin_width: float | None = 1.0,
    edges: ArrayLike | None = None,
    exposure: float | str | None = None,
) -> "Spectrum":
    """Return the counts that a model is expected to give in an experiment.

    Parameters
    ----------
    model : U1X, VectorMediator, ScalarMediator, HiddenNeutrino, DipolePortal or None
        None is the Standard Model.
    experiment : str, Path, Experiment or CountingExperiment
        A name (`nup.experiments()` lists them) or a folder, whose recoil and source are its own; or a target such as
        "germanium", a perfect detector.
    recoil : {"electron", "nuclear"}, optional
        Of a target: electrons (default), or nuclei (coherent).
    source : {"solar", "reactor", "pion-decay"} or source object, optional
        Of a target; default, the Sun.
    source_flux : float, optional
        Of a target, in cm^-2 s^-1: of a reactor all antineutrinos, of pions at rest each of nu_mu, nubar_mu, nu_e.
    sun : SolarNeutrinos or str, optional
        Solar model and oscillation parameters.
    flux : str or sequence of str
        "all", parts of the flux such as "pp", "CNO", "nu_e", or several.
    radiative : {"flavour", "common", "tree"}, optional
        Weak couplings: of electrons "flavour" (default) or "common", of nuclei "tree" (default) or "flavour".
    binding : {"step", "rrpa"}
        Bound electrons as steps, or with the many-body ratio of the Standard Model.
    bin_width : float or None
        In keV; narrower bins of data are merged. None leaves them.
    edges : array_like [bins + 1], optional
        Edges of the bins in keV: recoil energy of a target, electron-equivalent energy of a counting experiment of
        nuclear recoils.
    exposure : float or str, optional
        Of a target: t y, or a text such as "327 kg d" (default 1 t y).

    Returns
    -------
    Spectrum

    Raises
    ------
    UnknownNameError, DataFileError, ParameterError, UnitError, NotApplicableError
        If a name is unknown, a folder malformed, a value not allowed, a unit not readable, or the model has no recoils.

    Notes
    -----
    ghosh2023 eq. 14, bally2020 eq. 2, shoemaker2020 eq. 2; docs/physics/recoil_cross_sections.md.

    Examples
    --------
    >>> import nuportal as nup
    >>> print(f"{nup.recoil_spectrum(nup.U1X('B-L', mass='10 keV', g=1e-7), 'xenonnt').signal.sum():.2f}")
    6.58
    """
    sun = sun_given(sun)
    if isinstance(experiment, str) and experiment.casefold() in {name.casefold() for name in targets()}:
        chosen = source_named(source or "solar", converted(source_flux, "source_flux", FLUX_UNITS), sun)
        prediction = _of_target(experiment, recoil or "electron", chosen, flux, radiative, binding, edges, exposure)
    else:
        measured = _experiment(experiment).merged(bin_width)
        own = "nuclear" if measured.kind == "nuclear" else "electron"
        _own_alone(measured, {"recoil": (recoil, own), "source": (source, _source_of(measured))})
        _own_alone(measured, {"source_flux": (source_flux, None), "exposure": (exposure, None)})
        if isinstance(measured, CountingExperiment):
            _own_alone(measured, {"flux": (None if _is_all(flux) else flux, None), "sun": (sun, None)})
            bins = measured.bins(None) if edges is None else checked_edges(edges)
            prediction = counting_prediction(measured, bins, radiative=radiative or "tree")  # type: ignore[arg-type]
        else:
            _own_alone(measured, {"edges": (edges, None)})
            options: dict[str, Any] = {"radiative": radiative or "flavour", "binding": binding}
            prediction = Prediction(measured, sun=sun, flux=flux, **options)
    excess = np.zeros_like(prediction.sm) if model is None else prediction.excess(model)
    notes: list[str] = list(getattr(prediction.experiment, "notes", ()))
    if model is not None and not np.any(excess):
        notes.append("the rate is zero: the mass is above the kinematic reach of these fluxes, or a coupling is zero")
    if binding == "rrpa" and model is not None:
        notes.append("the many-body ratio holds for the Standard Model shape; it was applied to the signal too")
    return Spectrum(prediction, model, excess, tuple(notes))


def _of_target(
    name: str, recoil: Any, source: Any, flux: Any, radiative: Any, binding: Any, edges: Any, exposure: Any
) -> "Prediction | NuclearPrediction":
    """The prediction of a perfect detector."""
    largest = max(part.largest_energy for part in parts(source, flux))
    years = 1.0 if exposure is None else in_tonne_years(exposure)
    setup = bare_target(name, recoil, largest, edges, years)
    if recoil == "nuclear":
        if binding != "step":
            raise ParameterError(f"binding = '{binding}' is of electrons, not of nuclear recoils")
        return NuclearPrediction(setup, source, flux=flux, radiative=radiative or "tree")
    return Prediction(setup, source=source, flux=flux, radiative=radiative or "flavour", binding=binding)


def _experiment(given: Any) -> Any:
    """An experiment. Raises UnknownNameError that names the targets too."""
    try:
        return experiment_named(given)
    except UnknownNameError as error:
        raise UnknownNameError(f"{error} (targets: {', '.join(targets())})") from None


def _source_of(measured: Any) -> str:
    return measured.spec.source if isinstance(measured, CountingExperiment) else "solar"


def _is_all(flux: str | Sequence[str]) -> bool:
    return flux == "all" or list(flux) == ["all"]


def _own_alone(measured: Any, given: dict[str, tuple[Any, Any]]) -> None:
    """Raise ParameterError where an option differs from what the experiment itself has."""
    for name, (value, own) in given.items():
        if value is not None and value != own:
            has = f"it is '{own}' there" if own is not None else "it is an option of targets such as 'germanium'"
            raise ParameterError(f"{name} of {measured.name} cannot be chosen: {has}")


@dataclass(frozen=True, eq=False, repr=False)
class Spectrum:
    """Counts in each bin of an experiment; of Borexino, rates.

    Attributes
    ----------
    prediction : Prediction
        Experiment, Sun and choices.
    model
        The model; None is the Standard Model.
    excess : ndarray [components, bins]
        What the model adds to the Standard Model, by solar component.
    notes : tuple of str
        What to know about these numbers.
    """

    prediction: Prediction | NuclearPrediction
    model: Any
    excess: np.ndarray
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "excess", frozen(self.excess))

    def __repr__(self) -> str:
        model = "the Standard Model" if self.model is None else repr(self.model)
        return f"<Spectrum of {model} in {self.prediction.experiment.name}: signal {self.signal.sum():.4g}>"

    def _repr_html_(self) -> str:
        shown = {f"{low:.4g} to {high:.4g} keV": f"{s:.4g}" for low, high, s in self._rows()}
        return table(f"{self!r}; signal by bin:", shown)

    def _rows(self) -> Iterator[tuple[float, float, float]]:
        measured = self.prediction.experiment
        return zip(measured.low.tolist(), measured.high.tolist(), self.signal.tolist(), strict=True)

    @property
    def edges(self) -> np.ndarray:
        """Edges of the bins in keV [bins + 1] (rates: lower ends and the last upper end of the windows)."""
        return frozen(self.prediction.experiment.edges)

    @property
    def counts(self) -> np.ndarray:
        """Observed counts [bins]; NaN where none were published per bin."""
        return frozen(self.prediction.experiment.counts)

    @property
    def background(self) -> np.ndarray:
        """Expected background [bins], which contains Standard Model solar neutrinos (zero for rates, targets and
        nuclei).
        """
        return frozen(self.prediction.experiment.background)

    @property
    def sm(self) -> np.ndarray:
        """Neutrinos of the source in the Standard Model alone [bins]."""
        return self.prediction.sm.sum(axis=0)

    @property
    def signal(self) -> np.ndarray:
        """What the model adds [bins]; negative where it interferes destructively."""
        return self.excess.sum(axis=0)

    @property
    def components(self) -> dict[str, np.ndarray]:
        """What the model adds, by part of the flux (solar component, neutrino species)."""
        return dict(zip(self.prediction.components, self.excess, strict=True))

    @property
    def expected(self) -> np.ndarray:
        """Background plus signal [bins]; for rates, targets and nuclei the Standard Model plus signal."""
        base = self.background if self.prediction.experiment.kind == "counts" else self.sm
        return base + self.signal

    def to_dict(self) -> dict[str, object]:
        """Return the spectrum as plain values."""
        measured = self.prediction.experiment
        seen = np.isfinite(self.counts).all()
        return {
            "experiment": measured.key,
            "kind": measured.kind,
            "recoil": self.prediction.recoiling,
            "source": source_name(self.prediction.source),
            "low_keV": measured.low.tolist(),
            "high_keV": measured.high.tolist(),
            "counts": self.counts.tolist() if seen else None,
            "background": self.background.tolist() if seen else None,
            "sm": self.sm.tolist(),
            "signal": self.signal.tolist(),
            "expected": self.expected.tolist(),
            "components": {name: values.tolist() for name, values in self.components.items()},
            "notes": list(self.notes),
            "unverified": measured.unverified(),
        }

    @property
    def provenance(self) -> dict[str, str]:
        """What every result file carries."""
        p = self.prediction
        model = self.model.describe() if self.model is not None else {"kind": "Standard Model"}
        described = describe(p.source)
        options = {"experiment": p.experiment.key, "flux": p.components, "radiative": p.radiative}
        options |= {"binding": p.binding, "source": {k: v for k, v in described.items() if k != "references"}}
        options |= {"recoil": p.recoiling, "exposure_t_y": getattr(p.experiment, "exposure", None)}
        keys = " ".join([*p.experiment.references, *described["references"], "Bahcall:1995mm"]).split()  # type: ignore[misc]
        return provenance.stamp(model, options, list(dict.fromkeys(keys)))

    def to_dataset(self) -> "xarray.Dataset":
        """Return an xarray.Dataset over bin (keV) and component."""
        import xarray

        measured = self.prediction.experiment
        columns = {"counts": self.counts, "background": self.background, "sm": self.sm, "signal": self.signal}
        data: dict[str, Any] = {name: ("bin", values) for name, values in columns.items()}
        data["excess"] = (("component", "bin"), self.excess)
        coords = {"low": ("bin", measured.low, {"units": "keV"}), "high": ("bin", measured.high, {"units": "keV"})}
        coords |= {"component": list(self.prediction.components)}
        return xarray.Dataset(data, coords, self.provenance)

    def save(self, path: str | Path) -> Path:
        """Write netCDF (`path` ends in .nc), a table of the bins (.csv), or a picture (.png, .pdf, .svg). Raises
        OutputError.
        """
        path = checked(path, (".nc", ".csv", ".png", ".pdf", ".svg"))
        if path.suffix == ".csv":
            plain = self.to_dict()
            columns: dict[str, Any] = {name: plain[name] for name in _COLUMNS if plain[name] is not None}
            head = "".join(f"# {key}: {value}\n" for key, value in self.provenance.items())
            with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
                file.write(head + ",".join(columns) + "\n")
                np.savetxt(file, np.column_stack(list(columns.values())), fmt="%.8g", delimiter=",")
            return path
        if path.suffix == ".nc":
            return sealed.write(self.to_dataset(), path)
        from nuportal.plotting.style import save

        return save(self.plot(), path)

    def plot(self, title: str | None = None, ax: "Axes | None" = None, *, style: "Style" = "paper") -> "Figure":
        """Return data with errors, background, and background plus signal; with a `title`, drawn into `ax` if it is
        given, in a `style` as that of `Plane.plot`.
        """
        from nuportal.plotting.predictions import plot_prediction
        from nuportal.plotting.recoil import plot_spectrum
        from nuportal.plotting.style import styled

        draw = plot_spectrum if self.prediction.experiment.kind in ("counts", "rates") else plot_prediction
        with styled(style, ax):
            return draw(self, title, ax)
