"""Which approvals count, and the words for each that does not."""

from dataclasses import replace

import pytest

from app.model.approval import Given
from app.model.decision import Decision, Merge
from app.model.forge import Committer, Opinion, Person, Review, Role
from app.orchestrator.approvals import weigh
from app.orchestrator.people import People
from checks.model.safety import Level

HEAD, OLD = "3f9c2e1" + "0" * 33, "c0ffee" + "1" * 34
ANN, BOB, EVE = (Person(name, number) for number, name in enumerate(("ann", "bob", "eve"), 1))
PEOPLE = People(
    author="bob",
    commits=(Committer(HEAD, BOB, BOB),),
    roles={"ann": Role.WRITE, "bob": Role.ADMIN, "eve": Role.READ, "mia": Role.MAINTAIN, "zoe": Role.WRITE},
    teams={"@acme/security": ("zoe",), "@acme/web": ("ann", "mia"), "@acme/hidden": None},
)
ONE = Decision(Level.MEDIUM_RISK, Merge.BY_PERSON, 1)
TWO = Decision(Level.HIGH_RISK, Merge.BY_PERSON, 2, code_owners=1)
TEAM = Decision(Level.CRITICAL, Merge.BY_PERSON, 2, approvers=("@acme/security", "maintainers"))
APPROVED, CHANGES, COMMENTED, DISMISSED = (
    Opinion.APPROVED,
    Opinion.CHANGES_REQUESTED,
    Opinion.COMMENTED,
    Opinion.DISMISSED,
)


def reviews(*said: tuple[str, Opinion] | tuple[str, Opinion, str]) -> list[Review]:
    made = []
    for number, each in enumerate(said, 1):
        login, opinion, *commit = each
        person = Person(login, 10 + number, login.endswith("[bot]"))
        made.append(Review(number, person, opinion, commit[0] if commit else HEAD, f"2026-01-01T00:00:{number:02}Z"))
    return made


@pytest.mark.parametrize(
    ("said", "counted", "why"),
    [
        ([("ann", APPROVED)], ("ann",), "write access"),
        ([("Ann", APPROVED)], ("Ann",), "write access"),
        ([("ann", APPROVED), ("ann", COMMENTED)], ("ann",), "write access"),
        ([("ann", APPROVED, OLD)], (), "is for c0ffee1111, and the head is 3f9c2e1000 now"),
        ([("ann", APPROVED, "")], (), "and the head is"),
        ([("bob", APPROVED)], (), "opened this pull request"),
        ([("BOB", APPROVED)], (), "opened this pull request"),
        ([("eve", APPROVED)], (), "has read access; write is needed"),
        ([("nobody", APPROVED)], (), "has no access; write is needed"),
        ([("ann[bot]", APPROVED)], (), "is a bot"),
        ([("ann", APPROVED), ("ann", DISMISSED)], (), "was dismissed"),
        ([("ann", APPROVED), ("ann", CHANGES)], (), "asks for changes; that stands"),
        ([("ann", CHANGES), ("ann", APPROVED)], ("ann",), "write access"),
        ([("ann", CHANGES), ("ann", COMMENTED)], (), "asks for changes; that stands"),
        ([("eve", CHANGES)], (), "without write access"),
        ([("ann[bot]", CHANGES)], (), "is a bot"),
    ],
)
def test_one_persons_reviews(said: list[tuple[str, Opinion]], counted: tuple[str, ...], why: str) -> None:
    found = weigh(ONE, PEOPLE, HEAD, reviews(*said), ())
    assert found.counted == counted
    assert found.missing == (0 if counted else 1)
    assert [why in each.why for each in found.seen] == [True]


def test_nobody_agreed() -> None:
    found = weigh(ONE, PEOPLE, HEAD, (), ())
    assert (found.missing, found.whom, found.satisfied) == (1, "anybody with write access", False)
    assert dict(found.excluded) == {"bob": "opened this pull request"}


def test_whoever_asked_or_committed_cannot_approve() -> None:
    people = replace(PEOPLE, requesters=("ann",), commits=(Committer(OLD, Person("zoe", 9), Person("web-flow", 8)),))
    found = weigh(ONE, people, HEAD, reviews(("ann", APPROVED), ("zoe", APPROVED)), ())
    assert [each.why for each in found.seen] == ["asked for this change", "wrote commit c0ffee1111"]
    assert not found.satisfied


def test_a_demand_for_changes_blocks_though_enough_agreed_and_whatever_the_commit() -> None:
    found = weigh(ONE, PEOPLE, HEAD, reviews(("ann", APPROVED), ("zoe", CHANGES, OLD)), ())
    assert (found.missing, found.blocking, found.satisfied) == (0, ("zoe",), False)


