"""The table of N_eff observations against a second transcription and against the statistics they imply."""

import tomllib
from pathlib import Path
from statistics import NormalDist

import pytest

from nuportal.errors import DataFileError, ParameterError, UnknownNameError
from nuportal.planes.constraints import constraint, constraint_names, constraints
from nuportal.planes.observations import observation, observations, read, standard_model


def test_numbers_agree_with_the_other_transcription():
    path = Path(__file__).parents[1] / "data/measurements.toml"
    facts = tomllib.loads(path.read_text(encoding="utf-8"))["neff"]
    names = {
        "planck2018_bao": "planck2018",
        "planck2018_cmb": "planck2018-cmb",
        "bbn_fields2020": "bbn",
        "h0_relaxing_band": "h0-band",
    }
    for key, row in facts.items():
        entry = observation(names.get(key, key))
        for field in ("value", "plus", "minus", "upper", "low", "high", "cl"):
            if field in row:
                assert getattr(entry, field) == row[field], (key, field)


def test_intervals():
    assert observation("planck2018").interval() == pytest.approx((2.66, 3.33))
    assert observation("Planck_2018").name == "planck2018"
    low, high = observation("act-dr6").interval(0.95)
    assert (low, high) == pytest.approx((2.86 - 0.13 * 1.9709, 2.86 + 0.13 * 1.9709), abs=1e-4)
    assert observation("act-dr6").interval(0.68) == pytest.approx((2.73, 2.99))
    assert observation("cmb-s4").interval()[1] == 3.10
    assert observation("h0-band").interval() == (3.2, 3.5)


def test_excess_bound_follows_from_its_measurement():
    """0.107 is the 95 % quantile of the Gaussian 2.990 +- 0.070 cut off below the Standard Model."""
    entry = observation("combination-2026")
    gauss = NormalDist(entry.value, entry.plus)
    cut = gauss.cdf(standard_model())
    quantile = gauss.inv_cdf(cut + 0.95 * (1 - cut)) - standard_model()
    assert entry.excess == pytest.approx(quantile, abs=2e-3)
    assert entry.interval()[1] == pytest.approx(3.151)


def test_constraints_by_name():
    assert len(constraints("all")) == len(constraint_names()) == len(observations()) - 1
    assert [c.name for c in constraints("planck2018, cmb-s4")] == ["planck2018", "cmb-s4"]
    assert constraint("h0-band").kind == "band"
    assert constraint("simons-observatory").kind == "projection"
    assert constraint("bbn").cl == 0.68
    with pytest.raises(UnknownNameError):
        constraint("standard-model")
    with pytest.raises(ParameterError):
        constraint("planck2018", cl=95)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[a]\nlabel="A"\ndata=""\nkind="bound"\ncl=0.95\nreference="X"\nprovenance="primary"', "upper"),
        ('[a]\nlabel="A"\ndata=""\nkind="guess"\nreference="X"\nprovenance="primary"', "kind"),
        (
            '[a]\nlabel="A"\nkind="band"\nlow=1\nhigh=2\ndata=""\nsurplus=1\nreference="X"\nprovenance="primary"',
            "surplus",
        ),
        ("[a", "end of document"),
    ],
)
def test_malformed_tables_name_the_fault(text, says):
    with pytest.raises(DataFileError, match=says):
        read(text)
