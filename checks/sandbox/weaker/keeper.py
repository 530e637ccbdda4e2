"""The keeper: a process between selfmod and the command, which outlives both and leaves nothing of the run behind.

It makes the work folder, starts the command bound by `rules`, adopts whatever that leaves behind, samples memory and
disk, answers what `metadata` answers; and when the command ends, when it is told to, or when selfmod itself is gone, it
kills all of the tree at once and takes the folder away. It can do the former because it scoped its own signals first:
what it may signal is then exactly what it started, and `kill(-1)` takes that in one sweep that no fork escapes.

It is run as a program of its own: `main` is its whole life.
"""

import json
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from checks.sandbox.inside import start
from checks.sandbox.limits import tree
from checks.sandbox.weaker import folder, metadata, rules, watch

EVERY = 0.1
"""Seconds between two looks at memory; one at the disk takes longer, and at most a tenth of the keeper's time."""
HIDDEN = 3
"""Looks in a row at a process that hides what it has open, until the run is ended for it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What selfmod asks for. `places` are paths with their rights; those in the work folder are relative to it, as is
    every folder of `made`; `links` are names in its folder `bound` with what they lead to; `memory` and `disk` are
    bytes, `programs` the two filters in hexadecimal, `numbers` those of the calls to be answered."""

    places: Sequence[tuple[str, int]]
    made: Sequence[str]
    links: Mapping[str, str]
    programs: Sequence[str]
    numbers: Mapping[str, int]
    memory: int
    disk: int


@dataclass(slots=True)
class _Seen:
    """What was observed of the run so far."""

    peak: int = 0
    ended: str = ""
    status: int | None = None
    hidden: dict[int, int] = field(default_factory=dict)
    next_disk: float = 0.0


def main(channel: int, stream: int, status: int, report: int, above: str) -> None:
    """Talks JSON, a line each: to selfmod {"folder"}, from there a Plan, to there {"peak", "ended", "status", "over"}
    (the last is a time of the monotonic clock), or {"refused"} in place of any of them. Whatever else comes from there,
    or its end, stops the run."""
    talk = socket.socket(fileno=channel)
    made, scoped = "", False
    try:
        rules.adopt_orphans()
        _scope()
        scoped = True
        made, _ = folder.make(above)
        _say(talk, {"folder": made})
        plan = _plan(talk)
        if plan is not None:
            _say(talk, _run(talk, plan, made, stream, status, report))
    except Exception as error:
        with suppress(OSError):
            _say(
                talk, {"refused": f"{type(error).__name__}: {error}" if not isinstance(error, OSError) else str(error)}
            )
    finally:
        if scoped:
            _end_all()
        if made:
            with suppress(OSError):
                folder.remove(made)


def _say(talk: socket.socket, what: Mapping[str, object]) -> None:
    talk.sendall(json.dumps(what).encode() + b"\n")


def _plan(talk: socket.socket) -> Plan | None:
    """What selfmod sends, None where it is gone."""
    received = b""
    while not received.endswith(b"\n"):
        piece = talk.recv(1 << 16)
        if not piece:
            return None
        received += piece
    return Plan(**json.loads(received))


def _scope() -> None:
    """Bounds the signals of this process. Raises OSError unless one to a process outside is seen to be refused: what
    would kill(-1) do else."""
    waits, goes = os.pipe()
    outside = os.fork()
    if outside == 0:
        os.close(goes)
        os.read(waits, 1)
        os._exit(0)
    os.close(waits)
    try:
        rules.scope_signals()
        try:
            os.kill(outside, 0)
        except PermissionError:
            return
        raise OSError("Landlock does not bound signals here")
    finally:
        os.close(goes)
        os.waitpid(outside, 0)


