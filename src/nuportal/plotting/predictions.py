# pyright: reportUnknownMemberType=false
"""Recoil spectra without data per bin, and regions of fits of several parameters."""

from typing import TYPE_CHECKING

import numpy as np

from nuportal.plotting.style import COLOURS, drawing, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.experiments.spectrum import Spectrum
    from nuportal.inference.several import SeveralFit


def plot_regions(found: "SeveralFit", ax: "Axes | None" = None) -> "Figure":
    """Return the regions of the first and last parameter of a fit, with the best point."""
    x, y = found.axes[0], found.axes[-1]
    with paper():
        figure, axes = drawing(ax, 5.6, 4.4)
        for k, cl in enumerate((0.68, 0.90, 0.95)):
            for number, line in enumerate(found.contours(x.name, y.name, cl=cl)):
                label = f"{100 * cl:.0f} %" if number == 0 else None
                axes.plot(*line.T, color=COLOURS[k], ls=("-", "--", ":")[k], label=label)
        best = (found.best[x.name], found.best[y.name])
        if best[1] > 0:
            axes.plot(*best, "k+", ms=9, label="best")
        axes.set(xscale="log" if x.scale == "log" else "linear", yscale="log" if y.scale == "log" else "linear")
        axes.set(xlim=(x.low, x.high), ylim=(y.low, y.high), xlabel=x.label, ylabel=y.label)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc="best")
        axes.set_title(f"{found.family}, {' + '.join(found.experiments)}")
    return figure


def plot_prediction(spectrum: "Spectrum", title: str | None = None, ax: "Axes | None" = None) -> "Figure":
    """Return Standard Model and model of a target, or of an experiment without data per bin."""
    with paper():
        figure, axes = drawing(ax, 6.4, 4.6)
        _draw(axes, spectrum)
        axes.legend(loc="upper right", ncol=2)
        axes.set_title(spectrum.prediction.experiment.name + (f": {title}" if title else ""))
    return figure


def _draw(axes: "Axes", spectrum: "Spectrum") -> None:
    edges, width = spectrum.edges, np.diff(spectrum.edges)
    axes.stairs(spectrum.sm / width, edges, color="0.35", ls="--", label="Standard Model")
    shown = spectrum.sm / width
    if spectrum.model is not None:
        axes.stairs(spectrum.expected / width, edges, color=COLOURS[0], lw=1.9, label="with the model")
        shown = np.concatenate([shown, spectrum.expected / width])
    if edges[0] > 0 and edges[-1] > 30 * edges[0]:
        top = shown.max()
        axes.set(xscale="log", yscale="log", ylim=(max(shown[shown > 0].min() / 2, 1e-6 * top), 4 * top))
    else:
        axes.set(ylim=(0, 1.3 * shown.max()))
    seen = "electron-equivalent" if spectrum.prediction.experiment.kind == "nuclear" else "recoil"
    axes.set(xlim=(edges[0], edges[-1]), xlabel=f"{seen} energy [keV]", ylabel="events / keV")
