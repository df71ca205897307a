"""The command `mgc`, which is `python -m mgc` too."""

import gc


def main() -> None:
    """The command line."""
    gc.disable()  # it would walk all that a command keeps, again and again, and next to nothing is a cycle
    from mgc.cli.main import main as command

    command()


if __name__ == "__main__":
    main()
