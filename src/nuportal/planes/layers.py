"""From calculated parts of a plane to its values: blocks put together, or a surface through single points."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

import numpy as np

from nuportal.cosmology.known import Values
from nuportal.planes.execute import Where, opened, run
from nuportal.planes.plane import Layer
from nuportal.planes.progress import Progress, counter
from nuportal.planes.quantities import Quantity
from nuportal.planes.spec import PlaneSpec
from nuportal.planes.store import Block, Result
from nuportal.solvers import adaptive
from nuportal.solvers.status import Status


def assembled(asked: Quantity, spec: PlaneSpec, done: Mapping[Block, Result]) -> Layer:
    """Return the values of all blocks with their reasons, errors and warnings."""
    values = np.full(spec.shape, np.nan)
    status = np.zeros(spec.shape, dtype=np.int16)
    reasons: list[str] = []
    for block, result in sorted(done.items()):
        part = (slice(block.x0, block.x1), slice(block.y0, block.y1))
        values[part] = result.values
        codes = np.zeros(result.values.size, dtype=np.int16)
        for index, text in result.reasons.items():
            codes[index] = _code(text, reasons)
        status[part] = codes.reshape(result.values.shape)
    calculated = sum(result.calculated for result in done.values())
    return _layer(asked, spec, values, status, reasons, calculated, np.zeros(spec.shape))


def interpolated(
    asked: Quantity,
    spec: PlaneSpec,
    smooth: Mapping[str, Any],
    done: Mapping[Block, Result],
    finish: Callable[[Block, Result], None],
    executor: Where | Executor,
    workers: int | None,
    progress: Progress,
) -> Layer:
    """Return a layer of which single points are calculated, where a surface through the others is in doubt.

    done: points found in the journal, as blocks of one point; finish puts new ones there. The next points depend on
    the values of all before, but not on who calculated them: a run that goes on ends with the same numbers.
    """
    reasons: list[str] = []
    with opened(executor, workers) as where, counter(spec, progress) as count:

        def calculate(points: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
            """Return values and codes of points by index."""
            blocks = [Block(i, i + 1, j, j + 1) for i, j in points]
            for block, result in run(asked, spec, [b for b in blocks if b not in done], where, workers):
                finish(block, result)
                count()
            found = [done[block] for block in blocks]
            codes = [_code(one.reasons[0], reasons) if one.reasons else 0 for one in found]
            return np.array([one.values[0, 0] for one in found]), np.array(codes, dtype=np.int16)

        x, y = (axis.coordinates(axis.values) for axis in (spec.x, spec.y))
        filled = adaptive.fill(x, y, calculate, **smooth)
    calculated = int(filled.calculated.sum())
    return _layer(asked, spec, filled.values, filled.codes, reasons, calculated, filled.error)


def remembered(asked: Quantity, spec: PlaneSpec, known: Values) -> Layer:
    """Return a layer that was calculated beforehand."""
    reasons = [Status(code).message for code in np.unique(known.codes[known.codes > 0]).tolist()]
    codes = [1 + reasons.index(Status(code).message) if code else 0 for code in known.codes.ravel().tolist()]
    status = np.array(codes, dtype=np.int16).reshape(spec.shape)
    return _layer(asked, spec, known.values, status, reasons, 0, known.error)


def _code(text: str, reasons: list[str]) -> int:
    """Return the code of a reason, 1 or more, adding it to those known."""
    if text not in reasons:
        reasons.append(text)
    return 1 + reasons.index(text)


def _layer(
    asked: Quantity,
    spec: PlaneSpec,
    values: np.ndarray,
    status: np.ndarray,
    reasons: list[str],
    calculated: int,
    interpolation: np.ndarray,
) -> Layer:
    unknown, none = np.full(spec.shape, np.nan), np.zeros(spec.shape, dtype=np.int16)
    if asked.remarks is None:
        return Layer(values, status, reasons, unknown, none, [], calculated, interpolation)
    remarks = asked.remarks(spec, values)
    warned = sum((mask.astype(np.int16) << k for k, mask in enumerate(remarks.warnings.values())), np.int16(0))
    warned = np.broadcast_to(warned, spec.shape).astype(np.int16)
    solver = 0.0 if remarks.numerical_error is None else remarks.numerical_error
    numerical = np.hypot(interpolation, solver)
    return Layer(values, status, reasons, remarks.theory_error, warned, list(remarks.warnings), calculated, numerical)
