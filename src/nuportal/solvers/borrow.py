# pyright: basic
"""Arrays without reference counts, for compiled hot loops.

Numba counts references to arrays atomically at every view and tuple access; in the right-hand side of the coupled baths
that took two thirds of the time. A borrowed array has no counter. It is valid while its owner lives: borrow inside a
compiled function from arrays that the caller holds, and do not return it.
"""

import numpy as np
from numba import njit
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.numpy_support import carray

from nuportal.solvers.compiled import INNER


@intrinsic
def _pointer(typingctx, address):
    def codegen(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), codegen


@njit(**INNER)
def borrowed(array):
    """Return the same C-contiguous float64 array without a reference count."""
    return carray(_pointer(array.ctypes.data), array.shape, np.float64)  # pyright: ignore[reportCallIssue]
