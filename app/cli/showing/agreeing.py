"""The second half of the walk: approvals, merges, the way back, the emergency stop."""

import re
import time
from functools import partial

from app.cli.showing.person import Person, Pull, Run
from app.cli.showing.scene import Fell, Scene, Skipped, plain
from app.cli.showing.walk import Told

_ALONE = "SAFE", "LOW_RISK"
_PEOPLE = "MEDIUM_RISK", "HIGH_RISK", "CRITICAL"
_TAKES_BACK = re.compile(r"#(\d{1,9}) takes ")
WHY = "the demonstration takes it back"
_TICK = 1.1
"""Seconds after which GitHub writes another time: an approval in the second of the resumption is not fresh."""
INCIDENT = "incident 4711"


def automatic(scene: Scene, told: Told) -> None:
    """What is SAFE or LOW_RISK is merged by selfmod, and nobody had to agree."""
    meant = [each for each in scene.proposals if scene.level(each) in _ALONE]
    if not meant:
        levels = ", ".join(f"#{each} {scene.level(each)}" for each in scene.proposals)
        raise Skipped(f"no proposal is SAFE or LOW_RISK ({levels or 'there is none'})")
    if not scene.fix.held:
        raise Skipped(f"selfmod merges only into a branch that requires its gate: {scene.fix.why_not}")
    for number in meant:
        pull = scene.until(f"the merge of #{number}", partial(_merged, scene, number))
        told.see(f"#{number} {scene.level(number)}: merged by {pull.merged_by} into {pull.base}")
        told.link(pull.url)
        if not pull.merged_by.endswith("[bot]"):
            raise Fell(f"#{number} was merged by {pull.merged_by}")
        scene.merged.append(number)


def moved(scene: Scene, told: Told) -> None:
    """What is open is made anew on the new tip of its base, and judged there: an approval of before would be void."""
    there = [each for each in scene.proposals if scene.requester.pull(each).open]
    if not there or not scene.merged:
        raise Skipped("no base of an open proposal has moved")
    for number in there:
        if not scene.fix.on_issue:  # only proposals into the default branch follow it at once
            scene.requester.say(number, "/selfmod rebase")
            told.by(f"@{scene.requester.login}", f"comments on #{number}: /selfmod rebase")
        pull = scene.until(f"#{number} on the newest commit of {scene.fix.base}", partial(scene.steady, number))
        told.link(pull.url)
        if not pull.open:
            told.see(f"#{number} is {'merged' if pull.merged else 'closed'}")
            continue
        before = scene.heads.get(number, "")[:10]
        told.see(f"#{number} {before} is {pull.head[:10]} now, on top of {scene.requester.tip(pull.base)[:10]}")


def requester(scene: Scene, told: Told) -> None:
    """Who asked for a change does not approve it."""
    pull = _waiting(scene)
    one = scene.requester
    one.approve(pull.number, pull.head)
    told.by(f"@{one.login}", f"approves #{pull.number} in a review")
    told.link(pull.url)

    def weighed() -> str | None:
        gate = scene.gate(pull.number)
        rows = [each.strip("| ").split(" | ") for each in plain(gate.summary if gate else "") if " | " in each]
        return next((f"{row[0]}: it does not count: {row[-1]}" for row in rows if _refused(row, one.login)), None)

    told.see(f"selfmod/gate  {scene.until(f'the gate of #{pull.number} to weigh it', weighed)}")
    gate = _gate(scene, pull.number)
    _see(told, gate)
    if gate.conclusion == "success":
        raise Fell("the gate counts the approval of who asked")


def _refused(row: list[str], login: str) -> bool:
    """Whether a row of the gate's table of approvals is this person's, and does not count."""
    return len(row) == 5 and row[0] == f"@{login}" and row[3] == "no"


def approved(scene: Scene, told: Told) -> None:
    """Others approve the head, and the gate lets it go; a person merges it."""
    pull = _waiting(scene)
    gate = _approve(scene, told, pull)
    told.link(pull.url)
    if gate.conclusion != "success":
        raise Skipped(f"more people must agree than take part here: {gate.title}")
    if not _merged(scene, pull.number):
        by = scene.approvers[0]
        why = by.merge(pull.number, pull.head)
        told.by(f"@{by.login}", f"merges #{pull.number}")
        if why:
            raise Fell(f"GitHub does not merge what is approved: {why}")
    pull = scene.until(f"the merge of #{pull.number}", partial(_merged, scene, pull.number))
    told.see(f"#{pull.number} merged by {pull.merged_by} into {pull.base}")
    scene.merged.append(pull.number)


