"""Likelihoods asked in many columns together: the answers are those of each column alone."""

import numpy as np
import pytest

import nuportal as nup
from nuportal.errors import NotApplicableError
from nuportal.limits.base import LikelihoodLimit
from nuportal.limits.registry import limit, limits

MASSES = np.geomspace(0.02, 200, 7)


def rays(model="B-L", **fixed):
    return [nup.ray(model, mass=float(mass), **fixed) for mass in MASSES]


@pytest.mark.parametrize("name", ["borexino", "xenonnt", "lz", "xenon1t-excess", "coherent-csi", "charm-ii", "texono"])
@pytest.mark.parametrize("model", ["B-L", "scalar"])
def test_together_is_as_alone(name, model):
    """Poisson with nuisances, Gaussian rates, a favoured band, one number of events."""
    chosen, fixed = limit(name), {"g_nu": 1e-6} if model == "scalar" else {}
    together = chosen.along(rays(model, **fixed))
    alone = [chosen.excluded(ray) for ray in rays(model, **fixed)]
    assert [(o.status, o.reason, len(o.excluded)) for o in together] == [
        (o.status, o.reason, len(o.excluded)) for o in alone
    ]
    for a, b in zip(together, alone, strict=True):
        assert np.array(a.excluded) == pytest.approx(np.array(b.excluded), rel=1e-9)
    if model == "B-L":
        assert any(o.excluded for o in together)


def test_edges_are_where_the_likelihood_says():
    """At the lower edge -2 ln L is the quantile of chi^2 above its minimum on the ray."""
    from scipy.stats import chi2

    chosen = limit("xenonnt")
    for ray, outcome in zip(rays(), chosen.along(rays()), strict=True):
        (low, _), *_ = outcome.excluded
        values = chosen.deviance(ray, np.append(ray.grid, low))  # type: ignore[attr-defined]
        assert values[-1] - min(0.0, values.min()) == pytest.approx(chi2.ppf(chosen.about.cl, 1), rel=2e-3)


class _Fails(LikelihoodLimit):
    """A likelihood without an answer, or with code that fails, for light mediators."""

    how = "refuses"

    def __init__(self):
        like = limit("borexino")
        super().__init__(like.about, like.measurement, like.folder)

    def deviance(self, ray, y):
        if ray.mass < 1:
            if self.how == "refuses":
                raise NotApplicableError("no answer for a light mediator")
            if self.how == "shape":
                return y[:-1]
            raise ZeroDivisionError("a mistake")
        return (y / 1e-6) ** 2


@pytest.mark.parametrize(("how", "says"), [("refuses", "no answer"), ("shape", "values for"), ("raises", "a mistake")])
def test_a_column_that_fails_leaves_the_others(how, says):
    broken = _Fails()
    broken.how = how
    outcomes = broken.along(rays())
    for mass, outcome in zip(MASSES, outcomes, strict=True):
        if mass < 1:
            assert outcome.status == "failed"
            assert says in outcome.reason
        else:
            assert outcome.excluded[0][0] == pytest.approx(1e-6 * 2.705543**0.5, rel=1e-3)


def test_a_limit_that_defines_what_it_excludes_is_asked_for_that():
    """A subclass with its own `excluded` is not answered by its deviance."""

    class Own(_Fails):
        def excluded(self, ray):
            return nup.Outcome(((1e-3, 1e-2),))

    assert {o.excluded for o in Own().along(rays())} == {((1e-3, 1e-2),)}


def test_couplings_on_the_grid_are_kept_and_those_elsewhere_are_not_mixed_up():
    (ray,) = rays()[:1]
    grid, high = ray.couplings(ray.grid), ray.couplings(np.array([ray.high]))
    assert ray.couplings(ray.grid) is grid
    assert high.c_e == pytest.approx(-ray.high)
    assert ray.couplings(np.array([ray.low])).c_e == pytest.approx(-ray.low)
    assert ray.couplings(ray.grid[::-1].copy()).c_e == pytest.approx(-ray.grid[::-1])


def test_limits_that_share_results_say_so():
    """N_eff and light elements, which rest on the same solutions; nothing else."""
    sharing = {c.about.formula.partition(":")[0]: c.shares for c in limits("all,nucleosynthesis") if c.shares}
    assert sharing == {"neff": "neff", "light_elements": "neff"}
