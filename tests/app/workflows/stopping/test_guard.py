"""The host that asks about a stop at every write."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.github.host import GitHubHost
from app.model.forge import CheckRun, FileEdit, Landed, Role
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort
from app.model.stop import Stop
from app.model.trouble import Unavailable
from app.store import audit
from app.store.proposed import modifications, stops
from app.workflows.host import Host
from app.workflows.stopping.armed import ARMED
from app.workflows.stopping.guard import FREE, READS, REPORTS, TAKES_BACK, Guard, Halted, guarded
from checks.model.errors import Refusal
from tests.pulls.worlds import World

type Make = Callable[..., World]
SAID = "stopped by @ann: incident 4711"


def public(kind: type) -> set[str]:
    return {name for name in (*vars(kind), *getattr(kind, "__annotations__", ())) if not name.startswith("_")}


def test_every_call_of_the_host_is_either_free_or_asked_about() -> None:
    """A new one fails here until somebody says which it is."""
    asked = public(Guard)
    assert asked.isdisjoint(FREE)
    assert public(Host) - asked == FREE & public(Host)
    assert asked <= public(Host)
    assert asked == {
        "arm",
        "commit_files",
        "delete_branch",
        "edit_pull",
        "merge",
        "move_branch",
        "open_pull",
    }
    assert not READS & (REPORTS | TAKES_BACK)
    # what GitHub's host has beyond the protocol is nothing that a workflow could write with
    assert not {name for name in public(GitHubHost) if "commit" in name or "merge" in name} - public(Host)


def test_what_nobody_classified_is_refused(make: Make) -> None:
    guard = Guard(make().host, make().store)
    with pytest.raises(AttributeError, match="nothing says whether a stop is for force_push"):
        _ = guard.force_push


CALLS: dict[str, tuple[Any, ...]] = {
    "commit_files": ("selfmod/fix/x", "main", [FileEdit("a.py", b"")], "m"),
    "open_pull": ("selfmod/fix/x", "main", "t", "b"),
    "edit_pull": (7, "t", "b"),
    "move_branch": ("selfmod/fix/x", "a" * 40, "b" * 40),
    "delete_branch": ("selfmod/fix/x",),
    "merge": (7, "a" * 40, "squash"),
    "arm": (7, "a" * 40, "squash"),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "stop",
    [
        Stop("ann", "incident 4711"),
        Stop("ann", "incident 4711", owner="acme"),
        Stop("ann", "incident 4711", repository="acme/shop"),
        Stop("ann", "incident 4711", repository="acme/shop", number=7),
    ],
    ids=lambda each: each.where,
)
def test_writes_are_refused_while_it_holds(make: Make, call: str, stop: Stop) -> None:
    world = make()
    pull = world.own(cart="x = 1\n")
    world.host.opened[7] = replace(pull, head_ref="selfmod/fix/x")
    before, writes = world.git.git("for-each-ref"), dict(world.host.writes)
    guard = Guard(world.host, world.store)
    stops.put(world.store, stop)
    with pytest.raises(Halted) as caught:
        getattr(guard, call)(*CALLS[call])
    assert isinstance(caught.value, Refusal)
    assert caught.value.reason == f"{SAID}."
    assert "resume" in caught.value.hint
    assert (world.git.git("for-each-ref"), dict(world.host.writes)) == (before, writes)


@pytest.mark.parametrize(
    "stop",
    [
        Stop("ann", "x", owner="other"),
        Stop("ann", "x", repository="acme/other"),
        Stop("ann", "x", repository="acme/shop", number=8),
    ],
    ids=lambda each: each.where,
)
def test_what_it_does_not_reach_goes_on(make: Make, stop: Stop) -> None:
    world = make()
    stops.put(world.store, stop)
    guard = Guard(world.host, world.store, 7)
    commit = guard.commit_files("selfmod/fix/x", "main", [FileEdit("a.py", b"")], "m")
    pull = guard.open_pull("selfmod/fix/x", "main", "t", "b")
    assert pull.head == commit
    assert guard.merge(pull.number, commit, "merge").what is Landed.MERGED


def test_it_is_read_at_each_write(make: Make) -> None:
    world = make()
    guard = Guard(world.host, world.store)
    stop = Stop("ann", "incident 4711", repository="acme/shop")
    guard.commit_files("selfmod/fix/x", "main", [FileEdit("a.py", b"")], "m")
    stops.put(world.store, stop)
    with pytest.raises(Halted):
        guard.open_pull("selfmod/fix/x", "main", "t", "b")
    stops.lift(world.store, stop, "ann", "over")
    assert guard.open_pull("selfmod/fix/x", "main", "t", "b").open


def test_what_is_written_for_a_stopped_pull_request_is_refused_with_it(make: Make) -> None:
    """A fix of #7 is a branch and a pull request of their own, which go into its branch."""
    world = make()
    pull = world.pull(cart="x = 1\n")
    stops.put(world.store, Stop("ann", "x", repository="acme/shop", number=pull.number))
    with pytest.raises(Halted):
        Guard(world.host, world.store, pull.number).commit_files("selfmod/y", "main", [FileEdit("a.py", b"")], "m")
    with pytest.raises(Halted):
        Guard(world.host, world.store).open_pull("selfmod/y", pull.head_ref, "t", "b")
    Guard(world.host, world.store).commit_files("selfmod/y", "main", [FileEdit("a.py", b"")], "m")
    # a branch of a fork is another one, whatever its name
    world.host.opened[pull.number] = replace(pull, head_ref="main", head_repository="eve/shop")
    assert Guard(world.host, world.store).open_pull("selfmod/y", "main", "t", "b").open


