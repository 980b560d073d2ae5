"""Where cases are: files, folders, and the cases that come with Foedus."""

from __future__ import annotations

from pathlib import Path

from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source, Span
from foedus.text.suggest import closest

SHIPPED = Path(__file__).parents[1] / "cases"
CASE_FILE = "case.yaml"


def shipped_cases() -> tuple[str, ...]:
    """The names of the cases that come with Foedus."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob(f"*/{CASE_FILE}")))


def find_case(name: str, diagnostics: Diagnostics) -> Path | None:
    """Where a case is: a file, a folder that holds `case.yaml`, or the name of a shipped case."""
    path, place = Path(name), Span(Source(name, ""), 0, 0)
    if (path / CASE_FILE).is_file():
        return path / CASE_FILE
    if path.is_dir():
        message = f"the folder `{name}` holds no `{CASE_FILE}`"
        cure = "give the path of a case file, or begin a case with `foedus new NAME`"
        diagnostics.error(Code.FILE_UNREADABLE, place, message, help=cure)
        return None
    if path.exists() or path.is_symlink() or path.suffix in (".yaml", ".yml"):
        return path
    if name in shipped_cases():
        return SHIPPED / name / CASE_FILE
    here = (each.parent for each in path.parent.glob(f"*/{CASE_FILE}"))
    near = closest(name, (*shipped_cases(), *map(str, here)))
    help_text = f"write `{near}`, or" if near else "give"
    diagnostics.error(
        Code.FILE_UNREADABLE,
        place,
        f"no case is called `{name}`, and there is no such file",
        help=f"{help_text} the path of a case file; `foedus show` lists those that are shipped",
    )
    return None
