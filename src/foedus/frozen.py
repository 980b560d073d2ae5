"""Frozen dataclasses, made in less than half the time.

`dataclasses` writes six functions for each class and compiles one after the other when the class is
imported: a third of a millisecond, for the hundreds of classes that a command loads. Here three of
them are compiled together, and the others are the same for all classes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # type checkers know what that one does
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False, eq=True, **more):
        """As `dataclasses.dataclass`, and sooner for classes that are frozen and have slots."""
        if more or not (frozen and slots):
            return dataclasses.dataclass(cls, frozen=frozen, slots=slots, eq=eq, **more)
        return _maker(eq) if cls is None else _maker(eq)(cls)


def _maker(has_equality: bool) -> Callable[[Any], Any]:
    def make(cls: Any) -> Any:
        own = set(cls.__dict__)
        made: Any = dataclasses.dataclass(slots=True, init=False, repr=False, eq=False)(cls)
        fields = dataclasses.fields(made)
        names: dict[str, Any] = {"_set": object.__setattr__, "_missing": MISSING}
        text = _init(fields, hasattr(made, "__post_init__"), names)
        if has_equality:
            text += _equality(fields)
        written: dict[str, Any] = {}
        exec(text, names, written)
        for name, method in written.items():
            method.__qualname__ = f"{cls.__qualname__}.{name}"
        for name, method in (SAME_FOR_ALL | written).items():
            if name not in own:
                setattr(made, name, method)
        return made

    return make


def _init(fields: tuple[Field[Any], ...], has_more: bool, names: dict[str, Any]) -> str:
    """The text of `__init__`; the defaults that it needs go into `names`."""
    arguments, lines = ["self"], []
    for field in fields:
        name = value = field.name
        if field.default_factory is not MISSING:
            names[f"_make_{name}"] = field.default_factory
            arguments += [f"{name}=_missing"] * field.init
            value = f"_make_{name}()" + f" if {name} is _missing else {name}" * field.init
        elif field.default is not MISSING:
            names[f"_default_{name}"] = field.default
            arguments += [f"{name}=_default_{name}"] * field.init
            value = name if field.init else f"_default_{name}"
        elif field.init:
            arguments.append(name)
        else:
            continue
        lines.append(f" _set(self, {name!r}, {value})\n")
    lines += [" self.__post_init__()\n"] * has_more
    return f"def __init__({', '.join(arguments)}):\n{''.join(lines) or ' pass'}\n"


def _equality(fields: tuple[Field[Any], ...]) -> str:
    """The text of `__eq__` and `__hash__`, by the fields that count."""
    compared = [field.name for field in fields if field.compare]
    counts = [field.compare if field.hash is None else field.hash for field in fields]
    hashed = [field.name for field, does in zip(fields, counts, strict=True) if does]
    return (
        "def __eq__(self, other):\n"
        " if other.__class__ is self.__class__:\n"
        f"  return {_values('self', compared)} == {_values('other', compared)}\n"
        " return NotImplemented\n"
        "def __hash__(self):\n"
        f" return hash({_values('self', hashed)})\n"
    )


def _values(of: str, names: list[str]) -> str:
    return f"({''.join(f'{of}.{name}, ' for name in names)})"


@recursive_repr()
def _show(self: Any) -> str:
    shown = (field.name for field in dataclasses.fields(self) if field.repr)
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{self.__class__.__qualname__}({values})"


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[object]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


SAME_FOR_ALL: dict[str, Any] = {
    "__repr__": _show,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
    "__getstate__": _state,
    "__setstate__": _set_state,
}
"""Methods of every class; the last two make copies, to which attributes cannot be set."""
