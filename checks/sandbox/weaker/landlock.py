"""The weaker sandbox, for hosts where namespaces are refused: Landlock and a filter of system calls, never as root.

The package `sandlock` 0.9 does nearly this and was tried first. What spoke against it: it closes every descriptor but
0 to 2, so that no verdict can come back on a private one; processes outlive it where it is killed; its limit of memory
counts no memfd, that of disk nothing without a copy-on-write layer; and every `stat` of the command goes through it
(11 µs instead of 1). Here the kernel decides by itself, but for the calls of `weaker.metadata`.
"""

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.sandbox import host, seccomp
from checks.sandbox.limits import tree
from checks.sandbox.port import MIB, Ability, Binding, Command, Limits, Result
from checks.sandbox.stream import stream
from checks.sandbox.weaker import calls, rules
from checks.sandbox.weaker.conversation import started
from checks.sandbox.weaker.keeper import Plan
from checks.sandbox.weaker.places import FOLDER, SYSTEM, TEMPORARY, Places

WEAKER = (
    "the host's name, its other processes and the names of its files can be seen; memory and disk are sampled, "
    "processes counted for the user as a whole; there is no loopback, no /dev/shm, no terminal, and /tmp only as TMPDIR"
)
_SPACE = 2048 * MIB
"""Bytes of address space beside twice the memory: much is reserved and never used."""


@dataclass(frozen=True, slots=True)
class Landlock:
    """The port on Landlock. `python` is an interpreter (3.12 or newer) for our own part of it; `above` the folder in
    which work folders are made, None for the usual one."""

    name: str = "landlock"
    weaker: str = WEAKER
    python: str = sys.executable
    above: str | None = None

    def run(
        self, command: Command, files: Iterable[File], limits: Limits, cancelled: Callable[[], bool] = lambda: False
    ) -> Result:
        """As `port.Sandbox.run`: paths in the command, its environment and standard input that are only there inside
        are replaced by those that stand for them."""
        missing = next((each for each in needs() if not each.holds), None)
        if missing is not None:
            raise Refusal(f"no sandbox: {missing.name}: {missing.seen}.", missing.remedy)
        machine = seccomp.machine_of(platform.machine())
        with ExitStack() as stack:
            keeper = started(self.python, self.above or tempfile.gettempdir(), stack)
            places = Places(keeper.made, command)
            plan = Plan(
                places=(*SYSTEM, *places.allowed()),
                made=(FOLDER, TEMPORARY),
                links=places.links(),
                programs=[each.hex() for each in (seccomp.program(machine, counted=False), calls.program(machine))],
                numbers={name: numbers[machine.column] for name, numbers in calls.ANSWERED.items()},
                memory=limits.memory,
                disk=limits.disk,
            )
            settings = {"folder": f"{keeper.made}/{FOLDER}", "filtered": "1"}
            sent = stream(places.command(), _bounded(files, limits.disk), settings=settings, limits=_resources(limits))
            return keeper.run(plan, sent, places.stdin(), limits, cancelled)

    def trial(self) -> Ability:
        """Runs a program that tries to leave."""
        here, parts = host.interpreter(Path(self.python))
        own = tuple(Binding(each, str(each)) for each in parts)
        with tempfile.NamedTemporaryFile() as outside:
            command = Command((str(here), "-I", "-S", "-c", _ATTEMPTS, outside.name), bindings=own)
            try:
                result = self.run(command, (), Limits(seconds=20))
            except Refusal as refusal:
                return Ability("a trial", False, refusal.reason, refusal.hint)
        seen = result.stdout.decode("utf-8", "replace").split()
        if (result.status, seen) == (0, ["inside"]):
            return Ability("a trial", True, "nothing outside was read, written, reached or signalled")
        said = ", ".join(seen) or result.stderr.decode("utf-8", "replace")[-200:].strip() or f"status {result.status}"
        return Ability(
            "a trial", False, f"it could do this: {said}", "Report it: this is a bug of selfmod or the kernel."
        )


