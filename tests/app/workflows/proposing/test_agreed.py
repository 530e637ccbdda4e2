"""What the gate's word makes of a proposal."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Opinion
from app.model.modification import Modification, Sort, Status
from app.store.proposed import modifications
from app.workflows.proposing.agreed import agreed
from checks.model.safety import Level
from tests.pulls.judgements import judged
from tests.pulls.worlds import World

type Make = Callable[..., World]


def test_it_is_approved_while_the_gate_passes(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = world.own(cart="x = 1\n")
    world.judged(pull, judged(Level.MEDIUM_RISK))
    made = Modification(pull.repository, Sort.FIX, pull.head_ref, "main", "x", head=pull.head, number=pull.number)
    modifications.put(world.store, made)

    def status() -> Status:
        world.weigh(pull)
        found = modifications.of_pull(world.store, pull.repository, pull.number)
        assert found is not None
        return found.status

    assert status() is Status.PENDING_APPROVAL
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    assert status() is Status.APPROVED
    world.host.review(pull.number, "mia", Opinion.CHANGES_REQUESTED)
    assert status() is Status.PENDING_APPROVAL


@pytest.mark.parametrize("before", [each for each in Status if each not in (Status.PENDING_APPROVAL, Status.APPROVED)])
@pytest.mark.parametrize("passes", [True, False])
def test_what_has_ended_stays_so(make: Make, before: Status, passes: bool) -> None:
    world = make()
    pull = world.own(cart="x = 1\n")
    made = Modification(pull.repository, Sort.FIX, pull.head_ref, "main", "x", number=pull.number, status=before)
    kept = modifications.put(world.store, made)
    for each in (pull, replace(pull, open=False), replace(pull, own=False)):
        agreed(world.tools, each, passes)
    assert modifications.get(world.store, made.id) == kept


def test_what_is_made_anew_at_the_same_time_keeps_its_new_head(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make()
    pull = world.own(cart="x = 1\n")
    made = Modification(pull.repository, Sort.FIX, pull.head_ref, "main", "x", head=pull.head, number=pull.number)
    seen = modifications.put(world.store, made)
    moved = modifications.put(world.store, replace(seen, head="d" * 40))
    monkeypatch.setattr(modifications, "of_pull", lambda *_: seen)
    agreed(world.tools, pull, True)
    assert modifications.get(world.store, made.id) == moved
