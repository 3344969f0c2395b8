"""Options of the treatment with momenta."""

from dataclasses import asdict, dataclass
from typing import Literal, get_args

from nuportal.errors import unknown_name

Flavours = Literal["oscillating", "separate", "common"]
Start = Literal["zero", "thermal"]
Accuracy = Literal["standard", "high"]
InMedium = Literal["off", "on"]


@dataclass(frozen=True)
class MomentaOptions:
    """Options of the treatment with momenta.

    flavours: three states of propagation, mixed in the plasma ("oscillating"), flavours kept ("separate"), or one
    spectrum for all ("common"). start: boson absent, or in equilibrium, at the hot start. accuracy: number of momenta.
    mixing: of the boson with the photon in the plasma.
    """

    flavours: Flavours = "oscillating"
    start: Start = "zero"
    accuracy: Accuracy = "standard"
    mixing: InMedium = "off"

    def __post_init__(self):
        for name, allowed in (("flavours", Flavours), ("start", Start), ("accuracy", Accuracy), ("mixing", InMedium)):
            if getattr(self, name) not in get_args(allowed):
                raise unknown_name(name, str(getattr(self, name)), get_args(allowed))

    def to_dict(self) -> dict[str, object]:
        """Return the options as plain values."""
        return asdict(self)
