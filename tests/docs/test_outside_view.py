"""The page about the outside view: its commands are carried out, its tables are today's.

Run with `--update` to put what is printed today onto the page.
"""

import pytest

from foedus.history.formats import format_names, read_format
from foedus.questions.requests.features import EFFECTS
from tests.architecture.project import ROOT
from tests.docs.executed import Reader, carried_out, compared

PAGE = ROOT / "docs" / "outside-view.md"


def test_what_it_shows_is_so(reader: Reader, pytestconfig: pytest.Config) -> None:
    page = carried_out(PAGE.read_text(encoding="utf-8"), reader)
    start, end = "<!-- priors -->\n", "<!-- end -->"
    head, _, rest = page.partition(start)
    tail = rest.partition(end)[2]
    compared(PAGE, f"{head}{start}{priors()}{end}{tail}", pytestconfig.getoption("--update"))


def priors() -> str:
    """What is believed of each feature beforehand, as a table."""
    rows = [
        f"| {name} | {_law(one.partial)} | {_law(one.granted)} | {_law(one.in_office)} "
        f"| {one.because} |"
        for name, one in EFFECTS.items()
    ]
    head = "| feature | partial | granted | in office | because |\n| --- | --- | --- | --- | --- |"
    return "\n".join([head, *rows, ""])


def _law(law: tuple[float, float]) -> str:
    return f"{law[0]:+.1f} ± {law[1]:.1f}"


def test_every_format_is_named() -> None:
    page = PAGE.read_text(encoding="utf-8")
    untried = [name for name in format_names() if not read_format(name).is_tried]
    assert all(f"`{name}`" in page for name in untried)
