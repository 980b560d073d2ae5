"""`python -m foedus`, and the program `foedus` itself.

Loading the commands takes a tenth of a second, in which somebody may change their mind.
"""

from __future__ import annotations

import sys

INTERRUPTED = 130
"""As `foedus.cli.failure` has it, which is not yet loaded."""


def run() -> None:
    """The program, from its first moment."""
    try:
        from foedus.cli.main import main
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        sys.exit(INTERRUPTED)
    main()


if __name__ == "__main__":
    run()
