"""The main sandbox: bubblewrap, as root with a user of its own, a filter of system calls, limits for the whole tree.

As root no user namespace is made (in one, settings of the kernel would be writable) but the user is really switched; as
an ordinary user a user namespace is what makes the rest possible. Source: bwrap(1).
"""

import os
import platform
import re
import select
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.sandbox import binary, host, mounts, seccomp, trials
from checks.sandbox.limits import groups, tree, users
from checks.sandbox.limits.undisturbed import undisturbed
from checks.sandbox.limits.watch import Seen, Watch
from checks.sandbox.port import MIB, Ability, Binding, Command, Ended, Limits, Result
from checks.sandbox.spawn import memory, pipe, spawn
from checks.sandbox.stream import START, stream

ISOLATION = ("pid", "net", "ipc", "uts", "cgroup")
GIVEN_UP = ("CAP_CHOWN", "CAP_FOWNER", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
"""As root, what the start script needs to give everything up; it then sees for itself that nothing is left."""
PLAIN_USER = 1000
"""The user inside where a user namespace gives it any number."""
JOIN = 'n=$1; shift; while [ "$n" -gt 0 ]; do echo 0 >"$1" || exit 97; shift; n=$((n-1)); done; exec "$@"'
"""Enters the control groups and becomes bubblewrap, so that nothing of the tree is ever outside of them."""
OPEN_FILES = 4096
GONE = 10_000
"""Milliseconds that a killed tree may take to be gone; longer only where the kernel itself hangs."""


class Bubblewrap:
    """`program` is the bubblewrap binary (None: the system's, else the package's); `python` the interpreter that runs
    our start script inside: never the command's own, for as root it begins with the right to switch users (None: this
    one). `grouped` False leaves control groups alone, as on a host that has none for us.

    Output beyond the limit is cut and the rest thrown away; a report beyond its limit ends the run. A disk that is full
    is an error inside, not an end. An exit code from 129 to 192 is read as the signal that shells mean by it.

    Raises Refusal where the host lacks something, with the remedy."""

    name = "bubblewrap"
    weaker = ""

    def __init__(self, program: Path | None = None, python: Path | None = None, *, grouped: bool = True) -> None:
        self.binary = binary.found(program)
        self.root = os.geteuid() == 0
        self.machine = seccomp.machine_of(platform.machine())
        self.python, self.parts = host.interpreter(python)
        self.groups = groups.place() if grouped else None
        tree.sweep()

    def run(
        self, command: Command, files: Iterable[File], limits: Limits, cancelled: Callable[[], bool] = lambda: False
    ) -> Result:
        """Runs the command on a copy of the files and leaves nothing behind, also where it is interrupted.

        Raises Refusal where the sandbox cannot be set up or the command cannot be started in it."""
        return undisturbed(lambda stop: self._run(command, files, limits, lambda: stop() or cancelled()))

    def _run(self, command: Command, files: Iterable[File], limits: Limits, cancelled: Callable[[], bool]) -> Result:
        begun = time.monotonic()
        writable = mounts.shares(mounts.checked(command.folder, folder=True), limits.disk)
        with ExitStack() as stack:
            uid = stack.enter_context(users.user()) if self.root else None
            group = stack.enter_context(joined(self.groups, limits)) if self.groups else None
            sent = stream(
                command,
                files,
                settings={"folder": command.folder, "bare": "1", "filtered": "1"}
                | ({} if uid is None else {"uid": str(uid)}),
                limits=self._resources(limits),
                owned={share.inside: share.mode for share in writable},
                made={mounts.HOME: 0o700},
            )
            run = Run(self, command.bindings, writable, limits, group, uid)
            stack.callback(run.close)
            stack.callback(run.end)
            watch = stack.enter_context(Watch(run.ends, sent, command.stdin, limits))
            run.meet()
            watch.follow(cancelled, run.over)
            run.end()
            watch.drain()
            return run.result(watch.seen, begun)

    def _resources(self, limits: Limits) -> Mapping[str, int]:
        """Limits of each process, as a backstop of those of the tree; address space is not memory, so it gets more."""
        return {
            "RLIMIT_NPROC": limits.processes + host.others(self.root),
            "RLIMIT_AS": limits.memory * (4 if self.groups else 2) + 512 * MIB,
            "RLIMIT_FSIZE": limits.disk,
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": OPEN_FILES,
        }

    def options(self) -> list[str]:
        """What bubblewrap is told besides the layout of the file systems."""
        told = [f"--unshare-{kind}" for kind in ISOLATION]
        told += ["--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox", "--chdir", "/"]
        told += ["--cap-drop", "ALL"]
        if self.root:
            return told + [part for capability in GIVEN_UP for part in ("--cap-add", capability)]
        told += ["--unshare-user", "--uid", str(PLAIN_USER), "--gid", str(PLAIN_USER)]
        return [*told, "--disable-userns"] if self.binary.version >= (0, 8) else told


class Run:
    """One sandbox under way: bubblewrap outside and, once it has said so, the first process inside."""

    def __init__(
        self,
        sandbox: Bubblewrap,
        bindings: Sequence[Binding],
        writable: Sequence[mounts.Share],
        limits: Limits,
        group: groups.Group | None,
        uid: int | None,
    ) -> None:
        self._limits, self._group = limits, group
        self._folders = tuple(share.inside for share in writable)
        self._peak = 0
        self._first: int | None = None
        with ExitStack() as theirs, ExitStack() as ours:
            texts = mounts.accounts(PLAIN_USER if uid is None else uid)
            files = [(memory(content, theirs), path) for path, content in texts.items()]
            filtered = memory(seccomp.program(sandbox.machine, counted=group is not None), theirs)
            self._info, info = pipe(ours, theirs)
            seen = [*bindings, *(Binding(part, str(part)) for part in sandbox.parts)]
            told = [*sandbox.options(), "--seccomp", str(filtered), "--info-fd", str(info)]
            told += mounts.layout(seen, writable, files, START.parent)
            # not on the command line: the first process inside shows that to all others
            options = memory(b"".join(os.fsencode(option) + b"\0" for option in told), theirs)
            doors = [str(folder / "cgroup.procs") for folder in group.folders] if group else []
            begin = ["/bin/sh", "-c", JOIN, "sh", str(len(doors)), *doors] if doors else []
            begin += [str(sandbox.binary.path), "--args", str(options), "--", str(sandbox.python), "-I", "-S"]
            script = f"{mounts.INSIDE}/{START.name}"
            self._outer, self.ends = spawn(
                lambda *ends: [*begin, script, *map(str, ends)],
                [options, filtered, info, *(number for number, _ in files)],
                tree.mark(),
            )
            ours.pop_all()

    def over(self) -> Ended | None:
        """Asked every now and then: whether the tree holds more memory than it may, or hides it from us (buffers of
        sockets belong to no process) until the host has none left."""
        if self._group:
            return Ended.MEMORY if self._group.exhausted() else None
        processes = tree.members(self._outer.pid)
        held = tree.memory(processes, self._limits.memory)
        # the second process of the tree is the first inside; it sees the writable folders
        if len(processes) > 1:
            held += tree.mounted(processes[1], self._folders)
        self._peak = max(self._peak, held)
        return Ended.MEMORY if held > self._limits.memory or tree.scarce() else None

    def meet(self) -> None:
        """Waits until bubblewrap has told the number of the first process inside, and takes hold of that process, while
        the number surely is its own. Without one bubblewrap has failed, which the end will show."""
        told = b""
        wait = select.poll()
        wait.register(self._info, select.POLLIN)
        while not (match := re.search(rb'"child-pid": *([0-9]+)', told)):
            if not wait.poll(GONE) or not (more := os.read(self._info, 4096)):
                return
            told += more
        with suppress(ProcessLookupError):
            number = int(match[1])
            self._first = os.pidfd_open(number)
            if tree.parent(number) != self._outer.pid:
                self._forget()

    def end(self) -> None:
        """Kills all of it and waits until nothing is left: the first process inside takes its namespace with it. A
        second call finds nothing to do."""
        if self._first is None and self._outer.poll() is None:
            self.meet()  # killed before it has let the first process inside go on, bubblewrap would leave that behind
        if self._outer.poll() is None:
            self._outer.kill()
        if self._group:
            self._group.kill()
        self._outer.wait()
        if self._first is not None:
            with suppress(ProcessLookupError, PermissionError):  # gone, or on its way: it dies with its parent
                signal.pidfd_send_signal(self._first, signal.SIGKILL)
            wait = select.poll()
            wait.register(self._first, select.POLLIN)
            wait.poll(GONE)
            self._forget()

    def _forget(self) -> None:
        if self._first is not None:
            os.close(self._first)
            self._first = None

    def close(self) -> None:
        os.close(self._info)
        self._forget()

    def result(self, seen: Seen, begun: float) -> Result:
        """What came of it, once all has ended; raises Refusal where the command never began."""
        status = self._outer.returncode
        if seen.began is None and seen.ended is None:
            raise host.refused(seen.stderr.decode("utf-8", "replace").strip() or f"it ended with {status}")
        ended, began = seen.ended, seen.began or seen.over
        if ended is None and self._group and self._group.exhausted():
            ended = Ended.MEMORY
        if ended is None:
            status = 128 - status if 128 < status <= 192 else status
            ended = Ended.SIGNALLED if status < 0 else Ended.EXITED
        else:
            status = -signal.SIGKILL
        return Result(
            status=status,
            ended=ended,
            stdout=bytes(seen.stdout),
            stderr=bytes(seen.stderr),
            report=bytes(seen.report),
            started=began - begun,
            seconds=max(0.0, seen.over - began),
            peak_memory=self._group.peak() if self._group else self._peak or None,
        )


@contextmanager
def joined(place: groups.Place, limits: Limits) -> Iterator[groups.Group]:
    """A control group for one run; Refusal where the kernel refuses to make it as it must be."""
    try:
        entered = groups.group(place, limits)
        group = entered.__enter__()
    except OSError as error:
        raise Refusal(f"no sandbox: the control group cannot be made: {error}.", "Ask for other limits.") from error
    with ExitStack() as stack:
        stack.push(entered.__exit__)
        yield group


def abilities() -> tuple[Ability, ...]:
    """What of this sandbox this host can do, each thing really tried in one; takes less than a second."""
    try:
        sandbox = Bubblewrap()
    except Refusal as refusal:
        return (Ability("bubblewrap", False, refusal.reason, refusal.hint),)
    version = ".".join(map(str, sandbox.binary.version))
    program = Ability("bubblewrap", True, f"{version} {sandbox.binary.origin}: {sandbox.binary.path}")
    try:
        return (program, *trials.walls(sandbox), trials.limits(sandbox, sandbox.groups))
    except Refusal as refusal:
        return (program, Ability("namespaces", False, refusal.reason, refusal.hint))
