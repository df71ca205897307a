"""The command `mgc`, which is `python -m mgc` too."""

import gc


def main() -> None:
    """The command line."""
    gc.disable()  # it would walk all that a command keeps, again and again, and next to nothing is a cycle
    try:
        from mgc.cli.main import main as command

        command()
    except KeyboardInterrupt:  # while modules were imported: the command itself knows what to say
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
