"""The clocks of a whole group brought up to date together, eight instances at once.

For a kind with one index whose guard and rate read nothing but what is the same for all instances,
and cells at their own index. What is the same for all is worked out once, and only if some instance
is on; the rest is done in vectors (see `strip_changes` for the clocks). Where a vector cannot do it
(an argument out of the usual range, a fault), all instances are done one by one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from foedus.engine.closures import group_numbers
from foedus.engine.native.place import ZERO, Place, as_number
from foedus.engine.native.strip_changes import change_clocks, stored
from foedus.engine.native.vector.expressions import Scene, as_truth
from foedus.engine.native.vector.expressions import as_number as in_lanes
from foedus.engine.native.vector.lanes import Lanes
from foedus.expr import tree
from foedus.jump.model import EventKind, Rate

WIDTH = 8
FEWEST = 5
"""A group of fewer is done one by one."""

MOST_UNROLLED = 4
"""A group of so many strips has code of its own for each."""

FALLIBLE = ("log", "sqrt", "power")


def suits(kind: EventKind) -> bool:
    """Whether the clocks of a kind can be brought up to date in strips."""
    timing = kind.timing
    if not isinstance(timing, Rate) or timing.every is not None or len(kind.groups) != 1:
        return False
    if kind.groups[0].size < FEWEST:
        return False
    roots = [timing.hazard] if kind.guard is None else [kind.guard, timing.hazard]
    return all(_covers(root, kind, is_certain=True) for root in roots)


def is_common(node: tree.Expression, own: str) -> bool:
    """Whether a value is the same for all instances."""
    return not any(
        isinstance(part, tree.Draw) or (isinstance(part, tree.IndexVariable) and part.name == own)
        for part in tree.walk(node)
    )


def may_fail(node: tree.Expression) -> bool:
    """Whether working out an expression can be a fault."""
    for part in tree.walk(node):
        if isinstance(part, tree.Position | tree.Quantifier):
            return True
        if isinstance(part, tree.Call) and part.function in FALLIBLE:
            return True
        is_certain = isinstance(part, tree.Binary) and (
            isinstance(part.right, tree.Number) and part.right.value != 0.0
        )
        if isinstance(part, tree.Binary) and part.operator == "/" and not is_certain:
            return True
    return False


def _covers(node: tree.Expression, kind: EventKind, *, is_certain: bool) -> bool:
    """Whether vectors can work out a node; `is_certain` says whether it is always evaluated."""
    own = kind.index_names[0]
    if is_common(node, own):
        return is_certain or not may_fail(node)
    if isinstance(node, tree.IndexVariable):
        return True
    if isinstance(node, tree.Variable | tree.Parameter | tree.Datum):
        return _is_own_cell(node, kind)
    if isinstance(node, tree.Conditional):
        return _covers(node.condition, kind, is_certain=is_certain) and all(
            _covers(side, kind, is_certain=False) for side in (node.yes, node.no)
        )
    if isinstance(node, tree.Binary) and node.operator in ("and", "or"):
        return _covers(node.left, kind, is_certain=is_certain) and _covers(
            node.right, kind, is_certain=False
        )
    if isinstance(node, tree.Call) and node.function == "power":
        return False
    if isinstance(node, tree.Negative | tree.Not | tree.Binary | tree.Call):
        return all(_covers(part, kind, is_certain=is_certain) for part in tree.children(node))
    return False


def _is_own_cell(node: tree.Variable | tree.Parameter | tree.Datum, kind: EventKind) -> bool:
    """Whether it is an entry of an array over the kind's own group, at the instance's index."""
    if len(node.indices) != 1:
        return False
    index = node.indices[0]
    is_own = isinstance(index, tree.IndexVariable) and index.name == kind.index_names[0]
    return is_own and index.group == kind.groups[0]  # type: ignore[union-attr]


@dataclass(slots=True)
class _Strip:
    """The source of a strip's leaves: common parts from slots, cells side by side from memory."""

    place: Place
    kind: EventKind
    at: str
    common: dict[int, str] = field(default_factory=dict)

    def is_still(self, node: tree.Expression, binding: Mapping[str, int]) -> bool:
        """See `Source`."""
        return is_common(node, self.kind.index_names[0])

    def still(self, lanes: Lanes, node: tree.Expression, binding: Mapping[str, int]) -> str:
        """See `Source`."""
        if isinstance(node, tree.Number):
            return lanes.number(node.value)
        value = lanes.code.load("double", self.common[id(node)])
        return lanes.spread(value)

    def leaf(self, lanes: Lanes, node: tree.Expression, binding: Mapping[str, int]) -> str:
        """See `Source`."""
        code, shared = lanes.code, self.place.shared
        if isinstance(node, tree.IndexVariable):
            numbers = [float(one) for one in group_numbers(node.group, shared.layout)]
            return _beside(lanes, code.module.table("double", _padded(numbers)), self.at)
        if isinstance(node, tree.Datum):
            values = shared.layout.tables[node.name].values
            return _beside(lanes, code.module.table("double", _padded(values)), self.at)
        if isinstance(node, tree.Parameter):
            first = shared.layout.parameters[node.name].first
            base = code.load("ptr", shared.memory.cell(code, "parameters", 0))
        else:
            assert isinstance(node, tree.Variable)
            first = shared.layout.variables[node.name].first
            base = shared.memory.base(code, "values")
        return _beside(lanes, base, code.let(f"add i64 {self.at}, {first}"))

    def members(self, domain: tree.Domain, binding: Mapping[str, int]) -> tuple[int, ...] | None:
        """See `Source`."""
        return None


