"""What one kind of event can have changed, brought up to date in a straight line.

Which cells an event writes is known when the model is emitted, and so is who reads them. Going
through all bits that may be set means a jump to a place that the processor cannot foresee for each
that is; here each reader has a test of its own, which mostly comes out the same way. What is looked
at, and in which order, is what `touch.emit_settle` would do. Not for models with kept sums, whose
kinds take each other off the list of those to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from foedus.engine.dependencies import Readers
from foedus.engine.layout import Block
from foedus.engine.native.bits import BIT_BLOCK, words_for
from foedus.engine.native.clockwork import instances_of
from foedus.engine.native.ir import INLINED, Function, signed
from foedus.engine.native.place import Emission
from foedus.engine.native.touch import Network, refresh_dirty
from foedus.jump.model import EventKind


def emit_aftermath(shared: Emission, network: Network, number: int) -> None:
    """`@f_settle{n}(ctx)`: what `@f_settle` does, after an event of one kind and nothing else."""
    code, memory = shared.function(f"@f_settle{number}", attributes=INLINED), shared.memory
    kinds, crews = _readers(shared, network, shared.model.kinds[number])
    for word in range(words_for(len(shared.model.kinds))):
        here = [kind for kind in sorted(kinds) if kind // BIT_BLOCK == word]
        if not here:
            continue
        bits = memory.load(code, "dirty_all", word)
        memory.store(code, "dirty_all", "0", word)
        for kind in here:
            with code.when(_is_set(code, bits, kind)):
                _refresh(shared, code, kind)
    for crew in sorted(crews):
        for word in network.crews.words(crew):
            refresh_dirty(shared, code, network.crews, crew, word)
    for word in sorted({crew // BIT_BLOCK for crew in crews}):
        memory.store(code, "dirty_some", "0", word)
    code.finish()


def _is_set(code: Function, bits: str, number: int) -> str:
    mask = signed(1 << number % BIT_BLOCK)
    return code.let(f"icmp ne i64 {code.let(f'and i64 {bits}, {mask}')}, 0")


def _refresh(shared: Emission, code: Function, kind: int) -> None:
    if instances_of(shared.model.kinds[kind]) == 1:
        code.do(f"call void @f_refresh{kind}(ptr %ctx, i64 0)")
    else:
        code.do(f"call void @f_refresh_all{kind}(ptr %ctx)")


def _readers(shared: Emission, network: Network, kind: EventKind) -> tuple[set[int], set[int]]:
    """The kinds and the crews, by number, that read a cell which an event of a kind may write."""
    kinds, crews = set[int](), set[int]()
    for readers, block in _written(shared, network, kind):
        if block.count:
            kinds |= network.kinds_everywhere(readers, block)
            crews |= network.crews_of(readers, block)
    return kinds, crews


def _written(
    shared: Emission, network: Network, kind: EventKind
) -> Iterator[tuple[Readers, Block]]:
    """What an event of a kind may write, with who reads what of its sort."""
    layout = shared.layout
    effects = (*kind.effects, *(one for option in kind.options for one in option.effects))
    for name in dict.fromkeys(effect.variable for effect in effects):
        yield network.state, layout.variables[name]
    for name in (kind.name, *(f"{kind.name}.{option.name}" for option in kind.options)):
        yield network.counters, layout.counters[name]
