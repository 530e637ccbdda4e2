"""Whose tests need not run again: only a revert of selfmod's own whose tree passed just so."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Pull
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort
from app.store import records
from app.store.proposed import modifications
from app.workflows.reviewing.judging import judge_pull
from app.workflows.reviewing.reverting.known import FRESH, known
from app.workflows.reviewing.subject import look
from app.workflows.rollback import STEPS
from checks.model.judged import Judged
from checks.model.safety import Level
from checks.model.verdicts import Outcome as Ends
from checks.model.verdicts import State, TestResult
from checks.reports.judged import reading
from checks.repository.changed import of_commits
from checks.validation.asked import Known
from tests.pulls.judgements import judged, suite
from tests.pulls.worlds import World

type Make = Callable[..., World]
QUICK = "allowed_commands: []\n"


def taken_back(
    world: World,
    value: Judged | None = None,
    finished: float | None = None,
    later: str = "",
    files: dict[str, str] | None = None,
) -> tuple[Pull, str]:
    """The revert of a proposal that was judged and merged, and the record of that; `later` is a file that came after
    it."""
    pull = world.own(**(files or {"cart": "x = 1\n"}))
    id_ = world.judged(pull, value or judged(Level.LOW_RISK))
    record = records.get(world.store, id_)
    assert record is not None
    records.put(world.store, replace(record, finished=time.time() if finished is None else finished))
    made = Modification(pull.repository, Sort.FIX, pull.head_ref, "main", "x", head=pull.head, number=pull.number)
    modifications.put(world.store, made)
    world.host.merge(pull.number, pull.head, "squash")
    if later:
        world.git.put(later, "y = 1\n")
        world.git.commit()
    job = Job(Kind.ROLLBACK, pull.repository, 5, pull.number, actor="ann", needs="write", words=str(pull.number))
    return world.host.pull(int(world.run(STEPS, job)["revert"])), id_


def asked(world: World, pull: Pull, again: str = "") -> Known | None:
    change = of_commits(world.git.root, pull.base_ref, pull.head)
    tip = world.host.branch(pull.base_ref)
    assert tip
    return known(world.tools, world.job(pull, again=again), pull, change, tip)


def test_the_run_of_the_same_tree_is_taken_over(make: Make) -> None:
    world = make(QUICK)
    pull, record = taken_back(world)
    found = asked(world, pull)
    assert found is not None
    assert found.suite.passed
    assert found.whence.endswith(f"whose tests ran for {record}")


def test_it_is_judged_in_full_otherwise_and_the_report_says_where_the_tests_ran(make: Make) -> None:
    world = make(QUICK)
    pull, record = taken_back(world)
    state = judge_pull(world.tools, world.job(pull), look(world.tools, world.job(pull), {}))
    stored = records.get(world.store, state["record"])
    assert stored is not None
    made = reading.judged(stored.document)
    assert [each.state for each in made.verdict.stages] == [State.PASSED] * 5
    sandbox = made.verdict.stage("sandbox")
    assert sandbox is not None
    assert record in sandbox.facts["not run again"]
    assert made.assessment.level.rank >= Level.MEDIUM_RISK.rank
    assert any(not each.known and "covered" in each.name for each in made.assessment.factors)


def failing() -> Judged:
    made = judged(Level.LOW_RISK)
    assert made.verdict.tests is not None
    base = suite(147, (TestResult("tests/test_a.py::test_x", Ends.FAILED),))
    return replace(made, verdict=replace(made.verdict, tests=replace(made.verdict.tests, base=base)))


def untrusted() -> Judged:
    made = judged(Level.LOW_RISK)
    assert made.verdict.tests is not None
    base = replace(suite(148), trusted=False)
    return replace(made, verdict=replace(made.verdict, tests=replace(made.verdict.tests, base=base)))


@pytest.mark.parametrize("value", [failing(), untrusted(), judged(tests=False), judged(skipped="no sandbox")])
def test_tests_that_did_not_pass_on_that_tree_run(make: Make, value: Judged) -> None:
    world = make(QUICK)
    assert asked(world, taken_back(world, value)[0]) is None


def test_what_came_later_makes_another_tree(make: Make) -> None:
    world = make(QUICK)
    assert asked(world, taken_back(world, later="other.py")[0]) is None


def test_a_configuration_that_came_after_the_revert_left_its_branch_is_asked(make: Make) -> None:
    world = make(QUICK)
    pull, _ = taken_back(world)
    assert asked(world, pull) is not None
    world.configure("sandbox: {reruns: 3}\n")
    assert asked(world, pull) is None


def test_old_runs_say_nothing_of_now(make: Make) -> None:
    world = make(QUICK)
    assert asked(world, taken_back(world, finished=time.time() - FRESH - 1)[0]) is None


def test_who_asks_to_run_it_again_gets_that(make: Make) -> None:
    world = make(QUICK)
    assert asked(world, taken_back(world)[0], again="rerun-1") is None


@pytest.mark.parametrize(
    "files",
    [{"conftest": "x = 1\n"}, {"setup": "x = 1\n"}],
    ids=lambda each: next(iter(each)),
)
def test_what_decides_over_tests_is_tried_in_full(make: Make, files: dict[str, str]) -> None:
    world = make(QUICK)
    assert asked(world, taken_back(world, files=files)[0]) is None


def test_a_long_revert_is_tried_in_full(make: Make) -> None:
    world = make(QUICK, long="".join(f"x{number} = 1\n" for number in range(10)))
    assert asked(world, taken_back(world, files={"long": "x = 1\n"})[0]) is None


def test_a_push_to_it_makes_it_another_change(make: Make) -> None:
    world = make(QUICK)
    pull, _ = taken_back(world)
    assert asked(world, world.push(pull, cart="x = 3\n")) is None


@pytest.mark.parametrize("sort", [None, Sort.FIX])
def test_only_reverts_of_selfmods_own_take_it(make: Make, sort: Sort | None) -> None:
    """The same commit, as anybody else proposes it."""
    world = make(QUICK)
    pull, _ = taken_back(world)
    made = modifications.of_pull(world.store, pull.repository, pull.number)
    assert made is not None
    if sort is None:
        assert asked(world, replace(pull, own=False)) is None
    else:
        modifications.put(world.store, replace(made, sort=sort))
        assert asked(world, pull) is None
