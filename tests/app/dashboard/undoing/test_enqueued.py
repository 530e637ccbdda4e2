"""A press becomes the job that the command makes, once; what came of it is read back, a refusal too."""

import html
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from app.dashboard.reading import Record
from app.dashboard.stored import Stored
from app.dashboard.undoing.acting import Asked, Came, Taken
from app.dashboard.undoing.enqueued import GONE, KIND, OFTEN, TOLD, WITHIN, Enqueued
from app.model.forge import Person
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.model.stop import OPERATOR, Stop
from app.model.trouble import Gone
from app.standin.server import StandIn
from app.store import audit
from app.store.naming import moving
from app.store.proposed import modifications, stops
from app.workflows import rollback
from app.workflows.steps import run_all
from app.workflows.stopping.guard import guarded
from checks.model.errors import Refusal
from tests.app.dashboard.undoing.scenes import Merged, merged
from tests.forges import FILES, REPOSITORY, Forge, connected

BOB, EVE = Person("bob", 2), Person("eve", 3)


@dataclass
class Jobs:
    """Jobs by identity, as the durable engine keeps them; they run when the test says so."""

    forge: Forge
    put: dict[str, Job] = field(default_factory=dict)
    ended: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def enqueue(self, job: Job) -> str:
        self.put.setdefault(job.identity, job)
        return job.identity

    def run(self) -> None:
        """Each that waits, with what tells of its failure."""
        for identity, job in self.put.items():
            if identity in self.ended:
                continue
            try:
                tools = replace(self.forge.tools(), host=guarded(self.forge.host, self.forge.store, job))
                state = run_all(rollback.STEPS, tools, job)
                self.ended[identity] = {"ended": "done", "state": state}
            except Refusal as refusal:
                trouble = {"bug": "", "why": str(refusal)}
                rollback.FAILED.run(self.forge.tools(), job, dict(trouble))
                self.ended[identity] = {"ended": "failed", **trouble}


@dataclass
class Scene:
    forge: Forge
    case: Merged
    jobs: Jobs
    now: float | None = None

    @property
    def acting(self) -> Enqueued:
        store, jobs = self.forge.store, self.jobs
        clock = time.time if self.now is None else lambda: float(self.now or 0)
        return Enqueued(store, jobs.enqueue, jobs.ended.get, self.forge.app.installation_of, clock)

    @property
    def record(self) -> Record:
        found = Stored(self.forge.store).record(self.case.record)
        assert found is not None
        return found

    def press(self, by: Person = BOB, press: str = "one", why: str = "") -> Taken:
        return self.acting.take_back(self.record, by, why, press)

    def asked(self) -> Asked | None:
        return self.acting.asked(self.record)

    def gate(self) -> str:
        runs = [each for each in self.forge.repository.runs if each.name == "selfmod/gate"]
        return html.unescape(str(runs[-1].output.get("summary", ""))).replace("\u200b", "")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with StandIn(tmp_path / "github") as github:
        forge = connected(github, tmp_path)
        yield Scene(forge, merged(forge), Jobs(forge))
        forge.store.close()
        forge.app.close()
        assert github.unknown == []


def test_the_job_is_that_of_the_command(scene: Scene) -> None:
    assert scene.press(why="totals are wrong") is Taken.ASKED
    (job,) = scene.jobs.put.values()
    assert (job.kind, job.repository, job.installation) == (Kind.ROLLBACK, REPOSITORY, scene.forge.installation)
    assert (job.number, job.head, job.reason, job.comment) == (scene.case.number, scene.case.head, "rollback", 0)
    assert (job.actor, job.needs, job.words) == ("bob", "write", f"{scene.case.made.id} totals are wrong")
    (link,) = [each for each in audit.about(scene.forge.store, REPOSITORY, job.subject, 9) if each.kind == KIND]
    assert job.identity in link.facts and '"actor":"bob"' in link.facts and "totals are wrong" in link.facts
    assert Job.of(job.plain()) == job
    told = [each for each in Stored(scene.forge.store).history(scene.record) if each.kind == KIND]
    assert [each.facts for each in told] == [{"actor": "bob", "why": "totals are wrong"}]


def test_the_job_knows_the_number_of_its_repository(scene: Scene) -> None:
    moving.call(scene.forge.store, 5, REPOSITORY)
    scene.press()
    assert [each.repository_id for each in scene.jobs.put.values()] == [5]


def test_what_another_repository_took_the_name_of_is_taken_back_nowhere(scene: Scene) -> None:
    moving.call(scene.forge.store, 5, REPOSITORY)
    moving.call(scene.forge.store, 6, "acme/later")
    moving.call(scene.forge.store, 6, REPOSITORY)
    assert scene.record.repository == "#5"
    with pytest.raises(Gone):
        scene.press()
    assert scene.jobs.put == {}


