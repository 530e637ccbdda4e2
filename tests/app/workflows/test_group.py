"""A merge group is judged as a whole, and waits for nobody."""

from collections.abc import Callable

from app.model.forge import Conclusion
from app.model.job import Job, Kind
from app.store import audit
from app.workflows import group
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
    assert run.buttons == ()
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


def test_every_step_can_run_twice(make: Make) -> None:
    once, twice = make("allowed_commands: []\n"), make("allowed_commands: []\n")
    heads = [grouped(world, steps, cart=TOTAL)[1] for world, steps in ((once, 1), (twice, 2))]
    titles = [[run.title for run in world.host.made_runs.values()] for world in (once, twice)]
    assert titles[0] == titles[1]
    assert len(heads) == 2
    assert len(list(audit.export(once.store))) == len(list(audit.export(twice.store))) == 1
