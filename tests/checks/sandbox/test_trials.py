"""The trials must see where a wall is missing: here there is none."""

import ctypes
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.sandbox import trials
from checks.sandbox.port import Command, Limits, Result
from tests.checks.sandbox.bubblewrap.kinds import Kind, as_nobody, every
from tests.sandboxes import Bare


@dataclass(slots=True)
class Open:
    """Isolates nothing, and stops nobody who takes more memory than is given."""

    python: Path = Path("/usr/bin/python3")
    name: str = "open"
    weaker: str = "nothing is isolated"

    def run(
        self, command: Command, files: Iterable[File], limits: Limits, cancelled: Callable[[], bool] = lambda: False
    ) -> Result:
        return Bare().run(command, files, Limits(seconds=2.0), cancelled)


def test_missing_walls_are_seen():
    found = {each.name: each.holds for each in trials.walls(Open())}
    assert found["namespaces"] is False
    assert found["system call filter"] is False
    assert found["user"] is False


def test_a_missing_limit_is_seen():
    found = trials.limits(Open(), None)
    assert not found.holds
    assert found.remedy


@every
def test_they_all_hold_in_every_kind(kind: Kind):
    found = kind.call(lambda sandbox: (*trials.walls(sandbox), trials.limits(sandbox, sandbox.groups)))
    assert [each for each in found if not each.holds or each.remedy] == []
    assert ("version" in found[-1].seen) is kind.grouped


def test_a_trial_that_cannot_run_is_told():
    found = trials.walls(Open(python=Path("/bin/false")))
    assert [(each.name, each.holds) for each in found] == [("namespaces", False)]


def without_capability(function: Callable[[], object]) -> None:
    """Calls the function in a child process whose programs cannot have CAP_SYS_ADMIN, as in most containers."""

    def inner() -> object:
        assert ctypes.CDLL(None).prctl(24, 21, 0, 0, 0) == 0  # PR_CAPBSET_DROP
        return function()

    as_nobody(inner, user=0)


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TRIED: takes capabilities from root")
def test_root_without_its_capability_is_refused_with_a_remedy():
    kind = Kind(root=True, packaged=False, grouped=False)
    with pytest.raises(Refusal, match="namespaces are refused") as refused:
        without_capability(lambda: kind.run(("/bin/true",)))
    assert "CAP_SYS_ADMIN" in refused.value.hint
