"""`foedus show CASE --model`: all that moves, printed back in the words of the case language.

What is shown is the case as understood: mechanisms unfolded, names resolved, times in days and
rates per day. The key words are those of the case language and are not translated.
"""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.case import Case, Happening, LocalText, Parameter, StateVariable
from foedus.case.dynamics import (
    Assignment,
    Dated,
    DrawSpec,
    Each,
    Immediate,
    Option,
    Rate,
    Timing,
    Waiting,
)
from foedus.case.grounds import NO_TEXT
from foedus.expr.show import show_expression, show_loops, show_number
from foedus.report.show.frame import show_frame
from foedus.report.show.interests import show_interests
from foedus.report.show.page import (
    Page,
    show_days_plainly,
    show_expressions,
    show_indexed,
    show_unit,
)


def show_model(case: Case, language: str = "en", width: int = 80) -> str:
    """The case's model: who and where, parameters, state, events, readings, questions, what-ifs."""
    page = Page(width)
    show_frame(case, page, language)
    if case.parameters:
        page.section("parameters")
        for parameter in case.parameters.values():
            _parameter(parameter, page, language)
    if case.state:
        page.section("state")
        for variable in case.state.values():
            _variable(variable, page, language)
    if case.events:
        page.section("events")
        for happening in case.events.values():
            _event(happening, case, page, language)
    show_interests(case, page, language)
    return "\n".join(page.lines) + "\n"


def _parameter(parameter: Parameter, page: Page, language: str) -> None:
    spec = parameter.spec
    name = show_indexed(spec.name, [""] * len(spec.groups), spec.groups)
    page.entry(1, name, parameter.written + show_unit(parameter.unit))
    page.words(2, parameter.doc, language)


def _variable(variable: StateVariable, page: Page, language: str) -> None:
    spec = variable.spec
    parts = [f"one of {', '.join(spec.labels)}" if spec.kind == "label" else spec.kind]
    parts.append(f"starts {show_expression(spec.start)}")
    if spec.low is not None:
        parts.append(f"min {show_number(spec.low)}")
    if spec.high is not None:
        parts.append(f"max {show_number(spec.high)}")
    if spec.steps is not None:
        parts.append(f"steps {spec.steps}")
    if spec.is_latent:
        parts.append("latent")
    if show_unit(variable.unit):
        parts.append(f"unit{show_unit(variable.unit)}")
    page.entry(1, show_indexed(spec.name, spec.index_names, spec.groups), "; ".join(parts))
    page.words(2, variable.doc or variable.label, language)


def _event(happening: Happening, case: Case, page: Page, language: str) -> None:
    kind = happening.kind
    page.entry(1, show_indexed(kind.name, kind.index_names, kind.groups))
    page.words(2, happening.doc or happening.label, language)
    for key, name in (("if", kind.gate), ("by", kind.actor), ("to", kind.recipient),
                      ("plover", kind.plover)):  # fmt: skip
        if name:
            page.entry(2, key, name)
    if kind.guard is not None:
        page.entry(2, "when", show_expression(kind.guard))
    for key, text in show_timing(kind.timing, case):
        page.entry(2, key, text)
    _consequences(kind.draws, kind.effects, page, 2)
    if kind.options:
        page.entry(2, "choose")
        for option in kind.options:
            _option(option, dict(happening.options).get(option.name, NO_TEXT), page, language)


def _option(option: Option, words: LocalText, page: Page, language: str) -> None:
    page.entry(3, option.name)
    page.words(4, words, language)
    if option.guard is not None:
        page.entry(4, "when", show_expression(option.guard))
    page.entry(4, "utility", show_expression(option.utility))
    _consequences(option.draws, option.effects, page, 4)


def show_timing(timing: Timing, case: Case) -> Iterator[tuple[str, str]]:
    """When an event happens, as keys of the case language with their texts."""
    if isinstance(timing, Rate):
        yield "rate", f"{show_expression(timing.hazard)}   # per day"
        if timing.every is not None:
            yield "every", show_days_plainly(timing.every)
    elif isinstance(timing, Waiting):
        yield "after", f"{timing.distribution}({show_expressions(timing.arguments)})"
        if timing.resumes:
            yield "resume", "true"
    elif isinstance(timing, Immediate):
        yield "after", "immediately"
    elif isinstance(timing, Dated):
        yield "at", ", ".join(case.clock.show_days(time) for time in timing.times)
    elif isinstance(timing, Each):
        yield "each", show_days_plainly(timing.step)


def _consequences(
    draws: tuple[DrawSpec, ...], effects: tuple[Assignment, ...], page: Page, level: int
) -> None:
    if draws:
        page.entry(level, "draw")
        for draw in draws:
            name = show_indexed(draw.name, draw.index_names, draw.groups)
            page.entry(level + 1, name, _draw(draw))
    if effects:
        page.entry(level, "then")
        for effect in effects:
            page.entry(level + 1, show_target(effect), show_expression(effect.value))


def _draw(draw: DrawSpec) -> str:
    inside = show_expressions(draw.arguments)
    if draw.over is not None:
        inside += f" for {draw.over_name} in {draw.over.name}"
    return f"{draw.distribution}({inside})"


def show_target(effect: Assignment) -> str:
    """What an effect changes: `street[c]`, `sent[m] for m in csto where sent[m]`."""
    text = effect.variable
    if effect.indices:
        text += f"[{show_expressions(effect.indices)}]"
    return text + show_loops(effect.loop, effect.condition)
