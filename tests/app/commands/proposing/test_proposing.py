"""The commands that end in a pull request: what they start, and what they refuse."""

from dataclasses import replace

import pytest

from app.commands.grammar import commands
from app.commands.registry import planned
from app.commands.spec import Answer, Do, Refused, Where
from app.model.forge import Person, Pull, Role
from app.model.job import Job, Kind

HEAD = "3f9c2e1" + "0" * 33
JOB = Job(Kind.COMMENT, "acme/shop", 7, number=3, comment=99, actor="ann", delivery="d")
PULL = Pull(3, "", "", Person("ann", 1), HEAD, "topic", "acme/shop", "main", "b" * 40, "acme/shop")
OWN = replace(PULL, own=True)


def answer(line: str, pull: Pull | None = PULL, role: Role = Role.WRITE) -> Answer:
    (asked,) = commands(line)
    return planned(asked, Where(JOB, "ann", role, pull))


@pytest.mark.parametrize(
    ("line", "pull", "head", "reason", "words"),
    [
        ("/selfmod fix", PULL, HEAD, "fix", ""),
        ("/selfmod fix", None, "", "fix", ""),
        ("/selfmod fix src/ bare-except", None, "", "fix", "src/ bare-except"),
        ("/selfmod rebase", OWN, "", "rebase", ""),
    ],
)
def test_a_job_is_started_that_asks_for_the_right_again(
    line: str, pull: Pull | None, head: str, reason: str, words: str
) -> None:
    found = answer(line, pull)
    assert isinstance(found, Do)
    job = found.job
    assert (job.kind, job.number, job.head, job.reason) == (Kind.PROPOSE, 3, head, reason)
    assert (job.needs, job.words, job.actor, job.comment) == ("write", words, "ann", 99)


def test_two_of_one_comment_are_two_jobs_and_a_delivery_twice_is_one() -> None:
    first, second = (answer(f"/selfmod fix {each}", None) for each in ("src/", "tests/"))
    again = answer("/selfmod fix src/", None)
    assert isinstance(first, Do)
    assert isinstance(second, Do)
    assert isinstance(again, Do)
    assert first.job.identity == again.job.identity != second.job.identity


@pytest.mark.parametrize(
    ("line", "pull", "role", "reason"),
    [
        ("/selfmod fix", PULL, Role.READ, "`/selfmod fix` needs write access"),
        ("/selfmod fix", replace(PULL, open=False), Role.WRITE, "closed"),
        ("/selfmod fix bare-exept", None, Role.WRITE, "Did you mean bare-except?"),
        ("/selfmod fix ../x", None, Role.WRITE, "does not lie in the repository"),
        ("/selfmod rebase", PULL, Role.WRITE, "Only a pull request of selfmod's own"),
        ("/selfmod rebase", None, Role.WRITE, "works on a pull request"),
        ("/selfmod rebase", replace(OWN, open=False), Role.WRITE, "closed"),
        ("/selfmod rebase", OWN, Role.TRIAGE, "needs write access"),
        ("/selfmod test src/shop.py", PULL, Role.WRITE, "not part of this version"),
        ("/selfmod generate a.py: adds it's numbers", PULL, Role.WRITE, "not part of this version"),
        ("/selfmod modify a.py: add a parameter", None, Role.WRITE, "not part of this version"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(line: str, pull: Pull | None, role: Role, reason: str) -> None:
    found = answer(line, pull, role)
    assert isinstance(found, Refused)
    assert reason in found.reason
    assert "\n" not in found.reason
