"""Watches one started command: feeds it, reads what it says, and notices when it passes a limit."""

import os
import selectors
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

from checks.model.errors import Refusal
from checks.sandbox.port import Ended, Limits

TICK = 0.1
"""Seconds between two looks at the limits that the kernel does not hold."""
PIECE = 1 << 18
FLOOD = 256
"""Output beyond the limit is read and thrown away; beyond this many times the limit the run is ended."""
SET_UP = 120.0
"""Seconds that a sandbox may take until the command begins."""
DRAINED = 5.0
"""Seconds for the last of the output, once all that could write it is killed."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Our ends of the pipes (descriptors), and the process that stands for the command: when it ends the run ends."""

    process: int
    stream: int
    stdin: int
    stdout: int
    stderr: int
    report: int
    status: int


@dataclass(slots=True)
class Seen:
    """What was seen of a run. `began` and `over` are times of the monotonic clock; `began` is None until the command
    itself runs. `ended` is None where the process ended by itself."""

    began: float | None = None
    over: float = 0.0
    ended: Ended | None = None
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    report: bytearray = field(default_factory=bytearray)
    status: bytearray = field(default_factory=bytearray)
    drained: int = 0


class Watch:
    """One run. Closes each descriptor of `ends` that it is done with, and all of them on leaving."""

    def __init__(self, ends: Ends, stream: Iterator[bytes], stdin: bytes, limits: Limits) -> None:
        self.seen = Seen()
        self._limits = limits
        self._feeds = {ends.stream: stream, ends.stdin: iter((stdin,))}
        self._rests: dict[int, memoryview] = {}
        self._reads = {
            ends.stdout: self.seen.stdout,
            ends.stderr: self.seen.stderr,
            ends.report: self.seen.report,
            ends.status: self.seen.status,
        }
        self._status, self._report = ends.status, ends.report
        self._process = os.pidfd_open(ends.process)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process, selectors.EVENT_READ)
        for descriptor in self._feeds:
            os.set_blocking(descriptor, False)
            self._selector.register(descriptor, selectors.EVENT_WRITE)
        for descriptor in self._reads:
            os.set_blocking(descriptor, False)
            self._selector.register(descriptor, selectors.EVENT_READ)

    def follow(self, cancelled: Callable[[], bool], over: Callable[[], Ended | None]) -> None:
        """Until the process ends or must be ended (`seen.ended`); `over` is asked every TICK seconds
        from when the command began. The caller kills.

        Raises Refusal where the start script refused to begin."""
        looked = begun = time.monotonic()
        while self.seen.ended is None:
            gone = self._step(TICK)
            now = self.seen.over = time.monotonic()
            if gone:
                return
            if self.seen.began is None:
                if now - begun > SET_UP:
                    raise Refusal(f"no sandbox: the command had not begun after {SET_UP:.0f} s.", "Try a faster host.")
            elif now - self.seen.began > self._limits.seconds:
                self.seen.ended = Ended.TIME
            if now - looked >= TICK or looked == begun:
                looked = now
                if cancelled():
                    self.seen.ended = Ended.CANCELLED
                elif self.seen.began is not None:
                    self.seen.ended = self.seen.ended or over()

    def drain(self) -> None:
        """Reads what is left in the pipes, once nobody is left who could write more."""
        for descriptor in list(self._feeds):
            self._drop(descriptor)
        self._selector.unregister(self._process)
        end = time.monotonic() + DRAINED
        while self._reads and time.monotonic() < end:
            self._step(TICK)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in (*self._feeds, *self._reads):
            os.close(descriptor)
        self._feeds.clear()
        self._reads.clear()
        os.close(self._process)
        self._selector.close()

    def _step(self, timeout: float) -> bool:
        """Handles what is ready; True where the process has ended."""
        gone = False
        for key, _ in self._selector.select(timeout):
            if key.fd == self._process:
                gone = True
            elif key.fd in self._feeds:
                self._feed(key.fd)
            elif key.fd in self._reads:
                self._read(key.fd)
        return gone

    def _feed(self, descriptor: int) -> None:
        rest = self._rests.get(descriptor)
        if not rest:
            pieces, size = [], 0
            for piece in self._feeds[descriptor]:
                pieces.append(piece)
                size += len(piece)
                if size >= PIECE:
                    break
            rest = memoryview(b"".join(pieces))
            if not rest:
                self._drop(descriptor)
                return
        try:
            self._rests[descriptor] = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            self._rests[descriptor] = rest
        except BrokenPipeError:  # nobody reads on: the status pipe says why, or the command wants no more input
            self._drop(descriptor)

    def _read(self, descriptor: int) -> None:
        try:
            data = os.read(descriptor, PIECE)
        except BlockingIOError:
            return
        if not data:
            self._drop(descriptor)
            return
        kept, seen = self._reads[descriptor], self.seen
        if descriptor == self._status:
            kept += data
            if kept == b"ready\n" and seen.began is None:
                seen.began = time.monotonic()
        elif descriptor == self._report:
            room = self._limits.report - len(kept)
            kept += data[:room]
            if len(data) > room:
                seen.ended = seen.ended or Ended.OUTPUT
        else:
            room = max(0, self._limits.output - len(seen.stdout) - len(seen.stderr))
            kept += data[:room]
            seen.drained += len(data[room:])
            if seen.drained > FLOOD * self._limits.output:
                seen.ended = seen.ended or Ended.OUTPUT

    def _drop(self, descriptor: int) -> None:
        self._selector.unregister(descriptor)
        os.close(descriptor)
        if descriptor in self._feeds:
            del self._feeds[descriptor]
            self._rests.pop(descriptor, None)
        else:
            del self._reads[descriptor]
            if descriptor == self._status:
                self._begun()

    def _begun(self) -> None:
        """The status pipe has closed: by exec, or because the start script gave up."""
        said = self.seen.status.decode("utf-8", "replace").strip()
        if said == "ready":
            self.seen.began = time.monotonic()
        elif said:
            raise Refusal(f"no sandbox run: {said.rpartition('refused: ')[2]}.")
