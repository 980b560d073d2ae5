"""How commands end: exit codes, and a message for whatever goes wrong."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence

import click

from foedus import __version__
from foedus.cli.interrupt import INTERRUPTED
from foedus.cli.output import close_standard_output, message, tell
from foedus.text.codes import Code
from foedus.text.diagnostic import (
    CaseError,
    Diagnostic,
    Label,
    NoAnswerError,
    SettingsError,
)
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


def exit_code(call: Callable[[], object]) -> int:
    """The exit code of a command, after a message if it failed. Nothing gets past this."""
    try:
        result = call()
        return result if isinstance(result, int) else FINE
    except click.exceptions.NoArgsIsHelpError as fault:
        tell(fault.format_message() + "\n")
        return WRONG_USAGE
    except click.UsageError as fault:
        usage = fault.ctx.get_usage() + "\n" if fault.ctx is not None else ""
        where = f"{fault.ctx.command_path} --help" if fault.ctx is not None else "foedus --help"
        tell(f"{usage}{message(_clause(fault))}\nhelp: `{where}`\n")
        return WRONG_USAGE
    except SettingsError as fault:
        tell(message(str(fault)) + "\n")
        return WRONG_USAGE
    except NoAnswerError as fault:
        tell(message(str(fault)) + "\n")
        if fault.places:
            tell(excerpt(*fault.places, colour=wants_colour(sys.stderr)))
        if fault.cure:
            tell(f"help: {readable(fault.cure)}\n")
        return NO_ANSWER
    except CaseError as fault:
        tell(as_text(fault.diagnostics, colour=wants_colour(sys.stderr)))
        return code_of(fault.diagnostics)
    except OSError as fault:
        tell(message(_file_fault(fault)) + "\n")
        return FILE_FAILED
    except (click.Abort, KeyboardInterrupt):
        tell("interrupted\n")
        return INTERRUPTED
    except Exception as fault:  # noqa: BLE001 - the last line of defence: no traceback for users
        return _model_failed(fault) or _not_exact(fault) or _internal(fault)
    finally:
        close_standard_output()


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


def _model_failed(fault: Exception) -> int | None:
    """The code for a run without meaning, None for other faults; imports no engine."""
    failure = sys.modules.get("foedus.engine.failure")
    if failure is None or not isinstance(fault, failure.ModelError):
        return None
    tell(
        message(f"the model failed in run {fault.run} on day {fault.time:g}: {fault.message}")
        + "\n"
    )
    if fault.span is not None:
        tell(excerpt(Label(fault.span), colour=wants_colour(sys.stderr)))
    return MODEL_FAILED


def _not_exact(fault: Exception) -> int | None:
    """The code where there is no exact answer, None for other faults; loads nothing."""
    refusal = sys.modules.get("foedus.exact.refusal")
    if refusal is None or not isinstance(fault, refusal.NotExactError):
        return None
    reason = fault.refusal
    tell(message(f"no exact answer: {reason.reason}") + "\n")
    if reason.span is not None:
        tell(excerpt(Label(reason.span), colour=wants_colour(sys.stderr)))
    if reason.cure:
        tell(f"help: {readable(reason.cure)}\n")
    return NO_ANSWER


def _internal(fault: Exception) -> int:
    place = traceback.extract_tb(fault.__traceback__)[-1]
    version = ".".join(map(str, sys.version_info[:3]))
    tell(
        message("this is a fault of Foedus, not of your case")
        + f"\n  {type(fault).__name__}: {readable(str(fault))}\n"
        + f"  at {os.path.basename(place.filename)}:{place.lineno} in {place.name}\n"
        + "note: please report these lines and the command you gave, with the case if you can\n"
        + f"note: Foedus {__version__}, Python {version}, {sys.platform}; "
        + "FOEDUS_DEBUG=1 shows the whole trace\n"
    )
    if os.environ.get("FOEDUS_DEBUG") == "1":
        tell("".join(traceback.format_exception(fault)))
    return INTERNAL
