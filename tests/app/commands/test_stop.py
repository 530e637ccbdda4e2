"""`/selfmod stop` and `/selfmod resume`: how far, by whom, and why."""

from dataclasses import replace

import pytest

from app.commands.spec import Do, Refused
from app.model.forge import Pull, Role
from app.model.job import Kind
from tests.app.commands.test_registry import JOB, PULL, answer

CLOSED = replace(PULL, open=False)


@pytest.mark.parametrize("name", ["stop", "resume"])
@pytest.mark.parametrize(
    ("words", "role", "pull", "end", "needs", "why"),
    [
        ("incident 4711", Role.WRITE, PULL, "", "write", "incident 4711"),
        ("'it\\'s odd", Role.WRITE, PULL, "", "write", "'it\\'s odd"),
        ("repositories  burn", Role.WRITE, PULL, "", "write", "repositories burn"),
        ("repository incident 4711", Role.MAINTAIN, PULL, "-repository", "maintain", "incident 4711"),
        ("Repository x", Role.ADMIN, CLOSED, "-repository", "maintain", "x"),
        ("incident 4711", Role.MAINTAIN, None, "-repository", "maintain", "incident 4711"),
        ("repository incident", Role.MAINTAIN, None, "-repository", "maintain", "incident"),
    ],
)
def test_how_far_it_is_meant(
    name: str, words: str, role: Role, pull: Pull | None, end: str, needs: str, why: str
) -> None:
    found = answer(f"/selfmod {name} {words}", role, pull)
    assert isinstance(found, Do)
    assert found.job == replace(JOB, kind=Kind.STOP, reason=name + end, needs=needs, words=why, again="comment-99")


@pytest.mark.parametrize(
    ("line", "role", "pull", "reason"),
    [
        ("/selfmod stop", Role.WRITE, PULL, "Say why, in a few words: `/selfmod stop <why>`"),
        ("/selfmod resume", Role.WRITE, PULL, "`/selfmod resume <why>`"),
        ("/selfmod stop repository", Role.ADMIN, PULL, "`/selfmod stop repository <why>`"),
        ("/selfmod stop", Role.ADMIN, None, "`/selfmod stop repository <why>`"),
        ("/selfmod stop x", Role.READ, PULL, "needs write access to this repository; `ann` has read."),
        ("/selfmod stop x", Role.NONE, PULL, "has no access"),
        ("/selfmod resume x", Role.TRIAGE, PULL, "needs write access"),
        ("/selfmod stop repository x", Role.WRITE, PULL, "needs maintain access to this repository; `ann` has write."),
        ("/selfmod resume x", Role.WRITE, None, "`/selfmod resume repository` needs maintain access"),
        ("/selfmod stop x", Role.WRITE, CLOSED, "closed"),
        ("/selfmod stop " + "x" * 1001, Role.WRITE, PULL, "at most 1000 characters"),
    ],
)
def test_refusals(line: str, role: Role, pull: Pull | None, reason: str) -> None:
    found = answer(line, role, pull)
    assert isinstance(found, Refused)
    assert reason in found.reason
    assert "\n" not in found.reason


def test_one_that_is_stopped_and_closed_can_be_resumed() -> None:
    assert isinstance(answer("/selfmod resume over", Role.WRITE, CLOSED), Do)
