"""Neutrino tridents nu_mu N -> nu_mu N mu+ mu- in the field of a nucleus, with a vector mediator.

Equivalent photons: sigma(nu N) = int ds/s sigma_gamma(s) n(s), n(s) = int_{(s/2E)^2} dQ^2/Q^2 F^2(Q^2), up to Z^2 and
constants that cancel in the ratio to the Standard Model. nu gamma -> nu mu+ mu- is the exact 2 -> 3 process: the
leptonic tensor is a trace over gamma matrices. With K the momentum that the neutrinos pass on,

    C_V -> C_V + x/(sqrt2 G_F (K^2 + M^2)),   x = c_nu_mu c_mu,   C_V = 1/2 + 2 sin^2, C_A = 1/2,

so that sigma/sigma_SM = 1 + A(M) x + B(M) x^2 exactly; V-A interference cancels between mu+ and mu- (1406.2332).
"""

from functools import cache

import numpy as np

from nuportal.constants import G_F, M_MU, SIN2_THETA_W
from nuportal.processes.form_factors import Nucleus, helm
from nuportal.solvers.quadrature import rule

C_V, C_A = 0.5 + 2 * SIN2_THETA_W, 0.5
_METRIC = np.diag([1.0, -1.0, -1.0, -1.0])


@cache
def gamma_matrices() -> tuple[np.ndarray, np.ndarray]:
    """Return gamma^mu (4, 4, 4) and gamma5 in the Dirac representation."""
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    g = np.zeros((4, 4, 4), dtype=complex)
    g[0] = np.diag([1, 1, -1, -1])
    for k in range(3):
        g[k + 1, :2, 2:], g[k + 1, 2:, :2] = pauli[k], -pauli[k]
    return g, 1j * g[0] @ g[1] @ g[2] @ g[3]


def lepton_tensors(q: np.ndarray, minus: np.ndarray, plus: np.ndarray, mass: float = M_MU) -> tuple[np.ndarray, ...]:
    """Return the tensors H_VV, H_AA [n, 4, 4] of gamma(q) + current -> l-(minus) l+(plus), indices up.

    Summed over spins and photon polarisations (-g), without couplings. Momenta [n, 4], MeV.
    """
    g, g5 = gamma_matrices()
    unit = mass * np.eye(4)

    def slash(p: np.ndarray) -> np.ndarray:
        return np.einsum("nm,m,mij->nij", p, np.diag(_METRIC), g)

    def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.einsum("nm,m,nm->n", a, np.diag(_METRIC), b)

    left = (slash(minus - q) + unit) / (-2 * dot(minus, q))[:, None, None]
    right = (slash(q - plus) + unit) / (-2 * dot(plus, q))[:, None, None]
    found: list[np.ndarray] = []
    for vertex in (g, g @ g5):
        amplitude = np.einsum("mij,njk,akl->nmail", g, left, vertex) + np.einsum("aij,njk,mkl->nmail", vertex, right, g)
        bar = np.einsum("ij,nmakj,kl->nmail", g[0], amplitude.conj(), g[0])  # gamma0 O^dagger gamma0
        first = np.einsum("nij,nmajk->nmaik", slash(minus) + unit, amplitude)
        second = np.einsum("nij,nmbjk->nmbik", slash(plus) - unit, bar)
        found.append(-np.einsum("m,nmaij,nmbji->nab", np.diag(_METRIC), first, second).real)
    return tuple(found)


