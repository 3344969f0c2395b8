"""nup.models(), nup.experiments(), nup.limits(): what there is; the packages of these names can be called."""

import sys
from collections.abc import Callable
from types import ModuleType

from nuportal.errors import ParameterError


def callable_list(package: str, entries: Callable[[], dict[str, str]]) -> None:
    """Let a package be called as a function that lists the names in `entries()`, a text on each by name."""

    class Listing(ModuleType):
        """A package that lists its content when it is called."""

        def __call__(self, search: str = "") -> list[str]:
            """Return the names of all entries, or of those that have each word of `search` in their name or text.

            Raises ParameterError.
            """
            if not isinstance(search, str):
                raise ParameterError(f"search = {search!r} is not a text")
            words = search.casefold().split()
            texts = {name: f"{name} {text}".casefold() for name, text in entries().items()}
            return [name for name, text in texts.items() if all(word in text for word in words)]

    sys.modules[package].__class__ = Listing
