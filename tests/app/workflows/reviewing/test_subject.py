"""What a job is about: which head, against what, and for whom."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import CheckRun
from app.model.job import Job, Kind
from app.model.trouble import Gone, Superseded
from app.store import heads, records
from app.workflows.review import STEPS
from app.workflows.reviewing.judging import judge_pull
from app.workflows.reviewing.reports import begin
from app.workflows.reviewing.subject import Subject, found, group_key, look, may, review_of, unless_refused
from app.workflows.steps import State, Tools
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]
A, B = "a" * 40, "b" * 40


def test_the_head_is_judged_against_the_tip_of_its_target(make: Make) -> None:
    world = make()
    pull = world.pull(BOB, cart="x = 1\n")
    later = world.git.commit(other="y = 1\n")
    state = look(world.tools, world.job(pull, again="1"), {})
    subject = Subject.of(state | {"more": "of other steps"})
    assert subject == Subject(pull.number, pull.head, later, "main", 1, f"pull:{pull.number}:{pull.head}:1")
    # where the target is gone, what GitHub compares with is left
    world.host.opened[pull.number] = replace(pull, base_ref="gone")
    assert Subject.of(look(world.tools, world.job(pull), {})).base == pull.base_sha


def test_generations_count_heads(make: Make) -> None:
    world = make()
    pull = world.pull(BOB, cart="x = 1\n")
    seen = [Subject.of(look(world.tools, world.job(pull), {})).generation for _ in range(2)]
    pushed = world.push(pull, cart="x = 2\n")
    seen.append(Subject.of(look(world.tools, world.job(pushed), {})).generation)
    assert seen == [1, 1, 2]


@pytest.mark.parametrize(
    ("state", "needs", "actor", "ends"),
    [
        ("open", "", "", False),
        ("closed", "", "", True),
        ("open", "write", "ann", False),
        ("open", "write", "eve", True),
        ("open", "admin", "mia", True),
        ("open", "read", "eve", False),
        ("open", "write", "", True),
    ],
)
def test_what_is_not_wanted_any_more_ends(make: Make, state: str, needs: str, actor: str, ends: bool) -> None:
    world = make()
    pull = world.pull(BOB, cart="x = 1\n")
    world.host.opened[pull.number] = replace(pull, open=state == "open")
    job = replace(world.job(pull), needs=needs, actor=actor)
    if ends:
        with pytest.raises(Superseded):
            look(world.tools, job, {})
        assert heads.current(world.store, pull.repository, pull.number) is None
    else:
        assert Subject.of(look(world.tools, job, {})).head == pull.head
        assert may(world.tools, job)


def test_a_head_that_moved_gets_its_own_job(make: Make) -> None:
    world = make()
    pull = world.pull(BOB, cart="x = 1\n")
    job = world.job(pull, again="1")
    pushed = world.push(pull, cart="x = 2\n")
    with pytest.raises(Superseded):
        look(world.tools, job, {})
    assert world.enqueued == [replace(job, head=pushed.head, again="moved-1", reason="moved")]


@pytest.mark.parametrize("moved", [0, 2], ids=["the same generation", "another generation"])
@pytest.mark.parametrize("late", [True, False], ids=["the delivery comes after it", "the delivery came first"])
def test_a_late_delivery_and_the_job_in_its_place_judge_once(make: Make, late: bool, moved: int) -> None:
    world = make()
    pull = world.pull(BOB, cart="x = 1\n")
    pushed = world.push(pull, cart="x = 2\n")
    with pytest.raises(Superseded):
        look(world.tools, world.job(pull), {})
    (instead,) = world.enqueued
    for head in (A, B)[:moved]:  # other deliveries were believed in between
        heads.newest(world.store, pull.repository, pull.number, head)
    own = replace(world.job(pushed, again="digest"), reason="synchronize")
    first, second = (instead, own) if late else (own, instead)
    state = look(world.tools, first, {})
    begin(world.tools, first, state)
    begun = look(world.tools, second, {})  # before the first of them judged it
    record = world.judged(pushed, attempt=first.again)
    assert judge_pull(world.tools, second, begun) == judge_pull(world.tools, first, state) == {"record": record}
    assert look(world.tools, second, {})["key"] == begun["key"] == state["key"]
    # asked for by somebody, it is judged anew
    asked = look(world.tools, replace(own, reason="rerequested", again="button"), {})
    assert asked["key"] == f"pull:{pull.number}:{pushed.head}:button"


def test_a_push_back_to_a_former_head_is_reported_again(make: Make) -> None:
    world = make()
    pull = world.pull(BOB, cart="x = 1\n")
    world.review(pull, again="first")
    pushed = world.push(pull, cart="x = 2\n")
    look(world.tools, world.job(pushed), {})
    world.host.opened[pull.number] = pull
    with pytest.raises(Superseded):
        look(world.tools, replace(world.job(pushed), reason="synchronize"), {})
    (instead,) = world.enqueued
    state = world.run(STEPS, instead)
    assert state["key"].endswith(":first") and records.of_head(world.store, pull.repository, pull.head)[1:] == ()
    assert state["generation"] > 1 and world.gate(pull).conclusion
    # its own delivery cannot be told from one of the first push: it is judged anew, as one that failed may be
    own = replace(world.job(pull, again="digest"), reason="synchronize")
    assert look(world.tools, own, {})["key"].endswith(":digest")


def test_a_pull_request_that_is_not_there_is_gone(make: Make) -> None:
    with pytest.raises(Gone):
        found(make().tools, Job(Kind.REVIEW, "acme/shop", 5, number=99, head=A))


@pytest.mark.parametrize(
    ("key", "reason", "base"),
    [
        (group_key(Job(Kind.GROUP, "acme/shop", 5, head=A, base=B, again="x")), "rerequested", B),
        (group_key(Job(Kind.GROUP, "acme/shop", 5, head=A, base=B)), "rerequested", B),
        (group_key(Job(Kind.GROUP, "acme/shop", 5, head=A, base=B)), "opened", ""),
        (f"pull:7:{A}:", "rerequested", ""),
        (f"group:main:{A}:", "rerequested", ""),
        ("", "rerequested", ""),
    ],
)
def test_a_job_without_a_number_looks_for_a_group_too(make: Make, key: str, reason: str, base: str) -> None:
    world = make()
    world.host.put_run(CheckRun("selfmod/gate", A, key, "title", "summary"))
    job = Job(Kind.REVIEW, "acme/shop", 5, head=A, reason=reason, again="d")
    with pytest.raises(Superseded):
        found(world.tools, job)
    assert [(each.kind, each.base, each.again) for each in world.enqueued] == (
        [(Kind.GROUP, base, "d")] if base else []
    )


@pytest.mark.parametrize(("state", "runs"), [({}, True), ({"refused": ["a", ""]}, False), ({"done": True}, False)])
def test_a_step_may_have_nothing_to_do(make: Make, state: State, runs: bool) -> None:
    def step(tools: Tools, job: Job, state: State) -> State:
        return {"ran": True}

    world = make()
    job = Job(Kind.REVIEW, "acme/shop", 5, number=7, head=A)
    assert unless_refused(step)(world.tools, job, state) == ({"ran": True} if runs else {})


def test_judging_anew_needs_nobodys_permission() -> None:
    asked = Job(Kind.GATE, "acme/shop", 5, 7, A, reason="rerun", actor="ann", needs="write", comment=3, asked="t")
    anew = review_of(asked, "x")
    assert (anew.kind, anew.again, anew.needs, anew.comment, anew.asked) == (Kind.REVIEW, "x", "", 0, "")
    assert anew.head == A
