"""Plain symbols of the pages, such as T_gamma or N_eff, become typeset ones when the site is built.

The sources stay readable as text: `T_gamma/T_nu` there is $T_\\gamma$/$T_\\nu$ on the site. Code, headings, links and
equations are left alone.
"""

import re

_GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho"),
    *("sigma", "tau", "phi", "chi", "omega"),
    *("Gamma", "Delta", "Theta", "Lambda", "Sigma", "Pi", "Omega"),
)
_ARROWS = {"<->": "↔", "->": "→", "+-": "±", "-+": "∓", ">=": "≥", "<=": "≤"}

_NAME = "(?:" + "|".join([*_GREEK, "nubar", "[A-Za-z]"]) + ")"
_SUB = r"[A-Za-z0-9]+'?"
_POWER = r"\{[^{}$]*\}|-?\d+|-?(?:" + "|".join(_GREEK) + r")\b|[a-z]\b"
_SYMBOL = re.compile(
    r"(?<![A-Za-z_\\`$^.{])(?:"
    r"(?P<pair>(?:e|mu|l|nu nubar|nu_e nubar_e)\+ ?(?:e|mu|l)-(?!\w))|(?P<both>e\+-)|"
    r"(?P<bosons>Z'Z')|(?P<weak>sin\^2 theta_W)|"
    r"(?P<chiral>g[LR]|m4|[EfiSKp][0-4])(?P<square>\^2)?(?![a-z0-9_'])|"
    rf"(?P<name>{_NAME})(?:_(?P<sub>{_SUB})(?:_(?P<more>{_SUB}))?)?(?:\^(?P<power>{_POWER}))?(?P<prime>')?(?![\w(\[])"
    r")"
)
_ARROW = re.compile("(?<![-<+])(?:" + "|".join(map(re.escape, _ARROWS)) + ")(?![-+>])")
#: what is no prose: fences, indented blocks, headings, code, equations, targets of links, addresses, HTML
_KEEP = re.compile(
    "("
    + "|".join(
        (
            r"^```.*?\n```[ \t]*$",
            r"^(?:    |\t|#|:)[^\n]*$",
            r"\$\$.*?\$\$",
            r"`[^`\n]*`",
            r"\$[^$\n]*\$",
            r"\[[^]\n]*\]\([^)\n]*\)",
            r"https?://\S+",
            r"<[a-z/][^>\n]*>",
        )
    )
    + ")",
    re.MULTILINE | re.DOTALL,
)


def _letter(name: str) -> str:
    if name == "nubar":
        return r"\bar\nu"
    return "\\" + name if name in _GREEK else name


def _index(text: str) -> str:
    bare = text.rstrip("'")
    tail = "'" if text.endswith("'") else ""
    return (_letter(bare) if bare in _GREEK or len(bare) == 1 or bare.isdigit() else rf"\mathrm{{{bare}}}") + tail


def _typeset(found: re.Match) -> str:
    if found["both"]:
        return r"$e^\pm$"
    if found["bosons"]:
        return "$Z'Z'$"
    if found["weak"]:
        return r"$\sin^2\theta_W$"
    if found["pair"]:
        first, second = re.split(r"\+ ?", found["pair"].removesuffix("-"))
        return rf"${_letter(first)}^+ {_letter(second)}^-$"
    if found["chiral"]:
        letter, index = found["chiral"]
        return rf"${letter}_{index}{found['square'] or ''}$"
    name, sub, power = found["name"], found["sub"], found["power"]
    plain = name not in _GREEK and name != "nubar"
    if plain and not sub and not power and not (name == "Z" and found["prime"]):
        return found[0]
    text = _letter(name)
    if sub:
        text += "_{" + _index(sub) + (f"_{{{_index(found['more'])}}}" if found["more"] else "") + "}"
    if power:
        text += "^{" + re.sub(r"\b(" + "|".join(_GREEK) + r")\b", r"\\\1", power.strip("{}")) + "}"
    return f"${text}{found['prime'] or ''}$"


def typeset(text: str) -> str:
    """Return a page of Markdown with the symbols in its prose as LaTeX."""
    parts = _KEEP.split(text)
    for k in range(0, len(parts), 2):
        pieces = re.split(r"(\$[^$]*\$)", _SYMBOL.sub(_typeset, parts[k]).replace("$$", " "))
        pieces[::2] = [_ARROW.sub(lambda found: _ARROWS[found[0]], piece) for piece in pieces[::2]]
        parts[k] = "".join(pieces)
    return "".join(parts)
