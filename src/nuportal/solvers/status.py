"""How an integration ended. The text of each member says the remedy."""

from enum import IntEnum


class Status(IntEnum):
    """Outcome of a solver; only `OK` carries a number."""

    OK = 0
    STEP_TOO_SMALL = 1
    TOO_MANY_STEPS = 2
    NOT_FINITE = 3
    BOSON_TODAY = 4

    @property
    def message(self) -> str:
        """What happened and what to try."""
        return _MESSAGES[self]


_MESSAGES = {
    Status.OK: "converged",
    Status.STEP_TOO_SMALL: "the step became too small: try treatment='temperatures', or a looser rtol there",
    Status.TOO_MANY_STEPS: "the step limit was reached: try treatment='temperatures', or a looser rtol there",
    Status.NOT_FINITE: "the solution became infinite or not a number: the point lies outside what the model describes",
    Status.BOSON_TODAY: "the boson has not decayed by recombination and is matter: N_eff is not defined",
}
