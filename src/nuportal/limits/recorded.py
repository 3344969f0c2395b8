"""Limits of a user's own as a result file describes them: the head of limit.toml, without the formula.

Reading a result never runs code, and never opens a folder that a file names. Such a limit therefore says what it is and
cannot be asked for more; `nuportal.plane` with the same input and the folder named puts the limit itself in its place.
"""

from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from nuportal.errors import DataFileError
from nuportal.limits.about import About
from nuportal.limits.base import LikelihoodLimit, Limit, NoMeasurement
from nuportal.limits.ray import Ray


class Recorded(Limit):
    """A limit whose code was not loaded; everything that would need it raises DataFileError."""

    def __init__(self, about: About):
        super().__init__(about, NoMeasurement(), Path())

    def __reduce__(self) -> Any:
        return type(self), (self.about,)

    def ratio(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Raise DataFileError."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise DataFileError(
            f"{self.about.name} comes from a result file, and reading a file runs no code: name its folder to compute "
            "with it (nuportal.plane with the same input and the folder among the constraints)"
        )


class RecordedLikelihood(Recorded, LikelihoodLimit):
    """A recorded limit that has a likelihood."""

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Raise DataFileError."""
        self._refuse()


def recorded(about: About) -> Recorded:
    """Return a limit that has the head alone."""
    return RecordedLikelihood(about) if about.method == "likelihood" else Recorded(about)
