"""Where cases are: files, folders, and the cases that come with Foedus."""

from __future__ import annotations

from pathlib import Path

from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source, Span
from foedus.text.suggest import closest, list_names

SHIPPED = Path(__file__).parents[1] / "cases"
CASE_FILE = "case.yaml"


def shipped_cases() -> tuple[str, ...]:
    """The names of the cases that come with Foedus."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob(f"*/{CASE_FILE}")))


def find_case(name: str, diagnostics: Diagnostics) -> Path | None:
    """Where a case is: a file, a folder that holds `case.yaml`, or the name of a shipped case."""
    path = Path(name)
    if (path / CASE_FILE).is_file():
        return path / CASE_FILE
    if path.exists() or path.is_symlink() or path.suffix in (".yaml", ".yml"):
        return path
    if name in shipped_cases():
        return SHIPPED / name / CASE_FILE
    near = closest(name, shipped_cases())
    help_text = f"write `{near}`, or" if near else "give"
    diagnostics.error(
        Code.FILE_UNREADABLE,
        Span(Source(name, ""), 0, 0),
        f"no case is called `{name}`, and there is no such file",
        help=f"{help_text} the path of a case file; shipped are {list_names(shipped_cases())}",
    )
    return None
