"""Can each question be answered, and by something that could be observed?"""

from __future__ import annotations

from foedus.case.bounds import declared_context
from foedus.case.case import Case, Question
from foedus.case.reads import names_in
from foedus.expr.interval import truth
from foedus.expr.tree import Expression
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def questions_can_be_answered(case: Case, diagnostics: Diagnostics) -> None:
    """No question about a latent quantity (semantics 26), none with a certain answer."""
    for question in case.questions.values():
        _verify_measurable(case, question, diagnostics)
        if question.kind in ("probability", "time-until"):
            _verify_open(case, question, question.expression, diagnostics)


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
            f"`{name}` is latent: nobody could check the answer",
            label="not measurable",
            other=other,
            help="ask about named opportunities that show it, such as how many of n chances "
            "went one way",
        )


def _verify_open(
    case: Case, question: Question, condition: Expression, diagnostics: Diagnostics
) -> None:
    decided = truth(condition, declared_context(case))
    if decided is None or question.span is None:
        return
    word = "always holds" if decided else "can never hold"
    diagnostics.error(
        Code.QUESTION_IMPOSSIBLE,
        question.span,
        f"the question `{question.name}` is no question",
        label=f"this {word}",
        help="ask about something that may be so or not",
    )
