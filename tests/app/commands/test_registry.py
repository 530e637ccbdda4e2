from dataclasses import replace

import pytest

from app.commands.grammar import commands
from app.commands.registry import COMMANDS, lacking, planned
from app.commands.spec import Answer, Do, Refused, Reply, Where
from app.model.forge import Person, Pull, Role
from app.model.job import Job, Kind

HEAD = "3f9c2e1" + "0" * 33
JOB = Job(Kind.COMMENT, "acme/shop", 7, number=3, comment=99, actor="ann", delivery="d")
ANN = Person("ann", 1)
PULL = Pull(3, "Title", "", ANN, HEAD, "topic", "acme/shop", "main", "b" * 40, "acme/shop")


def answer(line: str, role: Role = Role.WRITE, pull: Pull | None = PULL, judged: bool = True) -> Answer:
    (asked,) = commands(line)
    return planned(asked, Where(JOB, "ann", role, pull, judged))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.spec.name)
def test_every_command_declares_itself(command) -> None:
    spec = command.spec
    assert spec.usage.split()[0] == spec.name
    assert spec.summary.endswith(".")
    assert spec.examples
    for example in spec.examples:
        (asked,) = commands(f"/selfmod {example}")
        assert asked.name == spec.name


def test_names_are_unique() -> None:
    names = [each.spec.name for each in COMMANDS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("line", "role", "pull", "reason"),
    [
        ("/selfmod fxi", Role.ADMIN, PULL, "unknown command. Did you mean `/selfmod fix`? All"),
        ("/selfmod xyzzy", Role.ADMIN, PULL, "unknown command. All commands: `/selfmod help`"),
        ("/selfmod reviw", Role.ADMIN, PULL, "unknown command. Did you mean `/selfmod review`? All"),
        ("/selfmod `rm -rf`", Role.ADMIN, PULL, "unknown command"),
        (
            "/selfmod review",
            Role.READ,
            PULL,
            "`/selfmod review` needs write access to this repository; `ann` has read.",
        ),
        ("/selfmod review", Role.NONE, PULL, "`ann` has no access."),
        ("/selfmod review", Role.TRIAGE, PULL, "needs write access"),
        ("/selfmod help", Role.NONE, PULL, "needs read access"),
        ("/selfmod review", Role.WRITE, None, "works on a pull request, and this is an issue."),
        ("/selfmod review", Role.WRITE, replace(PULL, open=False), "closed"),
        ("/selfmod ok-to-test", Role.WRITE, PULL, "with at least 7 digits: `/selfmod ok-to-test 3f9c2e1000`"),
        ("/selfmod ok-to-test 3f9c2e", Role.WRITE, PULL, "at least 7 digits"),
        ("/selfmod ok-to-test main", Role.WRITE, PULL, "at least 7 digits"),
        ("/selfmod ok-to-test aaaaaaa", Role.WRITE, PULL, "The head is `3f9c2e1000` now, not `aaaaaaa`."),
        ("/selfmod ok-to-test 3f9c2e1", Role.WRITE, replace(PULL, open=False), "closed"),
        ("/selfmod ok-to-test 3f9c2e1", Role.TRIAGE, PULL, "needs write access"),
        ("/selfmod approve", Role.WRITE, PULL, "at least 7 digits: `/selfmod approve 3f9c2e1000`"),
        ("/selfmod approve aaaaaaa", Role.WRITE, PULL, "The head is `3f9c2e1000` now"),
        ("/selfmod approve 3f9c2e1", Role.READ, PULL, "needs write access"),
        ("/selfmod help nonsense", Role.READ, PULL, "no such command"),
    ],
)
def test_refusals_say_what_to_do(line: str, role: Role, pull: Pull | None, reason: str) -> None:
    found = answer(line, role, pull)
    assert isinstance(found, Refused)
    assert reason in found.reason
    assert "\n" not in found.reason


@pytest.mark.parametrize(
    ("maintainers", "said"),
    [
        ((), "has read."),
        (("mia",), "has read. Maintainers: @&#8203;mia."),
        (("a", "b", "c", "d", "e", "f"), " Maintainers: " + ", ".join(f"@&#8203;{each}" for each in "abcde") + "."),
    ],
)
def test_a_refusal_names_who_may_help_and_notifies_nobody(maintainers: tuple[str, ...], said: str) -> None:
    (asked,) = commands("/selfmod review")
    found = planned(asked, Where(JOB, "ann", Role.READ, PULL, maintainers=maintainers))
    assert isinstance(found, Refused)
    assert found.reason.endswith(said)
    other = planned(asked, Where(JOB, "ann", Role.WRITE, replace(PULL, open=False), maintainers=maintainers))
    assert isinstance(other, Refused)
    assert "Maintainers" not in other.reason


@pytest.mark.parametrize(
    ("line", "role", "pull", "expected"),
    [
        ("/selfmod review", Role.READ, PULL, True),
        ("/selfmod review", Role.WRITE, PULL, False),
        ("/selfmod help", Role.READ, PULL, False),
        ("/selfmod", Role.READ, PULL, False),
        ("/selfmod", Role.READ, None, True),
        ("/selfmod fxi", Role.NONE, PULL, False),
    ],
)
def test_maintainers_are_looked_up_only_where_somebody_lacks_access(
    line: str, role: Role, pull: Pull | None, expected: bool
) -> None:
    (asked,) = commands(line)
    assert lacking(asked, Where(JOB, "ann", role, pull)) is expected


def test_ok_to_test_is_bound_to_the_head_and_asks_for_the_permission_again() -> None:
    found = answer("/selfmod ok-to-test 3F9C2E1")
    assert isinstance(found, Do)
    assert found.grant == HEAD
    assert found.job == replace(
        JOB, kind=Kind.REVIEW, head=HEAD, reason="ok-to-test", needs="write", again="comment-99"
    )


def test_an_approval_is_bound_to_the_head_and_weighed_by_the_gate() -> None:
    found = answer("/selfmod approve 3f9c2e10")
    assert isinstance(found, Do)
    assert found.job == replace(JOB, kind=Kind.GATE, head=HEAD, reason="approve", needs="write", again="comment-99")


def test_a_review_asked_for_twice_is_two_jobs() -> None:
    first = answer("/selfmod review")
    (asked,) = commands("/selfmod review")
    second = planned(asked, Where(replace(JOB, comment=100), "ann", Role.WRITE, PULL, True))
    assert isinstance(first, Do)
    assert isinstance(second, Do)
    assert first.job.identity != second.job.identity


def test_the_word_alone_offers_the_configuration_on_an_issue_and_help_on_a_pull_request() -> None:
    on_issue, on_pull = answer("/selfmod", pull=None), answer("/selfmod")
    assert isinstance(on_issue, Do)
    assert on_issue.job.kind is Kind.ONBOARD
    assert isinstance(on_pull, Reply)
    assert "| `/selfmod ok-to-test <sha>` |" in on_pull.text


def test_help_explains_one_command() -> None:
    found = answer("/selfmod help ok-to-test", Role.READ)
    assert isinstance(found, Reply)
    assert "Needs write access." in found.text
    assert "- `/selfmod ok-to-test 3f9c2e1`" in found.text
