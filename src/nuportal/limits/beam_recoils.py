"""Projections of neutrinos of a beam with a broad spectrum on electrons: recoil spectra of both modes of the beam.

What is expected is the Standard Model, so that -2 ln L = r^T C^-1 r with r the events that a mediator adds in each bin
of recoil energy. C holds the counting error of signal and background, a normalisation free within its error in each
mode, and an error of each bin for the shape of flux and background. The events are linear and square in c_e c_nu.
"""

from functools import cached_property
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from nuportal.constants import G_F, HBAR_C_CM, M_E
from nuportal.detectors.targets import target
from nuportal.limits.base import LikelihoodLimit
from nuportal.limits.electron_recoils import no_recoil
from nuportal.limits.ray import Ray
from nuportal.limits.recast.tables import read_columns
from nuportal.processes.electron_scattering import Flavour, Particle, coefficients
from nuportal.solvers.quadrature import gauss_legendre

Positive = Annotated[float, Field(gt=0)]
SPECIES: tuple[tuple[str, Flavour, Particle], ...] = (
    ("nu_mu", "mu", "neutrino"),
    ("nubar_mu", "mu", "antineutrino"),
    ("nu_e", "e", "neutrino"),
    ("nubar_e", "e", "antineutrino"),
)
NODES, ENERGIES = 8, 4  #: of quadrature in each bin of recoil energy and of the flux
TO_MEV = 1e-4 * 1e-3  #: /m^2/GeV in /cm^2/MeV


class Run(BaseModel):
    """What is planned: protons in each mode (neutrinos, antineutrinos), tonnes of a target, edges of bins in MeV.

    flux: table of bins of energy (GeV) and of the flux of each species in each mode (/m^2/GeV/proton). background: over
    the events of the Standard Model. normalisation: error of each mode; shape: error of each bin.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    flux: str
    protons: tuple[Positive, Positive]
    tonnes: Positive
    target: str
    edges: Annotated[tuple[Positive, ...], Field(min_length=2)]
    background: Annotated[float, Field(ge=0)]
    normalisation: Positive
    shape: Annotated[float, Field(ge=0)]

    @model_validator(mode="after")
    def _ascending(self):
        if list(self.edges) != sorted(set(self.edges)):
            raise ValueError("edges must ascend")
        return self


class Terms(NamedTuple):
    """Events of the Standard Model, and what multiplies delta and delta^2: [2 modes, 4 species, bins, nodes]."""

    sm: np.ndarray
    linear: np.ndarray
    square: np.ndarray


class BeamElectrons(LikelihoodLimit):
    """Recoil spectra of electrons in both modes of a beam against those of the Standard Model."""

    Measurement = Run
    measurement: Run

    def why_not(self, ray: Ray) -> str | None:
        """Return whether electrons or neutrinos of the beam are not coupled."""
        if (why := no_recoil(ray)) is not None:
            return why
        return None if any(ray.ends.c_nu[:2]) else "no coupling to muon or electron neutrinos"

    @cached_property
    def recoil(self) -> np.ndarray:
        """Recoil energies (MeV) of the nodes [bins, nodes]."""
        low, high = np.array(self.measurement.edges[:-1]), np.array(self.measurement.edges[1:])
        x, _ = gauss_legendre(NODES)
        return low[:, None] + (high - low)[:, None] * x

    @cached_property
    def terms(self) -> Terms:
        """The events at the nodes, weights of the quadrature included."""
        plan = self.measurement
        flux = self._flux()
        x, w = gauss_legendre(ENERGIES)
        width = flux[1] - flux[0]
        energy = (flux[0][:, None] + width[:, None] * x).ravel()
        weight = gauss_legendre(NODES)[1] * np.diff(plan.edges)[:, None]
        electrons = plan.tonnes * target(plan.target).molecules_per_tonne * target(plan.target).electrons(1e3)
        found = np.zeros((3, 2, len(SPECIES), *self.recoil.shape))
        for k, (_, flavour, particle) in enumerate(SPECIES):
            section = coefficients(self.recoil[..., None], energy, flavour, particle=particle)
            for mode, protons in enumerate(plan.protons):
                spread = (flux[2 + 4 * mode + k][:, None] * width[:, None] * w).ravel() * TO_MEV * protons * electrons
                for term, of in enumerate(section):
                    found[term, mode, k] = weight * (of @ spread) * HBAR_C_CM**2
        return Terms(*found)

    def _flux(self) -> tuple[np.ndarray, ...]:
        """Edges of the bins of energy in MeV, and the flux of each mode and species."""
        names = [f"{mode}_{name}" for mode in ("neutrino", "antineutrino") for name, *_ in SPECIES]
        low, high, *fluxes = read_columns(self.file(self.measurement.flux), ("low_GeV", "high_GeV", *names))
        return low * 1e3, high * 1e3, *fluxes

    @cached_property
    def standard(self) -> np.ndarray:
        """Events of the Standard Model [2 modes, bins]."""
        return self.terms.sm.sum(axis=(1, 3))

    @cached_property
    def _inverse_covariance(self) -> np.ndarray:
        plan, events = self.measurement, self.standard
        found = np.diag((events * (1 + plan.background) + (plan.shape * events) ** 2).ravel())
        for mode in range(2):
            alone = np.where(np.arange(2)[:, None] == mode, events, 0.0).ravel()
            found += plan.normalisation**2 * np.outer(alone, alone)
        return np.linalg.inv(found)

    def added(self, products: np.ndarray, mass: float) -> np.ndarray:
        """Return the events that c_e c_nu of electron and muon neutrinos [n, 2] add [n, 2 modes, bins]."""
        shift = 1 / (2 * np.sqrt(2) * G_F * (2 * M_E * self.recoil + mass**2))
        linear = (self.terms.linear * shift).sum(axis=-1)
        square = (self.terms.square * shift**2).sum(axis=-1)
        product = products[:, [1, 1, 0, 0]]  # of each species
        return np.einsum("ns,msb->nmb", product, linear) + np.einsum("ns,msb->nmb", product**2, square)

    def deviance(self, ray: Ray, y: np.ndarray) -> np.ndarray:
        """Return r^T C^-1 r [n]."""
        couplings = ray.couplings(y)
        products = np.asarray(couplings.c_e)[:, None] * np.stack(couplings.c_nu[:2], axis=-1)
        rest = self.added(products, ray.mass).reshape(len(products), -1)
        return np.einsum("ni,ij,nj->n", rest, self._inverse_covariance, rest)
