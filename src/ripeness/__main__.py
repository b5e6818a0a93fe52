"""Run the command line with ``python -m ripeness``."""

from ripeness.cli import main

main()
