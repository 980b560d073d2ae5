"""What the things of a case are called when people read about them."""

from __future__ import annotations

from foedus.case.case import AtomBelief, Case, Citation, Claim, EventReference, Item, LocalText
from foedus.expr.show import show_expression
from foedus.expr.tree import Binary, Expression, LabelValue, Variable
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_figure


def plain_name(name: str) -> str:
    """A name without the signs that make it a name: `protest.street-fire` is `street fire`."""
    return name.rpartition(".")[2].replace("-", " ").replace("_", " ")


def _first(language: str, name: str, *texts: LocalText) -> str:
    return next((text.get(language).strip() for text in texts if text), plain_name(name))


def label_name(case: Case, label: str, language: str = "en") -> str:
    """What an actor, an office or any other label is called."""
    if label == "vacant":
        return say(language, "label.vacant")
    if label in case.labels:
        return case.labels[label].get(language).strip()
    known = case.actors.get(label) or case.offices.get(label) or case.alliances.get(label)
    if known and known.label:
        return known.label.get(language).strip()
    if known is None:  # the labels of groups are mostly names of places, which need no texts
        return label.title()
    actor = case.actors.get(label)
    is_proper = actor is not None and actor.kind in ("state", "person")  # `chad` is Chad
    return plain_name(label).title() if is_proper else plain_name(label)


def clause(text: str) -> str:
    """The first clause of a text, without what follows a comma or a semicolon."""
    for sign in (";", ","):
        head = text.partition(f"{sign} ")[0]
        text = head if len(head) >= 12 else text
    return text


def origin_name(case: Case, origin: str | None, language: str) -> str:
    """Who is behind a source."""
    if origin is None:
        return say(language, "origin.unknown")
    known = case.origins.get(origin)
    return _first(language, origin, known.label) if known else plain_name(origin)


def event_name(case: Case, event: str, language: str) -> str:
    """What an event kind, or an option of a choice (`kind.option`), is called."""
    happening = case.events.get(event)
    if happening is not None:
        return _first(language, event, happening.label, happening.doc)
    kind, _, option = event.rpartition(".")
    happening = case.events.get(kind)
    if happening is None:
        return event
    words = dict(happening.options).get(option)
    if words:
        return words.get(language).strip()
    return say(language, "event.option", option=plain_name(option),
               event=event_name(case, kind, language))  # fmt: skip


def reference_name(case: Case, event: EventReference, language: str) -> str:
    """What an event, one of its instances or an option is called: `troops are sent: Armenia`."""
    name, labels = event_name(case, event.name, language), index_names(case, event, language)
    return f"{name}: {labels}" if labels else name


def index_names(case: Case, event: EventReference, language: str) -> str:
    """The labels of an event's instance, or nothing."""
    indices = event.indices or ()
    return ", ".join(label_name(case, show_expression(index), language) for index in indices)


def state_name(case: Case, variable: str, language: str) -> str:
    """What a state variable is called."""
    known = case.state.get(variable)
    if known is not None and (known.label or known.doc):
        return _first(language, variable, known.label, known.doc)
    for office in case.offices.values():
        if office.variable == variable:
            name = label_name(case, office.name, language)
            return say(language, "state.holder", office=name)
    for alliance in case.alliances.values():
        if alliance.variable == variable:
            return say(language, "state.member", alliance=label_name(case, alliance.name, language))
    return plain_name(variable)


def expression_name(case: Case, expression: Expression, language: str = "en") -> str:
    """What an expression is called: a state variable, or one at a value; all else as written."""
    if isinstance(expression, Variable):
        name, labels = (
            state_name(case, expression.name, language),
            _labels(case, expression, language),
        )
        return say(language, "state.of", state=clause(name), labels=labels) if labels else name
    if isinstance(expression, Binary) and expression.operator == "==":
        left, right = expression.left, expression.right
        if isinstance(left, Variable) and isinstance(right, LabelValue):
            offices = {one.variable: one.name for one in case.offices.values()}
            name = expression_name(case, left, language)
            if left.name in offices:
                name = label_name(case, offices[left.name], language)
            is_named = right.label in case.actors or right.label in case.labels
            value = label_name(case, right.label, language) if is_named else plain_name(right.label)
            return say(language, "state.value", state=name, value=value)
    return show_expression(expression)


def _labels(case: Case, variable: Variable, language: str) -> str:
    return ", ".join(
        label_name(case, show_expression(index), language) for index in variable.indices
    )


