"""The pages for those who call Foedus from Python: their examples give what they show."""

import doctest

import pytest

from tests.architecture.project import ROOT


@pytest.mark.parametrize(("page", "examples"), [("static-evidence", 13), ("from-python", 10)])
def test_examples(page: str, examples: int) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8").replace("```", "")
    found = doctest.DocTestParser().get_doctest(text, {}, f"{page}.md", None, 0)
    told: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(found, out=told.append)
    assert result.attempted >= examples
    assert not result.failed, "".join(told)
