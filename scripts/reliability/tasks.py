"""The runs that the fault scripts kill and damage: small planes and scans that write a journal and a result."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray

import nuportal as nup
from nuportal.models.family import family
from nuportal.planes.quantities import neff_quantity

Task = nup.Plane | nup.ExclusionPlane | xarray.Dataset

FEW = "texono,charm-ii,g2-electron,g2-muon,gemma,kloe-ee,na64-invisible,borexino,a1,babar-visible,trident-charm-ii,e137"


def neff(save: Path) -> nup.Plane:
    """Compute a plane of N_eff in small blocks; the preset keeps to temperatures, so that it takes half a second."""
    asked = replace(neff_quantity(family("B-L"), {"preset": "ghosh"}), block_points=64)
    axes = ("mass=2MeV:50MeV:30", "g=1e-8:1e-5:30")
    options = {"preset": "ghosh", "method": "solve", "executor": "serial"}
    return nup.plane("B-L", *axes, quantity=asked, save=save, **options)  # type: ignore[return-value,arg-type]


def interpolated(save: Path) -> nup.Plane:
    """Compute a plane as planes with momenta are, one journal record a point, but of cheap points with temperatures."""
    cheap, usual = neff_quantity(family("B-L"), {"treatment": "temperatures"}), neff_quantity(family("B-L"), {})
    asked = replace(cheap, smooth=usual.smooth, resolve=lambda spec: cheap.resolve(spec) | {"method": "adaptive"})
    options = {"treatment": "temperatures", "method": "solve", "executor": "serial"}
    axes = ("mass=2MeV:50MeV:30", "g=1e-8:1e-5:30")
    return nup.plane("B-L", *axes, quantity=asked, save=save, **options)  # type: ignore[return-value,arg-type]


def momenta(save: Path) -> nup.Plane:
    """Compute a plane of N_eff with momenta, each point of it; a run takes some seconds."""
    asked = replace(neff_quantity(family("B-L"), {}), block_points=1)
    axes = ("mass=5MeV:20MeV:3", "g=1e-8:1e-6:3")
    return nup.plane("B-L", *axes, quantity=asked, save=save, method="solve", executor="serial")  # type: ignore[return-value]


def combined(save: Path) -> nup.ExclusionPlane:
    """Compute a combined plane of some constraints, one journal record each."""
    return nup.plane("B-L", "mass=1MeV:100MeV:15", "g=1e-8:1e-2:41", FEW.split(","), save=save)  # type: ignore[return-value]


def scan(save: Path) -> xarray.Dataset:
    """Compute a scan over three parameters, some points a journal record."""
    axes = ["mass=2MeV:50MeV:8", "g=1e-8:1e-5:6", "epsilon=1e-9:1e-7:3"]
    asked = ["neff", "ratio:borexino", "excluded"]
    return nup.scan("B-L", axes, asked, constraints=FEW, save=save, executor="serial", treatment="temperatures")


#: name -> what computes and saves it, or reads it if it is there
TASKS: dict[str, Callable[[Path], Task]] = {
    "neff": neff,
    "interpolated": interpolated,
    "momenta": momenta,
    "combined": combined,
    "scan": scan,
}


def same(found: Task, expected: Task) -> bool:
    """Return whether two results agree in every value, axis, reason and constraint."""
    if type(found) is not type(expected):
        return False
    if isinstance(found, xarray.Dataset) and isinstance(expected, xarray.Dataset):
        undated = [one.assign_attrs(date="") for one in (found, expected)]
        return undated[0].identical(undated[1])
    assert not isinstance(found, xarray.Dataset)
    assert not isinstance(expected, xarray.Dataset)
    if found.spec != expected.spec:
        return False
    if isinstance(found, nup.ExclusionPlane) and isinstance(expected, nup.ExclusionPlane):
        return all(
            np.array_equal(track.at, expected.tracks[name].at) and track.outcomes == expected.tracks[name].outcomes
            for name, track in found.tracks.items()
        )
    assert isinstance(found, nup.Plane)
    assert isinstance(expected, nup.Plane)
    return found.failures == expected.failures and np.array_equal(found.values, expected.values, equal_nan=True)
