"""The sentences of `foedus test`, in both languages, under the same ids."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str | tuple[str, str]] = {
    "test.case": (
        "{case}: {met} of 1 expectation met",
        "{case}: {met} of {count} expectations met",
    ),
    "test.case-none": "{case}: runs; nothing is expected of it",
    "test.met": "met",
    "test.failed": "FAILED",
    "test.one": "{verdict}: {question} {value}, expected {bounds}",
    "test.between": "{low} to {high}",
    "test.at-least": "at least {low}",
    "test.at-most": "at most {high}",
    "test.no-answer": "no run counts",
    "test.value": "{value} ± {error}",
    "test.under": "under `{name}`",
    "test.what-if": "with `{name}`",
    "test.set": "`{name}` at {value}",
    "test.where": "{question} ({where})",
    "test.because": "because {because}",
}
FINNISH: Mapping[str, str | tuple[str, str]] = {
    "test.case": (
        "{case}: {met}/1 odotuksesta täyttyy",
        "{case}: {met}/{count} odotuksesta täyttyy",
    ),
    "test.case-none": "{case}: toimii; siltä ei odoteta mitään",
    "test.met": "täyttyy",
    "test.failed": "EI TÄYTY",
    "test.one": "{verdict}: {question} {value}, odotettu {bounds}",
    "test.between": "{low} … {high}",
    "test.at-least": "vähintään {low}",
    "test.at-most": "enintään {high}",
    "test.no-answer": "yksikään ajo ei täytä ehtoa",
    "test.value": "{value} ± {error}",
    "test.under": "selityksenä `{name}`",
    "test.what-if": "entä jos `{name}`",
    "test.set": "`{name}` arvossa {value}",
    "test.where": "{question} ({where})",
    "test.because": "peruste: {because}",
}
