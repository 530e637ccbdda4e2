"""Whose auto-merge it is: selfmod's until it is taken back, and a person's from then on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Landed, Pull
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.model.stop import Stop
from app.store.proposed import modifications, stops
from app.workflows import gate
from app.workflows.stopping import armed
from app.workflows.stopping.carrying import STEP
from app.workflows.stopping.guard import Guard, Halted
from checks.model.safety import Level
from tests.pulls.hosts import OWN
from tests.pulls.judgements import judged
from tests.pulls.worlds import ANN, BOB, World

type Make = Callable[..., World]
HOUR = Job(Kind.RECONCILE, "acme/shop", 5, reason="hourly", again="1")


def standing(world: World, pull: Pull) -> frozenset[str]:
    return armed.standing(world.store, "acme/shop", pull.number).heads


def reopened(make: Make) -> tuple[World, Pull]:
    """One that selfmod had armed, and that somebody closed and opened again: a person merges it."""
    world = make("mode: enforce\n")
    pull = world.own(more="x = 1\n")
    made = Modification("acme/shop", Sort.FIX, pull.head_ref, "main", "t", head=pull.head, number=pull.number)
    modifications.put(world.store, made)
    world.judged(pull, judged(Level.LOW_RISK))
    armed.begin(world.store, "acme/shop", pull.number, pull.head)
    world.host.opened[pull.number] = replace(pull, open=False)
    world.run(gate.STEPS, world.job(pull, Kind.GATE, gate.CLOSED, "ann"), twice=True)
    now = modifications.of_pull(world.store, "acme/shop", pull.number)
    assert now is not None and now.status is Status.REJECTED
    world.host.opened[pull.number] = pull
    return world, pull


def test_what_a_person_queues_that_was_opened_again_stays(make: Make) -> None:
    world, pull = reopened(make)
    world.host.queued.add(pull.number)
    world.weigh(pull)
    assert world.host.queued == {pull.number}


def test_what_a_person_arms_that_was_opened_again_stays(make: Make) -> None:
    world, pull = reopened(make)
    world.host.opened[pull.number] = replace(pull, armed=True)
    world.weigh(pull)
    assert world.host.pull(pull.number).armed


@pytest.mark.parametrize(("by", "stays"), [(None, False), (OWN, False), (ANN, True)])
def test_what_github_says_a_person_armed_is_that_person_s(make: Make, by: object, stays: bool) -> None:
    """Also where nobody told selfmod that its own arming was over, and then in the queue too."""
    world = make("mode: enforce\n")
    pull = world.own(more="x = 1\n")
    world.judged(pull, judged(Level.MEDIUM_RISK))
    armed.begin(world.store, "acme/shop", pull.number, pull.head)
    world.host.opened[pull.number] = replace(pull, armed=True, armed_by=by)  # type: ignore[arg-type]  # a parameter
    world.weigh(pull)
    assert world.host.pull(pull.number).armed is stays
    world.host.opened[pull.number] = replace(pull, armed=False)
    world.host.queued.add(pull.number)
    world.weigh(pull)
    assert world.host.queued == {pull.number}
    assert standing(world, pull) == frozenset()


def test_each_arming_after_the_end_of_one_is_written_down_once(make: Make) -> None:
    world = make()
    world.host.gated = {"main"}
    pull = world.pull(BOB, more="x = 1\n")
    guard = Guard(world.host, world.store)
    numbers = set()
    for _ in range(3):
        for _ in range(2):
            assert guard.arm(pull.number, pull.head, "squash").what is Landed.ARMED
            seen = armed.standing(world.store, "acme/shop", pull.number)
            assert seen.heads == {pull.head}
            numbers.add(seen.last)
        stop = Stop("ann", "x", repository="acme/shop")
        stops.put(world.store, stop)
        STEP.run(world.tools, HOUR, {})
        assert not world.host.pull(pull.number).armed
        assert standing(world, pull) == frozenset()
        stops.lift(world.store, stop, "ann", "over")
    assert len(numbers) == 3


def test_what_a_person_arms_after_a_stop_took_it_back_stays(make: Make) -> None:
    world = make()
    pull = world.pull(BOB, more="x = 1\n")
    armed.begin(world.store, "acme/shop", pull.number, pull.head)
    world.host.opened[pull.number] = replace(pull, armed=True)
    stops.put(world.store, Stop("ann", "x", repository="acme/shop"))
    for _ in range(2):
        STEP.run(world.tools, HOUR, {})
        assert world.host.writes["disarm"] == 1
        world.host.opened[pull.number] = replace(pull, armed=True)
    with pytest.raises(Halted):
        Guard(world.host, world.store).arm(pull.number, pull.head, "squash")
    assert world.host.pull(pull.number).armed


def test_what_began_after_the_look_is_not_over(make: Make) -> None:
    world = make()
    pull = world.pull(BOB, more="x = 1\n")
    armed.begin(world.store, "acme/shop", pull.number, "a" * 40)
    seen = armed.standing(world.store, "acme/shop", pull.number)
    armed.begin(world.store, "acme/shop", pull.number, "b" * 40)
    armed.end(world.store, "acme/shop", pull.number, seen, "x")
    assert standing(world, pull) == {"b" * 40}


def test_where_nothing_stands_nothing_is_over(make: Make) -> None:
    world = make()
    pull = world.pull(BOB, more="x = 1\n")
    seen = armed.standing(world.store, "acme/shop", pull.number)
    armed.end(world.store, "acme/shop", pull.number, seen, "x")
    assert armed.standing(world.store, "acme/shop", pull.number) == armed.Standing()
