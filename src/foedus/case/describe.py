"""The shapes of a case file's parts in a user's words."""

from __future__ import annotations

from foedus.case import shapes
from foedus.case.shapes import Either, Keys, Listed, Named, Shape
from foedus.text.suggest import list_names


def describe(shape: Shape) -> str:
    """A shape in a user's words."""
    simple: dict[type, str] = {
        shapes.Text: "text", shapes.Truth: "`true` or `false`", shapes.Date: "a date",
        shapes.Duration: "a length of time", shapes.Formula: "an expression",
        shapes.PriorText: "a prior", shapes.EventName: "the name of an event",
    }  # fmt: skip
    if type(shape) in simple:
        return simple[type(shape)]
    if isinstance(shape, shapes.Line):
        return shape.what
    if isinstance(shape, shapes.Name):
        return f"the name of {article(shape.of)}"
    if isinstance(shape, shapes.Word):
        return "one of " + list_names(shape.words, 20)
    if isinstance(shape, shapes.Number):
        return "a whole number" if shape.is_whole else "a number"
    if isinstance(shape, Keys):
        return f"the keys of {article(shape.name)}"
    if isinstance(shape, Named):
        return f"one key for each {shape.of}"
    if isinstance(shape, Listed):
        return "a list"
    return " or ".join(describe(part) for part in alternatives(shape))


def alternatives(shape: Shape) -> tuple[Shape, ...]:
    """The shapes of an `Either`."""
    if not isinstance(shape, Either):
        return (shape,)
    parts = (shape.scalar, shape.sequence, shape.mapping)
    return tuple(part for part in parts if part is not None)


def article(word: str) -> str:
    """A word with `a` or `an` before it."""
    is_vowel = word[0] in "aeiou" and not word.startswith(("one", "use"))
    return f"an {word}" if is_vowel else f"a {word}"
