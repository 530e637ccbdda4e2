"""One job's walk over its steps, without an engine: nothing of it was recorded before."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from app.model.job import Job, Kind
from app.model.trouble import Gone, Unavailable
from app.settings import ServerSettings
from app.store import audit, heads, locks
from app.store.connect import Store
from app.workflows.durable import run as running
from app.workflows.durable import waits
from app.workflows.durable.attempt import Stopped
from app.workflows.durable.heads import Heads
from app.workflows.durable.run import House, Run
from app.workflows.host import Host
from app.workflows.steps import State, Step, Tools
from checks.model.errors import Refusal
from tests.app import stores

GATE = Job(Kind.GATE, "o/n", 7, number=1, delivery="d")
REVIEW = Job(Kind.REVIEW, "o/n", 7, number=1, head="1" * 40)
TURN: dict[str, Any] = {"base": "x", "generation": 0}


@dataclass
class Walks:
    """A house whose links are noted instead of enqueued."""

    store: Store
    stopping: threading.Event = field(default_factory=threading.Event)
    links: list[tuple[State, dict[str, Any], float]] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)
    named: Callable[[Job], Job] = lambda job: job
    enqueue: Callable[[Job], str] = lambda job: ""
    elsewhere: Callable[[Job], bool] = lambda job: False

    def walk(
        self,
        job: Job,
        turn: dict[str, Any],
        steps: list[Step] | None,
        hook: Step | None = None,
        state: State | None = None,
    ) -> dict[str, Any]:
        tools = Tools(cast(Host, None), self.store, ServerSettings(database_url="", data_dir=self.store.data_dir))
        seen = Heads(self.store, lambda job: job.head)
        house = House(
            self.store, seen, self.stopping, lambda job, told: tools, self.put, self.woken.append, self.enqueue,
            self.named, self.elsewhere,
        )  # fmt: skip
        return Run(house, job, TURN | turn, steps, hook).walk(state or {})

    def put(self, job: Job, state: State, turn: dict[str, Any], delay: float) -> str:
        self.links.append((state, turn, delay))
        return f"{turn['base']}~{turn['number']}"


@pytest.fixture
def walks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walks]:
    def unrecorded(name: str, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        return call()

    monkeypatch.setattr(running, "run_step", unrecorded)
    monkeypatch.setattr(running, "PATIENCE", 0.0)
    store = stores.store(tmp_path / "data")
    yield Walks(store)
    store.close()


def gives(name: str, **added: Any) -> Step:
    return Step(name, lambda tools, job, state: added)


def raises(name: str, error: BaseException) -> Step:
    def step(tools: Tools, job: Job, state: State) -> State:
        raise error

    return Step(name, step)


def hears(heard: list[State]) -> Step:
    def step(tools: Tools, job: Job, state: State) -> State:
        heard.append(state)
        return {}

    return Step("failed", step)


def test_a_step_that_waits_leaves_a_link_that_goes_on_there(walks: Walks) -> None:
    steps = [gives("one", a=1), raises("two", Unavailable("502", after=100.0)), gives("three", c=3)]
    result = walks.walk(GATE, {"first": "w", "attempt": 2}, steps)
    ((state, turn, delay),) = walks.links
    assert state == {"a": 1}
    assert {name: turn[name] for name in ("number", "at", "tries", "first", "attempt")} == {
        "number": 1,
        "at": 1,
        "tries": 1,
        "first": "w",
        "attempt": 2,
    }
    assert delay >= 100
    assert (result["ended"], result["as"], result["why"]) == ("later", "x~1", "502")
    assert walks.woken == [GATE.subject]


def test_tries_are_counted_of_one_step_and_end(walks: Walks) -> None:
    away = raises("two", Unavailable("502"))
    walks.walk(GATE, {"at": 0, "tries": 5}, [gives("one"), away])
    assert walks.links[-1][1]["tries"] == 1, "those of another step"
    walks.walk(GATE, {"at": 1, "tries": 5, "number": 4}, [gives("one"), away])
    assert (walks.links[-1][1]["tries"], walks.links[-1][1]["number"]) == (6, 5)
    heard: list[State] = []
    result = walks.walk(GATE, {"at": 1, "tries": waits.TRIES - 1}, [gives("one"), away], hears(heard), {"a": 1})
    assert (result["ended"], result["why"]) == ("failed", "502")
    assert heard == [{"a": 1, "bug": "", "why": "502"}]


def test_a_subject_that_is_taken_is_waited_for_outside_and_is_no_try(walks: Walks) -> None:
    with locks.exclusive(walks.store, f"job:{GATE.subject}"):
        result = walks.walk(GATE, {"waits": 1, "tries": 2}, [gives("one")])
        free = walks.walk(GATE, {}, [Step("free", lambda tools, job, state: {}, alone=False)])
    assert (result["ended"], result["why"], result["in"]) == ("later", "subject taken", waits.BUSY[1])
    assert (walks.links[0][1]["waits"], walks.links[0][1]["tries"]) == (2, 2)
    assert free["ended"] == "done"
    assert walks.walk(GATE, {}, [gives("one")])["ended"] == "done"


def test_what_failed_is_written_down_once_and_told_when_that_is_possible(walks: Walks) -> None:
    broken = [raises("one", Refusal("it cannot be.", "Do this."))]
    result = walks.walk(GATE, {}, broken, raises("failed", Unavailable("away")))
    ((state, turn, _),) = walks.links
    assert result["ended"] == "later"
    assert turn["trouble"] == {"bug": "", "why": "it cannot be.  Do this."}
    heard: list[State] = []
    assert walks.walk(GATE, turn, broken, hears(heard), state)["ended"] == "failed"
    assert heard[0]["why"] == "it cannot be.  Do this."
    (record,) = audit.newest(walks.store, "job failed", 5)
    assert '"kind":"gate"' in record.facts


def test_a_kind_that_nobody_does_fails(walks: Walks) -> None:
    assert walks.walk(GATE, {}, None)["why"] == "nothing does jobs of the kind gate"


def test_a_process_that_ends_leaves_the_step_without_an_outcome(walks: Walks) -> None:
    def ending(tools: Tools, job: Job, state: State) -> State:
        walks.stopping.set()
        return {"done": True}

    with pytest.raises(Stopped):
        walks.walk(GATE, {}, [Step("one", ending), gives("two")])
    assert walks.links == []
    with locks.exclusive(walks.store, f"job:{GATE.subject}"):
        pass  # and the subject is free


def test_a_newer_head_ends_it_and_what_was_begun_is_ended_too(walks: Walks, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.workflows.durable import heads as watching

    monkeypatch.setattr(watching, "FRESH", 0.0)
    generation = heads.newest(walks.store, "o/n", 1, REVIEW.head)

    def pushed(tools: Tools, job: Job, state: State) -> State:
        heads.newest(walks.store, "o/n", 1, "2" * 40)
        return {"begun": True}

    heard: list[State] = []
    steps = [Step("one", pushed), Step("two", lambda tools, job, state: pytest.fail("it is no longer wanted"))]
    result = walks.walk(REVIEW, {"generation": generation}, steps, hears(heard))
    assert result == {"ended": "superseded", "generation": -1}
    assert heard == [{"begun": True, "superseded": True}]


def test_what_was_begun_for_what_is_gone_is_ended_too(walks: Walks) -> None:
    def missing(tools: Tools, job: Job, state: State) -> State:
        raise Gone("the branch")

    heard: list[State] = []
    steps = [Step("one", lambda tools, job, state: {"begun": True}), Step("two", missing)]
    assert walks.walk(GATE, {}, steps, hears(heard)) == {"ended": "gone", "generation": -1}
    assert heard == [{"begun": True, "gone": True}]
    assert walks.walk(GATE, {}, [Step("one", missing)], hears(heard))["ended"] == "gone"
    assert len(heard) == 1  # nothing was begun


def test_a_job_goes_on_under_the_present_name_of_its_repository(walks: Walks) -> None:
    seen: list[Job] = []
    job = Job(Kind.GATE, "acme/old", 1, 7, repository_id=5)

    def step(tools: Tools, now: Job, state: State) -> State:
        seen.append(now)
        tools.enqueue(Job(Kind.GATE, now.repository, 1, 8))
        tools.enqueue(Job(Kind.GATE, "acme/other", 1, 8))
        return {}

    made: list[Job] = []
    walks.named = lambda one: replace(one, repository="acme/new")

    def put(one: Job) -> str:
        made.append(one)
        return ""

    walks.enqueue = put
    assert walks.walk(job, {}, [Step("x", step)])["ended"] == "done"
    assert [(each.repository, each.repository_id) for each in seen] == [("acme/new", 5)]
    assert [(each.repository, each.repository_id) for each in made] == [("acme/new", 5), ("acme/other", 0)]


@pytest.mark.parametrize(
    ("raised", "ended"), [(Gone("x"), "gone"), (Unavailable("x"), "later"), (Refusal("no.", "Grant it."), "failed")]
)
def test_where_the_name_cannot_be_told_nothing_is_done(walks: Walks, raised: Exception, ended: str) -> None:
    def fail(_: Job) -> Job:
        raise raised

    def never(*_: object) -> State:
        pytest.fail("nothing is done")

    walks.named = fail
    job = Job(Kind.GATE, "acme/old", 1, 7, repository_id=5)
    assert walks.walk(job, {}, [Step("x", never)])["ended"] == ended


def test_what_is_gone_because_the_repository_was_renamed_is_gone_on_with_there(walks: Walks) -> None:
    job = Job(Kind.GATE, "acme/old", 1, 7, repository_id=5)
    asked: list[Job] = []

    def elsewhere(one: Job) -> bool:
        asked.append(one)
        return len(asked) == 1

    def away(_: Job) -> bool:
        raise Unavailable("GitHub")

    walks.elsewhere = elsewhere
    steps, heard = [gives("one", a=1), raises("two", Gone("acme/old"))], list[State]()
    assert walks.walk(job, {"tries": 3}, steps, hears(heard))["ended"] == "later"
    ((state, turn, delay),) = walks.links
    assert (state, turn["at"], turn["tries"], delay) == ({"a": 1}, 1, 0, 0.0)
    assert walks.walk(job, turn, steps, hears(heard), state)["ended"] == "gone", (
        "it is there, and something else is not"
    )
    assert asked == [job, job]
    walks.elsewhere = away
    assert walks.walk(job, turn, steps, hears(heard), state)["ended"] == "later"
    assert [each.get("gone") for each in heard] == [True]
