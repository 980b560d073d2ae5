"""The page on evidence without time: its examples give what it shows."""

import doctest

from tests.architecture.project import ROOT


def test_examples() -> None:
    text = (ROOT / "docs" / "static-evidence.md").read_text(encoding="utf-8").replace("```", "")
    examples = doctest.DocTestParser().get_doctest(text, {}, "static-evidence.md", None, 0)
    told: list[str] = []
    found = doctest.DocTestRunner(verbose=False).run(examples, out=told.append)
    assert found.attempted >= 13
    assert not found.failed, "".join(told)
