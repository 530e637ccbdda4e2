"""What is written about a judgement: once found out in a run, each report by itself, failures in their words."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Conclusion, Opinion, Pull
from app.model.job import Kind
from app.model.trouble import Superseded
from app.store import audit
from app.workflows import gate, review
from app.workflows.reviewing import reports
from app.workflows.reviewing.subject import look
from app.workflows.steps import State
from checks.model.errors import Refusal
from checks.model.safety import Level
from tests.pulls.judgements import finding, judged
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]
ENFORCE = "mode: enforce\nallowed_commands: []\n"
REPORTS = (reports.report_gate, reports.paint, reports.comment, reports.ask_reviewers)
READ = ("reviews", "people", "commits")


def case(
    make: Make, configuration: str = ENFORCE, level: Level = Level.HIGH_RISK, **more: object
) -> tuple[World, Pull]:
    world = make(configuration)
    world.git.put("CODEOWNERS", "* @mia @ann @acme/web\n")
    world.git.commit()
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull, judged(level, owned=True, **more))  # type: ignore[arg-type]  # a case's
    return world, pull


def state_of(world: World, pull: Pull) -> State:
    return gate.look(world.tools, world.job(pull, Kind.GATE, "submitted"), {})


def reads(world: World) -> list[int]:
    return [world.host.reads[each] for each in READ]


def test_one_run_weighs_once_for_all_its_reports(make: Make) -> None:
    world, pull = case(make)
    job = world.job(pull, Kind.GATE, "ready_for_review")
    world.run(gate.STEPS, job)
    assert reads(world) == [1, 1, 1]
    assert world.host.pull(pull.number).requested == ("mia", "ann", "acme/web")
    assert world.host.pull(pull.number).labels == ("selfmod: HIGH_RISK", "review required")
    assert "waiting for 2 of 2" in world.host.sticky(pull.number)
    # another run sees what was said since
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.run(gate.STEPS, job)
    assert reads(world) == [2, 2, 2]
    assert "waiting for 1 of 2" in world.host.sticky(pull.number)


def test_a_review_weighs_once_too(make: Make) -> None:
    world, pull = case(make)
    world.run(review.STEPS, world.job(pull, again="1"))
    assert [world.host.reads[each] for each in ("reviews", "commits")] == [1, 1]


def test_after_a_restart_it_is_weighed_anew(make: Make) -> None:
    """Each step with tools of its own, as where a crash or a wait lies between all of them."""
    world, pull = case(make)
    state, job = state_of(world, pull), world.job(pull, Kind.GATE, "submitted")
    for count, step in enumerate(REPORTS, 1):
        step(world.tools, job, dict(state))
        assert reads(world) == [count] * 3


def test_what_one_run_knows_of_one_head_says_nothing_of_another(make: Make) -> None:
    world, pull = case(make)
    tools, job = world.tools, world.job(pull, Kind.GATE, "submitted")
    reports.report_gate(tools, job, state_of(world, pull))
    pushed = world.push(pull, cart="x = 2\n")
    world.judged(pushed, judged(Level.SAFE))
    reports.report_gate(tools, world.job(pushed, Kind.GATE, "submitted"), state_of(world, pushed))
    assert world.gate(pull).title == "SAFE · no approval needed"
    assert world.host.run_of("gate", pull.head).title.startswith("HIGH_RISK")


@pytest.mark.parametrize("step", [reports.report_validation, reports.report_sandbox, reports.report_gate])
def test_a_refusal_is_reported_in_its_words(make: Make, step: Callable[..., State]) -> None:
    world, pull = case(make)
    state = look(world.tools, world.job(pull), {}) | {"refused": ["The file is not valid.", "Mend it."]}
    assert step(world.tools, world.job(pull), state) == {}
    (run,) = world.host.made_runs.values()
    assert (run.conclusion, run.title) == (Conclusion.FAILURE, "failed: The file is not valid.")
    assert "Mend it." in run.summary


def test_a_refusal_is_written_down_once_in_each_repository(make: Make) -> None:
    """A fork can have a pull request of the same number and head."""
    world, pull = case(make)
    state = look(world.tools, world.job(pull), {}) | {"refused": ["The file is not valid.", "Mend it."]}
    here = world.job(pull)
    for job in (here, here, replace(here, repository="fork/shop")):
        reports.write_down(world.tools, job, state)
    assert [each.repository for each in audit.newest(world.store, reports.JUDGED, 9)] == ["fork/shop", here.repository]
    long = replace(here, repository=f"{'o' * 39}/{'n' * 100}")
    for digest in ("a" * 64, "b" * 64):
        reports.write_down(world.tools, long, state | {"key": f"pull:12345:{pull.head}:{digest}"})
    assert len(audit.newest(world.store, reports.JUDGED, 9)) == 4


@pytest.mark.parametrize("step", REPORTS)
def test_a_record_that_was_pruned_is_a_refusal_with_the_remedy(make: Make, step: Callable[..., State]) -> None:
    world, pull = case(make)
    with pytest.raises(Refusal, match="mod_0123456789ab is gone") as refused:
        step(world.tools, world.job(pull), state_of(world, pull) | {"record": "mod_0123456789ab"})
    assert "Re-run" in refused.value.hint


@pytest.mark.parametrize(
    ("mode", "level", "expected"),
    [
        ("enforce", Level.MEDIUM_RISK, {"bug", "selfmod: MEDIUM_RISK", "review required"}),
        ("enforce", Level.SAFE, {"bug", "selfmod: SAFE"}),
        ("propose", Level.MEDIUM_RISK, {"bug", "selfmod: MEDIUM_RISK"}),
        ("observe", Level.MEDIUM_RISK, {"bug", "selfmod: HIGH_RISK"}),
    ],
)
def test_labels_are_those_of_the_level(make: Make, mode: str, level: Level, expected: set[str]) -> None:
    world, pull = case(make, f"mode: {mode}\n", level)
    world.host.opened[pull.number] = replace(pull, labels=("bug", "selfmod: HIGH_RISK"))
    reports.paint(world.tools, world.job(pull, Kind.GATE), state_of(world, pull))
    assert set(world.host.pull(pull.number).labels) == expected


@pytest.mark.parametrize(
    ("requested", "draft", "said", "expected"),
    [
        ((), False, "", ("mia", "ann", "acme/web")),
        ((), True, "", ()),
        (("MIA",), False, "", ("MIA", "ann", "acme/web")),
        ((), False, "mia", ("ann", "acme/web")),
        (("a", "b", "c", "d"), False, "", ("a", "b", "c", "d", "mia")),
        (("a", "b", "c", "d", "e"), False, "", ("a", "b", "c", "d", "e")),
    ],
)
def test_who_is_asked_for_a_review(
    make: Make, requested: tuple[str, ...], draft: bool, said: str, expected: tuple[str, ...]
) -> None:
    world, pull = case(make)
    world.host.opened[pull.number] = replace(pull, requested=requested, draft=draft)
    if said:
        world.host.review(pull.number, said, Opinion.APPROVED)
    reports.ask_reviewers(world.tools, world.job(pull, Kind.GATE), state_of(world, pull))
    assert world.host.pull(pull.number).requested == expected


def test_a_target_that_changed_since_is_not_reported_on(make: Make) -> None:
    world, pull = case(make)
    state = state_of(world, pull)
    world.configure("mode: observe\n")
    with pytest.raises(Superseded):
        reports.report_gate(world.tools, world.job(pull, Kind.GATE, again="1"), state)
    assert [(each.kind, each.again) for each in world.enqueued] == [(Kind.REVIEW, "1~")]
    assert world.host.made_runs == {}


@pytest.mark.parametrize(
    ("refused", "kept", "absent"),
    [
        ([], {"level": "HIGH_RISK", "passed": "false"}, "refused"),
        (["No.", ""], {"refused": "No."}, "level"),
    ],
)
def test_a_judgement_is_written_down_once(make: Make, refused: list[str], kept: dict[str, str], absent: str) -> None:
    world, pull = case(make, findings=[finding()])
    state = state_of(world, pull) | ({"refused": refused} if refused else {})
    job = replace(world.job(pull, reason="opened"), actor="bob")
    for _ in range(2):
        reports.write_down(world.tools, job, state)
    (line,) = list(audit.export(world.store))
    link = json.loads(line)
    facts = link["facts"] if isinstance(link["facts"], dict) else json.loads(link["facts"])
    assert link["kind"] == reports.JUDGED
    assert facts.items() >= (kept | {"head": pull.head, "reason": "opened", "actor": "bob"}).items()
    assert absent not in facts


@pytest.mark.parametrize(
    ("told", "title", "summary"),
    [
        ({"bug": "bug_0123456789ab", "why": "KeyError"}, "bug_0123456789ab", "log has the rest"),
        ({"bug": "", "why": "GitHub refuses this."}, "failed: GitHub refuses this.", "GitHub refuses this."),
    ],
)
@pytest.mark.parametrize(("step", "names"), [(reports.fail, 3), (reports.fail_gate, 1)])
def test_what_failed_for_good_says_so(
    make: Make, told: State, title: str, summary: str, step: Callable[..., State], names: int
) -> None:
    world, pull = case(make)
    step(world.tools, world.job(pull), told)
    runs = list(world.host.made_runs.values())
    assert len(runs) == names
    assert all(run.conclusion is Conclusion.FAILURE and title in run.title and summary in run.summary for run in runs)
    assert all("KeyError" not in run.summary + run.title for run in runs)


def test_what_was_begun_for_what_is_gone_does_not_stay_in_progress(make: Make) -> None:
    world, pull = case(make)
    job = world.job(pull)
    state = look(world.tools, job, {})
    reports.begin(world.tools, job, state)
    reports.fail(world.tools, job, state | {"gone": True})
    runs = world.host.runs(pull.head)
    assert [each.conclusion for each in runs] == [Conclusion.CANCELLED] * 3
    assert {each.title for each in runs} == {"ended: what it needs is gone"}
    world.weigh(pull)
    before = world.gate(pull)
    reports.fail_gate(world.tools, job, state | {"gone": True})
    assert world.gate(pull) == before
