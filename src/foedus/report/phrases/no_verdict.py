"""Why there is no verdict, in a sentence. Nothing of what weighs a record is loaded for it."""

from __future__ import annotations

from collections.abc import Mapping

from foedus.case.case import Case
from foedus.infer.verdict.no_verdict import NoVerdict
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_number
from foedus.report.phrases.names import reading_name


def no_verdict_sentence(case: Case, absent: NoVerdict, language: str) -> str:
    """Why there is no verdict, and how to have one."""
    if absent.refusal is not None:
        reason = refusal_clause(case, absent.refusal, absent.values, language)
        return say(language, "verdict.absent-because", reason=reason)
    return say(
        language,
        f"verdict.absent-{absent.cause}",
        case=case.source.in_commands,
        reason=absent.reason,
    )


def refusal_clause(case: Case, cause: str, values: Mapping[str, str | float], language: str) -> str:
    """Why a verdict was refused, without a full stop."""

    def shown(key: str, value: str | float) -> str:
        if isinstance(value, str):
            return reading_name(case, value, language) if key == "name" else value
        return show_number(value, language, places=0 if isinstance(value, int) else 2)

    return say(language, f"refusal.{cause}", **{key: shown(key, v) for key, v in values.items()})
