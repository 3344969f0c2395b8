"""Coverage of the asymptotic 90 % interval at the best fit of bally2020, 2,000 toys (should be 88 to 92 %)."""

from nuportal.inference.fit import fit
from nuportal.inference.toys import coverage, p_value


def main() -> None:
    """Print coverage and the p-value of the excess from toys."""
    result = fit("hidden-neutrino", "xenon1t_sr1", mass=0, convention="as-printed")
    found = coverage(result, result.best, 0.90, toys=2000, seed=1, workers=2)
    print(f"coverage of the 90 % interval at {result.best:.3g}: {100 * found:.1f} %")
    print(p_value(result, 2000, seed=2, workers=2))


if __name__ == "__main__":
    main()
