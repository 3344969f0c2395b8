"""Write the reference values that tests need into tests/data, from the folder of shared material beside the checkout.

    python scripts/make_test_references.py ../shared

A clone checks itself with what this writes: small tables in a format of our own, each with a header that says what it
holds and where it comes from. Tests that compare with the full tables use the folder itself where it is at hand.
"""

import csv
import json
import sys
import tomllib
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"
MADE = "Made by scripts/make_test_references.py."


def write(name: str, header: str, columns: list[str], rows: list) -> None:
    """Write a table: header as comments, column names, rows."""
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {line}\n" for line in [*header.splitlines(), MADE])
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([f"{v:.8g}" if isinstance(v, float) else v for v in row] for row in rows)


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table with # comments and a line of names."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def cosmology(shared: Path) -> None:
    """Free streaming, suppression of weak rates, nuclei and reactions."""
    free = [
        (float(r["mass_eV"]), float(r["lambda_F"])) for r in rows_of(shared / "facts/cmb_freestreaming_estimate.csv")
    ]
    write(
        "free_streaming_estimate.csv",
        "Coupling of a Majoron at which neutrinos just stream freely between z = 2e3 and 1e5, against its mass.\n"
        "Our own estimate with the transport rate of arXiv:2305.01692, not a published contour.",
        ["mass_eV", "coupling"],
        free,
    )
    names = [f"{flavour}_{process}" for flavour in ("nue", "numu") for process in ("ann", "scatt")]
    tables = [np.loadtxt(shared / "reference/nudec_me_suppression" / f"{name}.dat") for name in names]
    kept = (tables[0][:, 0] > 0.021) & (tables[0][:, 0] < 9.9)
    write(
        "nudec_suppression.csv",
        "Suppression of the energy transfer between neutrinos and e+- by the electron mass against T_gamma (MeV), for\n"
        "annihilation and scattering of nu_e and nu_mu: tables published with NUDEC_BSM (arXiv:2001.04466), every\n"
        "second point between 0.021 and 9.9 MeV.",
        ["t_gamma_MeV", *names],
        np.column_stack([tables[0][:, 0], *(t[:, 1] for t in tables)])[kept][::2].tolist(),
    )
    columns = ["reaction", "alpha", "beta", "gamma", "Q_MeV"]
    write(
        "bbn_reactions.csv",
        "Reverse rates alpha T9^beta exp(gamma/T9) times the forward one, and Q, of the twelve reactions of deuterium\n"
        "to lithium, as in LINX (arXiv:2408.14538) and PRIMAT.",
        columns,
        [[r[c] for c in columns] for r in rows_of(shared / "facts/bbn/reactions.csv")],
    )
    columns = ["name", "N", "Z", "spin", "mass_excess_keV"]
    write(
        "bbn_nuclei.csv",
        "Numbers of neutrons and protons, spins and mass excesses of the nuclei up to 7Be (NUBASE2020, AME2020).",
        columns,
        [[r[c] for c in columns] for r in rows_of(shared / "facts/bbn/nuclei.csv")],
    )


