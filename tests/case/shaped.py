"""Files made from the grammar: of the right shape, and with one fault put in on purpose.

A file is a tree of dictionaries, lists and `Word`s (single values as they are written); `as_yaml`
writes it down.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from foedus.case import shapes
from foedus.case.shapes import Either, Keys, Listed, Named, Shape
from foedus.text.codes import Code
from foedus.text.suggest import closest


@dataclass(frozen=True)
class Word:
    """A single value, as it is written: bare or in quotes."""

    text: str


Tree = Word | list["Tree"] | dict[str, "Tree"]

NAMES = ("russia", "kazakhstan", "aid", "B-1", "two_words", "x", "null-route", "trueish")
BAD_NAMES = ("true", "size", "True", '"two words"', "9lives", "a--b", "-a", '"ä"', "a.b.", "a/b")
LINES = {
    "[0-9a-f]{16,64}": ("0123456789abcdef", "1234567890123456", "12e4567890123456"),
    "[0-9a-f]{64}": ("ab" * 32, "01" * 32),
    "[a-z]{2,3}": ("fi", "no"),
    "[A-Z]{2,3}": ("KZ", "NO", "RUS"),
    r"(factor|sd) .*": ("factor 1.3", "sd 100"),
    "[a-z-]+:.+": ('"actor:russia"', '"what-if:no-request"'),
}
TEXTS = (
    "Some words",
    "2022",
    "'It''s so'",
    '"a \\"b\\" \\u00e4: {c}"',
    "1e5",
    "tosi",
    "No",
    "0x1F",
)


def as_yaml(tree: Tree) -> str:
    """The tree in YAML's flow style."""
    if isinstance(tree, Word):
        return tree.text
    if isinstance(tree, list):
        return "[" + ", ".join(map(as_yaml, tree)) + "]"
    inside = (f"{json.dumps(key)}: {as_yaml(value)}" for key, value in tree.items())
    return "{" + ", ".join(inside) + "}"


_MADE: dict[tuple[int, int], st.SearchStrategy[Tree]] = {}


def trees(shape: Shape, level: int = 0) -> st.SearchStrategy[Tree]:
    """Trees of a shape; the deeper, the fewer optional parts."""
    if (id(shape), level) not in _MADE:
        _MADE[id(shape), level] = _trees(shape, level)
    return _MADE[id(shape), level]


def _trees(shape: Shape, level: int) -> st.SearchStrategy[Tree]:
    if isinstance(shape, Keys):
        return _keys(shape, level)
    if isinstance(shape, Named):
        names = _key_texts(shape)
        return st.dictionaries(names, trees(shape.shape, level + 1), max_size=2).map(dict)
    if isinstance(shape, Listed):
        least = 1 if shape.is_nonempty else 0
        return st.lists(trees(shape.shape, level + 1), min_size=least, max_size=2).map(list)
    if isinstance(shape, Either):
        parts = (shape.scalar, shape.sequence, shape.mapping)
        return st.one_of([trees(part, level) for part in parts if part is not None])
    words: st.SearchStrategy[Tree] = st.sampled_from(_words(shape)).map(Word)
    if isinstance(shape, shapes.Text):
        return words | st.fixed_dictionaries({"en": words}, optional={"fi": words}).map(dict)
    return words


def _keys(shape: Keys, level: int) -> st.SearchStrategy[Tree]:
    @st.composite
    def build(draw: st.DrawFn) -> Tree:
        wanted = {key for key, part in shape.fields.items() if part.is_required}
        wanted |= {draw(st.sampled_from(keys)) for keys in shape.exactly_one}
        for key in shape.fields:
            rivals = {
                k for keys in (*shape.exactly_one, *shape.at_most_one) if key in keys for k in keys
            }
            if not rivals & wanted and draw(st.integers(0, 3 + 2 * level)) == 0:
                wanted.add(key)
        return {
            key: draw(trees(part.shape, level + 1))
            for key, part in shape.fields.items()
            if key in wanted
        }

    return build()


def _key_texts(shape: Named) -> st.SearchStrategy[str]:
    words = NAMES if shape.key is None else tuple(w.strip("'\"") for w in _words(shape.key))
    return st.sampled_from(words)


def _words(shape: Shape) -> tuple[str, ...]:
    if isinstance(shape, shapes.Name):
        more = ("aid.troops",) if shape.is_qualified else ("12",) if shape.of == "label" else ()
        return (*NAMES, *more, '"quoted"', *(("vacant",) if shape.of == "actor" else ()))
    if isinstance(shape, shapes.Word):
        return shape.words
    if isinstance(shape, shapes.Truth):
        return ("true", "false")
    if isinstance(shape, shapes.Number):
        return ("0", "1", "12") if shape.low in (None, 0) else ("1", "7")
    if isinstance(shape, shapes.Line):
        return LINES[shape.pattern] if shape.pattern else ("a/b.csv", "per day", "12")
    if isinstance(shape, shapes.Text):
        return TEXTS
    return ("2022-01-05", '"x + 1"', "true", "0", "aid.ask")


@st.composite
def faulty_trees(draw: st.DrawFn, shape: Shape) -> tuple[Tree, Code]:
    """A tree with one fault, and the code it must be found by."""
    holder: list[Tree] = [draw(trees(shape))]
    spots: Spots = []
    _spots(shape, holder[0], lambda new: holder.__setitem__(0, new), spots, draw)
    change, code = draw(st.sampled_from(spots))
    change(Word(""))
    return holder[0], code


