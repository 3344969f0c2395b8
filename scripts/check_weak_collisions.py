"""Make tests/data/weak_collisions.json: weak collision integrals of given spectra by randomised quasi-Monte Carlo.

For a neutrino of momentum p1 the rate of change of its occupation number at fixed momentum is

    C = df/dt = 1/(2 E1) int d3p2/((2 pi)^3 2 E2) int dPhi2(p1+p2 -> p3+p4) S|M|^2 F,
    F = f3 f4 (1-f1)(1-f2) - f1 f2 (1-f3)(1-f4).

Nothing is integrated by hand. Four numbers are drawn (E2, the angle between p1 and p2, and the two angles of the final
state in the centre-of-mass frame), the four-vectors of all particles are formed, and |M|^2 and F are evaluated with
them. The points are scrambled Sobol sequences. The quoted error is the standard error over independent scramblings.

Squared amplitudes are summed over all spins, with L = -2 sqrt2 G_F [nu gamma P_L nu][e gamma (gL P_L + gR P_R) e] and
-(G_F/sqrt2) [sum_a nu_a gamma P_L nu_a]^2. S = 1/2 for two identical neutrinos in the final state.
tests/physics/test_weak_collisions.py derives every factor from explicit Dirac spinors; they agree with table 1 and 2 of
Dolgov, Hansen and Semikoz (hep-ph/9703315) and with Grohs et al. (1512.02205).

Run: python scripts/check_weak_collisions.py  (minutes).
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.special import gamma, gammaincinv
from scipy.stats import qmc

from nuportal import constants
from nuportal.constants import G_F, M_E
from nuportal.processes import weak

OUT = Path(__file__).parents[1] / "tests" / "data" / "weak_collisions.json"

TEMPERATURES = (0.3, 1.0, 3.0)
MOMENTA = (0.5, 2.0, 5.0, 10.0)
FLAVOURS = ("e", "mu", "tau")

#: logit f = c0 - c1 y + c2 y^2 exp(-y/5) with y = p/T_gamma; nu and nubar alike
SPECTRA = {
    "fermi_dirac": {"e": (0.3, 1 / 0.93, 0.0), "mu": (-0.2, 1 / 0.96, 0.0), "tau": (0.1, 1 / 0.90, 0.0)},
    "distorted": {"e": (0.1, 1.0, 0.01), "mu": (-0.05, 1.0, 0.02), "tau": (0.2, 1.0, -0.015)},
}

Spectrum = Callable[[np.ndarray], np.ndarray]
Amplitude = Callable[..., np.ndarray]


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the Minkowski product of arrays of four-vectors (4, n), signature (+, -, -, -)."""
    return a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]


def pairs_s(p1, p2, p3, p4) -> np.ndarray:
    """(p1.p2)(p3.p4)."""
    return dot(p1, p2) * dot(p3, p4)


def pairs_t(p1, p2, p3, p4) -> np.ndarray:
    """(p1.p4)(p2.p3)."""
    return dot(p1, p4) * dot(p2, p3)


def pairs_u(p1, p2, p3, p4) -> np.ndarray:
    """(p1.p3)(p2.p4)."""
    return dot(p1, p3) * dot(p2, p4)


# Squared amplitudes in units of G_F^2 (per unit coupling combination), particles 1 2 -> 3 4, particle 1 the neutrino.
def electron_vector(*p) -> np.ndarray:
    """Coefficient of gL^2+gR^2 of nu e- -> nu e- plus nu e+ -> nu e+; 2 and 4 are the electrons."""
    return 128 * (pairs_s(*p) + pairs_t(*p))


def electron_mass(*p) -> np.ndarray:
    """Coefficient of gL gR of the same sum."""
    return -256 * M_E**2 * dot(p[0], p[2])


def pair_vector(*p) -> np.ndarray:
    """Coefficient of gL^2+gR^2 of nu nubar -> e- e+, averaged over exchange of e- and e+."""
    return 64 * (pairs_t(*p) + pairs_u(*p))


def pair_mass(*p) -> np.ndarray:
    """Coefficient of gL gR of nu nubar -> e- e+."""
    return 128 * M_E**2 * dot(p[0], p[1])


def neutrino_same(*p) -> np.ndarray:
    """nu_a nu_a -> nu_a nu_a with S = 1/2, plus nu_a nubar_a -> nu_a nubar_a."""
    return 64 * pairs_s(*p) + 128 * pairs_t(*p)


def neutrino_other(*p) -> np.ndarray:
    """nu_a nu_b -> nu_a nu_b plus nu_a nubar_b -> nu_a nubar_b."""
    return 32 * pairs_s(*p) + 32 * pairs_t(*p)


def neutrino_conversion(*p) -> np.ndarray:
    """nu_a nubar_a -> nu_b nubar_b."""
    return 32 * pairs_t(*p)


