"""From calculated parts of a plane to its values: blocks put together, or a surface through single points."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

import numpy as np
from scipy.ndimage import distance_transform_edt

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
    errors = np.full((2, *spec.shape), np.nan)
    reasons: list[str] = []
    for block, result in sorted(done.items()):
        part = (slice(block.x0, block.x1), slice(block.y0, block.y1))
        values[part] = result.values
        if result.errors is not None:
            errors[:, *part] = result.errors
        codes = np.zeros(result.values.size, dtype=np.int16)
        for index, text in result.reasons.items():
            codes[index] = _code(text, reasons)
        status[part] = codes.reshape(result.values.shape)
    calculated = sum(result.calculated for result in done.values())
    return _layer(asked, spec, values, status, reasons, calculated, np.zeros(spec.shape), errors)


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
    errors = np.full((2, *spec.shape), np.nan)
    with opened(executor, workers) as where, counter(spec, progress) as count:

        def calculate(points: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
            """Return values and codes of points by index."""
            blocks = [Block(i, i + 1, j, j + 1) for i, j in points]
            for block, result in run(asked, spec, [b for b in blocks if b not in done], where, workers):
                finish(block, result)
                count()
            found = [done[block] for block in blocks]
            for (i, j), one in zip(points, found, strict=True):
                errors[:, i, j] = np.nan if one.errors is None else one.errors[:, 0, 0]
            codes = [_code(one.reasons[0], reasons) if one.reasons else 0 for one in found]
            return np.array([one.values[0, 0] for one in found]), np.array(codes, dtype=np.int16)

        x, y = (axis.coordinates(axis.values) for axis in (spec.x, spec.y))
        filled = adaptive.fill(x, y, calculate, **smooth)
    calculated = int(filled.calculated.sum())
    return _layer(asked, spec, filled.values, filled.codes, reasons, calculated, filled.error, errors)


def remembered(asked: Quantity, spec: PlaneSpec, known: Values) -> Layer:
    """Return a layer that was calculated beforehand."""
    reasons = [Status(code).message for code in np.unique(known.codes[known.codes > 0]).tolist()]
    codes = [1 + reasons.index(Status(code).message) if code else 0 for code in known.codes.ravel().tolist()]
    status = np.array(codes, dtype=np.int16).reshape(spec.shape)
    return _layer(asked, spec, known.values, status, reasons, 0, known.error, np.full((2, *spec.shape), np.nan))


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
    errors: np.ndarray,
) -> Layer:
    if asked.remarks is None:
        none, (theory, numerical) = np.zeros(spec.shape, dtype=np.int16), _everywhere(errors, values)
        numerical = np.hypot(interpolation, np.nan_to_num(numerical))
        return Layer(values, status, reasons, theory, none, [], calculated, numerical)
    remarks = asked.remarks(spec, values)
    warned = sum((mask.astype(np.int16) << k for k, mask in enumerate(remarks.warnings.values())), np.int16(0))
    warned = np.broadcast_to(warned, spec.shape).astype(np.int16)
    solver = 0.0 if remarks.numerical_error is None else remarks.numerical_error
    numerical = np.hypot(interpolation, solver)
    return Layer(values, status, reasons, remarks.theory_error, warned, list(remarks.warnings), calculated, numerical)


def _everywhere(errors: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return errors [2, x, y] with those of the nearest calculated point where a value was interpolated."""
    missing = np.isnan(errors[0])
    if missing.all() or not missing.any():
        return errors
    nearest: Any = distance_transform_edt(missing, return_distances=False, return_indices=True)
    return np.where(np.isnan(values), np.nan, errors[:, nearest[0], nearest[1]])
