"""
Everything that constrains one model
====================================

All constraints of the laboratory and of astrophysics that apply to U(1)_Lmu-Ltau with the kinetic mixing of the lepton
loops, computed or recast for its charges. Those of cosmology are left out here, since they take a minute.
"""

import nuportal as nup

plane = nup.plane("Lmu-Ltau", "mass=1MeV:1GeV:30", "g=1e-10:1e-1:60", constraints="all,-cosmology", epsilon="-g/70")
figure = plane.plot()
print(plane.summary)
