"""Answers a comment: reads its commands, asks who may give them at this moment, plans and starts what they ask for.

Its steps can run twice: receipts are reactions, which GitHub keeps once each; a reply is one comment that the marker
finds again; a job's identity holds the comment."""

from dataclasses import asdict, replace
from datetime import datetime

from app.commands.grammar import Asked, commands, fingerprint
from app.commands.registry import lacking, planned
from app.commands.spec import Answer, Do, Look, Refused, Where
from app.model.forge import Comment, Pull, Role
from app.model.job import Job
from app.model.trouble import Gone, Superseded
from app.store import grants, records
from app.views import replies
from app.workflows.host import Host
from app.workflows.steps import State, Step, Tools


def hear(tools: Tools, job: Job, state: State) -> State:
    """The commands, with 👀 on the comment. Ends quietly where there is nothing to answer: the comment is gone, was
    edited, is a bot's, or is not by whom the delivery named."""
    try:
        comment = tools.host.comment(job.comment)
    except Gone:
        raise Superseded from None
    if not _counts(comment, job):
        raise Superseded
    asked = commands(comment.body)
    if not asked:
        raise Superseded
    tools.host.react(job.comment, "eyes")
    return {"asked": [asdict(each) for each in asked], "written": comment.created}


def _counts(comment: Comment, job: Job) -> bool:
    person = comment.author
    edited = comment.updated != comment.created or (bool(job.words) and fingerprint(comment.body) != job.words)
    return (
        not (comment.own or comment.by_app or person.bot or edited) and person.login.casefold() == job.actor.casefold()
    )


def answer(tools: Tools, job: Job, state: State) -> State:
    """Plans each command with the permission of this moment, starts the jobs, replies."""
    host = tools.host
    pull = _pull(host, job.number)
    judged = pull is not None and _judged(tools, pull, str(state.get("written", "")))
    where = Where(
        replace(job, words=""),
        job.actor,
        host.role(job.actor, job.account),
        pull,
        judged and not tools.whole,
        whole=tools.whole,
    )
    asked = [Asked(**(each | {"words": tuple(each["words"])})) for each in state["asked"]]
    if any(lacking(each, where) for each in asked):
        where = replace(where, maintainers=host.people(Role.MAINTAIN) or ())
    answers = [planned(each, where) for each in asked]
    for each in answers:
        if isinstance(each, Do):
            _start(tools, job, each)
    said = replies.reply([_said(tools, where, each) for each in answers])
    if said:
        host.put_comment(job.number, replies.marker(job.comment), said, 1)
    if any(isinstance(each, Do) for each in answers):
        host.react(job.comment, "rocket")
    if any(isinstance(each, Refused) for each in answers):
        host.react(job.comment, "confused")
    return {"answered": [type(each).__name__ for each in answers]}


def _said(tools: Tools, where: Where, answer: Answer) -> str:
    if isinstance(answer, Look):
        return answer.read(tools, where)
    return replies.refusal(answer.reason) if isinstance(answer, Refused) else answer.text


def _judged(tools: Tools, pull: Pull, written: str) -> bool:
    """Whether the head had a record when the comment was written, by GitHub's clock of whole seconds."""
    try:
        until = datetime.fromisoformat(written).timestamp() + 1
    except ValueError:
        return False
    found = records.of_head(tools.store, pull.repository, pull.head)
    return any(each.number == pull.number and 0 < each.finished < until for each in found)


def _start(tools: Tools, job: Job, answer: Do) -> None:
    if answer.grant:
        grants.grant(tools.store, job.repository, job.number, answer.grant, job.actor)
    tools.enqueue(answer.job)


def _pull(host: Host, number: int) -> Pull | None:
    """None for an issue: GitHub numbers both together."""
    try:
        return host.pull(number)
    except Gone:
        return None


STEPS = (Step("hear", hear), Step("answer", answer))
