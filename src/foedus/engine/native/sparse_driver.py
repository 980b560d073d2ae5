"""A model of many instances as instructions: the scalar driver with other parts."""

from __future__ import annotations

from dataclasses import replace

from foedus.engine.layout import lay_out
from foedus.engine.links import find_links
from foedus.engine.native.ahead import emit_ahead
from foedus.engine.native.begin import add_arrays, emit_begin
from foedus.engine.native.calendar import emit_calendar, timed_sources
from foedus.engine.native.changes import emit_changes
from foedus.engine.native.clockwork import (
    emit_change_hazard,
    emit_refresh,
    emit_refresh_all,
    instances_of,
)
from foedus.engine.native.data import Data
from foedus.engine.native.deeds import emit_happen
from foedus.engine.native.driver import Text, emit_course, finished_text
from foedus.engine.native.event_log import emit_log
from foedus.engine.native.instants import emit_instant, emit_ring
from foedus.engine.native.ir import Module
from foedus.engine.native.memory import Memory
from foedus.engine.native.noise import emit_noise, emit_run_keys
from foedus.engine.native.observers import emit_observers, emit_stop, stops_of
from foedus.engine.native.place import Emission
from foedus.engine.native.sparse_parts import make_sparse
from foedus.engine.native.sparse_touch import LinkNetwork, emit_rerate, emit_settle, emit_touch
from foedus.engine.native.translated import Translator
from foedus.expr.tree import Expression
from foedus.jump.model import Intervention, JumpModel


def emit_sparse(
    model: JumpModel,
    watched: tuple[Expression, ...] = (),
    times: tuple[float, ...] = (),
    interventions: tuple[Intervention, ...] = (),
) -> Text:
    """The IR of a model of many instances, whose length does not depend on how many; its tables.

    Raises `ClockCollision` if two labels would share their noise.
    """
    layout, module = lay_out(model), Module(data=Data())
    counts = [instances_of(kind) for kind in model.kinds]
    first_of = tuple(sum(counts[:place]) for place in range(len(counts)))
    network = LinkNetwork(find_links(model, layout), first_of, sum(counts))
    shared = Emission(model, layout, Memory(), module, Translator(module), interventions)
    shared = make_sparse(shared, network, watched)
    assert shared.sparse is not None
    sources = timed_sources(model, interventions)
    shared.memory.add("tables", "i64", 1)
    shared.sparse.add(shared)
    add_arrays(shared, network.instances, len(sources))
    emit_noise(shared)
    emit_run_keys(shared)
    emit_change_hazard(shared)
    emit_touch(shared, network)
    emit_log(shared)
    for number, kind in enumerate(model.kinds):
        first = network.first_of[number]
        emit_refresh(shared, number, kind, first)
        emit_refresh_all(shared, number, kind, first)
        emit_rerate(shared, number, kind, first)
        emit_happen(shared, number, kind, first)
    emit_settle(shared, network)
    emit_changes(shared, network, interventions)
    emit_observers(shared, watched)
    stops = stops_of(model.monitors, times)
    emit_stop(shared, stops)
    emit_ahead(shared, network)
    shared.sparse.wheel.emit(shared)
    emit_ring(shared, network)
    emit_instant(shared, network)
    emit_calendar(shared, network, sources)
    emit_begin(shared, network, sources)
    on_time = network.links.kinds_on_time, network.links.monitors_on_time
    emit_course(shared, sources, [stop[0] for stop in stops], on_time)
    shared.sparse.keys.verify()
    assert module.data is not None
    return replace(finished_text(shared), tables=module.data.block())
