"""The name of a repository is settled before anything is done for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest

from app.model.job import Job, Kind
from app.model.stop import Stop
from app.model.trouble import Gone, Unavailable
from app.store import audit, grants
from app.store.connect import Store
from app.store.naming import known, moving
from app.store.proposed import modifications, stops
from app.webhooks.naming import jobs_named
from app.workflows.durable import naming
from app.workflows.host import Forge as Forges
from tests.app import stores
from tests.app.webhooks import payloads
from tests.attacks.stage import Stage, stage
from tests.forges import REPOSITORY

A, B = "acme/a", "acme/b"


@dataclass
class GitHub:
    """`names` are the present ones by number; `sends_on`: who asks for an old name gets to the new one."""

    names: dict[int, str]
    sends_on: bool = True
    old: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    away: bool = False
    blocked: bool = False

    def rename(self, id: int, name: str) -> None:
        self.old[self.names[id]] = id
        self.names[id] = name

    def identity(self, name: str, installation: int) -> tuple[int, str]:
        self.asked.append(name)
        if self.away:
            raise Unavailable("GitHub")
        here = next((one for one, each in self.names.items() if each.casefold() == name.casefold()), 0)
        here = here or (self.old.get(name, 0) if self.sends_on else 0)
        if not here or self.blocked:
            raise Gone(name)
        return here, self.names[here]

    def repositories(self, installation: int) -> tuple[tuple[str, int], ...]:
        if installation != 9:
            raise Gone("the installation")
        return tuple((name, id) for id, name in self.names.items())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = stores.store(tmp_path / "data")
    yield made
    made.close()


def called(store: Store, github: GitHub, id: int, name: str) -> str:
    return naming.called(store, cast(Forges, github), id, name, 9)


def test_who_is_called_as_ever_is_asked_for_nowhere(store: Store) -> None:
    github = GitHub({5: A})
    assert [called(store, github, 5, A) for _ in range(4)] == [A] * 4
    assert github.asked == [A]  # once, when nothing was known of it


@pytest.mark.parametrize("sends_on", [True, False])
def test_what_is_old_moves_nothing_back(store: Store, sends_on: bool) -> None:
    """GitHub sends again what was lost, as it was."""
    github = GitHub({5: A}, sends_on)
    called(store, github, 5, A)
    stops.put(store, Stop("ann", "x", repository=A))
    github.rename(5, B)
    assert called(store, github, 5, A) == A  # nobody told yet, and nothing is kept under another name
    assert called(store, github, 5, B) == B
    assert [called(store, github, 5, name) for name in (A, B, A)] == [B] * 3
    assert stops.holding(store, B)
    assert len(audit.newest(store, moving.RENAMED, 9)) == 1
    github.names[9] = A
    assert called(store, github, 9, A) == A
    assert called(store, github, 5, A) == B
    assert stops.holding(store, A) is None and stops.holding(store, B)


def test_the_first_that_is_heard_of_a_repository_may_be_old(store: Store) -> None:
    """Right after names are kept at all: a delivery of before is sent again, and its name is another one's by now."""
    github = GitHub({1: B, 2: A}, sends_on=False)
    stops.put(store, Stop("ann", "x", repository=A))
    grants.approve(store, A, 7, "a" * 40, "ann")
    assert called(store, github, 1, A) == ""
    assert called(store, github, 2, A) == A
    assert called(store, github, 1, B) == B
    assert stops.holding(store, A) and stops.holding(store, B) is None
    assert grants.approvals(store, A, 7, "a" * 40) and not grants.approvals(store, B, 7, "a" * 40)


@pytest.mark.parametrize("away", [False, True])
def test_who_is_not_there_is_called_nothing(store: Store, away: bool) -> None:
    github = GitHub({}, away=away)
    if away:
        with pytest.raises(Unavailable):
            called(store, github, 1, A)
    else:
        assert called(store, github, 1, A) == ""
    assert known.name_of(store, 1) is None


def test_two_that_swap(store: Store) -> None:
    github = GitHub({1: A, 2: B}, sends_on=False)
    for id, name in github.names.items():
        called(store, github, id, name)
    stops.put(store, Stop("ann", "x", repository=A))
    github.names = {1: B, 2: A}
    assert called(store, github, 1, B) == B
    # what is under way of the other one still has a name that is no more its own
    assert called(store, github, 2, B) == ""
    with pytest.raises(Gone):
        naming.named(store, cast(Forges, github), Job(Kind.GATE, B, 9, 7, repository_id=2))
    assert called(store, github, 2, A) == A
    assert stops.holding(store, B) and stops.holding(store, A) is None


def test_a_forge_that_does_not_answer_moves_nothing(store: Store) -> None:
    github = GitHub({5: A})
    called(store, github, 5, A)
    github.rename(5, B)
    github.away = True
    with pytest.raises(Unavailable):
        called(store, github, 5, B)
    assert known.name_of(store, 5) == A
    github.away = False
    assert called(store, github, 5, B) == B


