"""
A posterior with emcee
======================

`loglike` is the logarithm of the likelihood relative to the Standard Model, each data set counted once. Any sampler can
use it. The prior of this example is flat in the coupling.
"""

import emcee
import matplotlib.pyplot as plt
import numpy as np

import nuportal as nup


def log_posterior(theta):
    """Return the posterior of the coupling of B-L at M = 10 keV."""
    if not 0 < theta[0] < 1e-6:
        return -np.inf
    value = nup.loglike(nup.U1X("B-L", mass="10 keV", g=theta[0]), ["xenonnt", "lz"])
    return value if np.isfinite(value) else -np.inf


sampler = emcee.EnsembleSampler(8, 1, log_posterior)
sampler.random_state = np.random.RandomState(1).get_state()
sampler.run_mcmc(np.linspace(1e-8, 1e-7, 8)[:, None], 250)
chain = sampler.get_chain(discard=50, flat=True)[:, 0]

figure, axes = plt.subplots(figsize=(6.4, 4.2))
axes.hist(1e7 * chain, bins=30, density=True, color="C0", alpha=0.6)
axes.axvline(1e7 * np.quantile(chain, 0.9), color="k", ls="--", label="90 % of the posterior lies below")
axes.set(xlabel="$g$ / $10^{-7}$", ylabel="density", title="U(1)$_{B-L}$, $M$ = 10 keV, XENONnT and LZ")
axes.legend()
