"""A merge group with one of selfmod's own fails while that is stopped; others' groups go on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import CheckRun, Conclusion, Pull
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort
from app.model.stop import Stop
from app.store.proposed import modifications, stops
from app.workflows import group
from app.workflows.stopping import opened
from app.workflows.stopping.grouped import stopped_in
from tests.pulls.worlds import BOB, TOTAL, World

type Make = Callable[..., World]
STOP = Stop("mia", "incident 4711", repository="acme/shop")
WAYS = ("merge", "squash", "rebase", "branch")


def joined(world: World, base: str, pull: Pull, way: str) -> str:
    """What a queue puts on top of `base` for a pull request."""
    git = world.git.git
    if way == "merge":
        tree = git("merge-tree", "--write-tree", base, pull.head).split("\n")[0]
        return git("commit-tree", tree, "-p", base, "-p", pull.head, "-m", "Its own words").strip()
    git("checkout", "-q", "--detach", base)
    if way == "rebase":
        git("cherry-pick", f"{pull.base_sha}..{pull.head}")
    else:
        git("merge", "-q", "--squash", pull.head)
        title = "One" if way == "branch" else f"Of several commits (#{pull.number})"
        git("commit", "-q", "-m", title)
    made = git("rev-parse", "HEAD").strip()
    git("checkout", "-q", "main")
    if way == "branch":
        git("update-ref", f"refs/heads/gh-readonly-queue/main/pr-{pull.number}-{base}", made)
    return made


def one(world: World, own: bool = True, commits: int = 1) -> Pull:
    number = len(world.host.opened)
    pull = world.own(**{f"a{number}": "x = 1\n"}) if own else world.pull(BOB, **{f"a{number}": "x = 1\n"})
    for more in range(1, commits):
        pull = world.push(pull, **{f"a{number}_{more}": "y = 1\n"})
    return pull


def judge(world: World, base: str, head: str) -> CheckRun:
    world.run(group.STEPS, Job(Kind.GROUP, "acme/shop", 5, head=head, base=base))
    return world.host.run_of("gate", head)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("commits", [1, 2])
@pytest.mark.parametrize("place", ["first", "last"])
def test_however_a_queue_joins_it(make: Make, way: str, commits: int, place: str) -> None:
    world = make()
    ours, theirs = one(world, commits=commits), one(world, own=False)
    base = head = world.host.branch("main") or ""
    for pull in (ours, theirs) if place == "first" else (theirs, ours):
        head = joined(world, head, pull, way)
    assert stopped_in(world.tools, "acme/shop", base, head) is None
    stops.put(world.store, STOP)
    found = stopped_in(world.tools, "acme/shop", base, head)
    assert found is not None and (found[0].number, found[1].why) == (ours.number, STOP.why)
    alone = joined(world, base, theirs, way)
    assert stopped_in(world.tools, "acme/shop", base, alone) is None


def test_what_a_person_put_on_the_branch_by_hand_holds_no_group_behind_it(make: Make) -> None:
    """selfmod's proposal of the same is still open."""
    world = make()
    ours = one(world)
    world.git.git("cherry-pick", ours.head)
    world.git.git("commit", "--amend", "-qm", "by hand")
    theirs = one(world, own=False)
    stops.put(world.store, STOP)
    base = world.host.branch("main") or ""
    for way in WAYS:
        assert stopped_in(world.tools, "acme/shop", base, joined(world, base, theirs, way)) is None


def test_the_group_of_the_next_in_the_queue_is_held_too(make: Make) -> None:
    """What GitHub calls its base is the group before, with what is stopped in it."""
    world = make("allowed_commands: []\n")
    ours, theirs = one(world), one(world, own=False)
    base = world.host.branch("main") or ""
    first = joined(world, base, ours, "merge")
    second = joined(world, first, theirs, "merge")
    for number, before, head in ((ours.number, base, first), (theirs.number, first, second)):
        world.git.git("update-ref", f"refs/heads/gh-readonly-queue/main/pr-{number}-{before}", head)
    stops.put(world.store, STOP)
    assert judge(world, first, second).conclusion is Conclusion.FAILURE


