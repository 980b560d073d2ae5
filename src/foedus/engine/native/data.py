"""Long tables that compiled code reads: bound at run time, so that its text does not grow.

All tables stand in one block that every run of a program shares; the code knows where in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]
ALIGNMENT = 64


@dataclass(slots=True)
class Data:
    """The tables in the making: where each begins, and how long they are together."""

    tables: dict[tuple[str, bytes], tuple[int, Numbers]] = field(default_factory=dict)
    size: int = 0

    def add(self, values: Numbers) -> int:
        """The first byte of a table with these numbers; equal tables are one."""
        key = values.dtype.str, sha256(values.tobytes()).digest()
        if key not in self.tables:
            self.tables[key] = self.size, values
            self.size += -(-values.nbytes // ALIGNMENT) * ALIGNMENT
        return self.tables[key][0]

    def block(self) -> NDArray[np.uint8]:
        """All tables in one block that begins at a multiple of `ALIGNMENT`."""
        room = np.zeros(self.size + ALIGNMENT, np.uint8)
        first = -room.ctypes.data % ALIGNMENT
        block = room[first : first + self.size]
        for offset, values in self.tables.values():
            block[offset : offset + values.nbytes] = np.frombuffer(values.tobytes(), np.uint8)
        return block
