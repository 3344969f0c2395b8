"""Lists on the command line: by comma, by repeating the option, or both."""

from collections.abc import Iterable

from nuportal.errors import ChargeError, ParameterError
from nuportal.units import fraction


def items(given: Iterable[str] | None, what: str = "entry") -> list[str]:
    """Return the entries of a list given by comma or repetition. Raises ParameterError for an empty entry."""
    found = [part.strip() for text in given or () for part in text.split(",")]
    if "" in found:
        raise ParameterError(f"a {what} is empty: separate them by single commas")
    return found


def charges(given: Iterable[str] | None) -> dict[str, float] | None:
    """Return {"e": 1.0, "u": 0.333} from "e=1,u=1/3" (None if nothing is given). Raises ChargeError."""
    if not given:
        return None
    found: dict[str, float] = {}
    for item in [part for text in given for part in text.split(",")]:
        key, equals, value = (part.strip() for part in item.partition("="))
        try:
            number = fraction(value, f"charge of {key}") if equals else None
        except ParameterError:
            number = None
        if number is None:
            raise ChargeError(f"charges: '{item}' is not of the form e=1 (fermion = number or fraction)")
        if key in found:
            raise ChargeError(f"charges: {key} is given twice")
        found[key] = number
    return found
