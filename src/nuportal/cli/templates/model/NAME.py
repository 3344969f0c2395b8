"""A model of your own: nuportal evaluate ./NAME.py --mass 1MeV --g-l 1e-6.

Also `neff`, `limits`, `recoil`, `fit` and `plane`, and in Python nup.plane("NAME.py", ...). docs/models.md says more.
"""

from dataclasses import dataclass

from nuportal.models import Choice, Couplings, Declaration, Parameter, Portal, declare
from nuportal.models.declaration import MASS


@declare(
    Declaration(
        "NAME",  # its name in titles and files
        "NAME vector",  # in titles of pictures
        "vector",  # which constraints and recoils hold for it: vector or scalar
        (
            MASS,  # the first parameter is the mass
            Parameter("g_l", "$g_l$", "1e-9:1e-3", help="Coupling to a lepton and its neutrino.", largest=1.0),
        ),
        choices=(Choice("lepton", ("e", "mu"), "Which lepton couples."),),
        scaled=("g_l",),  # the couplings that `evaluate` scales to say how far away a constraint is
    )
)
@dataclass(frozen=True)
class CLASS(Portal):
    """What couples to what; the fields are the parameters and choices above."""

    mass: float
    g_l: float
    lepton: str = "e"

    @property
    def couplings(self) -> Couplings:
        """L = Z'_mu sum c_f fbar gamma^mu f (spin=1), phi sum c_f fbar f (spin=0); numbers, signs kept."""
        if self.lepton == "e":
            return Couplings(self.mass, c_e=self.g_l, c_nu=(self.g_l, 0.0, 0.0))
        return Couplings(self.mass, c_mu=self.g_l, c_nu=(0.0, self.g_l, 0.0))
