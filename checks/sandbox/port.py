"""The port of the sandbox: what is run, with what, within what limits, and what came of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from checks.model.trees import File

MIB = 1024 * 1024
PROJECT = "/project"
"""Where the files lie inside, unless a command names another folder."""
REPORT = 3
"""The private descriptor, inside: what is written there comes back as `Result.report`."""
OURS = "/selfmod"
"""Where our own scripts (`checks/sandbox/reporter`) lie inside, read-only."""


@dataclass(frozen=True, slots=True)
class Limits:
    """For the whole tree of processes, not for each: wall time in seconds, the others in bytes or a number."""

    seconds: float = 600.0
    memory: int = 2048 * MIB
    processes: int = 512
    disk: int = 1024 * MIB
    output: int = 1 * MIB
    report: int = 64 * MIB


@dataclass(frozen=True, slots=True)
class Binding:
    """A file or folder of the host that is seen inside, read-only; never one that the project's own text names."""

    host: Path
    inside: str


@dataclass(frozen=True, slots=True)
class Command:
    """What is run: `argv` with paths as they are inside, in `folder`, where the files are put (the work copy).
    `environment` is all that there is. Descriptor REPORT is open for writing."""

    argv: tuple[str, ...]
    folder: str = PROJECT
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    bindings: tuple[Binding, ...] = ()


class Ended(StrEnum):
    """Why a run ended. Whatever is not `exited` was ended from outside, and its whole tree of processes with it."""

    EXITED = "exited"
    SIGNALLED = "signalled"
    TIME = "time"
    MEMORY = "memory"
    DISK = "disk"
    OUTPUT = "output"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run. `status` is the exit code or minus the signal's number. Output beyond the limit is cut.
    `started` are the seconds until the command itself began, `seconds` those that it ran; `peak_memory` in bytes of the
    whole tree, None where it was not seen."""

    status: int
    ended: Ended
    stdout: bytes
    stderr: bytes
    report: bytes
    started: float
    seconds: float
    peak_memory: int | None = None


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing that a probe tried: whether it holds here, what was seen, and how to mend it (empty where it holds)."""

    name: str
    holds: bool
    seen: str
    remedy: str = ""


class Sandbox(Protocol):
    """One way to isolate."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        ...

    @property
    def weaker(self) -> str:
        """What it does not keep out, in words; empty for the full sandbox."""
        ...

    def run(
        self, command: Command, files: Iterable[File], limits: Limits, cancelled: Callable[[], bool] = lambda: False
    ) -> Result:
        """Runs the command on a copy of the files and leaves nothing behind, also where it is interrupted.

        Raises Refusal where the sandbox cannot be set up (never: runs it all the same)."""
        ...
