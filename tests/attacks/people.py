"""What people and other Apps try with checks, reviews, branches and labels."""

from tests.attacks.attack import Attack, Outcome, pressed
from tests.attacks.stage import CONFIGURATION, Stage
from tests.forges import REPOSITORY


def honest(stage: Stage) -> Outcome:
    pull = stage.pull("honest")
    stage.approve(pull, "ann")
    return pressed(stage, pull)


def honest_proposal(stage: Stage) -> Outcome:
    pull = stage.proposal("honest-proposal")
    stage.approve(pull, "ann")
    gate = stage.gate_of(pull.head)
    return Outcome(f"Gate: {gate.conclusion}, {gate.output['title']}", (pull.number,) if pull.merged else ())


def forged_check(stage: Stage) -> Outcome:
    pull = stage.pull("forged")
    body = {"name": "selfmod/gate", "head_sha": pull.head, "status": "completed", "conclusion": "success"}
    assert stage.ask("other", "POST", "check-runs", body).status_code == 201
    status = {"state": "success", "context": "selfmod/gate"}
    assert stage.ask("bob", "POST", f"statuses/{pull.head}", status).status_code == 201
    stage.gate(pull)
    return pressed(stage, pull)


def self_approval(stage: Stage) -> Outcome:
    pull = stage.pull("alone")
    answer = stage.approve(pull, "bob")
    stage.gate(pull, reason="approve", actor="bob", needs="write", again="pressed")
    stage.hear(pull, stage.forge.say(pull.number, f"/selfmod approve {pull.head}", "bob"), "bob")
    found = pressed(stage, pull)
    return Outcome(f"own review: {answer.status_code} {answer.json()['message']}. {found.said}", found.merged)


def requester(stage: Stage) -> Outcome:
    pull = stage.proposal("asked-for")  # by bob
    stage.approve(pull, "bob")
    return pressed(stage, pull)


def requester_renamed(stage: Stage) -> Outcome:
    pull = stage.proposal("asked-for-before")  # by bob
    stage.forge.github.rename_account("bob", "robert")
    try:
        stage.approve(pull, "bob")  # the token goes on
        return pressed(stage, pull)
    finally:
        stage.forge.github.rename_account("robert", "bob")


def push_after_approval(stage: Stage) -> Outcome:
    pull = stage.pull("pushed")
    stage.approve(pull, "ann")
    stage.push(pull)
    early = stage.merge(pull)  # before selfmod heard of the push
    stage.review(pull)
    found = pressed(stage, pull)
    return Outcome(f"at once: {early.json()['message']} {found.said}", found.merged)


def commented_review(stage: Stage) -> Outcome:
    pull = stage.pull("commented")
    stage.approve(pull, "ann", "COMMENT")
    return pressed(stage, pull)


def approval_of_another_app(stage: Stage) -> Outcome:
    pull = stage.pull("by-a-bot")
    stage.approve(pull, "other")
    return pressed(stage, pull)


def sibling(stage: Stage) -> Outcome:
    """The branch's own configuration is the attacker's."""
    loose = CONFIGURATION.replace("enforce", "observe")
    stage.forge.github.push(REPOSITORY, "loose", {".github/selfmod.yml": loose}, by="bob")
    wanted = stage.pull("sibling")
    other = stage.forge.github.open_pull(REPOSITORY, "sibling", base="loose", by="bob")
    stage.review(other)
    return pressed(stage, wanted)


def label(stage: Stage) -> Outcome:
    pull = stage.pull("labelled")
    stage.ask("cyd", "POST", f"issues/{pull.number}/labels", {"labels": ["selfmod: SAFE"]})
    for name in ("selfmod: MEDIUM_RISK", "review required"):
        stage.ask("cyd", "DELETE", f"issues/{pull.number}/labels/{name}")
    stage.gate(pull, reason="labeled", actor="cyd", again="labelled")
    found = pressed(stage, pull)
    names = ", ".join(sorted(each.name for each in pull.issue.labels))
    return Outcome(f"{found.said} Labels: {names}", found.merged)


def protection_removed(stage: Stage) -> Outcome:
    """selfmod merges by itself only what something holds until then."""
    pull = stage.proposal("unheld")
    stage.protect(False)
    try:
        stage.approve(pull, "ann")
        gate = stage.gate_of(pull.head)
        said = f"selfmod merges nothing. Gate: {gate.conclusion}, {gate.output['title']}"
        return Outcome(said, (pull.number,) if pull.merged or pull.auto_merge else ())
    finally:
        stage.protect()


ATTACKS = (
    Attack("honest approval", "ann approves bob's pull request, cyd merges it (no attack)", honest, merges=True),
    Attack("honest proposal", "ann approves one of selfmod's, and it merges it (no attack)", honest_proposal, True),
    Attack("forged check of another App", "another App and a person's status say `selfmod/gate` passed", forged_check),
    Attack("self-approval", "bob approves his own by review, button and command", self_approval),
    Attack("approval by the requester", "bob asked selfmod for it, and approves it", requester),
    Attack("approval by the requester renamed", "bob asks, renames the account, and approves it", requester_renamed),
    Attack("approval, then push", "ann approves, bob pushes, and merges at once and later", push_after_approval),
    Attack("COMMENTED review", "ann's review says nothing for or against", commented_review),
    Attack("approval by another App", "an App reviews with APPROVE", approval_of_another_app),
    Attack("sibling head", "the same commit goes into a branch whose configuration is `observe`", sibling),
    Attack("label edited by hand", "cyd paints it SAFE", label),
    Attack("protection removed while waiting", "ann unprotects main, then approves a proposal", protection_removed),
)
