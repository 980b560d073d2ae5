"""What is told of a class of past cases that cannot be used."""

from __future__ import annotations


class ClassError(ValueError):
    """A class that cannot be counted, or a condition that is none: why, and the cure."""

    def __init__(self, message: str, help: str) -> None:  # noqa: A002 - as in a diagnostic
        super().__init__(message)
        self.message = message
        self.help = help
