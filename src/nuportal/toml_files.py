"""Reading a TOML file of data and saying in which line it is wrong."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from nuportal.errors import DataFileError

Schema = TypeVar("Schema", bound=BaseModel)


def read(path: Path) -> tuple[dict[str, Any], str]:
    """Return the content of a TOML file and its text. Raises DataFileError."""
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except (OSError, UnicodeDecodeError):
        raise DataFileError(f"there is no readable file '{path}'") from None
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{path}: {error}") from None


def checked(schema: type[Schema], content: object, path: Path, text: str, inside: Iterable[str] = ()) -> Schema:
    """Return content as the schema demands; inside: the table it was found in. Raises DataFileError with the line."""
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = [*inside, *(str(x) for x in first["loc"])]
        where = f"{path}, line {line_of(text, place)}: {'.'.join(place) or 'file'}"
        raise DataFileError(f"{where}: {first['msg']}") from None


def line_of(text: str, place: Iterable[str]) -> int:
    """Return the line of an entry, or of its table where the entry is missing."""
    found, keys = 1, [key for key in place if not key.isdigit()]
    for number, line in enumerate(text.splitlines(), start=1):
        if keys and re.match(rf"\s*(\[+\s*)?{re.escape(keys[0])}\b", line):
            found = number
            keys = keys[1:]
    return found