def test_where_nothing_is_needed_a_demand_for_changes_blocks_all_the_same() -> None:
    nothing = Decision(Level.LOW_RISK, Merge.AUTOMATIC, 0)
    assert weigh(nothing, PEOPLE, HEAD, (), ()).satisfied
    assert not weigh(nothing, PEOPLE, HEAD, reviews(("ann", CHANGES)), ()).satisfied


@pytest.mark.parametrize("commit", [Committer(OLD, None, BOB), Committer(OLD, BOB, None)])
def test_commits_of_no_account_fail_closed(commit: Committer) -> None:
    people = replace(PEOPLE, commits=(*PEOPLE.commits, commit))
    found = weigh(ONE, people, HEAD, reviews(("ann", APPROVED)), ())
    assert (found.counted, found.missing) == ((), 1)
    assert "Commit c0ffee1111 belongs to no account" in found.faults[0]
    assert found.seen[0].why == found.faults[0]


def test_buttons_count_for_their_commit_and_once() -> None:
    said = [Given("ann", HEAD, 1.0), Given("zoe", OLD, 2.0), Given("bob", HEAD, 3.0), Given("x[bot]", HEAD, 4.0)]
    found = weigh(replace(ONE, approvals=2), PEOPLE, HEAD, reviews(("ann", APPROVED)), said)
    assert (found.counted, found.missing) == (("ann",), 1)
    whys = {(each.login, each.how): each.why for each in found.seen}
    assert whys["ann", "button"] == "counts already"
    assert "the head is" in whys["zoe", "button"]
    assert whys["bob", "button"] == "opened this pull request"
    assert whys["x[bot]", "button"] == "is a bot"


def test_a_button_does_not_undo_the_demand_of_a_review() -> None:
    found = weigh(ONE, PEOPLE, HEAD, reviews(("ann", CHANGES)), [Given("ann", HEAD, 9e9)])
    assert (found.counted, found.blocking) == ((), ("ann",))


def test_a_code_owner_must_be_among_them() -> None:
    people = replace(PEOPLE, owners=("@acme/web", "x@example.org"))
    found = weigh(TWO, people, HEAD, reviews(("zoe", APPROVED)), ())
    assert (found.missing, found.whom) == (1, "a code owner (@acme/web, x@example.org)")
    found = weigh(TWO, people, HEAD, reviews(("mia", APPROVED)), ())
    assert (found.missing, found.whom) == (1, "anybody with write access")
    assert found.seen[0].why == "code owner"
    assert weigh(TWO, people, HEAD, reviews(("zoe", APPROVED), ("mia", APPROVED)), ()).satisfied
    assert not weigh(TWO, people, HEAD, reviews(("zoe", APPROVED), ("eve", APPROVED)), ()).satisfied


def test_only_the_team_counts_for_critical() -> None:
    found = weigh(TEAM, PEOPLE, HEAD, reviews(("ann", APPROVED), ("zoe", APPROVED)), ())
    assert (found.counted, found.missing, found.whom) == (("zoe",), 1, "@acme/security or maintainers")
    assert "is not of @acme/security or maintainers" in {each.why for each in found.seen}
    assert weigh(TEAM, PEOPLE, HEAD, reviews(("mia", APPROVED), ("zoe", APPROVED)), ()).satisfied


def test_each_of_the_named_must_agree_and_one_may_serve_several() -> None:
    decision = replace(ONE, named=("@acme/web", "@mia"))
    found = weigh(decision, PEOPLE, HEAD, reviews(("zoe", APPROVED)), ())
    assert (found.missing, found.whom) == (1, "@acme/web and @mia")
    assert weigh(decision, PEOPLE, HEAD, reviews(("ann", APPROVED)), ()).whom == "@mia"
    assert weigh(decision, PEOPLE, HEAD, reviews(("mia", APPROVED)), ()).satisfied


def test_a_team_that_cannot_be_read_fails_closed_with_the_remedy() -> None:
    decision = replace(ONE, named=("@acme/hidden",))
    found = weigh(decision, PEOPLE, HEAD, reviews(("ann", APPROVED)), ())
    assert not found.satisfied
    assert "members of @acme/hidden cannot be read" in found.faults[0]
    assert "Members: read" in found.faults[0]


def test_the_owner_alone_approves_what_the_owner_asked_for() -> None:
    solo = Decision(Level.MEDIUM_RISK, Merge.BY_PERSON, 1, approvers=("@bob",))
    own = People("selfmod[bot]", ("bob",), (Committer(HEAD, BOB, BOB),), {"bob": Role.ADMIN}, writers=("bob",))
    assert weigh(solo, own, HEAD, reviews(("bob", APPROVED)), (), alone="@bob").satisfied
    assert not weigh(solo, own, HEAD, reviews(("bob", APPROVED)), ()).satisfied
    assert not weigh(solo, own, HEAD, reviews(("bob", APPROVED, OLD)), (), alone="@bob").satisfied


