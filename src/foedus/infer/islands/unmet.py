"""Why no run agrees with a record: at which piece, and what that piece would have taken."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.jump.model import JumpModel
from foedus.jump.record import Record, Sighting
from foedus.text.diagnostic import Label, NoAnswerError

MESSAGES = {
    "unmet": (
        "from {step} on no run agrees with the record under any explanation: what it says cannot "
        "happen in this model, or too rarely to be met with; `--particles` takes more"
    ),
    "unmet-silence": (
        "before {step} becomes known no run agrees with the record any more under any explanation: "
        "in each something has happened by then that a complete record would hold, and that it "
        "does not; `--particles` takes more"
    ),
    "unmet-end": (
        "no run agrees with the record to its end under any explanation: in each something has "
        "happened by then that a complete record would hold, and that it does not; `--particles` "
        "takes more"
    ),
    "impossible": (
        "the record cannot happen in this model under any explanation: from {step} on its "
        "probability is 0"
    ),
    "impossible-silence": (
        "the record cannot happen in this model under any explanation: before {step} becomes known "
        "something must have happened that a complete record would hold, and that it does not"
    ),
    "impossible-end": (
        "the record cannot happen in this model under any explanation: by its end something must "
        "have happened that a complete record would hold, and that it does not"
    ),
}


def nothing_agrees(
    step: str, later: Sequence[str], model: JumpModel, record: Record, *, is_exact: bool
) -> NoAnswerError:
    """What to raise where from `step` on nothing is left; `later` are the steps that follow it.

    It points at the item, and at the condition without which its event cannot happen. A silence has
    no place of its own: it is named by the piece before which it became known.
    """
    is_silence = step.startswith("silence:")
    piece = f"`{later[0] if is_silence and later else step}`"
    cause = "impossible" if is_exact else "unmet"
    if is_silence:
        cause += "-silence" if later else "-end"
    fault = NoAnswerError(MESSAGES[cause].format(step=piece), cause, step=piece)
    if is_silence:
        fault.cure = (
            "add what happened by then to `evidence`, or say under `record` that the record of it "
            "is complete in a shorter span, or not complete"
        )
        return fault
    item = next((one for one in record.sightings if one.id == step), None)
    if item is not None and item.span is not None:
        fault.places = (Label(item.span, "no run comes to this"), *_conditions(item, model))
        fault.cure = (
            "read a course that agrees with all that was known before, and look for what it lacks: "
            f"`foedus simulate {item.span.source.in_commands} --as-of DATE --course 1`"
        )
    return fault


def _conditions(item: Sighting, model: JumpModel) -> list[Label]:
    """Where stands what must hold for the event of an item to happen."""
    if item.kind != "happened" or item.target is None:
        return []
    guards = [kind.guard for kind in model.kinds if kind.name == item.target.kind]
    return [
        Label(guard.span, "it happens only where this holds")
        for guard in guards
        if guard is not None and guard.span is not None
    ]
