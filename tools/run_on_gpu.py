"""Make the runs of a file by `emit_for_gpu.py` on an NVIDIA GPU, and compare every bit of them.

Usage: python tools/run_on_gpu.py FILE [--threads N] [--block N]

With `--block 1` no thread waits while its neighbours are busy with another kind of event.

This needs NumPy and the driver of a GPU, and nothing of Foedus. It exits with 1 where a run differs
from what the processor made of it: in an answer, in how long a question was open, in how many
events it had or, of the runs of which events are kept, in the time, act or place of one of them.

It is an experiment, which shows that the emitted code is tied to no processor (see
`docs/decisions/adr-0025-gpu.md`). Foedus itself makes no use of a GPU.
"""

from __future__ import annotations

import argparse
import ctypes
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Found = Mapping[str, Array]
"""What runs have come to, by name: (run, ...)."""

BLOCK, BESIDE = 64, 256
"""Threads of a block, and of a multiprocessor: with all the registers that they use, no more find
room there."""

ANSWERS = "values", "waited", "given", "events"

PROCESSORS, LOG, LOG_SIZE = 16, 5, 6
"""Numbers of the driver: an attribute of a device, and the options that ask for messages."""


class DriverError(Exception):
    """The driver of the GPU is absent, or refused something."""


@dataclass(slots=True)
class Gpu:
    """The first GPU of this machine, by its driver; memory is kept until the program ends."""

    name: str = ""
    processors: int = 0
    driver: ctypes.CDLL = field(init=False)

    def __post_init__(self) -> None:
        try:
            self.driver = ctypes.CDLL("nvcuda" if sys.platform == "win32" else "libcuda.so.1")
        except OSError:
            raise DriverError("this machine has no driver of an NVIDIA GPU (libcuda)") from None
        device, context, number = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_int()
        name = ctypes.create_string_buffer(100)
        self.ask("cuInit", 0)
        self.ask("cuDeviceGet", ctypes.byref(device), 0)
        self.ask("cuDeviceGetName", name, len(name), device)
        self.ask("cuDeviceGetAttribute", ctypes.byref(number), PROCESSORS, device)
        self.ask("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
        self.ask("cuCtxSetCurrent", context)
        self.name, self.processors = name.value.decode(), number.value

    def ask(self, function: str, *arguments: Any) -> None:
        """Call a function of the driver. Raises `DriverError` with what it says."""
        code = getattr(self.driver, function)(*arguments)
        if code:
            text = ctypes.c_char_p()
            self.driver.cuGetErrorString(code, ctypes.byref(text))
            raise DriverError(f"{function}: {(text.value or str(code).encode()).decode()}")

    def room(self, size: int, byte: int = 0) -> int:
        """The address of so many bytes on the GPU, each with this value."""
        address = ctypes.c_uint64()
        self.ask("cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(max(size, 1)))
        self.ask("cuMemsetD8_v2", address, ctypes.c_ubyte(byte), ctypes.c_size_t(max(size, 1)))
        return address.value

    def put(self, array: Array) -> int:
        """The address of a copy on the GPU."""
        whole = np.ascontiguousarray(array)
        address = self.room(whole.nbytes)
        size = ctypes.c_size_t(whole.nbytes)
        self.ask("cuMemcpyHtoD_v2", ctypes.c_uint64(address), _pointer(whole), size)
        return address

    def get(self, address: int, like: Array) -> Array:
        """What stands at an address, in the shape of an array."""
        found = np.empty_like(like)
        size = ctypes.c_size_t(found.nbytes)
        self.ask("cuMemcpyDtoH_v2", _pointer(found), ctypes.c_uint64(address), size)
        return found

    def compile(self, ptx: bytes) -> ctypes.c_void_p:
        """Code for this GPU. Raises `DriverError` with the messages of its compiler."""
        module, messages = ctypes.c_void_p(), ctypes.create_string_buffer(10_000)
        options = (ctypes.c_int * 2)(LOG, LOG_SIZE)
        values = (ctypes.c_void_p * 2)(ctypes.addressof(messages), len(messages))
        try:
            self.ask("cuModuleLoadDataEx", ctypes.byref(module), ptx + b"\0", 2, options, values)
        except DriverError as error:
            raise DriverError(f"{error}\n{messages.value.decode()}") from None
        return module

    def launch(
        self, module: ctypes.c_void_p, entry: str, words: int, threads: int, block: int
    ) -> float:
        """Let threads go through an entry, in whole blocks; the seconds it takes."""
        function, argument = ctypes.c_void_p(), ctypes.c_uint64(words)
        self.ask("cuModuleGetFunction", ctypes.byref(function), module, entry.encode())
        arguments = (ctypes.c_void_p * 1)(ctypes.addressof(argument))
        shape = (threads // block, 1, 1, block, 1, 1, 0)
        begun = time.perf_counter()
        self.ask("cuLaunchKernel", function, *shape, None, arguments, None)
        self.ask("cuCtxSynchronize")
        return time.perf_counter() - begun


def _pointer(array: Array) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


@dataclass(frozen=True, slots=True)
class Trial:
    """A file's code and what it reads, on the GPU; `given` has the words that stay."""

    gpu: Gpu
    file: Mapping[str, Array]
    module: ctypes.c_void_p
    threads: int
    block: int
    given: Mapping[str, int]

    def make(self, entry: str, expected: Mapping[str, Array], room: int) -> tuple[Found, float]:
        """As many runs as are expected, each with so many events; and the seconds they take."""
        # What nobody writes must not look like an answer.
        places = {name: self.gpu.room(array.nbytes, 0xA5) for name, array in expected.items()}
        if room:
            places["log"] = self.gpu.put(np.zeros_like(expected["log"]))
        told = {**self.given, "log": 0, **places, "count": len(expected["faults"]), "room": room}
        words = np.array([told[name] for name in self.file["words"]], np.int64)
        address, shape = self.gpu.put(words), (self.threads, self.block)
        seconds = self.gpu.launch(self.module, entry, address, *shape)
        return {name: self.gpu.get(places[name], expected[name]) for name in expected}, seconds


def begin(gpu: Gpu, file: Mapping[str, Array], threads: int, block: int) -> Trial:
    """Compile the code of a file and put what it reads onto the GPU."""
    begun = time.perf_counter()
    module = gpu.compile(file["ptx"].tobytes())
    seconds = time.perf_counter() - begun
    case, algorithm = file["case"], file["algorithm"]
    print(f"{gpu.name}: `{case}` ({algorithm}), compiled in {seconds:.1f} s")
    print(f"{threads:,} threads, {block} a block")
    given = {name: int(file[name]) for name in ("atoms", "outer", "inner", "seed", "limit")}
    given["wide"] = file["parameters"].strides[0]
    given["horizon"] = int(file["horizon"].view(np.int64))
    for name in ("parameters", "components", "tables"):
        given[name] = gpu.put(file[name])
    for name, size in file["rooms"]:
        given[str(name)] = gpu.room(int(size) * threads)
    given["nowhere"] = gpu.room(8 * threads)
    return Trial(gpu, file, module, threads, block, given)


def compare(trial: Trial, entry: str) -> bool:
    """Tell how the runs of an entry differ from those of the file; gives whether none does."""
    file, runs, logged = trial.file, len(trial.file["events"]), len(trial.file["log"])
    expected = {name: file[name] for name in ANSWERS} | {"faults": np.zeros(runs, np.uint8)}
    first = {name: array[:logged] for name, array in expected.items()}
    found, _ = trial.make(entry, first, 0)
    is_same = tell_differences(f"{entry}, the first {logged:,} runs", first, found)
    if entry == "runs":  # lanes keep no events
        first["log"] = file["log"]
        found, _ = trial.make(entry, first, file["log"].shape[1])
        kept = int(np.minimum(first["events"], file["log"].shape[1]).sum())
        is_same &= tell_differences(f"{entry}, {kept:,} events of them", first, found)
    found, seconds = trial.make(entry, expected, 0)
    is_same &= tell_differences(f"{entry}, all {runs:,}", expected, found)
    events = int(file["events"].sum())
    print(
        f"{entry}: {events:,} events in {seconds:.3f} s, {events / seconds:,.0f} a second"
        f" (one core where the file was made: {float(file['rate']):,.0f})"
    )
    return is_same


def tell_differences(what: str, expected: Found, found: Found) -> bool:
    """Print in how many runs a bit differs, and the first of them; gives whether none does."""
    differing = {
        name: np.flatnonzero((_bits(array) != _bits(found[name])).any(axis=1))
        for name, array in expected.items()
    }
    print(f"{what}: " + ", ".join(f"{name} {len(runs)}" for name, runs in differing.items()))
    for name, runs in differing.items():
        for run in runs[:1]:
            print(f"  {name} of run {run}: {found[name][run]} and not {expected[name][run]}")
    return not any(map(len, differing.values()))


def _bits(array: Array) -> Array:
    """uint8 (run, byte)."""
    return np.ascontiguousarray(array).view(np.uint8).reshape(len(array), -1)


def verify(path: str, threads: int | None = None, block: int = BLOCK) -> bool:
    """Make the runs of a file on a GPU; whether no bit differs. Raises `DriverError`."""
    gpu = Gpu()
    with np.load(path) as file:
        arrays = dict(file)
    blocks = -(-(threads or BESIDE * gpu.processors) // block)
    trial = begin(gpu, arrays, blocks * block, block)
    are_same = [compare(trial, str(entry)) for entry in arrays["entries"]]
    return all(are_same)


def main() -> int:
    """See the head of this file."""
    parser = argparse.ArgumentParser(description="The emitted code of a case on an NVIDIA GPU.")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--threads", type=int, metavar="N")
    parser.add_argument("--block", type=int, default=BLOCK, metavar="N")
    asked = parser.parse_args()
    try:
        return 0 if verify(asked.file, asked.threads, asked.block) else 1
    except DriverError as error:
        sys.exit(f"run_on_gpu.py: {error}")


if __name__ == "__main__":
    sys.exit(main())
