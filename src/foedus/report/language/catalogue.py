"""Every sentence the report prints, by id, in each language.

The texts stand in `text_en` and `text_fi`, and in modules of their own that hold both languages; a
test holds that both have the same ids and the same placeholders. A pair is (one, other), chosen by
the placeholder `count`.
"""

from __future__ import annotations

from collections.abc import Mapping

from foedus.report.language import (
    text_beliefs,
    text_calls,
    text_classes,
    text_course,
    text_difference,
    text_en,
    text_expectations,
    text_fi,
    text_findings,
    text_fit,
    text_forecast,
    text_history,
    text_scores,
    text_sensitivity,
    text_verdict,
    text_what_if,
)

Text = str | tuple[str, str]

LANGUAGES = ("en", "fi")

BOTH = (
    text_beliefs, text_expectations, text_calls, text_classes, text_course, text_difference,
    text_findings,
    text_fit, text_forecast, text_history, text_scores, text_sensitivity, text_verdict,
    text_what_if,
)  # fmt: skip
"""Modules that hold both languages."""

CATALOGUES: Mapping[str, Mapping[str, Text]] = {
    "en": {**text_en.TEXTS, **{key: text for one in BOTH for key, text in one.ENGLISH.items()}},
    "fi": {**text_fi.TEXTS, **{key: text for one in BOTH for key, text in one.FINNISH.items()}},
}


def say(language: str, sentence: str, **values: object) -> str:
    """The sentence of an id, its placeholders filled in.

    Numbers must come as they are to be read (see `numbers`). `count` chooses between
    one and many: a whole number, which is shown grouped, or a text (`1`, `−1`, `0.4`), shown as it
    is. Raises `KeyError` for a language, id or placeholder that does not exist.
    """
    text = CATALOGUES[language][sentence]
    if isinstance(text, tuple):
        text = text[0] if str(values["count"]).lstrip("+−") == "1" else text[1]
    if isinstance(values.get("count"), int):
        from foedus.report.language.numbers import show_count

        values["count"] = show_count(int(str(values["count"])), language)
    return text.format_map(values)
