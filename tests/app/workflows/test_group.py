"""A merge group is judged as a whole, and waits for nobody."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Conclusion
from app.model.job import Job, Kind
from app.store import audit
from app.workflows import gate, group, review
from tests.pulls.worlds import BOB, BROKEN, TOTAL, World

type Make = Callable[..., World]


def grouped(world: World, steps: int = 1, **files: str) -> tuple[str, str]:
    """The base and the head of a group with one pull request in it."""
    pull = world.pull(BOB, **files)
    base = world.host.branch("main")
    assert base
    job = Job(Kind.GROUP, world.host.repository, 5, head=pull.head, base=base)
    world.run(group.STEPS, job, twice=steps == 2)
    return base, pull.head


def test_a_good_group_passes_though_its_level_needs_approvals(make: Make) -> None:
    world = make("mode: enforce\napprovals: {medium_risk: 2}\nallowed_commands: []\n")
    _, head = grouped(world, cart=TOTAL)
    run = world.host.run_of("gate", head)
    assert (run.conclusion, run.title) == (Conclusion.SUCCESS, "MEDIUM_RISK · no approval needed")
    assert [each.label for each in run.buttons] == ["Re-run"]
    assert set(world.host.writes) == {"run"}


def test_two_good_ones_that_do_not_go_together_fail(make: Make) -> None:
    world = make("mode: enforce\n")
    _, head = grouped(world, cart=BROKEN)
    assert world.host.run_of("gate", head).conclusion is Conclusion.FAILURE
    assert world.host.run_of("sandbox", head).conclusion is Conclusion.FAILURE


def test_where_nothing_is_held_a_group_is_not_either(make: Make) -> None:
    world = make("mode: observe\nreview: {threshold: low}\nallowed_commands: []\n")
    _, head = grouped(world, evil="import subprocess\nsubprocess.run('ls ' + __name__, shell=True)\n")
    run = world.host.run_of("gate", head)
    assert run.conclusion is Conclusion.SUCCESS
    assert "would fail" in run.title


def test_a_broken_configuration_fails_it(make: Make) -> None:
    world = make("mode: x\n")
    _, head = grouped(world, cart=TOTAL)
    assert world.host.run_of("gate", head).conclusion is Conclusion.FAILURE


@pytest.mark.complete
@pytest.mark.parametrize("text", ["mode: enforce\nallowed_commands: []\n", "mode: x\n"])
@pytest.mark.parametrize(
    ("kind", "reason", "actor", "again"),
    [
        (Kind.REVIEW, "rerequested", "eve", True),  # GitHub shows the button to whom it likes
        (Kind.GATE, "rerun", "ann", True),
        (Kind.GATE, "rerun", "eve", False),
        (Kind.GATE, "approve", "ann", False),
    ],
)
def test_a_group_is_judged_again_by_its_own_base(
    make: Make, text: str, kind: Kind, reason: str, actor: str, again: bool
) -> None:
    world = make(text)
    base, head = grouped(world, cart=TOTAL)
    world.host.opened.clear()
    before = world.host.run_of("gate", head)
    needs = "write" if kind is Kind.GATE else ""
    job = Job(kind, world.host.repository, 5, head=head, reason=reason, actor=actor, needs=needs, again="d")
    steps = gate.STEPS if kind is Kind.GATE else review.STEPS
    assert world.run(steps, job) == {"superseded": True}
    if not again:
        assert world.enqueued == []
        return
    (made,) = world.enqueued
    assert (made.kind, made.base, made.head, made.number) == (Kind.GROUP, base, head, 0)
    world.run(group.STEPS, made)
    after = world.host.run_of("gate", head)
    assert (after.conclusion, after.title) == (before.conclusion, before.title)
    assert after.key != before.key


def test_a_group_whose_judgement_failed_for_good_can_be_judged_again(make: Make) -> None:
    world = make("mode: enforce\n")
    base = world.host.branch("main")
    assert base
    job = Job(Kind.GROUP, world.host.repository, 5, head=base, base=base, again="d")
    group.FAILED.run(world.tools, job, {"bug": "bug_0123456789ab", "why": "KeyError"})
    assert world.host.run_of("gate", base).conclusion is Conclusion.FAILURE
    world.run(review.STEPS, Job(Kind.REVIEW, world.host.repository, 5, head=base, reason="rerequested"))
    assert [(each.kind, each.base) for each in world.enqueued] == [(Kind.GROUP, base)]


def test_a_commit_that_was_no_group_becomes_none(make: Make) -> None:
    world = make("mode: enforce\nallowed_commands: []\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.review(pull)
    world.run(review.STEPS, replace(world.job(pull, reason="rerequested"), number=0))
    assert [(each.kind, each.number) for each in world.enqueued] == [(Kind.REVIEW, pull.number)]


def test_every_step_can_run_twice(make: Make) -> None:
    once, twice = make("allowed_commands: []\n"), make("allowed_commands: []\n")
    heads = [grouped(world, steps, cart=TOTAL)[1] for world, steps in ((once, 1), (twice, 2))]
    titles = [[run.title for run in world.host.made_runs.values()] for world in (once, twice)]
    assert titles[0] == titles[1]
    assert len(heads) == 2
    assert len(list(audit.export(once.store))) == len(list(audit.export(twice.store))) == 1
