"""The gate as approvals come and go and buttons are pressed: from a stored record, nothing is run."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Conclusion, Opinion, Pull, Role
from app.model.job import Kind
from app.store import audit, grants
from app.workflows import gate
from checks.model.safety import Level
from checks.model.verdicts import Outcome, TestResult
from tests.pulls.judgements import judged
from tests.pulls.worlds import BOB, EVE, World

ENFORCE = "mode: enforce\n"
type Make = Callable[..., World]


def ready(
    make: Make, configuration: str = ENFORCE, level: Level = Level.MEDIUM_RISK, **more: object
) -> tuple[World, Pull]:
    world = make(configuration)
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull, judged(level, **more))  # type: ignore[arg-type]  # a case's
    return world, pull


def test_it_waits_says_for_whom_and_is_let_go_by_an_approval(make: Make) -> None:
    world, pull = ready(make)
    world.weigh(pull)
    run = world.gate(pull)
    assert run.conclusion is None
    assert run.title == "MEDIUM_RISK · waiting for 1 of 1 approval: anybody with write access"
    assert [each.label for each in run.buttons] == ["Re-run", "Approve"]
    assert world.host.pull(pull.number).labels == ("selfmod: MEDIUM_RISK", "review required")
    assert "waiting for 1 of 1" in world.host.sticky(pull.number)
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.weigh(pull)
    run = world.gate(pull)
    assert (run.conclusion, run.title) == (Conclusion.SUCCESS, "MEDIUM_RISK · approved by @ann")
    assert [each.label for each in run.buttons] == ["Re-run"]
    assert world.host.pull(pull.number).labels == ("selfmod: MEDIUM_RISK",)
    assert world.host.sticky(pull.number) == "Nothing is left to do here."


@pytest.mark.parametrize("mode", ["observe", "propose"])
def test_where_nothing_is_held_it_passes_and_says_what_it_would_wait_for(make: Make, mode: str) -> None:
    world, pull = ready(make, f"mode: {mode}\n")
    world.weigh(pull)
    run = world.gate(pull)
    assert run.conclusion is Conclusion.SUCCESS
    assert run.title == "MEDIUM_RISK · would wait for 1 approval: anybody with write access"
    assert world.host.sticky(pull.number) == ""
    assert world.host.pull(pull.number).labels == (() if mode == "observe" else ("selfmod: MEDIUM_RISK",))
    assert "Approve" not in [each.label for each in run.buttons]


@pytest.mark.parametrize(
    ("mode", "conclusion", "said"),
    [("enforce", Conclusion.FAILURE, "failed: 1 tests"), ("observe", Conclusion.SUCCESS, "would fail: 1 tests")],
)
def test_only_what_is_broken_is_a_failure(make: Make, mode: str, conclusion: Conclusion, said: str) -> None:
    world, pull = ready(make, f"mode: {mode}\n", failing=[TestResult("tests/test_a.py::test_x", Outcome.FAILED)])
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.weigh(pull)
    run = world.gate(pull)
    assert run.conclusion is conclusion
    assert said in run.title


HELD_BY_NOTHING = "Nothing holds a merge here: main does not require selfmod/gate of this App."


@pytest.mark.parametrize(
    ("mode", "gates", "legible", "told"),
    [
        ("enforce", {}, True, True),
        ("enforce", {"main": 0}, True, True),
        ("enforce", {"main": 41}, True, True),
        ("enforce", {"other": 42}, True, True),
        ("enforce", {"main": 42}, True, False),
        ("enforce", {}, False, False),
        ("observe", {}, True, False),
        ("propose", {"main": 0}, True, False),
    ],
)
def test_a_gate_that_nothing_requires_says_so(
    make: Make, mode: str, gates: dict[str, int], legible: bool, told: bool
) -> None:
    world, pull = ready(make, f"mode: {mode}\n")
    world.host.gates, world.host.legible = gates, legible
    world.weigh(pull)
    summary = world.gate(pull).summary
    assert (HELD_BY_NOTHING in summary) is told
    assert ("`selfmod protect --repo acme/shop` writes it." in summary) is told


@pytest.mark.parametrize(
    ("login", "opinion", "why"),
    [
        ("bob", Opinion.APPROVED, "opened this pull request"),
        ("eve", Opinion.APPROVED, "has read access"),
        ("ann", Opinion.CHANGES_REQUESTED, "asks for changes"),
    ],
)
def test_what_does_not_count_is_listed_with_why(make: Make, login: str, opinion: Opinion, why: str) -> None:
    world, pull = ready(make)
    world.host.review(pull.number, login, opinion)
    world.weigh(pull)
    run = world.gate(pull)
    assert run.conclusion is None
    assert why in run.summary


def test_a_push_voids_the_approval(make: Make) -> None:
    world, pull = ready(make)
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS
    pushed = world.push(pull, cart="x = 2\n")
    assert world.weigh(pull) == {"superseded": True}
    world.judged(pushed)
    world.weigh(pushed)
    run = world.gate(pull)
    assert run.conclusion is None
    assert f"is for {pull.head[:10]}, and the head is {pushed.head[:10]} now" in run.summary


def test_a_demand_for_changes_holds_what_needs_no_approval(make: Make) -> None:
    world, pull = ready(make, level=Level.LOW_RISK)
    world.host.review(pull.number, "ann", Opinion.CHANGES_REQUESTED)
    world.weigh(pull)
    assert world.gate(pull).title == "LOW_RISK · waiting for @ann, who asked for changes"
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.weigh(pull)
    assert world.gate(pull).title == "LOW_RISK · no approval needed"


def test_critical_needs_the_team(make: Make) -> None:
    world, pull = ready(make, 'mode: enforce\napprovals: {critical_teams: ["@acme/security"]}\n', Level.CRITICAL)
    world.host.teams["acme/security"] = ("mia", "zoe")
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.host.review(pull.number, "mia", Opinion.APPROVED)
    world.weigh(pull)
    run = world.gate(pull)
    assert run.title == "CRITICAL · waiting for 1 of 2 approvals: @acme/security"
    assert "is not of @&#8203;acme/security" in run.summary
    world.host.review(pull.number, "zoe", Opinion.APPROVED)
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS


def test_too_few_people_is_blocked_with_the_remedy(make: Make) -> None:
    world, pull = ready(make, level=Level.CRITICAL)
    world.host.roles = {"bob": Role.ADMIN, "ann": Role.WRITE, "zoe": Role.ADMIN}
    world.weigh(pull)
    run = world.gate(pull)
    assert run.conclusion is Conclusion.ACTION_REQUIRED
    assert run.title.startswith("CRITICAL · blocked: 2 approvals of maintainers or admins needed, and only 1 could")
    assert "approvals.critical" in run.text


def test_code_owners_are_those_of_the_target_branch(make: Make) -> None:
    world = make(ENFORCE)
    world.git.put(".github/CODEOWNERS", "* @ann\n/cart.py @mia @acme/web\n")
    world.git.commit()
    world.host.teams["acme/web"] = ("zoe",)
    pull = world.pull(BOB, cart="x = 1\n", more="y = 1\n")
    world.judged(pull, judged(Level.HIGH_RISK, owned=True))
    world.weigh(pull)
    assert "a code owner (@mia, @acme/web, @ann)" in world.gate(pull).title
    world.host.review(pull.number, "zoe", Opinion.APPROVED)
    world.weigh(pull)
    assert world.gate(pull).title == "HIGH_RISK · waiting for 1 of 2 approvals: anybody with write access"


def test_a_sibling_with_the_same_commit_withholds_success(make: Make) -> None:
    world, pull = ready(make)
    world.git.git("branch", "release", "main")
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    other = world.host.open(pull.head_ref, "release", EVE)
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS
    world.host.protected = {"release"}
    world.weigh(pull)
    assert world.gate(pull).conclusion is None
    assert f"#{other.number} to be closed" in world.gate(pull).title
    world.host.opened[other.number] = replace(other, open=False)
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS


def test_commits_of_no_account_let_no_approval_count(make: Make) -> None:
    world, pull = ready(make)
    world.host.authors[pull.number] = None
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.weigh(pull)
    run = world.gate(pull)
    assert run.conclusion is None
    assert "belongs to no account" in run.summary


def test_the_button_approves_this_commit_and_is_written_down(make: Make) -> None:
    world, pull = ready(make)
    world.press(pull, "approve", "ann")
    assert world.gate(pull).title == "MEDIUM_RISK · approved by @ann"
    assert [each.login for each in grants.approvals(world.store, pull.repository, pull.number, pull.head)] == ["ann"]
    assert sum('"approved"' in line for line in audit.export(world.store)) == 1


@pytest.mark.parametrize(
    ("login", "why"),
    [
        ("bob", "The approval of @bob does not count: opened this pull request."),
        ("eve", "approve needs write access to this repository; @eve has read."),
        ("nobody", "approve needs write access to this repository; @nobody has none."),
    ],
)
def test_a_button_of_who_may_not_is_answered_in_a_line(make: Make, login: str, why: str) -> None:
    world, pull = ready(make)
    world.press(pull, "approve", login)
    assert world.gate(pull).conclusion is None
    assert grants.approvals(world.store, pull.repository, pull.number, pull.head) == ()
    said = world.gate(pull).summary.replace("&#8203;", "")
    assert why in said
    assert why in world.host.sticky(pull.number).replace("&#8203;", "")


def test_an_approval_by_comment_that_does_not_count_is_answered_under_it(make: Make) -> None:
    world, pull = ready(make)
    job = world.job(pull, Kind.GATE, "approve", "bob", "c")
    world.run(gate.STEPS, replace(job, comment=41))
    (reply,) = (each for each in world.host.comments(pull.number) if "selfmod:reply:41" in each.body)
    assert "😕 The approval of @bob does not count" in reply.body.replace("&#8203;", "")
    world.run(gate.STEPS, replace(job, comment=42, actor="ann", again="d"))
    assert not any("selfmod:reply:42" in each.body for each in world.host.comments(pull.number))


def test_a_button_for_another_commit_does_nothing(make: Make) -> None:
    world, pull = ready(make)
    pushed = world.push(pull, cart="x = 2\n")
    assert world.press(pull, "approve", "ann") == {"superseded": True}
    assert grants.approvals(world.store, pull.repository, pull.number, pushed.head) == ()


def test_rerun_asks_for_a_review_and_asks_once(make: Make) -> None:
    world, pull = ready(make)
    world.press(pull, "rerun", "ann", again="delivery-1")
    world.press(pull, "rerun", "ann", again="delivery-1")
    assert {(job.kind, job.head, job.again) for job in world.enqueued} == {(Kind.REVIEW, pull.head, "delivery-1")}
    assert len({job.identity for job in world.enqueued}) == 1
    assert world.gate(pull).conclusion is None


def test_rerun_needs_write_access(make: Make) -> None:
    world, pull = ready(make)
    world.press(pull, "rerun", "eve")
    assert world.enqueued == []


def test_a_head_that_was_not_judged_is_not_let_go(make: Make) -> None:
    world = make(ENFORCE)
    pull = world.pull(BOB, cart="x = 1\n")
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.weigh(pull)
    assert world.host.made_runs == {}
    assert world.press(pull, "approve", "ann")["done"] is True
    assert world.host.made_runs == {}


def test_another_target_branch_asks_for_another_judgement(make: Make) -> None:
    world, pull = ready(make)
    world.git.git("checkout", "-q", "--orphan", "other")
    world.git.commit(other="x = 1\n")
    world.git.git("checkout", "-q", "main")
    world.host.opened[pull.number] = replace(pull, base_ref="other")
    assert world.weigh(pull)["done"] is True
    assert [job.kind for job in world.enqueued] == [Kind.REVIEW]


def test_a_pull_request_of_a_fork_is_found_by_its_head(make: Make) -> None:
    world, pull = ready(make)
    job = replace(world.job(pull, Kind.GATE, "rerun", "ann", "d"), number=0)
    assert world.run(gate.STEPS, job) == {"superseded": True}
    assert [(each.number, each.reason) for each in world.enqueued] == [(pull.number, "rerun")]


def test_reviewers_of_a_draft_are_asked_once_it_is_none(make: Make) -> None:
    world = make(ENFORCE)
    world.git.put("CODEOWNERS", "* @mia\n")
    world.git.commit()
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull, judged(Level.HIGH_RISK, owned=True))
    world.host.opened[pull.number] = replace(pull, draft=True)
    world.run(gate.STEPS, world.job(pull, Kind.GATE, "ready_for_review"))
    assert world.host.pull(pull.number).requested == ()
    world.host.opened[pull.number] = pull
    world.weigh(pull)
    assert world.host.pull(pull.number).requested == ()
    world.run(gate.STEPS, world.job(pull, Kind.GATE, "ready_for_review"))
    assert world.host.pull(pull.number).requested == ("mia",)


def test_a_closed_pull_request_is_left_alone(make: Make) -> None:
    world, pull = ready(make)
    world.host.opened[pull.number] = replace(pull, open=False)
    assert world.weigh(pull) == {"superseded": True}
    assert world.host.writes.total() == 0


def test_the_level_is_painted_over_what_people_paint(make: Make) -> None:
    world, pull = ready(make)
    world.host.opened[pull.number] = replace(pull, labels=("selfmod: SAFE", "bug"))
    world.weigh(pull)
    assert set(world.host.pull(pull.number).labels) == {"bug", "selfmod: MEDIUM_RISK", "review required"}


def test_a_broken_configuration_of_an_organisation_raises_no_silent_default(make: Make) -> None:
    world, pull = ready(make)
    world.host.organisation["selfmod.yml"] = b"mode: x\n"
    with pytest.raises(Exception, match=r"acme/\.github/selfmod\.yml, line 1: mode: 'x' is not valid"):
        world.weigh(pull)


def test_where_weighing_failed_for_good_only_the_gate_says_so(make: Make) -> None:
    world, pull = ready(make)
    gate.FAILED.run(world.tools, world.job(pull, Kind.GATE), {"bug": "bug_0123456789ab", "why": "KeyError"})
    assert [run.name for run in world.host.made_runs.values()] == ["selfmod/gate"]
    assert world.gate(pull).conclusion is Conclusion.FAILURE


def test_code_owners_that_came_after_the_change_left_count(make: Make) -> None:
    world = make(ENFORCE)
    pull = world.pull(BOB, cart="x = 1\n")
    world.git.put("CODEOWNERS", "* @mia\n")
    world.git.commit()
    world.judged(pull, judged(Level.HIGH_RISK))
    world.weigh(pull)
    assert "a code owner (@mia)" in world.gate(pull).title


@pytest.mark.parametrize("reason", ["submitted", "approve", "rerun", "labeled"])
def test_every_step_can_run_twice(make: Make, reason: str) -> None:
    once, twice = (ready(make) for _ in range(2))
    for (world, pull), double in ((once, False), (twice, True)):
        actor = "ann" if reason in ("approve", "rerun") else ""
        world.run(gate.STEPS, world.job(pull, Kind.GATE, reason, actor, "d"), double)
    (one, first), (two, second) = once, twice
    assert [run.title for run in one.host.made_runs.values()] == [run.title for run in two.host.made_runs.values()]
    assert one.host.pull(first.number).labels == two.host.pull(second.number).labels
    assert one.host.writes == two.host.writes
    assert len({job.identity for job in one.enqueued}) == len({job.identity for job in two.enqueued})
    assert len(list(audit.export(one.store))) == len(list(audit.export(two.store)))
