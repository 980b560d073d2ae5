"""`python -m foedus`, and the program `foedus` itself.

Loading the commands takes a tenth of a second, in which somebody may change their mind.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

INTERRUPTED = 130
"""As `foedus.cli.interrupt` has it, which is not yet loaded."""
ENDED = (INTERRUPTED, 129, 143)
"""The codes of a program that was interrupted, whose terminal was closed, or that was to end."""
COLLECT_EVERY = 100_000
"""Objects made before Python looks for circles among them (700 by default).

A case becomes a tree of small parts that all stay, and looking through them again and again takes
a third of the time that reading a large file takes.
"""
LINEAR_ALGEBRA = "OPENBLAS_NUM_THREADS"
"""How many threads sums of products are made by, unless the user says otherwise: one.

A sum made by several is another in its last bit for each number of cores; and to start threads that
small sums never use takes a twentieth of a first answer.
"""


def run() -> None:
    """The program, from its first moment."""
    gc.set_threshold(COLLECT_EVERY)
    os.environ.setdefault(LINEAR_ALGEBRA, "1")
    try:
        from foedus.cli.main import main
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        _end_interrupted(INTERRUPTED)
    try:
        main()
    except SystemExit as end:
        if isinstance(end.code, int) and end.code in ENDED:
            _end_interrupted(end.code)
        raise
    finally:
        # The process ends: to look for circles among all that was made frees nothing in time.
        gc.freeze()


def _end_interrupted(code: int) -> NoReturn:
    """End with the code of an interruption.

    By itself Python would end by the signal (-2 to whoever waits for it) where the interrupt came
    while it carried out text, as it does for each dataclass that is loaded.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
