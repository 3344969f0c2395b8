"""nuportal: light mediators between neutrinos and ordinary matter, from N_eff to recoils and limits.

Public names load on first use, so that importing the package costs nothing.
"""

from importlib import import_module
from importlib.metadata import version

__version__ = version("nuportal")

#: public name -> module that defines it
_PUBLIC = {
    "U1X": "nuportal.models",
    "VectorMediator": "nuportal.models",
    "ScalarMediator": "nuportal.models",
    "HiddenNeutrino": "nuportal.models",
    "DipolePortal": "nuportal.models",
    "Couplings": "nuportal.models",
    "regimes": "nuportal.cosmology.regimes",
    "plane": "nuportal.planes.build",
    "Plane": "nuportal.planes.plane",
    "ExclusionPlane": "nuportal.planes.exclusion",
    "ray": "nuportal.planes.tracks",
    "limit": "nuportal.limits.registry",
    "Limit": "nuportal.limits.base",
    "LikelihoodLimit": "nuportal.limits.base",
    "Outcome": "nuportal.limits.base",
    "evolve": "nuportal.cosmology.evolve",
    "neff_grid": "nuportal.cosmology.temperatures.thermal",
    "yields_grid": "nuportal.cosmology.nucleosynthesis.grid",
    "Yields": "nuportal.cosmology.nucleosynthesis.yields",
    "History": "nuportal.cosmology.history",
    "ThermalOptions": "nuportal.cosmology.temperatures.options",
    "FluidOptions": "nuportal.cosmology.fluid.options",
    "recoil_spectrum": "nuportal.experiments.spectrum",
    "Spectrum": "nuportal.experiments.spectrum",
    "fit": "nuportal.inference.fit",
    "FitResult": "nuportal.inference.fit",
    "NuportalError": "nuportal.errors",
}

__all__ = ["__version__", *_PUBLIC]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str):
    if name not in _PUBLIC:
        raise AttributeError(f"module 'nuportal' has no attribute '{name}'")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