def momenta(p1: float, uniform: np.ndarray, scale: float, m2: float, m34: tuple[float, float]):
    """Return the four-vectors (each (4, n)) and the weight (n,) of the phase-space integral above, without |M|^2 F.

    uniform: (n, 4) in the unit cube. scale: temperature in MeV that the sampling of E2 follows. m2, m34: masses.
    """
    threshold = (sum(m34) ** 2 - m2**2) / (4 * p1)  # head-on and massless 2, or m2 = m4 and no threshold
    lowest = max(m2, threshold)
    # E2 - lowest follows a gamma distribution that starts as phase space does: as a root, or a square if massless
    shape, stretch = (3.0, 1.3 * scale) if lowest == 0 else (1.5, 2.0 * scale)
    x = gammaincinv(shape, uniform[:, 0])
    e2 = lowest + stretch * x
    de2 = stretch * gamma(shape) * np.exp(x) / x ** (shape - 1)
    k2 = np.sqrt((e2 - m2) * (e2 + m2))
    top = 1.0 if m2 > 0 else 1 - (sum(m34) ** 2) / (2 * p1 * e2)
    cosine = -1 + (top + 1) * uniform[:, 1]
    sine = np.sqrt(np.clip(1 - cosine**2, 0, None))
    zero = np.zeros_like(e2)
    a = np.array([zero + p1, zero, zero, zero + p1])
    b = np.array([e2, k2 * sine, zero, k2 * cosine])
    total = a + b
    s = m2**2 + 2 * dot(a, b)
    root = np.sqrt(s)
    e3 = (s + m34[0] ** 2 - m34[1] ** 2) / (2 * root)
    k3 = np.sqrt(np.clip(e3**2 - m34[0] ** 2, 0, None))
    z, phi = 2 * uniform[:, 2] - 1, 2 * np.pi * uniform[:, 3]
    r = np.sqrt(1 - z**2)
    star = k3 * np.array([r * np.cos(phi), r * np.sin(phi), z])
    along = np.sum(total[1:] * star, axis=0)
    boosted = star + total[1:] * (along / (root * (root + total[0])) + e3 / root)
    c = np.concatenate(([(total[0] * e3 + along) / root], boosted))
    measure = k2 * de2 * (top + 1) * 2 * np.pi / (2 * (2 * np.pi) ** 3) / (2 * p1)
    return (a, b, c, total - c), measure * k3 / (4 * np.pi * root)


def collision(
    p1: float,
    amplitudes: list[Amplitude],
    spectra: tuple[Spectrum, Spectrum, Spectrum, Spectrum],
    temperature: float,
    masses: tuple[float, float, float] = (0.0, 0.0, 0.0),
    log2_points: int = 15,
    scrambles: int = 16,
    seed: int = 1,
) -> np.ndarray:
    """Return [[net, gain, loss], their standard errors] in MeV for each amplitude: shape (amplitudes, 2, 3).

    amplitudes: as functions of the four-vectors; the factor G_F^2 is left to the caller.
    masses: of particles 2, 3, 4. spectra: occupation numbers of particles 1 to 4 as functions of their energy.
    """
    found = np.empty((scrambles, len(amplitudes), 3))
    for k in range(scrambles):
        uniform = qmc.Sobol(4, rng=np.random.default_rng([seed, k])).random_base2(log2_points)
        p, weight = momenta(p1, np.clip(uniform, 1e-15, 1 - 1e-15), temperature, masses[0], masses[1:])
        f1, f2, f3, f4 = (f(v[0]) for f, v in zip(spectra, p, strict=True))
        gain, loss = f3 * f4 * (1 - f1) * (1 - f2), f1 * f2 * (1 - f3) * (1 - f4)
        for i, amplitude in enumerate(amplitudes):
            m2 = weight * amplitude(*p)
            found[k, i] = np.mean(m2 * (gain - loss)), np.mean(m2 * gain), np.mean(m2 * loss)
    return np.stack([found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(scrambles)], axis=1)


def neutrino_spectrum(coefficients: tuple[float, float, float], t_gamma: float) -> Spectrum:
    """Return f(p) of one of `SPECTRA`."""
    c0, c1, c2 = coefficients

    def f(p):
        y = p / t_gamma
        return 1 / (1 + np.exp(c1 * y - c0 - c2 * y**2 * np.exp(-y / 5)))

    return f


def electron_spectrum(t_gamma: float) -> Spectrum:
    """Return the Fermi-Dirac distribution of e- and e+ at T_gamma without chemical potential."""
    return lambda energy: 1 / (1 + np.exp(energy / t_gamma))


def entry(result: np.ndarray) -> dict[str, float]:
    """Return one integral as a dictionary: net = gain - loss with errors, in MeV."""
    value, error = result * G_F**2
    names = ("net", "gain", "loss")
    row = {n: float(f"{v:.8g}") for n, v in zip(names, value, strict=True)}
    return row | {f"{n}_error": float(f"{e:.2g}") for n, e in zip(names, error, strict=True)}