def test_owners_by_mail_address_alone_are_told() -> None:
    high = Decision(Level.HIGH_RISK, Merge.BY_PERSON, 2, code_owners=1)
    roles = {"ann": Role.WRITE, "mia": Role.WRITE}
    agreed = reviews(("ann", APPROVED), ("mia", APPROVED))
    weighed = weigh(high, People("bob", roles=roles, owners=("ann@acme.example",)), HEAD, agreed, ())
    assert weighed.missing == 1
    assert weighed.faults == (
        "CODEOWNERS has mail addresses only, and whose they are is not known here. Name people or teams.",
    )
    mixed = People("bob", roles=roles, owners=("ann@acme.example", "@zoe"))
    assert weigh(high, mixed, HEAD, agreed, ()).faults == ()


@pytest.mark.parametrize(
    ("since", "counted"),
    [(0.0, ("ann", "mia")), (1767225601.0, ("mia",)), (1767225602.0, ()), (1767225600.5, ("ann", "mia"))],
)
def test_what_was_agreed_before_a_stop_ended_does_not_count(since: float, counted: tuple[str, ...]) -> None:
    """The reviews are of 00:00:01 and 00:00:02, which is 1767225601 and 1767225602."""
    found = weigh(TWO, PEOPLE, HEAD, reviews(("ann", APPROVED), ("mia", APPROVED)), (), since=since)
    assert found.counted == counted
    assert [each.why for each in found.seen if not each.counts] == ["was given before the stop ended"] * (
        2 - len(counted)
    )


def test_a_button_is_weighed_by_its_time_and_an_objection_stands_whatever_its_time() -> None:
    given = [Given("ann", HEAD, 10.0), Given("mia", HEAD, 30.0)]
    found = weigh(TWO, PEOPLE, HEAD, reviews(("zoe", CHANGES)), given, since=20.0)
    assert (found.counted, found.blocking) == (("mia",), ("zoe",))
    late = weigh(TWO, PEOPLE, HEAD, reviews(("zoe", CHANGES)), given, since=2e9)
    assert (late.counted, late.blocking) == ((), ("zoe",))


@pytest.mark.parametrize("submitted", ["", "yesterday", "2026-13-01T00:00:00Z"])
def test_a_review_without_a_time_lies_before_every_stop(submitted: str) -> None:
    said = [replace(each, submitted=submitted) for each in reviews(("ann", APPROVED))]
    assert weigh(ONE, PEOPLE, HEAD, said, ()).counted == ("ann",)
    assert weigh(ONE, PEOPLE, HEAD, said, (), since=1.0).counted == ()


@pytest.mark.parametrize(
    ("people", "why"),
    [
        (replace(PEOPLE, requesters=("old",)), "asked for this change"),
        (replace(PEOPLE, pushers=("Old",)), "pushed to this pull request"),
        (replace(PEOPLE, pushers=("old",), requesters=("old",)), "asked for this change"),
    ],
)
def test_who_renamed_the_account_is_the_same_person(people: People, why: str) -> None:
    agreed = reviews(("ann", APPROVED))
    assert weigh(ONE, people, HEAD, agreed, ()).missing == 0
    renamed = replace(people, known_as={"ann": frozenset({"ann", "old"})})
    weighed = weigh(ONE, renamed, HEAD, agreed, ())
    assert (weighed.missing, [each.why for each in weighed.seen]) == (1, [why])
    # alone in the repository, it is the owner's by either name
    own = replace(renamed, author="selfmod[bot]", commits=())
    assert weigh(ONE, own, HEAD, agreed, (), alone="@ann").missing == 0


@pytest.mark.parametrize(
    "people",
    [
        replace(PEOPLE, author="old"),
        replace(PEOPLE, commits=(Committer(HEAD, Person("old", 9), BOB),)),
    ],
)
def test_who_had_a_login_that_is_anothers_now_is_not_the_other(people: People) -> None:
    known = replace(people, known_as={"ann": frozenset({"ann", "old"})})
    assert weigh(ONE, known, HEAD, reviews(("ann", APPROVED)), ()).counted == ("ann",)


def test_one_person_by_two_names_counts_once() -> None:
    people = replace(PEOPLE, roles={"ann": Role.WRITE, "old": Role.WRITE})
    given = (Given("old", HEAD, 1.0),)
    assert weigh(TWO, people, HEAD, reviews(("ann", APPROVED)), given).counted == ("ann", "old")
    people = replace(people, known_as={"ann": frozenset({"ann", "old"})})
    weighed = weigh(TWO, people, HEAD, reviews(("ann", APPROVED)), given)
    assert (weighed.counted, weighed.seen[-1].why) == (("ann",), "counts already")
    blocked = weigh(ONE, people, HEAD, reviews(("ann", CHANGES)), given)
    assert blocked.blocking == ("ann",) and blocked.counted == ()
