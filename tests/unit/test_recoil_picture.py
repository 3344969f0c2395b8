"""Pictures of recoil spectra and of fits: the model with its parameters, the result and the residuals."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.plotting.recoil import deviance


def points(axes):
    """The points drawn into axes as dots [n, 2]."""
    (line,) = (line for line in axes.lines if line.get_marker() == "o")
    return np.asarray(line.get_xydata())


def test_spectrum_carries_model_result_and_residuals():
    """(n - mu)/sqrt(mu) below, the deviance with and without signal in the legend."""
    spectrum = nup.recoil_spectrum(nup.U1X("B-L", mass="10 keV", g=3e-7), "xenon1t_sr1")
    main, below = spectrum.plot().axes
    for part in ("XENON1T SR1", "U(1)_{B{-}L}", "10 keV", r"3 \times 10^{-7}"):
        assert part in main.get_title(), part
    n, mu, b = spectrum.counts, spectrum.expected, spectrum.background
    assert points(below)[:, 1] == pytest.approx((n - mu) / np.sqrt(mu), rel=1e-9)
    by_hand = [2 * sum(m - k + k * np.log(k / m) for k, m in zip(n, e, strict=True)) for e in (mu, b)]
    assert deviance(n, mu) == pytest.approx(by_hand[0], rel=1e-9)
    text = main.get_legend().get_title().get_text()
    assert f"deviance {by_hand[0]:.1f} (background alone {by_hand[1]:.1f}), 29 bins" in text


def test_spectrum_of_rates():
    """Borexino: three rates, chi^2 with their covariance."""
    spectrum = nup.recoil_spectrum(nup.U1X("B-L", mass="10 keV", g=1e-6), "borexino")
    main, below = spectrum.plot().axes
    measured = spectrum.prediction.experiment
    pull = spectrum.counts - spectrum.expected
    chi2 = float(pull @ measured.inverse_covariance @ pull)
    assert rf"$\chi^2 = {chi2:.1f}$" in main.get_legend().get_title().get_text()
    errors = np.sqrt(np.diag(np.linalg.inv(measured.inverse_covariance)))
    assert points(below)[:, 1] == pytest.approx(pull / errors, rel=1e-9)


def test_fit_carries_result_and_residuals_of_each_experiment():
    """Best value, interval, significance; residuals with the nuisances at the best fit."""
    result = nup.fit("B-L", ["xenon1t_sr1", "lz_ws2022"], mass="10 keV")
    main, *below = result.plot().axes
    assert len(below) == 2
    (text,) = (t.get_text() for t in main.texts if "best" in t.get_text())
    low, high = result.interval(0.90)
    assert f"best {result.best * 1e7:.3g}, 90 %: {low * 1e7:.3g} to {high * 1e7:.3g}" in text
    assert f"{result.significance:.1f} $\\sigma$" in text
    assert "10 keV" in main.get_title()
    pulls = points(below[1])[:, 1]
    assert len(pulls) == len(result.likelihood.parts[1].observed)
    assert 0.3 < np.mean(pulls**2) < 1.5


def test_a_part_of_the_spectrum():
    """With a window there are as many residuals as bins in it; in axes of one's own there are none."""
    from nuportal.plotting.style import new_figure

    result = nup.fit("B-L", "xenon1t_sr1", mass="10 keV", window=(1.0, 7.0))
    assert len(points(result.plot().axes[1])) == 6
    figure, axes = new_figure()
    assert result.plot(ax=axes) is figure
    assert len(figure.axes) == 1
