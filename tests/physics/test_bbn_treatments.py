"""Yields with momenta and with temperatures, on coarse and fine grids, differ by less than they say."""

import numpy as np
import pytest

import nuportal as nup

#: random points (seed 1 of the scan that docs/physics/light_elements.md tells of) and the Standard Model
POINTS = [
    (None, 0.0, 0.0, "zero"),
    ("B-3Ltau", 7.1, 9.3e-7, "zero"),
    ("B-L", 19.1, 1.7e-8, "zero"),
    ("Le-Lmu", 35.7, 2.2e-7, "thermal"),
]


def errors(found):
    return np.hypot(found.theory_error, found.numerical_error)[:2]


def model_of(name, mass, g):
    return None if name is None else nup.U1X(name, mass=mass, g=g)


@pytest.mark.parametrize(("name", "mass", "g", "start"), POINTS)
@pytest.mark.parametrize("flavours", ["common", "separate"])
def test_temperatures_are_right_within_their_errors(name, mass, g, start, flavours, spectra):
    found = nup.evolve(model_of(name, mass, g), treatment="temperatures", start=start, flavours=flavours).yields()
    exact = spectra(name, mass, g, start)
    assert np.all(np.abs(found.values - exact.values)[:2] < errors(found) + errors(exact))


@pytest.fixture(scope="module")
def spectra():
    """Yields with momenta, each calculated once."""
    kept = {}

    def of(*point):
        if point not in kept:
            kept[point] = nup.evolve(model_of(*point[:3]), start=point[3]).yields()
        return kept[point]

    return of


@pytest.mark.parametrize(("name", "mass", "g", "start"), [POINTS[0], POINTS[2]])
def test_fine_grids_agree(name, mass, g, start, spectra):
    """In the Standard Model far better than stated: what few momenta lack is added to H."""
    coarse, fine = spectra(name, mass, g, start), nup.evolve(model_of(name, mass, g), start=start, accuracy="high")
    difference = np.abs(coarse.values - fine.yields().values)[:2]
    assert np.all(difference < coarse.numerical_error[:2])
    if name is None:
        assert difference[0] < 1e-6 and difference[1] < 4e-6 * coarse.D_H
