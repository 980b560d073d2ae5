"""Paths as an Arrow file, one row for each event, written run by run.

The file takes its place when it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from foedus.jump.model import JumpModel
from foedus.questions.paths import Act, Path, acts_of
from foedus.questions.whole_file import whole_file

ROWS_IN_BATCH = 50_000
"""About so many events are written at once; a run is never split."""


def write_paths(
    path: FilePath, model: JumpModel, found: Iterable[Path], told: Callable[[], None]
) -> int:
    """Write paths to a file, in place of one that is there; gives the number of events.

    The columns: `atom`, `draw` and `run` say which run it is; `time` (days from the start of the
    clock); `event` (a kind, or `kind.option`) and `index` (null where it has none, several labels
    joined by a comma); `forced`; `draws` (a map from the names of the event's draws to their
    values). The file is in the Arrow IPC format, whose batches can be read one by one. `told` is
    called after each run.
    """
    import pyarrow as pa

    writer = _Batches(pa, acts_of(model), [atom.name for atom in model.atoms])
    rows, events = 0, 0
    gathered: list[Path] = []
    with (
        whole_file(path) as part,
        pa.OSFile(str(part), "wb") as sink,
        pa.ipc.new_file(sink, writer.schema) as file,
    ):
        for one in found:
            gathered.append(one)
            rows += len(one.time)
            told()
            if rows >= ROWS_IN_BATCH:
                file.write_batch(writer.batch(gathered))
                events, rows, gathered = events + rows, 0, []
        if gathered:
            file.write_batch(writer.batch(gathered))
    return events + rows


class _Batches:
    """Turns some paths into a batch of rows."""

    def __init__(self, pa: Any, acts: tuple[Act, ...], atoms: list[str]) -> None:
        self.pa, self.acts, self.atoms = pa, acts, atoms
        self.indices = list(dict.fromkeys(label for act in acts for label in act.labels if label))
        number = {label: place for place, label in enumerate(self.indices)}
        # By act: where its labels stand among all; -1 for an event without an index.
        self.index_numbers = [
            np.array([number.get(label, -1) for label in act.labels], np.int32) for act in acts
        ]
        self.counts = np.array([len(act.draws) for act in acts])
        text = pa.dictionary(pa.int32(), pa.string())
        self.schema = pa.schema(
            [
                ("atom", text), ("draw", pa.int64()), ("run", pa.int64()), ("time", pa.float64()),
                ("event", text), ("index", text), ("forced", pa.bool_()),
                ("draws", pa.map_(pa.string(), pa.float64())),
            ]
        )  # fmt: skip

    def batch(self, found: list[Path]) -> Any:
        """The rows of some runs."""
        pa = self.pa
        sizes = [len(one.time) for one in found]
        acts = np.concatenate([one.act for one in found])
        index = np.concatenate([one.index for one in found])
        numbers = np.full(len(acts), -1, np.int32)
        for act in np.unique(acts):
            here = acts == act
            numbers[here] = self.index_numbers[act][index[here]]
        atoms = np.repeat([self.atoms.index(one.atom) for one in found], sizes)
        columns = [
            self._text(atoms, self.atoms),
            np.repeat(np.array([one.draw for one in found], np.int64), sizes),
            np.repeat(np.array([one.run for one in found], np.int64), sizes),
            np.concatenate([one.time for one in found]),
            self._text(acts, [act.name for act in self.acts]),
            self._text(numbers, self.indices),
            np.concatenate([one.forced for one in found]),
            self._draws(acts, np.concatenate([one.drawn for one in found])),
        ]
        arrays = [pa.array(one) if isinstance(one, np.ndarray) else one for one in columns]
        return pa.record_batch(arrays, schema=self.schema)

    def _text(self, numbers: Any, words: list[str]) -> Any:
        places = self.pa.array(np.asarray(numbers, np.int32), mask=np.asarray(numbers) < 0)
        return self.pa.DictionaryArray.from_arrays(places, self.pa.array(words, self.pa.string()))

    def _draws(self, acts: Any, drawn: Any) -> Any:
        ends = np.concatenate([[0], np.cumsum(self.counts[acts])]).astype(np.int32)
        names = [name for act in acts[self.counts[acts] > 0] for name in self.acts[act].draws]
        keys, values = self.pa.array(names, self.pa.string()), self.pa.array(drawn)
        return self.pa.MapArray.from_arrays(self.pa.array(ends), keys, values)
