"""shoemaker2020: spectrum at m4 = 640 keV (Fig. 1), contours in (m4, d) per flux and together (Fig. 2), eqs 4-6."""

from math import sqrt

import numpy as np

from nuportal.constants import M_E
from nuportal.experiments.spectrum import recoil_spectrum
from nuportal.inference.contours import contours
from nuportal.inference.fit import fit
from nuportal.models import DipolePortal
from nuportal.plotting.style import COLOURS, new_figure, paper
from nuportal.processes.recoil_kinematics import minimum_neutrino_energy
from nuportal.reproduction.registry import Item, Reproduction, Row
from nuportal.sources.sun import SolarNeutrinos

_REFERENCES = ("Shoemaker:2020kji", "XENON:2020rca", "Bahcall:2004mz")
FLUXES = (("pp", "pp"), ("7Be", r"$^7$Be"), ("CNO", "CNO"), ("8B", r"$^8$B"), ("all", "all"))
PAPER = {"flavour": "universal", "background_error": 0.0}  #: no oscillation, background fixed


def largest_m4(neutrino_energy: float, recoil_energy: float) -> float:
    """Return the largest m4 in MeV that a neutrino can make with this recoil (shoemaker2020 eq. 6)."""
    e, t = neutrino_energy, recoil_energy
    return sqrt(max(2 * (e * sqrt(t * (t + 2 * M_E)) - t * (e + M_E)), 0.0))


def equivalent_moment(moment: float, flux: float, reference_flux: float) -> float:
    """Return d of one flux that gives the rate of a moment with another: d = mu sqrt(Phi_pp/Phi) (eq. 5)."""
    return moment * sqrt(reference_flux / flux)


def fig1() -> Reproduction:
    """Recoil spectrum of the dipole portal with m4 = 640 keV in XENON1T."""
    sun = SolarNeutrinos("BP04")
    preset = fit("dipole", "xenon1t_sr1", mass="640 keV", sun=sun, **PAPER)  # type: ignore[arg-type]
    default = fit("dipole", "xenon1t_sr1", mass="640 keV")
    model = DipolePortal("640 keV", f"{default.best} mu_B")
    figure = recoil_spectrum(model, "xenon1t_sr1").plot(r"$m_4 = 640$ keV at the best fit")
    rows = [
        Row("d in 1e-9 mu_B, best at m4 = 640 keV", 2.2, preset.best * 1e9, default.best * 1e9, "Fig. 1"),
        Row("significance", None, preset.significance, default.significance),
    ]
    return Reproduction(rows, figure, ["preset: BP04 fluxes, P = 1, background fixed; default: P(nu_e -> nu_tau)."])


def fig2() -> Reproduction:
    """Favoured regions at 1, 2, 3 sigma in the plane of m4 and d, per solar flux and together."""
    mass, d = np.geomspace(10e-3, 1.2, 120), np.geomspace(1e-11, 5e-8, 110)
    rows = []
    with paper():
        figure, axes = new_figure(6.6, 4.8)
        for colour, (flux, label) in zip(COLOURS, FLUXES, strict=False):
            scan = contours("dipole", "xenon1t_sr1", mass=mass, x=d, flux=flux, window=(1.0, 7.0))
            for sigmas, width in ((1, 1.9), (2, 1.3), (3, 0.8)):
                for k, line in enumerate(scan.lines(sigmas)):
                    style = {"color": colour, "lw": width, "ls": "-" if flux != "all" else ":"}
                    axes.plot(line[:, 0] * 1e3, line[:, 1], label=label if k == 0 and sigmas == 1 else None, **style)
            rows.append(Row(f"{flux}: best m4 (keV)", None, None, scan.best[0] * 1e3))
            rows.append(Row(f"{flux}: best d (1e-9 mu_B)", None, None, scan.best[1] * 1e9))
            rows.append(Row(f"{flux}: significance", None, None, scan.significance))
        axes.set(
            xscale="log",
            yscale="log",
            xlabel=r"$m_4$ [keV]",
            ylabel=r"$d$ [$\mu_B$]",
            xlim=(10, 1200),
            ylim=(1e-11, 5e-8),
        )
        axes.set_title(r"XENON1T, $\nu_\tau$ dipole portal: 1, 2, 3 $\sigma$")
        axes.legend(loc="lower right")
    return Reproduction(rows, figure, ["The paper's 'CNO' island is mostly the 861 keV line of 7Be. Bins of 1-7 keV."])


def kinematics() -> Reproduction:
    """Eqs 4-6: least neutrino energy (root corrected), equivalent moment, largest m4."""
    sun = SolarNeutrinos("BP04")
    ratio = equivalent_moment(2e-11, sun.flux("CNO"), sun.flux("pp"))
    rows = [
        Row(
            "E_min (keV), T = 2.5 keV, m4 = 640 keV",
            None,
            None,
            float(minimum_neutrino_energy(2.5e-3, M_E, 0.64)) * 1e3,
            "eq. 4",
        ),
        Row("d for CNO in 1e-10 mu_B", 1.0, None, ratio * 1e10, "eq. 5"),
        Row("largest m4 (keV), E = 1 MeV, T = 2 keV", 290, None, largest_m4(1.0, 2e-3) * 1e3, "eq. 6"),
        Row("largest m4 (keV), E = 10 MeV, T = 2 keV", 920, None, largest_m4(10.0, 2e-3) * 1e3, "eq. 6"),
    ]
    return Reproduction(rows, None, ["The quoted masses hold at these energies; they are no kinematic maxima."])


ITEMS = {
    "fig1": Item((fig1.__doc__ or ""), fig1, "paper", _REFERENCES),
    "fig2": Item((fig2.__doc__ or ""), fig2, "paper", _REFERENCES),
    "eqs4-6": Item((kinematics.__doc__ or ""), kinematics, "paper", _REFERENCES),
}