Spots = list[tuple[Callable[[Tree], None], Code]]
WRONG: dict[type, Tree] = {Word: Word("'some words'"), list: [Word("a")], dict: {"a": Word("b")}}


def _spots(
    shape: Shape, tree: Tree, put: Callable[[Tree], None], found: Spots, draw: st.DrawFn
) -> None:
    """Every fault that can be put in: a function that does it, and the code."""
    kinds = _kinds(shape)
    found.extend((_put(put, WRONG[k]), Code.WRONG_TYPE) for k in WRONG if k not in kinds)
    part = kinds[type(tree)]
    if isinstance(part, Keys):
        assert isinstance(tree, dict)
        _key_spots(part, tree, put, found, draw)
    elif isinstance(part, Named):
        assert isinstance(tree, dict)
        for key in list(tree):
            _spots(part.shape, tree[key], _setter(tree, key), found, draw)
        if isinstance(part.key, shapes.Name):
            name = draw(st.sampled_from(["two words", "true", "9lives", "", "Null"]))
            value = draw(trees(part.shape, 9))
            found.append((_put(put, {**tree, name: value}), Code.BAD_NAME))
    elif isinstance(part, Listed):
        assert isinstance(tree, list)
        if part.is_nonempty:
            found.append((_put(put, []), Code.WRONG_TYPE))
        for place, item in enumerate(tree):
            _spots(part.shape, item, _setter(tree, place), found, draw)
    elif isinstance(tree, Word):
        _word_spots(part, put, found, draw)
    else:
        found.append((_put(put, {"fi": Word("sanoja")}), Code.MISSING_KEY))
        found.append((_put(put, {"en": Word("a"), "english": Word("b")}), Code.UNKNOWN_KEY))
        found.append((_put(put, {"en": Word("~")}), Code.WRONG_TYPE))


def _kinds(shape: Shape) -> dict[type, Shape]:
    """What may stand where a shape is expected, by kind of tree."""
    if isinstance(shape, Either):
        parts = {Word: shape.scalar, list: shape.sequence, dict: shape.mapping}
        return {kind: part for kind, part in parts.items() if part is not None}
    if isinstance(shape, shapes.Text):
        return {Word: shape, dict: shape}
    if isinstance(shape, Keys | Named):
        return {dict: shape}
    return {list if isinstance(shape, Listed) else Word: shape}


def _key_spots(
    shape: Keys, tree: dict[str, Tree], put: Callable[[Tree], None], found: Spots, draw: st.DrawFn
) -> None:
    found.append((_put(put, {**tree, "qqqqqqqq": Word("a")}), Code.UNKNOWN_KEY))
    if closest("sources", shape.fields) is None:
        found.append((_put(put, {**tree, "sources": Word("a")}), Code.MISPLACED_KEY))
    needed = {key for key, part in shape.fields.items() if part.is_required}
    needed |= {key for keys in shape.exactly_one for key in keys}
    for key in sorted(needed & set(tree)):
        rest = {k: v for k, v in tree.items() if k != key}
        found.append((_put(put, rest), Code.MISSING_KEY))
    for keys in (*shape.exactly_one, *shape.at_most_one):
        for key in keys:
            other = [k for k in keys if k in tree and k != key]
            if other and key not in tree:
                value = draw(trees(shape.fields[key].shape, 9))
                found.append((_put(put, {**tree, key: value}), Code.CONFLICTING_KEYS))
    for key in list(tree):
        _spots(shape.fields[key].shape, tree[key], _setter(tree, key), found, draw)


def _word_spots(shape: Shape, put: Callable[[Tree], None], found: Spots, draw: st.DrawFn) -> None:
    nothing = Word(draw(st.sampled_from(["~", "null", '""', "' '"])))
    if isinstance(shape, shapes.Name):
        wrong = (*BAD_NAMES, "-1" if shape.of == "label" else "12")
        found.append((_put(put, Word(draw(st.sampled_from(wrong)))), Code.BAD_NAME))
        return
    if isinstance(shape, shapes.Word):
        word = draw(st.sampled_from(["wrong", "12", "true", '"a b"']))
        found.append((_put(put, Word(word)), Code.UNKNOWN_WORD))
        return
    found.append((_put(put, nothing), Code.WRONG_TYPE))
    if isinstance(shape, shapes.Number):
        wrong = ("many", '"12"', "true", "~", *(("1.5",) if shape.is_whole else ()))
        found.append((_put(put, Word(draw(st.sampled_from(wrong)))), Code.WRONG_TYPE))
    if isinstance(shape, shapes.Truth):
        found.append((_put(put, Word('"true"')), Code.WRONG_TYPE))
    if isinstance(shape, shapes.Line) and shape.pattern:
        found.append((_put(put, Word("'*-*'")), Code.WRONG_TYPE))


def _put(put: Callable[[Tree], None], new: Tree) -> Callable[[Tree], None]:
    return lambda _: put(new)


def _setter(tree: list[Tree] | dict[str, Tree], place: int | str) -> Callable[[Tree], None]:
    return lambda new: tree.__setitem__(place, new)  # type: ignore[index]
