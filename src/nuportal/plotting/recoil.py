"""Recoil spectra with data, and likelihood profiles."""

from typing import TYPE_CHECKING

import numpy as np

from nuportal.plotting.style import COLOURS, drawing, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.experiments.spectrum import Spectrum
    from nuportal.inference.fit import FitResult


def plot_spectrum(spectrum: "Spectrum", title: str | None = None, ax: "Axes | None" = None) -> "Figure":
    """Return data with Poisson errors, background, signal and their sum; bars of rates for Borexino."""
    measured = spectrum.prediction.experiment
    with paper():
        figure, axes = drawing(ax, 6.4, 4.6)
        if measured.kind == "rates":
            place = np.arange(len(measured.low))
            error = np.sqrt(np.diag(np.linalg.inv(measured.inverse_covariance)))  # type: ignore[arg-type]
            axes.errorbar(place, spectrum.counts / spectrum.sm, error / spectrum.sm, fmt="ko", ms=4, label="data")
            axes.plot(place, spectrum.expected / spectrum.sm, "_", ms=26, mew=2, color=COLOURS[1], label="model")
            axes.axhline(1, color="0.5", ls="--", lw=1)
            axes.set_xticks(place, measured.component)
            axes.set(xlim=(-0.6, len(place) - 0.4), ylabel="rate / Standard Model")
        else:
            width = np.diff(spectrum.edges)
            centre, error = (measured.low + measured.high) / 2, np.sqrt(np.maximum(spectrum.counts, 1))
            axes.errorbar(
                centre, spectrum.counts / width, error / width, fmt="ko", ms=3.5, lw=1, label="data", zorder=5
            )
            axes.stairs(spectrum.background / width, spectrum.edges, color="0.35", ls="--", label="background")
            if spectrum.model is not None:
                axes.stairs(spectrum.signal / width, spectrum.edges, color=COLOURS[1], fill=True, alpha=0.35)
                axes.stairs(spectrum.signal / width, spectrum.edges, color=COLOURS[1], label="signal")
                axes.stairs(
                    spectrum.expected / width, spectrum.edges, color=COLOURS[0], lw=1.9, label="background + signal"
                )
            top = max((spectrum.counts + error).max(), spectrum.expected.max()) / width.min()
            axes.set(
                xlim=(spectrum.edges[0], spectrum.edges[-1]), ylim=(min(0.0, spectrum.signal.min() * 1.1), 1.3 * top)
            )
            axes.set(xlabel="reconstructed recoil energy [keV]", ylabel="events / keV")
        axes.legend(loc="upper right", ncol=2)
        axes.set_title(f"{measured.name}" + (f": {title}" if title else ""))
    return figure


def plot_profile(result: "FitResult", ax: "Axes | None" = None) -> "Figure":
    """Return twice the log-likelihood ratio against the parameter, with the usual levels."""
    from scipy.stats import chi2

    x, statistic = result.profile
    inside = statistic < 12
    last = min(int(np.flatnonzero(inside)[-1]) + 2, len(x))
    with paper():
        figure, axes = drawing(ax, 5.6, 4.2)
        unit = r" [$\mu_B$]" if result.family.unit else ""
        power = int(np.floor(np.log10(x[last - 1])))
        axes.plot(x[:last] / 10.0**power, statistic[:last], color=COLOURS[0])
        for cl in (0.68, 0.90, 0.95):
            level = float(chi2.ppf(cl, 1))
            axes.axhline(level, color="0.5", lw=0.8, ls=":")
            axes.annotate(
                f"{100 * cl:.0f}%", (0.985, level), xycoords=("axes fraction", "data"), ha="right", va="bottom"
            )
        axes.axvline(result.best / 10.0**power, color=COLOURS[1], lw=1, ls="--")
        axes.set(xlim=(0, x[last - 1] / 10.0**power), ylim=(0, 12), ylabel=r"$2\,\Delta\ln L$")
        axes.set_xlabel(rf"{result.family.symbol} $/\;10^{{{power}}}$" + unit)
        names = " + ".join(p.experiment.name for p in result.predictions)
        axes.set_title(f"{result.family.name}, {names}")
    return figure
