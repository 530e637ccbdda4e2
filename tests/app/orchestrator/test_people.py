"""Who is there to agree, and what of it reaches the policy."""

from dataclasses import replace

import pytest

from app.model.forge import Committer, Person, Role
from app.orchestrator.decide import decide
from app.orchestrator.people import People, alone, known
from app.orchestrator.policy import Policy
from checks.configuration.approvals import Mode
from checks.model.safety import Assessment, Level, Proposer
from checks.model.verdicts import Verdict

PEOPLE = People(
    author="bob",
    commits=(Committer("c" * 40, Person("Cid", 3), Person("web-flow", 4)),),
    teams={"@acme/Security": ("zoe", "bob", "outsider"), "@acme/hidden": None},
    owners=("@ann", "@acme/security"),
    writers=("ann", "bob", "cid", "zoe"),
    maintainers=("bob", "zoe"),
    admins=("zoe",),
)


@pytest.mark.parametrize(
    ("whom", "able"),
    [
        (None, 2),
        (("@acme/security",), 1),
        (("maintainers", "admins"), 1),
        (("@ann", "@acme/security"), 2),
        (("@ann", "@outsider"), 1),
        (("@acme/hidden",), None),
        (("@acme/unknown",), None),
        (("ann@example.org",), None),
        ((), 0),
    ],
)
def test_how_many_could_agree(whom: tuple[str, ...] | None, able: int | None) -> None:
    assert PEOPLE.able(whom) == able


def test_what_is_not_known_stays_unknown() -> None:
    assert replace(PEOPLE, writers=None).able(None) is None
    assert replace(PEOPLE, maintainers=None).able(("maintainers",)) is None


@pytest.mark.parametrize(
    ("login", "who", "expected"),
    [
        ("ANN", "@ann", True),
        ("ann", "@acme/security", False),
        ("Zoe", "@ACME/security", True),
        ("zoe", "@acme/hidden", False),
        ("mia", "maintainers", True),
        ("mia", "admins", False),
        ("mia", "mia@example.org", False),
    ],
)
def test_who_is_who(login: str, who: str, expected: bool) -> None:
    assert replace(PEOPLE, roles={"Mia": Role.MAINTAIN}).is_one(login, who) is expected


def test_it_reaches_the_policy() -> None:
    policy = known(Policy(code_owners=None), PEOPLE)
    assert (policy.eligible, policy.eligible_critical, policy.eligible_owners) == (2, 1, 2)
    assert policy.code_owners == PEOPLE.owners
    assert policy.owner == ""
    assert known(Policy(code_owners=()), PEOPLE).code_owners == ()
    assert known(Policy(code_owners=None), replace(PEOPLE, owners=())).eligible_owners is None


def test_a_repository_of_one_person() -> None:
    only = People("selfmod[bot]", requesters=("Ann",), writers=("ann",), maintainers=("ann",), admins=("ann",))
    policy = known(Policy(proposer=Proposer.SELFMOD, mode=Mode.ENFORCE, code_owners=(), solo=True), only)
    assert (policy.owner, policy.asked_by_owner, policy.eligible) == ("@ann", True, 0)
    medium = decide(Assessment(Level.MEDIUM_RISK, 3, ()), Verdict(()), policy)
    assert (medium.blocked, alone(policy, medium)) == ("", "@ann")
    critical = decide(Assessment(Level.CRITICAL, 30, ()), Verdict(()), policy)
    assert critical.blocked
    assert alone(policy, critical) == ""
    stranger = known(policy, replace(only, requesters=("eve",)))
    assert alone(stranger, decide(Assessment(Level.MEDIUM_RISK, 3, ()), Verdict(()), stranger)) == ""
