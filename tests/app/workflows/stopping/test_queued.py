"""What stands in a merge queue when a stop begins is taken out of it, or the stop says that it is not."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import CheckRun, Landing, Pull
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort
from app.model.stop import Stop
from app.model.trouble import Gone, Unavailable
from app.store import audit
from app.store.proposed import modifications, stops
from app.workflows.reviewing.subject import group_key
from app.workflows.stop import STEPS
from app.workflows.stopping import armed, arming
from app.workflows.stopping.armed import ARMED
from app.workflows.stopping.carrying import STEP
from app.workflows.stopping.guard import Guard, Halted
from checks.model.errors import Refusal
from checks.model.safety import Level
from tests.app.workflows.stopping.test_grouped import joined
from tests.pulls.judgements import judged
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]
WHY = "GitHub refused it: Resource not accessible by integration"


def queued(world: World, own: bool = True) -> Pull:
    """A pull request in the queue; each has a file of its own."""
    name = f"more{len(world.host.opened)}"
    pull = world.own(**{name: "x = 1\n"}) if own else world.pull(BOB, **{name: "x = 1\n"})
    world.host.queued.add(pull.number)
    return pull


def stop(world: World, number: int = 0) -> str:
    """Somebody stops by a comment; the answer."""
    pull = number or min(world.host.opened)
    where = "stop" if number else "stop-repository"
    needs = "write" if number else "maintain"
    job = Job(
        Kind.STOP, "acme/shop", 5, pull, reason=where, actor="mia", needs=needs, comment=99, words="incident 4711"
    )
    world.run(STEPS, job, twice=True)
    return world.host.written[pull]["<!-- selfmod:reply:99 -->"][1]


def told(world: World, pull: Pull) -> list[dict[str, str]]:
    about = audit.about(world.store, "acme/shop", f"acme/shop#{pull.number}", 99)
    return [json.loads(each.facts) for each in about if each.kind == arming.QUEUE]


@pytest.mark.parametrize("whole", [True, False])
def test_its_own_is_taken_out_and_others_stay(make: Make, whole: bool) -> None:
    world = make()
    one, other, second = queued(world), queued(world, own=False), queued(world)
    stop(world, 0 if whole else one.number)
    assert world.host.queued == ({other.number} if whole else {other.number, second.number})
    assert world.host.writes["dequeue"] == (2 if whole else 1)
    assert told(world, one) == [{"head": one.head, "what": "taken out", "why": ""}]
    assert told(world, other) == []


def test_another_s_is_taken_out_where_selfmod_brought_just_this_head_there(make: Make) -> None:
    world = make()
    ours, theirs, older = (queued(world, own=False) for _ in range(3))
    for pull, head in ((ours, ours.head), (older, "f" * 40)):
        audit.append(world.store, ARMED, "acme/shop", f"acme/shop#{pull.number}", {"head": head})
    stop(world)
    assert world.host.queued == {theirs.number, older.number}


def test_what_takes_something_back_stays(make: Make) -> None:
    world = make()
    pull = queued(world)
    row = Modification("acme/shop", Sort.REVERT, pull.head_ref, "main", "t", head=pull.head, number=pull.number)
    modifications.put(world.store, row)
    stop(world)
    assert world.host.queued == {pull.number}


@pytest.mark.parametrize("judged_before", [True, False])
def test_what_may_not_be_taken_out_is_said_and_its_group_judged_again(make: Make, judged_before: bool) -> None:
    world = make()
    one, other = queued(world), queued(world)
    world.host.kept_in_queue = WHY
    world.git.git("update-ref", f"refs/heads/gh-readonly-queue/main/pr-{one.number}-{one.base_sha}", one.head)
    group = Job(Kind.GROUP, "acme/shop", 5, head=one.head, base=one.base_sha)
    if judged_before:
        world.host.put_run(CheckRun("selfmod/gate", one.head, group_key(group), "t", "s"))
    said = stop(world)
    for each in (one, other):
        assert f"#{each.number} stands in a merge queue and could not be taken out" in said
    assert "Resource not accessible by integration" in said
    assert [each["what"] for each in told(world, one)] == ["refused"]  # however often it is tried
    wanted = {(each.head, each.base, each.reason) for each in world.enqueued if each.kind is Kind.GROUP}
    assert wanted == ({(one.head, one.base_sha, "stop")} if judged_before else set())
    assert len({each.identity for each in world.enqueued if each.kind is Kind.GROUP}) == len(wanted)
    # the hourly look tries again
    world.host.kept_in_queue = ""
    STEP.run(world.tools, Job(Kind.RECONCILE, "acme/shop", 5, reason="hourly", again="1"), {})
    assert world.host.queued == set()
    assert [each["what"] for each in told(world, one)] == ["refused", "taken out"]


def test_each_group_that_holds_what_may_not_be_taken_out_is_judged_again(make: Make) -> None:
    """The groups behind it in the queue too, but none before it."""
    world = make()
    before, one, behind = queued(world, own=False), queued(world), queued(world, own=False)
    world.host.kept_in_queue = WHY
    base = world.host.branch("main") or ""
    heads: list[str] = []
    for pull in (before, one, behind):
        head = joined(world, base, pull, "merge")
        world.git.git("update-ref", f"refs/heads/gh-readonly-queue/main/pr-{pull.number}-{base}", head)
        key = group_key(Job(Kind.GROUP, "acme/shop", 5, head=head, base=base))
        world.host.put_run(CheckRun("selfmod/gate", head, key, "t", "s"))
        heads, base = [*heads, head], head
    stop(world)
    wanted = {(each.head, each.base) for each in world.enqueued if each.kind is Kind.GROUP}
    assert wanted == {(heads[1], heads[0]), (heads[2], heads[1])}


def test_one_that_is_refused_keeps_none_of_the_others(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make()
    pulls = [queued(world) for _ in range(7)]
    take = world.host.dequeue

    def some(number: int) -> bool:
        if number == pulls[3].number:
            raise Gone(str(number))
        world.host.kept_in_queue = WHY if number != pulls[0].number else ""
        return take(number)

    monkeypatch.setattr(world.host, "dequeue", some)
    said = stop(world)
    assert pulls[0].number not in world.host.queued
    assert said.count("could not be taken out") == 5 and "And" not in said.split("merge queue")[0]


def test_a_forge_that_does_not_answer_has_it_tried_again(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make()
    pull = queued(world)

    def away(_: int) -> bool:
        raise Unavailable("GitHub")

    with monkeypatch.context() as patched:
        patched.setattr(world.host, "dequeue", away)
        with pytest.raises(Unavailable):
            stop(world)
    assert stops.holding(world.store, "acme/shop", pull.number)
    stop(world)
    assert world.host.queued == set()


def test_another_s_that_was_taken_out_is_that_person_s_from_then_on(make: Make) -> None:
    world = make()
    pull = queued(world, own=False)
    armed.begin(world.store, "acme/shop", pull.number, pull.head)
    stop(world)
    assert world.host.queued == set()
    world.host.queued.add(pull.number)  # by that person
    STEP.run(world.tools, Job(Kind.RECONCILE, "acme/shop", 5, reason="hourly", again="1"), {})
    assert world.host.queued == {pull.number}


def test_selfmod_s_own_is_taken_out_however_often_a_person_queues_it(make: Make) -> None:
    world = make()
    pull = queued(world)
    armed.begin(world.store, "acme/shop", pull.number, pull.head)
    stop(world)
    for hour in ("1", "2"):
        world.host.queued.add(pull.number)
        STEP.run(world.tools, Job(Kind.RECONCILE, "acme/shop", 5, reason="hourly", again=hour), {})
        assert world.host.queued == set()


@pytest.mark.parametrize("lost", [True, False])
def test_after_a_crash_before_that_was_written_down_it_is_still_held(
    make: Make, lost: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Safe: it is taken out once more, though a person may have queued it."""
    world = make()
    pull = queued(world, own=False)
    armed.begin(world.store, "acme/shop", pull.number, pull.head)

    def crash(*_: object) -> None:
        raise Unavailable("the database")

    with monkeypatch.context() as patched:
        if lost:
            patched.setattr(armed, "end", crash)
            with pytest.raises(Unavailable):
                stop(world)
        else:
            stop(world)
    world.host.queued.add(pull.number)
    stop(world)
    assert (pull.number in world.host.queued) is not lost


