"""Starts a keeper and talks with it until its run is over: files and standard input go in, what the command says comes
out, bounded, and whatever interrupts us, the keeper is told to end it all."""

import json
import os
import selectors
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from checks.model.errors import Refusal
from checks.sandbox.port import Ended, Limits, Result
from checks.sandbox.weaker.keeper import Plan

ROOT = str(Path(__file__).parents[3])
BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); from checks.sandbox.weaker.keeper import main; "
    "main(*map(int, sys.argv[2:6]), sys.argv[6])"
)
PATIENCE = 30.0
"""Seconds for the keeper to begin, and to end and clear up."""
TICK = 0.05
_PIECE = 1 << 16
_SAID = ("out", "err", "report", "status")


@dataclass(slots=True)
class Conversation:
    """One run. `open` is called first, `close` in any case in the end."""

    limits: Limits
    cancelled: Callable[[], bool]
    python: str
    begun: float = field(default_factory=time.monotonic)
    started: float | None = None
    ended: Ended | None = None
    said: dict[str, bytearray] = field(default_factory=lambda: {name: bytearray() for name in _SAID})
    _talk: socket.socket | None = None
    _keeper: "subprocess.Popen[bytes] | None" = None
    _reading: dict[int, str] = field(default_factory=dict)
    _stream: int = -1
    _answer: bytearray = field(default_factory=bytearray)

    def open(self, above: str) -> str:
        """Starts the keeper; the work folder that it made in the folder `above`. Raises Refusal."""
        self._talk, theirs = socket.socketpair()
        stream, self._stream = os.pipe()
        status_out, status_in = os.pipe()
        report_out, report_in = os.pipe()
        self._reading = {status_out: "status", report_out: "report"}
        inner = (theirs.fileno(), stream, status_in, report_in)
        try:
            self._keeper = subprocess.Popen(
                (self.python, "-I", "-S", "-c", BOOT, ROOT, *map(str, inner), above),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd="/",
                env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
                pass_fds=inner,
                start_new_session=True,
            )
        except OSError as error:
            raise Refusal(f"the sandbox's keeper cannot be started: {error.strerror}.", _PROBE) from None
        finally:
            theirs.close()
            for number in (stream, status_in, report_in):
                os.close(number)
        self._talk.settimeout(PATIENCE)
        try:
            while b"\n" not in self._answer:
                self._hear(self._talk)
        except TimeoutError:
            raise Refusal(f"the sandbox's keeper did not begin in {PATIENCE:g} s.", _PROBE) from None
        return str(self._told()["folder"])

    def run(self, plan: Plan, stream: Iterator[bytes], stdin: bytes) -> Result:
        """Hands over the plan, the files and standard input; what came of it. Raises Refusal."""
        talk, keeper = self._talk, self._keeper
        if talk is None or keeper is None or keeper.stdin is None or keeper.stdout is None or keeper.stderr is None:
            raise ValueError("not open")
        talk.sendall(json.dumps(asdict(plan)).encode() + b"\n")
        self._reading |= {keeper.stdout.fileno(): "out", keeper.stderr.fileno(): "err"}
        writing = {self._stream: stream, keeper.stdin.fileno(): iter([stdin])}
        closing: dict[int, Callable[[], object]] = {keeper.stdin.fileno(): keeper.stdin.close}
        left: dict[int, memoryview] = {}
        with selectors.DefaultSelector() as ready:
            for number in (*self._reading, talk.fileno()):
                ready.register(number, selectors.EVENT_READ)
            for number in writing:
                os.set_blocking(number, False)
                ready.register(number, selectors.EVENT_WRITE)
            while b"\n" not in self._answer or any(number in ready.get_map() for number in self._reading):
                over = b"\n" in self._answer
                events = ready.select(TICK)
                for key, _ in events:
                    number = key.fd
                    if number == talk.fileno():
                        self._hear(talk)
                        ready.unregister(talk)
                    elif number in self._reading:
                        if not self._read(number):
                            ready.unregister(number)
                    elif not self._write(number, writing[number], left):
                        ready.unregister(number)
                        closing.get(number, self._close_stream)()
                if over and not events:
                    break
                self._look()
        return self._result()

    def _hear(self, talk: socket.socket) -> None:
        piece = talk.recv(_PIECE)
        self._answer += piece or b'{"refused": "its keeper ended"}\n'

    def _told(self) -> Mapping[str, Any]:
        line, _, rest = bytes(self._answer).partition(b"\n")
        self._answer = bytearray(rest)
        told: Mapping[str, Any] = json.loads(line)
        if "refused" in told:
            raise Refusal(f"the sandbox cannot be set up: {told['refused']}.", _PROBE)
        return told

    def _read(self, number: int) -> bool:
        """Takes what is there; False at the end."""
        piece = os.read(number, _PIECE)
        name = self._reading[number]
        said = self.said[name]
        limit = self.limits.report if name == "report" else self.limits.output
        room = limit - len(said)
        said += piece[:room]
        if len(piece) > room:
            self._stop(Ended.OUTPUT)
        if name == "status" and self.started is None and said.startswith(b"ready\n"):
            self.started = time.monotonic()
        return bool(piece)

    def _write(self, number: int, pieces: Iterator[bytes], left: dict[int, memoryview]) -> bool:
        """Gives what goes in; False where all of it has, or nobody reads it any more."""
        while True:
            if not left.get(number):
                piece = next(pieces, None)
                if piece is None:
                    return False
                left[number] = memoryview(piece)
            try:
                while left[number]:
                    left[number] = left[number][os.write(number, left[number][:_PIECE]) :]
            except BlockingIOError:
                return True
            except BrokenPipeError:
                return False

    def _close_stream(self) -> None:
        if self._stream >= 0:
            os.close(self._stream)
            self._stream = -1

    def _look(self) -> None:
        if self.ended is not None:
            return
        if self.started is not None and time.monotonic() - self.started > self.limits.seconds:
            self._stop(Ended.TIME)
        elif self.cancelled():
            self._stop(Ended.CANCELLED)

    def _stop(self, why: Ended) -> None:
        """Tells the keeper to end the run, once."""
        if self.ended is None and self._talk is not None:
            self.ended = why
            with suppress(OSError):
                self._talk.sendall(b"stop\n")

    def _result(self) -> Result:
        done = time.monotonic()
        told = self._told()
        status = bytes(self.said["status"]).decode("utf-8", "replace")
        refused = next((line for line in status.splitlines() if line.startswith("refused: ")), "")
        if refused and self.ended is None:
            raise Refusal(f"the sandbox cannot start the command: {refused.removeprefix('refused: ')}.", _PROBE)
        if self.started is None and self.ended is None:
            raise Refusal("the sandbox cannot start the command: it was ended before it began.", _PROBE)
        code = int(told["status"])
        own = Ended.EXITED if code >= 0 else Ended.SIGNALLED
        # what the keeper saw first ended it, unless it was we who told it to stop
        ended = Ended(told["ended"]) if told["ended"] in ("memory", "disk") else self.ended or own
        started = self.started or done
        out, err, report = (bytes(self.said[name]) for name in ("out", "err", "report"))
        return Result(code, ended, out, err, report, started - self.begun, done - started, told["peak"])

    def close(self) -> None:
        """Ends the run if it still goes on, and waits until nothing is left of it. Raises Refusal where that fails."""
        self._close_stream()
        if self._talk is not None:
            self._talk.close()
        keeper = self._keeper
        for number, name in self._reading.items():
            if name in ("status", "report"):
                os.close(number)
        if keeper is None:
            return
        # closed before the keeper is waited for: who writes to them must not wait for us
        for pipe in (keeper.stdin, keeper.stdout, keeper.stderr):
            if pipe is not None:
                pipe.close()
        try:
            keeper.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()
            raise Refusal("what ran in the sandbox cannot be ended.", "Look for it with: ps -ef") from None


_PROBE = "See what this host can do: selfmod sandbox probe"
