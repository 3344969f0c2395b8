"""Results that cannot be changed by accident: arrays without write access and dictionaries without assignment."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, NoReturn, TypeVar, cast

import numpy as np

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dictionary that refuses changes; `dict(it)` is a copy that takes them."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this is part of a result and cannot be changed: take dict(...) of it")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)

    def __copy__(self) -> "FrozenDict[K, V]":
        return self


def frozen(value: Any) -> Any:
    """Return an array as a view without write access, a mapping as a FrozenDict of such, a tuple as one of such.

    Other things are returned as they are.
    """
    if isinstance(value, np.ndarray):
        view = cast("np.ndarray", value).view()
        view.flags.writeable = False
        return view
    if isinstance(value, Mapping):
        return FrozenDict({key: frozen(inner) for key, inner in cast("Mapping[object, object]", value).items()})
    if type(value) is tuple:
        return tuple(map(frozen, cast("tuple[object, ...]", value)))
    return value


class ReadOnly:
    """A dataclass of which no array can be written."""

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]
            object.__setattr__(self, each.name, frozen(getattr(self, each.name)))
