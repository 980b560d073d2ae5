"""The frequent step: the next event of every lane at once, without a branch.

Each lane knows the inner time left on its frequent clocks. The one with the least `left / hazard`
is found by comparing products, without division; this is the only step in which rounding could
choose another than the reference engine does, and it is verified: the time of the chosen clock is
worked out as the reference engine does it, and every other clock must then have more inner time
left than `MARGIN`. Where it has not, or the step meets anything rare (an event from outside, a
guard that turns, a value that may not land), nothing of the step is kept in the lanes in question,
and they are handed to the scalar code for one whole instant.
"""

from __future__ import annotations

from foedus.engine import clocks
from foedus.engine.native.ir import WITH_VECTORS, Function
from foedus.engine.native.vector import elementary
from foedus.engine.native.vector.expressions import Scene, State, as_number, as_truth
from foedus.engine.native.vector.lanes import Lanes
from foedus.engine.native.vector.plan import MARGIN, Plan, can_be_forbidden
from foedus.engine.native.vector.registers import Registers
from foedus.engine.native.vector.watches import watch
from foedus.engine.timing import Instance
from foedus.frozen import dataclass
from foedus.jump.model import Rate

CHECK_EVERY = 1 << 16
"""After so many steps all lanes go through the scalar code, which counts events."""

