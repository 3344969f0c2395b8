"""Expected counts of coherent nuclear recoils (and of electrons that pass the same selection), as `Prediction` gives.

Everything without couplings and mediator mass is folded once per nucleus, by part of the flux and flavour. A vector
then adds p L + p^2 Q with p = c_nu (c_p Z + c_n N), a scalar p^2 Q, a dipole portal its squared moment.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast, get_args

import numpy as np

from nuportal.constants import G_F, HBAR_C_CM
from nuportal.detectors.response import Response
from nuportal.detectors.targets import Binding
from nuportal.errors import NotApplicableError, unknown_name
from nuportal.experiments.counting import CountingExperiment
from nuportal.experiments.prediction import Prediction
from nuportal.experiments.setup import Setup
from nuportal.models import Declaration
from nuportal.models.base import FLAVOURS, Couplings
from nuportal.processes import cevns, dipole_scattering
from nuportal.processes.form_factors import Nucleus
from nuportal.processes.recoil_kinematics import minimum_neutrino_energy
from nuportal.sources.parts import Part, Source, parts
from nuportal.sources.sun import SolarNeutrinos


class NuclearPrediction:
    """Expected counts of a target in front of a source; `sm`, `excess(model)` have shape (components, bins).

    setup: bins, exposure, selection. flux: parts of the source that take part. radiative: "tree" or "flavour" weak
    charge. electrons: whether electron recoils are counted too (in `excess`, not in `sm`, which is that of nuclei).
    measured: the counting experiment whose one bin this is; its counts are multiplied by `scale`.
    Raises UnknownNameError, NotApplicableError (a target whose nuclei are not known).
    """

    recoiling: Literal["electron", "nuclear"] = "nuclear"

    def __init__(
        self,
        setup: Setup,
        source: Source,
        *,
        flux: str | Sequence[str] = "all",
        radiative: cevns.Radiative = "tree",
        binding: Binding = "step",
        electrons: bool = False,
        measured: CountingExperiment | None = None,
    ):
        if radiative not in get_args(cevns.Radiative):
            raise unknown_name("radiative correction of nuclei", str(radiative), get_args(cevns.Radiative))
        self.experiment: Any = setup if measured is None else measured
        self.setup, self.source, self.radiative, self.binding = setup, source, radiative, binding
        self.parts = parts(source, flux)
        self.components = tuple(part.name for part in self.parts)
        ends = [part.largest_energy for part in self.parts]
        self._channels = [Channel(n, r, self.parts, radiative) for n, r in setup.nuclear(ends)]
        self._electrons = Prediction(setup, source=source, flux=flux, binding=binding) if electrons else None
        self.scale = 1.0

    @property
    def sun(self) -> SolarNeutrinos:
        """The Sun. Raises NotApplicableError for another source."""
        if not isinstance(self.source, SolarNeutrinos):
            raise NotApplicableError(f"{self.experiment.name} does not measure the Sun")
        return self.source

    @property
    def bins(self) -> int:
        """Number of bins."""
        return len(self.setup.low)

    @property
    def sm(self) -> np.ndarray:
        """Standard Model coherent scattering, (components, bins)."""
        return self.scale * np.sum([channel.sm for channel in self._channels], axis=0)

    def products(self, couplings: Couplings) -> np.ndarray:
        """Return p = c_nu_f (c_p Z + c_n N) of each nucleus, and c_nu_f c_e of electrons if they count.

        Shape (3 nuclei + 3 electrons), or with a last axis along a ray of couplings.
        """
        c_nu = np.asarray(couplings.c_nu)
        found = [np.asarray(channel.charge(couplings)) * c_nu for channel in self._channels]
        if self._electrons is not None:
            found.append(self._electrons.products(couplings))
        return np.concatenate(found)

    def mediator(self, mass: float, spin: int) -> tuple[np.ndarray, np.ndarray]:
        """Return templates per product and per its square, each (products, components, bins)."""
        found = [channel.mediator(mass, spin) for channel in self._channels]
        if self._electrons is not None:
            found.append(self._electrons.mediator(mass, spin))
        linear, square = (self.scale * np.concatenate(templates) for templates in zip(*found, strict=True))
        return linear, square

    def excess(self, model: Any) -> np.ndarray:
        """Return what a model adds to the Standard Model, (components, bins). Raises NotApplicableError."""
        couplings = model if isinstance(model, Couplings) else getattr(model, "couplings", None)
        if isinstance(couplings, Couplings):
            linear, square = self.mediator(couplings.mass, couplings.spin)
            p = self.products(couplings)
            return np.tensordot(p, linear, 1) + np.tensordot(p * p, square, 1)
        section = _section(model)
        final_mass = float(getattr(model, "final_mass", getattr(model, "mass", 0.0)))
        found = np.sum([channel.produced(section, final_mass) for channel in self._channels], axis=0)
        if self._electrons is not None:
            found = found + self._electrons.excess(model)
        return self.scale * found


@dataclass(frozen=True, eq=False)
class Channel:
    """One nucleus: the nodes of its recoil energy with the matrix to counts, and the rates there without a mediator."""

    nucleus: Nucleus
    response: Response
    parts: tuple[Part, ...]
    radiative: cevns.Radiative

    def charge(self, couplings: Couplings) -> Any:
        """Return c_p Z + c_n N."""
        return couplings.c_p * np.asarray(self.nucleus.protons) + couplings.c_n * np.asarray(self.nucleus.neutrons)

    @cached_property
    def sm(self) -> np.ndarray:
        """Counts of the Standard Model (components, bins)."""
        return self._counts(self._terms[0].sum(axis=1))

    @cached_property
    def _terms(self) -> np.ndarray:
        """Rates of S0, S1, S2 per nucleus, (3 terms, components, 3 flavours, nodes)."""
        return self._folded(lambda t, e, f: cevns.coefficients(t, e, self.nucleus, f, radiative=self.radiative), 3)

    @cached_property
    def _scalar(self) -> np.ndarray:
        return self._folded(lambda t, e, f: cevns.scalar_coefficient(t, e, self.nucleus), 1)[0]

    def mediator(self, mass: float, spin: int) -> tuple[np.ndarray, np.ndarray]:
        """Return templates per c_nu_f (c_p Z + c_n N) and per its square, each (3 flavours, components, bins)."""
        propagator = 1 / (2 * self.nucleus.mass * self.response.recoil_energy + mass**2)
        if spin == 0:
            square = self._by_flavour(self._scalar * propagator**2)
            return np.zeros_like(square), square
        shift = propagator / (np.sqrt(2) * G_F)
        return self._by_flavour(self._terms[1] * shift), self._by_flavour(self._terms[2] * shift**2)

    def produced(self, section: "NuclearSection", final_mass: float) -> np.ndarray:
        """Counts (components, bins) of a model without interference, in which a neutrino becomes a heavier one."""

        def on_this(t: np.ndarray, e: np.ndarray, f: str) -> np.ndarray:
            return section(t, e, f, self.nucleus)

        return self._counts(self._folded(on_this, 1, final_mass)[0].sum(axis=1))

    def _folded(self, section: "_Section", terms: int, final_mass: float = 0.0) -> np.ndarray:
        """Flux x probability x coefficient, (terms, components, flavours, nodes)."""
        recoil = self.response.recoil_energy
        least = minimum_neutrino_energy(recoil, self.nucleus.mass, final_mass)
        out = np.zeros((terms, len(self.parts), 3, recoil.size))
        for c, part in enumerate(self.parts):
            energy, weight = part.nodes(np.minimum(least, 1e6))
            if not np.any(weight):
                continue
            probability = part.probabilities(energy) * weight * HBAR_C_CM**2
            for f, flavour in enumerate(FLAVOURS):
                if np.any(probability[f]):
                    values = np.asarray(section(recoil[:, None], energy, flavour)).reshape(terms, *energy.shape)
                    out[:, c, f] = (values * probability[f]).sum(axis=-1)
        return out

    def _counts(self, rate: np.ndarray) -> np.ndarray:
        return rate @ self.response.matrix.T

    def _by_flavour(self, rate: np.ndarray) -> np.ndarray:
        return np.stack([self._counts(rate[:, f]) for f in range(3)])


#: cross-section in MeV^-3 at recoil and neutrino energies (MeV), of a flavour on a nucleus
NuclearSection = Callable[[np.ndarray, np.ndarray, str, Nucleus], np.ndarray]
#: a cross-section or its coefficients over recoil energy, neutrino energy and flavour, of one nucleus
_Section = Callable[[np.ndarray, np.ndarray, str], np.ndarray | tuple[np.ndarray, ...]]


def _section(model: Any) -> NuclearSection:
    """The cross-section on nuclei of a model without couplings: of `processes`, or the model's own.

    Raises NotApplicableError.
    """
    if model_declared(model) == "dipole":
        return lambda t, e, f, nucleus: dipole_scattering.nuclear_cross_section(t, e, f, model, nucleus)
    own = getattr(model, "nuclear_cross_section", None)
    if not callable(own):
        name = getattr(model, "label", type(model).__name__)
        raise NotApplicableError(f"nuclear recoils of a {name} are not calculated: it has no nuclear_cross_section")
    return cast("NuclearSection", own)


def model_declared(model: Any) -> str:
    """Return the interaction that a model declares; empty for what is no model."""
    declared = getattr(model, "declared", None)
    return declared.interaction if isinstance(declared, Declaration) else ""


def counting_prediction(
    measured: CountingExperiment, edges: np.ndarray | None = None, *, radiative: cevns.Radiative = "tree"
) -> NuclearPrediction:
    """Return the prediction of a counting experiment, scaled to its Standard Model expectation over the window.

    edges: bins of a spectrum (electron-equivalent keV); None: one bin over the window, as the likelihood has it.
    """
    spec, source = measured.spec, measured.source
    options: dict[str, Any] = {"flux": spec.flux, "radiative": radiative, "electrons": spec.electrons}
    whole = NuclearPrediction(measured.setup(), source, measured=measured, **options)
    found = whole if edges is None else NuclearPrediction(measured.setup(edges), source, **options)
    found.scale = spec.events.expected / float(whole.sm.sum())
    return found
