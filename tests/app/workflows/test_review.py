"""A pull request from its head to what is written about it, with the stages for real."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Conclusion, Opinion
from app.model.job import Kind
from app.store import audit, grants, heads, records
from app.workflows import review
from tests.pulls.worlds import ANN, BOB, BROKEN, CART, EVE, EVIL, TOTAL, World

type Make = Callable[..., World]
QUICK = "allowed_commands: []\n"
"""The sandbox is skipped: for what it says nothing about."""


def test_a_good_change_in_enforce(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = world.pull(BOB, cart=TOTAL)
    state = world.review(pull)
    host = world.host
    assert host.run_of("validation", pull.head).conclusion is Conclusion.SUCCESS
    assert host.run_of("sandbox", pull.head).title.startswith("1 passed · 1 of 1 changed lines covered")
    record = records.get(world.store, state["record"])
    assert record is not None
    level = record.document["assessment"]["level"]
    assert host.pull(pull.number).labels[0] == f"selfmod: {level}"
    assert world.gate(pull).title.startswith(f"{level} · ")
    assert state["record"] in world.gate(pull).text
    assert record.decision is not None
    assert heads.current(world.store, pull.repository, pull.number) == (pull.head, 1)
    assert sorted(json.loads(line)["kind"] for line in audit.export(world.store)) == ["gate", "judged"]


def test_a_test_that_now_fails_is_a_failure_with_its_place(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = world.pull(BOB, cart=BROKEN)
    world.review(pull)
    assert world.gate(pull).conclusion is Conclusion.FAILURE
    assert world.host.run_of("sandbox", pull.head).conclusion is Conclusion.FAILURE
    validation = world.host.run_of("validation", pull.head)
    assert validation.conclusion is Conclusion.SUCCESS
    assert [(each.path, each.title) for each in validation.annotations] == [("test_cart.py", "a test fails now")]


def test_observe_writes_nothing_but_check_runs(make: Make) -> None:
    world = make(QUICK)
    pull = world.pull(BOB, evil=EVIL)
    world.review(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS
    assert "would fail: 1 new security finding" in world.gate(pull).title
    assert world.host.run_of("validation", pull.head).conclusion is Conclusion.FAILURE
    assert set(world.host.writes) == {"run"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mode: x\n", ".github/selfmod.yml, line 1: mode: 'x' is not valid."),
        ("\nmod: observe\n", ".github/selfmod.yml, line 2: unknown key 'mod'."),
    ],
)
def test_a_broken_configuration_fails_the_gate_with_its_line(make: Make, text: str, said: str) -> None:
    world = make(text)
    pull = world.pull(BOB, cart=TOTAL)
    assert world.review(pull)["refused"][0] == said
    for name in ("gate", "validation", "sandbox"):
        run = world.host.run_of(name, pull.head)
        assert (run.conclusion, run.title) == (Conclusion.FAILURE, f"failed: {said}")
    assert records.latest(world.store, pull.repository, pull.number) is None
    assert world.host.sticky(pull.number) == ""


def test_the_configuration_of_a_head_decides_nothing_and_is_looked_at(make: Make) -> None:
    world = make("mode: enforce\n" + QUICK)
    world.git.git("checkout", "-q", "-b", "lax")
    world.git.put(".github/selfmod.yml", "mode: observe\napprovals: {critical: 1}\n")
    world.git.put(
        ".github/selfmod-tests.yml", "cases:\n  - name: a\n    change: {paths: [a]}\n    expect: {level: SAFE}\n"
    )
    world.git.commit()
    world.git.git("checkout", "-q", "main")
    pull = world.host.open("lax", "main", BOB)
    world.review(pull)
    assert world.gate(pull).title.startswith("CRITICAL · ")
    assert world.gate(pull).conclusion is None
    config = world.host.run_of("config", pull.head)
    assert config.conclusion is Conclusion.FAILURE
    assert config.title.endswith("line 2: approvals.critical: 1 is not valid: 2 at least.")
    assert config.annotations[0].path == ".github/selfmod.yml"
    pushed = world.push(pull)
    world.git.git("checkout", "-q", "lax")
    world.git.put(".github/selfmod.yml", "mode: observe\n" + QUICK)
    pushed = world.push(pushed)
    world.review(pushed)
    assert world.host.run_of("config", pushed.head).title == "valid · 1 value changes · 1 case passed"


def test_what_mends_a_broken_configuration_is_looked_at(make: Make) -> None:
    world = make("mode: x\n")
    world.git.git("checkout", "-q", "-b", "mend")
    world.git.put(".github/selfmod.yml", "mode: enforce\n")
    world.git.commit()
    world.git.git("checkout", "-q", "main")
    pull = world.host.open("mend", "main", BOB)
    world.review(pull)
    assert world.host.run_of("config", pull.head).title.startswith("valid · ")


def test_an_organisations_configuration_lies_beneath(make: Make) -> None:
    world = make(QUICK)
    world.host.organisation["selfmod.yml"] = b"mode: enforce\napprovals: {medium_risk: 2}\n"
    pull = world.pull(BOB, cart=TOTAL)
    world.review(pull)
    assert world.gate(pull).title == "MEDIUM_RISK · waiting for 2 of 2 approvals: anybody with write access"
    assert "acme/.github/selfmod.yml" in world.gate(pull).text.replace("&#8203;", "")


def test_nothing_of_a_fork_runs_before_somebody_says_so(make: Make) -> None:
    world = make("mode: enforce\n")
    proof = world.git.root.parent / "proof"
    conftest = f"import pathlib\npathlib.Path({str(proof)!r}).touch()\n"
    pull = world.pull(
        EVE, fork="eve/shop", cart=BROKEN, test_more="def test_more():\n    assert True\n", conftest=conftest
    )
    world.review(pull)
    run = world.gate(pull)
    said = f"/selfmod ok-to-test {pull.head[:10]} of somebody with write access"
    assert (run.conclusion, run.title.endswith(f" · waiting for {said}")) == (None, True)
    sandbox = world.host.run_of("sandbox", pull.head)
    assert (sandbox.conclusion, sandbox.title) == (None, f"skipped: waits for {said}")
    assert world.host.run_of("validation", pull.head).conclusion is not None
    assert "ok-to-test" in world.host.sticky(pull.number)
    # a word of who may not, or no longer may, is none
    grants.grant(world.store, pull.repository, pull.number, pull.head, "eve")
    world.review(pull, again="1")
    assert world.host.run_of("sandbox", pull.head).conclusion is None
    world.host.roles["eve"] = world.host.roles["ann"]
    world.review(pull, again="1")
    assert world.host.run_of("sandbox", pull.head).conclusion is Conclusion.FAILURE
    assert world.gate(pull).conclusion is Conclusion.FAILURE
    assert not proof.exists()


def test_a_push_voids_the_word_for_a_fork(make: Make) -> None:
    world = make("mode: enforce\n")
    pull = world.pull(EVE, fork="eve/shop", more="x = 1\n")
    grants.grant(world.store, pull.repository, pull.number, pull.head, "ann")
    pushed = world.push(pull, more="x = 2\n")
    world.review(pushed)
    assert world.host.run_of("sandbox", pushed.head).conclusion is None


def test_who_asked_must_still_be_allowed_to_when_it_runs(make: Make) -> None:
    world = make(QUICK)
    pull = world.pull(BOB, cart=TOTAL)
    assert world.run(review.STEPS, world.job(pull, reason="ok-to-test", actor="eve")) == {"superseded": True}
    assert world.host.made_runs == {}


def test_a_closed_one_and_a_head_that_moved_are_left(make: Make) -> None:
    world = make(QUICK)
    pull = world.pull(BOB, cart=TOTAL)
    pushed = world.push(pull, cart=CART)
    assert world.run(review.STEPS, world.job(pull)) == {"superseded": True}
    assert [(job.kind, job.head) for job in world.enqueued] == [(Kind.REVIEW, pushed.head)]
    world.host.opened[pull.number] = replace(pushed, open=False)
    assert world.review(pushed) == {"superseded": True}
    assert world.host.made_runs == {}


def test_work_that_is_no_longer_wanted_ends_and_leaves_no_record(make: Make) -> None:
    world = make(QUICK)
    pull = world.pull(BOB, cart=TOTAL)
    world.stopped = True
    assert world.review(pull)["superseded"] is True
    assert records.latest(world.store, pull.repository, pull.number) is None


def test_the_runs_of_a_head_that_is_none_any_more_are_ended(make: Make) -> None:
    world = make("mode: enforce\n" + QUICK)
    pull = world.pull(BOB, cart=TOTAL)
    job = world.job(pull)
    state: dict[str, object] = {}
    for step in review.STEPS[:2]:
        state |= step.run(world.tools, job, dict(state))
    review.FAILED.run(world.tools, job, state | {"superseded": True})
    assert world.gate(pull).conclusion is None  # it is the head still: whoever works on it reports
    pushed = world.push(pull, cart=TOTAL + "\n")
    review.FAILED.run(world.tools, job, state | {"superseded": True})
    ended = [world.host.run_of(name, pull.head) for name in ("gate", "validation", "sandbox")]
    assert {each.conclusion for each in ended} == {Conclusion.CANCELLED}
    assert pushed.head[:10] in ended[0].summary


def test_running_again_takes_the_same_three_and_another_record(make: Make) -> None:
    world = make(QUICK)
    pull = world.pull(BOB, cart=TOTAL)
    first, second = world.review(pull), world.review(pull, again="again")
    assert first["record"] != second["record"]
    assert len(world.host.made_runs) == 3
    assert {run.key for run in world.host.made_runs.values()} == {f"pull:{pull.number}:{pull.head}:again"}


@pytest.mark.parametrize(
    ("login", "text", "seen"),
    [
        ("renovate[bot]", "", "a dependency bot"),
        ("bob", "", "a person"),
        ("selfmod[bot]", "", "code of a program"),
    ],
)
def test_who_proposes_it(make: Make, login: str, text: str, seen: str) -> None:
    world = make(QUICK + text)
    pull = world.pull(replace(BOB, login=login, bot=login.endswith("[bot]")), cart=TOTAL)
    world.host.opened[pull.number] = replace(pull, own=login == "selfmod[bot]")
    state = world.review(pull)
    record = records.get(world.store, state["record"])
    assert record is not None
    factors = [each["seen"] for each in record.document["assessment"]["factors"] if each["name"] == "generator"]
    assert factors[0].startswith(seen)


def test_reviews_are_requested_of_who_can_give_them_and_once(make: Make) -> None:
    world = make(
        f'mode: enforce\n{QUICK}risk:\n  sensitive: [{{paths: [cart.py], teams: ["@acme/pay", "@mia", "@bob"]}}]\n'
    )
    world.git.put(".github/CODEOWNERS", "cart.py @zoe @bob\n")
    world.git.commit()
    world.host.teams["acme/pay"] = ("ann", "mia")
    pull = world.pull(BOB, cart=TOTAL)
    world.review(pull)
    assert set(world.host.pull(pull.number).requested) == {"acme/pay", "mia", "zoe"}
    world.host.review(pull.number, "mia", Opinion.COMMENTED)
    world.review(pull, again="2")
    assert world.host.writes["requests"] == 1


@pytest.mark.parametrize("mode", ["observe", "propose"])
def test_nobody_is_asked_where_nothing_is_held(make: Make, mode: str) -> None:
    world = make(f"mode: {mode}\n{QUICK}")
    world.git.put("CODEOWNERS", "* @zoe\n")
    world.git.commit()
    pull = world.pull(ANN, cart=TOTAL)
    world.review(pull)
    assert world.host.pull(pull.number).requested == ()


@pytest.mark.parametrize("text", ["mode: enforce\n", "mode: propose\n", "mode: x\n"])
def test_every_step_can_run_twice(make: Make, text: str) -> None:
    once, twice = make(text + QUICK), make(text + QUICK)
    for world in (once, twice):
        world.git.put(".github/CODEOWNERS", "* @zoe\n")
        world.git.commit()
        pull = world.pull(BOB, cart=TOTAL, evil=EVIL)
        world.run(review.STEPS, world.job(pull), twice=world is twice)
    first, second = once.host, twice.host
    shown = [
        [(r.name, r.title, r.conclusion, len(r.annotations)) for r in h.made_runs.values()] for h in (first, second)
    ]
    assert shown[0] == shown[1]
    assert [h.pull(7).labels for h in (first, second)] == [first.pull(7).labels] * 2
    assert len(second.comments(7)) == len(first.comments(7))
    assert len(list(audit.export(once.store))) == len(list(audit.export(twice.store)))
    written = [{what: count for what, count in h.writes.items() if what != "run"} for h in (first, second)]
    assert written[0] == written[1]


def test_what_failed_for_good_is_told(make: Make) -> None:
    world = make(QUICK)
    pull = world.pull(BOB, cart=TOTAL)
    review.FAILED.run(world.tools, world.job(pull), {"bug": "bug_0123456789ab", "why": "KeyError"})
    assert {(run.conclusion, "bug_0123456789ab" in run.title) for run in world.host.made_runs.values()} == {
        (Conclusion.FAILURE, True)
    }
    assert not any("KeyError" in run.title + run.summary for run in world.host.made_runs.values())
    review.FAILED.run(world.tools, world.job(pull), {"bug": "", "why": "GitHub refuses this: no.  Ask."})
    assert world.gate(pull).title == "failed: GitHub refuses this: no.  Ask."
    assert review.FAILED.run(world.tools, replace(world.job(pull), head=""), {"bug": "", "why": "x"}) == {}