def _padded(values: Sequence[float]) -> list[float]:
    return [*values, *[0.0] * (-len(values) % WIDTH)]


def _beside(lanes: Lanes, base: str, at: str) -> str:
    """The doubles from place `at` of an array on."""
    address = lanes.code.at(base, "double", at)
    return lanes.code.let(f"load {lanes.numbers}, ptr {address}, align 8")


def emit_strips(
    place: Place, kind: EventKind, number: int, first: int, keys: tuple[str, str],
    kept: dict[int, str] | None,
) -> None:  # fmt: skip
    """Bring all clocks of a kind up to date; `keys` are the words of the run and the table of their
    keys. `kept` are the addresses of common parts that are worked out by `@f_common{n}`."""
    code, count = place.code, kind.groups[0].size
    timing = kind.timing
    assert isinstance(timing, Rate)
    after, alone = code.label("after"), code.label("alone")
    if kept is not None:
        _stop_unless_changed(place, number, after, alone)
    common = _worked_out(place, kind, timing) if kept is None else kept
    if count <= MOST_UNROLLED * WIDTH:
        for start in range(0, count, WIDTH):
            _one_strip(place, kind, timing, first, str(start), keys, common, alone)
    else:
        with code.count_up("0", str(-(-count // WIDTH))) as strip:
            at = code.let(f"mul i64 {strip}, {WIDTH}")
            _one_strip(place, kind, timing, first, at, keys, common, alone)
    code.jump(after)
    code.begin(alone)
    with code.count_up("0", str(count)) as order:
        code.do(f"call void @f_refresh{number}(ptr %ctx, i64 {order})")
    code.begin(after)


def _stop_unless_changed(place: Place, number: int, after: str, alone: str) -> None:
    code = place.code
    changed, go, known = code.label("changed"), code.label("go"), place.shared.memory
    code.branch(code.let(f"call i1 @f_common{number}(ptr %ctx)"), changed, after)
    code.begin(changed)
    is_known = known.load(code, "is_common_known", number)
    code.branch(code.let(f"icmp ne i8 {is_known}, 0"), go, alone)
    code.begin(go)


def _worked_out(place: Place, kind: EventKind, timing: Rate) -> dict[int, str]:
    """The addresses of common parts; those of the hazard are worked out if some instance is on."""
    code, common = place.code, dict[int, str]()
    if kind.guard is not None:
        _work_out_common(place, kind, kind.guard, common)
    on, off = code.label("on"), code.label("off")
    for node in common_parts(timing.hazard, kind):
        common.setdefault(id(node), code.slot("double"))
        code.store("double", ZERO, common[id(node)])
    code.branch(_any_on(place, kind, kind.groups[0].size, common), on, off)
    code.begin(on)
    _work_out_common(place, kind, timing.hazard, common)
    code.begin(off)
    return common


def common_parts(root: tree.Expression, kind: EventKind) -> list[tree.Expression]:
    """The largest parts that are the same for all instances, literal numbers apart."""
    if is_common(root, kind.index_names[0]):
        return [] if isinstance(root, tree.Number) else [root]
    return [part for child in tree.children(root) for part in common_parts(child, kind)]


def _work_out_common(
    place: Place, kind: EventKind, root: tree.Expression, common: dict[int, str]
) -> None:
    for node in common_parts(root, kind):
        slot = common.setdefault(id(node), place.code.slot("double"))
        place.code.store("double", as_number(place, node), slot)


def _any_on(place: Place, kind: EventKind, count: int, common: dict[int, str]) -> str:
    """Whether any guard holds."""
    if kind.guard is None:
        return "true"
    code = place.code
    found = code.slot("i8")
    code.store("i8", "0", found)
    with code.count_up("0", str(-(-count // WIDTH))) as strip:
        at = code.let(f"mul i64 {strip}, {WIDTH}")
        lanes = Lanes(code, WIDTH)
        scene = Scene(lanes, _Strip(place, kind, at, common), {}, lanes.truth(True), [])
        holds = lanes.both(as_truth(scene, kind.guard), _inside(lanes, at, count))
        bits = code.let(f"bitcast {lanes.masks} {holds} to i8")
        code.store("i8", code.let(f"or i8 {code.load('i8', found)}, {bits}"), found)
    return code.let(f"icmp ne i8 {code.load('i8', found)}, 0")


def emit_busy(
    place: Place, kind: EventKind, number: int, first: int, common: dict[int, str], was: str
) -> None:
    """Bring the clocks of a kind up to date one by one, but for those whose instance is off and,
    by the array `was`, had been before. All of them where what they have in common is not known."""
    code, count, left = place.code, kind.groups[0].size, place.code.slot("i64")
    is_known = place.shared.memory.load(code, "is_common_known", number)
    unknown = code.let(f"icmp eq i8 {is_known}, 0")
    with code.count_up("0", str(-(-count // WIDTH))) as strip:
        at = code.let(f"mul i64 {strip}, {WIDTH}")
        lanes, doubts = Lanes(code, WIDTH), list[str]()
        inside = _inside(lanes, at, count)
        scene = Scene(lanes, _Strip(place, kind, at, common), {}, inside, doubts)
        holds = inside
        if kind.guard is not None:
            holds = lanes.both(holds, as_truth(scene, kind.guard))
        before = stored(lanes, place, was, code.let(f"add i64 {at}, {first}"))
        ran = lanes.both(inside, lanes.compare("une", before, lanes.number(0.0)))
        busy = lanes.either(holds, ran)
        for doubt in doubts:
            busy = lanes.either(busy, lanes.both(doubt, inside))
        every, some = lanes.bits(inside), lanes.bits(busy)
        code.store("i64", code.let(f"select i1 {unknown}, i64 {every}, i64 {some}"), left)
        test, one, none = code.label("test"), code.label("busy"), code.label("none")
        code.begin(test)
        bits = code.load("i64", left)
        code.branch(code.let(f"icmp ne i64 {bits}, 0"), one, none)
        code.begin(one)
        code.store("i64", code.let(f"and i64 {bits}, {code.let(f'sub i64 {bits}, 1')}"), left)
        lane = code.let(f"call i64 @llvm.cttz.i64(i64 {bits}, i1 true)")
        order = code.let(f"add i64 {at}, {lane}")
        code.do(f"call void @f_refresh{number}(ptr %ctx, i64 {order})")
        code.jump(test)
        code.begin(none)


def _inside(lanes: Lanes, at: str, count: int) -> str:
    """The lanes of a strip that stand for instances; `at` is its first, a number if it is known."""
    if count % WIDTH == 0:
        return lanes.truth(True)
    if at.isdigit():
        return lanes.first(min(count - int(at), WIDTH))
    counts = [min(count - first, WIDTH) for first in range(0, count, WIDTH)]
    table = lanes.code.module.table("i8", [(1 << one) - 1 for one in counts])
    strip = lanes.let(f"udiv i64 {at}, {WIDTH}")
    bits = lanes.code.load("i8", lanes.code.at(table, "i8", strip))
    return lanes.let(f"bitcast i8 {bits} to {lanes.masks}")


def _one_strip(
    place: Place, kind: EventKind, timing: Rate, first: int, at: str, keys: tuple[str, str],
    common: dict[int, str], alone: str,
) -> None:  # fmt: skip
    code, memory = place.code, place.shared.memory
    lanes, doubts = Lanes(code, WIDTH), list[str]()
    inside = _inside(lanes, at, kind.groups[0].size)
    scene = Scene(lanes, _Strip(place, kind, at, common), {}, inside, doubts)
    instance = code.let(f"add i64 {at}, {first}")
    free = _free(place, lanes, kind, instance)
    holds = lanes.both(inside, free)
    if kind.guard is not None:
        holds = lanes.both(holds, as_truth(scene.within(holds), kind.guard))
    old = stored(lanes, place, "hazard", instance)
    off = code.label("off")
    if not doubts:
        ran = lanes.both(inside, lanes.compare("une", old, lanes.number(0.0)))
        some, busy = lanes.bits(lanes.either(holds, ran)), code.label("busy")
        code.branch(code.let(f"icmp ne i64 {some}, 0"), busy, off)
        code.begin(busy)
    value = in_lanes(scene.within(holds), timing.hazard)
    new = lanes.select(holds, value, lanes.number(0.0))
    moves = lanes.both(inside, lanes.compare("une", new, old))
    # As words, numbers from 0 to below infinity are less than infinity; minus 0 is in doubt, too.
    words = lanes.as_words(new), lanes.as_words(lanes.number(math.inf))
    whole = lanes.both(moves, lanes.let(f"icmp uge {lanes.words} {words[0]}, {words[1]}"))
    for doubt in doubts:
        whole = lanes.either(whole, doubt)
    fine = code.label("fine")
    strange = code.let(f"icmp ne i8 {code.let(f'bitcast {lanes.masks} {whole} to i8')}, 0")
    code.do(f"br i1 {strange}, label %{alone}, label %{fine}, !prof !0")
    code.is_open = False
    code.begin(fine)
    moved = code.let(f"bitcast {lanes.masks} {moves} to i8")
    with code.when(code.let(f"icmp ne i8 {moved}, 0")):
        change_clocks(place, Lanes(code, WIDTH), instance, at, keys, (new, old, moves))
    code.begin(off)
    assert memory.arrays["hazard"].count >= first


def _free(place: Place, lanes: Lanes, kind: EventKind, instance: str) -> str:
    """The instances that are not forbidden."""
    if not place.shared.can_be_forbidden(kind):
        return lanes.truth(True)
    code = place.code
    address = place.shared.memory.cell(code, "forbidden", instance)
    bytes_ = code.let(f"load <{WIDTH} x i8>, ptr {address}, align 1")
    return code.let(f"icmp eq <{WIDTH} x i8> {bytes_}, zeroinitializer")
