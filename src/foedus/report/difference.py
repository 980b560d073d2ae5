"""What an edit of a case changed: its answers, its verdict, the weights of single pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from foedus.case.case import Case
from foedus.infer.verdict import Verdict
from foedus.questions.answers import Answers
from foedus.report.catalogue import say
from foedus.report.disagreement import differ, show_disagreement
from foedus.report.layout import heading, wrap
from foedus.report.verdicts import show_change, show_verdicts


def show_difference(
    cases: Sequence[Case], names: tuple[str, str], answers: Sequence[Answers],
    verdicts: Sequence[Verdict | None], language: str = "en", width: int = 80,
) -> str:  # fmt: skip
    """The answers that differ by more than chance, then the verdicts; old and new by their names.

    Questions that only one of the two asks are named.
    """
    asked = [{one.name: one for one in found.questions} for found in answers]
    common = [name for name in asked[1] if name in asked[0]]
    moved = [name for name in common if differ([asked[0][name], asked[1][name]])]
    lines = heading(say(language, "difference.answers"), width)[1:]
    for place, sentence in ((0, "difference.gone"), (1, "difference.come")):
        only = [name for name in asked[place] if name not in asked[1 - place]]
        if only:
            listed = ", ".join(f"`{name}`" for name in only)
            lines += wrap(say(language, sentence, questions=listed), width)
    if moved:
        kept = [
            (name, replace(found, questions=tuple(own[question] for question in moved)))
            for name, found, own in zip(names, answers, asked, strict=True)
        ]
        lines += show_disagreement(cases[1], kept, language, width)
    lines += wrap(say(language, "difference.same", count=len(common) - len(moved)), width)
    old, new = verdicts
    if old is not None and new is not None:
        lines += heading(say(language, "difference.verdict"), width)
        pairs = list(zip(names, (old, new), strict=True))
        lines += show_verdicts(cases[1], pairs, language, width).splitlines()
        lines += show_change(cases[1], old, new, language, width)
    return "\n".join(lines) + "\n"
