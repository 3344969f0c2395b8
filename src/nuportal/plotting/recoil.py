# pyright: reportUnknownMemberType=false
"""Recoil spectra with data and residuals, and likelihood profiles with the result and the residuals of the best fit."""

from typing import TYPE_CHECKING, Any

import numpy as np

from nuportal.models.family import family
from nuportal.plotting import symbols
from nuportal.plotting.style import COLOURS, new_figure, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.experiments.spectrum import Spectrum
    from nuportal.inference.fit_result import FitResult

_SIZE = 10.5  #: of the text in the corner


def plot_spectrum(spectrum: "Spectrum", title: str | None = None, ax: "Axes | None" = None) -> "Figure":
    """Return data with errors, background, signal and their sum, above their residuals; of Borexino bars of rates.

    title: default, the model with its parameters. ax: axes of the caller's figure; residuals are left out then.
    """
    measured = spectrum.prediction.experiment
    with paper():
        figure, axes, below = _panels(ax, 6.4, 5.6, 3.2)
        result = (_rates if measured.kind == "rates" else _counts)(axes, spectrum)
        axes.legend(loc="upper right", ncol=2, title=result, title_fontsize=_SIZE, alignment="right")
        text = title if title is not None else model_text(spectrum.model)
        axes.set_title(f"{measured.name}: {text}")
        if below is not None:
            place = np.arange(len(measured.low)) if measured.kind == "rates" else (measured.low + measured.high) / 2
            _residuals(below, place, (spectrum.counts - spectrum.expected) / _error(spectrum))
            below.set(xlabel=axes.get_xlabel(), xlim=axes.get_xlim())
            if measured.kind == "rates":
                below.set_xticks(place, measured.component)
            axes.set_xlabel("")
            axes.tick_params(labelbottom=False)
    return figure


def model_text(model: Any) -> str:
    """Return a model with its parameters as mathematical text."""
    if model is None:
        return "Standard Model"
    members = family(model)
    return symbols.described(members, members.values(model))


def _panels(ax: "Axes | None", width: float, height: float, share: float) -> "tuple[Figure, Axes, Axes | None]":
    """The figure, its main axes, and axes of 1/share of its height below them, or none in the caller's figure."""
    from matplotlib.figure import Figure

    if ax is not None:
        return ax.figure, ax, None  # type: ignore[return-value]
    figure = Figure(figsize=(width, height))
    main, below = figure.subplots(2, 1, height_ratios=(share, 1))
    return figure, main, below


def _error(spectrum: "Spectrum") -> np.ndarray:
    """The error of the data in each bin; of counts that of what is expected."""
    measured = spectrum.prediction.experiment
    if measured.kind == "rates":
        return np.sqrt(np.diag(np.linalg.inv(measured.inverse_covariance)))  # type: ignore[arg-type]
    return np.sqrt(np.maximum(spectrum.expected, 1e-9))


def _rates(axes: "Axes", spectrum: "Spectrum") -> str:
    """Draw measured over expected rates; return how well they agree."""
    measured, sm = spectrum.prediction.experiment, spectrum.sm
    place = np.arange(len(measured.low))
    axes.errorbar(place, spectrum.counts / sm, _error(spectrum) / sm, fmt="ko", ms=4, label="data")
    axes.plot(place, spectrum.expected / sm, "_", ms=26, mew=2, color=COLOURS[1], label="model")
    axes.axhline(1, color="0.5", ls="--", lw=1)
    axes.set_xticks(place, measured.component)
    low, high = axes.get_ylim()
    axes.set(xlim=(-0.6, len(place) - 0.4), ylim=(low, high + 0.45 * (high - low)), ylabel="rate / Standard Model")
    pull = (spectrum.counts - spectrum.expected) @ measured.inverse_covariance @ (spectrum.counts - spectrum.expected)
    alone = (spectrum.counts - sm) @ measured.inverse_covariance @ (spectrum.counts - sm)
    return rf"$\chi^2 = {pull:.1f}$ (Standard Model {alone:.1f}), {len(place)} rates"


def _counts(axes: "Axes", spectrum: "Spectrum") -> str:
    """Draw counts, background and signal; return how well they agree."""
    measured = spectrum.prediction.experiment
    width = np.diff(spectrum.edges)
    centre, error = (measured.low + measured.high) / 2, np.sqrt(np.maximum(spectrum.counts, 1))
    axes.errorbar(centre, spectrum.counts / width, error / width, fmt="ko", ms=3.5, lw=1, label="data", zorder=5)
    axes.stairs(spectrum.background / width, spectrum.edges, baseline=None, color="0.35", ls="--", label="background")
    if spectrum.model is not None:
        axes.stairs(spectrum.signal / width, spectrum.edges, color=COLOURS[1], fill=True, alpha=0.35)
        axes.stairs(spectrum.signal / width, spectrum.edges, baseline=None, color=COLOURS[1], label="signal")
        total = {"color": COLOURS[0], "lw": 1.9, "label": "background + signal"}
        axes.stairs(spectrum.expected / width, spectrum.edges, baseline=None, **total)  # type: ignore[arg-type]
    top = ((spectrum.counts + error) / width).max(), (spectrum.expected / width).max()
    low = min(0.0, (spectrum.signal / width).min() * 1.1)
    axes.set(xlim=(spectrum.edges[0], spectrum.edges[-1]), ylim=(low, 1.45 * max(top)))
    axes.set(xlabel="reconstructed recoil energy [keV]", ylabel="events / keV")
    own, alone = (deviance(spectrum.counts, mu) for mu in (spectrum.expected, spectrum.background))
    rest = f" (background alone {alone:.1f})" if spectrum.model is not None else ""
    free = "".join(f", without the free {part.name}" for part, _ in measured.free)
    return f"deviance {own:.1f}{rest}, {len(width)} bins{free}"


