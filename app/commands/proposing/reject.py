"""`/selfmod reject <why>`."""

from dataclasses import replace

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Do, Refused, Spec, Where
from app.model.forge import Role
from app.model.job import Kind

MOST = 1_000
"""Characters of a reason."""

SPEC = Spec(
    "reject",
    "reject <why>",
    "Close a pull request of selfmod's own, with the reason; the same is not proposed again.",
    ("reject these totals are rounded on purpose",),
    Role.WRITE,
    pull=True,
)


def plan(asked: Asked, where: Where) -> Answer:
    """What is allowed, and whether it is open still, is asked again when it runs."""
    pull = where.pull
    why = " ".join(asked.rest.split())
    if pull is None or not pull.own:
        return Refused(
            "Only what selfmod proposed is rejected here. To hold another pull request, choose GitHub's "
            "`Request changes` in a review: the gate waits for it."
        )
    if pull.merged:
        return Refused("This pull request was merged: `/selfmod rollback -m why` takes it back.")
    if not pull.open:
        return Refused("This pull request is closed.")
    if not why:
        return Refused("Say why, in a few words: `/selfmod reject <why>`")
    if len(why) > MOST:
        return Refused(f"Say why in at most {MOST} characters.")
    again = f"comment-{where.job.comment}"
    job = replace(where.job, kind=Kind.REJECT, head="", reason=asked.name, needs=Role.WRITE.value, again=again)
    return Do(replace(job, words=why))


COMMAND = Command(SPEC, plan)
