"""Where cases are found, and what is said of those that are not."""

from pathlib import Path

import pytest

from foedus.case.find import find_case
from foedus.text.diagnostic import Diagnostics


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("border-criss", "write `border-crisis`, or"),
        ("kazakstan-2022", "write `kazakhstan-2022`, or"),
        ("other/border-crisis", "give the path"),
        ("zzz", "give the path"),
    ],
)
def test_a_case_that_is_not_there_is_named_by_one_that_is(
    name: str, cure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One's own in the same folder count as well as those that ship."""
    monkeypatch.chdir(tmp_path)
    for folder in ("border-crisis", "zzzz-notes"):
        Path(folder).mkdir()
    Path("border-crisis/case.yaml").write_text("foedus: 1\n", encoding="utf-8")
    diagnostics = Diagnostics()
    assert find_case(name, diagnostics) is None
    (fault,) = diagnostics.in_order()
    assert fault.help is not None
    assert fault.help.startswith(cure)