def neutrino_tensor(k: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Return k^a k'^b + k^b k'^a - g^ab k.k' [n, 4, 4], the symmetric part of the neutrinos' tensor."""
    product = np.einsum("nm,m,nm->n", k, np.diag(_METRIC), out)
    pair = np.einsum("na,nb->nab", k, out)
    return pair + pair.transpose(0, 2, 1) - _METRIC * product[:, None, None]


def phase_space(
    s: np.ndarray, pair: np.ndarray, transfer: np.ndarray, cosine: np.ndarray, azimuth: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Return q, k, k', l-, l+ [n, 4] in the rest frame of the pair, for s, pair mass^2 and K^2 (MeV^2).

    Photon along +z; cosine and azimuth are those of l-.
    """
    root = np.sqrt(pair)
    photon = (pair + transfer) / (2 * root)  # energy of the photon: (q + K)^2 = pair, K^2 = -transfer
    zero = np.zeros_like(s)
    q = np.stack([photon, zero, zero, photon], axis=-1)
    energy_out = (s - pair) / (2 * root)  # of k', from (P + k')^2 = s
    energy_in = energy_out + (root - photon)
    along = energy_in - s / (2 * photon)  # k_z, from 2 q.k = s
    across = np.sqrt(np.maximum(energy_in**2 - along**2, 0.0))
    k = np.stack([energy_in, across, zero, along], axis=-1)
    total = np.stack([root, zero, zero, zero], axis=-1)
    out = q + k - total
    momentum = np.sqrt(np.maximum(pair / 4 - M_MU**2, 0.0))
    sine = np.sqrt(1 - cosine**2)
    direction = np.stack([sine * np.cos(azimuth), sine * np.sin(azimuth), cosine], axis=-1) * momentum[:, None]
    minus = np.concatenate([root[:, None] / 2, direction], axis=1)
    plus = np.concatenate([root[:, None] / 2, -direction], axis=1)
    return q, k, out, minus, plus


def photon_number(s: np.ndarray, energy: float, nucleus: Nucleus) -> np.ndarray:
    """Return int dQ^2/Q^2 F^2(Q^2) from Q = s/(2E): equivalent photons, Helm form factor."""
    x, w = rule(200)
    low, high = np.log(s / (2 * energy)), np.log(2000.0)
    t = low[:, None] + np.maximum(high - low, 0)[:, None] * (x + 1) / 2
    form = helm(np.exp(2 * t) / (2 * nucleus.mass), nucleus) ** 2
    return 2 * np.sum(form * w / 2, axis=1) * np.maximum(high - low, 0)


def coefficients(
    masses: np.ndarray,
    energy: float | np.ndarray,
    nucleus: Nucleus,
    points: int = 2**17,
    seed: int = 1,
    flux: float | np.ndarray = 1.0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return A, B [masses] and the relative error of each [2, masses] for a neutrino energy (MeV).

    With several energies, for a beam whose `flux` they share [energies]; points: for each energy. Scrambled Sobol
    points with a recorded seed; the error is the spread of 8 independent scrambles.
    """
    from scipy.stats import qmc

    runs: list[np.ndarray] = []
    energies, fluxes = np.broadcast_arrays(np.atleast_1d(energy), flux)
    for k in range(8):
        u = qmc.Sobol(5, seed=seed + k).random(points // 8)
        totals = np.zeros((3, len(masses)))
        for each, share in zip(energies.tolist(), fluxes.tolist(), strict=True):
            totals += share * _one_run(np.asarray(masses, dtype=float), each, nucleus, u)
        runs.append(totals[1:] / totals[0])
    values = np.array(runs)
    mean = values.mean(axis=0)
    return mean[0], mean[1], values.std(axis=0, ddof=1) / np.sqrt(8) / mean


def _one_run(masses: np.ndarray, energy: float, nucleus: Nucleus, u: np.ndarray) -> np.ndarray:
    """Rate of the Standard Model and what x and x^2 multiply [3, masses], in units common to all energies."""
    least, most = 4 * M_MU**2, 2 * energy * 800.0  # photons beyond 0.8 GeV do not matter for coherent scattering
    s = least * (most / least) ** u[:, 0]
    pair = least * (s / least) ** u[:, 1]
    depth = 30.0
    transfer = (s - pair) * np.exp(-depth * u[:, 2])
    weight = s * np.log(most / least) * pair * np.log(s / least) * transfer * depth
    beta = np.sqrt(1 - least / pair)  # muons go along the photon or against it: uniform in rapidity
    rapidity = np.arctanh(beta)
    along = np.tanh(rapidity * (2 * u[:, 3] - 1))
    cosine, azimuth = along / beta, 2 * np.pi * u[:, 4]
    weight = weight * (1 - along**2) * rapidity  # dcos, times beta of the phase space
    totals = np.zeros((3, len(masses)))
    for part in np.array_split(np.arange(len(u)), max(1, len(u) // 4096)):
        q, k, out, minus, plus = phase_space(s[part], pair[part], transfer[part], cosine[part], azimuth[part])
        vector, axial = lepton_tensors(q, minus, plus)
        neutrinos = np.einsum("ab,nbc,cd->nad", _METRIC, neutrino_tensor(k, out), _METRIC)
        vv, aa = (np.einsum("nab,nab->n", tensor, neutrinos) for tensor in (vector, axial))
        flux = photon_number(s[part], energy, nucleus) / s[part]  # n(s) ds/s
        measure = weight[part] * flux / s[part] ** 2  # 1/(2s) of the flux factor, 1/s of the phase space
        shift = 1 / (np.sqrt(2) * G_F * (transfer[part][:, None] + masses[None] ** 2))
        totals[0] += np.sum(measure * (C_V**2 * vv + C_A**2 * aa))
        totals[1] += np.sum((measure * vv)[:, None] * 2 * C_V * shift, axis=0)
        totals[2] += np.sum((measure * vv)[:, None] * shift**2, axis=0)
    return totals
