"""A press becomes the job that the command makes, once; what came of it is read back, a refusal too."""

import html
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from app.dashboard.reading import Record
from app.dashboard.stored import Stored
from app.dashboard.undoing import enqueued
from app.dashboard.undoing.acting import Asked, Came, Taken
from app.dashboard.undoing.enqueued import BUG, GIVEN_UP, GONE, KIND, OFTEN, TOLD, WITHIN, Enqueued
from app.model.forge import Person
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.model.stop import OPERATOR, Stop
from app.model.trouble import Doubtful, Gone, Unavailable
from app.standin.server import StandIn
from app.store import audit, locks
from app.store.chain import Link
from app.store.naming import moving
from app.store.proposed import modifications, stops
from app.views import gate_facts
from app.workflows import rollback
from app.workflows.steps import run_all
from app.workflows.stopping.guard import guarded
from checks.model.errors import Refusal
from tests.app.dashboard.undoing.scenes import Merged, merged
from tests.forges import FILES, REPOSITORY, Forge, connected

BOB, EVE = Person("bob", 100_003), Person("eve", 100_005)
"""With the numbers that the stand-in gives them."""


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
    asked_github: int = 0

    @property
    def acting(self) -> Enqueued:
        store, jobs = self.forge.store, self.jobs
        clock = time.time if self.now is None else lambda: float(self.now or 0)
        return Enqueued(store, jobs.enqueue, jobs.put.__contains__, jobs.ended.get, self.installation_of, clock)

    def installation_of(self, repository: str) -> int:
        self.asked_github += 1
        return self.forge.app.installation_of(repository)

    @property
    def record(self) -> Record:
        found = Stored(self.forge.store).record(self.case.record)
        assert found is not None
        return found

    def press(self, by: Person = BOB, press: str = "one", why: str = "") -> Taken:
        return self.acting.take_back(self.record, by, why, press)

    def asked(self, by: Person | None = None) -> Asked | None:
        return self.acting.asked(self.record, by.id if by else 0)

    def written(self) -> list[Link]:
        return list(audit.about(self.forge.store, REPOSITORY, f"{REPOSITORY}#{self.case.number}/undo", 99))

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
    (link,) = scene.written()
    assert (
        link.kind == KIND
        and job.identity in link.facts
        and '"actor":"bob"' in link.facts
        and "totals are wrong" in link.facts
    )
    assert Job.of(job.plain()) == job
    told = [each for each in Stored(scene.forge.store).history(scene.record) if each.kind == KIND]
    assert [each.facts for each in told] == [{"actor": "bob"}]  # the reason is told with what came of it


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
    ahead = replace(scene.acting, outcome=lambda identity: {"ended": "gone"})
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
    found = scene.asked(EVE)
    assert found is not None and found.mine
    assert "a rollback needs write access to this repository; @eve has read." in found.said
    assert "not taken back" not in scene.gate()  # or strangers would write into check runs


def test_who_takes_a_login_over_gives_nobody_its_access(scene: Scene) -> None:
    scene.press(EVE)
    scene.forge.github.rename_account("eve", "evelyn")
    scene.forge.github.rename_account("bob", "eve")  # who may write, and pressed nothing
    scene.jobs.run()
    assert len(scene.forge.repository.pulls) == 1
    found = scene.asked(EVE)
    assert found is not None and found.came is Came.REFUSED
    assert "@eve has none" in found.said and "Sign in again if you renamed your account." in found.said


