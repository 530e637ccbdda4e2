"""What goes in by itself: agreed, of selfmod's own, and only where the gate of this App is required."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from app.model.forge import CheckRun, Conclusion, FileEdit, Landing, Opinion, Pull, Required
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.model.trouble import Superseded
from app.store import audit
from app.store.proposed import modifications
from app.workflows import landing
from app.workflows.proposing import upkeep
from app.workflows.reviewing.proposing import proposer_of
from app.workflows.stopping.armed import ARMED
from checks.model.errors import Refusal
from checks.model.safety import Level, Proposer
from checks.settings import Settings
from tests.forges import REPOSITORY, Forge
from tests.pulls.hosts import OWN
from tests.pulls.judgements import judged
from tests.pulls.worlds import ANN, World

type Make = Callable[..., World]
ENFORCE = "mode: enforce\n"


def proposed(make: Make, configuration: str = ENFORCE, level: Level = Level.LOW_RISK) -> tuple[World, Pull]:
    """A judged pull request of selfmod's own into a branch that requires the gate."""
    world = make(configuration)
    world.host.gated.add("main")
    pull = world.pull(OWN, cart="x = 1\n")
    world.host.opened[pull.number] = pull = replace(pull, own=True, title="fix: it")
    world.judged(pull, judged(level))
    return world, pull


def told(world: World, pull: Pull) -> list[str]:
    about = audit.about(world.store, pull.repository, f"{pull.repository}#{pull.number}", 50)
    return [each.facts for each in about if each.kind == landing.KIND]


def test_what_is_agreed_is_merged_once_and_written_down(make: Make) -> None:
    world, pull = proposed(make)
    assert world.weigh(pull)["landing"] == "merged"
    now = world.host.pull(pull.number)
    assert (now.merged, now.merge_commit) == (True, world.host.branch("main"))
    assert world.gate(pull).title == "LOW_RISK · no approval needed, merging"
    (facts,) = told(world, pull)
    assert now.merge_commit in facts
    assert "fix: it (#7)" in world.git.git("log", "-1", "--format=%s", "main")
    assert world.host.writes["merge"] == 1


@pytest.mark.parametrize(
    ("configuration", "level"),
    [
        ("mode: propose\n", Level.LOW_RISK),
        ("mode: observe\n", Level.SAFE),
        (ENFORCE + "auto_apply_threshold: SAFE\n", Level.LOW_RISK),
        (ENFORCE + "auto_apply_threshold: NONE\n", Level.SAFE),
        (ENFORCE, Level.MEDIUM_RISK),
        (ENFORCE, Level.CRITICAL),
    ],
)
def test_what_is_not_agreed_stays(make: Make, configuration: str, level: Level) -> None:
    world, pull = proposed(make, configuration, level)
    assert "landing" not in world.weigh(pull)
    assert not world.host.pull(pull.number).merged


@pytest.mark.parametrize(
    ("status", "goes"),
    [
        (Status.PENDING_APPROVAL, True),
        (Status.APPROVED, True),
        (Status.SUPERSEDED, True),
        (Status.REJECTED, False),
        (Status.ROLLED_BACK, False),
    ],
)
def test_what_was_declined_and_is_opened_again_is_merged_by_a_person(make: Make, status: Status, goes: bool) -> None:
    world, pull = proposed(make)
    kept = Modification(pull.repository, Sort.FIX, pull.head_ref, "main", "x", head=pull.head, number=pull.number)
    modifications.put(world.store, replace(kept, status=status))
    world.weigh(pull)
    assert world.host.pull(pull.number).merged is goes
    assert ("merging" in (world.gate(pull).title or "")) is goes


def test_the_hourly_look_does_not_forget_that_it_was_declined(make: Make) -> None:
    """It waits once more as every other one does; what somebody closed is merged by a person all the same."""
    world, pull = proposed(make)
    made = Modification(pull.repository, Sort.FIX, pull.head_ref, "main", "x", head=pull.head, number=pull.number)
    modifications.put(world.store, replace(made, status=Status.REJECTED, reason="closed by @ann"))
    for hour in ("1", "2"):
        world.run(upkeep.STEPS[:1], Job(Kind.RECONCILE, pull.repository, 5, reason="hourly", again=hour), twice=True)
        now = modifications.of_pull(world.store, pull.repository, pull.number)
        assert now is not None and now.status in (Status.PENDING_APPROVAL, Status.APPROVED)
        assert "landing" not in world.weigh(pull)
        assert not world.host.pull(pull.number).merged


def test_a_persons_pull_request_is_merged_by_a_person(make: Make) -> None:
    world, pull = proposed(make)
    world.host.opened[pull.number] = replace(pull, own=False)
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS
    assert not world.host.pull(pull.number).merged


