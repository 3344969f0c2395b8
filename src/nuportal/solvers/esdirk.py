# pyright: basic
"""ESDIRK4(3)6L[2]SA: stiffly accurate, L-stable implicit Runge-Kutta method of order 4 with an embedded order 3.

Coefficients: Kennedy and Carpenter, Appl. Numer. Math. 44 (2003) 139. Each implicit stage is solved by Newton's method
with the matrix 1/(h GAMMA) - J of a Jacobian of its own. Unlike a Rosenbrock method it solves the stage equations
themselves, so that reactions much faster than a step leave conserved sums alone even when what is conserved (an energy)
changes with time. The slope of the last stage is the first slope of the next step.
"""

import numpy as np
from numba import njit

from nuportal.solvers.rodas import FAST

GAMMA = 0.25
STAGES = 6

_B = [82889 / 524892, 0.0, 15625 / 83664, 69875 / 102672, -2260 / 8211, 0.25]
_B_EMBEDDED = [
    4586570599 / 29645900160,
    0.0,
    178811875 / 945068544,
    814220225 / 1159782912,
    -3700637 / 11593932,
    61727 / 225920,
]

#: stage i: y + h sum_j A[i, j] k_j, k_j the slope at stage j; the last stage is the result
A = np.array(
    [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.25, 0.25, 0.0, 0.0, 0.0, 0.0],
        [8611 / 62500, -1743 / 31250, 0.25, 0.0, 0.0, 0.0],
        [5012029 / 34652500, -654441 / 2922500, 174375 / 388108, 0.25, 0.0, 0.0],
        [15267082809 / 155376265600, -71443401 / 120774400, 730878875 / 902184768, 2285395 / 8070912, 0.25, 0.0],
        _B,
    ]
)
C = np.sum(A, axis=1)  #: times of the stages in a step
#: result minus embedded result
ERROR = np.array(_B) - np.array(_B_EMBEDDED)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def known(y, k, stage, h, out):
    """Write y + h sum_{j < stage} A[stage, j] k_j into out, what is known of the state of a stage."""
    for i in range(y.size):
        total = 0.0
        for j in range(stage):
            total += A[stage, j] * k[j, i]
        out[i] = y[i] + h * total


@njit(cache=True, error_model="numpy", fastmath=FAST)
def difference(k, h, out):
    """Write the embedded estimate of the error of a step into out."""
    for i in range(out.size):
        total = 0.0
        for j in range(STAGES):
            total += ERROR[j] * k[j, i]
        out[i] = h * total
