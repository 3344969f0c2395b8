"""Results in Python: typed names, one-line repr and HTML, pickling, read-only contents, foreign quantities, axes."""

import json
import pickle
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import nuportal as nup
from nuportal.errors import UnitError

X, Y = "mass=8MeV:12MeV:3", "g=1e-7:1e-6:4"

MODELS = [
    nup.U1X("B-L", "10 MeV", 1e-7, "-g/70"),
    nup.U1X(charges={"e": "1/3", "mu": -1}, mass="123.456789012345 keV", g=1e-7),
    nup.U1X("Ltau-Lmu", 1, 1e-7, "loop"),
    nup.U1X("B-L", 1, 1e-7, "loop", cutoff="1 TeV"),
    nup.VectorMediator("1 keV", 1e-7, -1e-9, "mu"),
    nup.ScalarMediator("1 keV", 1e-7),
    nup.HiddenNeutrino("1 keV", 0.1, 1e-3, 1e-5),
    nup.DipolePortal("1 keV", "1e-9 mu_B"),
]

#: one of every kind of object that a public name makes
RESULTS = {
    "fit": cache(lambda: nup.fit("B-L", "xenonnt", mass="10 keV")),
    "several": cache(lambda: nup.fit("B-L", "lz", parameters=["mass=1keV:100keV:4", "g=1e-8:1e-6:10"])),
    "expected": cache(lambda: RESULTS["fit"]().expected_limit()),
    "spectrum": cache(lambda: nup.recoil_spectrum(nup.U1X("B-L", "10 keV", 1e-7), "lz")),
    "nuclear spectrum": cache(lambda: nup.recoil_spectrum(nup.U1X("B-L", "10 MeV", 1e-5), "coherent_csi")),
    "plane": cache(lambda: nup.plane("B-L", X, Y, treatment="temperatures")),
    "exclusions": cache(lambda: nup.plane("B-L", X, Y, ["texono", "e137"])),
    "evaluation": cache(lambda: nup.evaluate(nup.U1X("B-L", "10 MeV", 1e-6), ["texono", "e137"])),
    "verdict": cache(lambda: RESULTS["evaluation"]()["texono"]),
    "limit": cache(lambda: nup.limit("texono")),
    "recast": cache(lambda: nup.limit("e137")),
    "ray": cache(lambda: nup.ray("B-L", mass=1.0)),
    "outcome": cache(lambda: nup.limit("texono").excluded(RESULTS["ray"]())),
    "history": cache(lambda: nup.evolve(nup.U1X("B-L", "10 MeV", 1e-7))),
    "temperatures": cache(lambda: nup.evolve(nup.U1X("B-L", "10 MeV", 1e-7), treatment="temperatures")),
    "spectra": cache(lambda: RESULTS["history"]().spectra),
    "yields": cache(lambda: RESULTS["history"]().yields()),
    "regimes": cache(nup.regimes),
    "couplings": cache(lambda: nup.U1X("B-L", "10 MeV", 1e-7).couplings),
}


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_models_copy_change_and_print(model):
    """repr is the call that makes the model; replace changes one argument; a pickle is the same model."""
    assert eval(repr(model), {type(model).__name__: type(model)}) == model
    assert len(repr(model)) < 120
    assert pickle.loads(pickle.dumps(model)) == model
    heavier = replace(model, mass="2 MeV")
    assert heavier.mass == 2.0
    assert {k: v for k, v in heavier.describe().items() if k != "mass_MeV"} == {
        k: v for k, v in model.describe().items() if k != "mass_MeV"
    }


@pytest.mark.parametrize("name", list(RESULTS))
def test_results_print_briefly_and_pickle(name):
    """repr is short, a notebook shows HTML without markup from names, and a pickle is the same thing."""
    result = RESULTS[name]()
    assert len(repr(result)) < 900
    assert repr(result).count("\n") < 10
    assert " at 0x" not in repr(result)
    copy = pickle.loads(pickle.dumps(result))
    assert type(copy) is type(result)
    assert repr(copy) == repr(result)
    assert result._repr_html_().startswith("<")
    assert result._repr_html_() == copy._repr_html_()


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_models_are_shown_as_a_table(model):
    shown = model._repr_html_()
    assert "<th>mass</th>" in shown
    assert type(model).__name__ in shown


