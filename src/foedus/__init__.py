"""Executable case studies of alliances and regimes in crisis.

`load` reads a case, `simulate` answers its questions, `weigh` says which explanation its record
supports; a case with errors raises `CaseError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foedus.study import load, simulate, weigh
    from foedus.text.diagnostic import CaseError

__all__ = ["CaseError", "__version__", "load", "simulate", "weigh"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """What is exported, imported only when it is used: to ask for the version costs nothing."""
    if name == "CaseError":
        from foedus.text.diagnostic import CaseError

        return CaseError
    if name in ("load", "simulate", "weigh"):
        from foedus import study

        return getattr(study, name)
    raise AttributeError(f"module `foedus` has no `{name}`")
