"""What selfmod had the forge merge, and only that, is taken back: auto-merge that it armed, and the place in a merge
queue that came of it. A person's own is that person's."""

import hashlib
import json

from app.model.forge import Pull
from app.model.trouble import Gone
from app.store import audit
from app.workflows.steps import Tools
from app.workflows.stopping.guard import ARMED
from checks.model.errors import Refusal

MOST_LOOKED = 1_000
"""Audit records of a pull request among which it is looked for who armed it."""
QUEUE = "merge-queue"
"""The kind of the audit record of a pull request that was taken out of a merge queue, or that the forge left there."""


def armed_here(tools: Tools, pull: Pull) -> bool:
    """Whether GitHub merges it by itself because selfmod said so."""
    return pull.armed and pull.open and bool(_heads(tools, pull))


def queued_here(tools: Tools, pull: Pull) -> bool:
    """Whether selfmod armed just this head, so that its place in a merge queue may come of that: what waits in a queue
    is armed no more."""
    return pull.open and pull.head in _heads(tools, pull)


def take_back(tools: Tools, pull: Pull) -> None:
    """Takes back what selfmod had the forge do. First auto-merge: what it brings into the queue a moment before that is
    there then."""
    if armed_here(tools, pull):
        tools.host.disarm(pull.number)
    if queued_here(tools, pull):
        take_out(tools, pull)


def take_out(tools: Tools, pull: Pull) -> str:
    """Takes a pull request out of the merge queue, if it stands in one, and returns why the forge does not let selfmod,
    empty where it does. Either is written down."""
    try:
        if not tools.host.dequeue(pull.number):
            return ""
        what, why = "taken out", ""
    except Gone:
        return ""
    except Refusal as refusal:
        what, why = "refused", f"{refusal.reason} {refusal.hint}".strip()
    about = f"{pull.repository}#{pull.number}"
    digest = hashlib.sha256(why.encode()).hexdigest()[:12]
    facts = {"head": pull.head, "what": what, "why": why}
    once = f"{QUEUE}:{about}:{pull.head}:{what}:{digest}" if why else ""  # taken out it can be more than once
    audit.append(tools.store, QUEUE, pull.repository, about, facts, once=once[:200])
    return why


def _heads(tools: Tools, pull: Pull) -> set[str]:
    """The commits of a pull request that selfmod had GitHub merge."""
    about = audit.about(tools.store, pull.repository, f"{pull.repository}#{pull.number}", MOST_LOOKED)
    return {str(json.loads(each.facts).get("head")) for each in about if each.kind == ARMED}