@pytest.mark.parametrize("brought", [True, False])
def test_what_selfmod_brought_there_leaves_once_it_is_not_agreed(make: Make, brought: bool) -> None:
    world = make("mode: enforce\n")
    pull = queued(world)
    world.judged(pull, judged(Level.MEDIUM_RISK))
    if brought:
        audit.append(world.store, ARMED, "acme/shop", f"acme/shop#{pull.number}", {"head": pull.head})
    world.weigh(pull)
    assert (pull.number in world.host.queued) is not brought  # else a person put it there


def test_a_refusal_there_does_not_keep_the_gate_from_saying_so(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = queued(world)
    world.judged(pull, judged(Level.MEDIUM_RISK))
    world.host.kept_in_queue = WHY
    audit.append(world.store, ARMED, "acme/shop", f"acme/shop#{pull.number}", {"head": pull.head})
    world.weigh(pull)
    assert "waiting for 1 of 1 approval" in world.gate(pull).title
    assert [each["what"] for each in told(world, pull)] == ["refused"]


@pytest.mark.parametrize("refused", [True, False])
def test_a_stop_during_arming_takes_it_out(make: Make, refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub puts into the queue what needs nothing more."""
    world = make()
    pull = world.own(cart="x = 1\n")

    def arm(*_: object) -> Landing:
        world.host.queued.add(pull.number)
        world.host.opened[pull.number] = replace(pull, armed=False)
        stops.put(world.store, Stop("ann", "x"))
        return Landing.armed()

    monkeypatch.setattr(world.host, "arm", arm)
    world.host.kept_in_queue = WHY if refused else ""
    with pytest.raises(Halted):
        Guard(world.host, world.store).arm(pull.number, pull.head, "squash")
    assert bool(world.host.queued) is refused


@pytest.mark.parametrize("trouble", [Gone("7"), Unavailable("GitHub"), Refusal(WHY)])
@pytest.mark.parametrize("call", ["dequeue", "disarm"])
def test_whatever_the_forge_says_to_that_the_stop_is_what_is_raised(
    make: Make, trouble: Exception, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make()
    pull = queued(world)
    world.host.opened[pull.number] = replace(pull, armed=True)
    armed.begin(world.store, "acme/shop", pull.number, pull.head)
    stops.put(world.store, Stop("ann", "x"))
    before = world.host.writes["disarm"], world.host.writes["dequeue"]

    def fails(_: int) -> bool:
        raise trouble

    monkeypatch.setattr(world.host, call, fails)
    with pytest.raises(Halted):
        Guard(world.host, world.store).arm(pull.number, pull.head, "squash")
    # the other was taken back all the same, and what was not is still selfmod's
    after = world.host.writes["disarm"], world.host.writes["dequeue"]
    assert [new - old for new, old in zip(after, before, strict=True)] == [call != "disarm", call != "dequeue"]
    assert armed.standing(world.store, "acme/shop", pull.number).heads == {pull.head}
