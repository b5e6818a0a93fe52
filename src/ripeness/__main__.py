"""Run the command line: ``ripeness`` or ``python -m ripeness``."""

import sys


def main() -> None:
    """Start the command line, so that Ctrl-C is heard also while it is being loaded."""
    try:
        from ripeness import cli
    except KeyboardInterrupt:
        print("interrupted; nothing was kept", file=sys.stderr)
        sys.exit(130)
    cli.main()


if __name__ == "__main__":
    main()