def abilities(python: str = sys.executable) -> tuple[Ability, ...]:
    """What of it holds on this host; the last is a trial that is only made where all else holds."""
    found = needs()
    return (*found, Landlock(python=python).trial()) if all(each.holds for each in found) else found


_ATTEMPTS = """
import os, sys
def tried(what, does):
    try:
        does()
    except OSError:
        return
    print(what)
def connected():
    import _socket
    _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
tried("read", lambda: open(sys.argv[1]).read())
tried("write", lambda: open(sys.argv[1], "w"))
tried("chmod", lambda: os.chmod(sys.argv[1], 0))
tried("network", connected)
tried("signal", lambda: os.kill(os.getppid(), 0))
tried("inside", lambda: open("inside", "w").close() or os.chmod("inside", 0o600))
"""


def needs() -> tuple[Ability, ...]:
    """What has to hold before anything can be tried."""
    machine = platform.machine()
    known = any(each.name == machine for each in seccomp.MACHINES)
    landlock = rules.version()
    capable = _capabilities()
    seen = f"version {landlock}" if landlock else "the kernel has none, or it is switched off"
    return (
        Ability("a known machine", known, machine, _unless(known, _OTHER)),
        Ability("no root", not capable, capable or f"user {os.geteuid()}", _unless(not capable, _USER)),
        Ability("Landlock", landlock >= rules.LEAST, seen, _unless(landlock >= rules.LEAST, _KERNEL)),
        _answers(),
        _folder(),
    )


_OTHER = "Run selfmod on x86-64 or arm64, or install bubblewrap: apt-get install bubblewrap"
_USER = "Run selfmod as an ordinary user, or install bubblewrap: apt-get install bubblewrap"
_KERNEL = f"Use a kernel with version {rules.LEAST} (6.12 or newer, with landlock in lsm=), or install bubblewrap."


def _unless(holds: bool, remedy: str) -> str:
    return "" if holds else remedy


def _capabilities() -> str:
    """Why this process is too mighty for a sandbox without namespaces; empty where it is not."""
    if 0 in os.getresuid():
        return "selfmod runs as root"
    with suppress(OSError, ValueError):
        lines = Path("/proc/self/status").read_text().splitlines()
        held = next((line.split()[1] for line in lines if line.startswith("CapEff:")), "0")
        return f"selfmod has capabilities ({held})" if int(held, 16) else ""
    return "what selfmod may do cannot be read from /proc/self/status"


def _answers() -> Ability:
    holds = rules.answers()
    seen = "can hand calls over" if holds else "cannot hand calls over for an answer"
    return Ability("the kernel's filter", holds, seen, _unless(holds, "Use a kernel with seccomp, 5.19 or newer."))


def _folder() -> Ability:
    folder = tempfile.gettempdir()
    holds = os.access(folder, os.W_OK | os.X_OK)
    seen = f"{folder} is writable" if holds else f"{folder} is not writable"
    return Ability("a work folder", holds, seen, _unless(holds, "Set TMPDIR to a folder that you may write to."))


def _bounded(files: Iterable[File], limit: int) -> Iterator[File]:
    """The files, until they come to more than `limit` bytes. Raises Refusal then."""
    total = 0
    for file in files:
        total += len(file.content)
        if total > limit:
            raise Refusal(
                f"The files have more than the {limit / MIB:,.0f} MiB of the sandbox's disk.",
                "Raise the limit of the disk, or keep large data out of the project.",
            )
        yield file


def _resources(limits: Limits) -> dict[str, int]:
    """What the kernel itself can hold for each process, or for the user: a second line behind what is sampled."""
    return {
        "RLIMIT_NPROC": tree.threads(os.getuid()) + limits.processes,
        "RLIMIT_FSIZE": limits.disk,
        "RLIMIT_AS": 2 * limits.memory + _SPACE,
    }
