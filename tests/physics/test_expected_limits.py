"""Expected limits, CLs and fits of several parameters, against closed forms and brute-force pseudo-experiments."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm, poisson

import nuportal as nup
from nuportal.errors import ParameterError, UnknownNameError
from nuportal.inference.cls import cls, cls_limit, cls_toys
from nuportal.inference.expected import asimov, expected_limits
from nuportal.inference.likelihood import CountsLikelihood, JointLikelihood, RatesLikelihood
from nuportal.inference.toys import p_value


def counting(observed, background, signal=1.0, error=0.0):
    """One bin with known background (or with a relative error), signal linear in x."""
    series, shifts = np.zeros((4, 1)), np.zeros((0, 5, 1))
    series[0] = signal
    prior, names = np.zeros(0, dtype=bool), ()
    if error > 0:
        shifts = np.zeros((1, 5, 1))
        shifts[0, 0] = error * background
        prior, names = np.ones(1, dtype=bool), ("background",)
    ends = np.full(len(names), np.inf)
    n, b = np.array([float(observed)]), np.array([float(background)])
    return JointLikelihood((CountsLikelihood(n, b, series, shifts, prior, -ends, ends, names),))


def gauss(observed, background, sigma):
    series = np.zeros((4, 1))
    series[0] = 1.0
    weight = np.array([[sigma**-2]])
    part = RatesLikelihood(np.array([observed]), np.array([background]), series, np.zeros((0, 5, 1)), weight, ())
    return JointLikelihood((part,))


def test_gaussian_bands_in_closed_form():
    """x = N sigma measured: the limit of 2 Delta log L with x >= 0 is found point by point."""
    sigma, cl = 3.0, 0.90
    found = expected_limits(gauss(57.0, 50.0, sigma), 1.0, cl)
    z = norm.ppf(0.95)

    def limit(n):
        best = max(n, 0.0)
        return sigma * brentq(lambda x: (x - n) ** 2 - (best - n) ** 2 - z**2, best, 20)

    bands = [found.two_sigma[0], found.one_sigma[0], found.median, *(found.one_sigma[1], found.two_sigma[1])]
    assert bands == pytest.approx([limit(n) for n in (-2, -1, 0, 1, 2)], rel=1e-5)
    assert found.median == pytest.approx(sigma * z, rel=1e-5)


def test_bands_hold_as_many_pseudo_experiments():
    """100 expected events: the quantiles of the limits of 4000 Poisson data sets, each limit found on a grid."""
    background, cl = 100.0, 0.90
    found = expected_limits(counting(100, background), 1.0, cl, sided="one")
    x, threshold = np.linspace(0, 80, 4001), norm.ppf(cl) ** 2
    limits = []
    for n in np.random.default_rng(3).poisson(background, 4000):
        nll = background + x - n * np.log(background + x)
        k = int(np.argmin(nll))
        limits.append(x[k + int(np.argmax(2 * (nll[k:] - nll[k]) > threshold))])
    quantiles = np.quantile(limits, norm.cdf([-1, 0, 1]))
    assert [found.one_sigma[0], found.median, found.one_sigma[1]] == pytest.approx(quantiles, rel=0.06)


def test_asimov_data_is_what_is_expected():
    made = asimov(counting(130, 100, error=0.1))
    assert made.parts[0].observed == pytest.approx(100)
    assert made.profile(np.array([0.0]))[0][0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("observed", [4, 9, 14])
def test_cls_of_a_count_is_the_ratio_of_poisson_sums(observed):
    """Known background of 9: CLs = P(n <= n_obs | s + b)/P(n <= n_obs | b) (Junk, hep-ex/9902006)."""
    likelihood = counting(observed, 9.0)
    for s in (4.0, 8.0, 14.0):
        if observed >= 9 + s:
            continue  # below the best value nothing is excluded
        exact = poisson.cdf(observed, 9 + s) / poisson.cdf(observed, 9)
        found = cls_toys(likelihood, s, 20.0, 1500, 7)
        assert found == pytest.approx(
            exact, abs=3 * np.sqrt(exact * (1 - exact) / 1500) / poisson.cdf(observed, 9) + 0.004
        )


def test_asymptotic_cls_of_many_events():
    """10,000 events are Gaussian: CLs = Phi((n - s - b)/sqrt(b + s))/Phi((n - b)/sqrt(b)), to 1/sqrt(b)."""
    for observed in (9800.0, 10000.0, 10150.0):
        likelihood = counting(observed, 10000.0)
        for s in (160.0, 250.0, 400.0):
            if s < observed - 10000:
                continue
            expected = norm.cdf((observed - s - 1e4) / np.sqrt(1e4 + s)) / norm.cdf((observed - 1e4) / 100)
            assert cls(likelihood, s, 300.0)[0] == pytest.approx(expected, abs=0.012)


def test_cls_does_not_exclude_what_is_not_seen():
    """A deep downward fluctuation: the profile excludes a signal of 1 event, CLs stays near -log(1 - cl)."""
    likelihood = counting(0, 9.0)
    limit = cls_limit(likelihood, 0.90, 5.0)
    assert limit == pytest.approx(-np.log(0.10), rel=0.35)  # exactly 2.30; asymptotic at no events
    few = counting(0, 1.5)
    exact = brentq(lambda s: cls_toys(few, s, 20.0, 1500, 5) - 0.1, 1.0, 5.0, xtol=0.1)
    assert exact == pytest.approx(-np.log(0.10), rel=0.1)


def one_part(part):
    return JointLikelihood((part,))


def test_limits_of_a_fit():
    """Both stand beside the profile; B-L in LZ: expected and observed agree within the bands."""
    result = nup.fit("B-L", "lz", mass="10 keV")
    expected = result.expected_limit(0.90)
    assert expected.two_sigma[0] < result.upper_limit(0.90) < expected.two_sigma[1]
    assert expected.two_sigma[0] < expected.one_sigma[0] < expected.median < expected.one_sigma[1]
    limit = result.cls_limit(0.90)
    assert result.cls(limit) == pytest.approx(0.10, rel=1e-4)
    assert result.cls(0.0) == 1
    assert limit > result.upper_limit(0.90, "one")
    published = nup.fit("magnetic-moment", "xenonnt").expected_limit(0.90)
    assert published.median == pytest.approx(9.94e-12, rel=0.01)  # docs/physics/inference.md, by its own Asimov data
    with pytest.raises(ParameterError, match="cl = 2"):
        result.cls_limit(2)
    with pytest.raises(ParameterError, match="negative"):
        result.cls(-1.0)
    with pytest.raises(UnknownNameError, match="kind of limit"):
        result.expected_limit(0.9, "three")  # type: ignore[arg-type]


def test_toys_of_measured_rates():
    """Gaussian data: CLs from pseudo-experiments is the asymptotic one."""
    rates = nup.fit("B-L", "borexino", mass="10 keV")
    at = rates.cls_limit(0.90)
    assert rates.cls(at, toys=600, seed=2) == pytest.approx(0.10, abs=0.04)


def test_toys_of_several_experiments():
    """Cutting one count into two experiments that share their nuisance changes nothing: the sum is what counts.

    With common proportions of signal and background the sum of the halves is sufficient, so that the p-value of a joint
    likelihood is that of the whole, where it has a closed form: P(n >= n_obs | b) for known b.
    """

    def half(observed):
        series = np.zeros((4, 1))
        series[0] = 1.0
        none, ends = np.zeros((0, 5, 1)), np.zeros(0)
        data = np.array([observed]), np.array([20.0])
        return CountsLikelihood(*data, series, none, ends.astype(bool), -ends, ends, ())

    joint = JointLikelihood((half(30.0), half(26.0)))
    significance = np.sqrt(2 * (56 * np.log(56 / 40) - 16))
    profile = (np.linspace(0, 40, 100), None)
    fitted = SimpleNamespace(likelihood=joint, significance=significance, profile=profile)
    found = p_value(fitted, 4000, seed=5)
    assert found["p_value"] == pytest.approx(poisson.sf(55, 40), abs=4 * found["p_value_error"])
    assert poisson.sf(55, 40) < 0.02


def test_toys_fluctuate_shared_nuisances_together():
    """Two rates that share one normalisation of 30 % have the covariance that the nuisance gives them."""
    shifts = np.zeros((1, 5, 1))
    shifts[0, 0] = 3.0
    part = RatesLikelihood(np.array([10.0]), np.array([10.0]), np.zeros((4, 1)), shifts, np.eye(1), ("flux",))
    generator = np.random.default_rng(1)
    drawn = np.array([np.ravel(JointLikelihood((part, part)).drawn(0.0, generator)) for _ in range(3000)])
    assert np.cov(drawn.T) == pytest.approx(np.array([[10.0, 9.0], [9.0, 10.0]]), rel=0.08)


def test_detectors_at_one_beam_share_its_flux_error():
    """One detector alone is as before; together the flux is one nuisance, and its error does not average out."""
    names = ["coherent_csi", "coherent_ar"]
    alone = nup.fit("B-L", "coherent_csi", mass="20 MeV").likelihood
    assert set(alone.names) == {"coherent_csi: expectation", "flux SNS"}
    part = alone.parts[0]
    one = replace(part, shifts=part.shifts[:1] * 0.11 / np.sqrt(0.11**2 - 0.10**2), names=("expectation",))
    at = np.array([0.0, 3e-5, 6e-5])
    assert alone.profile(at)[0] == pytest.approx(one_part(one).profile(at)[0], rel=1e-9)
    joint = nup.fit("B-L", names, mass="20 MeV").likelihood
    assert joint.names.count("flux SNS") == 1
    renamed = [replace(p, names=tuple(f"{k}{n}" for n in p.names)) for k, p in enumerate(joint.parts)]
    apart = JointLikelihood(tuple(renamed))
    low, high = (likelihood.profile(at)[0][-1] - likelihood.profile(at)[0][0] for likelihood in (joint, apart))
    assert 0 < low < 0.99 * high
    fluctuations = (0.10**2 * 341 * 128, 0.11**2 * 341**2, 0.133**2 * 128**2)
    generator = np.random.default_rng(3)
    drawn = np.array([np.ravel(joint.drawn(0.0, generator)) for _ in range(4000)])
    covariance = np.cov(drawn.T)
    assert covariance[0, 1] == pytest.approx(fluctuations[0], rel=0.15)
    assert covariance[0, 0] == pytest.approx(fluctuations[1] + 20**2, rel=0.1)


AXES = ["mass=1keV:300keV:12", "g=1e-8:1e-5:60"]


def test_two_parameters_are_the_fits_at_each_mass():
    found = nup.fit("B-L", "xenon1t", parameters=AXES)
    k = 5
    single = nup.fit("B-L", "xenon1t", mass=float(found.axes[0].values[k]))
    nll = single.nll(found.axes[1].values) - single.nll(0.0)[0]
    assert found.statistic[k] - found.null == pytest.approx(2 * nll, abs=1e-6)
    assert found.profile("mass")[k] == pytest.approx(found.null - single.significance**2, abs=0.05)
    best = nup.fit("B-L", "xenon1t", mass=found.best["mass"])
    assert found.best["g"] == pytest.approx(best.best, rel=0.02)
    assert found.null == pytest.approx(best.significance**2, abs=0.01)
    assert found.statistic.min() >= 0
    assert found.profile("g", "mass").shape == (60, 12)


def test_regions_hold_the_best_point_and_end_at_their_level():
    found = nup.fit("B-L", "xenon1t", parameters=["mass=1keV:100keV:20", "g=1e-8:3e-6:80"])
    from matplotlib.path import Path

    lines = found.contours(sigmas=1)
    best = np.log([found.best["mass"], found.best["g"]])
    assert any(Path(np.log(line)).contains_point(best) for line in lines if len(line) > 3) or len(lines) > 1
    one = nup.fit("B-L", "xenon1t", mass=float(lines[0][3, 0]))
    null = found.null - one.significance**2
    assert null + one.statistic(lines[0][3, 1])[0] == pytest.approx(2.2957, abs=0.25)  # chi^2 of 68.27 % and two
    low, high = found.interval("g", 0.90)
    assert low < found.best["g"] < high


def test_two_couplings_are_degenerate_in_their_product():
    """Recoils measure g_e g_nu: the statistic is that of the product everywhere."""
    chosen = {"mass": "10 keV", "flavour": "universal"}
    found = nup.fit("vector", "lz", parameters=["g_e=1e-8:1e-5:13", "g_nu=1e-8:1e-5:13"], **chosen)
    assert found.statistic == pytest.approx(found.statistic.T, abs=1e-6)
    assert found.statistic[3, 9] == pytest.approx(found.statistic[6, 6], abs=1e-6)


def test_three_parameters_and_output(tmp_path):
    names = ["mass=10keV:100keV:3", "g_e=1e-7:1e-5:4", "g_nu=1e-8:1e-5:15"]
    found = nup.fit("vector", ["lz", "xenonnt"], parameters=names, flavour="universal")
    assert found.statistic.shape == (3, 4, 15)
    assert found.profile("g_e", "mass").shape == (4, 3)
    assert found.save(tmp_path / "s.csv").read_text().count("\n") > 180
    assert found.plot().axes[0].lines
    assert "preferred" in repr(found)
    assert set(found.to_dict()["intervals"]) == {"mass", "g_e", "g_nu"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parameters", "options", "text"),
    [
        (["mass"], {}, "two or more"),
        ("mass,g", {}, "two or more"),
        (["mass", "mass"], {}, "each can be fitted once"),
        (["mass=1keV:2keV:3", "g=1e-8:1e-6:3"], {"g": 1e-7}, "cannot be fixed"),
        (["mass=1keV:2keV:4000", "g=1e-8:1e-6:4000"], {}, "too many"),
    ],
)
def test_what_several_parameters_refuse(parameters, options, text):
    with pytest.raises(ParameterError, match=text):
        nup.fit("B-L", "lz", parameters=parameters, **options)
