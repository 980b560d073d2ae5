"""Writing to the two streams: data to one, messages to the other."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata

from foedus.text.render import readable, wants_colour

PLAIN = {
    "\u2013": "-", "\u2212": "-", "\xb1": "+-", "\xd7": "x", "\u2265": ">=", "\u2260": "!=",
    "\u201c": '"', "\u201d": '"', "\u2026": "...",
}  # fmt: skip
"""What signs become where the terminal does not have them."""

NARROWEST, WIDEST = 40, 100
WIDTH_OF_FILES = 80
"""Columns of a text that goes to a file or another program."""


class _Told:
    """Whether this command has written data."""

    data = False


def write(text: str) -> None:
    """Write data to standard output. A reader that has seen enough is no fault."""
    _Told.data = True
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_output()
    except UnicodeEncodeError:
        write(_in_plain_signs(text, sys.stdout.encoding))
    except OSError as fault:
        _abandon_output()
        raise OSError(fault.errno, fault.strerror, "standard output") from fault


def _in_plain_signs(text: str, encoding: str) -> str:
    """A text in the signs of an encoding: letters without marks, `?` where nothing is near."""

    def plain(sign: str) -> str:
        try:
            sign.encode(encoding)
        except UnicodeEncodeError:
            letters = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
            return PLAIN.get(sign) or letters or "?"
        return sign

    return "".join(map(plain, text))


def write_json(record: object) -> None:
    """Write one JSON value and a line end to standard output. Numbers that are not finite raise."""
    write(json.dumps(record, allow_nan=False) + "\n")


def begin() -> None:
    """Forget what an earlier command of this process wrote."""
    _Told.data = False


def has_written() -> bool:
    """Whether the command has written data, so that a second JSON value would break the first."""
    return _Told.data


def tell(text: str) -> None:
    """Write a message to standard error, whatever becomes of it."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # there is nobody left to tell


def message(text: str, kind: str = "error") -> str:
    """A message in the form of a diagnostic that has no place."""
    colour = {"error": "1;31", "warning": "1;33", "note": "1"}[kind]
    head = f"\033[{colour}m{kind}\033[0m" if wants_colour(sys.stderr) else kind
    return f"{head}: {readable(text)}"


def tell_warning(warning: Warning | str) -> None:
    """Write a warning from Python code as a message."""
    tell(message(str(warning), "warning") + "\n")


def width() -> int:
    """How many columns a text for people should have."""
    if not sys.stdout.isatty():
        return WIDTH_OF_FILES
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)


def open_missing_streams() -> None:
    """Let what is written go nowhere where a stream was closed before the program began."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))


def close_standard_output() -> None:
    """Flush, so that nothing is left to fail when the interpreter ends."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        _abandon_output()


def _abandon_output() -> None:
    """Let what is still written go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
