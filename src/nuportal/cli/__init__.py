"""The command line `nuportal`, one module for each command."""
