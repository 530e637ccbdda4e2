"""What a person may have merged at once: only what its gate lets in, as it was judged, and as that was written down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from app.model.job import Job, Kind
from app.model.trouble import Superseded
from app.store import audit
from app.store.chain import Link, digest
from app.store.tables import AuditRecord
from app.store.text import canonical
from app.workflows.proposing import applying
from checks.model.errors import Refusal
from checks.model.safety import Level
from checks.model.verdicts import Outcome, TestResult
from tests.pulls.judgements import judged
from tests.pulls.worlds import World, world

CONFIGURATION = "mode: propose\napprovals:\n  solo: true\n"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[World]:
    made = world(tmp_path, CONFIGURATION)
    yield made
    made.store.close()


def _job(place: World, number: int) -> Job:
    return Job(Kind.GATE, place.host.repository, 5, number, place.host.pull(number).head, actor="ann")


def _never() -> tuple[str, str]:
    raise AssertionError("nothing is to be prepared")


def _written_down(place: World, number: int, record: str, level: str) -> None:
    pull = place.host.pull(number)
    facts = {"head": pull.head, "base": place.host.branch("main"), "level": level}
    audit.append(place.store, "judged", pull.repository, f"{pull.repository}#{number}", facts, f"judged:{record}")


def test_what_nobody_judged_is_not_merged(place: World) -> None:
    number = place.own(new="new = 1\n").number
    assert applying.standing(place.tools, place.host.pull(number)) is None and applying.unjudged(None)
    with pytest.raises(Superseded):
        applying.apply(place.tools, _job(place, number), _never)


@pytest.mark.parametrize(
    ("level", "failing", "why"),
    [
        (Level.MEDIUM_RISK, (), "1 approval"),
        (Level.SAFE, (TestResult("t.py::test_a", Outcome.FAILED),), "1 tests fail"),
    ],
)
def test_what_its_gate_holds_is_not_merged(
    place: World, level: Level, failing: tuple[TestResult, ...], why: str
) -> None:
    pull = place.own(new="new = 1\n")
    place.judged(pull, judged(level, failing=failing))
    done = applying.apply(place.tools, _job(place, pull.number), _never)
    assert done.commit == "" and why in done.why and place.host.pull(pull.number).open


def test_what_is_not_written_down_is_not_merged(place: World) -> None:
    pull = place.own(new="new = 1\n")
    record = place.judged(pull, judged(Level.SAFE))
    with pytest.raises(Refusal, match="not what was written down"):
        applying.apply(place.tools, _job(place, pull.number), _never)
    _written_down(place, pull.number, record, "CRITICAL")
    with pytest.raises(Refusal, match="not what was written down"):
        applying.apply(place.tools, _job(place, pull.number), _never)
    assert place.host.pull(pull.number).open


@pytest.mark.parametrize("canonical_", [True, False])
def test_what_somebody_else_put_into_the_chains_table_is_not_written_down(place: World, canonical_: bool) -> None:
    """What is not canonical has no hash at all."""
    pull = place.own(new="new = 1\n")
    record = place.judged(pull, judged(Level.SAFE))
    facts = canonical({"head": pull.head, "base": place.host.branch("main"), "level": "SAFE"})
    facts = facts if canonical_ else f"{facts} "
    link = Link(1, "", "judged", pull.repository, f"{pull.repository}#{pull.number}", facts, f"judged:{record}", "")
    forged = {name: getattr(link, name) for name in Link.__dataclass_fields__} | {"hash": digest(link, b"a guess")}
    place.store.main.write(lambda connection: connection.execute(insert(AuditRecord).values(**forged)))
    with pytest.raises(Refusal, match="not what was written down"):
        applying.apply(place.tools, _job(place, pull.number), _never)


def test_once_in_it_is_in(place: World) -> None:
    pull = place.own(new="new = 1\n")
    _written_down(place, pull.number, place.judged(pull, judged(Level.SAFE)), "SAFE")
    tip = place.host.branch("main")
    assert tip
    done = applying.apply(place.tools, _job(place, pull.number), lambda: (tip, pull.head))
    assert done.commit == place.host.branch("main") != tip
    assert applying.apply(place.tools, _job(place, pull.number), _never) == done
    about = audit.about(place.store, pull.repository, f"{pull.repository}#{pull.number}", 100)
    assert [each.kind for each in about].count("applied") == 1


def test_a_head_that_moved_is_not_merged(place: World) -> None:
    pull = place.own(new="new = 1\n")
    _written_down(place, pull.number, place.judged(pull, judged(Level.SAFE)), "SAFE")
    before = _job(place, pull.number)
    place.push(pull, new="new = 2\n")
    with pytest.raises(Superseded):
        applying.apply(place.tools, before, _never)