def test_reports_and_taking_back_go_on(make: Make) -> None:
    world = make()
    pull = world.own(cart="x = 1\n")
    world.host.opened[pull.number] = replace(pull, armed=True)
    stops.put(world.store, Stop("ann", "x"))
    guard = guarded(world.host, world.store, Job(Kind.GATE, "acme/shop", 1, pull.number))
    guard.put_run(CheckRun("selfmod/gate", pull.head, "k", "t", "s"))
    guard.set_labels(pull.number, ["a"], [])
    guard.put_comment(pull.number, "m", "b", 1)
    guard.react(5, "eyes")
    guard.request_reviewers(pull.number, ["mia"], [])
    assert guard.role("zoe") is Role.ADMIN
    assert guard.disarm(pull.number)
    guard.close_pull(pull.number)
    assert not world.host.pull(pull.number).open


def test_a_rollback_is_written_while_it_holds(make: Make) -> None:
    world = make()
    stops.put(world.store, Stop("ann", "x"))
    host = guarded(world.host, world.store, Job(Kind.ROLLBACK, "acme/shop", 1))
    commit = host.commit_files("selfmod/revert/x", "main", [FileEdit("a.py", b"")], "m")
    pull = host.open_pull("selfmod/revert/x", "main", "t", "b")
    # and it is let in by whichever job finds that it was agreed to, as long as it is what selfmod made
    guard = guarded(world.host, world.store, Job(Kind.GATE, "acme/shop", 1, pull.number))
    with pytest.raises(Halted):
        guard.merge(pull.number, commit, "merge")
    made = Modification("acme/shop", Sort.REVERT, "selfmod/revert/x", "main", "t", head=commit, number=pull.number)
    modifications.put(world.store, made)
    for other in (replace(made, head="f" * 40), replace(made, sort=Sort.FIX)):
        modifications.put(world.store, other)
        with pytest.raises(Halted):
            guard.merge(pull.number, commit, "merge")
    modifications.put(world.store, made)
    assert guard.merge(pull.number, commit, "merge").what is Landed.MERGED


@pytest.mark.parametrize("moment", ["before", "meanwhile"])
def test_a_stop_during_arming_disarms(make: Make, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make()
    world.host.gated = {"main"}
    pull = world.own(cart="x = 1\n")
    guard = Guard(world.host, world.store)
    assert guard.arm(pull.number, pull.head, "squash").what is Landed.ARMED
    about = [each.kind for each in audit.about(world.store, "acme/shop", f"acme/shop#{pull.number}", 9)]
    assert about == [ARMED]
    if moment == "before":
        stops.put(world.store, Stop("ann", "x"))
    else:
        arm = world.host.arm

        def late(*args: Any) -> Any:
            landing = arm(*args)
            stops.put(world.store, Stop("ann", "x"))
            return landing

        monkeypatch.setattr(world.host, "arm", late)
    with pytest.raises(Halted):
        guard.arm(pull.number, pull.head, "squash")
    assert not world.host.pull(pull.number).armed


def test_what_a_person_armed_stays_armed(make: Make) -> None:
    world = make()
    world.host.gated = {"main"}
    pull = world.pull(cart="x = 1\n")
    world.host.opened[pull.number] = replace(pull, armed=True)
    guard = Guard(world.host, world.store)
    assert guard.arm(pull.number, pull.head, "squash").what is Landed.ARMED
    stops.put(world.store, Stop("ann", "x"))
    with pytest.raises(Halted):
        guard.arm(pull.number, pull.head, "squash")
    assert world.host.pull(pull.number).armed


def test_where_the_store_does_not_answer_nothing_is_written(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make()

    def away(*_: object) -> None:
        raise Unavailable("the database")

    monkeypatch.setattr(stops, "holding", away)
    with pytest.raises(Unavailable):
        Guard(world.host, world.store).delete_branch("main")
    assert world.host.branch("main")
