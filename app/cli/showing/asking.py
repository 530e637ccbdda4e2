"""The first half of the walk: a fault is reported, a fix is asked for, selfmod's proposals appear and are judged."""

import re
import time
from functools import partial

from app.cli.showing.person import Run, level_of
from app.cli.showing.scene import GATE, VALIDATION, Fell, Scene, Skipped, plain
from app.cli.showing.walk import Told

_LISTED = re.compile(r"#(\d{1,9})\b")
_SAYS = re.compile(r"Level \*\*(\w+)\*\*")
MOST_NOTES = 3
"""Annotations that are shown."""


def report(scene: Scene, told: Told) -> None:
    """Somebody's pull request with a fault: the gate does not let it in, the fault is annotated on its line."""
    one, fault = scene.requester, scene.fault
    head = one.commit(fault.branch, fault.files, fault.title, one.tip(scene.target))
    number = scene.pull = one.open_pull(fault.branch, scene.target, fault.title, "")
    told.by(f"@{one.login}", f"opens pull request #{number} “{fault.title}” with {', '.join(fault.files)}")
    told.link(scene.here(number))
    scene.until(f"the gate of #{number}", partial(scene.gate, number))
    runs = one.runs(head)
    validation = _named(runs, VALIDATION)
    see_runs(told, runs)
    notes = one.notes(validation.id)
    for each in notes[:MOST_NOTES]:
        told.see(f"  {each.path}:{each.line}  {plain(each.message)[0] if each.message else each.title}")
    labels = scene.until(f"the labels of #{number}", partial(_labels, scene, number))
    told.see(f"labels: {', '.join(labels)}")
    if _named(runs, GATE).conclusion == "success":
        raise Fell("the gate let the fault in")
    if not any(each.path == fault.path for each in notes):
        raise Fell(f"{VALIDATION} has no annotation in {fault.path}")
    sticky = scene.until(f"selfmod's comment on #{number}", partial(scene.sticky, number))
    told.see(f"comment: {' · '.join(plain(sticky.body)[:2])}")
    if not level_of(labels):
        raise Fell("no label says the level")


def ask(scene: Scene, told: Told) -> None:
    """Asks for the fix, and waits for the reply that lists the pull requests. Where the time went is measured on what
    can be seen: 👀, 🚀, the first pull request, the reply."""
    one, fix = scene.requester, scene.fix
    number = scene.pull
    if fix.on_issue:
        number = one.open_issue("Mend what can be mended for sure", "")
        told.by(f"@{one.login}", f"opens issue #{number}, about the whole repository")
    known = {each.number for each in one.pulls(fix.base)}
    comments: list[int] = []
    began = time.monotonic()
    for text in fix.comments:
        comments.append(one.say(number, text))
        told.by(f"@{one.login}", f"comments on #{number}: {text}")
    waits = _Moments(scene, comments[0], known, began)

    def look() -> list[str] | None:
        waits.look()
        replies = [scene.answer(number, each) for each in comments]
        return [each.body for each in replies if each] if all(replies) else None

    said = scene.until("selfmod's pull requests", look)
    waits.look()
    scene.command = waits.seen | {"all of them, with the reply": time.monotonic() - began}
    lines = [line for body in said for line in plain(body)]
    for line in lines:
        told.see(line)
    found = dict.fromkeys(int(each) for line in lines for each in _LISTED.findall(line))
    scene.proposals = [each for each in found if each != number and each not in known]
    if not scene.proposals:
        raise Skipped(f"selfmod proposes nothing: {' '.join(lines)[:300]}")
    for each in scene.proposals:
        pull = one.pull(each)
        told.link(pull.url)
        if not pull.bot or pull.base != fix.base:
            raise Fell(f"#{each} is by {pull.author} into {pull.base}")


class _Moments:
    """When what followed a command was first seen, in seconds from it."""

    def __init__(self, scene: Scene, comment: int, known: set[int], began: float) -> None:
        self.seen: dict[str, float] = {}
        self._scene, self._comment, self._known, self._began = scene, comment, known, began

    def look(self) -> None:
        """Notes what is there now."""
        one, now = self._scene.requester, time.monotonic() - self._began
        if "read" not in self.seen or "started" not in self.seen:
            receipts = one.receipts(self._comment)
            for receipt, name in (("eyes", "read"), ("rocket", "started")):
                if receipt in receipts:
                    self.seen.setdefault(name, now)
        if "first pull request" not in self.seen:
            if any(each.bot and each.number not in self._known for each in one.pulls(self._scene.fix.base)):
                self.seen["first pull request"] = now


def judged(scene: Scene, told: Told) -> None:
    """Every proposal goes down the same line as everybody's: check runs, a label; its text and its gate agree."""
    if not scene.proposals:
        raise Skipped("there is no proposal")
    for number in scene.proposals:
        what = f"the gate and the label of #{number} to agree"
        pull, runs = scene.until(what, partial(scene.labelled, number))
        scene.heads[number] = pull.head
        told.see(f"#{number} {pull.title}")
        told.link(pull.url)
        see_runs(told, runs, "  ")
        told.see(f"  labels: {', '.join(pull.labels)}")
        level, said = level_of(pull.labels), _SAYS.search(pull.body.replace("\\_", "_"))
        gate = _named(runs, GATE)
        if gate.conclusion == "failure":
            continue
        if said and said[1] != level:
            raise Fell(f"#{number}: its text says {said[1]}, and its gate {level}")
        if _named(runs, VALIDATION).conclusion != "success":
            raise Fell(f"#{number} passes the gate without its validation")


def see_runs(told: Told, runs: tuple[Run, ...], indent: str = "") -> None:
    """A line for each check run, as the list at a pull request has it."""
    for each in runs:
        told.see(f"{indent}{each.name:<19} {each.state:<12} {each.title}")


def _named(runs: tuple[Run, ...], name: str) -> Run:
    found = next((each for each in runs if each.name == name), None)
    if found is None:
        raise Fell(f"no check run is called {name}")
    return found


def _labels(scene: Scene, number: int) -> tuple[str, ...] | None:
    return scene.requester.pull(number).labels or None