def writable(thing, path, seen, depth=0):
    """Paths of arrays that can be written, and of plain dictionaries that are kept, in what a result holds."""
    if any(thing is other for other in seen) or depth > 4:
        return
    seen.append(thing)
    if isinstance(thing, np.ndarray):
        if thing.flags.writeable:
            yield path
    elif isinstance(thing, dict):
        if type(thing) is dict:
            yield f"{path} (dict)"
        for key, inner in thing.items():
            yield from writable(inner, f"{path}[{key!r}]", seen, depth + 1)
    elif isinstance(thing, tuple):
        for k, inner in enumerate(thing):
            yield from writable(inner, f"{path}[{k}]", seen, depth + 1)
    elif is_dataclass(thing) and type(thing).__module__.startswith("nuportal"):
        for each in fields(thing):
            if each.repr or each.init:
                yield from writable(getattr(thing, each.name), f"{path}.{each.name}", seen, depth + 1)


@pytest.mark.parametrize("name", [*RESULTS, "models"])
def test_nothing_in_a_result_can_be_written(name):
    """Every array in the fields of every result is read-only, every mapping frozen (a ray keeps what limits share)."""
    thing = tuple(MODELS) if name == "models" else RESULTS[name]()
    assert [place for place in writable(thing, name, []) if ".shared" not in place] == []


@pytest.mark.parametrize(
    ("name", "arrays"),
    [
        ("plane", ("x", "y", "values", "theory_error", "numerical_error")),
        ("exclusions", ("x", "y")),
        ("spectrum", ("excess", "counts", "background", "edges")),
        ("history", ("a", "t", "t_nu", "rho_nu", "hubble")),
        ("yields", ("covariance", "theory_error", "by_omega_b")),
        ("several", ("statistic",)),
    ],
)
def test_arrays_cannot_be_written(name, arrays):
    for each in arrays:
        with pytest.raises(ValueError, match="read-only"):
            getattr(RESULTS[name](), each).flat[0] = 1.0


def test_contents_cannot_be_changed():
    plane, fit = RESULTS["plane"](), RESULTS["fit"]()
    for array in fit.profile:
        with pytest.raises(ValueError, match="read-only"):
            array.flat[0] = 1.0
    kept = (plane.layers, plane.spec.fixed, fit.options, RESULTS["exclusions"]().tracks)
    for mapping in (nup.U1X("B-L", 1, 1e-7).charges, *kept):
        with pytest.raises(TypeError, match="cannot be changed"):
            mapping["e"] = 3  # type: ignore[index]
        with pytest.raises(TypeError, match="cannot be changed"):
            mapping.update(e=3)  # type: ignore[union-attr]


def test_reversed_names_turn_the_charges():
    """L_tau-L_mu is L_mu-L_tau with the sign turned: opposite couplings, and the loop mixes with the other sign."""
    one, other = (nup.U1X(name, 20.0, 1e-4, "loop") for name in ("L_tau-L_mu", "Lmu-Ltau"))
    assert one.name == "Ltau-Lmu"
    assert one.couplings.c_mu == pytest.approx(-other.couplings.c_mu, rel=1e-12)
    assert one.mixing == -other.mixing
    assert nup.U1X("3Ltau-B", 20.0, 1e-4).couplings.c_nu == (0.0, 0.0, pytest.approx(3e-4))


def test_quantities_of_other_packages():
    pint = pytest.importorskip("pint")
    units = pytest.importorskip("astropy.units")
    registry = pint.UnitRegistry()
    for ten_kev in (10 * registry.keV, 10 * units.keV, 0.01 * units.MeV):
        assert nup.U1X("B-L", ten_kev, 1e-7).mass == pytest.approx(0.01, rel=1e-12)
    assert nup.fit("B-L", "lz", mass=10 * units.keV).family.fixed["mass"] == pytest.approx(0.01)
    moment = nup.DipolePortal(1.0, 1e-9 * registry.bohr_magneton)
    assert moment.d == pytest.approx(nup.DipolePortal(1.0, "1e-9 mu_B").d, rel=1e-6)
    with pytest.raises(UnitError, match="another unit"):
        nup.U1X("B-L", 3 * units.m, 1e-7)
    with pytest.raises(UnitError, match="another unit"):
        nup.U1X("B-L", 3 * registry.second, 1e-7)


