# pyright: basic
"""One RODAS step of the coupled baths, with the error that counts for N_eff."""

from math import isfinite

import numpy as np
from numba import njit

from nuportal.cosmology.temperatures.equations import right_hand_side
from nuportal.solvers import rodas


@njit(cache=True, error_model="numpy", inline="always")
def attempt(y, n, n_baths, has_boson, par, c, v, me_form, tables, rtol, in_time, h, work):
    """Try one RODAS step of size h from y with f, jac in work; result in work.stage, return error over tolerance."""
    f, jac, matrix, k, stage, pivot = work.f, work.jac, work.matrix, work.k, work.stage, work.pivot
    for a in range(n):
        for b in range(n):
            matrix[a, b] = -jac[a, b]
        matrix[a, a] += 1.0 / (h * rodas.GAMMA)
    if not rodas.decompose(matrix, pivot, n):
        return np.inf
    for s in range(rodas.STAGES):
        if s == 0:
            for a in range(n):
                k[0, a] = f[a]
        else:
            for a in range(n):
                total = y[a]
                for j in range(s):
                    total += rodas.A[s, j] * k[j, a]
                stage[a] = total
            right_hand_side(
                stage, n_baths, has_boson, par, c, v, me_form, tables, rtol < 0.0, work.f_stage, matrix, work.rows
            )
            for a in range(n):
                total = work.f_stage[a]
                for j in range(s):
                    total += rodas.C[s, j] / h * k[j, a]
                k[s, a] = total
        rodas.solve(matrix, pivot, k[s], n)
    # The system is autonomous: an error along the flow only shifts time, so without in_time only the part across it
    # counts. The boson's temperature counts as much as the energy it holds.
    energy_weight = 1.0
    if has_boson:
        drho = work.rows[10]
        total = 0.0
        for a in range(n):
            total += drho[a]
        energy_weight = max(1e-3, min(1.0, 5.0 * drho[n - 1] / total))
    error = 0.0
    for a in range(n):
        stage[a] += k[5, a]
        if not isfinite(stage[a]):
            return np.inf
        if a > 0:
            across = abs(k[5, a] - f[a] / f[0] * k[5, 0])
            error = max(error, across * (energy_weight if a > n_baths else 1.0) / rtol)
        elif in_time:
            error = abs(k[5, 0]) / rtol
    return error
