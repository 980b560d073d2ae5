"""The pages that explain what can be wrong, one for each code: shipped, printed and tested."""

from __future__ import annotations

from importlib.resources import files

from foedus.text.codes import Code

_PAGES = files("foedus") / "diagnostics"


def page(code: Code) -> str:
    """The page of a code, in Markdown: what it means, why it matters, an example, the cure."""
    return (_PAGES / f"{code.value}.md").read_text(encoding="utf-8")
