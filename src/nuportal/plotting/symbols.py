"""Names of models and numbers as mathematical text for plots."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nuportal.models.family import named_families
from nuportal.units import format_energy

if TYPE_CHECKING:
    from nuportal.models.family import Family

_GREEK = {"mu": r"\mu", "tau": r"\tau", "e": "e"}

#: what can fill a plane
QUANTITIES = {"neff": r"$N_\mathrm{eff}$", "Y_p": r"$Y_\mathrm{p}$", "D_H": r"$\mathrm{D/H}$"}


def model(label: str) -> str:
    r"""Return a model's label as math text: "B3-3Lmu" -> $U(1)_{B_3-3L_\mu}$, "e=1,mu=-1" -> $X_e=1,X_\mu=-1$."""
    if "=" in label:
        terms = (term.split("=") for term in label.split(","))
        return "$" + r",\ ".join(f"X_{{{_GREEK.get(f, f)}}}={x}" for f, x in terms) + "$"
    if label in (named := named_families()):
        return label.replace("-", " ") if named[label].held else named[label].declared.title
    text = re.sub(r"L(mu|tau|e)", lambda m: f"L_{{{_GREEK[m.group(1)]}}}", label)
    text = re.sub(r"B([123])", r"B_{\1}", text).replace("-", "{-}")
    return rf"$U(1)_{{{text}}}$"


def described(members: "Family", values: Mapping[str, object]) -> str:
    """Return a family and some of its parameters (those at their defaults left out) as text for a title."""
    parts = [model(members.label)]
    for name, given in values.items():
        if name == "right_handed" and given == "light":
            parts.append(r"light $\nu_\mathrm{R}$")
        if name in members.choices or (given == members.defaults.get(name) and name != "epsilon"):
            continue
        parameter = members.parameter(name)
        if parameter.words:
            parts.append(mixing(given))
        elif parameter.is_mass:
            text = format_energy(float(given)) if given else "0"  # type: ignore[arg-type]
            parts.append(f"{parameter.symbol} $=$ {text}")
        else:
            parts.append(f"{parameter.symbol} $= {value(float(given))}$ {parameter.unit_text}".strip())  # type: ignore[arg-type]
    return ", ".join(parts)


def value(number: float) -> str:
    r"""Return a number as math text without dollar signs: 1e-7 -> "10^{-7}", 2.5e-6 -> "2.5 \times 10^{-6}"."""
    if number == 0 or 1e-3 <= abs(number) < 1e4:
        return f"{number:g}"
    mantissa, exponent = f"{number:.3e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    power = f"10^{{{int(exponent)}}}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa} \times {power}")


def mixing(epsilon: object) -> str:
    """Return a kinetic mixing as given: 0, a number, "-g/70" or "loop"."""
    if epsilon == "loop":
        return r"$\epsilon$ from one loop"
    if isinstance(epsilon, str):
        return rf"$\epsilon = {epsilon.replace('g', 'g_X')}$"
    return rf"$\epsilon = {value(float(epsilon))}$"  # type: ignore[arg-type]
