"""`python -m foedus`, and the program `foedus` itself.

Loading the commands takes a tenth of a second, in which somebody may change their mind.
"""

from __future__ import annotations

import gc
import sys

INTERRUPTED = 130
"""As `foedus.cli.failure` has it, which is not yet loaded."""
COLLECT_EVERY = 100_000
"""Objects made before Python looks for circles among them (700 by default).

A case becomes a tree of small parts that all stay, and looking through them again and again takes
a third of the time that reading a large file takes.
"""


def run() -> None:
    """The program, from its first moment."""
    gc.set_threshold(COLLECT_EVERY)
    try:
        from foedus.cli.main import main
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        sys.exit(INTERRUPTED)
    main()


if __name__ == "__main__":
    run()
