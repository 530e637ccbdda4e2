"""What a repository may say about the sandbox that its tests run in."""

import re
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field

from checks.model.section import MOST_WILDCARDS, Line, Section, switch, whole
from checks.sandbox.port import MIB, Limits


class Runner(StrEnum):
    """The closed set of what the sandbox runs."""

    PYTEST = "pytest"
    UNITTEST = "unittest"


_NETWORK = re.compile(
    "curl|wget|pip[0-9.]*|pipx|uvx?|poetry|pdm|hatch|conda|npm|npx|yarn|pnpm|cargo|go|gem|git|gh|hub|ssh|scp|sftp|rsync|nc"
    "|ncat|netcat|socat|telnet|ftp|dig|nslookup|ping|docker|podman|kubectl|aws|gcloud|az|apt|apt-get|brew"
)


def _offline(name: Any) -> Any:
    """Raises ValueError for a command that exists to use a network: a sandbox has none, whoever asks."""
    first = name.split()[0].rpartition("/")[2].casefold() if isinstance(name, str) and name.split() else ""
    if _NETWORK.fullmatch(first):
        raise ValueError(f"the sandbox has no network and never will: {first!r} cannot be allowed")
    return name


def _test(text: str) -> str:
    """Raises ValueError for a pattern that could be made to match for hours."""
    if any(part.count("*") > MOST_WILDCARDS for part in text.split("/")) or text.count("**") > MOST_WILDCARDS:
        raise ValueError(f"at most {MOST_WILDCARDS} '*' between two '/'")
    return text


type TestName = Annotated[Line, AfterValidator(_test)]
type RunnerName = Annotated[Runner, BeforeValidator(_offline)]


class SandboxSettings(Section):
    """How the tests are run. The sandbox has no network; no key opens one."""

    EXAMPLE: ClassVar[str] = """\
sandbox:
  timeout: 900               # seconds, for the whole run
  memory: 4096               # MiB, for all processes together
  paths: [tests/unit]
  quarantine: ["tests/test_clock.py::test_midnight"]    # may fail without stopping anything
  required: true             # tests that cannot be run here fail the gate
"""
    timeout: int = whole(600, 1, 3600, "Seconds that one run of the tests may take.")
    memory: int = whole(2048, 64, 65_536, "MiB of memory for all processes of a run together.")
    processes: int = whole(512, 8, 4096, "Processes and threads of a run at the same time.")
    disk: int = whole(1024, 16, 65_536, "MiB that a run may write.")
    output: int = whole(1024, 1, 65_536, "KiB of output that are kept.")
    paths: tuple[Line, ...] = Field(
        default=(), max_length=100, description="Where tests lie, from the root; empty: as the project's own files say."
    )
    quarantine: tuple[TestName, ...] = Field(
        default=(),
        max_length=1000,
        description="Tests whose failing is excused, by id (`tests/test_a.py::test_b[1]`); `*` is anything but `/`.",
    )
    reruns: int = whole(3, 0, 10, "How often a test that differs from the base is run again, to tell a flaky one.")
    required: bool = switch(
        False, "Whether a sandbox that cannot run fails the gate; else the change is at least `MEDIUM_RISK`."
    )

    def quarantined(self) -> tuple[str, ...]:
        """The tests in quarantine as patterns as in .gitignore. `[` is a part of a test's id, not of a pattern."""
        return tuple(re.sub(r"[\[\]\\]", r"\\\g<0>", name) for name in self.quarantine)

    def limits(self) -> Limits:
        """The same limits in the units of the sandbox: seconds and bytes."""
        return Limits(float(self.timeout), self.memory * MIB, self.processes, self.disk * MIB, self.output * 1024)
