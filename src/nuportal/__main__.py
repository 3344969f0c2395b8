"""`python -m nuportal` is the command `nuportal`."""

from nuportal.cli.app import main

if __name__ == "__main__":
    main()
