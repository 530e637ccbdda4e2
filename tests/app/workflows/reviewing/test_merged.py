"""The button that takes a merged proposal back: where it is offered, and what pressing it does."""

import html
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import CheckRun, Conclusion, Pull, Role
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.store import locks
from app.store.proposed import modifications
from app.views.gate import ROLLBACK
from app.workflows import gate, rollback
from app.workflows.rollback import STEPS
from checks.model.errors import Refusal
from checks.model.safety import Level
from tests.pulls.hosts import MemoryHost
from tests.pulls.judgements import judged
from tests.pulls.worlds import World

type Make = Callable[..., World]


def merged(world: World, conclusion: Conclusion | None = Conclusion.SUCCESS, **files: str) -> Pull:
    """A proposal that was merged, with what its gate had said, before anybody heard of the merge."""
    pull = world.own(**(files or {"cart": "x = 1\n"}))
    world.judged(pull, judged(Level.LOW_RISK))
    modifications.put(
        world.store,
        Modification(pull.repository, Sort.FIX, pull.head_ref, "main", "Mend it", head=pull.head, number=pull.number),
    )
    world.host.put_run(CheckRun("selfmod/gate", pull.head, "key", "LOW_RISK", "Said.", conclusion=conclusion))
    world.host.merge(pull.number, pull.head, "squash")
    return world.host.pull(pull.number)


def close(world: World, pull: Pull) -> None:
    world.run(gate.STEPS, world.job(pull, Kind.GATE, gate.CLOSED, "ann"), twice=True)


def press(pull: Pull, actor: str = "ann", again: str = "1") -> Job:
    return Job(
        Kind.ROLLBACK, pull.repository, 5, head=pull.head, reason="rollback", actor=actor, needs="write", again=again
    )


def shown(run: CheckRun) -> str:
    return html.unescape(run.summary).replace("\u200b", "")


def test_it_is_offered_once_it_is_merged(make: Make) -> None:
    world = make()
    pull = merged(world)
    close(world, pull)
    run = world.host.run_of("gate", pull.head)
    made = modifications.of_pull(world.store, pull.repository, pull.number)
    assert made is not None
    assert (run.title, run.buttons, run.conclusion) == ("LOW_RISK · merged", (ROLLBACK,), Conclusion.SUCCESS)
    assert f"comment `/selfmod rollback {made.id}`" in shown(run)
    assert "public API" in shown(run)


@pytest.mark.parametrize("conclusion", [None, Conclusion.FAILURE, Conclusion.ACTION_REQUIRED])
def test_a_merge_past_the_gate_makes_no_success(make: Make, conclusion: Conclusion | None) -> None:
    world = make()
    pull = merged(world, conclusion)
    close(world, pull)
    assert world.host.run_of("gate", pull.head).conclusion is Conclusion.CANCELLED
    assert world.host.run_of("gate", pull.head).buttons == (ROLLBACK,)


def test_the_gate_of_another_pull_request_with_the_same_commit_is_left_alone(make: Make) -> None:
    world = make()
    pull = merged(world, None)
    world.host.opened[50] = replace(pull, number=50, open=True, merged=False, own=False)
    close(world, pull)
    assert world.host.run_of("gate", pull.head).title == "LOW_RISK"


def test_what_selfmod_did_not_propose_has_no_button(make: Make) -> None:
    world = make()
    pull = world.pull(cart="x = 1\n")
    world.host.put_run(CheckRun("selfmod/gate", pull.head, "key", "LOW_RISK", "x", conclusion=Conclusion.SUCCESS))
    world.host.merge(pull.number, pull.head, "squash")
    close(world, world.host.pull(pull.number))
    assert world.host.run_of("gate", pull.head).buttons == ()
    with pytest.raises(Refusal, match="nothing that selfmod proposed"):
        world.run(STEPS, press(pull))


def test_pressing_it_opens_the_revert_once_and_says_so(make: Make) -> None:
    world = make()
    before = world.git.git("rev-parse", "main^{tree}")
    pull = merged(world)
    close(world, pull)
    world.run(STEPS, press(pull), twice=True)
    world.run(STEPS, press(pull, "mia", "2"))
    (revert,) = world.host.pulls()
    assert world.git.git("rev-parse", f"{revert.head}^{{tree}}") == before
    assert f"#{revert.number} takes #{pull.number} back, asked for by @mia." in shown(
        world.host.run_of("gate", pull.head)
    )
    assert f"#{revert.number} takes this back" in world.host.sticky(pull.number)
    assert [each.number for each in world.enqueued if each.kind is Kind.GATE] == [revert.number] * 3
    # once that is merged, nothing is left to press
    world.host.merge(revert.number, revert.head, "squash")
    close(world, world.host.pull(revert.number))
    run = world.host.run_of("gate", pull.head)
    assert (run.title, run.buttons) == ("LOW_RISK · merged and taken back", ())
    made = modifications.of_pull(world.store, pull.repository, pull.number)
    assert made is not None
    assert made.status is Status.ROLLED_BACK


def test_who_may_not_is_told_where_the_button_was_pressed(make: Make) -> None:
    world = make()
    pull = merged(world)
    close(world, pull)
    world.host.roles["eve"] = Role.READ
    job = press(pull, "eve")
    with pytest.raises(Refusal) as refused:
        world.run(STEPS, job)
    rollback.FAILED.run(world.tools, job, {"bug": "", "why": str(refused.value)})
    run = world.host.run_of("gate", pull.head)
    assert "It was not taken back: a rollback needs write access to this repository; @eve has read." in shown(run)
    assert run.buttons == (ROLLBACK,)
    assert world.host.pulls() == ()


def test_a_conflict_is_told_on_the_pull_request(make: Make) -> None:
    world = make()
    pull = merged(world)
    close(world, pull)
    world.git.put("cart.py", "x = 2\n")
    world.git.commit()
    world.host.reverting = False
    world.run(STEPS, press(pull))
    assert "cannot be taken back by itself" in world.host.sticky(pull.number)
    assert "nothing was opened: the pull request has why" in shown(world.host.run_of("gate", pull.head))


def test_nobody_else_takes_anything_back_meanwhile(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two that ask at once in two places one opens the pull request, and the other finds it."""
    world = make()
    pull = merged(world)
    really = type(world.host).revert_pull

    def held(host: MemoryHost, number: int, title: str, body: str) -> Pull | None:
        with pytest.raises(locks.Busy), locks.exclusive(world.store, f"propose:{pull.repository}", wait=0.0):
            pytest.fail("another could open one now")
        return really(host, number, title, body)

    monkeypatch.setattr(type(world.host), "revert_pull", held)
    world.run(STEPS, press(pull))
    assert len(world.host.pulls()) == 1
