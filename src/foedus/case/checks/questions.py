"""Can each question be answered, and by something that could be observed?"""

from __future__ import annotations

from foedus.case.bounds import Reach, declared_context
from foedus.case.case import Case, Question
from foedus.case.reads import names_in
from foedus.expr.interval import Context, refine, truth
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def questions_can_be_answered(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """No question about a latent quantity (semantics 26), none with a certain answer."""
    declared = declared_context(case)
    for question in case.questions.values():
        _verify_measurable(case, question, diagnostics)
        is_open = _verify_conditions(question, declared, diagnostics, is_error=True)
        if is_open and not any(what_if.replaces for what_if in case.what_ifs.values()):
            _verify_conditions(question, found.context, diagnostics, is_error=False)


def _verify_measurable(case: Case, question: Question, diagnostics: Diagnostics) -> None:
    read = names_in([question.expression, question.origin, question.given])
    for name in sorted(read.variables):
        variable = case.state.get(name)
        if variable is None or not variable.spec.is_latent or question.span is None:
            continue
        other = [(variable.spec.span, "declared latent here")] if variable.spec.span else []
        diagnostics.error(
            Code.NOT_MEASURABLE,
            question.span,
            f"nobody can observe `{name}`, so nobody could check the answer",
            label="reads a latent variable",
            other=other,
            help="ask about named opportunities that show it, such as how many of n chances "
            "went one way",
        )


def _verify_conditions(
    question: Question, context: Context, diagnostics: Diagnostics, *, is_error: bool
) -> bool:
    """Whether the answer is open, as far as the context tells.

    What is so by declaration is an error; what only follows from the events is a warning.
    """
    note = diagnostics.error if is_error else diagnostics.warning
    cure = "ask about something that may be so or not"
    for key, condition in (("given", question.given), ("from", question.origin)):
        if condition is not None and truth(condition, context) is False:
            message = f"the `{key}` of the question `{question.name}` is never so"
            if span := condition.span or question.span:
                note(Code.QUESTION_IMPOSSIBLE, span, message, label="never holds", help=cure)
            return False
    if question.kind not in ("probability", "time-until"):
        return True
    inner = context if question.given is None else refine(context, question.given)
    decided = truth(question.expression, inner)
    if decided is not None and question.span is not None:
        answer = "always" if decided else "never"
        message = f"the question `{question.name}` has only one answer: this is {answer} so"
        place = question.span
        note(Code.QUESTION_IMPOSSIBLE, place, message, label=f"{answer} holds", help=cure)
    return decided is None
