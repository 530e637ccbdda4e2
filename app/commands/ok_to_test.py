"""`/selfmod ok-to-test <sha>`."""

from dataclasses import replace

from app.commands.commit import named
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
    pull = where.pull
    if pull is None:
        return Refused("This is an issue.")
    if refused := named(asked, pull, where.judged):
        return refused
    job = replace(
        where.job,
        kind=Kind.REVIEW,
        head=pull.head,
        reason=SPEC.name,
        needs=Role.WRITE.value,
        again=f"comment-{where.job.comment}",
    )
    return Do(job, grant=pull.head)


COMMAND = Command(SPEC, plan)
