"""A computed plane: values on a grid, what failed and why, contours, excluded regions, and its netCDF file."""

import json
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nuportal import sealed
from nuportal.errors import DataFileError, unknown_name
from nuportal.output import checked
from nuportal.planes.constraints import DEFAULT, Constraint, constraints
from nuportal.planes.regions import lines, polygons
from nuportal.planes.spec import PlaneSpec
from nuportal.provenance import stamp
from nuportal.readonly import FrozenDict, frozen
from nuportal.units import number

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nuportal.planes.exclusion import ExclusionPlane
    from nuportal.plotting.style import Style

KIND = "nuportal plane 2"
SUFFIXES = (".nc",)


class Layer(NamedTuple):
    """One quantity on the grid.

    values [x, y] (NaN where failed), status [x, y] (0, or 1 + index into reasons), theory_error [x, y] (NaN where not
    known), warned [x, y] (bit k set where warnings[k] applies), calculated: number of points that were calculated, the
    others being interpolated. numerical_error [x, y]: of the solver, where it states one, and of the interpolation.
    """

    values: np.ndarray
    status: np.ndarray
    reasons: list[str]
    theory_error: np.ndarray
    warned: np.ndarray
    warnings: list[str]
    calculated: int
    numerical_error: np.ndarray


@dataclass(frozen=True, repr=False)
class Plane:
    """Quantities on the grid of two parameters, as `plane` returns them. Arrays are [len(x), len(y)], masses in MeV.

    Attributes
    ----------
    spec : PlaneSpec
        Family, axes, fixed parameters and options.
    layers : mapping
        For each quantity its values, status, errors and warnings.
    constraints : tuple of Constraint
        What the plane is drawn against.
    references : tuple of str
        BibTeX keys of the calculation.
    """

    spec: PlaneSpec
    layers: dict[str, Layer]
    constraints: tuple[Constraint, ...] = field(default_factory=lambda: constraints(DEFAULT))
    references: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        kept = {name: Layer(*(frozen(part) for part in layer)) for name, layer in self.layers.items()}
        object.__setattr__(self, "layers", FrozenDict(kept))

    def __repr__(self) -> str:
        return f"<Plane: {self.summary}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.summary)}</p>"

    @property
    def summary(self) -> str:
        """One line: what is over which axes, its range, how much is excluded."""
        known = self.values[np.isfinite(self.values)]
        ends = f"{known.min():.4g} to {known.max():.4g}" if known.size else "no value"
        shares = ", ".join(f"{c.name} {100 * self.excluded(c.name).mean():.0f} %" for c in self.constraints)
        return f"{self.spec.quantity} of {self.spec.title}: {ends}; {shares}"

    @property
    def x(self) -> np.ndarray:
        """Values along the first axis [x]."""
        return self.spec.x.values

    @property
    def y(self) -> np.ndarray:
        """Values along the second axis [y]."""
        return self.spec.y.values

    @property
    def values(self) -> np.ndarray:
        """The quantity the plane was asked for [x, y]; NaN where it failed."""
        return self.layers[self.spec.quantity].values

    @property
    def failed(self) -> np.ndarray:
        """Where the calculation gave no value [x, y]."""
        return self.layers[self.spec.quantity].status > 0

    @property
    def failures(self) -> dict[str, int]:
        """Each reason for a failure and how many points have it."""
        layer = self.layers[self.spec.quantity]
        counts: Counter[int] = Counter(layer.status[layer.status > 0].tolist())
        return {layer.reasons[code - 1]: n for code, n in counts.items()}

    @property
    def calculated(self) -> int:
        """How many points were calculated; the others were interpolated between them."""
        return self.layers[self.spec.quantity].calculated

    @property
    def theory_error(self) -> np.ndarray:
        """Estimated error of the values from what the calculation leaves out [x, y]; NaN where not known."""
        return self.layers[self.spec.quantity].theory_error

    @property
    def numerical_error(self) -> np.ndarray:
        """Estimated error of the values from the solver and from interpolation [x, y]."""
        return self.layers[self.spec.quantity].numerical_error

    @property
    def warnings(self) -> dict[str, np.ndarray]:
        """Each warning and where it applies [x, y]."""
        layer = self.layers[self.spec.quantity]
        return {text: (layer.warned >> k) & 1 > 0 for k, text in enumerate(layer.warnings)}

    def contours(self, level: float, quantity: str | None = None) -> list[np.ndarray]:
        """Return the lines on which a quantity has a value, none through failed points.

        Parameters
        ----------
        level : float
            The value.
        quantity : str, optional
            Default, the quantity the plane was asked for.

        Returns
        -------
        list of ndarray [n, 2]
            In units of the axes.
        """
        return lines(self.spec.x, self.spec.y, self._layer(quantity).values, number(level, "level"))

    def excluded(self, constraint: str | None = None) -> np.ndarray:
        """Return which grid points are excluded. Points without a value are not.

        Parameters
        ----------
        constraint : str, optional
            One constraint (of a band: what it favours); default, any exclusion, without projections and bands.

        Returns
        -------
        ndarray of bool [x, y]

        Raises
        ------
        UnknownNameError
            If there is no such constraint.
        """
        chosen = (
            [self._constraint(constraint)] if constraint else [c for c in self.constraints if c.kind == "exclusion"]
        )
        mask = np.zeros(self.spec.shape, dtype=bool)
        for c in chosen:
            outside = c.outside(self._layer(c.quantity).values)
            mask |= ~outside & ~self._failed(c.quantity) if c.kind == "band" else outside
        return mask

    def polygons(self, constraint: str) -> list[list[np.ndarray]]:
        """Return the region that one constraint excludes, or that a band favours.

        Parameters
        ----------
        constraint : str
            Its name.

        Returns
        -------
        list of list of ndarray [n, 2]
            For each part its outer boundary and its holes, in units of the axes.

        Raises
        ------
        UnknownNameError
            If there is no such constraint.
        """
        c = self._constraint(constraint)
        values = self._layer(c.quantity).values
        ranges = [(c.low, c.high)] if c.kind == "band" else [(-np.inf, c.low), (c.high, np.inf)]
        return [part for low, high in ranges for part in polygons(self.spec.x, self.spec.y, values, low, high)]

    def to_dataset(self) -> "xarray.Dataset":
        """Return the plane as an xarray Dataset that carries its inputs, reasons for failures and references."""
        import xarray

        dims = (self.spec.x.name, self.spec.y.name)
        variables: dict[str, Any] = {}
        for name, layer in self.layers.items():
            variables[name] = (dims, layer.values.copy(), {"calculated": layer.calculated})
            variables[f"{name}_status"] = (dims, layer.status.copy(), {"reasons": json.dumps(layer.reasons)})
            variables[f"{name}_theory_error"] = (dims, layer.theory_error.copy())
            variables[f"{name}_numerical_error"] = (dims, layer.numerical_error.copy())
            variables[f"{name}_warned"] = (dims, layer.warned.copy(), {"warnings": json.dumps(layer.warnings)})
        keys = dict.fromkeys([*self.references, *(key for c in self.constraints for key in c.references)])
        attributes = stamp(self.spec.describe(), self.spec.settings, list(keys))
        attributes |= {
            "kind": KIND,
            "input_hash": self.spec.hash,
            "quantities": json.dumps(list(self.layers)),
            "constraints": json.dumps([c.name for c in self.constraints]),
        }
        return xarray.Dataset(variables, {dims[0]: self.x.copy(), dims[1]: self.y.copy()}, attributes)

    def save(self, path: str | Path) -> Path:
        """Write the plane as netCDF and return the path; an old file is replaced only when the new one is complete.

        Parameters
        ----------
        path : str or Path
            A name that ends in .nc.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        return sealed.write(self.to_dataset(), checked(path, SUFFIXES))

    @classmethod
    def load(cls, path: str | Path) -> "Plane | ExclusionPlane":
        """Return the plane in a file, of either kind. Reading never runs code.

        Parameters
        ----------
        path : str or Path
            A file that `save` wrote.

        Raises
        ------
        DataFileError
            If the file is missing, truncated, damaged, or no plane.
        """
        from nuportal.planes import exclusion_file

        dataset = sealed.read(path, "plane")
        if dataset.attrs.get("kind") == exclusion_file.KIND:
            return exclusion_file.from_dataset(dataset, path)
        if dataset.attrs.get("kind") != KIND:
            raise DataFileError(f"'{path}' is not a plane written by nuportal")
        with sealed.understood(path, "plane"):
            return cls._from_dataset(dataset)

    @classmethod
    def _from_dataset(cls, dataset: "xarray.Dataset") -> "Plane":
        spec = PlaneSpec.from_description(json.loads(dataset.attrs["model"]), json.loads(dataset.attrs["options"]))
        layers = {
            name: Layer(
                dataset[name].to_numpy(),
                dataset[f"{name}_status"].to_numpy(),
                json.loads(dataset[f"{name}_status"].attrs["reasons"]),
                dataset[f"{name}_theory_error"].to_numpy(),
                dataset[f"{name}_warned"].to_numpy(),
                json.loads(dataset[f"{name}_warned"].attrs["warnings"]),
                int(dataset[name].attrs["calculated"]),
                dataset[f"{name}_numerical_error"].to_numpy(),
            )
            for name in map(str, json.loads(dataset.attrs["quantities"]))
        }
        chosen = constraints(json.loads(dataset.attrs["constraints"]))
        return cls(spec, layers, chosen, tuple(dataset.attrs["references"].split()))

    def plot(
        self,
        path: str | Path | None = None,
        ax: "Axes | None" = None,
        *,
        second: "Plane | None" = None,
        style: "Style" = "paper",
    ) -> "Figure":
        """Return the figure of the plane.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it (PNG, PDF, SVG).
        ax : matplotlib Axes, optional
            Axes of the caller's figure to draw into.
        second : Plane, optional
            The same plane with another nuclear rate set, whose lines are drawn dashed.
        style : str or dict
            "paper" (nuportal's), "current" (your matplotlib settings), a style of matplotlib by name, or a dictionary
            of settings.

        Raises
        ------
        OutputError
            If the file cannot be written.
        UnknownNameError, ParameterError
            If there is no such style or setting.
        """
        from nuportal.plotting.plane import draw
        from nuportal.plotting.style import FORMATS, save, styled

        if path is not None:
            checked(path, FORMATS)
        with styled(style, ax):
            figure = draw(self, ax, second=second)
            if path is not None:
                save(figure, path)
        return figure

    def _layer(self, quantity: str | None) -> Layer:
        name = quantity or self.spec.quantity
        if name not in self.layers:
            raise unknown_name("quantity of this plane", str(name), self.layers)
        return self.layers[name]

    def _failed(self, quantity: str) -> np.ndarray:
        return self.layers[quantity].status > 0

    def _constraint(self, name: str) -> Constraint:
        return next((c for c in self.constraints if c.name == name), None) or constraints([str(name)])[0]
