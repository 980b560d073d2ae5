"""The clocks of a whole kind brought up to date at once, eight members side by side.

Where every member's rate depends on everybody, an event changes all of them. The arithmetic is that
of `timing` in the reference engine, lane by lane; a clock that has to be drawn anew is drawn alone.
Places beyond the last member of a kind are never on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foedus.engine.native.bits import BIT_BLOCK
from foedus.engine.native.clock_changes import count_clock_changes_in
from foedus.engine.native.clockwork import keys_of
from foedus.engine.native.field import fields_of
from foedus.engine.native.first_ring import forget_first
from foedus.engine.native.ir import Function
from foedus.engine.native.order import by_depth
from foedus.engine.native.place import Emission, Place
from foedus.engine.native.side_by_side import Side, copied, suits
from foedus.engine.native.vector import elementary
from foedus.engine.native.vector.lanes import Lanes
from foedus.engine.world import UNDRAWN
from foedus.expr import tree
from foedus.jump.model import EventKind, Rate

LANES = 8
INFINITE = float("inf")


def can_go_side_by_side(shared: Emission, kind: EventKind) -> bool:
    """Whether the clocks of a kind can be brought up to date side by side: it has fields, members
    that fill a vector, and nothing in its rate that could be a fault."""
    fields = fields_of(shared.fields, kind)
    if not fields or not isinstance(kind.timing, Rate) or kind.timing.every is not None:
        return False
    own, group = kind.index_names[0], kind.groups[0]
    if group.size < LANES or any(field.rows != group.size for field in fields.values()):
        return False

    def is_leaf(node: tree.Expression) -> bool:
        if isinstance(node, tree.Quantifier):
            return node in fields
        if not isinstance(node, tree.Variable | tree.Datum):
            return False
        names = [i.name for i in node.indices if isinstance(i, tree.IndexVariable)]
        return names == [own] and len(node.indices) == 1

    roots = (kind.guard, kind.timing.hazard)
    return all(root is None or suits(root, own, is_leaf) for root in roots)


def team_of(shared: Emission, number: int) -> tuple[int, ...]:
    """The kinds that are brought up to date together with a kind, itself among them: those that can
    go side by side and have the same members. Most of them change with the same events, and what
    they have in common is worked out once."""
    kinds = shared.model.kinds
    group = kinds[number].groups[0]
    return tuple(
        other
        for other, kind in enumerate(kinds)
        if can_go_side_by_side(shared, kind) and kind.groups[0] == group
    )


def emit_refresh_team(shared: Emission, number: int, first_of: Sequence[int]) -> None:
    """`@f_refresh_all{n}(ctx)` for such a kind. The first of a team has the code for all of them,
    and takes their names from the list of those that must be looked at."""
    team = team_of(shared, number)
    code = shared.function(f"@f_refresh_all{number}")
    if number == team[0]:
        _refresh_team(shared, code, team, first_of)
    else:
        code.do(f"call void @f_refresh_all{team[0]}(ptr %ctx)")
    code.finish()


def _refresh_team(
    shared: Emission, code: Function, team: tuple[int, ...], first_of: Sequence[int]
) -> None:
    for word in sorted({kind // BIT_BLOCK for kind in team}):
        bits = sum(1 << (kind % BIT_BLOCK) for kind in team if kind // BIT_BLOCK == word)
        others = code.let(f"and i64 {shared.memory.load(code, 'dirty_all', word)}, {~bits}")
        shared.memory.store(code, "dirty_all", others, word)
    size = shared.model.kinds[team[0]].groups[0].size
    slow, done = code.label("slow"), code.label("done")
    forget_first(shared, code)

    def bring_up(rows: Mapping[str, int]) -> None:
        with by_depth(code):
            members = _members_in(shared, code, team, rows, first_of)
            doubt = _worked_out(members)
        fine = code.label("fine")
        code.do(f"br i1 {doubt}, label %{slow}, label %{fine}, !prof !0")
        code.is_open = False
        code.begin(fine)
        missing = [one.change() for one in members]
        some = missing[0]
        for other in missing[1:]:
            some = code.let(f"or i64 {some}, {other}")
        with code.when(code.let(f"icmp ne i64 {some}, 0")):
            for one, lanes_missing in zip(members, missing, strict=True):
                one.draw(lanes_missing)

    # Two vectors at a time, or three: the chains of some exponentials fill the gaps of others.
    pairs = max(-(-size // LANES) - 2, 0) // 2
    with code.count_up("0", str(pairs)) as pair:
        row = code.let(f"mul i64 {pair}, {2 * LANES}")
        bring_up({row: LANES, code.let(f"add i64 {row}, {LANES}"): LANES})
    last = range(2 * pairs * LANES, size, LANES)
    bring_up({str(row): min(size - row, LANES) for row in last})
    code.jump(done)
    code.begin(slow)  # one after the other; what is a fault is noted there
    with code.count_up("0", str(size)) as order:
        for kind in team:
            code.do(f"call void @f_refresh{kind}(ptr %ctx, i64 {order})")
    code.begin(done)


def draw_at_once(shared: Emission, code: Function, kind: EventKind, instance: str) -> None:
    """Draw the waiting time that follows a ring of the clock of `%order`.

    The clocks of such kinds are looked at together, and most of them have been drawn: a branch to
    the few that have not would be foretold badly.
    """
    unit = _drawn(shared, code, kind, "%order", instance)
    shared.memory.store(code, "inner", unit, instance)


def _drawn(shared: Emission, code: Function, kind: EventKind, order: str, instance: str) -> str:
    """The waiting time of an instance, by how often it has fired."""
    key = code.lookup("i64", keys_of(shared, kind, "clock"), order)
    count = shared.memory.load(code, "number", instance)
    words = shared.words(code, shared.kind_number(kind))
    arguments = f"ptr %ctx, i64 {instance}, ptr {words}, i64 {key}, i64 {count}"
    return code.let(f"call double @f_draw({arguments})")


def _members_in(
    shared: Emission, code: Function, team: Sequence[int], rows: Mapping[str, int],
    first_of: Sequence[int],
) -> list[_Members]:  # fmt: skip
    """The members of all kinds of a team in some rows, by how many there are in each; what is the
    same for all is worked out once."""
    common: dict[tree.Expression, str] = {}
    found = []
    for row, count in rows.items():
        lanes = Lanes(code, LANES)
        inside = lanes.first(count)
        found += [
            _Members(shared, lanes, kind, row, first_of[kind], inside, common) for kind in team
        ]
    return found


def _worked_out(members: Sequence[_Members]) -> str:
    """Work out the hazards of some members. Gives whether any of them is in doubt: an argument is
    out of the usual range, or a hazard is not a finite number from 0 up. As words, such numbers are
    those below infinity; minus zero is in doubt, too."""
    hazards, exponents = list[str](), list[str]()
    for one in members:
        one.work_out()
        hazards.append(one.lanes.as_words(one.new))
        exponents += one.exponents
    lanes = members[0].lanes
    doubt = _any_from(lanes, hazards, INFINITE)
    if not exponents:
        return doubt
    large = _any_from(lanes, exponents, elementary.LARGEST_EXPONENT)
    return lanes.let(f"or i1 {doubt}, {large}")


def _any_from(lanes: Lanes, words: Sequence[str], least: float) -> str:
    """Whether any of some numbers, given as words, is a number or more; an i1."""
    most = words[0]
    for word in words[1:]:
        most = lanes.greater_word(most, word)
    limit = lanes.as_words(lanes.number(least))
    bits = lanes.bits(lanes.let(f"icmp uge {lanes.words} {most}, {limit}"))
    return lanes.let(f"icmp ne i64 {bits}, 0")


class _Members:
    """Members of a kind, one in each lane, from `row` on; `first` is the kind's first place.

    `inside` are the lanes that stand for members, `common` the values that are the same for all.
    """

    def __init__(
        self, shared: Emission, lanes: Lanes, number: int, row: str, first: int, inside: str,
        common: dict[tree.Expression, str],
    ) -> None:  # fmt: skip
        self.shared, self.lanes, self.row = shared, lanes, row
        self.inside, self.common = inside, common
        self.exponents: list[str] = []
        self.kind, self.code, self.memory = shared.model.kinds[number], lanes.code, shared.memory
        self.fields = fields_of(shared.fields, self.kind)
        self.instance = lanes.let(f"add i64 {row}, {first}")
        self.new = ""

    def _load(self, array: str) -> str:
        address = self.memory.cell(self.code, array, self.instance)
        return self.code.let(f"load {self.lanes.numbers}, ptr {address}, align 64")

    def _store(self, array: str, value: str) -> None:
        address = self.memory.cell(self.code, array, self.instance)
        self.code.do(f"store {self.lanes.numbers} {value}, ptr {address}, align 64")

    def _leaf(self, node: tree.Expression) -> str | None:
        lanes, shared, offset = self.lanes, self.shared, 0
        if isinstance(node, tree.Quantifier) and node in self.fields:
            base = f"ptr %ctx, i64 {self.memory.arrays[self.fields[node].totals].offset}"
        else:
            names = [
                i.name for i in getattr(node, "indices", ()) if isinstance(i, tree.IndexVariable)
            ]
            if names != list(self.kind.index_names):
                return None
            if isinstance(node, tree.Variable):
                base = f"ptr %ctx, i64 {self.memory.arrays['values'].offset}"
                offset = shared.layout.variables[node.name].first
            elif isinstance(node, tree.Datum):
                values = [*shared.layout.tables[node.name].values, *[0.0] * LANES]
                table = self.code.module.table("double", values)
                base = f"ptr {table}, i64 0"
            else:
                return None
        at = lanes.let(f"add i64 {self.row}, {offset}")
        first = lanes.let(f"getelementptr i8, {base}")
        address = lanes.let(f"getelementptr double, ptr {first}, i64 {at}")
        return lanes.let(f"load {lanes.numbers}, ptr {address}, align 8")

    def work_out(self) -> None:
        """Work out the hazards, and as words the sizes of all exponents; 0 where a clock is off."""
        lanes, timing = self.lanes, self.kind.timing
        assert isinstance(timing, Rate)
        index, place = self.kind.index_names[0], Place(self.shared, self.code)
        side = Side(lanes, place, index, self._leaf, self.common)
        is_on = self.inside
        if self.shared.can_be_forbidden(self.kind):
            address = self.memory.cell(self.code, "forbidden", self.instance)
            forbidden = self.code.let(f"load <{lanes.width} x i8>, ptr {address}, align 1")
            free = self.code.let(f"icmp eq <{lanes.width} x i8> {forbidden}, zeroinitializer")
            is_on = lanes.both(is_on, free)
        if self.kind.guard is not None:
            is_on = lanes.both(is_on, side.truth(self.kind.guard))
        zero = lanes.number(0.0)
        self.new = lanes.select(is_on, side.number(timing.hazard), zero)
        for size in side.exponents:
            self.exponents.append(lanes.as_words(lanes.select(is_on, size, zero)))

    def change(self) -> str:
        """Let the hazards become the new ones, as `timing` does for one clock. Gives as bits the
        lanes whose clocks have to be drawn."""
        lanes, zero, new = self.lanes, self.lanes.number(0.0), self.new
        old, changed, ring = self._load("hazard"), self._load("changed"), self._load("ring")
        is_changed = lanes.compare("une", new, old)
        count_clock_changes_in(self.shared, lanes, is_changed)
        now, inner = self._now(), self._load("inner")
        since = lanes.join("fsub", now, changed)
        left = lanes.join("fsub", inner, lanes.join("fmul", old, since))
        left = lanes.select(lanes.compare("ogt", left, zero), left, zero)
        was_on = lanes.both(is_changed, lanes.compare("ogt", old, zero))
        inner = lanes.select(was_on, left, inner)
        rings = lanes.compare("une", new, zero)
        then = lanes.join("fadd", now, lanes.join("fdiv", inner, new))
        then = lanes.select(rings, then, lanes.number(INFINITE))
        self._store("inner", inner)
        self._store("hazard", new)
        self._store("changed", lanes.select(is_changed, now, changed))
        self._store("ring", lanes.select(is_changed, then, ring))
        undrawn = lanes.compare("oeq", inner, lanes.number(UNDRAWN))
        return lanes.bits(lanes.both(lanes.both(is_changed, rings), undrawn))

    def _now(self) -> str:
        lanes = self.lanes
        address = lanes.let(f"getelementptr i8, ptr %ctx, i64 {self.memory.arrays['time'].offset}")
        time = lanes.let(f"load double, ptr {address}")
        return copied(lanes, "double", time, lanes.numbers)

    def draw(self, missing: str) -> None:
        """Draw the clocks whose bits are set, one by one."""
        code, memory = self.code, self.memory
        bits = code.slot("i64")
        code.store("i64", missing, bits)
        test, one, after = (code.label(hint) for hint in ("missing", "one", "drawn"))
        code.begin(test)
        now = code.load("i64", bits)
        code.branch(code.let(f"icmp ne i64 {now}, 0"), one, after)
        code.begin(one)
        code.store("i64", code.let(f"and i64 {now}, {code.let(f'sub i64 {now}, 1')}"), bits)
        lane = code.let(f"call i64 @llvm.cttz.i64(i64 {now}, i1 true)")
        order, instance = (code.let(f"add i64 {n}, {lane}") for n in (self.row, self.instance))
        unit = _drawn(self.shared, code, self.kind, order, instance)
        memory.store(code, "inner", unit, instance)
        wait = code.let(f"fdiv double {unit}, {memory.load(code, 'hazard', instance)}")
        ring = code.let(f"fadd double {memory.load(code, 'time')}, {wait}")
        memory.store(code, "ring", ring, instance)
        code.jump(test)
        code.begin(after)
