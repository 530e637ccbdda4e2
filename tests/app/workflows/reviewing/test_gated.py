"""How the gate stands: from a record and from what people said, without running anything."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.decision import Merge
from app.model.forge import Opinion, Pull
from app.model.gate import Stands
from app.store import grants, records
from app.store.records import Record
from app.workflows.reviewing.gated import evaluate, of_group, outdated, record_of, untried
from checks.model.errors import Refusal
from checks.model.safety import Level
from tests.pulls.judgements import finding, judged
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]


def case(make: Make, configuration: str = "mode: enforce\n", level: Level = Level.MEDIUM_RISK) -> tuple[World, Pull]:
    world = make(configuration)
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull, judged(level))
    return world, pull


def record(world: World, pull: Pull) -> Record:
    found = record_of(world.tools, pull)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("reviewed", "pressed", "stands", "counted"),
    [
        ((), (), Stands.WAITS, ()),
        (("ann",), (), Stands.PASSES, ("ann",)),
        ((), ("ann",), Stands.PASSES, ("ann",)),
        (("ann",), ("ann",), Stands.PASSES, ("ann",)),
        (("bob", "eve"), ("bob",), Stands.WAITS, ()),
    ],
)
def test_reviews_and_buttons_are_weighed_together(
    make: Make, reviewed: tuple[str, ...], pressed: tuple[str, ...], stands: Stands, counted: tuple[str, ...]
) -> None:
    world, pull = case(make)
    for login in reviewed:
        world.host.review(pull.number, login, Opinion.APPROVED)
    for login in pressed:
        grants.approve(world.store, pull.repository, pull.number, pull.head, login)
    gated = evaluate(world.tools, pull, record(world, pull), "main")
    assert (gated.gate.standing.stands, gated.gate.weighed.counted) == (stands, counted)
    assert gated.gate.head == pull.head
    assert gated.gate.configuration.startswith("main@")


def test_it_reads_everything_anew_each_time_and_writes_nothing(make: Make) -> None:
    world, pull = case(make)
    seen = []
    for count in (1, 2):
        seen.append(evaluate(world.tools, pull, record(world, pull), "main").gate.standing.stands)
        assert world.host.reads["reviews"] == count
        world.host.review(pull.number, "ann", Opinion.APPROVED)
    assert seen == [Stands.WAITS, Stands.PASSES]
    assert world.host.writes.total() == 0


def test_people_are_asked_for_only_where_somebody_must_agree(make: Make) -> None:
    world, pull = case(make, level=Level.SAFE)
    assert evaluate(world.tools, pull, record(world, pull), "main").gate.standing.stands is Stands.PASSES
    assert (world.host.reads["people"], world.host.reads["commits"]) == (0, 0)


def test_a_configuration_that_is_none_any_more_is_a_refusal(make: Make) -> None:
    world, pull = case(make)
    world.host.organisation["selfmod.yml"] = b"mode: x\n"
    with pytest.raises(Refusal, match="acme/"):
        evaluate(world.tools, pull, record(world, pull), "main")


@pytest.mark.parametrize(("fixable", "expected"), [(True, True), (False, False), (None, False)])
def test_what_the_button_fix_is_offered_for(make: Make, fixable: bool | None, expected: bool) -> None:
    world = make("mode: enforce\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull, judged(findings=[] if fixable is None else [finding(), finding(fixable=fixable)]))
    assert evaluate(world.tools, pull, record(world, pull), "main").fixable is expected


@pytest.mark.parametrize(
    ("level", "configuration", "stands"),
    [
        (Level.MEDIUM_RISK, "approvals: {medium_risk: 2}\n", Stands.PASSES),
        (Level.CRITICAL, 'approvals: {critical_teams: ["@mia"]}\n', Stands.PASSES),
        (Level.SAFE, "", Stands.PASSES),
    ],
)
def test_a_group_waits_for_nobody(make: Make, level: Level, configuration: str, stands: Stands) -> None:
    world, pull = case(make, f"mode: enforce\n{configuration}", level)
    gate = of_group(world.tools, record(world, pull), "main")
    assert (gate.standing.stands, gate.weighed.missing, gate.decision.approvals) == (stands, 0, 0)
    assert (world.host.reads["reviews"], world.host.reads["people"]) == (0, 0)


def test_a_group_that_is_broken_fails(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull, judged(findings=[finding()]))
    gate = of_group(world.tools, record(world, pull), "main")
    assert gate.standing.stands is Stands.FAILS
    assert gate.decision.merge is Merge.NEVER


@pytest.mark.parametrize(
    ("skipped", "expected"),
    [("", ""), ("waits for /selfmod ok-to-test 3f9c2e1", "/selfmod ok-to-test 3f9c2e1"), ("there are no tests", "")],
)
def test_whom_the_tests_wait_for(skipped: str, expected: str) -> None:
    assert untried(judged(skipped=skipped)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [(".github/selfmod.yml", True), ("CODEOWNERS", True), ("docs/CODEOWNERS", True), ("cart.py", False), ("", False)],
)
@pytest.mark.parametrize("known", [False, True])
def test_a_record_is_outdated_once_what_it_was_judged_by_changed(
    make: Make, path: str, expected: bool, known: bool
) -> None:
    world, pull = case(make)
    tip = world.host.branch("main")
    if path:
        world.git.put(path, "# new\n")
        tip = world.git.commit()
    assert outdated(world.tools, pull, record(world, pull), tip if known else None) is expected


@pytest.mark.parametrize(("base", "expected"), [("gone", False), ("other", True), ("older", True)])
def test_a_record_of_another_branch_is_outdated(make: Make, base: str, expected: bool) -> None:
    world = make()
    world.git.git("branch", "older")
    world.git.git("checkout", "-q", "--orphan", "other")
    world.git.commit()
    world.git.git("checkout", "-q", "main")
    world.git.commit(more="y = 1\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull)
    assert outdated(world.tools, replace(pull, base_ref=base), record(world, pull)) is expected


def test_the_newest_record_of_this_pull_request_and_head_counts(make: Make) -> None:
    world, pull = case(make)
    assert record_of(world.tools, replace(pull, number=99)) is None
    assert record_of(world.tools, replace(pull, head="f" * 40)) is None
    newer = world.judged(pull, attempt="2")
    assert record(world, pull).id == newer
    assert len(records.of_head(world.store, pull.repository, pull.head)) == 2
