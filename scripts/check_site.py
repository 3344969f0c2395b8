"""Check a built documentation site: every link inside it leads somewhere, and viewing it needs no network.

python scripts/check_site.py out/docs/html    # exit status 1 and a list, if something is wrong
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}
NOT_LOADED = {"canonical", "next", "prev", "index", "search", "author"}  #: values of <link rel> that load nothing


class _Page(HTMLParser):
    """What a page points to, what it loads, and the places that others can point to."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = {""}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Collect ids, links and loaded files."""
        found = {name: value or "" for name, value in attrs}
        self.places |= {found[name] for name in ("id", "name") if name in found}
        for name in ("href", "src"):
            if name not in found:
                continue
            loaded = (tag, name) in LOADED and found.get("rel") not in NOT_LOADED
            (self.loads if loaded else self.links).append(found[name])


def broken(root: Path) -> list[str]:
    """Return what is wrong with the site below `root`, one line each."""
    paths = [path for path in sorted(root.rglob("*.html")) if "_static" not in path.parts]
    pages = {path: _Page(path.read_text(encoding="utf-8")) for path in paths}
    found = [] if pages else [f"{root}: there is no page"]
    for path, page in pages.items():
        where = path.relative_to(root)
        found += [f"{where}: loads {target}" for target in page.loads if urlsplit(target).netloc]
        for target in {*page.links, *page.loads}:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            other = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            other = other / "index.html" if other.is_dir() else other
            if not other.is_file():
                found.append(f"{where}: there is no file {target}")
            elif other in pages and unquote(parts.fragment) not in pages[other].places:
                found.append(f"{where}: there is no place {target}")
    return found


if __name__ == "__main__":
    lines = broken(Path(sys.argv[1]).resolve())
    print("\n".join(lines) or "every link inside the site leads somewhere, and no page loads anything from outside")
    sys.exit(bool(lines))
