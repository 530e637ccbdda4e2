"""`/selfmod approve <sha>`."""

from app.commands.commit import bound
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
    job = bound(asked, where, Kind.GATE)
    return job if isinstance(job, Refused) else Do(job)


COMMAND = Command(SPEC, plan)
