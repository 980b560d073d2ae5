"""Executable case studies of alliances and regimes in crisis.

`load` reads a case, `simulate` answers its questions, `weigh` says which explanation its record
supports, `what_if` what a decision changes, `sensitivity` which assumptions matter; `forecast` uses
what was known by a date, and `score` holds a frozen forecast against what came. A case with errors
raises `CaseError`. The commands of `foedus history` and `foedus score` are in `foedus.outside`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foedus.study import forecast, load, sensitivity, simulate, weigh, what_if
    from foedus.text.diagnostic import CaseError

__all__ = [
    "CaseError", "__version__", "forecast", "load", "sensitivity", "simulate", "weigh", "what_if",
]  # fmt: skip

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """What is exported, imported only when it is used: to ask for the version costs nothing.

    `score` is `foedus.outside.settle`.
    """
    if name == "CaseError":
        from foedus.text.diagnostic import CaseError

        return CaseError
    if name == "score":
        return import_module("foedus.outside").settle
    if name in __all__:
        from foedus import study

        return getattr(study, name)
    raise AttributeError(f"module `foedus` has no `{name}`")
