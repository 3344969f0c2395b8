"""
N_eff against the coupling in two treatments
============================================

Published planes give each neutrino bath a temperature and no chemical potential. The default of nuportal follows the
spectra. This example compares the two for a U(1)_B-L boson of 10 MeV; the bars are the errors that each result states.
"""

import matplotlib.pyplot as plt
import numpy as np

import nuportal as nup

couplings = np.geomspace(1e-9, 1e-6, 7)
figure, axes = plt.subplots(figsize=(6.4, 4.4))
for offset, treatment, name in ((0.97, "momenta", "spectra"), (1.03, "temperatures", "temperatures")):
    found = [nup.evolve(nup.U1X("B-L", mass="10 MeV", g=g), treatment=treatment) for g in couplings]
    errors = [np.hypot(history.theory_error, history.numerical_error) for history in found]
    axes.errorbar(offset * couplings, [h.neff for h in found], errors, marker="o", capsize=3, label=name)
axes.set(xscale="log", xlabel="$g$", ylabel=r"$N_\mathrm{eff}$", title="U(1)$_{B-L}$, $M$ = 10 MeV")
axes.legend(title="neutrinos with")
