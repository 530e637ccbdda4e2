"""A proposal that somebody rejects is closed, kept with the reason, and not proposed again."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Pull, Role
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.model.stop import Stop
from app.store import audit
from app.store.proposed import modifications, stops
from app.workflows import gate
from app.workflows.proposing import prior
from app.workflows.proposing.rejecting import STEPS
from app.workflows.steps import Tools, run_all
from app.workflows.stopping.armed import ARMED
from app.workflows.stopping.guard import guarded
from checks.model.errors import Refusal
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]


def proposed(world: World) -> Pull:
    pull = world.own(cart="x = 1\n")
    modifications.put(
        world.store,
        Modification(
            pull.repository,
            Sort.FIX,
            pull.head_ref,
            "main",
            "Mend it",
            head=pull.head,
            number=pull.number,
            keys=("f1",),
        ),
    )
    return pull


def job(pull: Pull, actor: str = "ann") -> Job:
    return Job(
        Kind.REJECT,
        pull.repository,
        5,
        pull.number,
        reason="reject",
        actor=actor,
        needs="write",
        comment=99,
        again="comment-99",
        words="rounded on purpose",
    )


def test_it_is_closed_kept_and_not_proposed_again(make: Make) -> None:
    world = make()
    pull = proposed(world)
    world.run(STEPS, job(pull), twice=True)
    assert not world.host.pull(pull.number).open
    assert world.host.writes["close"] == 1
    made = modifications.of_pull(world.store, pull.repository, pull.number)
    assert made is not None
    assert (made.status, made.reason) == (Status.REJECTED, "rejected by @ann: rounded on purpose")
    # the delivery that tells of the closing changes nothing of that
    world.run(gate.STEPS, world.job(pull, Kind.GATE, gate.CLOSED, "selfmod[bot]"))
    assert modifications.of_pull(world.store, pull.repository, pull.number) == made
    standing = prior.standing(world.store, pull.repository, "main")
    assert "rejected by @ann: rounded on purpose" in prior.why_not(standing["f1"])
    links = audit.about(world.store, pull.repository, f"{pull.repository}#{pull.number}", 50)
    (facts,) = [json.loads(each.facts) for each in links if each.kind == "rejected"]
    assert (facts["by"], facts["why"], facts["modification"]) == ("ann", "rounded on purpose", made.id)
    assert "Rejected by @" in world.host.sticky(pull.number)


def test_what_selfmod_armed_is_disarmed_first(make: Make) -> None:
    world = make()
    pull = proposed(world)
    world.host.opened[pull.number] = replace(pull, armed=True)
    audit.append(world.store, ARMED, pull.repository, f"{pull.repository}#{pull.number}", {})
    world.run(STEPS, job(pull))
    assert world.host.writes["disarm"] == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"own": False, "author": BOB}, "not one of selfmod's"),
        ({"open": False}, "closed meanwhile"),
        ({"open": False, "merged": True}, "merged meanwhile"),
    ],
)
def test_what_changed_since_the_comment_is_seen(make: Make, change: dict[str, object], why: str) -> None:
    world = make()
    pull = proposed(world)
    world.host.opened[pull.number] = replace(pull, **change)  # type: ignore[arg-type]  # a case's
    with pytest.raises(Refusal, match=why):
        world.run(STEPS, job(pull))
    assert not world.host.writes["close"]


def test_who_may_not_any_more_is_refused(make: Make) -> None:
    world = make()
    pull = proposed(world)
    world.host.roles["ann"] = Role.READ
    with pytest.raises(Refusal, match="@ann has read"):
        world.run(STEPS, job(pull))
    assert world.host.pull(pull.number).open


def test_a_stop_is_not_in_its_way(make: Make) -> None:
    world = make()
    pull = proposed(world)
    stops.put(world.store, Stop("mia", "incident", at=1.0, repository=pull.repository))
    host = guarded(world.host, world.store, job(pull))
    run_all(STEPS, Tools(host, world.store, world.settings), job(pull))
    assert not world.host.pull(pull.number).open
