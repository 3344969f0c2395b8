"""Models: what couples to what. Frozen objects; no experiment, no solver."""

from nuportal.models.base import FLAVOURS, Couplings
from nuportal.models.dipole import DipolePortal
from nuportal.models.hidden_neutrino import HiddenNeutrino
from nuportal.models.mediators import ScalarMediator, VectorMediator
from nuportal.models.mixing import loop_mixing
from nuportal.models.u1x import U1X, Charges, canonical_name, catalog

__all__ = [
    "FLAVOURS",
    "U1X",
    "Charges",
    "Couplings",
    "DipolePortal",
    "HiddenNeutrino",
    "ScalarMediator",
    "VectorMediator",
    "canonical_name",
    "catalog",
    "loop_mixing",
]
