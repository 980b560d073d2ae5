"""`python -m foedus`: the same program as `foedus`."""

from foedus.cli.main import main

if __name__ == "__main__":
    main()
