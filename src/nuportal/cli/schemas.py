"""What `--json` prints, command by command: the one place that says it. docs/json.md comes from it.

Numbers that do not exist (NaN, no limit) are null. Masses are in MeV, times in seconds, energies of recoils in keV.
"""

from pydantic import BaseModel, RootModel

from nuportal.cli.schemas_data import (
    Bench,
    Doctor,
    ExperimentRow,
    Fit,
    LimitHere,
    LimitRow,
    ListOf,
    New,
    Recoil,
    Reproduced,
    SeveralFit,
)
from nuportal.cli.schemas_models import (
    Evaluation,
    Evolution,
    ExclusionPlane,
    LightElements,
    ModelDescription,
    ModelRow,
    Neff,
    Plane,
    Scan,
)


class Models(RootModel[list[ModelRow]]):
    """`nuportal models`."""


class Limits(RootModel[list[LimitRow]]):
    """`nuportal limits`."""


class LimitsHere(RootModel[list[LimitHere]]):
    """`nuportal limits MODEL --mass ...`, strongest first."""


class Experiments(RootModel[list[ExperimentRow]]):
    """`nuportal experiments`."""


#: command -> the documents that it prints with --json
DOCUMENTS: dict[str, tuple[type[BaseModel], ...]] = {
    "models": (Models, ModelDescription),
    "neff": (Neff,),
    "bbn": (LightElements,),
    "evolve": (Evolution,),
    "evaluate": (Evaluation,),
    "plane": (Plane, ExclusionPlane),
    "scan": (Scan,),
    "limits": (Limits, LimitsHere),
    "experiments": (Experiments,),
    "recoil": (Recoil,),
    "fit": (Fit, SeveralFit),
    "new": (New,),
    "cite": (ListOf,),
    "reproduce": (ListOf, Reproduced),
    "doctor": (Doctor,),
    "bench": (Bench,),
}
