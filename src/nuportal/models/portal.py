"""The base of models: reads the arguments as the declaration says, and describes the result."""

from typing import ClassVar

from nuportal.models.declaration import Declaration
from nuportal.shown import Tabled

_KEYS = {"": "", "MeV": "_MeV", "mu_B": "_MeV^-1"}


class Portal(Tabled):
    """A model whose dataclass fields are the parameters and choices of its declaration.

    A model of spin 0 or 1 gives its `couplings`. Any other gives `recoil_coupling`, whose square its recoils are
    proportional to, `unit()`, the same model at recoil_coupling = 1, and
    `recoil_cross_section(recoil_energy, neutrino_energy, flavour)` on electrons in MeV^-3 (energies in MeV) with
    `final_mass` in MeV; and, for nuclei, `nuclear_cross_section(recoil_energy, neutrino_energy, flavour, nucleus)`.
    """

    declared: ClassVar[Declaration]

    def __post_init__(self) -> None:
        for parameter in self.declared.parameters:
            value = parameter.of_constructor(getattr(self, parameter.name))
            object.__setattr__(self, parameter.name, value)
        for choice in self.declared.choices:
            object.__setattr__(self, choice.name, choice.read(getattr(self, choice.name)))

    @property
    def label(self) -> str:
        """Short name for titles and files."""
        return self.declared.kind

    def describe(self) -> dict[str, object]:
        """Return the model as plain values, for result files."""
        parameters = {p.name + _KEYS[p.unit]: getattr(self, p.name) for p in self.declared.parameters}
        choices = {c.name: getattr(self, c.name) for c in self.declared.choices}
        return {"kind": type(self).__name__, **parameters, **choices}
