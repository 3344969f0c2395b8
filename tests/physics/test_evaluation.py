"""evaluate and loglike against the limits, the fits and Gaussians written out by hand."""

import json
import pickle
import time

import numpy as np
import pytest

import nuportal as nup
from nuportal.cli.app import main
from nuportal.errors import NotApplicableError, ParameterError, UnknownNameError
from nuportal.inference import evaluation
from nuportal.inference.neff_prediction import Predicted
from nuportal.limits.anomalous_moment import moment_shift
from nuportal.limits.through import through
from nuportal.observations.light_elements import compare
from nuportal.planes.observations import observation

POINT = nup.U1X("B-L", mass="10 MeV", g=1e-6)
QUICK = "all,-cosmology"


@pytest.fixture(scope="module")
def found():
    return nup.evaluate(POINT, QUICK)


def test_verdicts_are_those_of_the_limits(found):
    """Excluded and ratio follow from the intervals along g of `Limit.excluded`."""
    ray = nup.ray("B-L", mass="10 MeV")
    assert len(found) > 50
    for name in ("e137", "borexino", "texono", "na64-invisible", "e141"):
        outcome = nup.limit(name).excluded(ray)
        low, high = outcome.excluded[0]
        assert found[name].excluded == (low <= POINT.g <= high)
        assert found[name].ratio == pytest.approx(POINT.g / low, rel=2e-3)
    assert found.excluded
    assert found.excluded_by[0] == "e137" == found.strongest.name
    ratios = [v.ratio for v in found if v.excluded and v.kind == "exclusion"]
    assert ratios == sorted(ratios, reverse=True)
    assert found["stellar-sun"].status == "out of range"
    assert found["bs-mixing"].status == "not applicable"
    assert found["xenon1t-excess"].kind == "band"


def test_loglike_is_that_of_the_fit():
    """XENONnT: the same likelihood as `fit`, where nuisances are profiled by another routine."""
    model = nup.U1X("B-L", mass="10 keV", g=4e-7)
    fit = nup.fit("B-L", "xenonnt", mass="10 keV")
    expected = float(fit.nll(0.0)[0] - fit.nll(4e-7)[0])
    assert abs(expected) > 1
    assert nup.loglike(model, "xenonnt") == pytest.approx(expected, rel=1e-4)
    total = nup.loglike(model, ["xenonnt", "lz"])
    assert total == pytest.approx(expected + nup.loglike(model, "lz"), rel=1e-9)
    assert nup.evaluate(model, ["xenonnt", "lz"]).loglike == pytest.approx(total, rel=1e-9)


def test_anomalous_moment_is_a_gaussian():
    """(3.8 +- 6.4)e-10 of the muon against the shift g^2 a(M)."""
    model = nup.U1X("Lmu-Ltau", mass="10 MeV", g=5e-4)
    shift = 25e-8 * moment_shift(10.0, 105.6583755)
    expected = -0.5 * (((shift - 3.8e-10) / 6.4e-10) ** 2 - (3.8 / 6.4) ** 2)
    assert nup.loglike(model, "g2-muon") == pytest.approx(expected, rel=1e-4)


def test_neff_is_a_gaussian_with_the_error_of_its_side(monkeypatch):
    """Planck 2018, 2.99 +0.34 -0.33 at 95 %; a theory error adds in quadrature; the Standard Model has 3.0440."""
    sigma = 0.34 / 1.959964
    standard = ((3.0440 - 2.99) / sigma) ** 2
    for error in (0.0, 0.1):
        monkeypatch.setattr(evaluation, "neff_at", lambda *_, e=error: Predicted(3.5, e))
        expected = -0.5 * ((3.5 - 2.99) ** 2 / (sigma**2 + error**2) - standard)
        assert nup.loglike(POINT, "planck2018") == pytest.approx(expected, rel=1e-5)
    found = nup.evaluate(POINT, ["planck2018", "bbn", "cmb-s4", "h0-band"])
    assert found["planck2018"].ratio == pytest.approx((3.5 - 3.044) / (3.33 - 3.044), rel=1e-6)
    assert [found[n].excluded for n in ("planck2018", "bbn", "cmb-s4", "h0-band")] == [True, True, True, True]
    assert found["bbn"].loglike is None
    assert observation("planck2018").deviance(2.5) == pytest.approx((0.49 * 1.959964 / 0.33) ** 2 - standard, rel=1e-5)
    monkeypatch.setattr(evaluation, "neff_at", lambda *_: Predicted(np.nan, np.nan, "too stiff"))
    failed = nup.evaluate(POINT, "planck2018")
    assert failed.failed == ("planck2018",)
    assert "too stiff" in str(failed)
    assert np.isnan(failed.loglike)
    assert np.isnan(nup.loglike(POINT, "planck2018"))


