"""`/selfmod rebase`."""

from dataclasses import replace

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Do, Refused, Spec, Where
from app.model.forge import Role
from app.model.job import Kind
from app.workflows.proposing.rebasing import REBASE

SPEC = Spec(
    "rebase",
    "rebase",
    "Make a pull request of selfmod's own anew on the tip of its base, where nobody else committed to it.",
    ("rebase",),
    Role.WRITE,
    pull=True,
)


def plan(asked: Asked, where: Where) -> Answer:
    """Whether it is one of selfmod's own, and whose commits are on it, is looked up when the job runs."""
    pull = where.pull
    if pull is None or not pull.open:
        return Refused("This pull request is closed.")
    if not pull.own:
        return Refused("Only a pull request of selfmod's own is made anew: rebase this one with git.")
    again = f"comment-{where.job.comment}"
    return Do(replace(where.job, kind=Kind.PROPOSE, head="", reason=REBASE, needs=Role.WRITE.value, again=again))


COMMAND = Command(SPEC, plan)
