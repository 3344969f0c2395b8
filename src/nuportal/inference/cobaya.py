"""nuportal in cobaya: a theory that makes the model of a point, a likelihood that evaluates constraints on it.

theory:
  nuportal.inference.cobaya.Portal: {model: B-L, sampled: [mass, g]}
likelihood:
  nuportal.inference.cobaya.Constraints: {constraints: [xenonnt, lz]}

Needs the extra `cobaya`. Masses are in MeV, dipole moments in mu_B, couplings are numbers.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from cobaya.likelihood import Likelihood
from cobaya.log import LoggedError
from cobaya.theory import Theory

from nuportal.errors import NuportalError
from nuportal.inference.evaluation import loglike
from nuportal.models.family import Family, family

_PROVIDED = "nuportal_model"


class Portal(Theory):
    """Makes the model of a point. Points that the model does not allow (a coupling too large) have likelihood zero.

    model: as in `nuportal evaluate` (or `charges`); sampled: the model's parameters that are parameters of cobaya;
    fixed: values of the others, and choices such as a flavour.
    """

    model: str | None = None
    charges: Mapping[str, float] | None = None
    sampled: Sequence[str] = ("mass", "g")
    fixed: Mapping[str, Any] | None = None
    members: Family

    def initialize(self) -> None:
        """Read the family. Raises LoggedError with nuportal's text for what it does not know."""
        try:
            self.members = family(self.model if self.charges is None else self.charges)
            given = dict(self.fixed or {})
            choices = {k: self.members.choice(k).read(given.pop(k)) for k in list(given) if k in self.members.choices}
            self._values = {**self.members.read(given), **choices}
            self.members.check((*(self.members.parameter(name).name for name in self.sampled), *self._values))
        except NuportalError as error:
            raise LoggedError(self.log, str(error)) from None

    def get_requirements(self) -> dict[str, Any]:
        """Return the names of the sampled parameters."""
        return dict.fromkeys(self.sampled)

    def get_can_provide(self) -> list[str]:
        """Return what likelihoods can ask for: the model."""
        return [_PROVIDED]

    def calculate(self, state: dict[str, Any], want_derived: bool = True, **values: float) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Put the model of the point into the state; False if there is no such model."""
        try:
            state[_PROVIDED] = self.members.model({**self._values, **{k: float(values[k]) for k in self.sampled}})
        except NuportalError as error:
            self.log.debug("no model here: %s", error)
            return False
        return True

    def get_nuportal_model(self) -> Any:
        """Return the model of the current point."""
        return cast("dict[str, Any]", self.current_state)[_PROVIDED]  # pyright: ignore[reportUnknownMemberType]


class Constraints(Likelihood):
    """ln L relative to the Standard Model, see `nuportal.loglike`; where a calculation failed the point is rejected."""

    constraints: str | Sequence[str] = "all"

    def get_requirements(self) -> dict[str, Any]:
        """Return that the model is needed."""
        return {_PROVIDED: None}

    def logp(self, **_: Any) -> float:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Return ln L of the current point. Raises LoggedError with nuportal's text for constraints it refuses."""
        try:
            value = loglike(self.provider.get_nuportal_model(), self.constraints)  # type: ignore[union-attr]
        except NuportalError as error:
            raise LoggedError(self.log, str(error)) from None
        if np.isnan(value):
            self.log.warning("a calculation failed: the point is rejected")
            return -np.inf
        return value