def test_neff_is_that_of_the_solver():
    assert nup.evaluate(POINT, "planck2018")["planck2018"].ratio == pytest.approx(
        (nup.evolve(POINT).neff - 3.044) / (3.33 - 3.044), rel=1e-9
    )


def test_each_data_set_counts_once():
    """XENON1T and its excess are one data set; so are Planck's in three measurements of N_eff."""
    with pytest.raises(ParameterError, match=r"xenon1t and xenon1t-excess use the same data \(xenon1t-sr1\)"):
        nup.loglike(POINT, ["xenon1t", "xenon1t-excess"])
    with pytest.raises(ParameterError, match="planck2018 and combination-2026"):
        nup.loglike(POINT, ["planck2018", "combination-2026"])
    from nuportal.inference.constraints import independent
    from nuportal.limits.registry import limits

    of_neff = {c.about.name for c in independent(limits("cosmology")) if c.about.formula.startswith("neff")}
    assert of_neff == {"combination-2026"}  # it rests on the most data, Planck's among them
    used = nup.evaluate(POINT, "all,-cosmology").used
    assert "xenon1t" in used
    assert "xenon1t-excess" not in used
    every = nup.limit("xenon1t").about.data_sets
    assert every == nup.limit("xenon1t-excess").about.data_sets == ("xenon1t-sr1",)
    model = nup.U1X("B-L", mass="10 keV", g=4e-7)
    with_name = nup.loglike(model, ["xenon1t-excess", "recoil"])
    assert with_name == pytest.approx(nup.loglike(model, "recoil"), rel=1e-9)
    plane = nup.plane("B-L", "mass=5keV:50keV:3", "g=1e-7:1e-6:5", ["xenon1t", "xenon1t-excess", "xenonnt"])
    assert plane.deviance() == pytest.approx(plane.deviance(["xenon1t", "xenonnt"]), rel=1e-12)
    with pytest.raises(ParameterError, match="same data"):
        plane.deviance(["xenon1t", "xenon1t-excess"])
    middle = nup.U1X("B-L", mass=float(plane.x[1]), g=float(plane.y[3]))
    assert nup.loglike(middle, ["xenon1t", "xenonnt"]) == pytest.approx(-plane.deviance()[1, 3] / 2, rel=1e-6)


def test_a_plane_combines_neff_too():
    plane = nup.plane("B-L", "mass=8MeV:12MeV:2", "g=1e-7:1e-6:4", ["borexino", "planck2018"])
    point = nup.U1X("B-L", mass=8.0, g=float(plane.y[1]))
    alone = -0.5 * plane.deviance(["planck2018"])[0, 1]
    assert alone == pytest.approx(nup.loglike(point, "planck2018"), abs=0.05)
    assert (plane.deviance() == plane.deviance(["borexino"]) + plane.deviance(["planck2018"])).all()


