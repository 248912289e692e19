"""`python -m server` and `baton`.

Worker processes import this module again when they start, so it imports nothing itself.
"""


def main() -> None:
    """Run the command line."""
    from server.cli.commands import app  # noqa: PLC0415 - see above

    app()


if __name__ == "__main__":
    main()
