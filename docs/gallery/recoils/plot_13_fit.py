"""
A fit of one coupling
=====================

The likelihood of XENON1T prefers a magnetic moment of neutrinos; those of XENONnT and LZ do not. The joint fit counts
each data set once.
"""

import matplotlib.pyplot as plt

import nuportal as nup

figure, axes = plt.subplots(figsize=(6.4, 4.4))
for data in ("xenon1t", "xenonnt", ["xenonnt", "lz_ws2022"]):
    result = nup.fit("magnetic-moment", data)
    moment, statistic = result.profile
    axes.plot(1e11 * moment, statistic, label=" + ".join([data] if isinstance(data, str) else data))
    print(result.summary)
axes.axhline(2.71, color="0.5", ls=":")
axes.set(xlim=(0, 4), ylim=(0, 12), xlabel=r"$\mu_\nu$ [$10^{-11}\,\mu_B$]", ylabel=r"$2\,\Delta\ln L$")
axes.legend()
