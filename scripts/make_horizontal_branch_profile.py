"""Calculate the inside of a horizontal-branch star and write limits/catalog/stellar-hb/profile.csv.

A helium core of 0.49 solar masses at the start of helium burning inside a hydrogen envelope at 50 solar luminosities.
The four equations of structure are solved from the centre and from the edge of the core and joined at 0.6 of its
mass; the edge lies on the radiative zero solution of the envelope, which the outer rows continue. Opacity: free
electrons, in the core also free-free; energy: three alphas to carbon; convection: adiabatic. Run with the package on
PYTHONPATH.
"""

from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import root

G, K, U, RADIATION, C = 6.6743e-8, 1.380649e-16, 1.66054e-24, 7.5657e-15, 2.99792e10
H, ELECTRON, SUN, L_SUN = 6.62607e-27, 9.10938e-28, 1.989e33, 3.828e33
CORE, LUMINOSITY, RADIUS, HYDROGEN = 0.49 * SUN, 50 * L_SUN, 5e11, 0.75
JOIN = 0.6 * CORE
KEV = 8.617333e-8  #: of a kelvin
OUT = Path(__file__).parents[1] / "src/nuportal/limits/catalog/stellar-hb/profile.csv"


def pressure(rho, temperature):
    """Helium: ions, electrons with the first correction of degeneracy, radiation."""
    electrons = rho / U / 2
    cell = (H / np.sqrt(2 * np.pi * ELECTRON * K * temperature)) ** 3
    quantum = 1 + electrons * cell / 2**3.5
    return (rho / U / 4 + electrons * quantum) * K * temperature + RADIATION * temperature**4 / 3


def density(pressed, temperature):
    """The quadratic equation of `pressure` in density."""
    cell = (H / np.sqrt(2 * np.pi * ELECTRON * K * temperature)) ** 3
    a, b = cell / (4 * U**2 * 2**3.5), 0.75 / U
    gas = (pressed - RADIATION * temperature**4 / 3) / (K * temperature)
    return 2 * gas / (b + np.sqrt(b**2 + 4 * a * gas))


def opacity(rho, temperature):
    """Scattering on free electrons (with its fall at high temperature and density) and free-free, in cm^2/g."""
    scattering = 0.2 / (1 + (temperature / 4.5e8) ** 0.86) / (1 + 2.7e11 * rho / temperature**2)
    return scattering + 3.68e22 * rho * temperature**-3.5


def burning(rho, temperature):
    """Three alphas to carbon with weak screening, in erg/g/s."""
    t8 = temperature / 1e8
    return 5.09e11 * np.exp(2.76e-3 * rho**0.5 * t8**-1.5) * rho**2 * t8**-3 * np.exp(-44.027 / t8)


def structure(mass, y):
    """Derivatives of radius, pressure, temperature and luminosity with the mass inside."""
    radius, pressed, temperature, luminosity = y
    rho = density(pressed, temperature)
    fall = -G * mass / (4 * np.pi * radius**4)
    flux = 3 * opacity(rho, temperature) * luminosity * pressed
    gradient = min(flux / (16 * np.pi * RADIATION * C * G * mass * temperature**4), 0.4)
    return [1 / (4 * np.pi * radius**2 * rho), fall, gradient * temperature / pressed * fall, burning(rho, temperature)]


def zero_solution(radius):
    """Temperature (K) and electrons (mol/cm^3) of the envelope."""
    weight = 1 / (2 * HYDROGEN + 0.75 * (1 - HYDROGEN))
    temperature = G * CORE * weight * U / (4 * K) * (1 / radius - 1 / RADIUS)
    rho = (
        4 * np.pi * RADIATION * C * G * CORE * temperature**3 / (3 * 0.2 * (1 + HYDROGEN) * LUMINOSITY) * weight * U / K
    )
    return temperature, rho * (1 + HYDROGEN) / 2


def both(logarithms):
    """Solutions from the centre and from the edge for the logarithms of central rho and T, edge radius, luminosity."""
    rho, temperature, edge, luminosity = np.exp(logarithms)
    start = 1e-5 * SUN
    radius = (3 * start / (4 * np.pi * rho)) ** (1 / 3)
    centre = pressure(rho, temperature) - 2 * np.pi / 3 * G * rho**2 * radius**2
    first = [radius, centre, temperature, burning(rho, temperature) * start]
    weight = 1 / (2 * HYDROGEN + 0.75 * (1 - HYDROGEN))
    at_edge, electrons = zero_solution(edge)
    gas = electrons * 2 / (1 + HYDROGEN) / weight / U * K * at_edge
    last = [edge, gas + RADIATION * at_edge**4 / 3, at_edge, luminosity]
    kept = {"method": "LSODA", "rtol": 1e-8, "dense_output": True}
    return solve_ivp(structure, (start, JOIN), first, **kept), solve_ivp(structure, (CORE, JOIN), last, **kept)


def main():
    """Solve and write."""
    found = root(
        lambda u: np.log(np.divide(*(s.y[:, -1] for s in both(u)))), np.log([2e4, 1.2e8, 2.5e9, 20 * L_SUN]), tol=1e-8
    )
    assert found.success
    inner, outer = both(found.x)
    shares = np.concatenate(
        [np.array([3e-5, 1e-3, 5e-3, 0.014, 0.03, 0.06]), np.arange(0.1, 1.0, 0.05), [0.97, 0.99, 1]]
    )
    rows = []
    for share in shares:
        radius, pressed, temperature, _ = (inner if share * CORE < JOIN else outer).sol(share * CORE)
        rows.append((radius, temperature * KEV, density(pressed, temperature) / 2))
    edge = rows[-1][0]
    for radius in edge * 1.02 * (2.4e11 / edge) ** (np.arange(16) / 15):
        temperature, electrons = zero_solution(radius)
        rows.append((radius, temperature * KEV, electrons))
    print("centre", np.exp(found.x[:2]), "edge", np.exp(found.x[2]), "luminosity", np.exp(found.x[3]) / L_SUN)
    head = OUT.read_text(encoding="utf-8").split("radius_cm")[0]
    table = "".join(f"{r:.5g},{t:.5g},{n:.5g}\n" for r, t, n in rows)
    OUT.write_text(head + "radius_cm,temperature_keV,electrons_mol_cm3\n" + table, encoding="utf-8")


if __name__ == "__main__":
    main()
