"""Answers to a first guess at a command: the option or place that was meant, in one line."""

import re
from difflib import get_close_matches
from typing import Any

from nuportal.errors import NuportalError

#: options that one may expect, with those of nuportal that are meant; the first that the command has is proposed
_MEANT = {
    "mass": "m mx mzp m-x m-zp mz mzprime mass-mev m-mev zmass mphi m-phi mn",
    "m4": "m-4 mn4 mnh",
    "g": "gx g-x gbl g-bl gprime gz gzp coupling g-prime",
    "epsilon": "eps kinetic-mixing kappa",
    "d": "mu mu-nu munu moment magnetic-moment dipole dmu",
    "constraints": "constraint limits limit observables",
    "experiment": "exp experiments detector target",
    "output": "out outfile file picture png",
    "points": "n npoints n-points resolution grid bins",
    "workers": "cores threads jobs n-jobs j",
    "cl": "confidence confidence-level level",
    "parameter": "param vary parameters free",
    "omega-b": "eta baryons omegab",
    "flavours": "flavors",
    "flavour": "flavor",
    "json": "format as-json",
    "charges": "charge x q",
}


def explained(command: str, options: Any, error: Exception) -> str | None:
    """Return what to write instead of an option or argument that the command does not take; None for other errors.

    options: the parameters of the command, as the argument parser holds them.
    """
    unknown = getattr(error, "option_name", None)
    if isinstance(unknown, str) and hasattr(error, "possibilities"):
        return _option(command, unknown, options)
    extra = re.search(r"unexpected extra argument.* \((.+)\)$", str(getattr(error, "message", "")))
    return _argument(command, extra.group(1).split()[0], options) if extra else None


def _option(command: str, unknown: str, options: Any) -> str:
    known = {flag.lstrip("-"): flag for p in options for flag in p.opts if flag.startswith("-")}
    word = unknown.lstrip("-").casefold().replace("_", "-")
    if word == "model" and not any(p.name == "what" for p in options):
        return f"there is no option --model: the model comes first, as in nuportal {command} B-L"
    meant = [option for option, words in _MEANT.items() if word == option or word in words.split()]
    meant += [flag for flag in known if len(word) > 1 and flag.startswith(word)]
    meant += get_close_matches(word, known, n=1, cutoff=0.7)
    for option in meant:
        if option in known:
            return f"{command} has no option {unknown}; did you mean {known[option]}?"
    return f"{command} has no option {unknown}; nuportal {command} --help lists what it has"


def _argument(command: str, word: str, options: Any) -> str:
    flags = {p.name for p in options}
    if "experiment" in flags and is_experiment(word):
        return f"'{word}' stands without its name: experiments are given as --experiment {word}"
    if "model" in flags and is_model_name(word):
        return f"'{word}' is not the first argument: the model comes first, as in nuportal {command} {word}"
    if "constraints" in flags and is_constraint(word):
        return f"'{word}' stands without its name: constraints are given as --constraints {word}"
    if "mass" in flags and word[:1].isdigit():
        return f"'{word}' stands without its name: values are given as --mass 10MeV --g 1e-7"
    return f"{command} takes no argument '{word}'; nuportal {command} --help says what it takes"


def no_model(text: str) -> str | None:
    """Return what a text in the place of a model is instead; None if it is nothing that is known."""
    if is_experiment(text):
        return f"'{text}' is an experiment: name the model first, as in nuportal fit B-L --experiment {text}"
    if is_constraint(text):
        return f"'{text}' is a constraint: name the model first, as in nuportal evaluate B-L --constraints {text}"
    return None


def is_experiment(text: str) -> bool:
    """Return whether a text is the name of an experiment."""
    from nuportal.experiments.measurement import names, short_names

    return text.casefold().replace("-", "_") in {*names(), *short_names()}


def is_constraint(text: str) -> bool:
    """Return whether a text is the name of a constraint, a layer or a group."""
    from nuportal.limits.registry import groups, layers, names

    folded = text.casefold().replace("_", "-")
    return folded in {*names(), *layers()} or folded.replace("-", " ") in groups()


def is_model_name(text: str) -> bool:
    """Return whether a text is the name of a model."""
    from nuportal.models.family import family

    try:
        family(text)
    except NuportalError:
        return False
    return True
