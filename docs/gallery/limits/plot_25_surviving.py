"""
Where N_eff relaxes the Hubble tension
======================================

A band marks what is favoured and excludes nothing. Of the points in the band those are drawn that neither Planck nor a
search in the laboratory or in the sky excludes. N_eff is calculated with temperatures here, which takes a second. If
`h0-band` is among the constraints of a combined plane, `plane.surviving("h0-band")` gives these points, with momenta.
"""

import matplotlib.pyplot as plt
import numpy as np

import nuportal as nup

family = ("Lmu-Ltau", "mass=3MeV:60MeV:80", "g=1e-9:1e-2:160")
neff = nup.plane(*family, epsilon="-g/70", treatment="temperatures")
searches = nup.plane(*family, ["borexino", "trident-ccfr", "sn1987a-muons", "bs-mixing"], epsilon="-g/70")
excluded = neff.excluded("planck2018") | searches.excluded()
favoured = neff.excluded("h0-band") & ~excluded

figure, axes = plt.subplots(figsize=(6.4, 4.6))
axes.contourf(neff.x, neff.y, np.where(excluded, 1.0, np.nan).T, colors=["0.75"])
axes.contourf(neff.x, neff.y, np.where(favoured, 1.0, np.nan).T, colors=["C2"])
axes.set(xscale="log", yscale="log", xlabel="$M$ [MeV]", ylabel="$g$")
axes.set_xticks([3, 5, 10, 20, 50], ["3", "5", "10", "20", "50"])
axes.set_xticks([], minor=True)
axes.set_title("grey: excluded, green: favoured by $H_0$ and not excluded")
print(searches.summary)