def test_a_refusal_is_told_on_the_page(scene: Scene) -> None:
    scene.press(EVE)
    scene.jobs.run()
    found = scene.asked(EVE)
    assert found is not None and (found.by, found.came) == ("eve", Came.REFUSED)
    assert "needs write access to this repository; @eve has read" in found.said
    assert scene.asked(BOB) is None and scene.asked() is None  # it concerns nobody else
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
        ({"ended": "failed", "bug": "a1b2", "why": "KeyError: secrets"}, BUG),
        ({"ended": "gone"}, GONE),
        ({"ended": "failed", "why": "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}, GIVEN_UP),
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


def test_more_forms_than_are_allowed_at_the_same_moment(scene: Scene) -> None:
    """All that are counted wait for each other, so that they would all be there before one is written down."""
    together = threading.Barrier(OFTEN + 1)

    def installation_of(repository: str) -> int:
        with suppress(threading.BrokenBarrierError):
            together.wait(0.5)
        return scene.forge.installation

    acting, record, taken = replace(scene.acting, installation_of=installation_of), scene.record, list[Taken]()

    def press(name: int) -> None:
        taken.append(acting.take_back(record, EVE, "", f"form {name}"))

    threads = [threading.Thread(target=press, args=(number,)) for number in range(OFTEN + 6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(scene.jobs.put) <= OFTEN and len(scene.written()) <= OFTEN
    assert len(taken) == OFTEN + 6


def test_a_form_that_is_sent_again_when_it_is_over_asks_nobody(scene: Scene) -> None:
    assert scene.press(EVE) is Taken.ASKED
    assert scene.press(EVE) is Taken.ASKED  # it waits still
    scene.jobs.run()
    for _ in range(3):
        assert scene.press(EVE) is Taken.SENT
    assert (scene.asked_github, len(scene.written()), len(scene.jobs.put)) == (1, 1, 1)


def test_presses_crowd_nothing_out(scene: Scene) -> None:
    about = f"{REPOSITORY}#{scene.case.number}"
    facts = {"record": scene.case.record, "stands": "approved", "said": "approved by @ann"}
    audit.append(scene.forge.store, gate_facts.KIND, REPOSITORY, about, facts)
    for number in range(OFTEN):
        scene.press(EVE, press=str(number), why="<b>mine</b>")
        scene.jobs.run()
    assert {each.subject for each in audit.newest(scene.forge.store, KIND, 99)} == {f"{about}/undo"}
    stored = Stored(scene.forge.store)
    assert stored.stood((scene.record,))[scene.case.record].said == "approved by @ann"
    assert "mine" not in str(stored.history(scene.record))
    assert [each.number for each in stored.history(scene.record)] == sorted(
        each.number for each in stored.history(scene.record)
    )


def test_what_cannot_be_written_down_is_not_begun(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def append(*_: object, **__: object) -> int:
        raise Unavailable("the database is gone")

    with monkeypatch.context() as patch:
        patch.setattr(audit, "append", append)
        with pytest.raises(Unavailable):
            scene.press()
    assert scene.jobs.put == {} and scene.asked(BOB) is None


def test_what_was_written_down_and_not_begun_is_begun_by_the_same_form(scene: Scene) -> None:
    def enqueue(job: Job) -> str:
        raise Unavailable("the database is gone")

    with pytest.raises(Doubtful):
        replace(scene.acting, enqueue=enqueue).take_back(scene.record, BOB, "", "one")
    assert scene.asked(BOB) is None and scene.asked() is None  # nothing is under way
    assert scene.press() is Taken.ASKED and len(scene.jobs.put) == 1 and len(scene.written()) == 1
    assert scene.asked(BOB) == Asked("bob", Came.WAITS, mine=True)


def test_github_that_does_not_answer_has_done_nothing(scene: Scene) -> None:
    def installation_of(repository: str) -> int:
        raise Doubtful("GitHub cannot be reached")

    with pytest.raises(Unavailable) as raised:
        replace(scene.acting, installation_of=installation_of).take_back(scene.record, BOB, "", "one")
    assert not isinstance(raised.value, Doubtful) and scene.jobs.put == {}


def test_presses_wait_for_each_other_and_not_for_ever(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enqueued, "PATIENCE", 0.0)
    held = f"press:{REPOSITORY}#{scene.case.number}/undo"
    with locks.exclusive(scene.forge.store, held), pytest.raises(Unavailable):
        scene.press()
    assert scene.press() is Taken.ASKED


def test_a_strangers_press_takes_the_button_from_nobody(scene: Scene) -> None:
    scene.press(BOB)
    scene.press(EVE)
    assert scene.asked(EVE) == Asked("eve", Came.WAITS, mine=True)
    assert scene.asked(BOB) == Asked("bob", Came.WAITS, mine=True)
    assert scene.asked() == Asked("eve", Came.WAITS)
