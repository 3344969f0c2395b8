"""The long description of the package: README.md without links into the repository, or with full ones.

A package index shows the README alone, where relative links and pictures lead nowhere. If pyproject.toml names the
repository ([project.urls] Source), they are completed with it; until then pictures are left out and links become text.
"""

import re
from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface

_PICTURE = re.compile(r"!\[([^\]]*)\]\((?!https?:)([^)]+)\)\n*")
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:|#)([^)]+)\)")


class ReadmeHook(MetadataHookInterface):
    """Sets the field `readme`."""

    def update(self, metadata: dict) -> None:
        """Fill in the long description."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        source = metadata.get("urls", {}).get("Source", "").rstrip("/")
        metadata["readme"] = {"content-type": "text/markdown", "text": described(text, source)}


def described(text: str, source: str = "") -> str:
    """Return the README for readers outside of the repository; source: its address, or empty."""
    if not source:
        return _LINK.sub(r"\1", _PICTURE.sub("", text))
    text = _PICTURE.sub(rf"![\1]({source}/raw/main/\2)\n\n", text)
    return _LINK.sub(rf"[\1]({source}/blob/main/\2)", text)
