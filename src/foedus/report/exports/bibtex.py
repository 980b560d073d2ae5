"""Sources of a case as BibTeX."""

from __future__ import annotations

import re

from foedus.case.case import Case, Document
from foedus.report.phrases.citations import address, cited_by

KINDS = {"paper": "article", "book": "book"}
"""Entry types of kinds of sources; all others are `misc`."""
_SPECIAL = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "~": r"\~{}"}
_SPECIAL |= {"{": r"\{", "}": r"\}", "\\": r"\textbackslash{}", "^": r"\^{}"}


def case_bibtex(case: Case) -> str:
    """An entry for each source that anything in the case cites, its mechanisms' included."""
    cited = cited_by(case)
    return "\n".join(_entry(document) for name, document in case.sources.items() if cited[name])


def _entry(document: Document) -> str:
    fields = {
        "author": _authors(document.authors.get()),
        "title": "{" + _escaped(document.title.get("en")) + "}",
        "year": "" if document.published is None else document.published.text[:4],
        "language": document.language,
        "doi": document.doi,
        "url": address(document) if not document.doi else "",
        "note": _escaped(document.note.get("en")),
    }
    written = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    kind = KINDS.get(document.kind, "misc")
    return f"@{kind}{{{document.name},\n" + ",\n".join(written) + "\n}\n"


def _authors(text: str) -> str:
    """Names joined by `and`, the form of BibTeX; what is not a list of names stands as it is."""
    if re.search(r"\d|;|et al", text):
        return "{" + _escaped(text) + "}" if text else ""
    return _escaped(re.sub(r",? and |, ", " and ", text))


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))
