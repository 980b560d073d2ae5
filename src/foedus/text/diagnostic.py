"""What is wrong with a case, said once, as data: code, place, cause, cure.

Prose is made from these in `foedus.text.render`; machines read `as_record`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace

from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.source import Span

MOST_FAULTS = 100
"""After so many faults of a file the rest is not looked at: nobody reads more."""

MOST_PLACES = 5
"""So many more places of one fault are shown."""
OF_NAMES = frozenset(
    {
        Code.BAD_NAME, Code.UNKNOWN_ACTOR, Code.UNKNOWN_OFFICE, Code.UNKNOWN_ALLIANCE,
        Code.UNKNOWN_GROUP, Code.UNKNOWN_SOURCE, Code.UNKNOWN_EVENT, Code.UNKNOWN_PARAMETER,
        Code.UNKNOWN_MECHANISM, Code.UNKNOWN_NAME,
    }
)  # fmt: skip
"""Faults that are those of a name, wherever it is used."""


@dataclass(frozen=True, slots=True)
class Label:
    """A place and what is to be seen there."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault of one place.

    `message` states the fault in one clause (lower case, no full stop, backticks round the user's
    words); `help` says how to cure it, with the corrected text; `secondary` shows the other half of
    a conflict.
    """

    code: Code
    message: str
    primary: Label
    secondary: tuple[Label, ...] = ()
    help: str | None = None
    is_error: bool = True

    def as_record(self) -> dict[str, object]:
        """The diagnostic as the JSON contract has it."""
        span = self.primary.span
        return {
            "code": self.code.value,
            "severity": "error" if self.is_error else "warning",
            "message": self.message,
            "file": span.source.name,
            "line": span.line,
            "column": span.column,
            "help": self.help,
        }


@dataclass(slots=True)
class Diagnostics:
    """The faults found so far. The one thing in the front end that grows."""

    found: list[Diagnostic] = field(default_factory=list)

    def error(
        self,
        code: Code,
        span: Span,
        message: str,
        *,
        label: str = "",
        help: str | None = None,  # noqa: A002 - the field's name in the JSON contract
        other: Iterable[tuple[Span, str]] = (),
    ) -> None:
        """Note an error."""
        labels = tuple(Label(place, text) for place, text in other)
        self._add(Diagnostic(code, _one_line(message), Label(span, label), labels, help))

    def warning(
        self,
        code: Code,
        span: Span,
        message: str,
        *,
        label: str = "",
        help: str | None = None,  # noqa: A002 - the field's name in the JSON contract
        other: Iterable[tuple[Span, str]] = (),
    ) -> None:
        """Note something that is allowed but probably not meant."""
        labels = tuple(Label(place, text) for place, text in other)
        self._add(Diagnostic(code, _one_line(message), Label(span, label), labels, help, False))

    def _add(self, diagnostic: Diagnostic) -> None:
        self.found.append(diagnostic)
        if len(self.found) >= MOST_FAULTS:
            raise TooManyFaultsError

    @property
    def has_errors(self) -> bool:
        """Whether any of them is an error."""
        return any(diagnostic.is_error for diagnostic in self.found)

    def in_order(self) -> tuple[Diagnostic, ...]:
        """All of them by place, each once; a name that is unknown in several places is one."""

        def place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
            span = diagnostic.primary.span
            return span.source.name, span.start, span.end, diagnostic.code.value

        unique: dict[tuple[object, ...], Diagnostic] = {}
        for diagnostic in sorted(self.found, key=place):
            span = diagnostic.primary.span
            key: tuple[object, ...] = (*place(diagnostic), diagnostic.message)
            if diagnostic.code in OF_NAMES and len(self.found) < MOST_FAULTS:
                key = (span.source.name, span.text)
            first = unique.setdefault(key, diagnostic)
            if first.primary.span != span and len(first.secondary) < MOST_PLACES:
                also = (*first.secondary, Label(span, "also here"))
                unique[key] = replace(first, secondary=also)
        return tuple(unique.values())


def _one_line(message: str) -> str:
    """A message on one line, whatever a user's words in it hold."""
    return message if message.isprintable() else " ".join(message.split())


class TooManyFaultsError(Exception):
    """There are `MOST_FAULTS` faults. Caught where a file is parsed and where a case is checked."""


class CaseError(Exception):
    """A case with errors, carrying all of them. Raised by the Python interface only."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        first = next(d for d in diagnostics if d.is_error)
        span = first.primary.span
        count = sum(d.is_error for d in diagnostics)
        more = f" (and {count - 1} more)" if count > 1 else ""
        super().__init__(f"{span.source.name}:{span.line}:{span.column}: {first.message}{more}")
        self.diagnostics = diagnostics


class SettingsError(ValueError):
    """A wrong call: something is asked for that the case does not have, or that makes no sense."""


class NoAnswerError(Exception):
    """There is no answer that means anything: noise would decide, or there is nothing to go by.

    The message says why. Where reports have words of their own for it, `cause` is the id of these
    (`refusal.CAUSE`), and `values` are what they are filled in with. `places` are those in the case
    that show why, the first of them at fault, and `cure` says what to do about it.
    """

    places: tuple[Label, ...] = ()
    cure: str | None = None

    def __init__(
        self, message: str, cause: str | None = None, **values: str | float
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.cause, self.values = cause, values


class NoiseError(NoAnswerError):
    """Noise would decide: more of the same might not leave it so."""


class InternalError(Exception):
    """A fault of Foedus itself: a checked case that could not be lowered or run."""
