"""nuportal: light mediators between neutrinos and ordinary matter, from N_eff to recoils and limits.

Public names load on first use, so that importing the package costs nothing.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

from nuportal.solvers.compiled_cache import ensure_cache

if TYPE_CHECKING:  # what `__getattr__` loads, for type checkers and editors
    from nuportal.cosmology.evolve import evolve as evolve
    from nuportal.cosmology.fluid.options import FluidOptions as FluidOptions
    from nuportal.cosmology.grid import neff_grid as neff_grid
    from nuportal.cosmology.history import History as History
    from nuportal.cosmology.nucleosynthesis.grid import yields_grid as yields_grid
    from nuportal.cosmology.nucleosynthesis.yields import Yields as Yields
    from nuportal.cosmology.regimes import regimes as regimes
    from nuportal.cosmology.temperatures.options import ThermalOptions as ThermalOptions
    from nuportal.errors import NuportalError as NuportalError
    from nuportal.experiments.spectrum import Spectrum as Spectrum
    from nuportal.experiments.spectrum import recoil_spectrum as recoil_spectrum
    from nuportal.inference.evaluation import Evaluation as Evaluation
    from nuportal.inference.evaluation import Verdict as Verdict
    from nuportal.inference.evaluation import evaluate as evaluate
    from nuportal.inference.evaluation import loglike as loglike
    from nuportal.inference.fit import fit as fit
    from nuportal.inference.fit_result import FitResult as FitResult
    from nuportal.inference.several import SeveralFit as SeveralFit
    from nuportal.limits.base import LikelihoodLimit as LikelihoodLimit
    from nuportal.limits.base import Limit as Limit
    from nuportal.limits.base import Outcome as Outcome
    from nuportal.limits.registry import limit as limit
    from nuportal.models import U1X as U1X
    from nuportal.models import Couplings as Couplings
    from nuportal.models import DipolePortal as DipolePortal
    from nuportal.models import HiddenNeutrino as HiddenNeutrino
    from nuportal.models import ScalarMediator as ScalarMediator
    from nuportal.models import VectorMediator as VectorMediator
    from nuportal.planes.build import plane as plane
    from nuportal.planes.exclusion import ExclusionPlane as ExclusionPlane
    from nuportal.planes.plane import Plane as Plane
    from nuportal.planes.tracks import ray as ray
    from nuportal.scans.build import scan as scan

    def models(search: str = "") -> list[str]: ...
    def experiments(search: str = "") -> list[str]: ...
    def limits(search: str = "") -> list[str]: ...


ensure_cache()

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
    "scan": "nuportal.scans.build",
    "limit": "nuportal.limits.registry",
    "Limit": "nuportal.limits.base",
    "LikelihoodLimit": "nuportal.limits.base",
    "Outcome": "nuportal.limits.base",
    "evolve": "nuportal.cosmology.evolve",
    "neff_grid": "nuportal.cosmology.grid",
    "yields_grid": "nuportal.cosmology.nucleosynthesis.grid",
    "Yields": "nuportal.cosmology.nucleosynthesis.yields",
    "History": "nuportal.cosmology.history",
    "ThermalOptions": "nuportal.cosmology.temperatures.options",
    "FluidOptions": "nuportal.cosmology.fluid.options",
    "recoil_spectrum": "nuportal.experiments.spectrum",
    "Spectrum": "nuportal.experiments.spectrum",
    "evaluate": "nuportal.inference.evaluation",
    "loglike": "nuportal.inference.evaluation",
    "Evaluation": "nuportal.inference.evaluation",
    "Verdict": "nuportal.inference.evaluation",
    "fit": "nuportal.inference.fit",
    "FitResult": "nuportal.inference.fit_result",
    "SeveralFit": "nuportal.inference.several",
    "NuportalError": "nuportal.errors",
}

#: packages that list what there is when they are called, nup.limits("muon")
_LISTS = ("models", "experiments", "limits")

#: what a name that one may expect is called here
_MEANT = {
    "neff": "evolve(model).neff",
    "n_eff": "evolve(model).neff",
    "decouple": "evolve(model, treatment='temperatures')",
    "freeze_in": "evolve(model)",
    "bbn": "evolve(model).yields()",
    "history": "evolve(model)",
    "excluded": "evaluate(model).excluded",
    "likelihood": "loglike",
    "chi2": "loglike",
    "spectrum": "recoil_spectrum",
    "recoil": "recoil_spectrum",
    "u1": "U1X",
    "zprime": "U1X",
    "model": "U1X",
    "vector": "VectorMediator",
    "scalar": "ScalarMediator",
    "dipole": "DipolePortal",
}

__all__ = ["__version__", *_LISTS, *_PUBLIC]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str):
    if name in _LISTS:
        return import_module(f"nuportal.{name}")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'nuportal' has no attribute '{name}'{_instead(name)}")
    return getattr(import_module(_PUBLIC[name]), name)


def _instead(name: str) -> str:
    """What to call in place of a name that is not public."""
    from difflib import get_close_matches

    if name.startswith("_"):
        return ""
    meant = _MEANT.get(name.casefold()) or next(iter(get_close_matches(name, __all__, n=1)), "")
    return f"; did you mean nuportal.{meant}?" if meant else f": it has {', '.join(__all__[1:])}"


def __dir__() -> list[str]:
    return sorted(__all__)