def deviance(counts: np.ndarray, expected: np.ndarray) -> float:
    """Return the Poisson deviance 2 sum [mu - n + n ln(n/mu)] of counts [n] against what is expected [n]."""
    from scipy.special import xlogy

    return float(2 * np.sum(expected - counts + xlogy(counts, counts / expected)))


def _residuals(axes: "Axes", place: np.ndarray, pulls: np.ndarray) -> None:
    """Draw (data - model) / error with the lines of one error."""
    for level, style in ((0, "-"), (-1, ":"), (1, ":")):
        axes.axhline(level, color="0.5", lw=0.8, ls=style)
    axes.plot(place, pulls, "ko", ms=3.5)
    top = max(3.0, 1.15 * float(np.abs(pulls).max()))
    axes.set(ylim=(-top, top), ylabel="(data $-$ model)\n/ error")
    axes.yaxis.label.set_fontsize(11)


def _corner(axes: "Axes", text: str) -> None:
    axes.text(0.025, 0.97, text, transform=axes.transAxes, va="top", size=_SIZE)


def plot_profile(result: "FitResult", ax: "Axes | None" = None) -> "Figure":
    """Return twice the log-likelihood ratio against the parameter, above the residuals of each experiment.

    ax: axes of the caller's figure; residuals are left out then.
    """
    with paper():
        if ax is not None:
            _profile(ax, result)
            return ax.figure  # type: ignore[return-value]
        figure, _ = new_figure(6.4, 4.4 + 1.5 * len(result.predictions))
        figure.clear()
        axes = figure.subplots(1 + len(result.predictions), 1, height_ratios=(3.2, *[1.0] * len(result.predictions)))
        _profile(axes[0], result)
        for below, place, pulls, name in zip(axes[1:], *zip(*_pulls(result), strict=True), strict=True):
            _residuals(below, place, pulls)
            below.set_title(f"{name}, at the best fit", size=_SIZE, loc="left")
            below.set_xlabel("energy [keV]", size=_SIZE)
    return figure


def _profile(axes: "Axes", result: "FitResult") -> None:
    from scipy.stats import chi2

    x, statistic = result.profile
    last = min(int(np.flatnonzero(statistic < 12)[-1]) + 2, len(x))
    power = int(np.floor(np.log10(x[last - 1])))
    unit = r"\,\mu_\mathrm{B}" if result.family.unit else ""
    axes.plot(x[:last] / 10.0**power, statistic[:last], color=COLOURS[0])
    for cl in (0.68, 0.90, 0.95):
        level = float(chi2.ppf(cl, 1))
        axes.axhline(level, color="0.5", lw=0.8, ls=":")
        where = ("axes fraction", "data")
        axes.annotate(f"{100 * cl:.0f} %", (0.985, level), xycoords=where, ha="right", va="bottom")
    axes.axvline(result.best / 10.0**power, color=COLOURS[1], lw=1, ls="--")
    axes.set(xlim=(0, x[last - 1] / 10.0**power), ylim=(0, 15), ylabel=r"$2\,\Delta\ln L$")
    axes.set_xlabel(rf"{result.family.symbol} $/\;10^{{{power}}}{unit}$")
    names = " + ".join(p.experiment.name for p in result.predictions)
    axes.set_title(f"{names}: {symbols.described(result.family.family, result.family.fixed)}")
    low, high = (end / 10.0**power for end in result.interval(0.90))
    best = rf"best {result.best / 10.0**power:.3g}, 90 %: {low:.3g} to {high:.3g} $\times 10^{{{power}}}{unit}$"
    _corner(axes, f"{best}; {result.significance:.1f} $\\sigma$ over none")


def _pulls(result: "FitResult") -> list[tuple[np.ndarray, np.ndarray, str]]:
    """For each experiment the middle of its bins (keV) and (data - expectation) / error, nuisances at the best fit."""
    theta = np.array([result.nuisances[name] for name in result.likelihood.names])
    found: list[tuple[np.ndarray, np.ndarray, str]] = []
    window = result.options.get("window") or (-np.inf, np.inf)
    for part, places, prediction in zip(
        result.likelihood.parts, result.likelihood.places, result.predictions, strict=True
    ):
        expected = part.expected(result.best, theta[places])
        error = np.sqrt(expected) if prediction.experiment.kind != "rates" else part.error()
        measured = prediction.experiment
        keep = (measured.low >= window[0]) & (measured.high <= window[1])  # type: ignore[index]
        middle = ((measured.low + measured.high) / 2)[keep]
        found.append((middle, (part.observed - expected) / error, measured.name))
    return found
