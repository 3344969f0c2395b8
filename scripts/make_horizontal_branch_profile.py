"""Calculate the inside of a horizontal-branch star and write limits/catalog/stellar-hb/profile.csv.

A helium core of 0.49 solar masses at the start of helium burning inside a hydrogen envelope at 50 solar luminosities.
The four equations of structure are solved from the centre and from the edge of the core and joined at 0.6 of its
mass; the edge lies on the radiative zero solution of the envelope, which the outer rows continue. Opacity: free
electrons, in the core also free-free; energy: three alphas to carbon; convection: adiabatic. Between 0.8 and 1.34 radii
of the core hydrogen sets in gradually (`hydrogen`). Run with the package on PYTHONPATH.

With a number (0.5) it writes nothing, but prints how the limit changes if this share of the helium in the inner 0.15
solar masses has become carbon and oxygen.
"""

import sys
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import root

from nuportal.limits.stellar import Profile, plasma_frequency

G, K, U, RADIATION, C = 6.6743e-8, 1.380649e-16, 1.66054e-24, 7.5657e-15, 2.99792e10
H, ELECTRON, SUN, L_SUN = 6.62607e-27, 9.10938e-28, 1.989e33, 3.828e33
CORE, LUMINOSITY, RADIUS, HYDROGEN = 0.49 * SUN, 50 * L_SUN, 5e11, 0.75
JOIN, MIXED = 0.6 * CORE, 0.15 * SUN
KEV = 8.617333e-8  #: of a kelvin
OUT = Path(__file__).parents[1] / "src/nuportal/limits/catalog/stellar-hb/profile.csv"


def helium(mass, burnt):
    """Mass fraction of helium where this mass (g) lies inside."""
    return 1 - burnt if mass < MIXED else 1.0


def ions(share):
    """Ions per nucleon of helium with carbon and oxygen, half of each by number."""
    return share / 4 + (1 - share) / 14


def pressure(rho, temperature, share):
    """Ions, electrons with the first correction of degeneracy, radiation."""
    electrons = rho / U / 2
    cell = (H / np.sqrt(2 * np.pi * ELECTRON * K * temperature)) ** 3
    quantum = 1 + electrons * cell / 2**3.5
    return (rho / U * ions(share) + electrons * quantum) * K * temperature + RADIATION * temperature**4 / 3


def density(pressed, temperature, share):
    """The quadratic equation of `pressure` in density."""
    cell = (H / np.sqrt(2 * np.pi * ELECTRON * K * temperature)) ** 3
    a, b = cell / (4 * U**2 * 2**3.5), (0.5 + ions(share)) / U
    gas = (pressed - RADIATION * temperature**4 / 3) / (K * temperature)
    return 2 * gas / (b + np.sqrt(b**2 + 4 * a * gas))


def opacity(rho, temperature, share):
    """Scattering on free electrons (with its fall at high temperature and density) and free-free, in cm^2/g."""
    scattering = 0.2 / (1 + (temperature / 4.5e8) ** 0.86) / (1 + 2.7e11 * rho / temperature**2)
    return scattering + 3.68e22 * rho * temperature**-3.5 * (share + 3.5 * (1 - share))


def burning(rho, temperature, share):
    """Three alphas to carbon with weak screening, in erg/g/s."""
    t8 = temperature / 1e8
    rate = 5.09e11 * np.exp(2.76e-3 * rho**0.5 * t8**-1.5) * rho**2 * t8**-3 * np.exp(-44.027 / t8)
    return rate * share**3


def structure(mass, y, burnt):
    """Derivatives of radius, pressure, temperature and luminosity with the mass inside."""
    radius, pressed, temperature, luminosity = y
    share = helium(mass, burnt)
    rho = density(pressed, temperature, share)
    fall = -G * mass / (4 * np.pi * radius**4)
    flux = 3 * opacity(rho, temperature, share) * luminosity * pressed
    gradient = min(flux / (16 * np.pi * RADIATION * C * G * mass * temperature**4), 0.4)
    heat = burning(rho, temperature, share)
    return [1 / (4 * np.pi * radius**2 * rho), fall, gradient * temperature / pressed * fall, heat]


def zero_solution(radius):
    """Temperature (K) and electrons (mol/cm^3) of the envelope."""
    weight = 1 / (2 * HYDROGEN + 0.75 * (1 - HYDROGEN))
    temperature = G * CORE * weight * U / (4 * K) * (1 / radius - 1 / RADIUS)
    rho = (
        4 * np.pi * RADIATION * C * G * CORE * temperature**3 / (3 * 0.2 * (1 + HYDROGEN) * LUMINOSITY) * weight * U / K
    )
    return temperature, rho * (1 + HYDROGEN) / 2


