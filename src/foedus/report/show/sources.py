"""`foedus show CASE --sources`: documents by who is behind them, and what cites them."""

from __future__ import annotations

from foedus.case.case import Case, Document
from foedus.report.language.catalogue import say
from foedus.report.layout import heading, wrap
from foedus.report.phrases.citations import address, cited_by, show_document
from foedus.report.phrases.names import origin_name
from foedus.report.phrases.written import show_written


def show_sources(case: Case, language: str = "en", width: int = 80) -> str:
    """The sources, those of one origin together, with how many elements cite each."""
    if not case.sources:
        return say(language, "sources.none") + "\n"
    cited = cited_by(case)
    lines: list[str] = []
    for origin in [*case.origins, None]:
        documents = [one for one in case.sources.values() if one.origin == origin]
        if not documents:
            continue
        lines += heading(origin_name(case, origin, language), width)
        reliability = case.origins[origin].reliability if origin is not None else None
        if reliability is not None:
            text = say(language, "sources.reliability", prior=show_written(reliability, language))
            lines += wrap(text, width, "  ")
        for document in documents:
            lines += _show_document(document, len(cited[document.name]), case, language, width)
    return "\n".join(lines[1:]) + "\n"


def _show_document(
    document: Document, count: int, case: Case, language: str, width: int
) -> list[str]:
    title = show_document(document, case, language)
    lines = wrap(f"{document.name}: {title}", width, "  ", "      ")
    kind = say(language, f"document.{document.kind}")
    parts = [f"{kind} ({document.language})" if document.language else kind]
    cited = (
        say(language, "sources.cited", count=count) if count else say(language, "sources.uncited")
    )
    parts.append(cited)
    lines += wrap("; ".join(parts), width, "      ")
    if address(document):
        lines += wrap(address(document), width, "      ")
    if document.file:
        lines += wrap(say(language, "sources.file", file=document.file), width, "      ")
    if document.note:
        lines += wrap(document.note.get(language), width, "      ")
    return lines


def source_records(case: Case, language: str = "en") -> list[dict[str, object]]:
    """The sources for `--json`, each with the elements that cite it."""
    cited = cited_by(case)
    return [
        {
            "name": document.name, "kind": document.kind, "title": document.title.get(language),
            "authors": document.authors.get(language), "language": document.language,
            "published": document.published.text if document.published else None,
            "url": document.url, "doi": document.doi, "file": document.file,
            "sha256": document.sha256, "origin": document.origin,
            "cited_by": [{"kind": kind, "name": name} for kind, name in cited[document.name]],
        }
        for document in case.sources.values()
    ]  # fmt: skip
