"""Judging: what is stored under which name, what ends it, whose it is, and when nothing of it runs."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Committer, Person, Role
from app.model.job import Job, Kind
from app.model.trouble import Superseded
from app.store import grants, records
from app.store.naming import moving
from app.workflows.reviewing.judging import WAITS, allowed, judge_group, judge_pull
from app.workflows.reviewing.subject import look
from tests.pulls.worlds import ANN, BOB, EVE, TOTAL, World

type Make = Callable[..., World]
QUICK = "allowed_commands: []\n"
BOT = Person("renovate[bot]", 29139614, bot=True)


def test_what_was_judged_is_not_judged_again(make: Make) -> None:
    world = make(QUICK)
    pull = world.pull(BOB, cart=TOTAL)
    state = look(world.tools, world.job(pull), {})
    first = judge_pull(world.tools, world.job(pull), state)
    world.stopped = True  # whoever judged now would be told to stop
    assert judge_pull(world.tools, world.job(pull), state) == first
    again = world.job(pull, again="1")
    with pytest.raises(Superseded):
        judge_pull(world.tools, again, look(world.tools, again, {}))
    record = records.get(world.store, first["record"])
    assert record is not None
    assert (record.number, record.head, record.who) == (pull.number, pull.head, "bob")
    assert record.base == record.configuration == state["base"]
    assert 0 < record.started <= record.finished


def test_what_the_repository_that_had_this_name_judged_is_judged_here(make: Make) -> None:
    """The same commits, pushed to the repository that is called so now."""
    world = make(QUICK)
    pull = world.pull(BOB, cart=TOTAL)
    state = look(world.tools, world.job(pull), {})
    first: list[str] = []
    for id in (1, 2, 3):
        moving.call(world.store, id, world.host.repository)
        made = judge_pull(world.tools, world.job(pull), state)["record"]
        assert made not in first
        (record,) = records.of_head(world.store, pull.repository, pull.head)
        assert (record.id, record.attempt) == (made, "")
        moving.call(world.store, id, world.host.repository.upper())  # written as ever by what is under way
        assert judge_pull(world.tools, world.job(pull), state) == {"record": made}
        first.append(made)


@pytest.mark.parametrize("verb", ["pull", "group"])
@pytest.mark.parametrize(
    ("text", "orphan", "said"),
    [("mode: x\n", False, "'x' is not valid"), (QUICK, True, "no common")],
)
def test_what_cannot_be_judged_is_refused_and_leaves_no_record(
    make: Make, verb: str, text: str, orphan: bool, said: str
) -> None:
    world = make(text)
    pull = world.pull(BOB, cart=TOTAL)
    if orphan:
        world.git.git("checkout", "-q", "--orphan", "alone")
        world.git.commit(cart=TOTAL)
        world.git.git("checkout", "-q", "main")
        pull = world.host.open("alone", "main", BOB)
    state = look(world.tools, world.job(pull), {})
    job = world.job(pull)
    left = (judge_pull if verb == "pull" else judge_group)(world.tools, job, state)
    assert set(left) == {"refused"}
    assert said in left["refused"][0]
    assert records.of_head(world.store, pull.repository, pull.head) == ()


@pytest.mark.parametrize(("commits", "seen"), [((), "a dependency bot"), ((ANN,), "a person")])
def test_a_bots_branch_that_a_person_committed_to_is_a_persons(
    make: Make, commits: tuple[Person, ...], seen: str
) -> None:
    world = make(QUICK)
    pull = world.pull(BOT, cart=TOTAL)
    own = Committer(pull.head, BOT, BOT)
    world.host.committed[pull.number] = (own, *(Committer("b" * 40, each, each) for each in commits))
    left = judge_pull(world.tools, world.job(pull), look(world.tools, world.job(pull), {}))
    record = records.get(world.store, left["record"])
    assert record is not None
    factors = [each["seen"] for each in record.document["assessment"]["factors"] if each["name"] == "generator"]
    assert factors[0].startswith(seen)


@pytest.mark.parametrize(
    ("fork", "granted", "waits"), [("", "", False), ("eve/shop", "", True), ("eve/shop", "ann", False)]
)
def test_a_forks_tests_wait_for_a_word(make: Make, fork: str, granted: str, waits: bool) -> None:
    world = make(QUICK)
    pull = world.pull(EVE, fork=fork, more="x = 1\n")
    if granted:
        grants.grant(world.store, pull.repository, pull.number, pull.head, granted)
    left = judge_pull(world.tools, world.job(pull), look(world.tools, world.job(pull), {}))
    record = records.get(world.store, left["record"])
    assert record is not None
    (sandbox,) = [each for each in record.document["stages"] if each["stage"] == "sandbox"]
    assert sandbox["reason"].startswith(WAITS) == waits
    assert record.attempt == ("+tested" if granted else "")


@pytest.mark.parametrize(
    ("by", "role", "head", "expected"),
    [
        ("ann", Role.WRITE, "", True),
        ("ann", Role.READ, "", False),
        ("zoe", Role.ADMIN, "", True),
        ("ann", Role.WRITE, "f" * 40, False),
        ("", Role.WRITE, "", False),
    ],
)
def test_a_word_counts_for_its_commit_while_its_giver_may_write(
    make: Make, by: str, role: Role, head: str, expected: bool
) -> None:
    world = make()
    pull = world.pull(EVE, fork="eve/shop", more="x = 1\n")
    if by:
        grants.grant(world.store, pull.repository, pull.number, head or pull.head, by)
        world.host.roles[by] = role
    assert allowed(world.tools, pull) is expected


def test_a_group_is_a_record_of_no_pull_request(make: Make) -> None:
    world = make(QUICK)
    pull = world.pull(BOB, cart=TOTAL)
    state = look(world.tools, world.job(pull), {}) | {"number": 0}
    job = Job(Kind.GROUP, pull.repository, 5, head=pull.head, base=str(state["base"]))
    record = records.get(world.store, judge_group(world.tools, job, state)["record"])
    assert record is not None
    assert (record.number, record.who, record.head) == (0, "", pull.head)
    assert record.id != judge_pull(world.tools, world.job(pull), state | {"number": pull.number})["record"]
    assert replace(record, number=pull.number).id != record.id
