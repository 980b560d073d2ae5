"""How commands end: exit codes, and a message for whatever goes wrong."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

import click

from foedus import __version__
from foedus.cli.interrupt import INTERRUPTED
from foedus.cli.output import (
    begin,
    close_standard_output,
    has_written,
    message,
    tell,
    write,
    write_json,
)
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.diagnostic import (
    CaseError,
    Diagnostic,
    Label,
    NoAnswerError,
    SettingsError,
)
from foedus.text.render import as_json as diagnostics_as_json
from foedus.text.render import as_text, excerpt, readable, wants_colour

FINE = 0
CASE_HAS_ERRORS = 1
WRONG_USAGE = 2
NO_ANSWER = 3
MODEL_FAILED = 4
FILE_FAILED = 5
INTERNAL = 70


def code_of(diagnostics: Sequence[Diagnostic]) -> int:
    """The exit code that diagnostics stand for."""
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.is_error]
    # A file that a case names is part of the case; the case's own file has no text if unread.
    unread = (d.code is Code.FILE_UNREADABLE and not d.primary.span.source.text for d in errors)
    if any(unread):
        return FILE_FAILED
    return CASE_HAS_ERRORS if errors else FINE


def exit_code(call: Callable[[], object], *, as_json: bool = False) -> int:
    """The exit code of a command, after a message if it failed. Nothing gets past this.

    With `as_json` what went wrong also goes to standard output, as one JSON value, unless the
    command had written its own already.
    """
    begin()
    try:
        result = call()
        return result if isinstance(result, int) else FINE
    except click.exceptions.NoArgsIsHelpError as fault:
        tell(fault.format_message() + "\n")
        return WRONG_USAGE
    except CaseError as fault:
        tell(as_text(fault.diagnostics, colour=wants_colour(sys.stderr)))
        if as_json and not has_written():
            write(diagnostics_as_json(fault.diagnostics))
        return code_of(fault.diagnostics)
    except (click.Abort, KeyboardInterrupt):
        tell("interrupted\n")
        return INTERRUPTED
    except Exception as fault:  # noqa: BLE001 - the last line of defence: no traceback for users
        failed = failure_of(fault)
        tell(failed.usage + message(failed.message) + "\n" + failed.more)
        if failed.places:
            tell(excerpt(*failed.places, colour=wants_colour(sys.stderr)))
        if failed.cure:
            tell(f"help: {readable(failed.cure)}\n")
        if as_json and not has_written():
            write_json({"error": failed.as_record()})
        return failed.code
    finally:
        close_standard_output()


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong: the exit code, the clause, where in the case, and what to do about it.

    `usage` stands before the message and `more` after it, for people only. `cause` is the id of a
    refusal that reports have words for, with its `values`.
    """

    code: int
    message: str
    places: tuple[Label, ...] = ()
    cure: str | None = None
    usage: str = ""
    more: str = ""
    cause: str | None = None
    values: Mapping[str, str | float] = field(default_factory=dict)

    def as_record(self) -> dict[str, object]:
        """The failure for `--json`."""
        span = self.places[0].span if self.places else None
        return {
            "code": self.code,
            "message": readable(self.message),
            "file": None if span is None else span.source.name,
            "line": None if span is None else span.line,
            "column": None if span is None else span.column,
            "help": None if self.cure is None else readable(self.cure),
            "cause": self.cause,
            "values": dict(self.values),
        }


def failure_of(fault: Exception) -> Failure:
    """What an exception stands for."""
    if isinstance(fault, click.UsageError):
        usage = fault.ctx.get_usage() + "\n" if fault.ctx is not None else ""
        where = f"{fault.ctx.command_path} --help" if fault.ctx is not None else "foedus --help"
        return Failure(WRONG_USAGE, _clause(fault), cure=f"`{where}`", usage=usage)
    if isinstance(fault, SettingsError):
        return Failure(WRONG_USAGE, str(fault))
    if isinstance(fault, NoAnswerError):
        return Failure(
            NO_ANSWER, str(fault), fault.places, fault.cure, cause=fault.cause,
            values=fault.values,
        )  # fmt: skip
    if isinstance(fault, OSError):
        return Failure(FILE_FAILED, _file_fault(fault))
    return _model_failed(fault) or _not_exact(fault) or _internal(fault)


def _clause(fault: click.UsageError) -> str:
    """Click's sentence as the clause that messages here are."""
    text = fault.format_message().rstrip(".")
    for kind, plain in (("integer", "a whole number"), ("float", "a number")):
        text = text.replace(f"a valid {kind} range", plain).replace(f"a valid {kind}", plain)
    text = re.sub(r"is not in the range x>=(\S+)$", r"is less than \1", text)
    text = re.sub(r"is not in the range (\S+)<=x<=(\S+)$", r"is not between \1 and \2", text)
    return text[:1].lower() + text[1:]


def _file_fault(fault: OSError) -> str:
    name = f"`{fault.filename}`" if fault.filename is not None else "a file"
    return f"{name} could not be read or written: {(fault.strerror or str(fault)).lower()}"


def _model_failed(fault: Exception) -> Failure | None:
    """A run without meaning, None for other faults; imports no engine."""
    failure = sys.modules.get("foedus.engine.failure")
    if failure is None or not isinstance(fault, failure.ModelError):
        return None
    told = f"the model failed in run {fault.run} on day {fault.time:g}: {fault.message}"
    return Failure(MODEL_FAILED, told, () if fault.span is None else (Label(fault.span),))


def _not_exact(fault: Exception) -> Failure | None:
    """That there is no exact answer, None for other faults; loads nothing."""
    refusal = sys.modules.get("foedus.exact.refusal")
    if refusal is None or not isinstance(fault, refusal.NotExactError):
        return None
    reason = fault.refusal
    places = () if reason.span is None else (Label(reason.span),)
    return Failure(NO_ANSWER, f"no exact answer: {reason.reason}", places, reason.cure)


def _internal(fault: Exception) -> Failure:
    place = traceback.extract_tb(fault.__traceback__)[-1]
    version = ".".join(map(str, sys.version_info[:3]))
    more = (
        f"  {type(fault).__name__}: {readable(str(fault))}\n"
        f"  at {os.path.basename(place.filename)}:{place.lineno} in {place.name}\n"
        "note: please report these lines and the command you gave, with the case if you can\n"
        f"note: Foedus {__version__}, Python {version}, {sys.platform}; "
        "FOEDUS_DEBUG=1 shows the whole trace\n"
    )
    if os.environ.get("FOEDUS_DEBUG") == "1":
        more += "".join(traceback.format_exception(fault))
    return Failure(INTERNAL, "this is a fault of Foedus, not of your case", more=more)