def reading_name(case: Case, name: str, language: str) -> str:
    """What an explanation or a set of atoms is called."""
    known = case.explanations.get(name) or case.sets.get(name)
    return _first(language, name, known.label) if known else plain_name(name)


def component_name(case: Case, name: str, language: str) -> str:
    """What a component of the explanations is called."""
    known = case.components.get(name)
    return _first(language, name, known.label) if known else plain_name(name)


def atom_parts(case: Case, belief: AtomBelief, language: str) -> str:
    """The components that are present in an atom, in the order of the case."""
    present = (name for name in case.components if name in belief.atom.components)
    names = [component_name(case, name, language) for name in present]
    return say(language, "atom.join").join(names) or say(language, "atom.none")


def question_name(case: Case, name: str, language: str) -> str:
    """What a question is called."""
    known = case.questions.get(name)
    return _first(language, name, known.label) if known else plain_name(name)


def headed(case: Case, language: str) -> str:
    """The title of a case before what is said of it: with a colon unless it is a question."""
    title = case.title.get(language)
    return title if title.endswith("?") else f"{title}:"


def asked(case: Case, name: str, language: str = "en") -> str:
    """A question before its answer: with a colon unless it has a question mark."""
    label = question_name(case, name, language)
    return label if label.endswith("?") else f"{label}:"


def hedge_of(text: LocalText, language: str) -> str:
    """The hedge of a source, or nothing where it is said to have none."""
    return "" if text.get("en").strip() == "none" else text.get(language).strip()


def item_name(case: Case, item: Item, language: str) -> str:
    """What an item of the record says, in a clause."""
    if item.label and item.expression is None:
        return item.label.get(language).strip()
    if item.event is not None:
        what = reference_name(case, item.event, language)
        return what if item.kind == "happened" else say(language, f"item.{item.kind}", what=what)
    what = observed_name(case, item, language)
    if item.kind == "value" and item.measured is not None:
        return say(
            language, "item.value", what=what, number=show_figure(item.measured, language, 6)
        )
    if item.label or (
        isinstance(item.expression, Binary) and what != show_expression(item.expression)
    ):
        return what
    return say(language, "item.state", what=what)


def observed_name(case: Case, item: Item, language: str) -> str:
    """What a state or a value in evidence is called: its own label, or its expression's name."""
    if item.label:
        return item.label.get(language).strip()
    return item.id if item.expression is None else expression_name(case, item.expression, language)


def claim_name(case: Case, claim: Claim, language: str) -> str:
    """What a claim says, in a clause without the speaker."""
    if claim.doc:
        return claim.doc.get(language).strip()
    if claim.kind == "retraction":
        return say(language, "claim.retraction", what=claim.retracts or "")
    if claim.kind == "value" and claim.value is not None and claim.number is not None:
        number = show_figure(claim.number, language, 6)
        what = expression_name(case, claim.value, language)
        return say(language, "item.value", what=what, number=number)
    if claim.kind == "event" and claim.event is not None:
        return reference_name(case, claim.event, language)
    if claim.kind == "component":
        return component_name(case, claim.asserts, language)
    return reading_name(case, claim.asserts, language)


def parameter_name(case: Case, name: str, language: str = "en") -> str:
    """What a parameter stands for; its name where the case has no words for it."""
    known = case.parameters.get(name)
    if known and known.doc:
        return known.doc.get(language).strip().partition(";")[0]
    for speaker in case.speakers.values():
        by = label_name(case, speaker.actor, language)
        if name == speaker.candour.spec.name:
            return say(language, "timeline.by", by=by, what=say(language, "speaker.candour"))
        for asserted, parameter in speaker.interest:
            if name == parameter.spec.name:
                named = component_name if asserted in case.components else reading_name
                what = say(language, "speaker.interest", claim=named(case, asserted, language))
                return say(language, "timeline.by", by=by, what=what)
    return name


def named_number(case: Case, name: str, language: str) -> str:
    """A parameter by its name, for commands, and what it stands for in parentheses."""
    words = parameter_name(case, name, language)
    return f"`{name}`" if words == name else f"`{name}` ({words})"


def show_citation(citation: Citation, language: str = "en") -> str:
    """A citation as text: `source#K16`, `source (17–210)`, `source: page 3`, or words quoted."""
    text = citation.source + (f"#{citation.row}" if citation.row else "")
    if citation.place:
        text = say(language, "citation.place", source=text, place=citation.place.get(language))
    if citation.start is not None:
        text += f" ({citation.start}–{citation.end})"
    if citation.quote is not None:
        text += " " + say(language, "citation.quote", words=citation.quote[0])
    return text
