"""The dated events that a case's questions turn on."""

from __future__ import annotations

from foedus.case.case import Case, Item
from foedus.case.dynamics import EventKind
from foedus.dates import Period
from foedus.expr.tree import Expression, Firings, Since, Variable, walk
from foedus.frozen import dataclass
from foedus.report.phrases.names import clause, event_name, index_names

MOST = 9


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """An event of the record: what happened, when, and when it became known."""

    id: str
    what: str
    happened: Period
    known: Period


def key_events(case: Case, language: str = "en") -> list[KeyEvent]:
    """The first items of the kinds of events that the questions turn on, by date.

    Each question, in order, adds the first kind not there yet that it names or that changes what it
    reads, until there are enough.
    """
    found: dict[str, Item] = {}
    for item in case.evidence:
        if item.kind == "happened" and item.event is not None:
            found.setdefault(item.event.name, item)
    chosen: dict[str, Item] = {}
    for question in case.questions.values():
        parts = [p for p in (question.expression, question.origin, question.given) if p is not None]
        new = [name for name in found if name not in chosen
               and any(_turns(case, part, name) for part in parts)]  # fmt: skip
        if new and len(chosen) < MOST:
            chosen[new[0]] = found[new[0]]
    events = [
        KeyEvent(item.id, _short(case, item, language), _likeliest(item), item.known)
        for item in chosen.values()
    ]
    return sorted(events, key=lambda event: event.happened.start)


def _short(case: Case, item: Item, language: str) -> str:
    """The event in a clause: its own label, or that of its kind with the labels of its indices."""
    assert item.event is not None
    if item.label:
        return item.label.get(language).strip()
    name = clause(event_name(case, item.event.name, language))
    labels = index_names(case, item.event, language)
    return f"{name}: {labels}" if labels else name


def _likeliest(item: Item) -> Period:
    return max(item.when, key=lambda alternative: alternative[1])[0]


def _turns(case: Case, expression: Expression, event: str) -> bool:
    """Whether an expression asks about an event, or reads something the event changes."""
    kind_name = event if event in case.events else event.rpartition(".")[0]
    written = _written(case.events[kind_name].kind, event)
    return any(
        (isinstance(node, Variable) and node.name in written)
        or (isinstance(node, Firings | Since) and node.kind in (event, kind_name))
        for node in walk(expression)
    )


def _written(kind: EventKind, event: str) -> set[str]:
    """The variables that an event kind, or one option of it, changes."""
    options = [
        option for option in kind.options if event in (kind.name, f"{kind.name}.{option.name}")
    ]
    effects = [*kind.effects, *(effect for option in options for effect in option.effects)]
    return {effect.variable for effect in effects}
