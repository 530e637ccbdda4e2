"""`/selfmod ok-to-test <sha>`."""

import re
from dataclasses import replace

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
    given = asked.words[0].casefold() if len(asked.words) == 1 else ""
    if pull is None or not re.fullmatch(r"[0-9a-f]{7,64}", given):
        head = pull.head[:10] if pull else "the head's first digits"
        return Refused(f"Name the commit that you looked at, with at least 7 digits: `/selfmod ok-to-test {head}`")
    if not pull.open:
        return Refused("This pull request is closed.")
    if not pull.head.startswith(given):
        return Refused(f"The head is `{pull.head[:10]}` now, not `{given[:10]}`. Look at it, then name that one.")
    job = replace(
        where.job, kind=Kind.REVIEW, head=pull.head, reason="ok-to-test", needs=Role.WRITE.value, again=_again(where)
    )
    return Do(job, grant=pull.head)


def _again(where: Where) -> str:
    return f"comment-{where.job.comment}"


COMMAND = Command(SPEC, plan)
