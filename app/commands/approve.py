"""`/selfmod approve <sha>`."""

from dataclasses import replace

from app.commands.commit import named
from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Do, Refused, Spec, Where
from app.model.forge import Role
from app.model.job import Kind

SPEC = Spec(
    "approve",
    "approve <sha>",
    "Approve this one commit of the pull request, as the button of the check run does; a push voids it.",
    ("approve 3f9c2e1",),
    Role.WRITE,
    pull=True,
)


def plan(asked: Asked, where: Where) -> Answer:
    """Whether the approval counts is weighed when the job runs: never the author's, the requester's, a committer's."""
    pull = where.pull
    if pull is None:
        return Refused("This is an issue.")
    if refused := named(asked, pull, where.judged):
        return refused
    job = replace(
        where.job,
        kind=Kind.GATE,
        head=pull.head,
        reason=SPEC.name,
        needs=Role.WRITE.value,
        again=f"comment-{where.job.comment}",
    )
    return Do(job)


COMMAND = Command(SPEC, plan)
