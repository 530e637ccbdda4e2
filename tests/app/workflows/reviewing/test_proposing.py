"""Whose pull request it is: a dependency bot's only as long as nobody else had a hand in it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Committer, Person, Pull
from app.model.job import PUSHED, Kind
from app.model.modification import Modification, Sort
from app.store.proposed import modifications
from app.workflows import gate
from app.workflows.reviewing.proposing import fixes_of, proposer_of, pushers
from checks.model.errors import Refusal
from checks.model.safety import Proposer
from checks.settings import Settings
from tests.pulls.hosts import OWN
from tests.pulls.worlds import ANN, BOB, World

type Make = Callable[..., World]
BOT = Person("renovate[bot]", 29139614, bot=True)
GITHUB = Person("web-flow", 19864447)
OTHER = Person("dependabot[bot]", 49699333, bot=True)


def of_bot(make: Make) -> tuple[World, Pull]:
    world = make()
    return world, world.pull(BOT, cart="x = 1\n")


def told(world: World, pull: Pull, actor: str) -> None:
    """A delivery told of somebody's push."""
    job = replace(world.job(pull, Kind.GATE, PUSHED, again=f"by-{actor}"), actor=actor)
    world.run(gate.STEPS, job)


@pytest.mark.parametrize(
    ("author", "committer", "bot"),
    [
        (BOT, BOT, True),
        (BOT, GITHUB, True),
        (ANN, BOT, False),
        (BOT, ANN, False),
        (ANN, GITHUB, False),
        (GITHUB, GITHUB, False),
        (OTHER, GITHUB, False),
        (None, BOT, False),
        (BOT, None, False),
        (replace(BOT, id=7), BOT, False),  # somebody else has the login now
        (replace(BOT, login="mend[bot]"), GITHUB, True),
        (replace(BOT, id=0, login="Renovate[bot]"), GITHUB, True),
    ],
)
def test_every_commit_must_be_the_bots(make: Make, author: Person | None, committer: Person | None, bot: bool) -> None:
    world, pull = of_bot(make)
    own = Committer("a" * 40, BOT, GITHUB)
    for commits in ((Committer("b" * 40, author, committer), own), (own, Committer("b" * 40, author, committer))):
        world.host.committed[pull.number] = commits
        expected = Proposer.DEPENDENCY_BOT if bot else Proposer.PERSON
        assert proposer_of(world.tools, pull, Settings()) is expected


@pytest.mark.parametrize(
    ("actors", "bot"), [(["renovate[bot]"], True), (["Renovate[bot]"], True), (["renovate[bot]", "ann"], False)]
)
def test_every_push_must_be_the_bots_whatever_the_commits_say(make: Make, actors: list[str], bot: bool) -> None:
    world, pull = of_bot(make)
    for each in actors:
        told(world, pull, each)
    assert pushers(world.tools, pull) == tuple(actors)
    assert (proposer_of(world.tools, pull, Settings()) is Proposer.DEPENDENCY_BOT) == bot


@pytest.mark.parametrize(
    ("reason", "actor", "bot"),
    [
        ("synchronize", "ann", False),
        ("synchronize", "renovate[bot]", True),
        ("synchronize", "", True),
        ("rerequested", "ann", True),
    ],
)
def test_a_push_counts_before_it_is_written_down(make: Make, reason: str, actor: str, bot: bool) -> None:
    world, pull = of_bot(make)
    job = replace(world.job(pull, reason=reason), actor=actor)
    assert (proposer_of(world.tools, pull, Settings(), job) is Proposer.DEPENDENCY_BOT) == bot


def test_commits_that_are_not_all_shown_may_be_anybodys(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world, pull = of_bot(make)

    def commits(number: int) -> tuple[Committer, ...]:
        raise Refusal("GitHub shows 10000 of the 10001 commits.")

    monkeypatch.setattr(world.host, "commits", commits)
    assert proposer_of(world.tools, pull, Settings()) is Proposer.PERSON


@pytest.mark.parametrize(
    ("author", "fork", "expected"),
    [
        (BOB, "", Proposer.PERSON),
        (BOT, "renovate/shop", Proposer.FORK),
        (Person("some[bot]", 9, bot=True), "", Proposer.PERSON),
    ],
)
def test_the_others_are_known_without_their_commits(make: Make, author: Person, fork: str, expected: Proposer) -> None:
    world = make()
    pull = world.pull(author, fork=fork, cart="x = 1\n")
    assert proposer_of(world.tools, pull, Settings()) is expected
    assert world.host.reads["commits"] == 0


def test_pushes_to_another_pull_request_are_its_own(make: Make) -> None:
    world, pull = of_bot(make)
    told(world, world.pull(BOT, other="x = 1\n"), "ann")
    assert pushers(world.tools, pull) == ()


@pytest.mark.parametrize(
    ("author", "pushed", "expected"),
    [
        (OWN, "", Proposer.SELFMOD),
        (OWN, OWN.login, Proposer.SELFMOD),
        (OWN, "ann", Proposer.PERSON),
        (ANN, "", Proposer.PERSON),
        (None, "", Proposer.PERSON),
    ],
)
def test_what_a_person_does_on_selfmods_own_branch_is_that_persons(
    make: Make, author: Person | None, pushed: str, expected: Proposer
) -> None:
    world = make()
    pull = replace(world.pull(OWN, cart="x = 1\n"), own=True)
    world.host.committed[pull.number] = (Committer("a" * 40, OWN, GITHUB), Committer("b" * 40, author, GITHUB))
    if pushed:
        told(world, pull, pushed)
    assert proposer_of(world.tools, pull, Settings()) is expected


@pytest.mark.parametrize(("shared", "fixes"), [(False, ("unsafe-yaml",)), (True, ())])
def test_a_message_that_every_workflow_could_have_written_lists_no_fixes(
    make: Make, shared: bool, fixes: tuple[str, ...]
) -> None:
    world = make()
    pull = world.own(cart="x = 1\n")
    world.git.git("checkout", "-q", pull.head_ref)
    world.git.git("commit", "-q", "--amend", "-m", "Load safely\n\n- unsafe-yaml: 1 place\n")
    world.git.git("checkout", "-q", "main")
    world.host.push(pull.number)
    pull = world.host.pull(pull.number)
    made = Modification(pull.repository, Sort.FIX, pull.head_ref, "main", "", head=pull.head, number=pull.number)
    modifications.put(world.store, made)
    assert fixes_of(replace(world.tools, shared=shared), pull, world.git.root) == fixes