def hydrogen(radius, edge, temperature):
    """Mass fraction of hydrogen through the shell that burns it, for the temperature (K) at the edge of the core.

    The shell moves outwards at the rate at which it burns, dX/dm dm/dt = -rate/energy, with a rate of the CNO cycle
    proportional to rho X T^nu. Near the edge T goes like 1/r and rho like T^3, so that ln X = -(r0/r)^(3 + nu) + ln X0.
    """
    power = 3 + 152.28 / 3 * (temperature / 1e6) ** (-1 / 3) - 2 / 3
    return HYDROGEN * np.exp(-np.log(2) * (edge / radius) ** power)


def electrons_per_pressure(fraction):
    """Electrons for a pressure and a temperature, in units common to all fractions of hydrogen."""
    return (1 + fraction) / 2 / (2 * fraction + 0.75 * (1 - fraction))


def both(logarithms, burnt):
    """Solutions from the centre and from the edge for the logarithms of central rho and T, edge radius, luminosity."""
    rho, temperature, edge, luminosity = np.exp(logarithms)
    start = 1e-5 * SUN
    radius = (3 * start / (4 * np.pi * rho)) ** (1 / 3)
    share = helium(start, burnt)
    centre = pressure(rho, temperature, share) - 2 * np.pi / 3 * G * rho**2 * radius**2
    first = [radius, centre, temperature, burning(rho, temperature, share) * start]
    weight = 1 / (2 * HYDROGEN + 0.75 * (1 - HYDROGEN))
    at_edge, electrons = zero_solution(edge)
    gas = electrons * 2 / (1 + HYDROGEN) / weight / U * K * at_edge
    last = [edge, gas + RADIATION * at_edge**4 / 3, at_edge, luminosity]
    kept = {"method": "LSODA", "rtol": 1e-8, "dense_output": True, "args": (burnt,)}
    kept["max_step"] = 0.01 * SUN
    return solve_ivp(structure, (start, JOIN), first, **kept), solve_ivp(structure, (CORE, JOIN), last, **kept)


def profile(burnt):
    """Return radii (cm), temperatures (keV) and electrons (mol/cm^3) [n, 3], and what the solution is."""
    guess = np.log([2e4, 1.2e8, 2.5e9, 20 * L_SUN])
    found = root(lambda u: np.log(np.divide(*(s.y[:, -1] for s in both(u, burnt)))), guess, tol=1e-8)
    assert found.success
    inner, outer = both(found.x, burnt)
    edge = np.exp(found.x[2])
    mass = np.geomspace(1e-5, 1, 2000) * CORE
    inside = np.array([(inner if m < JOIN else outer).sol(m)[0] for m in mass])
    shares = np.concatenate([np.array([3e-5, 1e-3, 5e-3, 0.014, 0.03, 0.06]), np.arange(0.1, 0.9, 0.05)])
    radii = np.concatenate([np.interp(shares * CORE, mass, inside), edge * np.linspace(0.81, 1.34, 36)])
    rows = []
    for radius in radii:
        fraction = hydrogen(radius, edge, outer.sol(CORE)[2])
        if radius < edge:
            m = np.interp(radius, inside, mass)
            _, pressed, temperature, _ = (inner if m < JOIN else outer).sol(m)
            electrons = density(pressed, temperature, helium(m, burnt)) / 2
        else:
            temperature, electrons = zero_solution(radius)
        pure = electrons_per_pressure(0.0 if radius < edge else HYDROGEN)
        rows.append((radius, temperature * KEV, electrons * electrons_per_pressure(fraction) / pure))
    for radius in edge * 1.4 * (2.4e11 / (1.4 * edge)) ** (np.arange(15) / 14):
        temperature, electrons = zero_solution(radius)
        rows.append((radius, temperature * KEV, electrons))
    print("centre", np.exp(found.x[:2]), "edge", edge, "luminosity", np.exp(found.x[3]) / L_SUN)
    return np.array(rows)


def change(burnt):
    """Print the limit with this share of the helium burnt over that without."""
    stars = [Profile(r, t * 1e-3, plasma_frequency(n)) for r, t, n in (profile(b).T for b in (burnt, 0.0))]
    for mass in (1e-4, 2e-4, 2.8e-4, 3.3e-4, 4.5e-4, 6e-4, 8e-4, 1.2e-3, 1.6e-3, 1.8e-3, 2.1e-3, 2.3e-3, 2.8e-3):
        one, other = (star.longitudinal(mass) + star.transverse(mass) for star in stars)
        print(f"{mass * 1e3:.2f} keV: {(other / one) ** 0.5:.2f}")


def main():
    """Solve and write."""
    rows = profile(0.0)
    head = OUT.read_text(encoding="utf-8").split("radius_cm")[0]
    table = "".join(f"{r:.5g},{t:.5g},{n:.5g}\n" for r, t, n in rows)
    OUT.write_text(head + "radius_cm,temperature_keV,electrons_mol_cm3\n" + table, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        change(float(sys.argv[1]))
    else:
        main()
