"""Models: what couples to what. Frozen objects; no experiment, no solver."""

from nuportal.listing import callable_list
from nuportal.models.base import FLAVOURS, Couplings
from nuportal.models.declaration import Choice, Combination, Declaration, Parameter, declare, declared_models
from nuportal.models.dipole import DipolePortal
from nuportal.models.family import Family, family, named_families
from nuportal.models.hidden_neutrino import HiddenNeutrino
from nuportal.models.mediators import ScalarMediator, VectorMediator
from nuportal.models.mixing import loop_mixing
from nuportal.models.portal import Portal
from nuportal.models.u1x import U1X, Charges, canonical_name, catalog

__all__ = [
    "FLAVOURS",
    "U1X",
    "Charges",
    "Choice",
    "Combination",
    "Couplings",
    "Declaration",
    "DipolePortal",
    "Family",
    "HiddenNeutrino",
    "Parameter",
    "Portal",
    "ScalarMediator",
    "VectorMediator",
    "canonical_name",
    "catalog",
    "declare",
    "declared_models",
    "family",
    "loop_mixing",
]


def _entries() -> dict[str, str]:
    known = {name: f"U(1)_X {charges.to_mapping()}" for name, charges in catalog().items()}
    return known | {name: members.declared.title for name, members in named_families().items()}


callable_list(__name__, _entries)
