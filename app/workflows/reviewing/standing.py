"""What stands, for who asks: read from what is kept, nothing is weighed anew."""

import json

from app.model.forge import Pull
from app.model.modification import Status
from app.store import audit, records
from app.store.proposed import modifications, stops
from app.views.gate_facts import KIND
from app.views.proposing import status as views
from app.workflows.proposing import prior
from app.workflows.reviewing.configured import organisation
from app.workflows.reviewing.gated import record_of
from app.workflows.steps import Tools
from checks.configuration.layers import Layer
from checks.model.errors import Refusal
from checks.settings import PLACE, layered

MOST = 10
"""Proposals, and judgements, that are listed."""
LOOKED = 200
"""Audit records of a pull request among which the gate's last one is looked for."""


def of_pull(tools: Tools, pull: Pull) -> str:
    """Head, level, gate, approvals, stops and the modification of one pull request, in Markdown."""
    repository, about = pull.repository, f"{pull.repository}#{pull.number}"
    record = record_of(tools, pull)
    weighed = [
        json.loads(each.facts) for each in audit.about(tools.store, repository, about, LOOKED) if each.kind == KIND
    ]
    of_head = [each for each in weighed if each.get("head") == pull.head]
    made = modifications.of_pull(tools.store, repository, pull.number)
    names = [f"#{pull.number}", *((made.id,) if made else ())]
    back = [each for name in names for each in modifications.taking_back(tools.store, repository, name) if each.number]
    level = record.decision.level.value if record is not None and record.decision is not None else ""
    return views.of_pull(
        views.Standing(
            pull,
            judged=record is not None,
            kept=not tools.whole,
            level=level,
            record=record.id if record is not None else "",
            gate=of_head[-1] if of_head else {},
            stop=stops.holding(tools.store, repository, pull.number),
            modification=made,
            taken_back=tuple(each.number for each in back),
        )
    )


def of_repository(tools: Tools) -> str:
    """Open proposals, stops, the mode and what was judged last, in Markdown."""
    repository = tools.host.repository
    judged = records.levels(tools.store, repository, MOST)
    last = [views.Last(each.number, each.head, each.level, each.finished) for each in judged]
    stop = stops.holding(tools.store, repository)
    return views.of_repository(repository, _mode(tools), stop, _open(tools), None if tools.whole else last, MOST)


def _open(tools: Tools) -> tuple[views.Open, ...]:
    """Open proposals; where nothing is kept, as the forge lists them."""
    if tools.whole:
        return tuple(views.Open(each.number, each.title, "open") for each in tools.host.pulls() if prior.own(each))
    waiting = modifications.recent(
        tools.store, tools.host.repository, (Status.PENDING_APPROVAL, Status.APPROVED), MOST + 1
    )
    return tuple(views.Open(each.number, each.title, each.status.value) for each in waiting if each.number)


def _mode(tools: Tools) -> str:
    branch = tools.host.default_branch()
    try:
        content = tools.host.file(PLACE, branch)
        settings = layered(organisation(tools.host), None if content is None else Layer(content, PLACE)).told()
    except Refusal as refusal:
        return f"not known, because the configuration of {branch} is not valid: {refusal.reason}"
    return settings.mode.value
