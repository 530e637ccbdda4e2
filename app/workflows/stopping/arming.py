"""What selfmod had the forge merge, and only that, is taken back: auto-merge that it armed, and the place in a merge
queue that came of it. A person's own is that person's."""

import hashlib

from app.model.forge import Pull
from app.model.trouble import Gone
from app.store import audit
from app.workflows.steps import Tools
from app.workflows.stopping import armed
from checks.model.errors import Refusal

QUEUE = "merge-queue"
"""The kind of the audit record of a pull request that was taken out of a merge queue, or that the forge left there."""


def take_back(tools: Tools, pull: Pull) -> None:
    """Takes back what selfmod had the forge do. First auto-merge: what it brings into the queue a moment before that is
    there then. Once something was taken back, or a person has it merged, nothing there is selfmod's any more."""
    seen = _standing(tools, pull)
    if armed.by_another(pull):
        _end(tools, pull, seen, "another armed it")
    taken = _armed_here(pull, seen) and tools.host.disarm(pull.number)
    out, why = take_out(tools, pull) if _queued_here(pull, seen) else (False, "")
    if (taken or out) and not why:
        _end(tools, pull, seen, "taken back")


def hold(tools: Tools, pull: Pull) -> str:
    """The same for one that a stop holds for, and returns why the forge leaves it in its merge queue, empty where it
    does not. selfmod's own is held whoever has it merged, others' only where selfmod does. What the forge refuses or
    does not know keeps none of the rest: the hourly look tries again."""
    seen, taken, kept = _standing(tools, pull), False, False
    if pull.armed and (pull.own or _armed_here(pull, seen)):
        try:
            taken = tools.host.disarm(pull.number)
        except (Refusal, Gone):
            kept = True
    out, why = take_out(tools, pull) if pull.own or _queued_here(pull, seen) else (False, "")
    if (taken or out) and not (kept or why):
        _end(tools, pull, seen, "stopped")
    return why


def closed(tools: Tools, pull: Pull) -> None:
    """With its closing GitHub merges it no more. Who opens it again says anew what becomes of it."""
    if not pull.open and not pull.merged:
        _end(tools, pull, _standing(tools, pull), "closed")


def take_out(tools: Tools, pull: Pull) -> tuple[bool, str]:
    """Takes a pull request out of the merge queue, if it stands in one; returns whether it did, and why the forge does
    not let selfmod, empty where it does. Either is written down."""
    try:
        if not tools.host.dequeue(pull.number):
            return False, ""
        what, why = "taken out", ""
    except Gone:
        return False, ""
    except Refusal as refusal:
        what, why = "refused", f"{refusal.reason} {refusal.hint}".strip()
    about = f"{pull.repository}#{pull.number}"
    digest = hashlib.sha256(why.encode()).hexdigest()[:12]
    facts = {"head": pull.head, "what": what, "why": why}
    once = f"{QUEUE}:{about}:{pull.head}:{what}:{digest}" if why else ""  # taken out it can be more than once
    audit.append(tools.store, QUEUE, pull.repository, about, facts, once=once[:200])
    return not why, why


def _armed_here(pull: Pull, seen: armed.Standing) -> bool:
    """Whether GitHub merges it by itself because selfmod said so."""
    return pull.armed and pull.open and not armed.by_another(pull) and bool(seen.heads)


def _queued_here(pull: Pull, seen: armed.Standing) -> bool:
    """Whether selfmod armed just this head, so that its place in a merge queue may come of that: what waits in a queue
    is armed no more."""
    return pull.open and not armed.by_another(pull) and pull.head in seen.heads


def _standing(tools: Tools, pull: Pull) -> armed.Standing:
    return armed.standing(tools.store, pull.repository, pull.number)


def _end(tools: Tools, pull: Pull, seen: armed.Standing, why: str) -> None:
    armed.end(tools.store, pull.repository, pull.number, seen, why)