@pytest.mark.parametrize("sends_on", [True, False])
def test_a_rename_that_nobody_told_is_found_where_a_name_leads_nowhere(store: Store, sends_on: bool) -> None:
    github = GitHub({5: A, 6: "acme/c"}, sends_on)
    called(store, github, 5, A)
    job = Job(Kind.GATE, A, 9, 7, repository_id=5)

    def elsewhere(job: Job) -> bool:
        return naming.elsewhere(store, cast(Forges, github), job)

    assert not elsewhere(job), "it is there"
    grants.approve(store, A, 7, "a" * 40, "ann")
    github.rename(5, B)
    assert not elsewhere(replace(job, repository_id=0))
    assert elsewhere(job)
    assert naming.named(store, cast(Forges, github), job).repository == B
    assert grants.approvals(store, B, 7, "a" * 40)
    assert elsewhere(job), "another job found it out before"
    del github.names[5]
    github.old.clear()
    now = replace(job, repository=B)
    assert not elsewhere(now) and not elsewhere(replace(now, installation=8))
    github.away = True
    with pytest.raises(Unavailable):
        elsewhere(now)


def test_what_is_nowhere_is_gone_on_with_nowhere(store: Store) -> None:
    """A job that waited has a name of before; meanwhile the App was suspended, or the repository is blocked though it
    is listed. Whether it goes on is answered without a wait: a yes that leads nowhere is asked for ever."""
    github = GitHub({5: A})
    job = Job(Kind.GATE, A, 9, 7, repository_id=5)
    called(store, github, 5, A)
    github.rename(5, B)
    called(store, github, 5, B)
    github.old.clear()
    assert naming.elsewhere(store, cast(Forges, github), job)
    github.blocked = True
    for installation in (9, 8):
        gone = replace(job, installation=installation)
        assert not naming.elsewhere(store, cast(Forges, github), gone)
        with pytest.raises(Gone):
            naming.named(store, cast(Forges, github), gone)
    github.names[5] = "acme/c"
    assert not naming.elsewhere(store, cast(Forges, github), job)


def test_jobs_without_a_number_are_as_they_are(store: Store) -> None:
    for job in (Job(Kind.GATE, A, 9, 7), Job(Kind.RECONCILE, "", 0, repository_id=5)):
        assert naming.named(store, cast(Forges, GitHub({5: B})), job) is job


def test_a_delivery_asks_under_the_present_name(store: Store) -> None:
    github = GitHub({5: "acme/shop"})
    told = payloads.delivery("pull_request", payloads.pull("opened"))

    def ask(id: int, name: str, installation: int) -> str:
        return naming.called(store, cast(Forges, github), id, name, installation)

    (job,) = jobs_named(told, payloads.APP, ask)
    assert (job.repository, job.repository_id) == ("acme/shop", 5)
    github.rename(5, "acme/store")
    renamed = payloads.pull("opened") | {"repository": {"id": 5, "full_name": "acme/store"}}
    assert [each.repository for each in jobs_named(payloads.delivery("x", renamed), payloads.APP, ask)] == []
    assert known.name_of(store, 5) == "acme/store"  # also by what asks for nothing
    (job,) = jobs_named(told, payloads.APP, ask)
    assert job.repository == "acme/store"
    assert jobs_named(told, payloads.APP, lambda *_: "") == ()


@pytest.mark.parametrize(
    "bent",
    [{"repository": None}, {"repository": {"id": "5", "full_name": "acme/shop"}}, {"installation": None},
     {"repository": {"id": 2**63, "full_name": "acme/shop"}}, {"repository": {"id": 5, "full_name": "../x"}}],
)  # fmt: skip
def test_what_is_no_name_or_number_settles_nothing(bent: dict[str, object]) -> None:
    told = payloads.delivery("pull_request", payloads.pull("opened") | bent)
    for job in jobs_named(told, payloads.APP, lambda *_: pytest.fail("nothing is told")):
        assert job.repository_id == 0


def test_a_stop_holds_what_was_renamed(tmp_path: Path) -> None:
    """Stopped, renamed, approved: the next delivery under the new name finds the stop, and nothing is merged."""
    with stage(tmp_path) as made:
        pull, forge = made.proposal("renamed"), made.forge
        id = forge.repository.id
        _settle(made, id, REPOSITORY)
        stops.put(forge.store, Stop("ann", "incident 4711", repository=REPOSITORY))
        forge.github.rename(REPOSITORY, "acme/store")
        body = {"event": "APPROVE", "body": "", "commit_id": pull.head}
        _ask(made, "acme/store", pull.number, body)
        now = _settle(made, id, "acme/store")
        job = Job(Kind.GATE, now, forge.installation, pull.number, pull.head, reason="submitted", repository_id=id)
        host = forge.app.host(now, forge.installation)
        made.name = now
        made.work(job)
        assert host.pull(pull.number).merged is False and not pull.auto_merge
        gate = next(each for each in host.runs(pull.head) if each.name == "selfmod/gate")
        assert gate.title == "stopped by @ann: incident 4711"
        made_there = modifications.of_pull(forge.store, now, pull.number)
        assert made_there is not None and made_there.head == pull.head
        stops.lift(forge.store, Stop("", "", repository=now), "ann", "over")
        made.work(Job(Kind.GATE, now, forge.installation, pull.number, pull.head, reason="again", repository_id=id))
        assert host.pull(pull.number).merged is False  # what was agreed before counts for nothing


def _settle(made: Stage, id: int, name: str) -> str:
    return naming.called(made.forge.store, made.forge.app, id, name, made.forge.installation)


def _ask(made: Stage, name: str, number: int, body: dict[str, str]) -> None:
    with made.forge.client("ann") as client:
        assert client.post(f"/repos/{name}/pulls/{number}/reviews", json=body).status_code == 200
