"""Data files of nucleosynthesis: against the full tables, headers, licence; measured light elements."""

import csv
import tomllib
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from nuportal.cosmology.nucleosynthesis.reactions import RATE_SETS, nuclei, rate_table, reaction_names
from nuportal.errors import DataFileError, UnknownNameError
from nuportal.observations.light_elements import JointCmb, Measured, joint_cmb, measurement, measurements, parse
from nuportal.references import bibliography
from nuportal.solvers import hermite

DATA = files("nuportal.cosmology.nucleosynthesis").joinpath("data")

MEASUREMENTS = Path(__file__).parents[1] / "data/measurements.toml"

#: largest error of ln rate where deuterium and helium burn (T9 from 0.1 to 3), and anywhere above 0.02; the fits of
#: PArthENoPE have steps
BURNING = {"parthenope3": 2e-3}, 1.2e-4
ANYWHERE = {"parthenope3": 7e-3}, 2e-4


def allowed(limits, name):
    special, usual = limits
    return special.get(name, usual)


def full_tables(shared, name):
    lines = (shared / f"facts/bbn/rates_{name}.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    for reaction in reaction_names():
        table = np.array([[float(r[c]) for c in ("T9", "rate", "f")] for r in rows if r["reaction"] == reaction])
        yield reaction, table[np.unique(table[:, 0], return_index=True)[1]]


@pytest.mark.parametrize("name", RATE_SETS)
def test_thinned_rates_are_the_full_ones(name, shared):
    """Every point of the full tables and the middle between them."""
    table = rate_table(name)
    for k, (reaction, full) in enumerate(full_tables(shared, name)):
        x = np.log(full[(full[:, 0] > 0.02) & (full[:, 0] <= 10), 0])
        spline = CubicSpline(np.log(full[:, 0]), np.log(full[:, 1]), bc_type="natural")
        fine = np.sort(np.concatenate([x, (x[1:] + x[:-1]) / 2]))
        off = np.abs(hermite.column_at(table, fine, k) - spline(fine))
        burning = (fine > np.log(0.1)) & (fine < np.log(3))
        assert off[burning].max() < allowed(BURNING, name), reaction
        assert off.max() < allowed(ANYWHERE, name), reaction
        errors = np.abs(
            hermite.column_at(table, fine, 12 + k) - np.interp(fine, np.log(full[:, 0]), np.log(full[:, 2]))
        )
        assert errors.max() < 0.035 and errors[burning].max() < 0.025 and np.median(errors) < 1e-4, reaction


@pytest.mark.parametrize("name", RATE_SETS)
def test_sample_of_the_full_tables(name):
    """The same at a few points that the clone holds."""
    path = Path(__file__).parents[1] / "data/bbn_rates_sample.csv"
    rows = csv.DictReader(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    table, seen = rate_table(name), 0
    for row in (row for row in rows if row["set"] == name):
        k, x = reaction_names().index(row["reaction"]), np.log([float(row["T9"])])
        assert hermite.column_at(table, x, k)[0] == pytest.approx(
            np.log(float(row["rate"])), abs=max(2e-4, allowed(BURNING, name))
        )
        assert hermite.column_at(table, x, 12 + k)[0] == pytest.approx(np.log(float(row["f"])), abs=2e-3)
        seen += 1
    assert seen == 48


@pytest.mark.parametrize("name", RATE_SETS)
def test_headers_say_what_is_in_the_file(name):
    text = DATA.joinpath(f"rates_{name}.csv").read_text(encoding="utf-8")
    header = [line for line in text.splitlines() if line.startswith("#")]
    assert name in header[0]
    for word in ("LINX", "MIT", "cm^3 mol^-1 s^-1", "GK"):
        assert any(word in line for line in header), word
    for reaction in reaction_names():
        assert any(line.startswith(f"#   {reaction}: ") for line in header), reaction


def test_the_licence_of_the_tables_is_shipped():
    text = DATA.joinpath("LICENCE-LINX.txt").read_text(encoding="utf-8")
    for words in ("Copyright 2024 Cara Giovanetti", "Permission is hereby granted, free of charge", "AS IS"):
        assert words in text


def test_nuclei_are_those_of_the_facts(table):
    for name, neutrons, protons, spin, excess in zip(*table("bbn_nuclei").values(), strict=True):
        found = nuclei()[{"a": "He4"}.get(name, name)]
        assert (found.number, found.charge) == (neutrons + protons, protons)
        assert found.atom == pytest.approx(found.number * 931.49410242 + excess / 1e3, rel=1e-12)
        assert found.states == 2 * spin + 1
    assert nuclei()["n"].mass == pytest.approx(939.5654, abs=1e-4)
    assert nuclei()["p"].mass == pytest.approx(938.2721, abs=1e-4)


def test_measurements_are_those_of_the_facts():
    transcribed = tomllib.loads(MEASUREMENTS.read_text(encoding="utf-8"))
    facts, joint = transcribed["light_elements"], transcribed["joint"]
    assert len(measurements()) == 8
    for name, row in measurements().items():
        fact = facts[name.replace("-", "_")]
        assert (row.value, row.sigma) == (fact["value"], fact["sigma"])
        assert row.reference in bibliography()
    for name, key in (("cmb-planck2018", "planck18_nnu_yhe"), ("cmb-planck2018-bao", "planck18_nnu_yhe_BAO")):
        found = joint_cmb()[name]
        assert list(found.mean) == joint[key]["mean"]
        np.testing.assert_allclose(found.covariance, joint[key]["cov"], rtol=3e-3)
        assert found.provenance == "unverified"
        assert np.linalg.eigvalsh(found.covariance / np.outer(found.sigma, found.sigma)).min() > 0.1


def test_measurements_by_name():
    assert measurement("yp-lbt2026", "Y_p").value == 0.2458
    with pytest.raises(UnknownNameError, match="did you mean 'yp-lbt2026'"):
        measurement("yp-lbt2025", "Y_p")
    with pytest.raises(UnknownNameError, match="measurement of D_H"):
        measurement("yp-lbt2026", "D_H")


@pytest.mark.parametrize(("key", "wrong"), [("sigma", -1.0), ("quantity", "Li"), ("value", "much"), ("extra", 1)])
def test_malformed_measurements_are_named(key, wrong):
    row = measurements()["yp-lbt2026"].model_dump(exclude={"name"}) | {key: wrong}
    with pytest.raises(DataFileError, match=rf"here\.toml: \[a\] {key}"):
        parse({"a": row}, "here.toml", Measured)


def test_malformed_joint_results_are_named():
    with pytest.raises(DataFileError, match=r"here\.toml: \[a\] label"):
        parse({"a": {}}, "here.toml", JointCmb)
