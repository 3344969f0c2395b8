"""
A portal of your own
====================

A model class says once what it is. Planes, fits, limits and the command line then know it. This one couples to
electrons and to electron neutrinos alike.
"""

from dataclasses import dataclass

import nuportal as nup
from nuportal.models import Couplings, Declaration, Parameter, Portal, declare
from nuportal.models.declaration import MASS


@declare(
    Declaration(
        "leptophilic",
        "leptophilic vector",
        "vector",
        (MASS, Parameter("g_l", "$g_l$", "1e-9:1e-3", help="Coupling to electrons and their neutrinos.", largest=1.0)),
        scaled=("g_l",),
    )
)
@dataclass(frozen=True)
class Leptophilic(Portal):
    """A vector that couples to the electron and to its neutrino alike."""

    mass: float
    g_l: float

    @property
    def couplings(self):
        """The couplings that every process reads."""
        return Couplings(self.mass, c_e=self.g_l, c_nu=(self.g_l, 0.0, 0.0))


plane = nup.plane(
    Leptophilic, "mass=10keV:50MeV:30", "g_l=1e-8:1e-3:60", constraints=["borexino", "texono", "xenonnt", "g2-electron"]
)
figure = plane.plot()
print(plane.summary)
