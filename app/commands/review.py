"""`/selfmod review` and `/selfmod retry`: the same, asked for in the words that come to mind."""

from dataclasses import replace

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Do, Refused, Spec, Where
from app.model.forge import Role
from app.model.job import Kind

SPEC = Spec(
    "review",
    "review",
    "Validate the head of this pull request again, and report it anew.",
    ("review",),
    Role.WRITE,
    pull=True,
)
RETRY = Spec("retry", "retry", "The same as `review`: for a run that broke off.", ("retry",), Role.WRITE, pull=True)


def plan(asked: Asked, where: Where) -> Answer:
    """Of the head that is there now: nothing is decided by it that the gate does not decide."""
    pull = where.pull
    if pull is None or not pull.open:
        return Refused("This pull request is closed.")
    again = f"comment-{where.job.comment}"
    return Do(
        replace(where.job, kind=Kind.REVIEW, head=pull.head, reason=asked.name, needs=Role.WRITE.value, again=again)
    )


COMMAND = Command(SPEC, plan)
COMMAND_RETRY = Command(RETRY, plan)
