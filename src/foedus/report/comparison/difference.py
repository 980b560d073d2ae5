"""What an edit of a case changed: its answers, its record, its verdict, the weights of pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from foedus.case.case import Case
from foedus.infer.verdict.no_verdict import NoVerdict
from foedus.infer.verdict.verdict import Verdict
from foedus.questions.answers import Answers
from foedus.report.comparison.disagreement import differ, show_disagreement
from foedus.report.comparison.record_changes import is_kept_otherwise, show_record_changes
from foedus.report.language.catalogue import say
from foedus.report.layout import heading, item, wrap
from foedus.report.phrases.answer_text import measure_of
from foedus.report.phrases.no_verdict import no_verdict_sentence
from foedus.report.verdict.verdicts import show_by_name, show_change


def show_difference(
    cases: Sequence[Case], names: tuple[str, str], answers: Sequence[Answers],
    verdicts: Sequence[Verdict | NoVerdict | None], language: str = "en", width: int = 80,
) -> str:  # fmt: skip
    """The answers that differ by more than chance, how the record is kept, then the verdicts.

    Old and new go by their names.

    Questions that only one of the two asks are named, and those that are measured in something else
    now; a verdict is None where none was asked for.
    """
    asked = [{one.name: one for one in found.questions} for found in answers]
    both = [name for name in asked[1] if name in asked[0]]
    common = [name for name in both if _is_measured_alike(cases, name)]
    moved = [name for name in common if differ([asked[0][name], asked[1][name]])]
    lines = heading(say(language, "difference.answers"), width)[1:]
    for place, sentence in ((0, "difference.gone"), (1, "difference.come")):
        only = [name for name in asked[place] if name not in asked[1 - place]]
        if only:
            lines += wrap(_of(only, sentence, language), width)
    if otherwise := [name for name in both if name not in common]:
        lines += wrap(_of(otherwise, "difference.otherwise", language), width)
    if moved:
        kept = [
            (name, replace(found, questions=tuple(own[question] for question in moved)))
            for name, found, own in zip(names, answers, asked, strict=True)
        ]
        lines += show_disagreement(cases[1], kept, language, width, is_moved=True)
        lines.append("")
    lines += wrap(say(language, "difference.same", count=len(common) - len(moved)), width)
    if kept_otherwise := list(show_record_changes(cases, language, width)):
        lines += [*heading(say(language, "difference.record"), width), *kept_otherwise]
    lines += _verdicts(cases, names, verdicts, language, width)
    return "\n".join(lines) + "\n"


def _is_measured_alike(cases: Sequence[Case], name: str) -> bool:
    """Whether the answers of two cases to a question of one name can be compared."""
    kinds = {(one.kind, measure_of(one)) for one in (case.questions[name] for case in cases)}
    return len(kinds) == 1


def _of(names: Sequence[str], sentence: str, language: str) -> str:
    return say(language, sentence, questions=", ".join(f"`{name}`" for name in names))


def _verdicts(
    cases: Sequence[Case], names: tuple[str, str], verdicts: Sequence[Verdict | NoVerdict | None],
    language: str, width: int,
) -> Iterator[str]:  # fmt: skip
    """The verdicts, and why there is none; nothing of cases without explanations."""
    old, new = verdicts
    if old is None or new is None or not any(case.explanations for case in cases):
        return
    if isinstance(old, Verdict) and isinstance(new, Verdict):
        led = "same" if old.turning.leader == new.turning.leader else "other"
        yield from heading(say(language, f"difference.verdict-{led}"), width)
        if old.is_judged_anew or new.is_judged_anew:
            yield from wrap(say(language, "verdict.anew-each"), width)
        for name, verdict in zip(names, (old, new), strict=True):
            yield from show_by_name(cases[1], name, verdict, language, width)
        yield from show_change(
            cases, old, new, language, width, is_kept_otherwise=is_kept_otherwise(*cases)
        )
        return
    yield from heading(say(language, "difference.verdict"), width)
    for case, name, one in zip(cases, names, (old, new), strict=True):
        if isinstance(one, Verdict):
            yield from show_by_name(case, name, one, language, width)
        else:
            yield from item(f"{name}: {no_verdict_sentence(case, one, language)}", width)
