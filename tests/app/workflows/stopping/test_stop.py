"""The verb `stop`, and what becomes of what was agreed to before."""

import html
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.model.forge import Conclusion, Opinion, Pull, Role
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort
from app.model.stop import Stop
from app.store import audit, grants
from app.store.connect import connect
from app.store.proposed import modifications, stops
from app.store.records import get
from app.workflows import gate
from app.workflows.steps import State
from app.workflows.stop import CARRY, STEPS
from app.workflows.stopping import keeping
from app.workflows.stopping.armed import ARMED
from app.workflows.stopping.guard import Guard, Halted
from checks.model.safety import Level
from tests.pulls.judgements import judged
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]
SAID = "stopped by @mia: incident 4711"


def asked(world: World, reason: str, number: int = 0, actor: str = "mia", comment: int = 99, **more: Any) -> Job:
    needs = "maintain" if reason.endswith("-repository") else "write"
    values: dict[str, Any] = {"words": "incident 4711", "again": f"comment-{comment}"} | more
    return Job(
        Kind.STOP, world.host.repository, 5, number, reason=reason, actor=actor, needs=needs, comment=comment, **values
    )


def ask(world: World, reason: str, number: int = 0, actor: str = "mia", comment: int = 99) -> State:
    return world.run(STEPS, asked(world, reason, number, actor, comment), twice=True)


def own(world: World, level: Level = Level.LOW_RISK, **files: str) -> Pull:
    pull = world.own(**(files or {"cart": "x = 1\n"}))
    world.judged(pull, judged(level))
    return pull


def weigh_enqueued(world: World) -> list[int]:
    """Runs the jobs of the gate that were asked for."""
    wanted = [each for each in dict.fromkeys(world.enqueued) if each.kind is Kind.GATE]
    world.enqueued.clear()
    for each in wanted:
        world.run(gate.STEPS, each)
    return sorted({each.number for each in wanted})


def opened_at(world: World, pull: Pull, when: float) -> None:
    created = datetime.fromtimestamp(when, UTC).isoformat()
    world.host.opened[pull.number] = replace(world.host.pull(pull.number), created=created)


def reply(world: World, number: int, comment: int = 99) -> str:
    """As it is shown."""
    return html.unescape(raw(world, number, comment)).replace("\u200b", "")


def raw(world: World, number: int, comment: int = 99) -> str:
    return world.host.written[number][f"<!-- selfmod:reply:{comment} -->"][1]


def test_its_own_wait_others_are_judged_and_all_that_it_armed_is_disarmed(make: Make) -> None:
    world = make("mode: enforce\n")
    one, other = own(world), world.pull(BOB, cart="x = 2\n")
    world.judged(other, judged(Level.LOW_RISK))
    for each in (one, other):
        world.host.opened[each.number] = replace(world.host.pull(each.number), armed=True)
    state = ask(world, "stop-repository", one.number)
    assert state["reached"] == 1
    assert not world.host.pull(one.number).armed
    assert world.host.pull(other.number).armed  # a person did
    assert weigh_enqueued(world) == [one.number]
    run = world.gate(one)
    assert (run.title, run.conclusion) == (SAID, Conclusion.ACTION_REQUIRED)
    assert "/selfmod resume repository <why>" in world.host.sticky(one.number)
    world.weigh(other)
    assert world.gate(other).conclusion is Conclusion.SUCCESS
    assert "stopped" in reply(world, one.number) and "one of its own pull requests waits" in reply(world, one.number)


def test_what_selfmod_armed_of_others_is_disarmed(make: Make) -> None:
    world = make()
    world.host.gated = {"main"}
    other = world.pull(BOB, cart="x = 2\n")
    Guard(world.host, world.store).arm(other.number, other.head, "squash")
    assert world.host.pull(other.number).armed
    ask(world, "stop-repository")
    assert not world.host.pull(other.number).armed
    assert ARMED in [each.kind for each in audit.about(world.store, "acme/shop", f"acme/shop#{other.number}", 9)]