def combined(vector: dict[str, float], mass: dict[str, float], g_l: float, g_r: float) -> dict[str, float]:
    """Return net = (gL^2+gR^2) vector + gL gR mass (MeV) and an upper bound of its error (errors added linearly)."""
    a, b = g_l**2 + g_r**2, g_l * g_r
    error = a * vector["net_error"] + abs(b) * mass["net_error"]
    return {"net": float(f"{a * vector['net'] + b * mass['net']:.8g}"), "net_error": float(f"{error:.2g}")}


def electron_entries(p1: float, own: Spectrum, t_gamma: float, flavour: str) -> dict:
    """Return both reactions with electrons: coefficients, and the sums for both sets of couplings."""
    fe = electron_spectrum(t_gamma)
    out = {}
    for name, amplitudes, spectra, masses in (
        ("nu_e_scattering", [electron_vector, electron_mass], (own, fe, own, fe), (M_E, 0.0, M_E)),
        ("nu_nubar_pair", [pair_vector, pair_mass], (own, own, fe, fe), (0.0, M_E, M_E)),
    ):
        vector, mass = (entry(r) for r in collision(p1, amplitudes, spectra, t_gamma, masses))
        out[name] = {"coefficient_gL2_plus_gR2": vector, "coefficient_gL_gR": mass}
        for which in ("tree_02312", "corrected"):
            g_l, g_r = couplings(which)[flavour]
            out[name][which] = combined(vector, mass, g_l, g_r)
    return out


def couplings(which: str) -> dict[str, tuple[float, float]]:
    """Return (gL, gR) per flavour: "tree_02312" with s_W^2 = 0.2312, or the corrected set of the package."""
    if which == "tree_02312":
        return {f: ((0.5 if f == "e" else -0.5) + 0.2312, 0.2312) for f in FLAVOURS}
    g_l, g_r = weak.chiral_couplings("corrected")
    return {f: (float(a), float(b)) for f, a, b in zip(FLAVOURS, g_l, g_r, strict=True)}


def neutrino_entries(p1: float, f: dict[str, Spectrum], t_gamma: float, flavour: str) -> dict:
    """Return the channels of nu nu -> nu nu of one flavour and their sum."""
    own = f[flavour]
    channels = {f"with_{flavour}": collision(p1, [neutrino_same], (own, own, own, own), t_gamma)[0]}
    for other in FLAVOURS:
        if other != flavour:
            x = f[other]
            channels[f"with_{other}"] = collision(p1, [neutrino_other], (own, x, own, x), t_gamma)[0]
            channels[f"to_pair_{other}"] = collision(p1, [neutrino_conversion], (own, own, x, x), t_gamma)[0]
    parts = np.array(list(channels.values()))
    total = np.array([parts[:, 0].sum(axis=0), np.sqrt((parts[:, 1] ** 2).sum(axis=0))])
    return {name: entry(result) for name, result in channels.items()} | {"sum": entry(total)}


def main() -> None:
    """Compute and write everything."""
    points = []
    for spectrum, per_flavour in SPECTRA.items():
        for t_gamma in TEMPERATURES:
            f = {name: neutrino_spectrum(c, t_gamma) for name, c in per_flavour.items()}
            for y in MOMENTA:
                for flavour in ("e", "mu"):
                    where = {"spectrum": spectrum, "t_gamma_MeV": t_gamma, "y": y, "flavour": flavour}
                    p1 = y * t_gamma
                    points.append(
                        where
                        | {"f1": float(f[flavour](np.array(p1))), "nu_nu": neutrino_entries(p1, f, t_gamma, flavour)}
                        | electron_entries(p1, f[flavour], t_gamma, flavour)
                    )
            print(spectrum, t_gamma, flush=True)
    about = (
        "Weak collision integrals C = df/dt in MeV (hbar = 1) at fixed physical momentum p = y T_gamma, of one "
        "helicity state of nu (nubar alike), by scripts/check_weak_collisions.py (randomised quasi-Monte Carlo over "
        "explicit four-vectors; errors: one standard deviation of 16 scramblings of 2^15 points). net = gain - loss, "
        "gain with f3 f4 (1-f1)(1-f2). logit f = c0 - c1 y + c2 y^2 exp(-y/5). nu_e_scattering: off e- and e+. "
        "nu_nubar_pair: nu nubar <-> e+ e-. C = (gL^2+gR^2) * coefficient_gL2_plus_gR2 + gL gR * coefficient_gL_gR."
    )
    header = {
        "about": about,
        "constants": {"G_F_MeV^-2": G_F, "m_e_MeV": M_E, "set": constants.SET},
        "couplings_gL_gR": {which: couplings(which) for which in ("tree_02312", "corrected")},
        "spectra_c0_c1_c2": SPECTRA,
    }
    rows = ",\n".join(json.dumps(point) for point in points)
    head = json.dumps(header, indent=1).removesuffix("\n}")
    OUT.write_text(f'{head},\n "points": [\n{rows}\n]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
