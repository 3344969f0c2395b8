"""Make src/nuportal/processes/three_photon_remainder.csv: Z' -> 3 gamma through the electron loop (about 10 minutes).

Usage: python scripts/make_three_photon_table.py

The four-point loop is integrated numerically: Feynman parameters by Gauss quadrature, the direction of the
Wick-rotated loop momentum by the 24-cell (exact for its fourth powers). The constant that four-dimensional algebra
leaves ambiguous does not depend on momenta, so gauge invariance removes it: the amplitude at zero momenta is
subtracted. m_e = 1.
"""

from itertools import combinations, permutations
from pathlib import Path

import numpy as np

from nuportal.constants import ALPHA

OUTPUT = Path(__file__).parents[1] / "src" / "nuportal" / "processes" / "three_photon_remainder.csv"

#: (M/m_e, Gauss points for each Feynman parameter)
MASSES = ((0.6, 8), (0.8, 8), (1.0, 8), (1.2, 8), (1.4, 10), (1.6, 12), (1.7, 12), (1.8, 13), (1.9, 14), (1.96, 15))
SERIES = (1, 335 / 714, 128941 / 839664, 44787 / 1026256, 1249649333 / 108064756800, 36494147 / 12382420050)

_SIGMA = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
_ZERO, _ONE = np.zeros((2, 2)), np.eye(2)
GAMMA = np.array([np.block([[_ONE, _ZERO], [_ZERO, -_ONE]])] + [np.block([[_ZERO, s], [-s, _ZERO]]) for s in _SIGMA])
METRIC = np.array([1.0, -1.0, -1.0, -1.0])
AXES = [(a, b, s, t) for a, b in combinations(range(4), 2) for s in (1, -1) for t in (1, -1)]
CELL = np.zeros((24, 4))
for _row, (_a, _b, _s, _t) in zip(CELL, AXES, strict=True):
    _row[[_a, _b]] = np.array([_s, _t]) / np.sqrt(2)
LOOP = np.concatenate([np.zeros((1, 4)), CELL, np.sqrt(2) * CELL]) * np.array([1j, 1, 1, 1])


def slash(p: np.ndarray) -> np.ndarray:
    return np.einsum("...m,m,mab->...ab", p, METRIC, GAMMA)


def simplex(n: int) -> tuple[np.ndarray, np.ndarray]:
    x, w = np.polynomial.legendre.leggauss(n)
    x, w = (1 + x) / 2, w / 2
    a, b, c = np.meshgrid(x, x, x, indexing="ij")
    weight = np.einsum("i,j,k->ijk", w, w, w) * (1 - a) ** 2 * (1 - b)
    parts = np.stack([a, (1 - a) * b, (1 - a) * (1 - b) * c], -1).reshape(-1, 3)
    return np.column_stack([1 - parts.sum(axis=1), parts]), weight.ravel()


def loop(momenta: list[np.ndarray], polarisations: list[np.ndarray], n: int) -> np.ndarray:
    """Return the loop with four incoming momenta for every combination of polarisations, without e^4/(16 pi^2)."""
    parts, weight = simplex(n)
    vertices = [slash(e.astype(complex)) for e in polarisations]
    total = np.zeros([len(e) for e in polarisations], complex)
    for second, third, fourth in permutations((1, 2, 3)):
        if second > fourth:  # the reversed orientation is equal
            continue
        order = (0, second, third, fourth)
        r = np.cumsum([np.zeros(4)] + [momenta[i] for i in order[:3]], axis=0)
        shift = parts @ r
        delta = 1 - parts @ (r**2 @ METRIC) + shift**2 @ METRIC
        lines = [slash(LOOP + (r[j] - shift)[:, None, :]) + np.eye(4) for j in range(4)]
        a, b, c, d = (
            np.einsum("pab,flbc->pflac", vertices[i], line)
            for i, line in ((0, lines[0]), (fourth, lines[3]), (third, lines[2]), (second, lines[1]))
        )
        front, back = (np.einsum("pflab,qflbc->pqflac", x, y) for x, y in ((a, b), (c, d)))
        trace = np.einsum("pqflab,rsflba->pqrsfl", front, back, optimize=True)
        zero, one, two = trace[..., 0], trace[..., 1:25].mean(-1), trace[..., 25:].mean(-1)
        quartic = (two - 2 * one + zero) / 2
        integrand = zero / delta**2 + 2 * (one - zero - quartic) / delta - 6 * quartic * np.log(delta)
        value = 2 * np.einsum("pqrsf,f->pqrs", integrand, weight)
        total += np.moveaxis(value, (0, 1, 2, 3), (0, fourth, third, second))
    return total


def width_over_heisenberg(mass: float, n: int, nodes: int = 5) -> float:
    """Return Gamma(Z' -> 3 gamma) over its Euler-Heisenberg limit; nodes: Gauss points in each photon energy."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    q, total = np.array([mass, 0, 0, 0.0]), 0.0
    for i in range(nodes):
        for j in range(nodes):
            e1 = mass / 4 * (1 + x[i])
            e2 = mass / 2 - e1 + e1 * (1 + x[j]) / 2
            e3 = mass - e1 - e2
            cos = (e3**2 - e1**2 - e2**2) / (2 * e1 * e2)
            n1, n2 = np.array([1.0, 0, 0]), np.array([cos, np.sqrt(max(1 - cos**2, 0)), 0])
            n3 = -(e1 * n1 + e2 * n2) / e3
            momenta, polarisations = [q], [np.eye(4)[1:]]
            for energy, direction in zip((e1, e2, e3), (n1, n2, n3), strict=True):
                momenta.append(-energy * np.array([1, *direction]))
                polarisations.append(np.array([[0, -direction[1], direction[0], 0], [0, 0, 0, 1.0]]))
            amplitude = loop(momenta, polarisations, n) - loop([np.zeros(4)] * 4, polarisations, 2)
            total += w[i] * w[j] * mass / 4 * e1 / 2 * np.sum(np.abs(amplitude) ** 2)
    # e^6/(16 pi^2)^2, mean over 3 polarisations, 3! equal photons, dE1 dE2/((2 pi)^3 8 M)
    gamma = (4 * np.pi * ALPHA) ** 3 / (16 * np.pi**2) ** 2 * total / 18 / ((2 * np.pi) ** 3 * 8 * mass)
    return gamma / (17 * ALPHA**3 / (2**9 * 3**6 * 5**3 * np.pi**4) * mass**9)


def main() -> None:
    lines = [
        "# Z' -> 3 gamma through the electron loop: remainder R of F(x) = sum_{k<6} c_k x^k + R(x) x^6, x = (M/m)^2,",
        "# F = Gamma over its Euler-Heisenberg limit, c_k in three_photon_series.toml. Own calculation, dimensionless,",
        "# by scripts/make_three_photon_table.py; more points only where F needs them. Accuracy: docs/physics.",
        "x,remainder",
    ]
    for mass, n in MASSES:
        x = mass**2
        enhancement = width_over_heisenberg(mass, n)
        remainder = (enhancement - sum(c * x**k for k, c in enumerate(SERIES))) / x**6
        lines.append(f"{x:.6g},{remainder:.6g}")
        print(mass, enhancement, remainder, flush=True)
    OUTPUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
