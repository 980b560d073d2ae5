"""The shipped cases whose questions are scored, for their words."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.case.case import Case
from foedus.case.find import shipped_cases
from foedus.cli.reading import open_case


def cases_named(names: Iterable[str]) -> dict[str, Case]:
    """Those of the named cases that ship; a forecast does not say where another one's file is."""
    return {name: open_case(name, json=False) for name in sorted(set(names) & set(shipped_cases()))}
