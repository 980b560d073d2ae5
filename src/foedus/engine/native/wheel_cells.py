"""The cells of a wheel as instructions: where instances stand, and how they are put and taken.

See `wheel` for what a place is and when instances move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.engine.native.ir import INLINED, Function, double
from foedus.frozen import dataclass

if TYPE_CHECKING:
    from foedus.engine.native.place import Emission

UP, YEARS, NOWHERE = -1, 1 << 30, (1 << 31) - 1
"""Where an instance stands: in the list of the cell that is up, in a later year (from here on), in
no place; all other numbers are cells."""

WIDTH, HEAD = 16, 2
"""A chunk: the chunk that follows it, how many instances it has, and they themselves."""

ROOM = WIDTH - HEAD


@dataclass(frozen=True, slots=True)
class Cells:
    """Writes the functions of a wheel: cells in a year, years, chunks in the pool."""

    shared: Emission
    instances: int
    cells: int
    years: int
    pool: int

    def emit_cells(self) -> None:
        """All functions of this module."""
        self._emit_place()
        self._emit_add()
        self._emit_put()
        self._emit_set_ring()
        self._emit_take()

    def load(self, code: Function, name: str, index: str | int = 0) -> str:
        """An element as a double or an i64."""
        value = self.shared.memory.load(code, name, index)
        if self.shared.memory.arrays[name].kind == "i32":
            return code.let(f"sext i32 {value} to i64")
        return value

    def store(self, code: Function, name: str, value: str | int, index: str | int = 0) -> None:
        """Set an element from a double or an i64."""
        shown = str(value)
        if self.shared.memory.arrays[name].kind == "i32" and shown.startswith("%"):
            shown = code.let(f"trunc i64 {shown} to i32")
        self.shared.memory.store(code, name, shown, index)

    def step(self, code: Function, name: str, by: int | str) -> str:
        """Add to a number; gives what it was."""
        before = self.load(code, name)
        self.store(code, name, code.let(f"add i64 {before}, {by}"))
        return before

    # Where instances stand

    def _emit_place(self) -> None:
        """`@f_w_cell(ctx, time)`: the cell of a time; `@f_w_place(ctx, cell)`: where it is now."""
        inline = "nounwind alwaysinline"
        time = ("double", "%time")
        code = self.shared.function("@f_w_cell", time, result="i64", attributes=inline)
        since = code.let(f"fsub double %time, {self.load(code, 'w_origin')}")
        cell = code.let(f"fmul double {since}, {self.load(code, 'w_speed')}")
        last = double(YEARS - 1.0)
        is_near = code.let(f"fcmp olt double {cell}, {last}")
        near = code.let(f"select i1 {is_near}, double {cell}, double {last}")
        code.leave(code.let(f"fptosi double {near} to i64"))
        code.finish()
        code = self.shared.function("@f_w_place", ("i64", "%cell"), result="i64", attributes=inline)
        now, shift = self.load(code, "w_now"), self.cells.bit_length() - 1
        this_year, year = (code.let(f"ashr i64 {cell}, {shift}") for cell in (now, "%cell"))
        last_year = code.let(f"add i64 {this_year}, {self.years - 1}")
        beyond = code.let(f"icmp sgt i64 {year}, {last_year}")
        shown = code.let(f"select i1 {beyond}, i64 {last_year}, i64 {year}")
        later = code.let(f"icmp sgt i64 {year}, {this_year}")
        in_year = code.let(f"add i64 {shown}, {YEARS}")
        place = code.let(f"select i1 {later}, i64 {in_year}, i64 %cell")
        is_up = code.let(f"icmp sle i64 %cell, {now}")
        code.leave(code.let(f"select i1 {is_up}, i64 {UP}, i64 {place}"))
        code.finish()

    def _emit_add(self) -> None:
        """`@f_w_add(ctx, instance, place)`: into the list of the cell that is up, or a chunk."""
        code = self.shared.function("@f_w_add", ("i64", "%i"), ("i64", "%place"))
        self.store(code, "w_where", "%place", "%i")
        up, later, after = code.label("up"), code.label("later"), code.label("added")
        code.branch(code.let(f"icmp eq i64 %place, {UP}"), up, later)
        code.begin(up)
        self.store(code, "w_list", "%i", self.step(code, "w_listed", 1))
        self.store(code, "w_known", 0)
        code.jump(after)
        code.begin(later)
        self.step(code, "w_linked", 1)
        chunk = self.chunk_of(code, "%place")
        base = code.let(f"mul i64 {chunk}, {WIDTH}")
        at_count = code.let(f"add i64 {base}, 1")
        count = self.load(code, "w_chunk", at_count)
        with code.when(code.let(f"icmp eq i64 {count}, {ROOM}"), ", !prof !0"):
            self._make_room(code, base)
        count = self.load(code, "w_chunk", at_count)
        at = code.let(f"add i64 {code.let(f'add i64 {base}, {HEAD}')}, {count}")
        self.store(code, "w_chunk", "%i", at)
        self.store(code, "w_chunk", code.let(f"add i64 {count}, 1"), at_count)
        code.begin(after)
        code.finish()

    def chunk_of(self, code: Function, place: str) -> str:
        """The first chunk of a cell of this year or of a later year."""
        is_year = code.let(f"icmp sge i64 {place}, {YEARS}")
        year = code.let(f"and i64 {place}, {self.years - 1}")
        of_year = code.let(f"add i64 {year}, {self.cells}")
        of_cell = code.let(f"and i64 {place}, {self.cells - 1}")
        return code.let(f"select i1 {is_year}, i64 {of_year}, i64 {of_cell}")

    def _make_room(self, code: Function, base: str) -> None:
        """Move what a full first chunk has into one of the pool; with none left, make all anew."""
        free = self.load(code, "w_free")
        reuse, fresh, none, move, after = (
            code.label(hint) for hint in ("reuse", "fresh", "none", "move", "room")
        )
        chosen = code.slot("i64")
        code.branch(code.let(f"icmp sge i64 {free}, 0"), reuse, fresh)
        code.begin(reuse)
        code.store("i64", free, chosen)
        following = self.load(code, "w_chunk", code.let(f"mul i64 {free}, {WIDTH}"))
        self.store(code, "w_free", following)
        code.jump(move)
        code.begin(fresh)
        used = self.step(code, "w_used", 1)
        code.store("i64", used, chosen)
        left = code.let(f"icmp slt i64 {used}, {self.cells + self.years + self.pool}")
        code.branch(left, move, none)
        code.begin(none)
        self.store(code, "w_stale", 1)
        self.store(code, "w_known", 0)
        self.store(code, "w_chunk", 0, code.let(f"add i64 {base}, 1"))
        code.jump(after)
        code.begin(move)
        taken = code.load("i64", chosen)
        to = code.let(f"mul i64 {taken}, {WIDTH}")
        memory, kind = self.shared.memory, f"<{WIDTH} x i32>"
        whole = code.load(kind, memory.cell(code, "w_chunk", base))
        code.store(kind, whole, memory.cell(code, "w_chunk", to))
        self.store(code, "w_chunk", taken, base)
        self.store(code, "w_chunk", 0, code.let(f"add i64 {base}, 1"))
        code.begin(after)

    def _emit_put(self) -> None:
        """`@f_w_put(ctx, instance)`: an instance that stands nowhere goes where its ring is."""
        code = self.shared.function("@f_w_put", ("i64", "%i"))
        self.store(code, "w_where", NOWHERE, "%i")
        ring = self.load(code, "ring", "%i")
        with code.when(code.let(f"fcmp ole double {ring}, {self.load(code, 'w_end')}")):
            cell = code.let(f"call i64 @f_w_cell(ptr %ctx, double {ring})")
            place = code.let(f"call i64 @f_w_place(ptr %ctx, i64 {cell})")
            code.do(f"call void @f_w_add(ptr %ctx, i64 %i, i64 {place})")
        code.finish()

    def _emit_set_ring(self) -> None:
        """`@f_set_ring(ctx, instance, time)`: see the docstring of `wheel`.

        Whoever rings no earlier than before stays where it is.
        """
        arguments = ("i64", "%i"), ("double", "%time")
        code = self.shared.function("@f_set_ring", *arguments, attributes=INLINED)
        before = self.load(code, "ring", "%i")
        self.store(code, "ring", "%time", "%i")
        here, other, earlier, after = (
            code.label(hint) for hint in ("here", "other", "earlier", "after")
        )
        where = self.load(code, "w_where", "%i")
        code.branch(code.let(f"icmp eq i64 {where}, {UP}"), here, other)
        code.begin(here)
        self.store(code, "w_known", 0)
        code.jump(after)
        code.begin(other)
        code.branch(code.let(f"fcmp olt double %time, {before}"), earlier, after)
        code.begin(earlier)
        code.do(f"call void @f_w_move(ptr %ctx, i64 %i, double %time, i64 {where})")
        code.begin(after)
        code.finish()
        self._emit_move()

    def _emit_move(self) -> None:
        """`@f_w_move(ctx, instance, time, where)`: to the place of a time, if it is earlier."""
        arguments = ("i64", "%i"), ("double", "%time"), ("i64", "%where")
        code = self.shared.function("@f_w_move", *arguments)
        leave, placed, rings, move = (
            code.label(hint) for hint in ("leave", "placed", "rings", "move")
        )
        code.branch(code.let(f"icmp ne i8 {self.load(code, 'w_stale')}, 0"), leave, placed)
        code.begin(placed)
        in_time = code.let(f"fcmp ole double %time, {self.load(code, 'w_end')}")
        code.branch(in_time, rings, leave)
        code.begin(rings)
        cell = code.let("call i64 @f_w_cell(ptr %ctx, double %time)")
        place = code.let(f"call i64 @f_w_place(ptr %ctx, i64 {cell})")
        code.branch(code.let(f"icmp slt i64 {place}, %where"), move, leave)
        code.begin(move)
        stood = code.let(f"icmp ne i64 %where, {NOWHERE}")
        less = code.let(f"sext i1 {stood} to i64")
        self.step(code, "w_linked", less)
        code.do(f"call void @f_w_add(ptr %ctx, i64 %i, i64 {place})")
        code.begin(leave)
        code.finish()

    def _emit_take(self) -> None:
        """`@f_w_take(ctx, chunk, place)`: empty the chunks of a place that has come up.

        While one chunk is emptied, the clocks of the next and the chunk after it are fetched.
        """
        code = self.shared.function("@f_w_take", ("i64", "%chunk"), ("i64", "%place"))
        current = code.slot("i64")
        self._fetch_chunk(code, "%chunk")
        code.store("i64", "%chunk", current)
        test, inside, after = code.label("test"), code.label("inside"), code.label("after")
        code.begin(test)
        chunk = code.load("i64", current)
        code.branch(code.let(f"icmp sge i64 {chunk}, 0"), inside, after)
        code.begin(inside)
        base = code.let(f"mul i64 {chunk}, {WIDTH}")
        following = self.load(code, "w_chunk", base)
        at_count = code.let(f"add i64 {base}, 1")
        count = self.load(code, "w_chunk", at_count)
        with code.when(code.let(f"icmp sge i64 {following}, 0")):
            self._fetch_chunk(code, following)
        with code.count_up("0", count) as slot:
            one = self.member(code, base, slot)
            stands = code.let(f"icmp eq i64 {self.load(code, 'w_where', one)}, %place")
            with code.when(stands):
                self.step(code, "w_linked", -1)
                code.do(f"call void @f_w_put(ptr %ctx, i64 {one})")
        self.store(code, "w_chunk", -1, base)
        self.store(code, "w_chunk", 0, at_count)
        with code.when(code.let(f"icmp sge i64 {chunk}, {self.cells + self.years}")):
            self.store(code, "w_chunk", self.load(code, "w_free"), base)
            self.store(code, "w_free", chunk)
        code.store("i64", following, current)
        code.jump(test)
        code.begin(after)
        code.finish()

    def _fetch_chunk(self, code: Function, chunk: str) -> None:
        base = code.let(f"mul i64 {chunk}, {WIDTH}")
        self.fetch_rows(code, base, self.load(code, "w_chunk", code.let(f"add i64 {base}, 1")))
        after = code.let(f"mul i64 {self.load(code, 'w_chunk', base)}, {WIDTH}")
        code.fetch(self.shared.memory.cell(code, "w_chunk", after))

    def member(self, code: Function, base: str, slot: str) -> str:
        """An instance in a chunk."""
        at = code.let(f"add i64 {code.let(f'add i64 {base}, {HEAD}')}, {slot}")
        return self.load(code, "w_chunk", at)

    def fetch_rows(self, code: Function, base: str, count: str) -> None:
        """Fetch the clocks of all in a chunk."""
        with code.count_up("0", count) as slot:
            code.fetch(self.shared.memory.cell(code, "ring", self.member(code, base, slot)))
