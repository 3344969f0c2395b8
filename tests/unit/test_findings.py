"""What a check of version 0.1.0 found at the front door (F20 to F24, F33), and the tests that hold each item."""

import ast
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import nuportal as nup
from nuportal.cli.app import main
from nuportal.models.family import family
from nuportal.planes.build import combined

TESTS = Path(__file__).resolve().parents[1]
CLI, UNIT, PHYSICS = "cli/test_{}.py", "unit/test_{}.py", "physics/test_{}.py"

#: finding -> file and test
HELD_BY = {
    "F20 a repeated --constraints": (CLI, "front_door", "test_lists_by_comma_and_by_repetition"),
    "F20 plane scalar, plane vector": (UNIT, "findings", "test_planes_of_mediators_are_of_neff"),
    "F20 --charges e=1,e=2": (CLI, "malformed", "test_one_line_and_exit_2"),
    "F20 --cutoff outside loop mixing": (CLI, "malformed", "test_one_line_and_exit_2"),
    "F20 -o with ~": (CLI, "front_door", "test_every_ending_in_one_run"),
    "F20 --x mass=1:10:5:5": (CLI, "malformed", "test_one_line_and_exit_2"),
    "F20 Ltau-Lmu": (CLI, "front_door", "test_reversed_names_are_understood"),
    "F21 the model comes first": (CLI, "front_door", "test_model_first_in_every_command"),
    "F21 one mass, m4 an alias": (UNIT, "findings", "test_the_mass_of_a_dipole_has_one_name_and_an_alias"),
    "F21 lists": (CLI, "front_door", "test_lists_by_comma_and_by_repetition"),
    "F21 outputs": (CLI, "guesses", "test_history_in_every_ending"),
    "F21 short names, list of experiments": (CLI, "front_door", "test_experiments_have_short_names"),
    "F21 groups": (CLI, "limits", "test_a_group_and_a_point_sorted_by_strength"),
    "F22 strongest first, kinds apart, open ends": (CLI, "limits", "test_a_group_and_a_point_sorted_by_strength"),
    "F22 options that it has": (UNIT, "findings", "test_limits_ask_for_options_that_there_are"),
    "F22 is this point excluded": (UNIT, "portal_in_one_file", "test_the_example_of_the_documentation_works"),
    "F23 types": (UNIT, "python_objects", "test_public_names_have_types"),
    "F23 repr, HTML, pickles": (UNIT, "python_objects", "test_results_print_briefly_and_pickle"),
    "F23 arrays and mappings": (UNIT, "python_objects", "test_nothing_in_a_result_can_be_written"),
    "F23 replace": (UNIT, "python_objects", "test_models_copy_change_and_print"),
    "F23 fit of charges": (UNIT, "python_objects", "test_custom_charges_fit_and_recoil"),
    "F23 pint and astropy": (UNIT, "python_objects", "test_quantities_where_numbers_are_taken"),
    "F23 ax=": (UNIT, "python_objects", "test_plots_into_given_axes"),
    "F23 malformed calls": (UNIT, "malformed_calls", "test_typed_error_with_one_line"),
    "F24 cite of a corrupt file": (CLI, "cite", "test_bad_files_are_one_line_and_exit_2"),
    "F24 --seed -1, -o of 300 characters": (CLI, "malformed", "test_one_line_and_exit_2"),
    "F24 a limit whose code fails, wrong shapes": (UNIT, "own_folders", "test_code_that_fails_is_a_failed_constraint"),
    "F24 bins in eV, counts of 1e300": (UNIT, "own_folders", "test_experiments_in_other_units_are_noticed"),
    "F24 built-in name, reference without entry": (UNIT, "own_folders", "test_folders_that_cannot_be_read"),
    "F24 a plane with ./mine": (UNIT, "own_folders", "test_a_plane_with_a_limit_beside_it_is_read_back"),
    "F33 a refined run that fails": (PHYSICS, "fluid", "test_a_refined_grid_that_fails"),
    "F33 cite of a user's refs.bib": (CLI, "cite", "test_entries_of_a_users_folder_travel_with_the_result"),
    "F33 planes over epsilon": (UNIT, "findings", "test_planes_over_mixing_are_the_points"),
    "F33 toys of several experiments": (PHYSICS, "expected_limits", "test_toys_of_several_experiments"),
    "F33 decays=quantum": (UNIT, "findings", "test_quantum_decays_say_where_they_end"),
    "F33 B-3Le, separate flavours": (PHYSICS, "adaptive_grid", "test_interpolated_grid_is_the_solved_one"),
}


