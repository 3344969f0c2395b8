"""
Some limits on one plane
========================

Constraints are named one by one, by group, or all together. Here neutrinos from the Sun, a reactor and pions at rest, a
collider, two beam dumps and a supernova meet in the plane of U(1)_B-L.
"""

import nuportal as nup

names = ["borexino", "texono", "e137", "babar-visible", "na64-invisible", "coherent-csi", "sn1987a-neutrinos"]
plane = nup.plane("B-L", "mass=1MeV:500MeV:30", "g=1e-9:1e-2:60", constraints=names)
figure = plane.plot()
print(plane.summary)
