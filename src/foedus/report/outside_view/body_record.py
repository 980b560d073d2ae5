"""The record of a body around a case, in sentences, tables and a record: nothing in it is typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from foedus.case.case import Case
from foedus.history.requests import Request, requests
from foedus.questions.fits.calls import Effect, Share
from foedus.questions.fits.of_case import Asked, asked_in
from foedus.questions.fits.record import BodyRecord, Other, record_of
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import (
    show_date,
    show_figure,
    show_month,
    show_share,
    show_share_range,
    show_year,
)
from foedus.report.layout import heading, wrap
from foedus.report.outside_view.fits import ranged, share_record
from foedus.report.outside_view.table import show_table
from foedus.report.phrases.class_words import show_body, show_value
from foedus.report.phrases.written import show_belief

PARTS = ("before", "step", "next", "others")


def body_record_of(case: Case) -> BodyRecord | None:
    """The record of the body that a case calls on, from the table that ships; None for a case that
    calls on none."""
    asked = asked_in(case, requests())
    return None if asked is None else _record(asked)


@lru_cache(maxsize=4)
def _record(asked: Asked) -> BodyRecord:
    return record_of(asked, requests())


def show_body_record(record: BodyRecord, width: int, language: str, parts: Sequence[str]) -> str:
    """Was it a paper tiger, was its answer a step, what came next, and how do others answer?"""
    blocks: list[str] = []
    for part in parts:
        title = say(language, f"calls.{part}", body=show_body(record.asked.body, language))
        blocks.append("\n".join(heading(title, width)).lstrip("\n"))
        if part == "others":
            blocks.append(_others(record, width, language))
        else:
            lines = part_lines(record, part, language)
            blocks += ["\n".join(wrap(line, width)) for line in lines]
    blocks.append("\n".join(wrap(say(language, "calls.legend"), width)))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def part_lines(record: BodyRecord, part: str, language: str = "en") -> tuple[str, ...]:
    """What a part says, in sentences."""
    makers = {"before": _before, "step": _step, "next": _next, "others": _other_lines}
    return tuple(makers[part](record, language))


def _chance(share: Share, language: str) -> str:
    """A chance with its 80 % range."""
    return (
        f"{show_share(share.mean, None, language)} "
        f"({show_share_range(share.low, share.high, language)})"
    )


def _before(record: BodyRecord, language: str) -> Iterator[str]:
    """What the body's own record says, and what the others' lets expect."""
    body, day = show_body(record.asked.body, language), show_date(record.asked.before, language)
    others = _chance(record.others_say, language)
    if not record.earlier:
        yield say(language, "calls.none-before", body=body, day=day, chance=others)
        return
    granted = sum(each.decision == "granted" for each in record.earlier)
    yield say(
        language, "calls.earlier", count=len(record.earlier), body=body, day=day, granted=granted,
        names="; ".join(_named(each, language) for each in record.earlier),
    )  # fmt: skip
    yield say(language, "calls.chance", others=others, own=_chance(record.before, language))
    if record.chance_of_record is not None:
        share = show_share(record.chance_of_record, None, language)
        yield say(language, "calls.in-a-row", share=share)


def _step(record: BodyRecord, language: str) -> Iterator[str]:
    """The two numbers: what its answer taught us, and what the answer changed."""
    own, belief, change = record.asked.own, record.belief_moved, record.body_moved
    if own is None or record.learned is None or belief is None or change is None:
        yield say(language, "calls.not-in-table")
        return
    assert record.after is not None
    before, learned = record.before.mean, record.learned.mean
    yield say(
        language, "calls.own", name=_named(own, language), share=show_share(before, None, language)
    )
    yield say(
        language, "calls.belief", points=_points(belief, language),
        before=show_share(before, None, language), after=show_share(learned, None, language),
    )  # fmt: skip
    acted = own.decision == "granted"
    yield say(
        language, "calls.acted" if acted else "calls.refused", points=_points(change, language),
        before=show_share(learned, None, language), after=_chance(record.after, language),
    )  # fmt: skip
    name = "success-lifts" if acted else "refusal-sinks"
    yield _effect(name, record.lifts if acted else record.sinks, language)
    law = record.asked.lifts if acted else record.asked.sinks
    if law is not None and record.after_by_case is not None:
        yield say(
            language, "calls.by-case", name=name, law=show_belief(law.show(), language),
            points=_points(record.after_by_case - learned, language),
            after=show_share(record.after_by_case, None, language),
        )  # fmt: skip


def _effect(name: str, effect: Effect, language: str) -> str:
    """How far the record has settled a change of log odds."""
    (was, was_sd), (now, sd) = effect.before, effect.after
    return say(
        language, "calls.unsettled" if abs(now) < 2.0 * sd else "calls.settled", name=name,
        now=_signed(now, language), error=show_figure(sd, language, 2),
        was=_signed(was, language), before=show_figure(was_sd, language, 2),
    )  # fmt: skip


def _signed(value: float, language: str) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + show_figure(abs(value), language, 2)


def _points(change: float, language: str) -> str:
    """A change of a share in whole percentage points."""
    return say(language, "calls.points", count=_signed(round(100.0 * change), language))


def _next(record: BodyRecord, language: str) -> Iterator[str]:
    """Each later call with its chance on its day, and what came."""
    for one in record.later:
        yield say(
            language, "calls.later", name=_named(one.request, language),
            day=_when(one.request, language), chance=_chance(one.expected, language),
        )  # fmt: skip
    if not record.later:
        yield say(language, "calls.no-later")


def _other_lines(record: BodyRecord, language: str) -> Iterator[str]:
    """A sentence for each other body."""
    for one in record.others:
        yield say(
            language, "calls.other", body=show_body(one.body, language), granted=one.granted,
            count=one.calls, names=_answers(one, language), chance=_chance(one.expected, language),
        )  # fmt: skip


def _others(record: BodyRecord, width: int, language: str) -> str:
    rows = [
        (
            show_body(one.body, language),
            f"{one.granted}/{one.calls}",
            ranged(one.expected, language),
            _answers(one, language),
        )
        for one in record.others
    ]
    if not rows:
        return say(language, "calls.no-others")
    heads = [say(language, f"calls.head-{name}") for name in ("body", "granted", "next", "calls")]
    return show_table(heads, rows, width, right="lrrl")


def _answers(other: Other, language: str) -> str:
    """Who asked, when, and what the answer was; who asked again is not named again."""
    asked = {one.case_id: one for one in requests()}
    told, before = [], ""
    for name, decision in other.asked:
        who, year = _asker(asked[name], language), show_year(asked[name].asked.year, language)
        told.append(
            say(
                language, "calls.again" if who == before else "calls.short", who=who, year=year,
                decision=_word(decision, language),
            )
        )  # fmt: skip
        before = who
    return ", ".join(told)


def _named(request: Request, language: str) -> str:
    """A call by who made it, what they faced, its id in the table, and the answer."""
    return say(
        language, "calls.named", who=_asker(request, language), id=request.case_id,
        threat=show_value("threat", request.threat, language),
        decision=_word(request.decision, language),
    )  # fmt: skip


def _when(request: Request, language: str) -> str:
    """The day, month or year of a call, as exactly as the table knows it."""
    day = request.asked
    if request.asked_precision == "month":
        return show_month(day.year, day.month, language)
    year_only = request.asked_precision == "year"
    return show_year(day.year, language) if year_only else show_date(day, language)


def _asker(request: Request, language: str) -> str:
    """The country that asked, as the table spells it in English; ids begin with its code."""
    from babel import Locale
    from babel.core import get_global

    codes = get_global("territory_aliases").get(request.case_id[:3], [])
    if language != "en" and len(codes) == 1:
        return str(Locale.parse(language).territories.get(codes[0], request.requester))
    return request.requester.partition(" (")[0]


def _word(decision: str, language: str) -> str:
    return say(language, f"calls.decision-{decision}")


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
        "after_by_case": record.after_by_case,
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
