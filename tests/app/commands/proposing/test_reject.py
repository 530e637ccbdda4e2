from dataclasses import replace

import pytest

from app.commands.grammar import commands
from app.commands.registry import planned
from app.commands.spec import Answer, Do, Refused, Where
from app.model.forge import Person, Pull, Role
from app.model.job import Job, Kind

JOB = Job(Kind.COMMENT, "acme/shop", 7, number=3, comment=99, actor="ann", delivery="d")
OWN = Person("selfmod[bot]", 900, bot=True)
PULL = Pull(3, "Title", "", OWN, "a" * 40, "selfmod/fix/x", "acme/shop", "main", "b" * 40, "acme/shop", own=True)


def answer(line: str, role: Role = Role.WRITE, pull: Pull | None = PULL) -> Answer:
    (asked,) = commands(line)
    return planned(asked, Where(JOB, "ann", role, pull))


def test_it_asks_for_the_permission_again_and_keeps_the_reason() -> None:
    found = answer("/selfmod reject  the totals   are rounded on purpose")
    assert isinstance(found, Do)
    assert found.job == replace(
        JOB,
        kind=Kind.REJECT,
        reason="reject",
        needs="write",
        again="comment-99",
        words="the totals are rounded on purpose",
    )


@pytest.mark.parametrize(
    ("line", "role", "pull", "reason"),
    [
        ("/selfmod reject", Role.WRITE, PULL, "Say why"),
        ("/selfmod reject " + "x" * 1_001, Role.WRITE, PULL, "at most 1000 characters"),
        ("/selfmod reject no", Role.READ, PULL, "needs write access"),
        ("/selfmod reject no", Role.WRITE, None, "this is an issue"),
        ("/selfmod reject no", Role.WRITE, replace(PULL, own=False), "`Request changes` in a review"),
        ("/selfmod reject no", Role.WRITE, replace(PULL, open=False), "is closed"),
        ("/selfmod reject no", Role.WRITE, replace(PULL, open=False, merged=True), "`/selfmod rollback -m why`"),
    ],
)
def test_refusals(line: str, role: Role, pull: Pull | None, reason: str) -> None:
    found = answer(line, role, pull)
    assert isinstance(found, Refused)
    assert reason in found.reason
    assert "\n" not in found.reason
