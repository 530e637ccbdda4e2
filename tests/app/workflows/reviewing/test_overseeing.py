"""The orchestrator's review: made before the gate passes, once, and kept."""

import json
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from app.model.decision import Decision, Merge
from app.model.forge import Conclusion, Opinion, Pull
from app.model.job import Kind
from app.model.modification import IDENTIFIER
from app.store import audit, records
from app.workflows import gate
from app.workflows.steps import run_all
from checks.model.outlook import Outlook, Portion
from checks.model.safety import Level
from tests.pulls.judgements import judged
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]
OUTLOOK = Outlook(without=(Portion(("acme/client.py",), Level.LOW_RISK),))


def ready(make: Make, level: Level) -> tuple[World, Pull]:
    world = make("mode: enforce\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull, replace(judged(level), outlook=OUTLOOK))
    return world, pull


def kept(world: World, pull: Pull, kind: str = "oversight") -> list[dict[str, object]]:
    links = audit.about(world.store, pull.repository, f"{pull.repository}#{pull.number}", 200)
    return [json.loads(each.facts) for each in links if each.kind == kind]


def test_what_is_grave_is_reviewed_once_shown_and_written_down(make: Make) -> None:
    world, pull = ready(make, Level.HIGH_RISK)
    for _ in range(2):
        world.run(gate.STEPS, world.job(pull, Kind.GATE, "submitted"), twice=True)
    assert "Leave out acme/client.py: the rest would be LOW_RISK." in unescape(world.gate(pull).summary)
    (facts,) = kept(world, pull)
    assert facts["says"] == "safer"
    assert facts["head"] == pull.head
    (record,) = records.of_head(world.store, world.host.repository, pull.head)
    assert IDENTIFIER.fullmatch(str(facts["record"]))
    assert record.document["oversight"]["said"] == facts["said"]
    assert [each["review"] for each in kept(world, pull, "gate")] == ["safer"]


def test_a_review_that_was_cut_off_is_what_the_chain_has(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world, pull = ready(make, Level.CRITICAL)

    def cut(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(records, "put", cut)
        with pytest.raises(KeyboardInterrupt):
            world.weigh(pull)
    (record,) = records.of_head(world.store, world.host.repository, pull.head)
    assert "oversight" not in record.document
    for number in range(20, 40):  # what is usual is something else by now
        decided = Decision(Level.LOW_RISK, Merge.AUTOMATIC, 0)
        records.put(world.store, replace(record, number=number, decision=decided))
    world.weigh(pull)
    (facts,) = kept(world, pull)
    (record,) = (each for each in records.of_head(world.store, world.host.repository, pull.head) if each.number < 20)
    assert record.document["oversight"] == {name: facts[name] for name in record.document["oversight"]}


@pytest.mark.parametrize("level", [Level.HIGH_RISK, Level.CRITICAL])
def test_the_gate_does_not_pass_before_it_was_made(make: Make, level: Level) -> None:
    world, pull = ready(make, level)
    for login in ("mia", "zoe"):
        world.host.review(pull.number, login, Opinion.APPROVED)
    without = tuple(each for each in gate.STEPS if each.name != "oversee")
    run_all(without, world.tools, world.job(pull, Kind.GATE, "submitted"))
    assert world.gate(pull).conclusion is None
    assert world.gate(pull).title == f"{level.value} · waiting for the orchestrator's review"
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS


def test_what_is_not_grave_is_not_reviewed(make: Make) -> None:
    world, pull = ready(make, Level.MEDIUM_RISK)
    world.weigh(pull)
    assert kept(world, pull) == []
    assert "orchestrator" not in world.gate(pull).summary


def test_levels_of_other_pull_requests_tell_what_is_usual(make: Make) -> None:
    world, pull = ready(make, Level.CRITICAL)
    for number in range(20, 40):
        record = records.latest(world.store, pull.repository, pull.number)
        assert record is not None
        records.put(
            world.store,
            replace(record, number=number, decision=Decision(Level.LOW_RISK, Merge.AUTOMATIC, 0)),
        )
    world.weigh(pull)
    assert "0 of the last 20 changes that were judged here were CRITICAL or higher." in str(
        kept(world, pull)[0]["unusual"]
    )