def test_it_is_written_in_the_audit_chain_once_and_survives_a_restart(make: Make) -> None:
    world = make()
    pull = own(world)
    ask(world, "stop", pull.number, "bob")
    again = connect(world.settings.database_url, world.settings.data_dir)
    try:
        held = stops.holding(again, "acme/shop", pull.number)
        assert held is not None and (held.by, held.why) == ("bob", "incident 4711")
    finally:
        again.close()
    ask(world, "resume", pull.number, "ann", comment=100)
    links = [
        each
        for each in audit.about(world.store, "acme/shop", f"acme/shop#{pull.number}", 99)
        if each.kind in ("stopped", "resumed")
    ]
    assert [each.kind for each in links] == ["stopped", "resumed"]
    assert [json.loads(each.facts)["by"] for each in links] == ["bob", "ann"]


def test_run_again_after_somebody_resumed_it_stops_nothing(make: Make) -> None:
    world = make()
    pull = own(world)
    ask(world, "stop", pull.number)
    ask(world, "resume", pull.number, comment=100)
    ask(world, "stop", pull.number)
    assert stops.holding(world.store, "acme/shop", pull.number) is None
    assert "resumed since" in reply(world, pull.number)


@pytest.mark.parametrize(
    ("reason", "actor"),
    [("stop", "eve"), ("stop", "mallory"), ("stop", ""), ("stop-repository", "bob"), ("resume", "eve")],
)
def test_who_may_not_is_refused_also_when_that_changed_meanwhile(make: Make, reason: str, actor: str) -> None:
    world = make()
    pull = own(world)
    here = Stop("ann", "x", repository="acme/shop", number=pull.number)
    if reason == "resume":
        stops.put(world.store, here)
    assert ask(world, reason, pull.number, actor) == {"superseded": True}
    assert (stops.holding(world.store, "acme/shop", pull.number) is None) is (reason != "resume")
    assert "access" in reply(world, pull.number)
    assert world.enqueued == []


@pytest.mark.parametrize("how", ["review", "button"])
def test_an_approval_of_before_does_not_merge_and_a_fresh_one_does(make: Make, how: str) -> None:
    world = make("mode: enforce\n")
    pull = own(world, Level.MEDIUM_RISK)

    def approve() -> None:
        if how == "button":
            world.press(pull, "approve", "ann", f"press-{len(world.host.made_runs)}-{stops.changed(world.store)}")
            return
        world.host.review(pull.number, "ann", Opinion.APPROVED)
        said = world.host.said[pull.number]
        said[-1] = replace(said[-1], submitted=datetime.now(UTC).isoformat())

    approve()
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS
    ask(world, "stop-repository", pull.number)
    weigh_enqueued(world)
    assert world.gate(pull).title == SAID
    ask(world, "resume-repository", pull.number, comment=100)
    assert weigh_enqueued(world) == [pull.number]
    run = world.gate(pull)
    assert run.conclusion is None
    assert run.title == "MEDIUM_RISK · waiting for 1 of 1 approval: anybody with write access"
    assert "was given before the stop ended" in run.summary
    assert "It was decided before the stop" in run.summary
    assert "fresh approval" in reply(world, pull.number, 100)
    approve()
    world.weigh(pull)
    assert (world.gate(pull).title, world.gate(pull).conclusion) == (
        "MEDIUM_RISK · approved by @ann",
        Conclusion.SUCCESS,
    )