@pytest.mark.parametrize("checks", [(), (("selfmod/gate", 0),), (("selfmod/gate", 41),)])
def test_nothing_goes_where_the_gate_of_this_app_is_not_required(
    make: Make, checks: tuple[tuple[str, int], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, pull = proposed(make)
    monkeypatch.setattr(world.host, "required", lambda branch: Required(checks, protected=True))
    world.weigh(pull)
    assert not world.host.pull(pull.number).merged
    assert "selfmod protect" in world.gate(pull).summary


def test_protection_that_is_removed_at_the_last_moment_keeps_it_out(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, pull = proposed(make)
    answers = iter([*[world.host.required("main")] * 2])
    monkeypatch.setattr(world.host, "required", lambda branch: next(answers, Required(protected=True)))
    world.weigh(pull)
    assert not world.host.pull(pull.number).merged


def test_approval_then_push_merges_nothing(make: Make) -> None:
    world, pull = proposed(make, ENFORCE + "approvals:\n  merge_after_approval: true\n", Level.MEDIUM_RISK)
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.push(pull, cart="x = 2\n")
    world.judged(world.host.pull(pull.number), judged(Level.MEDIUM_RISK))
    world.weigh(world.host.pull(pull.number))
    assert not world.host.pull(pull.number).merged
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.host.authors[pull.number] = OWN
    assert world.weigh(world.host.pull(pull.number))["landing"] == "merged"


def test_a_push_between_the_gate_and_the_merge_is_not_merged(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world, pull = proposed(make)
    before = world.host.branch("main")

    def arm(*_: object) -> Landing:
        raise Superseded

    monkeypatch.setattr(world.host, "arm", arm)
    assert "landing" not in world.weigh(pull)
    assert world.host.branch("main") == before


def test_a_refusal_of_the_forge_is_an_outcome(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world, pull = proposed(make)

    def arm(*_: object) -> Landing:
        raise Refusal("stopped by @ann: incident 4711.")

    monkeypatch.setattr(world.host, "arm", arm)
    assert world.weigh(pull)["landing"] == "refused"
    assert "incident 4711" in told(world, pull)[0]


@pytest.mark.parametrize(("armed_by_us", "stays"), [(True, False), (False, True)])
def test_what_selfmod_armed_is_disarmed_once_it_is_not_agreed(make: Make, armed_by_us: bool, stays: bool) -> None:
    world, pull = proposed(make, level=Level.MEDIUM_RISK)
    world.host.opened[pull.number] = replace(world.host.pull(pull.number), armed=True)
    if armed_by_us:
        audit.append(world.store, ARMED, pull.repository, f"{pull.repository}#{pull.number}", {}, once="a")
    world.weigh(pull)
    assert world.host.pull(pull.number).armed is stays


@pytest.mark.parametrize("by_a_person", [True, False])
def test_an_armed_head_that_was_pushed_over_is_disarmed_before_success_is_said(
    make: Make, by_a_person: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, pull = proposed(make)
    audit.append(world.store, ARMED, pull.repository, f"{pull.repository}#{pull.number}", {}, once="a")
    if by_a_person:
        world.push(pull, cart="x = 2\n")
        world.host.authors[pull.number] = ANN
    else:
        world.configure("mode: observe\n")
    pull = world.host.opened[pull.number] = replace(world.host.pull(pull.number), armed=True)
    world.judged(pull, judged(Level.LOW_RISK))
    seen = []

    def put_run(run: CheckRun) -> int:
        seen.append((run.conclusion, world.host.pull(pull.number).armed))
        return 1

    monkeypatch.setattr(world.host, "put_run", put_run)
    world.weigh(pull)
    assert seen[-1] == (Conclusion.SUCCESS, False)
    assert not world.host.pull(pull.number).merged


def test_a_crash_after_the_merge_is_written_down_all_the_same(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world, pull = proposed(make)
    state = world.weigh(pull)
    job = world.job(world.host.pull(pull.number), Kind.GATE)
    tools = world.tools
    monkeypatch.setattr("app.workflows.landing.how_it_stands", lambda *_: SimpleNamespace(goes=True))
    assert landing.land(tools, job, state)["landing"] == "merged"
    assert len(told(world, pull)) == 1


def test_where_the_forge_waits_the_gate_says_why(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    world, pull = proposed(make)
    monkeypatch.setattr(world.host, "arm", lambda *_: Landing.waits("Base branch was modified."))
    assert world.weigh(pull)["landing"] == "waits"
    run = world.gate(pull)
    assert (run.conclusion, run.title) == (Conclusion.SUCCESS, "LOW_RISK · no approval needed")
    assert "Base branch was modified." in run.summary


def test_what_is_not_the_commit_that_selfmod_left_there_is_a_persons(make: Make) -> None:
    world, pull = proposed(make)
    kept = Modification(pull.repository, Sort.FIX, pull.head_ref, "main", pull.title, head="e" * 40, number=pull.number)
    modifications.put(world.store, kept)
    world.weigh(pull)
    assert not world.host.pull(pull.number).merged


def test_who_asked_for_it_does_not_approve_it(make: Make) -> None:
    world, pull = proposed(make, level=Level.MEDIUM_RISK)
    made = Modification(pull.repository, Sort.REVERT, pull.head_ref, "main", pull.title, head=pull.head)
    modifications.put(world.store, replace(made, number=pull.number, requester="ann"))
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.weigh(pull)
    assert world.gate(pull).conclusion is None
    assert "asked for this change" in world.gate(pull).summary
    world.host.review(pull.number, "bob", Opinion.APPROVED)
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS


def test_every_step_twice_merges_once(make: Make) -> None:
    world, pull = proposed(make)
    assert not world.host.pull(pull.number).merged
    world.weigh(pull)
    world.weigh(pull)
    assert world.host.writes["merge"] == 1
    assert len(told(world, pull)) == 1


def test_a_proposal_on_github_is_selfmods_until_somebody_pushes(forge: Forge) -> None:
    base = forge.host.branch("main")
    assert base is not None
    edit = FileEdit("src/shop/cart.py", b"def total(prices):\n    return 0 + sum(prices)\n")
    forge.host.commit_files("selfmod/fix/cart", base, [edit], "fix: cart\n")
    number = forge.host.open_pull("selfmod/fix/cart", "main", "fix: cart", "").number
    settings = Settings()
    assert proposer_of(forge.tools(), forge.host.pull(number), settings) is Proposer.SELFMOD
    forge.github.push(REPOSITORY, "selfmod/fix/cart", {"README.md": "more\n"}, by="bob")
    assert proposer_of(forge.tools(), forge.host.pull(number), settings) is Proposer.PERSON
