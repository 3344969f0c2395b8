"""Samplers on the likelihood: the examples of docs/samplers.md run, and their posteriors are those of the profile."""

import re
from pathlib import Path

import numpy as np
import pytest

import nuportal as nup

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "samplers.md").read_text(encoding="utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[0]
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def credible(cl):
    """Upper end of a posterior flat in g, from the likelihoods of xenonnt and lz integrated on a grid."""
    g = np.linspace(1e-10, 4e-7, 300)
    value = np.array([nup.loglike(nup.U1X("B-L", "10 keV", x), ["xenonnt", "lz"]) for x in g])
    share = np.cumsum(np.exp(value - value.max()))
    return float(np.interp(cl, share / share[-1], g))


def test_the_example_of_one_point_runs(capsys):
    exec(compile(PYTHON[0], "samplers.md", "exec"), {})
    first, second = capsys.readouterr().out.splitlines()
    assert first.split()[0] == "e137"
    assert float(second) < -5


def test_emcee_finds_the_posterior(capsys):
    pytest.importorskip("emcee")
    exec(compile(PYTHON[1], "samplers.md", "exec"), {})
    found = float(capsys.readouterr().out.split()[2])
    assert found == pytest.approx(credible(0.90), rel=0.1)


def test_emcee_finds_the_masses_that_survive(capsys):
    """The end of the posterior is that of the likelihood integrated on a grid, and what lies far below is excluded."""
    pytest.importorskip("emcee")
    exec(compile(PYTHON[2], "samplers.md", "exec"), {})
    found = float(capsys.readouterr().out.split()[2])
    names = ["xenonnt", "borexino", "coherent-csi"]
    logs = np.linspace(-2, 3, 120)
    share = np.cumsum(np.exp([nup.loglike(nup.U1X("B-L", 10**x, 1e-5), names) for x in logs]))
    assert np.log10(found) == pytest.approx(np.interp(0.05, share / share[-1], logs), abs=0.15)
    assert nup.evaluate(nup.U1X("B-L", found / 3, 1e-5), names).excluded


def test_cobaya_evaluates_and_samples():
    """The YAML of the page: at a point ln L is loglike's; the sampler runs; impossible couplings are rejected."""
    pytest.importorskip("cobaya")
    import yaml
    from cobaya.model import get_model
    from cobaya.run import run

    info = yaml.safe_load(YAML)
    info["debug"] = 50
    info["packages_path"] = "."
    model = get_model(info)
    found = model.loglikes({"log_mass": -2.0, "log_g": -6.4}, as_dict=True)[0]
    expected = nup.loglike(nup.U1X("B-L", "10 keV", 10**-6.4), ["xenonnt", "lz"])
    assert expected < -5
    assert found["nuportal.inference.cobaya.Constraints"] == pytest.approx(expected, rel=1e-9)
    info["params"]["log_g"]["prior"] = {"min": 0.0, "max": 2.0}
    assert get_model(info).logpost({"log_mass": -2.0, "log_g": 1.5}) == -np.inf
    info = yaml.safe_load(YAML) | {"debug": 50, "packages_path": "."}
    info["sampler"]["mcmc"] |= {"max_samples": 20, "seed": 1, "burn_in": 0, "learn_proposal": False}
    for name, start in (("log_mass", -2.0), ("log_g", -8.0)):
        info["params"][name] |= {"ref": start, "proposal": 0.3}
    _, sampler = run(info)
    samples = sampler.products()["sample"]
    assert len(samples) > 1
    assert np.isfinite(samples["minuslogpost"]).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model": "B-M"}, "did you mean 'B-L'"),
        ({"sampled": ["mass"]}, "g of B-L is missing"),
        ({"fixed": {"d": 1}}, "unknown parameter of B-L"),
    ],
)
def test_cobaya_says_what_is_wrong(change, says):
    pytest.importorskip("cobaya")
    import yaml
    from cobaya.log import LoggedError
    from cobaya.model import get_model

    info = yaml.safe_load(YAML) | {"debug": 50, "packages_path": "."}
    info["theory"]["nuportal.inference.cobaya.Portal"] |= change
    with pytest.raises(LoggedError, match=says):
        get_model(info)
