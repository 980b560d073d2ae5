"""The one error of this package: what is wrong with a text, where in it, and how to write it."""

from __future__ import annotations

LONGEST_TEXT = 64


class DateError(ValueError):
    """A date, zone or duration that cannot be read, with the place in its text.

    `message` states the fault in one clause, `help` the cure, and `start` to `end` (end excluded)
    are the offsets of the faulty part in the text that was given. Callers turn it into a
    diagnostic of the case file.
    """

    def __init__(self, message: str, help: str, start: int, end: int) -> None:  # noqa: A002
        super().__init__(message, help, start, end)
        self.message = message
        self.help = help
        self.start = start
        self.end = end

    def __str__(self) -> str:
        return self.message

    def shifted(self, offset: int) -> DateError:
        """The same error in a longer text, in which this one's text starts at `offset`."""
        return DateError(self.message, self.help, self.start + offset, self.end + offset)


class ReversedError(DateError):
    """An interval whose end comes before its start."""


def check_characters(text: str, noun: str, example: str) -> None:
    """Nothing, if `text` is short printable ASCII; otherwise a `DateError` that names the fault.

    Comes before any pattern or conversion, so that digits of other scripts and endless texts cost
    nothing and mean nothing. `noun` says what was expected (`date`), `example` how one looks.
    """
    write = f"write a {noun} such as `{example}`"
    if not text.strip():
        raise DateError(f"the {noun} is empty", write, 0, len(text))
    if len(text) > LONGEST_TEXT:
        message = f"a {noun} of {len(text)} characters is longer than {LONGEST_TEXT}"
        raise DateError(message, write, LONGEST_TEXT, len(text))
    for place, character in enumerate(text):
        if not " " <= character <= "~":
            shown = f"`{character}`" if character.isprintable() else "the character"
            message = f"{shown} (U+{ord(character):04X}) cannot stand in a {noun}"
            raise DateError(message, write, place, place + 1)
