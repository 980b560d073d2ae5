"""Looking again only at what reads a change gives the run that looking at everything gives."""

from dataclasses import replace

import pytest

from foedus.engine.dependencies import Dependencies, Readers
from foedus.engine.reference import Prepared, prepare, simulate_run
from foedus.expr.tree import Group, RelatedDomain
from foedus.jump.model import Dated, Immediate, JumpModel, Relation
from tests.engine.models import (
    ALONE,
    TIME,
    at_label,
    count,
    firings,
    flag,
    fold,
    index,
    kind,
    label,
    model,
    node,
    one_of,
    put,
    rate,
    since,
    variable,
    waiting,
)

PLACE = Group("place", 12, tuple("abcdefghijkl"))
RING = Relation(
    "beside",
    (PLACE, PLACE),
    tuple(tuple(sorted(((i - 1) % 12, (i + 1) % 12))) for i in range(12)),
    "",
)
HERE, THERE = index("p", PLACE), index("q", PLACE)
NEXT = RelatedDomain("beside", node(HERE), PLACE)


def crowd() -> JumpModel:
    """Clocks that read their own cell, their neighbours', a named one, all, counters, the time."""
    active = variable("active", HERE)
    around = fold("count", "q", NEXT, variable("active", THERE))
    everyone = fold("count", "q", PLACE, variable("active", THERE))
    first = variable("active", at_label(PLACE, label("a", *PLACE.labels)))
    kinds = [
        kind(
            "rise",
            rate(around * 0.5 + 0.05),
            put("active", True, HERE),
            put("seat", HERE),
            when=active.not_(),
            per=[("p", PLACE)],
        ),
        kind("fall", rate(0.4), put("active", False, HERE), when=active, per=[("p", PLACE)]),
        kind("cheer", rate(everyone * 0.1), when=first),
        kind("follow", rate(firings("cheer") * 0.2 + 0.1), when=variable("active", seat_place())),
        kind("rest", waiting("gamma", 2.0, 1.0), when=everyone < 4),
        kind("alarm", Immediate(), when=around.is_(2).and_(active), per=[("p", PLACE)]),
        kind("late", rate(1.0), when=(TIME > 5).or_(since("cheer", 0.0) > 2)),
        kind("own count", rate(firings("fall", HERE) * 0.1), per=[("p", PLACE)]),
        kind("clear", Dated((6.0,)), put("active", False, THERE, loop=[("q", PLACE)])),
    ]
    return model(
        [flag("active", False, PLACE), one_of("seat", PLACE.labels, "c"), count("n")],
        kinds,
        labels=PLACE.labels,
        relations=(RING,),
    )


def seat_place() -> object:
    return at_label(PLACE, variable("seat"))


def looking_at_everything(prepared: Prepared) -> Prepared:
    """The same model, with every clock looked at after every change."""
    layout = prepared.names.layout
    everyone = tuple(range(len(prepared.instances)))

    def readers(cells: int) -> Readers:
        return Readers((everyone,) * cells, {}, ((),) * cells)

    everything = Dependencies(
        readers(sum(block.count for block in layout.variables.values())),
        readers(sum(block.count for block in layout.counters.values())),
        everyone,
        (),
    )
    return replace(prepared, dependencies=everything)


@pytest.mark.parametrize("run", range(15))
def test_same_run_as_when_looking_at_everything(run: int) -> None:
    prepared = prepare(crowd())
    quick = simulate_run(prepared, {}, ALONE, 3, run, record=True)
    slow = simulate_run(looking_at_everything(prepared), {}, ALONE, 3, run, record=True)
    assert quick.record == slow.record
    assert len({one.name for one in quick.record}) > 5


def test_only_neighbours_are_looked_at() -> None:
    prepared = prepare(crowd())
    state = prepared.dependencies.state
    rising = {one.number for one in prepared.by_kind["rise"]}
    cell = prepared.names.layout.variables["active"].first + 5
    assert sorted(rising & set(state.single[cell])) == [4, 5, 6]
    assert rising.isdisjoint(state.everywhere[cell])
    (cheering,) = prepared.by_kind["cheer"]
    assert cheering.number in state.everywhere[cell]
