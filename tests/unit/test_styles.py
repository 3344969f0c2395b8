"""Every picture can be drawn into axes of the caller and in another style; the caller's own settings stay."""

import matplotlib
import pytest
from matplotlib.figure import Figure

import nuportal as nup
from nuportal.errors import ParameterError, UnknownNameError

X, Y = "mass=8MeV:12MeV:3", "g=1e-7:1e-6:4"
HISTORY = nup.evolve(treatment="temperatures")

RESULTS = {
    "fit": lambda: nup.fit("B-L", "lz", mass="10 keV"),
    "regions": lambda: nup.fit("B-L", "lz", parameters=["mass=1keV:1MeV:3", "g=1e-8:1e-5:20"]),
    "spectrum": lambda: nup.recoil_spectrum(nup.U1X("B-L", "10 keV", 1e-7), "lz"),
    "nuclei": lambda: nup.recoil_spectrum(nup.U1X("B-L", "10 MeV", 1e-5), "conus"),
    "plane": lambda: nup.plane("B-L", X, Y),
    "exclusions": lambda: nup.plane("B-L", X, Y, ["texono", "e137"]),
    "history": lambda: HISTORY,
    "yields": HISTORY.yields,
}


@pytest.mark.parametrize("name", list(RESULTS))
def test_axes_and_styles(name):
    result = RESULTS[name]()
    before = dict(matplotlib.rcParams)
    chosen = {"what": "densities"} if name == "history" else {}
    figure = Figure()
    axes = figure.add_subplot()
    assert result.plot(ax=axes, **chosen) is figure
    assert axes.get_xlabel()
    assert axes.lines or axes.patches or axes.collections
    width = {style: _width(result.plot(style=style, **chosen)) for style in ("paper", "current")}
    width["mine"] = _width(result.plot(style={"axes.linewidth": 3.5}, **chosen))
    assert width == {"paper": 0.9, "current": matplotlib.rcParams["axes.linewidth"], "mine": 3.5}
    assert dict(matplotlib.rcParams) == before


def _width(figure: Figure) -> float:
    return figure.axes[0].spines["left"].get_linewidth()


def test_three_panels_of_a_history():
    figure = Figure()
    assert HISTORY.plot(ax=figure.subplots(1, 3)) is figure
    with pytest.raises(ParameterError, match="3 panels"):
        HISTORY.plot(ax=figure.add_subplot())


def test_styles_that_are_not_there(tmp_path):
    result = RESULTS["plane"]()
    assert result.plot(style="ggplot").axes
    with pytest.raises(UnknownNameError, match="did you mean 'ggplot'"):
        result.plot(style="gplot")
    for wrong in ({"axes.nonsense": 3}, 4, "there/is/none.mplstyle"):
        with pytest.raises(ParameterError, match="style"):
            result.plot(style=wrong)
    assert (result.plot(tmp_path / "p.png", style="ggplot"), (tmp_path / "p.png").exists())[1]
