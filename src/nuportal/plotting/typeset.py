"""Labels and titles with mathematical type as pieces of Unicode text, for pages that have no TeX."""

import re
import unicodedata
from typing import Any, NamedTuple

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[_^{}]|\s+|.")
_SIGNS = {
    "to": "\u2009→\u2009",
    "times": "×",
    "pm": "±",
    "mp": "∓",
    "odot": "⊙",
    "ell": "ℓ",
    "cdot": "·",
    "sim": "∼",
    "infty": "∞",
    "lesssim": "≲",
    "gtrsim": "≳",
    "leq": "≤",
    "geq": "≥",
    "sqrt": "√",
    "prime": "′",
    "-": "−",
    "'": "′",
    "=": "\u2009=\u2009",
}
_UPRIGHT = ("mathrm", "rm", "text", "textrm", "mathsf")
_GREEK = "alpha beta gamma delta epsilon eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
_WORD = re.compile(rf"(?<![A-Za-z_])(nubar|{_GREEK.replace(' ', '|')})(?=[0-9+-]|_|\b)")
_MARK = re.compile(  # an index, or the charge of a particle
    r"\b(?P<letter>N|Y|[Dd]|V|B|L|ω|θ|ν̄|ν)_(?P<index>[A-Za-z0-9]+)|(?<=\b[eμτπKB])(?P<charge>[+-])(?![\w-])"
)


class Piece(NamedTuple):
    """A piece of a text: its characters, whether they are italic, and how they are shifted: "_", "^", "^_" ..."""

    text: str
    italic: bool = False
    shift: str = ""


def pieces(text: str) -> list[Piece]:
    """Return a text, in which $...$ is mathematical type, as pieces.

    The part of TeX that labels and titles use is understood; of an unknown command the name is left, never its mark.
    """
    found: list[Piece] = []
    for k, part in enumerate(text.split("$")):
        if k % 2:
            _mathematics(iter(_TOKEN.findall(part)), "", upright=False, into=found)
        elif part:
            found.append(Piece(re.sub(r"\\(.)|[{}]", r"\1", part)))
    return _joined(found)


def plain(text: str) -> str:
    r"""Return a text with mathematical type as one line of plain text: "$N_\mathrm{eff}$" -> "N_eff"."""
    shift, line = "", ""
    for piece in pieces(text):
        if piece.shift and piece.shift[0] != shift[:1]:
            line += piece.shift[0]
        shift, line = piece.shift, line + piece.text
    return line


def words(text: str) -> list[Piece]:
    """Return a sentence written in ASCII as pieces: "pi0 -> gamma Z', N_eff" with its Greek letters and indices."""
    text = _WORD.sub(lambda m: "ν̄" if m[1] == "nubar" else _letter(m[1]), text)
    text = text.replace("->", "→").replace("Z-prime", "Z′").replace("Z'", "Z′")
    found: list[Piece] = []
    end = 0
    for match in _MARK.finditer(text):
        found.append(Piece(text[end : match.start()]))
        if match["charge"]:
            found.append(Piece(match["charge"].replace("-", "−"), shift="^"))
        else:
            found += [Piece(match["letter"], italic=True), Piece(_letter(match["index"]), shift="_")]
        end = match.end()
    return _joined([*found, Piece(text[end:])])


def _mathematics(tokens: Any, shift: str, *, upright: bool, into: list[Piece]) -> None:
    """Append the tokens up to the end of their group."""
    for token in tokens:
        if token == "}":
            return
        if token in ("_", "^"):
            _raised(tokens, shift, token, upright=upright, into=into)
        elif token == "{":
            _mathematics(tokens, shift, upright=upright, into=into)
        elif token[1:] in _UPRIGHT and token[0] == "\\":
            upright_before, upright = upright, True
            if token[1:] != "rm":
                _atom(tokens, shift, upright=True, into=into)
                upright = upright_before
        elif not token.isspace():
            into.append(_sign(token, shift, upright=upright))


def _raised(tokens: Any, shift: str, mark: str, *, upright: bool, into: list[Piece]) -> None:
    """Append an index or exponent; a prime stands raised by itself."""
    inner: list[Piece] = []
    _atom(tokens, shift + mark, upright=upright, into=inner)
    into += [Piece(p.text, p.italic, shift) if mark == "^" and set(p.text) == {"′"} else p for p in inner]


def _atom(tokens: Any, shift: str, *, upright: bool, into: list[Piece]) -> None:
    """Append the next group or token."""
    for token in tokens:
        if token == "{":
            _mathematics(tokens, shift, upright=upright, into=into)
        elif token.isspace():
            continue
        elif token[1:] in _UPRIGHT:
            _atom(tokens, shift, upright=True, into=into)
        else:
            into.append(_sign(token, shift, upright=upright))
        return


def _sign(token: str, shift: str, *, upright: bool) -> Piece:
    name = token[1:] if token[0] == "\\" and len(token) > 1 else token
    if name in _SIGNS:
        return Piece(_SIGNS[name], shift=shift)
    if token[0] == "\\" and not name[0].isalpha():
        return Piece("\u2009" if name in ",; :" else name, shift=shift)
    letter = _letter(name) if token[0] == "\\" else name
    return Piece(letter, letter.isalpha() and not upright, shift)


def _letter(name: str) -> str:
    """Return a Greek letter by its name; another name as it is."""
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {'LAMDA' if name.lower() == 'lambda' else name.upper()}")
    except KeyError:
        return name


def _joined(found: list[Piece]) -> list[Piece]:
    """Neighbours of one style as one piece."""
    joined: list[Piece] = []
    for piece in found:
        if joined and joined[-1][1:] == piece[1:]:
            joined[-1] = Piece(joined[-1].text + piece.text, *piece[1:])
        elif piece.text:
            joined.append(piece)
    return joined
