"""Why there is no verdict, in a sentence. Nothing of what weighs a record is loaded for it."""

from __future__ import annotations

from foedus.case.case import Case
from foedus.infer.no_verdict import NoVerdict
from foedus.report.catalogue import say


def no_verdict_sentence(case: Case, absent: NoVerdict, language: str) -> str:
    """Why there is no verdict, and how to have one."""
    return say(language, f"verdict.absent-{absent.cause}", case=case.name, reason=absent.reason)
