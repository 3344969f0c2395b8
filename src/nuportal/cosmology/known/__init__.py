"""N_eff that was calculated beforehand: tables of named models, over mass and coupling.

A point with momenta costs some tenths of a second, a plane some hundred points. For the models that most users draw,
files of this folder hold what scripts/make_known_planes.py calculated with default options, on tiles that are finer
than anything the values do; planes, limits and grids are interpolated there. Every other model is calculated from
nothing.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from nuportal.models import U1X, Couplings

#: fields of the couplings that N_eff does not depend on, or by less than the error of a point
UNSEEN = ("mass", "c_mu", "c_tau", "c_u", "c_d")
CLOSE = 1e-7  #: relative difference of couplings that count as the same
INSIDE = 1e-9  #: e-folds that a point may lie outside a tile


class Values(NamedTuple):
    """N_eff, codes of its status (0: there is a value) and estimated errors of interpolation."""

    values: np.ndarray
    codes: np.ndarray
    error: np.ndarray


class Tile:
    """One part of a table: evenly spaced ln(mass - origin) [n], masses in MeV, and ln g [m], and N_eff on them.

    origin: 2 m_e for masses just above it, where the boson begins to decay into electrons; elsewhere 0.
    """

    def __init__(self, name: str):
        with np.load(str(files(__name__).joinpath(name))) as data:
            self._data = dict(data)
        self.model, epsilon = str(self._data["model"]), str(self._data["epsilon"])
        self.epsilon: float | str = 0.0 if epsilon == "0" else epsilon
        self.x, self.y, self.origin = self._data["x"], self._data["ln_g"], float(self._data["origin"])

    @cached_property
    def _surface(self) -> Any:
        from scipy.interpolate import RectBivariateSpline

        return RectBivariateSpline(self.x, self.y, self._data["neff"].astype(float))

    @property
    def masses(self) -> tuple[float, float]:
        """The lowest and the highest mass in MeV."""
        return self.origin + float(np.exp(self.x[0])), self.origin + float(np.exp(self.x[-1]))

    def covers(self, mass: np.ndarray, g: np.ndarray) -> np.ndarray:
        """Return which points [n] lie in the tile."""
        low, high = self.masses
        ln_g = np.log(g)
        inside = (mass >= low * (1 - INSIDE)) & (mass <= high * (1 + INSIDE))
        return inside & (ln_g >= self.y[0] - INSIDE) & (ln_g <= self.y[-1] + INSIDE)

    def read(self, mass: np.ndarray, g: np.ndarray) -> Values:
        """Return N_eff at points [n] of the tile; the error is the largest of those around a point."""
        x, y = np.log(np.maximum(mass - self.origin, np.exp(self.x[0]))), np.log(g)
        place = [(at - axis[0]) / (axis[1] - axis[0]) for at, axis in ((x, self.x), (y, self.y))]
        near = tuple(
            np.clip(np.rint(p), 0, len(axis) - 1).astype(int) for p, axis in zip(place, (self.x, self.y), strict=True)
        )
        i, j = (np.clip(p.astype(int), 0, len(axis) - 2) for p, axis in zip(place, (self.x, self.y), strict=True))
        errors, codes = self._data["neff error"].astype(float), self._data["neff code"][near]
        error = np.max([errors[i, j], errors[i + 1, j], errors[i, j + 1], errors[i + 1, j + 1]], axis=0)
        none = codes != 0
        values = self._surface(x, y, grid=False)
        return Values(np.where(none, np.nan, values), codes.astype(np.int16), np.where(none, np.nan, error))


class Table:
    """The tiles of one model. scale: g of the table over the coupling of whoever asks."""

    def __init__(self, tiles: tuple[Tile, ...], scale: float):
        self.tiles, self.scale = tiles, scale

    def covers(self, mass: np.ndarray, y: np.ndarray) -> bool:
        """Return whether the table holds N_eff at all masses in MeV and couplings y (arrays of one shape)."""
        return bool(np.all(np.any([tile.covers(mass, y * self.scale) for tile in self.tiles], axis=0)))

    def read(self, mass: np.ndarray, y: np.ndarray) -> Values:
        """Return N_eff at masses in MeV and couplings y (arrays of one shape) that the table covers."""
        shape = np.shape(mass)
        found = Values(np.full(shape, np.nan), np.zeros(shape, dtype=np.int16), np.full(shape, np.nan))
        for tile in self.tiles:
            here = tile.covers(mass, y * self.scale)
            if np.any(here):
                for whole, part in zip(found, tile.read(mass[here], y[here] * self.scale), strict=True):
                    whole[here] = part
        return found


def table(build: Callable[[float, float], Any], mass: tuple[float, float], y: tuple[float, float]) -> Table | None:
    """Return the table of the models build(mass, y) between two masses in MeV and two couplings; None if there is none.

    Their couplings must be those of a model of a table with g = scale y.
    """
    ends = [(_direction(build(m, c).couplings), c) for m, c in ((mass[0], y[0]), (mass[0], y[1]), (mass[1], y[1]))]
    for tiles in _tables():
        seen, largest = _direction(U1X(tiles[0].model, mass=mass[0], g=1e-3, epsilon=tiles[0].epsilon).couplings)
        scales = [size / largest * 1e-3 / c for (_, size), c in ends]
        if all(_same(one, seen) for (one, _), _ in ends) and np.allclose(scales, scales[0], rtol=CLOSE, atol=0.0):
            return Table(tiles, scales[0])
    return None


def known_plane(build: Callable[[float, float], Any], masses: np.ndarray, y: np.ndarray) -> Values | None:
    """Return N_eff of build(mass, y) at masses in MeV [n] and couplings [m], each array of the result [n, m].

    None if it was not calculated beforehand.
    """
    found = table(build, (float(masses[0]), float(masses[-1])), (float(y[0]), float(y[-1])))
    at = np.meshgrid(masses, y, indexing="ij")
    return found.read(*at) if found is not None and found.covers(*at) else None


@cache
def _tables() -> tuple[tuple[Tile, ...], ...]:
    """The tiles of every model."""
    tiles: dict[tuple[str, object], list[Tile]] = {}
    for name in sorted(entry.name for entry in files(__name__).iterdir() if entry.name.endswith(".npz")):
        tile = Tile(name)
        tiles.setdefault((tile.model, tile.epsilon), []).append(tile)
    return tuple(tuple(parts) for parts in tiles.values())


def _direction(couplings: Couplings) -> tuple[dict[str, object], float]:
    """Return what N_eff depends on besides the mass, in units of the largest coupling with its sign, and its size."""
    seen = {name: value for name, value in asdict(couplings).items() if name not in UNSEEN}
    values = np.array([couplings.c_e, *couplings.c_nu])
    largest = float(values[np.argmax(np.abs(values))]) or 1.0
    unit: dict[str, object] = {
        name: np.asarray(value) / largest if name.startswith("c_") else value for name, value in seen.items()
    }
    return unit, abs(largest)


def _same(one: dict[str, object], other: dict[str, object]) -> bool:
    """Return whether two directions agree, up to rounding."""

    def flat(direction: dict[str, object]) -> np.ndarray:
        return np.concatenate([np.ravel(np.asarray(value, dtype=float)) for value in direction.values()])

    return one.keys() == other.keys() and np.allclose(flat(one), flat(other), rtol=CLOSE, atol=CLOSE)
