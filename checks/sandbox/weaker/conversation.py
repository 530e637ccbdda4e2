"""Starts a keeper, talks with it until its run is over, and whatever interrupts us, has it end it all."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from checks.model.errors import Refusal
from checks.sandbox.limits.watch import Ends, Watch
from checks.sandbox.port import Ended, Limits, Result
from checks.sandbox.spawn import spawn
from checks.sandbox.weaker.keeper import Plan

ROOT = str(Path(__file__).parents[3])
BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); from checks.sandbox.weaker.keeper import main; "
    "main(*map(int, sys.argv[2:6]), sys.argv[6])"
)
PATIENCE = 60.0
"""Seconds for the keeper to begin, and to end and clear up."""
PROBE = "See what this host can do: selfmod sandbox probe"


@dataclass(frozen=True, slots=True)
class Keeper:
    """A keeper that waits for its plan. `made` is the work folder."""

    process: "subprocess.Popen[bytes]"
    talk: socket.socket
    ends: Ends
    made: str
    begun: float

    def run(
        self,
        plan: Plan,
        stream: Iterator[bytes],
        stdin: bytes,
        limits: Limits,
        cancelled: Callable[[], bool],
    ) -> Result:
        """Hands over the plan, the files and standard input; what came of it. Raises Refusal where it could not begin,
        and whatever the stream raises."""
        self.talk.sendall(json.dumps(asdict(plan)).encode() + b"\n")
        with Watch(self.ends, stream, stdin, limits) as watch:
            watch.follow(cancelled, lambda: None)
            with suppress(OSError):
                self.talk.sendall(b"stop\n")
            told = heard(self.talk)
            watch.drain()
            seen = watch.seen
        if seen.began is None and seen.ended is None:
            raise Refusal("no sandbox run: it was ended before the command began.", PROBE)
        # what the keeper saw ended it before we could tell it to
        ended = Ended(told["ended"]) if told["ended"] else seen.ended
        status = int(told["status"]) if ended is None else -signal.SIGKILL
        began = seen.began or seen.over
        return Result(
            status=status,
            ended=ended or (Ended.EXITED if status >= 0 else Ended.SIGNALLED),
            stdout=bytes(seen.stdout),
            stderr=bytes(seen.stderr),
            report=bytes(seen.report),
            started=began - self.begun,
            seconds=max(0.0, float(told["over"]) - began),
            peak_memory=int(told["peak"]),
        )


def started(python: str, above: str, stack: ExitStack) -> Keeper:
    """Starts a keeper with an interpreter; its work folder lies in the folder `above`. With the stack all of it ends.

    Raises Refusal where it cannot set itself up."""
    begun = time.monotonic()
    talk, theirs = socket.socketpair()
    stack.enter_context(talk)
    with theirs:
        number = theirs.fileno()
        process, ends = spawn(
            lambda *inner: [python, "-I", "-S", "-c", BOOT, ROOT, str(number), *map(str, inner), above],
            [number],
            {},
        )
    stack.callback(_ended, process, talk)
    talk.settimeout(PATIENCE)
    return Keeper(process, talk, ends, str(heard(talk)["folder"]), begun)


def heard(talk: socket.socket) -> Mapping[str, Any]:
    """The next line from the keeper. Raises Refusal where it says why not, says nothing, or is gone."""
    received = b""
    try:
        while not received.endswith(b"\n"):
            piece = talk.recv(1 << 16)
            if not piece:
                raise Refusal("no sandbox: its keeper was ended.", PROBE)
            received += piece
    except OSError:
        raise Refusal(f"no sandbox: its keeper said nothing for {PATIENCE:g} s.", PROBE) from None
    told: Mapping[str, Any] = json.loads(received)
    if "refused" in told:
        raise Refusal(f"no sandbox: it cannot be set up: {told['refused']}.", PROBE)
    return told


def _ended(process: "subprocess.Popen[bytes]", talk: socket.socket) -> None:
    """Hangs up, which the keeper takes for the end, and waits until nothing is left of the run."""
    talk.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise Refusal("what ran in the sandbox does not end.", "Look for it with: ps -ef") from None
