"""What questions of cases are called, where they stand by their ids in files."""

from __future__ import annotations

from collections.abc import Mapping

from foedus.case.case import Case
from foedus.report.phrases.names import question_name

Cases = Mapping[str, Case]
"""The cases that are at hand, by name."""
NO_CASES: Cases = {}


def show_asked(cases: Cases, case: str, question: str, language: str) -> str:
    """A question in words; by its id where its case is not at hand, or has no such question."""
    known = cases.get(case)
    if known is None or question not in known.questions:
        return question
    return question_name(known, question, language)