def rollback(scene: Scene, told: Told) -> None:
    """What was merged last is taken back by a pull request; then all files are as they were before it."""
    one = scene.requester
    tip = one.tip(scene.fix.base)
    pull = next((each for each in map(one.pull, reversed(scene.merged)) if each.merge_commit == tip), None)
    if pull is None:
        raise Skipped("nothing of selfmod's is merged")
    before = _before(one, pull)
    text = f"/selfmod rollback -m {WHY}"
    comment = one.say(pull.number, text)
    told.by(f"@{one.login}", f"comments on #{pull.number}: {text}")
    reply = scene.until(f"the answer on #{pull.number}", partial(scene.answer, pull.number, comment))
    found = _TAKES_BACK.search(reply.body)
    told.see(f"reply: {' '.join(plain(reply.body))}")
    if found is None:
        raise Fell("the reply names no pull request")
    number = int(found[1])
    gate = scene.until(f"the gate of #{number}", partial(scene.gate, number))
    revert = one.pull(number)
    told.link(revert.url)
    told.see(f"#{number} {revert.title}")
    _see(told, gate)
    if one.tree(revert.head) != before:
        raise Fell(f"the files of #{number} are not those from before #{pull.number}")
    if gate.conclusion not in ("success", "failure"):
        gate = _approve(scene, told, revert)
    if gate.conclusion != "success":
        told.see(f"the files of #{number} are those from before #{pull.number}")
        raise Skipped(f"the gate does not let the way back in with who takes part: {gate.title}")
    if not _merged(scene, number):
        by = (scene.approvers or (one,))[0]
        why = by.merge(number, revert.head)
        told.by(f"@{by.login}", f"merges #{number}")
        if why and not _merged(scene, number):
            raise Fell(f"GitHub does not merge the way back: {why}")
    scene.until(f"the merge of #{number}", partial(_merged, scene, number))
    after = one.tree(one.tip(scene.fix.base))
    told.see(f"{scene.fix.base} has the files from before #{pull.number}: tree {after[:10]}")
    if after != before:
        raise Fell(f"the tree of {scene.fix.base} is {after[:10]}, and was {before[:10]}")


def stop(scene: Scene, told: Told) -> None:
    """What is about to be merged is held; after the stop ended an approval of before does not count."""
    pull = _waiting(scene)
    one, number = scene.requester, pull.number
    told.link(pull.url)
    ready = scene.approvers and _approve(scene, told, pull).conclusion == "success"
    _command(scene, told, number, f"/selfmod stop {INCIDENT}")
    gate = scene.until(f"the gate of #{number}", partial(_said, scene, number, "stopped by "))
    _see(told, gate)
    if gate.conclusion == "success":
        raise Fell("the gate lets go what is stopped")
    if ready and scene.fix.held:
        by = scene.approvers[0]
        why = by.merge(number, pull.head)
        told.by(f"@{by.login}", f"tries to merge #{number}")
        if not why:
            raise Fell("what is stopped was merged")
        told.see(f"GitHub refuses: {' '.join(why.split())}")
    _command(scene, told, number, "/selfmod resume mended in 4712")
    gate = scene.until(f"the gate of #{number}", partial(_said, scene, number, "waiting for "))
    _see(told, gate)
    if one.pull(number).merged:
        raise Fell("it was merged without a fresh approval")
    time.sleep(_TICK)


def _command(scene: Scene, told: Told, number: int, text: str) -> None:
    one = scene.requester
    comment = one.say(number, text)
    told.by(f"@{one.login}", f"comments on #{number}: {text}")
    reply = scene.until(f"the answer on #{number}", partial(scene.answer, number, comment))
    told.see(f"reply: {' '.join(plain(reply.body))}")


def _approve(scene: Scene, told: Told, pull: Pull) -> Run:
    """One after the other approves the head until the gate lets it go or nobody is left."""
    gate = _gate(scene, pull.number)
    for by in scene.approvers:
        if gate.conclusion == "success":
            break
        by.approve(pull.number, pull.head)
        told.by(f"@{by.login}", f"approves #{pull.number} in a review")
        gate = scene.until(f"the gate of #{pull.number}", partial(_other, scene, pull.number, gate))
        _see(told, gate)
    return gate


def _other(scene: Scene, number: int, before: Run) -> Run | None:
    gate = scene.gate(number)
    return gate if gate is not None and (gate.title, gate.conclusion) != (before.title, before.conclusion) else None


def _said(scene: Scene, number: int, words: str) -> Run | None:
    gate = scene.gate(number)
    return gate if gate is not None and words in gate.title else None


def _waiting(scene: Scene) -> Pull:
    """A proposal that waits for people, on the newest commit of its base."""
    for each in scene.open_proposals(*_PEOPLE):
        pull = scene.until(f"#{each.number} on the newest commit of {each.base}", partial(scene.steady, each.number))
        if pull.open and _said(scene, pull.number, "waiting for "):
            return pull
    raise Skipped("no proposal of selfmod's is left that waits for people")


def _gate(scene: Scene, number: int) -> Run:
    return scene.until(f"the gate of #{number}", partial(scene.gate, number))


def _see(told: Told, gate: Run) -> None:
    told.see(f"{gate.name}  {gate.state}  {gate.title}")


def _merged(scene: Scene, number: int) -> Pull | None:
    pull = scene.requester.pull(number)
    return pull if pull.merged else None


def _before(one: Person, pull: Pull) -> str:
    """The tree of the branch before a merge."""
    return one.tree(one.parent(pull.merge_commit))
