"""The entry point: `python -m cogwizard`, and the console script."""


def main() -> int:
    """Run the command line; an interrupt while it is still being imported ends as any other."""
    try:
        from cogwizard.cli import main as run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
