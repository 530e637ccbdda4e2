"""Jobs one after the other in one run: what each needs before it, what each leads to, and what is told of a fault."""

from collections.abc import Callable
from typing import Any

import pytest

from app.action.answering import jobs
from app.action.answering.jobs import HOOKS, MOST, VERBS, Done, Work
from app.model.forge import Person, Pull, Role
from app.model.job import Job, Kind
from app.model.trouble import Gone, Superseded, Unavailable
from app.views import gate
from app.workflows.proposing.upkeep import HOURLY
from app.workflows.steps import State, Step, Tools
from checks.model.errors import Refusal
from checks.model.safety import Level
from tests.app.action.stateless.conftest import Runs
from tests.pulls.hosts import OWN
from tests.pulls.judgements import judged
from tests.pulls.worlds import ANN, BOB, EVE

ENFORCE = "mode: enforce\n"
HERE = "acme/shop"


@pytest.fixture
def judging(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Reviews store a judgement at once; their heads."""
    heads: list[str] = []

    def judge(tools: Tools, job: Job, state: State) -> State:
        heads.append(job.head)
        before, runs.world.store = runs.world.store, tools.store
        try:
            return {"record": runs.world.judged(tools.host.pull(job.number), judged(Level.MEDIUM_RISK))}
        finally:
            runs.world.store = before

    monkeypatch.setattr(jobs, "VERBS", {**VERBS, Kind.REVIEW: (Step("judge", judge),)})
    return heads


def work(runs: Runs, wait: Callable[[float], object] = lambda seconds: None, shared: bool = True) -> Work:
    host, store = runs.fresh(shared)
    return Work(host, store, runs.world.settings, OWN.id, wait=wait)


def commented(runs: Runs, pull: Pull, by: Any, body: str) -> tuple[Done, ...]:
    """A comment, and the run that answers it."""
    comment = runs.say(pull.number, by, body)
    job = Job(Kind.COMMENT, HERE, 0, pull.number, reason="created", actor=by.login, account=by.id, comment=comment)
    done = work(runs).run(job)
    assert [each.why for each in done if each.why] == []
    return done


def title(runs: Runs, pull: Pull) -> str:
    return runs.world.gate(pull).title


def test_approvals_by_command_add_up_over_runs_that_keep_nothing(runs: Runs, judging: list[str]) -> None:
    runs.world.configure(ENFORCE)
    pull = runs.world.pull(BOB, more="x = 1\n")
    commented(runs, pull, BOB, f"/selfmod approve {pull.head}")
    assert "waiting for 1 of 1 approval:" in title(runs, pull)  # of the author
    commented(runs, pull, EVE, f"/selfmod approve {pull.head}")
    assert "needs write access" in runs.world.host.sticky(pull.number)
    commented(runs, pull, ANN, f"/selfmod approve {pull.head}")
    assert runs.world.gate(pull).conclusion == "success"
    # another run, that only weighs
    work(runs).run(Job(Kind.GATE, HERE, 0, pull.number, pull.head, reason="submitted"))
    assert runs.world.gate(pull).conclusion == "success"
    assert judging == [pull.head] * 3  # each judged anew: nothing that is kept can be forged
    runs.world.host.roles.pop("ann")
    work(runs).run(Job(Kind.GATE, HERE, 0, pull.number, pull.head, reason="submitted"))
    assert runs.world.gate(pull).conclusion != "success"  # permission is that of the moment


def test_a_shortened_commit_is_refused_with_the_line_to_write(runs: Runs, judging: list[str]) -> None:
    pull = runs.world.pull(BOB, more="x = 1\n")
    commented(runs, pull, ANN, f"/selfmod approve {pull.head[:12]}")
    assert f"all its digits: `/selfmod approve {pull.head}`" in runs.world.host.sticky(pull.number)
    assert judging == []


def test_an_approval_of_another_head_weighs_nothing(runs: Runs, judging: list[str]) -> None:
    pull = runs.world.pull(BOB, more="x = 1\n")
    now = runs.world.push(pull, more="x = 2\n")
    work(runs).run(Job(Kind.GATE, HERE, 0, pull.number, pull.head, reason="submitted"))
    assert judging == []
    assert now.head != pull.head


def test_a_stop_holds_in_the_next_run(runs: Runs, judging: list[str]) -> None:
    runs.world.configure(ENFORCE)
    pull = runs.own("selfmod/fix/x-1a2b3c4d", more="x = 1\n")
    commented(runs, pull, ANN, "/selfmod stop incident 4711")
    assert title(runs, pull) == "stopped by @ann: incident 4711"
    work(runs).run(Job(Kind.GATE, HERE, 0, pull.number, pull.head, reason="submitted"))
    assert title(runs, pull) == "stopped by @ann: incident 4711"
    commented(runs, pull, EVE, "/selfmod resume please")
    assert title(runs, pull) == "stopped by @ann: incident 4711"
    commented(runs, pull, ANN, "/selfmod resume mended")
    assert not title(runs, pull).startswith("stopped")


def test_a_rollback_is_judged_known_to_the_next_run_and_not_approved_by_who_asked(
    runs: Runs, judging: list[str]
) -> None:
    runs.world.configure(ENFORCE)
    pull = runs.world.pull(BOB, more="x = 1\n")
    runs.world.host.merge(pull.number, pull.head, "merge")
    commented(runs, pull, ANN, "/selfmod rollback -m wrong totals")
    revert = runs.world.host.pull(pull.number + 1)
    assert judging == [revert.head]
    assert "waiting for 1 of 1 approval:" in title(runs, revert)
    assert revert.body.startswith("<!-- selfmod:modification {")
    commented(runs, revert, ANN, f"/selfmod approve {revert.head}")
    assert "waiting for 1 of 1 approval:" in title(runs, revert)
    # the commit says it too: who takes the hidden line away does not approve what they asked for
    body = runs.world.host.pull(revert.number).body
    runs.world.host.edit_pull(revert.number, revert.title, body.partition("\n")[2])
    work(runs).run(Job(Kind.GATE, HERE, 0, revert.number, revert.head, reason="submitted"))
    assert "waiting for 1 of 1 approval:" in title(runs, revert)
    # nor under another name
    runs.world.host.roles["annette"] = Role.MAINTAIN
    commented(runs, revert, Person("annette", ANN.id), f"/selfmod approve {revert.head}")
    assert "waiting for 1 of 1 approval:" in title(runs, revert)
    work(runs).run(Job(Kind.GATE, HERE, 0, revert.number, revert.head, reason="submitted"))
    assert "waiting for 1 of 1 approval:" in title(runs, revert)
    runs.world.host.edit_pull(revert.number, revert.title, body)
    commented(runs, revert, BOB, f"/selfmod approve {revert.head}")
    assert runs.world.gate(revert).conclusion == "success"
    commented(runs, pull, BOB, "/selfmod rollback")
    assert len(runs.world.host.opened) == 2


@pytest.fixture
def low_risk(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reviews store that a change is LOW_RISK, and the gate is required."""
    runs.world.configure(ENFORCE)
    runs.world.host.gated.add("main")

    def judge(tools: Tools, job: Job, state: State) -> State:
        with monkeypatch.context() as here:
            here.setattr(runs.world, "store", tools.store)
            return {"record": runs.world.judged(tools.host.pull(job.number), judged(Level.LOW_RISK))}

    monkeypatch.setattr(jobs, "VERBS", {**VERBS, Kind.REVIEW: (Step("judge", judge),)})


@pytest.mark.usefixtures("low_risk")
@pytest.mark.parametrize("again", [True, False])
def test_what_was_closed_and_opened_again_is_merged_by_a_person(runs: Runs, again: bool) -> None:
    pull = runs.own("selfmod/fix/x-1a2b3c4d", more="x = 1\n")
    runs.edited.again |= {pull.number} if again else set()
    job = Job(Kind.GATE, HERE, 0, pull.number, pull.head, reason="submitted")
    done = work(runs, shared=False).run(job)
    assert [each.why for each in done if each.why] == []
    now = runs.world.host.pull(pull.number)
    assert (now.merged, now.armed) == (not again, False)
    assert runs.world.gate(pull).conclusion == "success"
    assert ("It was closed before, so a person merges it." in runs.world.gate(pull).text) is again
    assert ("merging" in title(runs, pull)) is not again


@pytest.mark.usefixtures("low_risk")
@pytest.mark.parametrize(
    "silent", [Refusal("GitHub refused it.", "Give the job permissions: pull-requests: read."), Unavailable("Later.")]
)
def test_where_it_is_not_told_whether_it_was_closed_nothing_is_merged(runs: Runs, silent: Exception) -> None:
    pull = runs.own("selfmod/fix/x-1a2b3c4d", more="x = 1\n")
    runs.edited.silent = silent
    done = work(runs, shared=False).run(Job(Kind.GATE, HERE, 0, pull.number, pull.head, reason="submitted"))
    assert [each.why for each in done if each.why] == [str(silent)]
    now = runs.world.host.pull(pull.number)
    assert (now.merged, now.armed) == (False, False)
    assert runs.world.gate(pull).conclusion == "failure"
    assert str(silent).split(".")[0] in runs.world.gate(pull).summary


@pytest.mark.usefixtures("low_risk")
def test_it_is_asked_of_nothing_that_a_person_merges(runs: Runs) -> None:
    theirs = runs.world.pull(BOB, more="x = 1\n")
    work(runs, shared=False).run(Job(Kind.GATE, HERE, 0, theirs.number, theirs.head, reason="submitted"))
    ours = runs.own("selfmod/fix/x-1a2b3c4d", other="x = 1\n")
    job = Job(Kind.GATE, HERE, 0, ours.number, ours.head, reason="submitted")
    work(runs, shared=True).run(job)
    assert runs.edited.asked == []
    runs.world.configure("mode: propose\n")
    work(runs, shared=False).run(job)
    assert runs.edited.asked == []
    assert not runs.world.host.pull(ours.number).merged


@pytest.mark.parametrize("shared", [True, False])
def test_a_commit_that_any_workflow_could_have_made_is_merged_by_a_person(
    runs: Runs, judging: list[str], monkeypatch: pytest.MonkeyPatch, shared: bool
) -> None:
    """The hostile case: a workflow that somebody pushed made the commit, the pull request and its hidden line."""
    runs.world.configure(ENFORCE)
    runs.world.host.gated.add("main")
    pull = runs.own("selfmod/fix/x-1a2b3c4d", more="x = 1\n")

    def judge(tools: Tools, job: Job, state: State) -> State:
        with monkeypatch.context() as here:
            here.setattr(runs.world, "store", tools.store)
            return {"record": runs.world.judged(tools.host.pull(job.number), judged(Level.SAFE))}

    monkeypatch.setattr(jobs, "VERBS", {**VERBS, Kind.REVIEW: (Step("judge", judge),)})
    work(runs, shared=shared).run(Job(Kind.GATE, HERE, 0, pull.number, pull.head, reason="submitted"))
    now = runs.world.host.pull(pull.number)
    assert (now.merged, now.armed) == (not shared, False)
    said = runs.world.gate(pull)
    assert said.conclusion == "success"
    assert ("Merged by a person: the workflow" in said.summary) is shared
    assert ("merging" in said.title) is not shared


def test_what_cannot_be_read_of_what_moved_ends_nothing_else(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.world.pull(BOB, more="x = 1\n")
    host, store = runs.fresh()

    def moved(tools: Tools, job: Job, state: State) -> State:
        host.moved.append(99)
        return {"ran": True}

    steps(monkeypatch, moved)
    done = Work(host, store, runs.world.settings, OWN.id).run(onboard(), onboard(again="b"))
    assert [(each.job.kind, each.why) for each in done] == [(Kind.ONBOARD, ""), (Kind.REVIEW, "#99")] * 2


def steps(monkeypatch: pytest.MonkeyPatch, *these: Callable[[Tools, Job, State], State]) -> None:
    made = tuple(Step(f"step{number}", each) for number, each in enumerate(these))
    monkeypatch.setattr(jobs, "VERBS", {**VERBS, Kind.ONBOARD: made})


def onboard(comment: int = 0, again: str = "") -> Job:
    return Job(Kind.ONBOARD, HERE, 0, 7, reason="asked", actor="ann", comment=comment, again=again)


def test_a_job_runs_once_and_a_run_ends(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.world.pull(BOB, more="x = 1\n")

    def more(tools: Tools, job: Job, state: State) -> State:
        tools.enqueue(onboard(again=job.again))
        tools.enqueue(onboard(again=f"{job.again}x"))
        tools.enqueue(Job(Kind.GATE, HERE, 0, 7, reason=HOURLY))
        return {"ran": True}

    steps(monkeypatch, more)
    done = work(runs).run(onboard())
    assert len(done) == MOST + 1
    assert done[-1].why == f"more than {MOST} jobs came of one event: the rest is left"
    assert [each.job.kind for each in done] == [Kind.ONBOARD] * len(done)


def test_what_goes_better_later_is_tried_again(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.world.pull(BOB, more="x = 1\n")
    tries, waits = [0], list[float]()

    def busy(tools: Tools, job: Job, state: State) -> State:
        tries[0] += 1
        if tries[0] < 3:
            raise Unavailable("GitHub failed.", 7.0)
        return {"ran": True}

    steps(monkeypatch, busy)
    (done,) = work(runs, waits.append).run(onboard())
    assert (done.why, done.state, waits) == ("", {"ran": True}, [7.0, 7.0])


def raising(error: Exception) -> Callable[[Tools, Job, State], State]:
    def step(tools: Tools, job: Job, state: State) -> State:
        raise error

    return step


@pytest.mark.parametrize(
    ("error", "why", "told"),
    [
        (Refusal("no.", "Do it."), "no.  Do it.", "no."),
        (Unavailable("GitHub failed.", 900.0), "GitHub failed.", "GitHub failed."),
        (Gone("#9"), "#9", "&#35;&#8203;9"),
        (KeyError("secret"), "KeyError", "a fault of selfmod's own (`bug_"),
        (Superseded(), "", ""),
    ],
)
def test_who_asked_is_told_of_a_fault(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str, told: str
) -> None:
    runs.world.pull(BOB, more="x = 1\n")
    steps(monkeypatch, lambda tools, job, state: {"begun": True}, raising(error))
    (done,) = work(runs).run(onboard(comment=5))
    assert (done.why, done.ours) == (why, isinstance(error, KeyError))
    said = runs.world.host.sticky(7)
    assert told in said and "secret" not in said and bool(said) is bool(told)


def test_every_verb_has_somebody_who_tells_of_its_failure() -> None:
    assert set(VERBS) - set(HOOKS) == {Kind.RECONCILE}  # nobody waits for it
    assert gate.NAME == "selfmod/gate"
