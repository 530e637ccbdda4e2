"""After a push to a target branch: what hangs on its configuration or code owners is judged anew, and nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Conclusion, Pull
from app.model.job import MOVED, Job, Kind
from app.workflows import branch, review
from app.workflows.steps import run_all
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]
QUICK = "allowed_commands: []\n"


def pushed(world: World, name: str = "main", again: str = "d") -> list[int]:
    """The verb after a push; the numbers of what is judged anew."""
    world.enqueued.clear()
    head = world.host.branch(name) or "a" * 40
    job = Job(Kind.BRANCH, world.host.repository, 5, head=head, reason="push", again=again, branch=name)
    state = world.run(branch.STEPS, job)
    assert state.get("anew", []) == [each.number for each in world.enqueued]
    assert all((each.kind, each.head) == (Kind.REVIEW, world.host.pull(each.number).head) for each in world.enqueued)
    return [each.number for each in world.enqueued]


def test_what_was_refused_is_judged_once_the_configuration_is_mended(make: Make) -> None:
    world = make("mode: x\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.review(pull)
    assert world.gate(pull).conclusion is Conclusion.FAILURE
    world.configure(f"mode: observe\n{QUICK}")
    assert pushed(world) == [pull.number]
    (again,) = world.enqueued
    assert again.identity != world.job(pull).identity
    run_all(review.STEPS, world.tools, again)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS
    assert pushed(world) == []


def test_a_configuration_that_is_again_as_it_was_mends_too(make: Make) -> None:
    """The record from before it broke holds again, and the check runs say that it is broken."""
    world = make(f"mode: observe\n{QUICK}")
    pull = world.pull(BOB, cart="x = 1\n")
    world.review(pull)
    world.configure("mode: x\n")
    world.review(pull, again="broken")
    assert world.gate(pull).conclusion is Conclusion.FAILURE
    world.configure(f"mode: observe\n{QUICK}")
    assert pushed(world) == [pull.number]


@pytest.mark.parametrize(
    ("path", "anew"),
    [
        (".github/selfmod.yml", True),
        (".github/CODEOWNERS", True),
        ("CODEOWNERS", True),
        ("docs/CODEOWNERS", True),
        ("src/CODEOWNERS", False),
        ("cart.py", False),
    ],
)
def test_only_what_is_judged_by_counts(make: Make, path: str, anew: bool) -> None:
    world = make(QUICK)
    pull = world.pull(BOB, more="x = 1\n")
    world.judged(pull)
    world.git.put(path, "mode: observe\n" if path.endswith("yml") else "# new\n")
    world.git.commit()
    assert pushed(world) == ([pull.number] if anew else [])


def judged(world: World, base: str = "main") -> Pull:
    pull = replace(world.pull(BOB, base=base, **{f"m{len(world.host.opened)}": "x = 1\n"}), base_ref=base)
    world.host.opened[pull.number] = pull
    world.judged(pull)
    return pull


def test_only_open_ones_into_this_branch_the_newest_first(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make(QUICK)
    world.git.git("branch", "next")
    first, closed, other, last = judged(world), judged(world), judged(world, "next"), judged(world)
    world.host.opened[closed.number] = replace(closed, open=False)
    world.configure(f"mode: enforce\n{QUICK}")
    assert pushed(world) == [last.number, first.number]
    assert pushed(world, "next") == []
    assert other.number not in pushed(world)
    monkeypatch.setattr(branch, "PULLS", 1)
    assert pushed(world) == [last.number]


def test_a_branch_that_is_gone_asks_for_nothing(make: Make) -> None:
    world = make(QUICK)
    judged(world)
    assert pushed(world, "gone") == []


def test_it_can_run_twice_and_another_push_is_another_judgement(make: Make) -> None:
    world = make("mode: x\n")
    world.review(world.pull(BOB, cart="x = 1\n"))
    seen = []
    for again in ("d", "d", "e"):
        pushed(world, again=again)
        seen += [each.identity for each in world.enqueued]
    assert len(seen) == 3
    assert len(set(seen)) == 2


def test_a_push_that_changes_nothing_of_that_has_nothing_judged(make: Make) -> None:
    world = make("mode: x\n")
    world.review(world.pull(BOB, cart="x = 1\n"))
    world.enqueued.clear()
    world.run(branch.STEPS, Job(Kind.BRANCH, world.host.repository, 5, reason=MOVED, again="d", branch="main"))
    assert world.enqueued == []
    assert pushed(world)
