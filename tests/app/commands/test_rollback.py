"""What `/selfmod rollback` takes for a target and for a reason."""

from dataclasses import replace

import pytest

from app.commands.grammar import commands
from app.commands.registry import planned
from app.commands.spec import Answer, Do, Refused, Where
from app.model.forge import Person, Pull, Role
from app.model.job import Job, Kind

JOB = Job(Kind.COMMENT, "acme/shop", 7, number=3, comment=99, actor="ann", delivery="d")
PULL = Pull(3, "Title", "", Person("ann", 1), "a" * 40, "topic", "acme/shop", "main", "b" * 40, "acme/shop", open=False)
MERGED = replace(PULL, merged=True, merge_commit="c" * 40)


def answer(line: str, role: Role = Role.WRITE, pull: Pull | None = MERGED) -> Answer:
    (asked,) = commands(line)
    return planned(asked, Where(JOB, "ann", role, pull))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/selfmod rollback", "3"),
        ("/selfmod rollback -m the totals are wrong", "3 the totals are wrong"),
        ("/selfmod rollback 41", "41"),
        ("/selfmod rollback #41 -m 'quoted'", "41 quoted"),
        ("/selfmod rollback mod_4be1c0ffee12", "mod_4be1c0ffee12"),
        ("/selfmod rollback mod_4be1c0ffee12 -m it's -m twice", "mod_4be1c0ffee12 it's -m twice"),
        ("/selfmod rollback  #41   --message  two  blanks", "41 two blanks"),
        ("/selfmod rollback -m " + "x" * 5_000, "3 " + "x" * 998),
    ],
)
def test_target_and_reason(line: str, words: str) -> None:
    found = answer(line)
    assert isinstance(found, Do)
    assert (found.job.kind, found.job.words, found.job.needs) == (Kind.ROLLBACK, words, "write")
    assert found.job.identity != answer_of_another_comment(line).identity


def answer_of_another_comment(line: str) -> Job:
    (asked,) = commands(line)
    found = planned(asked, Where(replace(JOB, comment=100), "ann", Role.WRITE, MERGED))
    assert isinstance(found, Do)
    return found.job


@pytest.mark.parametrize(
    ("line", "role", "pull", "reason"),
    [
        ("/selfmod rollback", Role.TRIAGE, MERGED, "needs write access"),
        ("/selfmod rollback", Role.WRITE, PULL, "was not merged"),
        ("/selfmod rollback", Role.WRITE, None, "Name what to take back"),
        ("/selfmod rollback because of it", Role.WRITE, MERGED, "names no modification"),
        ("/selfmod rollback mod_4be1", Role.WRITE, MERGED, "names no modification"),
        ("/selfmod rollback #0", Role.WRITE, MERGED, "names no modification"),
        ("/selfmod rollback `<b>`", Role.WRITE, MERGED, "names no modification"),
    ],
)
def test_refusals(line: str, role: Role, pull: Pull | None, reason: str) -> None:
    found = answer(line, role, pull)
    assert isinstance(found, Refused)
    assert reason in found.reason
    assert "<b>" not in found.reason or "`<b>`" in found.reason
