"""`python -m mgc` is the command line."""

from mgc.cli.main import main

if __name__ == "__main__":
    main()