def test_quantities_where_numbers_are_taken():
    """Arrays of masses, edges, windows, widths, exposure and flux, in units that are not nuportal's own."""
    pint = pytest.importorskip("pint")
    units = pytest.importorskip("astropy.units")
    registry = pint.UnitRegistry()
    g = np.array([1e-8, 1e-7])
    expected = nup.neff_grid("B-L", np.array([9.0, 10.0]), g)
    for kev in (units.keV, registry.keV):
        masses = np.array([9e3, 1e4]) * kev
        assert nup.neff_grid("B-L", masses, g) == pytest.approx(expected, rel=1e-12)
        found = nup.fit("B-L", "lz", mass=10 * kev, window=(1 * kev, 10 * kev), bin_width=2 * kev)
        assert found.best == nup.fit("B-L", "lz", mass="10 keV", window=(1.0, 10.0), bin_width=2.0).best
        assert nup.Couplings(10 * kev, c_e=1e-5).mass == pytest.approx(0.01)
    plain = nup.recoil_spectrum(
        None, "argon", edges=[1, 2], source="reactor", source_flux=1e13, exposure="1000 kg d"
    ).sm
    for unit, day in ((units, units.day), (registry, registry.day)):
        flux = 1e13 / unit.cm**2 / unit.s
        chosen = {"edges": np.array([1e-3, 2e-3]) * unit.MeV, "source_flux": flux, "exposure": 1000 * unit.kg * day}
        assert nup.recoil_spectrum(None, "argon", source="reactor", **chosen).sm == pytest.approx(plain, rel=1e-9)
    with pytest.raises(UnitError, match="another unit"):
        nup.neff_grid("B-L", np.array([9.0, 10.0]) * units.m, g)


def test_plots_into_given_axes():
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 5))
    left, right, third, fourth = figure.subplots(1, 4)
    assert RESULTS["spectrum"]().plot(ax=left) is left.figure
    RESULTS["fit"]().plot(ax=right)
    assert RESULTS["plane"]().plot(ax=third) is figure
    assert RESULTS["exclusions"]().plot(ax=fourth) is figure
    assert third.collections or third.patches
    assert fourth.lines or fourth.collections or fourth.patches
    assert left.lines
    assert right.lines


def test_custom_charges_fit_and_recoil():
    """fit of a mapping of charges is that of the model with these charges."""
    charges = {"e": -1, "mu": -1, "tau": -1, "u": "1/3", "d": "1/3", "c": "1/3", "s": "1/3", "t": "1/3", "b": "1/3"}
    mine = nup.fit(charges, "lz", mass="10 keV").upper_limit()
    assert mine == pytest.approx(nup.fit("B-L", "lz", mass="10 keV").upper_limit(), rel=1e-9)
    model = nup.U1X("B-L", "10 keV", 3e-8)
    assert nup.fit(model, "lz").upper_limit() == pytest.approx(mine, rel=1e-9)


def test_public_names_have_types(tmp_path):
    """A type checker sees the functions and classes, not Any."""
    source = tmp_path / "typed.py"
    source.write_text(
        "import nuportal as nup\n"
        "model = nup.U1X('B-L', mass='10 MeV', g=1e-6)\n"
        "reveal_type(model)\n"
        "reveal_type(nup.evaluate(model))\n"
        "reveal_type(nup.loglike(model))\n"
        "reveal_type(nup.fit('B-L', 'lz', mass=1.0).interval())\n"
        "reveal_type(nup.recoil_spectrum(model, 'lz').signal)\n"
        "nup.DipolePortal(m4='640 keV', d='1e-9 mu_B')\n"
        "nup.loglike(3, constraints=4.5)\n"
    )
    package = Path(nup.__file__).parents[1]
    (tmp_path / "pyrightconfig.json").write_text(json.dumps({"extraPaths": [str(package)]}))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(tmp_path)]
    pytest.importorskip("pyright")
    done = json.loads(subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False).stdout)
    said = [d["message"] for d in done["generalDiagnostics"]]
    shown = [text for text in said if text.startswith("Type of")]
    assert len(shown) == 5
    for text, kind in zip(shown, ("U1X", "Evaluation", "float", "tuple[float, float]", "ndarray"), strict=True):
        assert kind in text
    errors = [d for d in done["generalDiagnostics"] if d["severity"] == "error"]
    assert len(errors) == 1
    assert errors[0]["range"]["start"]["line"] == 8


def test_numbers_of_numpy_are_numbers():
    assert nup.U1X("B-L", np.float32(10), np.float64(1e-7)).mass == 10.0


def test_what_there_is_can_be_searched():
    assert {"B-L", "vector", "dark-photon"} <= set(nup.models())
    assert "dipole" in nup.models("neutrino portal")
    assert nup.experiments("xenonnt sr0") == ["xenonnt_sr0"]
    assert {"g2-muon"} <= set(nup.limits("muon magnetic")) < set(nup.limits("precision"))
    assert len(nup.limits()) > 70
    with pytest.raises(nup.NuportalError, match="not a text"):
        nup.limits(3)  # type: ignore[arg-type]
