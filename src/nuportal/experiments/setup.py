"""A target in front of a source, without data of its own: bins of the recoil or observed energy, exposure, acceptance.

For nuclei the observed energy follows from the recoil energy by quenching. Both integrals, over the recoil energy in a
bin and over what is accepted of it, are one matrix, as in `detectors.response`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from nuportal.constants import M_E, SECONDS_PER_YEAR
from nuportal.detectors.response import Response
from nuportal.detectors.targets import KEV, Binding, Target, nuclei, target
from nuportal.errors import ParameterError, UnitError, unknown_name
from nuportal.experiments.schema import Exposure
from nuportal.experiments.selection import Selection
from nuportal.processes.form_factors import Nucleus
from nuportal.solvers.quadrature import gauss_legendre
from nuportal.units import converted, number, positive

Recoil = Literal["electron", "nuclear"]
BINS = 40  #: of a target without bins of its own
NODES, LEAST_NODES = 12, 128  #: a bin, and all bins together
LOWEST = 1e-3  #: first edge of the default bins as a share of the largest energy


@dataclass(frozen=True, eq=False)
class Setup:
    """What a detector would see: bins between `edges` (keV), `exposure` (t y), what is selected of the recoils.

    key: name; kind is "target", or "nuclear" of an experiment with a total to compare with (`notes`).
    """

    name: str
    material: Target
    recoil: Recoil
    edges: np.ndarray
    exposure: float
    selection: Selection = field(default_factory=Selection)
    efficiency: tuple[np.ndarray, np.ndarray] | None = None
    key: str = ""
    kind: Literal["target", "nuclear"] = "target"
    references: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def low(self) -> np.ndarray:
        """Lower ends of the bins, keV."""
        return self.edges[:-1]

    @property
    def high(self) -> np.ndarray:
        """Upper ends of the bins, keV."""
        return self.edges[1:]

    @property
    def counts(self) -> np.ndarray:
        """No counts per bin were published: NaN."""
        return np.full(len(self.low), np.nan)

    @property
    def background(self) -> np.ndarray:
        """No background."""
        return np.zeros(len(self.low))

    def unverified(self) -> list[str]:
        """Return the parts whose numbers were not checked against the primary source."""
        return list(self.status)

    def electrons(self, binding: Binding, neutrino_energies: ArrayLike) -> Response:
        """Return nodes and matrix for recoils of electrons, whose energy is seen as it is.

        neutrino_energies: MeV, at the ends of spectra and of lines; the largest recoils they give cut the bins.
        """
        breaks = np.concatenate([self.material.binding, _largest(neutrino_energies, M_E)])
        recoil, weight = self._nodes(lambda energy: energy * KEV, breaks)
        accepted = self.selection.acceptance(recoil)
        scale = self.exposure * SECONDS_PER_YEAR * self.material.molecules_per_tonne
        return Response(recoil.ravel(), _rows(scale * weight * accepted * self.material.electrons(recoil, binding)))

    def nuclear(self, neutrino_energies: ArrayLike) -> list[tuple[Nucleus, Response]]:
        """Return for each nucleus the nodes (recoil energy) and the matrix of its recoils, as `electrons`.

        Raises NotApplicableError for a target whose nuclei are not known.
        """
        found: list[tuple[Nucleus, Response]] = []
        for nucleus, count in nuclei(self.material.name):
            recoil, weight = self._nodes(self.selection.recoil_energy, _largest(neutrino_energies, nucleus.mass))
            weight = weight * self.selection.acceptance(self.selection.observed_energy(recoil))
            if self.efficiency is not None:
                weight = weight * np.interp(recoil / KEV, *self.efficiency, left=0.0)
            scale = self.exposure * SECONDS_PER_YEAR * self.material.molecules_per_tonne * count
            found.append((nucleus, Response(recoil.ravel(), _rows(scale * weight))))
        return found

    def _nodes(
        self, to_recoil: Callable[[np.ndarray], np.ndarray], breaks: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Recoil energies (MeV) and weights of each bin [bins, nodes]; a bin is cut where `breaks` (MeV) lie in it."""
        order = max(NODES, -(-LEAST_NODES // len(self.low)))
        x, w = gauss_legendre(order)
        found: list[tuple[np.ndarray, np.ndarray]] = []
        for low, high in pairwise(np.asarray(to_recoil(self.edges), dtype=float)):
            ends = np.concatenate([[low], np.sort(breaks[(breaks > low) & (breaks < high)]), [high]])
            width = np.diff(ends)[:, None]
            found.append(((ends[:-1, None] + width * x).ravel(), (width * w).ravel()))
        longest = max(len(nodes) for nodes, _ in found)
        filled = [(np.resize(t, longest), np.pad(v, (0, longest - len(v)))) for t, v in found]
        recoil, weight = (np.array(column) for column in zip(*filled, strict=True))
        return recoil, weight


def bare_target(
    name: str, recoil: Recoil, largest_neutrino_energy: float, edges: ArrayLike | None, exposure: float
) -> Setup:
    """Return a perfect detector of a material. edges: keV, of the recoil energy; None: logarithmic bins up to the end.

    Raises UnknownNameError, ParameterError, NotApplicableError.
    """
    if recoil not in get_args(Recoil):
        raise unknown_name("recoil", str(recoil), get_args(Recoil))
    material = target(name)
    if edges is None:
        lightest = min((nucleus.mass for nucleus, _ in nuclei(name)), default=0.0) if recoil == "nuclear" else M_E
        top = 2 * largest_neutrino_energy**2 / (lightest + 2 * largest_neutrino_energy) / KEV
        edges = np.geomspace(LOWEST * top, top, BINS + 1)
    return Setup(material.name, material, recoil, checked_edges(edges), exposure, key=material.name)


def checked_edges(edges: ArrayLike) -> np.ndarray:
    """Return the edges of bins in keV. Raises ParameterError, UnitError."""
    try:
        found = np.asarray(converted(edges, "edges", ("keV",)), dtype=float)
    except (TypeError, ValueError):
        raise ParameterError(f"edges = {edges!r} are not energies in keV") from None
    if found.ndim != 1 or found.size < 2 or not np.all(np.isfinite(found)) or not np.all(np.diff(found) > 0):
        raise ParameterError("edges are not allowed: give at least two increasing energies in keV")
    if found[0] < 0:
        raise ParameterError(f"edges start at {found[0]:g} keV: energies must not be negative")
    return found


def in_tonne_years(given: object) -> float:
    """Return an exposure in t y: a number of t y, a text such as "327 kg d", or a quantity. Raises UnitError."""
    if isinstance(given, str):
        value, _, unit = given.strip().partition(" ")
        try:
            given = Exposure(value=float(value), unit=unit.strip(), status="verified", provenance="-").in_tonne_years()  # type: ignore[arg-type]
        except ValueError:
            raise UnitError(f"exposure = '{given}' is not a number with a unit such as '327 kg d' (t y, t d)") from None
    return positive(number(converted(given, "exposure", ("tonne * year", "t yr")), "exposure"), "exposure", unit=" t y")


def _largest(neutrino_energies: ArrayLike, target_mass: float) -> np.ndarray:
    energy = np.unique(np.asarray(neutrino_energies, dtype=float))
    return 2 * energy**2 / (target_mass + 2 * energy)


def _rows(weight: np.ndarray) -> np.ndarray:
    """The matrix (bins, all nodes) that adds up the nodes of each bin."""
    bins, nodes = weight.shape
    matrix = np.zeros((bins, bins * nodes))
    for k in range(bins):
        matrix[k, k * nodes : (k + 1) * nodes] = weight[k]
    return matrix