def test_light_elements_count_once():
    """Y_p and D/H enter with the likelihood of their constraint, not beside another measurement that rests on them."""
    model = nup.U1X("B-L", mass="6 MeV", g=3e-6)
    ray, at = through(model)
    alone = -0.5 * nup.limit("light-elements").deviance_of_points(ray, np.array([at]))[0]
    chi2 = [compare(nup.evolve(m).yields()).chi2 for m in (model, None)]
    assert alone == pytest.approx(-0.5 * (chi2[0] - chi2[1]), rel=1e-9)
    assert alone < -1
    assert nup.loglike(model, ["light-elements", "borexino"]) == pytest.approx(
        alone + nup.loglike(model, "borexino"), rel=1e-9
    )
    for other in ("light-elements-parthenope3", "combination-2026"):
        with pytest.raises(ParameterError, match=r"use the same data \(primordial\)"):
            nup.loglike(model, ["light-elements", other])


@pytest.mark.parametrize(
    "model",
    [
        nup.VectorMediator("1 MeV", g_e=-1e-6, g_nu=1e-8),
        nup.ScalarMediator("1 MeV", g_e=1e-6, g_nu=1e-5, flavour="mu"),
        nup.HiddenNeutrino("1 MeV", g=0.1, mixing=1e-3, chi=1e-5),
        nup.DipolePortal("1 MeV", "1e-9 mu_B"),
        nup.U1X("Lmu-Ltau", "20 MeV", 1e-4, "-g/70"),
        nup.U1X(charges={"e": 0}, mass=1.0, g=1e-12, epsilon=-1e-5),
    ],
    ids=lambda m: m.declared.kind,
)
def test_the_ray_through_a_model_holds_it(model):
    """At its own place the ray has the model's couplings, at twice that, twice as large."""
    ray, at = through(model)
    assert ray.low < at <= ray.high
    there, beyond = ray.build(at), ray.build(2 * at)
    if hasattr(model, "couplings"):
        for name in ("c_e", "c_mu"):
            assert getattr(there.couplings, name) == pytest.approx(getattr(model.couplings, name), rel=1e-12)
            assert getattr(beyond.couplings, name) == pytest.approx(2 * getattr(model.couplings, name), rel=1e-12)
    else:
        assert there.recoil_coupling == pytest.approx(model.recoil_coupling)
        assert beyond.recoil_coupling == pytest.approx(2 * model.recoil_coupling)
    found = nup.evaluate(model, QUICK)
    assert any(v.speaks for v in found)
    assert np.isfinite(found.loglike)
    assert nup.loglike(model, QUICK) == pytest.approx(found.loglike, rel=1e-9)


def test_loglike_is_quick():
    """Below 50 ms of processor time for all likelihoods but N_eff, each time at another mass."""
    nup.loglike(POINT, QUICK)
    start = time.process_time()
    for k in range(10):
        nup.loglike(nup.U1X("B-L", mass=0.1 * (k + 1), g=1e-6), QUICK)
    assert (time.process_time() - start) / 10 < 0.05


def test_what_is_wrong_is_said():
    with pytest.raises(NotApplicableError, match="e137 has no likelihood"):
        nup.loglike(POINT, "e137")
    with pytest.raises(UnknownNameError, match="did you mean 'borexino'"):
        nup.evaluate(POINT, "borexin")
    with pytest.raises(NotApplicableError, match="model"):
        nup.evaluate(None)
    with pytest.raises(UnknownNameError, match="constraint of this evaluation"):
        nup.evaluate(POINT, "borexino")["lz"]


def test_shown_in_short_and_pickled(found):
    assert len(repr(found)) < 600
    assert "<table>" in found._repr_html_()
    assert "e137" in str(found)
    copy = pickle.loads(pickle.dumps(found))
    assert copy["e137"] == found["e137"]


def test_command(capsys, tmp_path):
    path = tmp_path / "e.json"
    point = ["evaluate", "B-L", "--mass", "10MeV", "--g", "1e-6"]
    arguments = [*point, "--constraints", "all,-cosmology", "-o", str(path)]
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert "excluded by e137" in text
    document = json.loads(path.read_text())
    assert document["excluded_by"][0] == "e137"
    assert document["model"]["kind"] == "U1X"
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "B-L", "--mass", "10MeV"])
    assert stop.value.code == 2
    assert "give --g of B-L" in capsys.readouterr().err
