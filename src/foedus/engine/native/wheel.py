"""The first ring from a calendar queue: for thousands of instances, at a cost that does not grow.

Time is cut into cells of about two rings, and into years of many cells [Brown1988]_; there are
about twice as many cells as instances. An instance stands in a cell of this year, or in the list of
a later year, whose instances are put into cells when the year begins; what rings after the last
year waits there, what rings after the end of the run stands nowhere. An instance never stands in a
later place than its ring's. If its ring moves to an earlier place, it is put there, too, and what
is left behind no longer counts; if to a later one, it stays, and is moved when its place comes up:
most changes of a hazard touch no list. The instances of the cell that is up are searched.

Lists are chunks of one line of the processor's cache, from a pool. When the pool is used up, or
more than 16 steps an event have been spent on searching and on empty cells, and one for each
instance and cell, cells are made anew, wider or narrower: that costs no more than what it saves.
Which instance is first depends on none of this.

References
----------
.. [Brown1988] R. Brown (1988), Calendar queues: a fast O(1) priority queue implementation for the
   simulation event set problem, Communications of the ACM 31, 1220-1227.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.engine.native.ir import NEVER, Function, double
from foedus.engine.native.wheel_cells import NOWHERE, WIDTH, YEARS, Cells
from foedus.frozen import dataclass

if TYPE_CHECKING:
    from foedus.engine.native.place import Emission

IN_CELL = 2.0
"""Rings in a cell, about."""

STEPS = 16
"""Steps an event may cost before the cells are made anew."""

STAGES = OWN, READERS, CLOCKS = 4, 2, 1
"""So many cells ahead: an event's own state and who reads it, their state, their clocks."""

AHEAD = 6
"""So many cells before they come up are instances fetched from memory."""

ZERO, SMALLEST, LARGEST = double(0.0), double(1e-300), double(1e300)