@cache
def functions(path):
    return {node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("finding", list(HELD_BY))
def test_each_finding_has_its_test(finding):
    place, file, name = HELD_BY[finding]
    assert name in functions(TESTS / place.format(file))


def test_planes_of_mediators_are_of_neff():
    """A vector and a scalar are drawn alike: N_eff by default, everything where it is asked for."""
    for kind in ("vector", "scalar", "dark-photon", "B-L"):
        assert not combined(family(kind), "default")
        assert combined(family(kind), "all")
    for kind in ("dipole", "hidden-neutrino"):
        assert combined(family(kind), "default")


def test_the_mass_of_a_dipole_has_one_name_and_an_alias():
    assert nup.DipolePortal(m4="640 keV", d="1e-9 mu_B") == nup.DipolePortal(mass="640 keV", d="1e-9 mu_B")
    members = family("dipole")
    assert members.read({"m4": "640 keV"}) == members.read({"mass": "640 keV"}) == {"mass": 0.64}


@pytest.mark.parametrize(
    "command",
    [
        "limits hidden-neutrino --mass 1keV --coupling mixing",
        "limits vector --mass 1keV --coupling g_e",
        "limits scalar --mass 1keV",
    ],
)
def test_limits_ask_for_options_that_there_are(command, capsys):
    """What is missing is named as an option of the command, or nothing is missing."""
    with pytest.raises(SystemExit) as stop:
        main(command.split())
    captured = capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["limits", "--help"])
    help_text = capsys.readouterr().out
    if stop.value.code == 2:
        for word in ("g_nu", "chi", "g"):
            assert word not in captured.err.split() or f"--{word.replace('_', '-')}" in help_text


def test_planes_over_mixing_are_the_points():
    """N_eff and constraints over epsilon, of a dark photon and beside a gauge coupling: as point by point."""
    fast = {"treatment": "temperatures", "start": "zero"}
    photon = nup.plane("dark-photon", "mass=5MeV:20MeV:2", "epsilon=1e-8:1e-6:2", **fast)
    assert not hasattr(photon, "tracks")
    for i, mass in enumerate(photon.x.tolist()):
        for j, epsilon in enumerate(photon.y.tolist()):
            model = family("dark-photon").model({"mass": mass, "epsilon": epsilon})
            assert photon.values[i, j] == pytest.approx(nup.evolve(model, **fast).neff, abs=2e-4)
    both = nup.plane("B-L", "epsilon=1e-9:1e-7:2", "g=1e-9:1e-8:2", mass="10 MeV", **fast)
    point = nup.evolve(nup.U1X("B-L", 10.0, 1e-8, 1e-7), **fast)
    assert both.values[1, 1] == pytest.approx(point.neff, abs=2e-4)
    limits = nup.plane("B-L", "mass=5MeV:20MeV:2", "epsilon=1e-8:1e-3:40", ["e137"], g=1e-9)
    assert limits.excluded("e137").any()
    assert not limits.excluded("e137").all()


def test_quantum_decays_say_where_they_end():
    """With decays='quantum' a boson that hardly decays is not followed: a status with a remedy, never a number."""
    model = nup.U1X("B-L", 10.0, 1e-12)
    found = nup.evolve(model, options=nup.ThermalOptions(decays="quantum"))
    assert np.isnan(found.neff)
    assert found.status != 0
    assert len(found.status.message) > 20
    assert np.isfinite(nup.evolve(model, treatment="temperatures").neff)
