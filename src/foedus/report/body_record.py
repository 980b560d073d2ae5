"""The record of a body around a case, in sentences, tables and a record: nothing in it is typed."""

from __future__ import annotations

from foedus.history.requests import Request
from foedus.questions.fits.calls import Effect
from foedus.questions.fits.record import BodyRecord
from foedus.report.fits import percent, ranged, share_record
from foedus.report.layout import heading, wrap
from foedus.report.table import show_table


def show_body_record(record: BodyRecord, width: int) -> str:
    """Was it a paper tiger, was its answer a step, what came next, and how do others answer?"""
    blocks: list[str] = []
    for title, lines in (
        ("Before: was it a paper tiger?", before_lines(record)),
        ("The call and its answer: was it a step?", step_lines(record)),
        ("The next calls", later_lines(record)),
        ("How others answered when called", ()),
    ):
        blocks.append("\n".join(heading(title, width)).lstrip("\n"))
        blocks += ["\n".join(wrap(line, width)) for line in lines]
    blocks += [_others(record, width), "\n".join(wrap(_LEGEND, width))]
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


_LEGEND = (
    "Chances in per cent with the 80 % range, from one hierarchical fit of calls that were the "
    "government's own (`foedus history fit`); help in part and mere threats count as refused. Each "
    "chance uses only what was known by its day."
)


def before_lines(record: BodyRecord) -> tuple[str, ...]:
    """What the body's own record says, and what the others' lets expect."""
    body, calls = record.asked.body, record.earlier
    if not calls:
        return (
            f"No call on {body} was known before {record.asked.before.isoformat()}; from the "
            f"others, the next is taken up with probability {ranged(record.others_say)} %.",
        )
    granted = sum(each.decision == "granted" for each in calls)
    lines = [
        f"{len(calls)} {_calls(len(calls))} on {body} by {record.asked.before.isoformat()}, "
        f"{granted} taken up: {_names(calls)}.",
        f"By what others did it would take up the next with probability "
        f"{ranged(record.others_say)} %; with its own record, {ranged(record.before)} %.",
    ]
    if record.chance_of_record is not None:
        lines.append(
            "Had it been like the others, so many refusals in a row had a probability of "
            f"{percent(record.chance_of_record)} %."
        )
    return tuple(lines)


def step_lines(record: BodyRecord) -> tuple[str, ...]:
    """The two numbers: what its answer taught us, and what the answer changed."""
    own = record.asked.own
    if own is None or record.learned is None or record.after is None:
        return ("The case's own call is not among the calls of the table.",)
    belief, change = record.belief_moved, record.body_moved
    assert belief is not None
    assert change is not None
    what = "having acted" if own.decision == "granted" else "having refused"
    name, effect = (
        ("success-lifts", record.lifts) if own.decision == "granted"
        else ("refusal-sinks", record.sinks)
    )  # fmt: skip
    return (
        f"{own.case_id} was {own.decision}, of which the chance had been "
        f"{percent(record.before.mean)} %.",
        f"What that taught about how willing it was all along: {_points(belief)}, from "
        f"{percent(record.before.mean)} to {percent(record.learned.mean)} %.",
        f"What {what} changed by itself: {_points(change)}, from {percent(record.learned.mean)} "
        f"to {ranged(record.after)} %.",
        _effect(name, effect),
    )


def _effect(name: str, effect: Effect) -> str:
    """How far the record has settled a change of log odds."""
    (was, was_sd), (now, sd) = effect.before, effect.after
    side = "on either side of none" if abs(now) < 2.0 * sd else "on one side of none"
    return (
        f"The latter rests on `{name}`: {now:+.2f} ± {sd:.2f} in log odds from the calls of all "
        f"bodies, {was:+.2f} ± {was_sd:.2f} beforehand; it lies {side} (two standard deviations)."
    )


def _points(change: float) -> str:
    return f"{100 * change:+.0f} percentage points" if abs(change) >= 0.005 else "nothing"


def later_lines(record: BodyRecord) -> tuple[str, ...]:
    """Each later call with its chance on its day, and what came."""
    if not record.later:
        return ("None in the table.",)
    return tuple(
        f"{one.request.case_id} ({one.request.asked.isoformat()}, {one.request.requester}): "
        f"{one.request.decision}; the chance that it would be taken up was "
        f"{ranged(one.expected)} %."
        for one in record.later
    )


def other_lines(record: BodyRecord, names: tuple[str, ...]) -> tuple[str, ...]:
    """A sentence for each of some other bodies."""
    return tuple(
        f"{one.body}: {one.granted} of {one.calls} {_calls(one.calls)} taken up before "
        f"{record.asked.before.isoformat()} "
        f"({', '.join(f'{call} {what}' for call, what in one.asked)}); the next with probability "
        f"{ranged(one.expected)} %."
        for one in record.others
        if one.body in names
    )


def _others(record: BodyRecord, width: int) -> str:
    rows = [
        (one.body, f"{one.granted} of {one.calls}", ranged(one.expected),
         ", ".join(f"{call} {what}" for call, what in one.asked))
        for one in record.others
    ]  # fmt: skip
    if not rows:
        return "None in the table before that day."
    return show_table(("body", "taken up", "the next", "calls"), rows, width, right="lrrl")


def _calls(count: int) -> str:
    return "call" if count == 1 else "calls"


def _names(calls: tuple[Request, ...]) -> str:
    return ", ".join(f"{each.case_id} {each.decision}" for each in calls)


def body_record(record: BodyRecord) -> dict[str, object]:
    """The record for `--json`."""
    own = record.asked.own
    return {
        "case": record.asked.case,
        "body": record.asked.body,
        "before": record.asked.before.isoformat(),
        "own": None if own is None else {"id": own.case_id, "decision": own.decision},
        "earlier": [{"id": each.case_id, "decision": each.decision} for each in record.earlier],
        "others_say": share_record(record.others_say),
        "chance": share_record(record.before),
        "chance_of_record": record.chance_of_record,
        "learned": None if record.learned is None else share_record(record.learned),
        "after": None if record.after is None else share_record(record.after),
        "belief_moved": record.belief_moved,
        "body_moved": record.body_moved,
        "success_lifts": {"before": record.lifts.before, "after": record.lifts.after},
        "refusal_sinks": {"before": record.sinks.before, "after": record.sinks.after},
        "later": [
            {
                "id": one.request.case_id, "asked": one.request.asked.isoformat(),
                "decision": one.request.decision, "chance": share_record(one.expected),
            }
            for one in record.later
        ],
        "others": [
            {
                "body": one.body, "granted": one.granted, "calls": one.calls,
                "chance": share_record(one.expected), "asked": [list(pair) for pair in one.asked],
            }
            for one in record.others
        ],
    }  # fmt: skip
