"""Make src/nuportal/processes/tables/weak_me.npz: nu-e transfer rates with Fermi-Dirac statistics and finite m_e.

Collision integrals of weak nu-e processes at linear order in T_gamma - T_nu (derivation: docs/physics/weak_rates.md).
With q the four-momentum of the pair (annihilation) or the transfer (scattering), all but four integrals are done
analytically and Lorentz-invariant phase space becomes 1/(256 pi^5) int dq0 dq dk0 dp0 <|M|^2>_phi. About 2 minutes.
"""

from importlib.resources import files
from pathlib import Path

import numpy as np
from numba import njit, prange
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline

from nuportal.constants import M_E
from nuportal.solvers import hermite

OUT = Path(str(files("nuportal.processes").joinpath("tables")))


def nodes(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre on [0, 1]."""
    x, w = np.polynomial.legendre.leggauss(count)
    return (1 + x) / 2, w / 2


OUTER = nodes(64)
INNER = nodes(28)


@njit(inline="always")
def fermi(u):
    return 1.0 / (np.exp(u) + 1.0)


@njit
def annihilation(mass, outer, outer_w, inner, inner_w):
    """Return (energy, energy m^2-term, number, number m^2-term) for T = 1: int (q0^2 or q0) |M|^2 f f (1-f)(1-f).

    |M|^2 is [(k.p)^2 + (k.p')^2]/2 or m^2 k.k', the coefficients of 2^7 G_F^2 (gL^2+gR^2) and 2^7 G_F^2 gL gR.
    """
    out = np.zeros(4)
    for i in range(outer.size):
        w = 48.0 * outer[i] ** 2
        q0 = 2 * mass + w
        weight0 = 96.0 * outer[i] * outer_w[i]
        q_max = np.sqrt(w * (w + 4 * mass))
        for j in range(outer.size):
            v = 1 - outer[j]
            q = q_max * (1 - v * v)
            weight = weight0 * q_max * 2 * v * outer_w[j]
            s = q0 * q0 - q * q
            b = np.sqrt(max(1 - 4 * mass * mass / s, 0.0))
            for a in range(inner.size):
                k0 = 0.5 * (q0 - q) + q * inner[a]
                nu = fermi(k0) * fermi(q0 - k0)
                kq = k0 * q0 - 0.5 * s
                k_sin2 = max(k0 * k0 - kq * kq / (q * q), 0.0)
                for c in range(inner.size):
                    p0 = 0.5 * (q0 - q * b) + q * b * inner[c]
                    free = (1 - fermi(p0)) * (1 - fermi(q0 - p0))
                    pq = p0 * q0 - 0.5 * s
                    p_sin2 = max(p0 * p0 - mass * mass - pq * pq / (q * q), 0.0)
                    dot = k0 * p0 - kq * pq / (q * q)
                    other = 0.5 * s - dot  # k.p' from k.(p+p') = s/2
                    squared = 0.5 * (dot * dot + other * other) + 0.5 * k_sin2 * p_sin2
                    measure = weight * q * inner_w[a] * q * b * inner_w[c] * nu * free
                    out[0] += measure * q0 * q0 * squared
                    out[1] += measure * q0 * q0 * mass * mass * 0.5 * s
                    out[2] += measure * q0 * squared
                    out[3] += measure * q0 * mass * mass * 0.5 * s
    return out


@njit
def scattering(mass, outer, outer_w, inner, inner_w):
    """Return (energy, energy m^2-term) for T = 1: int omega^2 |M|^2 f f (1-f)(1-f) over both signs of omega.

    |M|^2 is [(k.p)^2 + (k.p')^2]/2 or m^2 k.k'.
    """
    out = np.zeros(2)
    for i in range(outer.size):
        omega = 45.0 * outer[i] ** 2
        weight0 = 2 * 90.0 * outer[i] * outer_w[i]
        for j in range(outer.size):
            q = omega + 50.0 * outer[j] ** 2
            weight = weight0 * 100.0 * outer[j] * outer_w[j]
            t = omega * omega - q * q
            k_min = 0.5 * (omega + q)
            p_min = 0.5 * (-omega + q * np.sqrt(1 - 4 * mass * mass / t))
            if k_min + p_min > mass + 60.0:
                continue
            for a in range(inner.size):
                k0 = k_min + 40.0 * inner[a] ** 2
                dk = 80.0 * inner[a] * inner_w[a]
                nu = fermi(k0) * (1 - fermi(k0 - omega))
                kq = k0 * omega - 0.5 * t
                k_sin2 = max(k0 * k0 - kq * kq / (q * q), 0.0)
                for c in range(inner.size):
                    p0 = p_min + 40.0 * inner[c] ** 2
                    dp = 80.0 * inner[c] * inner_w[c]
                    el = fermi(p0) * (1 - fermi(p0 + omega))
                    pq = p0 * omega + 0.5 * t
                    p_sin2 = max(p0 * p0 - mass * mass - pq * pq / (q * q), 0.0)
                    dot = k0 * p0 - kq * pq / (q * q)
                    other = dot + 0.5 * t
                    squared = 0.5 * (dot * dot + other * other) + 0.5 * k_sin2 * p_sin2
                    measure = weight * dk * dp * nu * el * omega * omega
                    out[0] += measure * squared
                    out[1] += measure * mass * mass * (-0.5 * t)
    return out


@njit(parallel=True)
def scan(mass, outer, outer_w, inner, inner_w):
    out = np.zeros((mass.size, 6))
    for n in prange(mass.size):
        out[n, :4] = annihilation(mass[n], outer, outer_w, inner, inner_w)
        out[n, 4:] = scattering(mass[n], outer, outer_w, inner, inner_w)
    return out


def factors(temperature: np.ndarray) -> np.ndarray:
    """Return a1, a2, n1, n2, s1, s2 at each temperature (MeV): multiply 32, 8 and 56 of the massless MB forms.

    Energy gain of one flavour (nu and nubar) at linear order: (4 G_F^2 (gL^2+gR^2)/pi^5) dT T^8 [9*32 a + 56 s] with
    a = a1 + rho a2, rho = gL gR/(gL^2+gR^2); number of nu nubar pairs times 2: 8*8 n T^7 dT of ibe2020 eq. 64.
    """
    raw = scan(M_E / temperature, *OUTER, *INNER)
    phase_space = 2**7 / (256 * np.pi**5) * np.pi**5 / 4
    norm = phase_space / np.array([9 * 32, 9 * 32, 8 * 4, 8 * 4, 56, 56])
    # gain of nu and nubar: scattering off e- and e+ (x2), of nu and nubar (x2), one half from detailed balance
    multiplicity = np.array([1, 1, 1, 1, 2, -2])
    return raw * norm * multiplicity


def integrated(x: np.ndarray, spline: CubicSpline, power: int) -> np.ndarray:
    """Return A(T) = T^-power int_0^T power T'^(power-1) a(T') dT' for two columns, both times e^{2 m_e/T}.

    This is the rate whose linear response is a: 32 [A(T_g) T_g^9 - A(T_nu) T_nu^9] is exact at first order in
    T_g - T_nu and, for Maxwell-Boltzmann statistics, at any difference.
    """

    def growth(ln_t, y):
        return power * (spline(ln_t) - y) - 2 * M_E * np.exp(-ln_t) * y

    start = power * spline(x[0]) / (power + 2 * M_E * np.exp(-x[0]))
    solution = solve_ivp(growth, (x[0], x[-1]), start, method="LSODA", t_eval=x, rtol=1e-10, atol=1e-14)
    return solution.y.T


if __name__ == "__main__":
    coarse = np.linspace(np.log(0.006), np.log(1200.0), 801)
    boltzmann = np.exp(np.array([2, 2, 2, 2, 1, 1]) * M_E * np.exp(-coarse)[:, None])
    spline = CubicSpline(coarse, factors(np.exp(coarse)) * boltzmann)
    x = np.linspace(coarse[0], coarse[-1], 1601)
    scaled, slopes = spline(x), spline(x, 1)
    energy, number = CubicSpline(coarse, spline(coarse)[:, :2]), CubicSpline(coarse, spline(coarse)[:, 2:4])
    whole = np.concatenate([integrated(x, energy, 9), integrated(x, number, 8)], axis=1)
    growth = [
        np.array([9, 9, 8, 8]) * (scaled[:, :4] - whole) - 2 * M_E * np.exp(-x)[:, None] * whole,
    ]
    table = hermite.build(x, np.concatenate([scaled, whole], axis=1), np.concatenate([slopes, *growth], axis=1))
    OUT.mkdir(exist_ok=True)
    about = "made by scripts/make_weak_tables.py; columns a1 a2 n1 n2 s1 s2 A1 A2 N1 N2, see processes/weak.py"
    np.savez_compressed(
        OUT / "weak_me.npz", about=about, x0=table.x0, inverse_dx=table.inverse_dx, data=table.data.astype(np.float64)
    )