def test_it_is_taken_back_and_told_on_the_page(scene: Scene) -> None:
    assert scene.asked() is None
    scene.press(why="totals")
    assert scene.asked() == Asked("bob", Came.WAITS)
    scene.jobs.run()
    revert = max(scene.forge.repository.issues)
    assert revert > scene.case.number
    assert scene.asked() == Asked("bob", Came.OPENED, revert)
    assert f"#{revert} takes #{scene.case.number} back, asked for by @bob" in scene.gate()
    assert scene.press(press="another form") is Taken.ASKED  # it is there: no second job
    assert len(scene.jobs.put) == 1
    made = modifications.of_pull(scene.forge.store, REPOSITORY, revert)
    assert made is not None and made.requester == "bob"
    modifications.settle(scene.forge.store, made, Status.REJECTED)
    assert scene.asked() is None  # it was closed: the button is there again
    assert scene.press(press="a third form") is Taken.ASKED and len(scene.jobs.put) == 2


def test_pressed_twice_it_is_one_job(scene: Scene) -> None:
    for press in ("one", "one", "two"):
        assert scene.press(press=press) is Taken.ASKED
    assert len(scene.jobs.put) == 1
    scene.jobs.run()
    assert len(scene.forge.repository.pulls) == 2


def test_two_forms_at_the_very_same_moment_open_one_pull_request(scene: Scene) -> None:
    jobs = scene.jobs
    scene.press(press="one")
    (first,) = jobs.put.values()
    ahead = Enqueued(scene.forge.store, jobs.enqueue, lambda identity: {"ended": "gone"}, scene.acting.installation_of)
    ahead.take_back(scene.record, BOB, "", "two")  # it did not see the first one
    assert len(jobs.put) == 2 and first.identity in jobs.put
    jobs.run()
    assert len(scene.forge.repository.pulls) == 2


def test_who_may_not_write_is_refused_when_the_job_runs_and_told(scene: Scene) -> None:
    scene.press(EVE)
    assert scene.press(BOB) is Taken.ASKED and len(scene.jobs.put) == 2  # a stranger's press is in nobody's way
    job = next(iter(scene.jobs.put.values()))
    assert (job.actor, job.needs) == ("eve", "write")
    scene.jobs.put = {job.identity: job}
    scene.jobs.run()
    assert len(scene.forge.repository.pulls) == 1
    assert "It was not taken back: a rollback needs write access to this repository; @eve has read." in scene.gate()


def test_a_refusal_is_told_on_the_page(scene: Scene) -> None:
    scene.press(EVE)
    scene.jobs.run()
    found = scene.asked()
    assert found is not None and (found.by, found.came) == ("eve", Came.REFUSED)
    assert "needs write access to this repository; @eve has read" in found.said
    assert scene.press(EVE, press="two") is Taken.ASKED and len(scene.jobs.put) == 2  # perhaps they may by now


def test_what_stands_in_the_way_is_told_at_the_pull_request(scene: Scene) -> None:
    later = {"src/shop/cart.py": FILES["src/shop/cart.py"] + "\n\ndef count(prices):\n    return len(prices)\n"}
    scene.forge.github.push(REPOSITORY, "main", later, by="ann")
    scene.press()
    scene.jobs.run()
    assert scene.asked() == Asked("bob", Came.NOTHING)
    said = [each.body for each in scene.forge.comments(scene.case.number) if each.app is not None]
    assert any("cannot be taken back by itself" in each for each in said)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ({"ended": "failed", "bug": "a1b2", "why": "KeyError: secrets"}, "a fault of selfmod's own; its log has more"),
        ({"ended": "gone"}, GONE),
        ({"ended": "failed", "why": "MAX_RECOVERY"}, "MAX_RECOVERY"),
    ],
)
def test_what_broke_down_is_told_without_its_insides(scene: Scene, outcome: dict[str, Any], said: str) -> None:
    scene.press()
    scene.jobs.ended[next(iter(scene.jobs.put))] = outcome
    assert scene.asked() == Asked("bob", Came.REFUSED, said=said)


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.APPLIED])
def test_what_is_not_merged_or_not_selfmods_is_not_taken_back(scene: Scene, status: Status) -> None:
    made = scene.case.made
    modifications.put(
        scene.forge.store,
        Modification(REPOSITORY, Sort.FIX, made.branch, "main", "x", number=made.number, status=status),
    )
    assert scene.press() is Taken.NOT_MERGED and scene.asked() is None and scene.jobs.put == {}


def test_an_emergency_stop_does_not_hinder_it(scene: Scene) -> None:
    stops.put(scene.forge.store, Stop(OPERATOR, "incident", repository=REPOSITORY))
    scene.press()
    scene.jobs.run()
    found = scene.asked()
    assert found is not None and found.came is Came.OPENED


def test_asking_again_and_again_is_too_often(scene: Scene) -> None:
    for number in range(OFTEN):
        assert scene.press(EVE, press=str(number)) is Taken.ASKED
        scene.jobs.run()
    assert scene.press(EVE, press="more") is Taken.TOO_OFTEN
    assert scene.press(BOB) is Taken.ASKED
    scene.jobs.run()
    scene.now = time.time() + WITHIN + 60
    made = modifications.of_pull(scene.forge.store, REPOSITORY, max(scene.forge.repository.issues))
    assert made is not None
    modifications.settle(scene.forge.store, made, Status.REJECTED)
    assert scene.press(EVE, press="later") is Taken.ASKED


def test_what_is_long_ago_or_forgotten_is_not_told(scene: Scene) -> None:
    scene.press(EVE)
    scene.now = time.time() + TOLD + 60
    assert scene.asked() is None
    assert scene.press(EVE, press="two") is Taken.ASKED and len(scene.jobs.put) == 2