def test_a_proposal_that_is_not_among_the_newest_is_found(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make()
    ours, _ = one(world), one(world, own=False)
    monkeypatch.setattr(opened, "PULLS", 1)
    stops.put(world.store, STOP)
    base = world.host.branch("main") or ""
    head = joined(world, base, ours, "merge")
    assert stopped_in(world.tools, "acme/shop", base, head) is None  # nothing tells of it
    row = Modification("acme/shop", Sort.FIX, ours.head_ref, "main", "t", number=ours.number)
    modifications.put(world.store, row)
    modifications.put(world.store, replace(row, branch="selfmod/gone", number=999))
    found = stopped_in(world.tools, "acme/shop", base, head)
    assert found is not None and found[0].number == ours.number


@pytest.mark.parametrize(
    "stop",
    [
        Stop("the operator", "x"),
        Stop("the operator", "x", owner="acme"),
        Stop("mia", "x", repository="acme/shop", number=7),
        Stop("mia", "x", repository="acme/shop", number=8),
        Stop("mia", "x", repository="acme/other"),
    ],
)
def test_only_a_stop_that_reaches_it_holds_it(make: Make, stop: Stop) -> None:
    world = make()
    ours = one(world)
    assert ours.number == 7
    stops.put(world.store, stop)
    base = world.host.branch("main") or ""
    found = stopped_in(world.tools, "acme/shop", base, joined(world, base, ours, "merge"))
    assert (found is not None) is (stop.reaches("acme/shop", 7))
    stops.lift(world.store, stop, "mia", "over")
    assert stopped_in(world.tools, "acme/shop", base, joined(world, base, ours, "merge")) is None


@pytest.mark.parametrize("mode", ["enforce", "observe"])
def test_the_gate_says_which_and_the_rest_is_judged(make: Make, mode: str) -> None:
    world = make(f"mode: {mode}\nallowed_commands: []\n")
    ours, theirs = one(world), one(world, own=False)
    base = world.host.branch("main") or ""
    stops.put(world.store, STOP)
    head = joined(world, joined(world, base, theirs, "merge"), ours, "merge")
    run = judge(world, base, head)
    assert run.conclusion is Conclusion.FAILURE
    assert f"pull request {ours.number} in this group is stopped by @mia: incident 4711" in run.title
    assert "Take that one out of the merge queue" in run.summary and "selfmod resume repository" in run.summary
    assert [each.label for each in run.buttons] == ["Re-run"]
    assert world.host.run_of("validation", head).conclusion is Conclusion.SUCCESS
    assert judge(world, base, joined(world, base, theirs, "merge")).conclusion is Conclusion.SUCCESS


def test_what_is_stopped_after_its_group_was_judged_fails_when_it_is_judged_again(make: Make) -> None:
    world = make("allowed_commands: []\n")
    pull = world.own(cart=TOTAL)
    base = world.host.branch("main") or ""
    head = joined(world, base, pull, "merge")
    assert judge(world, base, head).conclusion is Conclusion.SUCCESS
    stops.put(world.store, STOP)
    again = Job(Kind.GROUP, "acme/shop", 5, head=head, base=base, reason="stop", again="stop-1")
    world.run(group.STEPS, again, twice=True)
    assert world.host.run_of("gate", head).conclusion is Conclusion.FAILURE


def test_what_takes_something_back_goes_on(make: Make) -> None:
    world = make()
    pull = one(world)
    row = Modification("acme/shop", Sort.REVERT, pull.head_ref, "main", "t", head=pull.head, number=pull.number)
    modifications.put(world.store, row)
    stops.put(world.store, STOP)
    base = world.host.branch("main") or ""
    assert stopped_in(world.tools, "acme/shop", base, joined(world, base, pull, "merge")) is None


def test_words_of_a_commit_name_no_other_repository_s_and_no_person_s(make: Make) -> None:
    """A number in a commit is that of one of selfmod's own that is open here, or nothing."""
    world = make()
    ours, theirs = one(world), one(world, own=False)
    world.host.opened[ours.number] = replace(ours, open=False)
    stops.put(world.store, STOP)
    base = world.host.branch("main") or ""
    world.git.git("checkout", "-q", "--detach", base)
    world.git.git("commit", "-q", "--allow-empty", "-m", f"Merge pull request #{ours.number} from x")
    world.git.git("commit", "-q", "--allow-empty", "-m", f"It (#{theirs.number})")
    head = world.git.git("rev-parse", "HEAD").strip()
    world.git.git("checkout", "-q", "main")
    assert stopped_in(world.tools, "acme/shop", base, head) is None
    world.host.opened[ours.number] = ours
    assert stopped_in(world.tools, "acme/shop", base, head) is not None