@dataclass(frozen=True, slots=True)
class Wheel:
    """Ring times of all instances. A clock takes one line of the processor's cache."""

    instances: int

    @property
    def bits(self) -> int:
        """The number of cells, as a power of two."""
        return (2 * max(self.instances, 32) - 1).bit_length()

    def add(self, shared: Emission) -> None:
        """Room for clocks, ring times, cells and the list of the cell that is up."""
        memory, writer = shared.memory, self._writer(shared)
        fields = [(name, "double") for name in ("hazard", "inner", "changed", "ring")]
        fields += [("number", "i64"), ("key", "i64"), ("w_where", "i32")]
        memory.add_rows(fields, self.instances)
        for name in ("w_origin", "w_speed", "w_end"):
            memory.add(name, "double", 1)
        for name in (
            "w_now", "w_listed", "w_linked", "w_work", "w_since", "w_best", "w_slot", "w_used",
            "w_free",
        ):  # fmt: skip
            memory.add(name, "i64", 1)
        for name in ("w_known", "w_stale"):
            memory.add(name, "i8", 1)
        memory.add("w_chunk", "i32", WIDTH * (writer.cells + writer.years + writer.pool))
        memory.add("w_list", "i32", self.instances)

    def reset(self, shared: Emission, code: Function) -> None:
        """Everything is to be put in when the first ring is looked for."""
        shared.memory.store(code, "w_stale", "1")
        shared.memory.store(code, "w_known", "0")

    def emit(self, shared: Emission) -> None:
        """`@f_first_ring(ctx)`, and what it needs but for `ahead`."""
        self._writer(shared).emit()

    def _writer(self, shared: Emission) -> _Turns:
        cells, years = 1 << (self.bits + 1) // 2, 1 << self.bits // 2
        return _Turns(shared, self.instances, cells, years, self.instances // 3 + 64)

    def take_first(self, shared: Emission, code: Function) -> str:
        """The instance that `@f_first_ring` has found; it leaves the list."""
        memory = shared.memory
        instance, slot = memory.load(code, "w_best"), memory.load(code, "w_slot")
        last = code.let(f"sub i64 {memory.load(code, 'w_listed')}, 1")
        memory.store(code, "w_list", memory.load(code, "w_list", last), slot)
        memory.store(code, "w_listed", last)
        memory.store(code, "w_where", str(NOWHERE), instance)
        memory.store(code, "ring", NEVER, instance)
        memory.store(code, "w_known", "0")
        return instance


@dataclass(frozen=True, slots=True)
class _Turns(Cells):
    """Writes what turns the wheel."""

    def emit(self) -> None:
        """All functions of a wheel."""
        self.emit_cells()
        self._emit_make_anew()
        self._emit_turn()
        self._emit_first_ring()

    # Making anew

    def _emit_make_anew(self) -> None:
        """`@f_w_make(ctx)`: cells of another length, and every instance in its place."""
        code = self.shared.function("@f_w_make", attributes="nounwind noinline")
        now = self.load(code, "time")
        self.store(code, "w_origin", now)
        self.store(code, "w_speed", self._speed(code, now))
        for name in ("w_now", "w_listed", "w_linked", "w_work", "w_stale", "w_known"):
            self.store(code, name, 0)
        self.store(code, "w_since", self.load(code, "fired"))
        self.store(code, "w_free", -1)
        self.store(code, "w_used", self.cells + self.years)
        with code.count_up("0", str(self.cells + self.years)) as chunk:
            base = code.let(f"mul i64 {chunk}, {WIDTH}")
            self.store(code, "w_chunk", -1, base)
            self.store(code, "w_chunk", 0, code.let(f"add i64 {base}, 1"))
        with code.count_up("0", str(self.instances)) as instance:
            code.do(f"call void @f_w_put(ptr %ctx, i64 {instance})")
        code.finish()

    def _speed(self, code: Function, now: str) -> str:
        """Cells a day: by the sum of all hazards, and of one over the days left where none is.

        The next ring lies within half of the cells, whatever the hazards are.
        """
        total, next_ring = code.slot("double"), code.slot("double")
        code.store("double", ZERO, total)
        code.store("double", NEVER, next_ring)
        with code.count_up("0", str(self.instances)) as instance:
            ring = self.load(code, "ring", instance)
            with code.when(code.let(f"fcmp ole double {ring}, {self.load(code, 'w_end')}")):
                best = code.load("double", next_ring)
                less = code.let(f"fcmp olt double {ring}, {best}")
                code.store(
                    "double", code.let(f"select i1 {less}, double {ring}, double {best}"), next_ring
                )
                hazard = self.load(code, "hazard", instance)
                runs = code.let(f"fcmp ogt double {hazard}, {ZERO}")
                left = code.let(f"fsub double {ring}, {now}")
                rate = code.let(f"fdiv double {double(1.0)}, {left}")
                known = code.let(f"fcmp olt double {rate}, {LARGEST}")
                rate = code.let(f"select i1 {known}, double {rate}, double {ZERO}")
                more = code.let(f"select i1 {runs}, double {hazard}, double {rate}")
                code.store(
                    "double", code.let(f"fadd double {code.load('double', total)}, {more}"), total
                )
        speed = code.let(f"fdiv double {code.load('double', total)}, {double(IN_CELL)}")
        wait = code.let(f"fsub double {code.load('double', next_ring)}, {now}")
        most = code.let(f"fdiv double {double(self.cells * self.years / 2)}, {wait}")
        for bound in (most, LARGEST):
            above = code.let(f"fcmp ogt double {speed}, {bound}")
            speed = code.let(f"select i1 {above}, double {bound}, double {speed}")
        fine = code.let(f"fcmp ogt double {speed}, {SMALLEST}")
        return code.let(f"select i1 {fine}, double {speed}, double {SMALLEST}")

    # Looking for the first ring

    def _emit_turn(self) -> None:
        """`@f_w_turn(ctx)`: leave the cell that is up for the next one."""
        code = self.shared.function("@f_w_turn")
        count = self.load(code, "w_listed")
        self.store(code, "w_listed", 0)
        now = code.let(f"add i64 {self.step(code, 'w_now', 1)}, 1")
        self.step(code, "w_work", 1)
        with code.when(code.let(f"icmp sgt i64 {now}, {YEARS // 2}"), ", !prof !0"):
            self.store(code, "w_stale", 1)
        # What is put back into the list takes the place of something read before.
        with code.count_up("0", count) as slot:
            code.do(f"call void @f_w_put(ptr %ctx, i64 {self.load(code, 'w_list', slot)})")
        cell = code.let(f"and i64 {now}, {self.cells - 1}")
        with code.when(code.let(f"icmp eq i64 {cell}, 0")):
            year = code.let(f"ashr i64 {now}, {self.cells.bit_length() - 1}")
            place = code.let(f"add i64 {year}, {YEARS}")
            chunk = self.chunk_of(code, place)
            code.do(f"call void @f_w_take(ptr %ctx, i64 {chunk}, i64 {place})")
        code.do(f"call void @f_w_take(ptr %ctx, i64 {cell}, i64 {now})")
        self._look_ahead(code, now)
        code.finish()

    def _look_ahead(self, code: Function, now: str) -> None:
        """Fetch the instances of cells to come, then what their events will read and change."""
        for cells in (AHEAD, *STAGES):
            place = code.let(f"add i64 {now}, {cells}")
            base = code.let(f"mul i64 {code.let(f'and i64 {place}, {self.cells - 1}')}, {WIDTH}")
            count = self.load(code, "w_chunk", code.let(f"add i64 {base}, 1"))
            if cells == AHEAD:
                self.fetch_rows(code, base, count)
                continue
            with code.count_up("0", count) as slot:
                one = self.member(code, base, slot)
                stands = code.let(f"icmp eq i64 {self.load(code, 'w_where', one)}, {place}")
                with code.when(stands):
                    ring = self.load(code, "ring", one)
                    cell = code.let(f"call i64 @f_w_cell(ptr %ctx, double {ring})")
                    with code.when(code.let(f"icmp eq i64 {cell}, {place}")):
                        code.do(f"call void @f_w_ahead{cells}(ptr %ctx, i64 {one})")

    def _emit_first_ring(self) -> None:
        """`@f_first_ring(ctx)`: the earliest ring, with `w_best` and where it is in the list."""
        code = self.shared.function("@f_first_ring")
        look, leave, search, turn, found, none = (
            code.label(hint) for hint in ("look", "leave", "search", "turn", "found", "none")
        )
        known = code.let(f"icmp ne i8 {self.load(code, 'w_known')}, 0")
        code.branch(known, leave, look)
        code.begin(look)
        with code.when(self._is_to_be_made(code)):
            code.do("call void @f_w_make(ptr %ctx)")
        code.begin(search)
        best, slot = code.slot("double"), code.slot("i64")
        self._search(code, best, slot)
        first = code.load("double", best)
        in_time = code.let(f"fcmp ole double {first}, {self.load(code, 'w_end')}")
        cell = code.let(f"call i64 @f_w_cell(ptr %ctx, double {first})")
        is_up = code.let(f"icmp sle i64 {cell}, {self.load(code, 'w_now')}")
        code.branch(code.let(f"and i1 {in_time}, {is_up}"), found, turn)
        code.begin(found)
        self.store(code, "next_ring", first)
        place = code.load("i64", slot)
        self.store(code, "w_slot", place)
        self.store(code, "w_best", self.load(code, "w_list", place))
        self.store(code, "w_known", 1)
        code.jump(leave)
        code.begin(turn)
        left = code.let(f"add i64 {self.load(code, 'w_linked')}, {self.load(code, 'w_listed')}")
        go_on = code.label("goon")
        code.branch(code.let(f"icmp eq i64 {left}, 0"), none, go_on)
        code.begin(go_on)
        code.do("call void @f_w_turn(ptr %ctx)")
        code.jump(look)
        code.begin(none)
        self.store(code, "next_ring", NEVER)
        code.jump(leave)
        code.begin(leave)
        code.finish()

    def _is_to_be_made(self, code: Function) -> str:
        """Whether too many steps have been made since cells were made, or there are none."""
        events = code.let(f"sub i64 {self.load(code, 'fired')}, {self.load(code, 'w_since')}")
        allowed = code.let(f"mul i64 {events}, {STEPS}")
        allowed = code.let(f"add i64 {allowed}, {self.instances + self.cells * self.years}")
        too_many = code.let(f"icmp sgt i64 {self.load(code, 'w_work')}, {allowed}")
        stale = code.let(f"icmp ne i8 {self.load(code, 'w_stale')}, 0")
        return code.let(f"or i1 {too_many}, {stale}")

    def _search(self, code: Function, best: str, slot: str) -> None:
        """The earliest ring in the list; of equal ones, that of the first instance."""
        count = self.load(code, "w_listed")
        work = self.load(code, "w_work")
        self.store(code, "w_work", code.let(f"add i64 {work}, {count}"))
        holder = code.slot("i64")
        code.store("double", NEVER, best)
        code.store("i64", "0", slot)
        code.store("i64", str(self.instances), holder)
        with code.count_up("0", count) as place:
            one = self.load(code, "w_list", place)
            ring, least = self.load(code, "ring", one), code.load("double", best)
            earlier = code.let(f"fcmp olt double {ring}, {least}")
            equal = code.let(f"fcmp oeq double {ring}, {least}")
            before = code.let(f"icmp slt i64 {one}, {code.load('i64', holder)}")
            tied = code.let(f"and i1 {equal}, {before}")
            with code.when(code.let(f"or i1 {earlier}, {tied}")):
                code.store("double", ring, best)
                code.store("i64", place, slot)
                code.store("i64", one, holder)
