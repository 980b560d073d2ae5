"""The pages that explain what can be wrong, one for each code: shipped, printed and tested."""

from __future__ import annotations

from importlib.resources import files

from foedus.text.codes import Code

_PAGES = files("foedus") / "diagnostics"


def page(code: Code) -> str:
    """The page of a code, in Markdown: what it means, why it matters, an example, the cure."""
    return (_PAGES / f"{code.value}.md").read_text(encoding="utf-8")


def base_case() -> str:
    """The case that the examples of the pages are parts of, as the text of a case file.

    An example stands in place of the sections it writes itself.
    """
    return (_PAGES / "_base.yaml").read_text(encoding="utf-8")


def page_names() -> frozenset[str]:
    """The slugs that have a page."""
    names = (path.name for path in _PAGES.iterdir())
    return frozenset(name[:-3] for name in names if name.endswith(".md"))