FAST = f'{WITH_VECTORS} "prefer-vector-width"="512" "min-legal-vector-width"="512"'
"""The widest vectors must be used."""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The clock that rings first: what is known of it, lane by lane."""

    left: str
    hazard: str
    inner: str
    changed: str
    counter: str


_PARTS = ("left", "hazard", "inner", "changed", "counter")


def emit_steps(plan: Plan) -> None:
    """`@f_steps(job, lanes, contexts)`: steps until no lane has a run left."""
    code = plan.function("@f_steps", ("ptr", "%contexts"), attributes=FAST)
    steps, alive = code.slot("i64"), code.slot("i64")
    loop, keep, rare, again, done = (
        code.label(hint) for hint in ("loop", "keep", "rare", "again", "done")
    )
    lanes = Lanes(code, plan.width)
    registers = Registers(plan, lanes)
    code.begin(again)
    registers.fetch()
    code.store("i64", "0", steps)
    code.store("i64", plan.job.load(code, "alive"), alive)
    code.begin(loop)
    lanes.known.clear()
    doubtful = _Step(plan, registers).work_out()
    number, in_use = code.load("i64", steps), code.load("i64", alive)
    here = code.let(f"and i64 {lanes.bits(doubtful)}, {in_use}")
    checks = code.let(f"icmp uge i64 {number}, {CHECK_EVERY}")
    asked = code.let(f"select i1 {checks}, i64 {in_use}, i64 {here}")
    code.do(f"br i1 {code.let(f'icmp ne i64 {asked}, 0')}, label %{rare}, label %{keep}, !prof !0")
    code.is_open = False
    code.begin(keep)
    registers.keep()
    code.store("i64", code.let(f"add i64 {number}, 1"), steps)
    code.jump(loop)
    code.begin(rare)
    registers.keep_some(lanes.opposite(doubtful))
    registers.put_back()
    _take_back(plan, lanes, doubtful)
    _hand_over(plan, code, code.let(f"add i64 {number}, 1"), asked)
    left = plan.job.load(code, "alive")
    code.branch(code.let(f"icmp ne i64 {left}, 0"), again, done)
    code.begin(done)
    code.finish()


def _take_back(plan: Plan, lanes: Lanes, where: str) -> None:
    """The step that is counted for all lanes was none in some."""
    place = plan.memory.cell(lanes.code, "fired", 0)
    none = lanes.let(f"sext {lanes.masks} {where} to {lanes.words}")
    fired = lanes.join_words("add", lanes.load(lanes.words, place), none)
    lanes.store(lanes.words, fired, place)


def _hand_over(plan: Plan, code: Function, steps: str, asked: str) -> None:
    """Count the steps of all lanes, then let the scalar code have those that asked for it."""
    job = plan.job
    total = code.let(f"add i64 {job.load(code, 'steps')}, {steps}")
    job.store(code, "steps", total)
    bits, index = code.slot("i64"), code.slot("i64")
    code.store("i64", asked, bits)
    more, one, none = code.label("more"), code.label("one"), code.label("none")
    code.begin(more)
    left = code.load("i64", bits)
    code.branch(code.let(f"icmp ne i64 {left}, 0"), one, none)
    code.begin(one)
    lane = code.let(f"call i64 @llvm.cttz.i64(i64 {left}, i1 true)")
    code.store("i64", lane, index)
    less = code.let(f"sub i64 {left}, 1")
    code.store("i64", code.let(f"and i64 {left}, {less}"), bits)
    offset = code.let(f"mul i64 {lane}, {plan.shared.memory.size}")
    context = code.at("%contexts", "i8", offset)
    code.do(f"call void @f_rare(ptr %job, ptr %lanes, ptr {context}, i64 {lane})")
    code.jump(more)
    code.begin(none)


class _Step:
    """One step: worked out from memory, and kept if nothing speaks against it."""

    def __init__(self, plan: Plan, registers: Registers) -> None:
        self.plan, self.lanes = plan, registers.lanes
        self.registers, self.old, self.kept = registers, registers.old, registers.kept
        self.doubts: list[str] = []

    def work_out(self) -> str:
        """The whole step; gives where it must not be kept."""
        lanes, structure = self.lanes, self.plan.structure
        chosen, rings = self._choose(list(range(len(structure.frequent))))
        lanes.weave(lambda: self._noise(chosen, rings), lambda: self._follow(chosen, rings))
        whole = self.doubts[0]
        for doubt in self.doubts[1:]:
            whole = lanes.either(whole, doubt)
        return whole

    def _follow(self, chosen: _Chosen, rings: dict[int, str]) -> None:
        """The state after the event of each lane, and all that follows the state."""
        lanes = self.lanes
        wait = lanes.join("fdiv", chosen.inner, chosen.hazard)
        time = lanes.join("fadd", chosen.changed, wait)
        self.kept["time"] = time
        self.doubts.append(lanes.opposite(lanes.compare("olt", time, self.old("until"))))
        cells = self._cells_after(rings)
        self._clocks(time, rings, cells)
        watch(self.plan, self.registers, self._scene(cells), time)

    def _scene(self, cells: dict[int, str], instance: Instance | None = None) -> Scene:
        binding = {} if instance is None else dict(instance.binding)
        always = self.lanes.truth(True)
        state = State(self.plan.terms, self.plan.reach, cells)
        return Scene(self.lanes, state, binding, always, self.doubts)

    def _choose(self, places: list[int]) -> tuple[_Chosen, dict[int, str]]:
        """The first of some clocks, and for each of them the lanes in which it is the one."""
        lanes = self.lanes
        if len(places) == 1:
            place = places[0]
            parts = [self.old(f"{name}{place}") for name in _PARTS]
            return _Chosen(*parts), {place: lanes.truth(True)}
        middle = len(places) // 2
        one, rings = self._choose(places[:middle])
        other, others = self._choose(places[middle:])
        earlier = lanes.compare(
            "ole",
            lanes.join("fmul", one.left, other.hazard),
            lanes.join("fmul", other.left, one.hazard),
        )
        later = lanes.opposite(earlier)
        parts = []
        for name in _PARTS:
            kind = lanes.words if name == "counter" else lanes.numbers
            parts.append(lanes.select(earlier, getattr(one, name), getattr(other, name), kind))
        mine = {place: lanes.both(earlier, mask) for place, mask in rings.items()}
        return _Chosen(*parts), mine | {
            place: lanes.both(later, mask) for place, mask in others.items()
        }

    def _cells_after(self, rings: dict[int, str]) -> dict[int, str]:
        """The hot cells after the event of each lane; what may not land is doubted."""
        plan, lanes = self.plan, self.lanes
        before = {cell: self.old(f"cell{cell}") for cell in plan.structure.hot}
        after = dict(before)
        for place, ring in rings.items():
            instance = plan.structure.frequent[place]
            scene = self._scene(before, instance).within(ring)
            for effect in instance.kind.effects:
                block = plan.reach.layout.variables[effect.variable]
                cell = plan.reach.cell(block, effect.indices, scene.binding)
                assert cell is not None
                value = as_number(scene, effect.value)
                after[cell] = lanes.select(ring, value, after[cell])
        for spec in plan.shared.model.variables:
            for cell in plan.reach.layout.variables[spec.name].cells:
                if cell not in after:
                    continue
                value = after[cell]
                low = -elementary.LARGEST if spec.low is None else spec.low
                high = elementary.LARGEST if spec.high is None else spec.high
                if low == 0.0:
                    bits, highest = lanes.as_words(value), lanes.as_words(lanes.number(high))
                    self.doubts.append(lanes.let(f"icmp ugt {lanes.words} {bits}, {highest}"))
                else:
                    above = lanes.compare("oge", value, lanes.number(low))
                    below = lanes.compare("ole", value, lanes.number(high))
                    self.doubts.append(lanes.opposite(lanes.both(above, below)))
                if spec.kind == "count" and not self._is_whole(cell):
                    whole = lanes.compare("oeq", lanes.intrinsic("floor", value), value)
                    self.doubts.append(lanes.opposite(whole))
                self.kept[f"cell{cell}"] = value
        return after

    def _is_whole(self, cell: int) -> bool:
        """Whether all that frequent events put into a cell is a whole number by its type."""
        plan = self.plan
        for instance in plan.structure.frequent:
            for effect in instance.kind.effects:
                block = plan.reach.layout.variables[effect.variable]
                if plan.reach.cell(block, effect.indices, dict(instance.binding)) != cell:
                    continue
                if not getattr(effect.value.type, "is_whole", False):
                    return False
        return True

    def _clocks(self, time: str, rings: dict[int, str], cells: dict[int, str]) -> None:
        """New hazards and inner times of all clocks that are followed."""
        plan, lanes = self.plan, self.lanes
        least = most = ""
        for place, instance in enumerate(plan.structure.followed):
            inner, changed, hazard = (
                self.old(f"{name}{place}") for name in ("inner", "changed", "hazard")
            )
            new = self._hazard(instance, cells)
            bits = lanes.as_words(new)
            most = lanes.greater_word(bits, most) if most else bits
            used = lanes.join("fmul", hazard, lanes.join("fsub", time, changed))
            left = lanes.join("fsub", inner, used)
            moves = lanes.compare("une", new, hazard)
            if place in rings:
                left = lanes.select(rings[place], self.old(f"ahead{place}"), left)
                moves = lanes.either(moves, rings[place])
                self.kept[f"left{place}"] = left
            least = lanes.lesser(left, least) if least else left
            self.kept[f"inner{place}"] = lanes.select(moves, left, inner)
            self.kept[f"changed{place}"] = lanes.select(moves, time, changed)
            self.kept[f"hazard{place}"] = new
        self.doubts.append(lanes.opposite(lanes.compare("ogt", least, lanes.number(MARGIN))))
        # As words, negative numbers and nan are greater than any number that is wanted.
        highest = lanes.as_words(lanes.number(self.plan.highest))
        self.doubts.append(lanes.let(f"icmp ugt {lanes.words} {most}, {highest}"))

    def _hazard(self, instance: Instance, cells: dict[int, str]) -> str:
        lanes, kind = self.lanes, instance.kind
        assert isinstance(kind.timing, Rate)
        scene = self._scene(cells, instance)
        holds = lanes.truth(True)
        if kind.guard is not None:
            holds = as_truth(scene, kind.guard)
        if can_be_forbidden(self.plan.shared, instance):
            holds = lanes.both(holds, self.registers.is_one(f"free{instance.number}"))
        inside = scene.within(holds)
        value = as_number(inside, kind.timing.hazard)
        new = lanes.select(holds, value, lanes.number(0.0))
        return new

    def _noise(self, chosen: _Chosen, rings: dict[int, str]) -> None:
        """The next waiting time but one of the clock that rings."""
        lanes = self.lanes
        drawn = elementary.unit_exponential(lanes, chosen.counter, self.old("second_key"))
        golden = lanes.word(clocks.GOLDEN)
        for place, ring in rings.items():
            ahead, counter = self.old(f"ahead{place}"), self.old(f"counter{place}")
            following = lanes.join_words("add", counter, golden)
            self.kept[f"ahead{place}"] = lanes.select(ring, drawn, ahead)
            self.kept[f"counter{place}"] = lanes.select(ring, following, counter, lanes.words)
