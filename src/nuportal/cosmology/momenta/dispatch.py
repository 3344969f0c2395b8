"""Which right-hand side and Jacobian `integrate` steps: chosen by the type of the scratch space when it is compiled."""

from typing import Any

from numba.extending import overload

from nuportal.cosmology.momenta import density, equations
from nuportal.cosmology.momenta import jacobian as derivatives
from nuportal.cosmology.momenta.density import DensityWork


def flows(z: Any, point: Any, t: Any, w: Any, derive: Any) -> float:
    """Fill dz/dx in w.dot; return H. Compiled code alone has it: `_flows`."""
    raise NotImplementedError


def jacobian(z: Any, point: Any, t: Any, w: Any) -> float:
    """Fill dz/dx in w.dot and its derivatives in w.jac; return H. Compiled code alone has it: `_jacobian`."""
    raise NotImplementedError


@overload(flows, inline="always")
def _flows(z, point, t, w, derive):
    found = density.flows if w.instance_class is DensityWork else equations.flows

    def chosen(z, point, t, w, derive):
        return found(z, point, t, w, derive)

    return chosen


@overload(jacobian, inline="always")
def _jacobian(z, point, t, w):
    found = density.jacobian if w.instance_class is DensityWork else derivatives.jacobian

    def chosen(z, point, t, w):
        return found(z, point, t, w)

    return chosen
