"""`foedus prior CASE`: what the assumptions imply before any evidence, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.case import AtomBelief, Case, Citation, LocalText, Parameter
from foedus.case.reads import unread_parameters
from foedus.expr.prior import Fixed, Flag
from foedus.questions.answers import Answer, Answers
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_duration, show_figure, show_share
from foedus.report.layout import heading, item, wrap
from foedus.report.phrases.answer_text import show_answer
from foedus.report.phrases.basis import in_own_unit, show_basis
from foedus.report.phrases.names import (
    asked,
    atom_parts,
    headed,
    named_number,
    reading_name,
    show_citation,
)
from foedus.units import UNITS


def show_prior(
    case: Case, answers: Answers | None = None, language: str = "en", width: int = 80
) -> str:
    """A sentence for each parameter and explanation, then what follows for the questions.

    Without answers, only what was put in is told.
    """
    lines = wrap(say(language, "prior.title", title=headed(case, language)), width)
    if case.parameters:
        lines += heading(say(language, "prior.parameters"), width)
    unread = unread_parameters(case)
    for name, parameter in case.parameters.items():
        sentence = parameter_sentence(case, parameter, language, is_read=name not in unread)
        lines += item(sentence, width)
    if case.explanations:
        lines += heading(say(language, "prior.atoms"), width)
        for sentence in _explanations(case, language):
            lines += item(sentence, width)
    if answers is not None:
        lines += heading(say(language, "prior.follows"), width)
        for answer in answers.questions:
            lines += item(answer_sentence(case, answer, language), width)
        if not answers.questions:
            lines += wrap(say(language, "run.none-asked"), width)
        lines += heading(say(language, "run.rests"), width)
        for sentence in show_basis(case, answers, language):
            lines += item(sentence, width)
    return "\n".join(lines) + "\n"


def parameter_sentence(
    case: Case, parameter: Parameter, language: str = "en", *, is_read: bool = True
) -> str:  # fmt: skip
    """What a parameter is, what is believed of it, what that means, and what it rests on."""
    beliefs = [_belief(parameter, language)]
    meaning = _meaning(parameter, language)
    if meaning:
        beliefs.append(meaning)
    if parameter.spec.groups:
        groups = ", ".join(group.name for group in parameter.spec.groups)
        beliefs.append(say(language, "prior.each", group=groups))
    if parameter.is_default:
        beliefs.append(say(language, "prior.default"))
    if not is_read:
        beliefs.append(say(language, "prior.unread"))
    grounds = parameter.grounds
    return say(
        language, "prior.sentence", name=named_number(case, parameter.spec.name, language),
        belief="; ".join(beliefs),
        grounds=_grounds(grounds.grade, grounds.because, grounds.cites, language),
    )  # fmt: skip


def _belief(parameter: Parameter, language: str) -> str:
    prior = parameter.spec.prior
    unit = show_unit(parameter, language)
    if isinstance(prior, Flag):
        return say(language, "prior.flag", share=show_share(prior.mean, None, language))
    if isinstance(prior, Fixed):
        value = show_figure(in_own_unit(parameter, prior.value), language, 6)
        unit = show_unit(parameter, language, value)
        return say(language, "prior.fixed", value=f"{value} {unit}".rstrip())
    low, high = prior.interval(0.8)
    numbers = [in_own_unit(parameter, number) for number in (low, high, prior.median)]
    if parameter.unit == "share":
        numbers = [100.0 * number for number in numbers]
    low_text, high_text = (show_figure(number, language, 3) for number in numbers[:2])
    median = show_figure(numbers[2], language)
    if parameter.unit == "share":
        return say(language, "prior.share", low=low_text, high=high_text, median=median)
    high_text = f"{high_text} {unit}".rstrip()
    return say(language, "prior.range", low=low_text, high=high_text, median=median)


def show_unit(parameter: Parameter, language: str, number: str = "") -> str:
    """The unit of a parameter in a sentence, after a number as shown; shares have none."""
    unit = UNITS.get(parameter.unit)
    if unit is None or unit.name in ("share", "factor", "none"):
        return ""
    return say(language, f"unit.{unit.name}", count=number or 2)


def _meaning(parameter: Parameter, language: str) -> str:
    """What the median of a rate means, in time."""
    unit = UNITS.get(parameter.unit)
    median = parameter.spec.prior.median
    if unit is None or unit.time_power != -1 or median <= 0.0:
        return ""
    return say(language, "prior.every", time=show_duration(1.0 / median, None, language))


def _grounds(grade: str, because: LocalText, cites: tuple[Citation, ...], language: str) -> str:
    text = say(language, f"grade.{grade}") if grade else ""
    if because:
        reason = because.get(language).strip().rstrip(".")
        text = say(language, "prior.because", grade=text, because=reason)
    if cites:
        text += " (" + ", ".join(show_citation(citation, language) for citation in cites) + ")"
    return text


def _explanations(case: Case, language: str) -> Iterator[str]:
    beliefs = {belief.atom.name: belief for belief in case.atoms}
    for reading in case.explanations.values():
        name = reading_name(case, reading.explanation.name, language)
        atoms = [beliefs[atom] for atom in reading.explanation.atoms if atom in beliefs]
        share = show_share(sum(belief.atom.prior for belief in atoms), None, language)
        if len(atoms) == 1:
            grounds = _grounds_of(atoms[0], language)
            yield say(language, "prior.explanation-why", name=name, share=share, grounds=grounds)
            continue
        sentence = say(language, "prior.explanation", name=name, share=share)
        reasons = [
            say(language, "prior.atom", name=belief.atom.name,
                parts=atom_parts(case, belief, language),
                share=show_share(belief.atom.prior, None, language),
                grounds=_grounds_of(belief, language))
            for belief in atoms
        ]  # fmt: skip
        yield " ".join([sentence, *reasons])


def _grounds_of(belief: AtomBelief, language: str) -> str:
    grounds = belief.grounds
    return _grounds(grounds.grade, grounds.because, grounds.cites, language)


def answer_sentence(case: Case, answer: Answer, language: str = "en") -> str:
    """What the assumptions imply for a question, as sentences."""
    question = asked(case, answer.name, language)
    if answer.estimate.value is None:
        return say(language, "prior.nothing", question=question)
    shown = show_answer(case.questions[answer.name], answer, language)
    kind = answer.kind if answer.kind in ("probability", "time-until") else "number"
    if kind == "probability" and not shown.words:
        kind = "wordless"
    sentence = say(
        language, f"prior.{kind}", question=question, value=shown.value, range=shown.range,
        words=shown.words,
    )  # fmt: skip
    return " ".join([sentence, *(note[:1].upper() + note[1:] + "." for note in shown.notes)])
