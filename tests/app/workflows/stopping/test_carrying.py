"""A stop of the server's command line gets to what is open, and what was missed is mended."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.job import Job, Kind
from app.model.modification import Modification, Sort
from app.model.stop import OPERATOR, Stop
from app.store.proposed import modifications, stops
from app.workflows import gate
from app.workflows.stop import CARRY, STEPS
from app.workflows.stopping import opened
from app.workflows.stopping.carrying import STEP
from checks.model.safety import Level
from tests.forges import REPOSITORY, Forge
from tests.pulls.judgements import judged
from tests.pulls.worlds import World

type Make = Callable[..., World]
HOUR = Job(Kind.RECONCILE, "acme/shop", 5, reason="hourly", again="1")


@pytest.mark.parametrize(
    ("stop", "reached"),
    [
        (Stop(OPERATOR, "x"), True),
        (Stop(OPERATOR, "x", owner="ACME"), True),
        (Stop(OPERATOR, "x", repository="acme/shop"), True),
        (Stop(OPERATOR, "x", repository="acme/shop", number=3), True),
        (Stop(OPERATOR, "x", owner="other"), False),
        (Stop(OPERATOR, "x", repository="acme/other"), False),
    ],
)
@pytest.mark.parametrize("lifted", [False, True])
def test_repositories_that_it_reaches_get_a_job(forge: Forge, stop: Stop, reached: bool, lifted: bool) -> None:
    job = Job(Kind.STOP, "", 0, reason=CARRY, again="7.5")
    for step in STEPS:
        step.run(forge.tools(), job, {})
    assert forge.enqueued == []
    stops.put(forge.store, stop)
    if lifted:
        stops.lift(forge.store, stop, OPERATOR, "over")
    for step in STEPS:
        step.run(forge.tools(), job, {})
    made = [replace(job, repository=REPOSITORY, installation=forge.installation, repository_id=forge.repository.id)]
    assert forge.enqueued == (made if reached else [])


def test_every_hour_what_is_stopped_is_disarmed_and_the_gate_says_so_once(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = world.own(cart="x = 1\n")
    world.judged(pull, judged(Level.LOW_RISK))
    world.weigh(pull)
    assert STEP.run(world.tools, HOUR, {}) == {"stopped": []}
    assert world.enqueued == []
    world.host.opened[pull.number] = replace(pull, armed=True)
    stops.put(world.store, Stop(OPERATOR, "incident 4711", owner="acme"))
    assert STEP.run(world.tools, HOUR, {}) == {"stopped": [pull.number]}
    assert not world.host.pull(pull.number).armed
    for each in world.enqueued:
        world.run(gate.STEPS, each)
    assert world.gate(pull).title == "stopped by the operator: incident 4711"
    before = {each.identity for each in world.enqueued}
    STEP.run(world.tools, replace(HOUR, again="2"), {})
    assert {each.identity for each in world.enqueued} <= before


def test_a_gate_that_says_something_else_is_weighed_again_each_hour(make: Make) -> None:
    """The job that was to say it was lost."""
    world = make("mode: enforce\n")
    pull = world.own(cart="x = 1\n")
    world.judged(pull, judged(Level.LOW_RISK))
    world.weigh(pull)
    stop = Stop(OPERATOR, "incident 4711")
    stops.put(world.store, stop)
    for hour in ("1", "2"):
        STEP.run(world.tools, replace(HOUR, again=hour), {})
    assert len({each.identity for each in world.enqueued}) == 3
    world.run(gate.STEPS, world.enqueued[-1])
    stops.lift(world.store, stop, OPERATOR, "over")
    world.enqueued.clear()
    for hour in ("3", "4"):
        STEP.run(world.tools, replace(HOUR, again=hour), {})
    assert len({each.identity for each in world.enqueued}) == 3
    world.run(gate.STEPS, world.enqueued[-1])
    assert world.gate(pull).title.startswith("LOW_RISK · waiting for 1 of 1 approval")


def test_the_job_of_all_repositories_does_nothing_here(make: Make) -> None:
    assert STEP.run(make().tools, replace(HOUR, repository=""), {}) == {}


def test_a_proposal_that_is_not_among_the_newest_is_stopped(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make()
    pull = world.own(cart="x = 1\n")
    world.pull(more="x = 1\n")
    monkeypatch.setattr(opened, "PULLS", 1)
    stops.put(world.store, Stop(OPERATOR, "x"))
    made = Modification("acme/shop", Sort.FIX, pull.head_ref, "main", "t", number=pull.number)
    modifications.put(world.store, made)
    assert STEP.run(world.tools, HOUR, {}) == {"stopped": [pull.number]}
    world.host.opened[pull.number] = replace(pull, open=False)
    assert STEP.run(world.tools, HOUR, {}) == {"stopped": []}
