"""The runs that the fault scripts kill and damage: small planes that write a journal and a result."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

import nuportal as nup
from nuportal.planes.quantities import QUANTITIES

FEW = "texono,charm-ii,g2-electron,g2-muon,gemma,kloe-ee,na64-invisible,borexino,a1,babar-visible,trident-charm-ii,e137"


def neff(save: Path) -> nup.Plane:
    """Compute a plane of N_eff in small blocks; the preset keeps to temperatures, so that it takes half a second."""
    asked = replace(QUANTITIES["neff", "u1x"], block_points=64)
    axes = ("mass=2MeV:50MeV:30", "g=1e-8:1e-5:30")
    options = {"preset": "ghosh", "method": "solve", "executor": "serial"}
    return nup.plane("B-L", *axes, quantity=asked, save=save, **options)  # type: ignore[return-value,arg-type]


def combined(save: Path) -> nup.ExclusionPlane:
    """Compute a combined plane of some constraints, one journal record each."""
    return nup.plane("B-L", "mass=1MeV:100MeV:15", "g=1e-8:1e-2:41", FEW.split(","), save=save)  # type: ignore[return-value]


#: name -> what computes and saves it
TASKS: dict[str, Callable[[Path], nup.Plane | nup.ExclusionPlane]] = {"neff": neff, "combined": combined}


def same(found: nup.Plane | nup.ExclusionPlane, expected: nup.Plane | nup.ExclusionPlane) -> bool:
    """Return whether two planes agree in every value, axis, reason and constraint."""
    if type(found) is not type(expected) or found.spec != expected.spec:
        return False
    if isinstance(found, nup.ExclusionPlane) and isinstance(expected, nup.ExclusionPlane):
        return all(
            np.array_equal(track.at, expected.tracks[name].at) and track.outcomes == expected.tracks[name].outcomes
            for name, track in found.tracks.items()
        )
    assert isinstance(found, nup.Plane)
    assert isinstance(expected, nup.Plane)
    return found.failures == expected.failures and np.array_equal(found.values, expected.values, equal_nan=True)
