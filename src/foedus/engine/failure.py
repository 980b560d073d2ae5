"""What can go wrong while a model runs, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from foedus.text.source import Span


class EvaluationError(Exception):
    """A fault at one place of the case, before it is known in which run and when.

    Raised where expressions are evaluated and values land; `simulate_run` turns it into a
    `ModelError`. `subject` is what was being worked out or carried out (an event instance, the
    start, a question).
    """

    def __init__(self, message: str, span: Span | None = None, subject: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.subject = subject

    def about(self, subject: str) -> EvaluationError:
        """The same fault, with a subject if it has had none."""
        self.subject = self.subject or subject
        return self


class ModelError(Exception):
    """The model failed while running: the case is well-formed, but this run of it has no meaning.

    `message` names the event and the fault; `span` is the line of the case, `run` the run number
    and `time` the day since the start of the clock. Where several decisions are compared,
    `decision` is the place of the one whose world failed; None for the world as it is.
    """

    def __init__(
        self, message: str, span: Span | None, run: int, time: float, decision: int | None = None
    ) -> None:
        super().__init__(message, span, run, time, decision)  # so that it can be pickled
        self.message = message
        self.span = span
        self.run = run
        self.time = time
        self.decision = decision

    def __str__(self) -> str:
        place = ""
        if self.span is not None:
            place = f"{self.span.source.name}:{self.span.line}:{self.span.column}: "
        return f"{place}{self.message} (run {self.run}, day {self.time:g})"


@contextmanager
def failing_by(decision: int) -> Iterator[None]:
    """Runs in here are of the world of this decision."""
    try:
        yield
    except ModelError as fault:
        raise ModelError(fault.message, fault.span, fault.run, fault.time, decision) from None


@contextmanager
def failing_with(what_ifs: Sequence[str]) -> Iterator[None]:
    """Decisions in here are those of these what-ifs: a failure in the world of one names it."""
    try:
        yield
    except ModelError as fault:
        if fault.decision is None:
            raise
        message = f"with the what-if `{what_ifs[fault.decision]}`, {fault.message}"
        raise ModelError(message, fault.span, fault.run, fault.time) from None
