"""Recoil spectrum of one model in one experiment: data, background, what the model adds, by solar component."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal import provenance, sealed
from nuportal.experiments.measurement import Experiment
from nuportal.experiments.measurement import experiment as experiment_named
from nuportal.experiments.prediction import Prediction
from nuportal.output import checked, replacing
from nuportal.readonly import frozen

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.sources.sun import SolarNeutrinos


_COLUMNS = ("low_keV", "high_keV", "counts", "background", "sm", "signal", "expected")


def recoil_spectrum(
    model: Any,
    experiment: str | Experiment,
    *,
    sun: "SolarNeutrinos | None" = None,
    flux: str | Sequence[str] = "all",
    radiative: str = "flavour",
    binding: str = "step",
    bin_width: float | None = 1.0,
) -> "Spectrum":
    """Return the counts that a model is expected to give in an experiment.

    Parameters
    ----------
    model : U1X, VectorMediator, ScalarMediator, HiddenNeutrino, DipolePortal or None
        None is the Standard Model.
    experiment : str, Path or Experiment
        A name (`nup.experiments()` lists them) or a folder.
    sun : SolarNeutrinos, optional
        Solar model and oscillation parameters.
    flux : str or sequence of str
        "all", a solar component, "CNO", or several.
    radiative : {"flavour", "common"}
        Weak couplings of the electron.
    binding : {"step", "rrpa"}
        Bound electrons as steps, or with the many-body ratio of the Standard Model.
    bin_width : float or None
        In keV; narrower bins are merged. None leaves them.

    Returns
    -------
    Spectrum

    Raises
    ------
    UnknownNameError, DataFileError, ParameterError, NotApplicableError
        If a name is unknown, a folder malformed, a value not allowed, or the model has no recoils.

    Notes
    -----
    ghosh2023 eq. 14, bally2020 eq. 2, shoemaker2020 eq. 2; docs/physics/recoil_cross_sections.md.

    Examples
    --------
    >>> import nuportal as nup
    >>> print(f"{nup.recoil_spectrum(nup.U1X('B-L', mass='10 keV', g=1e-7), 'xenonnt').signal.sum():.2f}")
    6.58
    """
    measured = experiment_named(experiment).merged(bin_width)
    prediction = Prediction(measured, sun=sun, flux=flux, radiative=radiative, binding=binding)  # type: ignore[arg-type]
    excess = np.zeros_like(prediction.sm) if model is None else prediction.excess(model)
    notes = []
    if model is not None and not np.any(excess):
        notes.append("the rate is zero: the mass is above the kinematic reach of these fluxes, or a coupling is zero")
    if binding == "rrpa" and model is not None:
        notes.append("the many-body ratio holds for the Standard Model shape; it was applied to the signal too")
    return Spectrum(prediction, model, excess, tuple(notes))


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

    prediction: Prediction
    model: Any
    excess: np.ndarray
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "excess", frozen(self.excess))

    def __repr__(self) -> str:
        model = "the Standard Model" if self.model is None else repr(self.model)
        return f"<Spectrum of {model} in {self.prediction.experiment.name}: signal {self.signal.sum():.4g}>"

    @property
    def edges(self) -> np.ndarray:
        """Edges of the bins in keV [bins + 1] (rates: lower ends and the last upper end of the windows)."""
        return self.prediction.experiment.edges

    @property
    def counts(self) -> np.ndarray:
        """Observed counts [bins]."""
        return self.prediction.experiment.counts

    @property
    def background(self) -> np.ndarray:
        """Expected background [bins], which contains Standard Model solar neutrinos (zero for rates)."""
        return self.prediction.experiment.background

    @property
    def sm(self) -> np.ndarray:
        """Standard Model solar neutrinos alone [bins]."""
        return self.prediction.sm.sum(axis=0)

    @property
    def signal(self) -> np.ndarray:
        """What the model adds [bins]; negative where it interferes destructively."""
        return self.excess.sum(axis=0)

    @property
    def components(self) -> dict[str, np.ndarray]:
        """What the model adds, by solar component."""
        return dict(zip(self.prediction.components, self.excess, strict=True))

    @property
    def expected(self) -> np.ndarray:
        """Background plus signal [bins]; for rates the Standard Model plus signal."""
        base = self.sm if self.prediction.experiment.kind == "rates" else self.background
        return base + self.signal

    def to_dict(self) -> dict[str, object]:
        """Return the spectrum as plain values."""
        measured = self.prediction.experiment
        return {
            "experiment": measured.key,
            "kind": measured.kind,
            "low_keV": measured.low.tolist(),
            "high_keV": measured.high.tolist(),
            "counts": self.counts.tolist(),
            "background": self.background.tolist(),
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
        sun = p.sun.describe()
        options = {"experiment": p.experiment.key, "flux": p.components, "radiative": p.radiative}
        options |= {"binding": p.binding, "sun": {k: v for k, v in sun.items() if k != "references"}}
        keys = " ".join([*p.experiment.references, *sun["references"], "Bahcall:1995mm"]).split()  # type: ignore[misc]
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
            columns: dict[str, Any] = {name: self.to_dict()[name] for name in _COLUMNS}
            head = "".join(f"# {key}: {value}\n" for key, value in self.provenance.items())
            with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
                file.write(head + ",".join(columns) + "\n")
                np.savetxt(file, np.column_stack(list(columns.values())), fmt="%.8g", delimiter=",")
            return path
        if path.suffix == ".nc":
            return sealed.write(self.to_dataset(), path)
        from nuportal.plotting.style import save

        return save(self.plot(), path)

    def plot(self, title: str | None = None, ax: "Axes | None" = None) -> "Figure":
        """Return data with errors, background, and background plus signal; with a `title`, drawn into `ax` if it is
        given.
        """
        from nuportal.plotting.recoil import plot_spectrum

        return plot_spectrum(self, title, ax)
