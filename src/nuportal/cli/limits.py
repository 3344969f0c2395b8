"""`nuportal limits`: every constraint with observable, method, validity, accuracy and source; or what it excludes."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

import nuportal
from nuportal.cli import completion
from nuportal.cli.groups import grouped
from nuportal.cli.lists import items
from nuportal.cli.model_options import ModelOptions, is_model
from nuportal.cli.outputs import JsonOption, OutputOption, accepted, write
from nuportal.errors import ParameterError, UnknownNameError, unknown_name
from nuportal.references import bibtex

if TYPE_CHECKING:
    from nuportal.limits.base import Limit
    from nuportal.limits.ray import Ray

app = typer.Typer(add_completion=False)


@app.command()
@grouped
def limits(
    given: ModelOptions,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="A model first, then constraints, groups, layers or folders.",
            autocompletion=completion.models_and_constraints,
        ),
    ] = None,
    constraints: Annotated[
        list[str] | None,
        typer.Option(help="The same as naming them after the model.", autocompletion=completion.constraints),
    ] = None,
    coupling: Annotated[str | None, typer.Option(help="Coupling that varies, such as g=1e-12:1e-2.")] = None,
    search: Annotated[str | None, typer.Option(help="Those that have these words in what is said of them.")] = None,
    cite: Annotated[bool, typer.Option("--bibtex", help="Print the BibTeX of the constraints.")] = False,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the constraints, or what they exclude: `nuportal limits B-L --mass 10MeV`, `nuportal limits astrophysics`.

    Of a model with a mass: the excluded couplings, strongest constraint first; projections and bands apart. Of a model
    without: the constraints that there are on it.
    """
    from nuportal.limits.registry import layers
    from nuportal.limits.registry import limits as chosen_limits

    paths = accepted(output, (".json",))
    model, wanted = _split(items(names, "constraint"))
    wanted += items(constraints, "constraint")
    of_model = model is not None or given.charges is not None
    if not of_model and (given.values or coupling):
        raise ParameterError("give a model first, such as B-L, or --charges, with a mass or coupling")
    chosen = chosen_limits(wanted or (["all"] if of_model else ["all", *layers()]))
    if search is not None:
        found = nuportal.limits(search)
        chosen = tuple(c for c in chosen if c.about.name in found)
        if not chosen:
            raise UnknownNameError(f"no constraint has '{search}' in its name, group or what it observes")
    asked = of_model and not _massless(given, model, coupling)
    if of_model and not asked:
        chosen = tuple(c for c in chosen if given.members(model).declared.interaction in c.about.families)
    if cite:
        print(bibtex(key for c in chosen for key in c.about.references))
        return
    rows = [_about(c) for c in chosen]
    along = _ray(given, model, coupling) if asked else None
    if along is not None:
        rows = _sorted([row | _outcome(limit, along) for row, limit in zip(rows, chosen, strict=True)])
    write(paths, rows)
    if as_json:
        print(json.dumps(rows, indent=1))
    elif along is not None:
        from nuportal.cli.limits_table import show

        show(rows, along)
    else:
        _list(rows)
        if of_model:
            print(f"What they exclude: nuportal limits {model or '--charges ...'} --mass 10MeV")


def _massless(given: ModelOptions, model: str | None, coupling: str | None) -> bool:
    """Whether a model is named without the mass that it needs, nor anything else."""
    members = given.members(model)
    mass = members.declared.parameters[0].name
    return not given.values and coupling is None and mass not in members.defaults


def _split(texts: list[str]) -> tuple[str | None, list[str]]:
    """The model, if the first entry is one, and the constraints. Raises UnknownNameError."""
    from nuportal.limits.registry import groups, layers, names
    from nuportal.models import catalog
    from nuportal.models.family import named_families

    known = {*names(), *layers(), *groups(), "all"}
    model = None
    if texts and texts[0].casefold() not in known and is_model(texts[0]):
        model, texts = texts[0], texts[1:]
    for text in texts:
        folded = text.casefold().replace("_", "-")
        if "/" not in text and folded not in known and folded.replace("-", " ") not in known:
            raise unknown_name("model or constraint", text, (*known, *catalog(), *named_families()))
    return model, texts


def _about(limit: "Limit") -> dict[str, object]:
    about = limit.about
    return {**about.model_dump(mode="json"), "validity_MeV": list(about.validity), "label": about.plain_label}


def _ray(given: ModelOptions, model: str | None, coupling: str | None) -> "Ray":
    from nuportal.planes.tracks import ray

    members = given.members(model)
    fixed = given.fixed(members)
    if coupling is None and not members.missing(fixed):
        try:
            return ray(members, None, **fixed)
        except ParameterError:
            raise ParameterError(
                f"no coupling of {members.label} is left to vary: leave one out, or ask nuportal evaluate of this point"
            ) from None
    return ray(members, coupling, **fixed)


def _outcome(limit: "Limit", along: "Ray") -> dict[str, object]:
    found = limit.excluded(along)
    excluded = [
        {
            "low": low,
            "high": high,
            "open_below": low <= along.low * (1 + 1e-9),
            "open_above": high >= along.high * (1 - 1e-9),
        }
        for low, high in found.excluded
    ]
    return {
        "status_here": found.status,
        "parameter": along.parameter,
        "excluded": excluded,
        "failed": [list(e) for e in found.failed],
        "reason": found.reason,
    }


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Strongest first: the smallest excluded coupling; then those that exclude nothing, then the rest."""
    order = {"exclusion": 0, "band": 2, "projection": 1, "boundary": 3}

    def place(row: dict[str, Any]) -> tuple[Any, ...]:
        silent = row["status_here"] in ("not applicable", "out of range")
        reach = min((part["low"] for part in row["excluded"]), default=float("inf"))
        return silent, order[row["kind"]], reach, row["name"]

    return sorted(rows, key=place)


def _list(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console

    from nuportal.cli.limits_table import confidence

    console = Console(soft_wrap=True)
    for row in rows:
        low, high = row["validity_MeV"]
        layer = "" if row["layer"] == "default" else f" [only when asked for: {row['layer']}]"
        console.print(f"[bold]{row['name']}[/bold]: {row['observable']}{layer}", highlight=False)
        facts = [row["group"], row["kind"], row["method"], f"CL {confidence(row)}", f"{low:g} to {high:g} MeV"]
        facts += [f"accuracy {100 * row['accuracy']:.0f} %", row["status"], " ".join(row["references"])]
        console.print("    " + ", ".join(facts), highlight=False)
    console.print(f"{len(rows)} constraints; `nuportal limits NAME --bibtex` prints the sources.", highlight=False)