def _run(talk: socket.socket, plan: Plan, made: str, stream: int, status: int, report: int) -> dict[str, object]:
    for name in ("bound", *plan.made):
        Path(made, name).mkdir(parents=True, exist_ok=True)
    for name, target in plan.links.items():
        place = Path(made, "bound", name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
    ours, theirs = socket.socketpair()
    keeper = os.getpid()
    command = os.fork()
    if command == 0:
        with suppress(BaseException):
            _become(plan, made, keeper, theirs, (stream, status, report))
        os._exit(126)
    theirs.close()
    for number in (stream, status, report):
        os.close(number)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    with ours:
        _, listeners, _, _ = socket.recv_fds(ours, 1, 1)
    seen = _Seen()
    # without one the command could not be bound, and has said so on its own
    if listeners:
        _keep(talk, plan, made, command, listeners[0], seen)
    over = time.monotonic()
    exit_code = _end_all(command, seen.status)
    # the largest process, where that is more than was ever sampled
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return {"peak": max(seen.peak, largest), "ended": seen.ended, "status": exit_code, "over": over}


def _become(plan: Plan, made: str, keeper: int, theirs: socket.socket, numbers: tuple[int, int, int]) -> None:
    """Binds this process, a fork of the keeper, and lets the start script do the rest. Returns never."""
    _, status, _ = numbers
    try:
        rules.die_with_parent(keeper)
        os.setsid()
        rules.restrict([(str(Path(made, place)), rights) for place, rights in plan.places])
        first, second = map(bytes.fromhex, plan.programs)
        rules.install(first, listened=False)
        listener = rules.install(second, listened=True)
        socket.send_fds(theirs, [b"l"], [listener])
        os.close(listener)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
    except OSError as error:
        start.say(status, f"refused: {error}")
        os._exit(126)
    start.main(*numbers)


def _keep(talk: socket.socket, plan: Plan, made: str, command: int, listener: int, seen: _Seen) -> None:
    """Watches until the command has ended, has to be ended, or selfmod says so."""
    numbers = dict(plan.numbers)
    itself = os.pidfd_open(command)
    poll = select.poll()
    for number in (talk.fileno(), itself, listener):
        poll.register(number, select.POLLIN)
    next_look = time.monotonic() + EVERY
    while not seen.ended:
        ready = {number for number, _ in poll.poll(max(0.0, next_look - time.monotonic()) * 1000)}
        if talk.fileno() in ready or itself in ready:
            break
        if listener in ready:
            with suppress(OSError):  # who asked was killed meanwhile
                metadata.answer(listener, made, numbers)
        if time.monotonic() >= next_look:
            _reap(command, seen)
            _look(plan, made, seen)
            next_look = time.monotonic() + EVERY
    os.close(itself)
    os.close(listener)


def _look(plan: Plan, made: str, seen: _Seen) -> None:
    processes = watch.descendants(os.getpid())
    held = tree.memory(processes, plan.memory)
    seen.peak = max(seen.peak, held)
    seen.hidden = {each: seen.hidden.get(each, 0) + 1 for each in processes if watch.hides(each)}
    if held > plan.memory or any(count >= HIDDEN for count in seen.hidden.values()):
        seen.ended = "memory"
        return
    begun = time.monotonic()
    if begun >= seen.next_disk:
        if watch.disk(made, processes, plan.disk) > plan.disk:
            seen.ended = "disk"
        done = time.monotonic()
        seen.next_disk = done + max(EVERY, 10 * (done - begun))


def _reap(command: int, seen: _Seen) -> None:
    """Takes the ends of processes that were adopted: until then they count as processes."""
    with suppress(ChildProcessError):
        while True:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            if process == command:
                seen.status = os.waitstatus_to_exitcode(status)


def _end_all(command: int = 0, status: int | None = None) -> int | None:
    """Kills all that the keeper may signal, which is all that it started; the exit code of the command. To be called
    only where the signals are bounded."""
    while True:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(-1, signal.SIGKILL)
        try:
            process, ended = os.waitpid(-1, 0)
        except ChildProcessError:
            return status
        if process == command:
            status = os.waitstatus_to_exitcode(ended)
