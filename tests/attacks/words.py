"""What is tried with comments, and with the emergency stop."""

import time
from dataclasses import replace

from app.model.job import Kind
from app.model.stop import Stop
from app.store.proposed import stops
from app.workflows import gate
from app.workflows.stop import CARRY
from app.workflows.stopping import keeping
from checks.model.errors import Refusal
from tests.attacks.attack import Attack, Outcome, pressed
from tests.attacks.stage import Stage
from tests.forges import REPOSITORY


def edited(stage: Stage) -> Outcome:
    pull = stage.pull("edited")
    first = "/selfmod explain"
    comment = stage.forge.say(pull.number, first, "ann")
    changed = {"body": f"/selfmod approve {pull.head}"}
    assert stage.ask("cyd", "PATCH", f"issues/comments/{comment}", changed).status_code == 200
    stage.hear(pull, comment, "ann", first)
    return pressed(stage, pull)


def outsider(stage: Stage) -> Outcome:
    pull = stage.pull("outsider")
    stage.hear(pull, stage.forge.say(pull.number, f"/selfmod approve {pull.head}", "eve"), "eve")
    return pressed(stage, pull)


def named_for_another(stage: Stage) -> Outcome:
    """The delivery names ann; the comment is eve's."""
    pull = stage.pull("named")
    stage.hear(pull, stage.forge.say(pull.number, f"/selfmod approve {pull.head}", "eve"), "ann")
    return pressed(stage, pull)


def bot(stage: Stage) -> Outcome:
    pull = stage.pull("bot")
    body = {"body": f"/selfmod approve {pull.head}"}
    made = stage.ask("other", "POST", f"issues/{pull.number}/comments", body).json()
    stage.hear(pull, int(made["id"]), str(made["user"]["login"]))
    return pressed(stage, pull)


def quoted(stage: Stage) -> Outcome:
    pull = stage.pull("quoted")
    text = f"> /selfmod approve {pull.head}\n\n```\n/selfmod approve {pull.head}\n```\n"
    stage.hear(pull, stage.forge.say(pull.number, text, "ann"), "ann")
    return pressed(stage, pull)


def raced(stage: Stage) -> Outcome:
    pull = stage.pull("raced")
    comment = stage.forge.say(pull.number, f"/selfmod approve {pull.head}", "ann")
    stage.push(pull)
    stage.hear(pull, comment, "ann")
    stage.review(pull)
    return pressed(stage, pull)


def stopped(stage: Stage) -> Outcome:
    """After the gate has said that it merges it, and before GitHub is asked to."""
    pull = stage.proposal("stopped")
    body = {"event": "APPROVE", "body": "", "commit_id": pull.head}
    stage.ask("ann", "POST", f"pulls/{pull.number}/reviews", body)
    job = stage.job(pull, Kind.GATE, reason="submitted")
    *before, landing = gate.STEPS
    assert landing.name == "land"
    tools, state = stage.tools(job), dict[str, object]()
    for step in before:
        state |= step.run(tools, job, state)
    title = stage.gate_of(pull.head).output["title"]
    stop = Stop("ann", "incident 4711", at=time.time(), repository=REPOSITORY)
    keeping.stop(stage.forge.store, stop)
    try:
        said = ""
        try:
            said = str(landing.run(tools, job, state))
        except Refusal as refusal:
            said = refusal.reason
        stage.gate(pull)
        after = stage.gate_of(pull.head)
        told = f"Before: {title}. Then: {said}. Gate: {after.conclusion}, {after.output['title']}"
        return Outcome(told, (pull.number,) if pull.merged or pull.auto_merge else ())
    finally:
        stops.lift(stage.forge.store, stop, "ann", "over")


def resumed(stage: Stage) -> Outcome:
    """What was agreed before a stop does not get in after it."""
    pull = stage.proposal("resumed")
    stop = Stop("ann", "incident 4712", at=time.time(), repository=REPOSITORY)
    keeping.stop(stage.forge.store, stop)
    stage.approve(pull, "ann")
    keeping.resume(stage.forge.store, Stop("ann", "over", repository=REPOSITORY))
    stage.gate(pull)
    gate_ = stage.gate_of(pull.head)
    said = f"Gate: {gate_.conclusion or gate_.status}, {gate_.output['title']}"
    return Outcome(said, (pull.number,) if pull.merged or pull.auto_merge else ())


def queued(stage: Stage) -> Outcome:
    """The group's check had passed, and passes no more; then it is taken out of the queue."""
    pull = stage.proposal("queued")
    body = {"event": "APPROVE", "body": "", "commit_id": pull.head}
    stage.ask("ann", "POST", f"pulls/{pull.number}/reviews", body)
    base, head = pull.base_sha, stage.forge.github.queue(REPOSITORY, pull.number, by="ann")
    group = stage.forge.job(Kind.GROUP, head=head, base=base)
    stage.work(group)
    before = stage.gate_of(head).conclusion
    stop = Stop("ann", "incident 4713", at=time.time(), repository=REPOSITORY)
    keeping.stop(stage.forge.store, stop)
    try:
        stage.work(replace(group, again="once more"))
        held = stage.gate_of(head)
        merged = stage.forge.github.finish_queue(REPOSITORY, pull.number)
        stage.forge.github.queue(REPOSITORY, pull.number, by="ann")
        stage.work(stage.forge.job(Kind.STOP, reason=CARRY, again="1"))
        out = pull not in stage.forge.repository.queue.values()
        merged = stage.forge.github.finish_queue(REPOSITORY, pull.number) or merged
        said = f"Group before: {before}. Then: {held.conclusion}, {held.output['title']} Taken out: {out}"
        return Outcome(said, (pull.number,) if merged or pull.merged or not out else ())
    finally:
        stops.lift(stage.forge.store, stop, "ann", "over")


ATTACKS = (
    Attack("edited comment", "within the second cyd edits ann's comment into an approval", edited),
    Attack("outsider's command", "eve, who may read, approves by comment", outsider),
    Attack("comment under another name", "a delivery says that eve's comment is ann's", named_for_another),
    Attack("bot's command", "another App comments an approval", bot),
    Attack("quoted command", "an approval stands in a quote and in a block of code", quoted),
    Attack("comment raced by a push", "bob pushes before ann's approval of the head is heard", raced),
    Attack("stop during a merge", "ann stops everything once the gate said `merging`", stopped),
    Attack("stop while the proposal is in a merge queue", "ann stops everything once the group's check passed", queued),
    Attack("approval during a stop", "ann approves while it is stopped, and resumes", resumed),
)