def test_what_is_approved_while_it_is_stopped_does_not_count_afterwards(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = own(world, Level.MEDIUM_RISK)
    stops.put(world.store, Stop("ann", "x", repository="acme/shop"))
    world.press(pull, "approve", "ann")
    assert "was given before the stop ended" in world.gate(pull).summary
    assert grants.approvals(world.store, "acme/shop", pull.number, pull.head) == ()


@pytest.mark.parametrize("level", [Level.SAFE, Level.LOW_RISK])
def test_what_needed_no_approval_needs_one_if_it_was_opened_before(make: Make, level: Level) -> None:
    world = make("mode: enforce\n")
    early, late = own(world, level), own(world, level, other="y = 1\n")
    ask(world, "stop-repository", early.number)
    ask(world, "resume-repository", early.number, comment=100)
    lifted = stops.last_lifted(world.store, "acme/shop")
    opened_at(world, early, lifted - 1)
    opened_at(world, late, lifted + 1)
    world.enqueued.clear()
    world.run(STEPS, Job(Kind.STOP, "acme/shop", 5, reason=CARRY, again="1"))
    assert weigh_enqueued(world) == [early.number]
    world.weigh(late)
    assert world.gate(late).title == f"{level} · no approval needed"
    assert world.gate(early).title == f"{level} · waiting for 1 of 1 approval: anybody with write access"
    record = get(world.store, next(iter(world.gate(early).text.split("record: `")[1].split("`"))))
    assert record is not None and record.decision is not None
    assert record.decision.approvals == 1
    world.press(early, "approve", "mia")
    assert world.gate(early).title == f"{level} · approved by @mia"


def test_a_revert_is_neither_held_nor_asked_again(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = own(world)
    made = Modification(
        "acme/shop", Sort.REVERT, pull.head_ref, "main", "t", head=pull.head, number=pull.number, reverts="#3"
    )
    modifications.put(world.store, made)
    world.host.opened[pull.number] = replace(world.host.pull(pull.number), armed=True)
    ask(world, "stop-repository", pull.number)
    world.weigh(pull)
    assert world.gate(pull).title == "LOW_RISK · no approval needed"
    assert world.host.pull(pull.number).armed
    assert weigh_enqueued(world) == []
    pushed = world.push(pull, cart="x = 3\n")  # it is what selfmod made no more
    world.judged(pushed, judged(Level.LOW_RISK))
    world.weigh(pushed)
    assert world.gate(pushed).title == SAID


def test_a_stop_between_the_judgement_and_the_merge_refuses_the_merge(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = own(world)
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS
    guard = Guard(world.host, world.store, pull.number)
    world.run(STEPS[:1], asked(world, "stop", pull.number))
    with pytest.raises(Halted, match="stopped by @mia: incident 4711"):
        guard.merge(pull.number, pull.head, "squash")
    assert not world.host.pull(pull.number).merged


@pytest.mark.parametrize(
    ("before", "reason", "said"),
    [
        ([], "resume", "😕 Nothing stopped this pull request."),
        ([Stop("mia", "x", repository="acme/shop")], "resume", "😕 It is stopped by @mia: x (acme/shop). Who"),
        (
            [Stop("mia", "first", repository="acme/shop", number=7)],
            "stop",
            "This pull request was stopped by @mia: first already.",
        ),
        (
            [Stop("the operator", "x"), Stop("mia", "y", repository="acme/shop", number=7)],
            "resume",
            "This pull request alone is stopped no more. It is stopped by the operator: x (this server). The operator",
        ),
    ],
)
def test_the_reply_says_what_holds(make: Make, before: list[Stop], reason: str, said: str) -> None:
    world = make()
    pull = own(world)
    for each in before:
        stops.put(world.store, each)
    ask(world, reason, pull.number, "bob")
    assert said in reply(world, pull.number)


def test_hostile_words_stay_words(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = own(world)
    job = replace(asked(world, "stop", pull.number), words="@everyone <img src=x> [a](http://b) \u202e `x`")
    world.run(STEPS, job)
    weigh_enqueued(world)
    for text in (raw(world, pull.number), world.host.sticky(pull.number)):
        assert "@everyone" not in text and "<img" not in text and "](" not in text and "\u202e" not in text
    assert "\u202e" not in world.gate(pull).title


def test_maintainers_alone_stop_the_repository() -> None:
    """What the tests above rely on."""
    assert Role.MAINTAIN.at_least(Role.MAINTAIN) and not Role.WRITE.at_least(Role.MAINTAIN)


def test_a_stop_that_ended_before_it_was_written_down_is_its_own(make: Make) -> None:
    """The try after a crash finds the stop that the one before it put."""
    world = make()
    stops.put(world.store, Stop("mia", "incident 4711", at=1.0, repository="acme/shop", number=7))
    assert keeping.stop(world.store, Stop("mia", "incident 4711", repository="acme/shop", number=7), "once") == ""
    assert keeping.stop(world.store, Stop("mia", "another", repository="acme/shop", number=7), "other") == SAID
