"""Whether code can be compiled here; where it cannot, the reference engine makes all runs."""

from __future__ import annotations

import warnings
from functools import cache


class SlowRunsWarning(UserWarning):
    """Runs are made one by one in Python, some hundred times slower."""


@cache
def fault() -> str | None:
    """Why nothing can be compiled here, None where it can; loads what compiles."""
    try:
        from foedus.engine.native.machine import lane_count

        lane_count()  # the library itself is loaded when it is first asked something
    except (ImportError, OSError) as reason:
        return f"llvmlite cannot be loaded ({' '.join(str(reason).split())})"
    return None


@cache
def is_there() -> bool:
    """Whether code can be compiled here; where it cannot, a warning says so, once."""
    why = fault()
    if why is not None:
        warnings.warn(
            f"{why}: the reference engine makes the runs, which gives the same answers "
            "and takes some hundred times longer",
            SlowRunsWarning,
            stacklevel=2,
        )
    return why is None