def recoils(shared: Path) -> None:
    """Solar spectra, shells of xenon, XENONnT in fine bins, published and computed lines."""
    spectra = []
    for component in ("pp", "8B", "hep", "13N", "15O", "17F"):
        energy, shape = np.loadtxt(shared / f"facts/solar_spec_{component}.csv", delimiter=",", unpack=True)
        shape = shape / np.trapezoid(shape, energy / 1e3)
        step = max(1, len(energy) // 40)
        spectra += [(component, float(e), float(s)) for e, s in zip(energy[::step], shape[::step], strict=True)]
    write(
        "solar_spectra_sample.csv",
        "Spectra of solar neutrinos per MeV, normalised to 1: about forty points of each table of J. N. Bahcall\n"
        "(pp: Bahcall and Ulrich 1988; 8B: Bahcall et al. 1996).",
        ["component", "energy_keV", "per_MeV"],
        spectra,
    )
    occupancy, binding = np.loadtxt(shared / "facts/xenon_shells.csv", delimiter=",", usecols=(1, 2)).T
    write(
        "xenon_shells.csv",
        "Electrons and binding energies in eV of the shells of xenon: X-Ray Data Booklet, Table 1-1.",
        ["electrons", "binding_eV"],
        list(zip(occupancy.astype(int).tolist(), binding.tolist(), strict=True)),
    )
    events = np.loadtxt(shared / "facts/xenonnt_sr0_events.csv")
    background = np.loadtxt(shared / "facts/xenonnt_sr0_background_B0.csv", delimiter=",")[10:300, 1]
    edges = np.linspace(1, 30, 291)
    counts = np.histogram(events, edges)[0].tolist()
    write(
        "xenonnt_fine_bins.csv",
        "XENONnT SR0: events between 1 and 30 keV in bins of 0.1 keV, and the fitted background per t y keV, from the\n"
        "data released with Phys. Rev. Lett. 129, 161805.",
        ["low_keV", "counts", "background"],
        [(round(float(low), 1), n, float(b)) for low, n, b in zip(edges, counts, background, strict=False)],
    )
    bauer = [
        (r["set"], 1e3 * float(r["mass_GeV"]), float(r["g_BL"]))
        for r in rows_of(shared / "facts/enues_bauer2018_BL_targets.csv")
    ]
    write(
        "bauer2018_fig13.csv",
        "B-L limits from neutrino-electron scattering, points of arXiv:1803.05466 Fig. 13 as tabulated in DarkCast.",
        ["experiment", "mass_MeV", "g"],
        bauer,
    )
    trident = rows_of(shared / "facts/trident_coeffs.csv")
    write(
        "trident_prototype.csv",
        "Tridents with a vector boson over the Standard Model, 1 + A x + B x^2, x = Q_nu Q_mu g^2: coefficients of\n"
        "an independent calculation in the equivalent-photon approximation (1 % statistics), boson mass in MeV.",
        ["mass_MeV", "A_ccfr", "B_ccfr", "A_charm_ii", "B_charm_ii"],
        [
            [1e3 * float(r["M_GeV"]), *(float(r[c]) for c in ("A_ccfr", "B_ccfr", "A_charm2", "B_charm2"))]
            for r in trident
        ],
    )


def measured(shared: Path) -> None:
    """Measurements of N_eff and of light elements, as a second transcription."""
    fields = ("value", "plus", "minus", "upper", "low", "high", "cl", "sigma", "mean", "cov")
    parts = {"neff": "neff_observations.toml", "light_elements": "bbn/observations.toml"}
    parts |= {"joint": "update/bbn_cmb_likelihood.toml"}
    text = "# Measurements transcribed from the papers independently of the tables in the package, to check those.\n"
    text += f"# {MADE} The references are in src/nuportal/observations and planes.\n"
    text += "# The means of [joint] are from memory and unverified; the covariances are sub-blocks of Planck's files.\n"
    for part, name in parts.items():
        content = tomllib.loads((shared / "facts" / name).read_text(encoding="utf-8"))
        for key, row in content.items():
            if isinstance(row, dict) and (kept := {f: row[f] for f in fields if f in row}):
                text += f"\n[{part}.{key}]\n" + "".join(f"{f} = {json.dumps(v)}\n" for f, v in kept.items())
    (DATA / "measurements.toml").write_text(text, encoding="utf-8")


def prototypes(shared: Path) -> None:
    """Values of independent prototypes."""
    for name in ("recoil", "freeze_in", "thermal_decoupling"):
        content = json.loads((shared / "reference" / f"{name}.json").read_text(encoding="utf-8"))
        content["about"] += f" {MADE}"
        lines = (
            json.dumps(content, indent=None, separators=(", ", ": "))
            .replace("}, {", "},\n  {")
            .replace('], "', '],\n "')
        )
        (DATA / f"reference_{name}.json").write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    for part in (cosmology, recoils, measured, prototypes):
        part(Path(sys.argv[1]))
