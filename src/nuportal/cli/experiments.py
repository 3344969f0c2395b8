"""`nuportal experiments`: the measurements that recoils are compared with."""

import json
from typing import Annotated, Any

import typer

import nuportal
from nuportal.cli.outputs import JsonOption
from nuportal.errors import unknown_name

app = typer.Typer(add_completion=False)


@app.command()
def experiments(
    search: Annotated[str | None, typer.Argument(help="A name, or words such as germanium.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the experiments of `recoil` and `fit`: short name, target, exposure, data, what is unverified."""
    from nuportal.experiments.measurement import experiment, names, short_names

    short = {name: word for word, name in short_names().items()}
    found = nuportal.experiments(search or "")
    if not found:
        raise unknown_name("experiment", str(search), (*short_names(), *names()))
    rows: list[dict[str, Any]] = []
    for name in found:
        measured = experiment(name)
        exposure = getattr(measured.spec, "exposure", None)
        rows.append(
            {
                "name": short.get(name, name),
                "folder": name,
                "title": measured.name,
                "kind": measured.kind,
                "target": measured.spec.target,
                "recoil": "nuclear" if measured.kind == "nuclear" else "electron",
                "source": getattr(measured.spec, "source", "solar"),
                "exposure": f"{exposure.value:g} {exposure.unit}" if exposure is not None else None,
                "low_keV": float(measured.low[0]),
                "high_keV": float(measured.high[-1]),
                "bins": len(measured.counts),
                "references": measured.references,
                "unverified": measured.unverified(),
            }
        )
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False)
    for row in rows:
        data = {"counts": f"{row['bins']} bins of counts", "rates": f"{row['bins']} rates", "nuclear": "one count"}
        window = f"{row['low_keV']:g} to {row['high_keV']:g} keV"
        seen = [f"{row['recoil']} recoils, {row['source']} neutrinos on {row['target']}", data[row["kind"]], window]
        seen += [row["exposure"]] if row["exposure"] else []
        console.print(f"[bold]{row['name']}[/bold]: {row['title']}", f"({row['folder']})")
        console.print(f"    {', '.join(seen)}; unverified: {', '.join(row['unverified']) or 'nothing'}")
    console.print("Without data: `nuportal recoil --experiment` takes a target too, with --recoil and --source.")
    console.print("A folder of your own: --experiment path/to/folder (measurement.toml, tables, refs.bib).")
