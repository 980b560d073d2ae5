"""Classes made quickly are what `dataclasses` makes of the same text."""

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, field
from typing import Any

import pytest

from foedus.frozen import dataclass

TEXT = """
@dataclass(frozen=True, slots=True)
class Base:
    name: str
    place: int = 3
    seen: dict = field(default_factory=dict, compare=False, repr=False)

@dataclass(frozen=True, slots=True)
class Derived(Base):
    weight: float = field(default=2.0, hash=False)
    late: int = field(init=False, default=7)
    later: list = field(init=False, default_factory=list, hash=False)

    def __post_init__(self):
        object.__setattr__(self, "late", self.place + 1)

@dataclass(frozen=True, slots=True)
class Single:
    value: float

@dataclass(frozen=True, slots=True)
class Empty:
    pass

@dataclass(frozen=True, slots=True)
class Own:
    value: int

    def __repr__(self):
        return "mine"

    def __hash__(self):
        return 5

@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    value: int
"""
ARGUMENTS: dict[str, list[tuple[Any, ...]]] = {
    "Base": [("a",), ("a", 3, {1: 2}), ("b",), ("a", 4)],
    "Derived": [("a",), ("a", 3, {}, 5.0), ("a", 9)],
    "Single": [(1.0,), (2.0,)],
    "Empty": [()],
    "Own": [(1,), (2,)],
    "Alone": [(1,), (1,)],
}


def classes(made_by: Any) -> dict[str, Any]:
    """The classes of the text, made by a decorator."""
    names = {"dataclass": made_by, "field": field, "__name__": __name__}
    exec(TEXT, names)
    return names


QUICK, SLOW = classes(dataclass), classes(dataclasses.dataclass)
globals().update({name: QUICK[name] for name in ARGUMENTS})  # where copies look for them


@pytest.mark.parametrize("name", ARGUMENTS)
def test_like_those_of_dataclasses(name: str) -> None:
    quick, slow = QUICK[name], SLOW[name]
    assert inspect.signature(quick).parameters.keys() == inspect.signature(slow).parameters.keys()
    assert quick.__match_args__ == slow.__match_args__
    assert quick.__slots__ == slow.__slots__
    ours = [quick(*arguments) for arguments in ARGUMENTS[name]]
    theirs = [slow(*arguments) for arguments in ARGUMENTS[name]]
    for one, other in zip(ours, theirs, strict=True):
        assert repr(one) == repr(other)
        assert str(dataclasses.asdict(one)) == str(dataclasses.asdict(other))
        assert [one == each for each in ours] == [other == each for each in theirs]
        assert (hash(one) == hash(other)) == (name != "Alone")
        assert one != other
        assert not hasattr(one, "__dict__")


@pytest.mark.parametrize("name", ["Base", "Derived", "Single", "Empty", "Own"])
def test_copies(name: str) -> None:
    for arguments in ARGUMENTS[name][:2]:
        one = QUICK[name](*arguments)
        assert copy.copy(one) == copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one
    assert dataclasses.replace(QUICK["Base"]("a"), place=8) == QUICK["Base"]("a", 8)


@pytest.mark.parametrize("name", ["place", "unknown"])
def test_nothing_can_be_set(name: str) -> None:
    one = QUICK["Derived"]("a")
    with pytest.raises(FrozenInstanceError, match=f"cannot assign to field '{name}'"):
        setattr(one, name, 1)
    with pytest.raises(FrozenInstanceError, match=f"cannot delete field '{name}'"):
        delattr(one, name)


def test_a_missing_argument_is_named() -> None:
    with pytest.raises(TypeError, match=r"Base.__init__\(\) missing 1 required .* 'name'"):
        QUICK["Base"]()


def test_defaults_are_made_anew() -> None:
    assert QUICK["Base"]("a").seen is not QUICK["Base"]("a").seen


def test_one_that_holds_itself_can_be_shown() -> None:
    one = QUICK["Base"]("a")
    seen = QUICK["Single"]([])
    seen.value.append(seen)
    assert repr(seen) == "Single(value=[...])"
    assert repr(one) == "Base(name='a', place=3)"


def test_other_kinds_are_left_to_dataclasses() -> None:
    @dataclass(slots=True)
    class Open:
        value: int

    one = Open(1)
    one.value = 2
    assert one == Open(2)
