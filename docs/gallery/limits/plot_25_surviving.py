"""
Where N_eff relaxes the Hubble tension
======================================

A band marks what is favoured and excludes nothing. `surviving` gives the points of a band that no exclusion covers.
"""

import matplotlib.pyplot as plt
import numpy as np

import nuportal as nup

names = ["h0-band", "planck2018", "borexino", "trident-ccfr", "sn1987a-muons", "bs-mixing"]
plane = nup.plane("Lmu-Ltau", "mass=3MeV:60MeV:30", "g=1e-9:1e-2:60", constraints=names, epsilon="-g/70")
figure, axes = plt.subplots(figsize=(6.4, 4.6))
axes.contourf(plane.x, plane.y, np.where(plane.excluded(), 1.0, np.nan).T, colors=["0.75"])
axes.contourf(plane.x, plane.y, np.where(plane.surviving("h0-band"), 1.0, np.nan).T, colors=["C2"])
axes.set(xscale="log", yscale="log", xlabel="$M$ [MeV]", ylabel="$g$")
axes.set_xticks([3, 5, 10, 20, 50], ["3", "5", "10", "20", "50"])
axes.set_xticks([], minor=True)
axes.set_title("grey: excluded, green: favoured by $H_0$ and not excluded")
print(plane.summary)
