"""`/selfmod ok-to-test <sha>`."""

from app.commands.commit import bound
from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Do, Refused, Spec, Where
from app.model.forge import Role
from app.model.job import Kind

SPEC = Spec(
    "ok-to-test",
    "ok-to-test <sha>",
    "Let the tests of a fork's pull request run in the sandbox, for this one commit.",
    ("ok-to-test 3f9c2e1",),
    Role.WRITE,
    pull=True,
)


def plan(asked: Asked, where: Where) -> Answer:
    """Bound to a commit that whoever asks has looked at: a push in between refuses it."""
    job = bound(asked, where, Kind.REVIEW)
    return job if isinstance(job, Refused) else Do(job, grant=job.head)


COMMAND = Command(SPEC, plan)
