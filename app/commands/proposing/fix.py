"""`/selfmod fix [path|rule|finding]`."""

import hashlib
from dataclasses import replace

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Do, Refused, Spec, Where
from app.model.forge import Role
from app.model.job import Kind
from app.workflows.proposing import words
from checks.model.errors import Refusal
from checks.reports.safe import for_markdown

SPEC = Spec(
    "fix",
    "fix [path|rule|finding]",
    "Open a pull request with what can be fixed for sure: on a pull request its own findings, on an issue the default "
    "branch, there only the files of a traceback or failing test in its text where it has one.",
    ("fix", "fix src/", "fix requests-without-timeout", "fix 3f9c2e1d", "fix src/shop/cart.py:12"),
    Role.WRITE,
)


def plan(asked: Asked, where: Where) -> Answer:
    """On a pull request bound to the head of this moment: what is pushed later is not what was looked at."""
    pull = where.pull
    try:
        words.read(asked.rest)
    except Refusal as refusal:
        return Refused(for_markdown(str(refusal)))
    if pull is not None and not pull.open:
        return Refused("This pull request is closed.")
    # two of one comment are two jobs
    again = f"comment-{where.job.comment}-{hashlib.sha256(asked.rest.encode('utf-8', 'replace')).hexdigest()[:8]}"
    job = replace(
        where.job,
        kind=Kind.PROPOSE,
        head=pull.head if pull else "",
        reason=asked.name,
        needs=Role.WRITE.value,
        again=again,
        words=asked.rest,
    )
    return Do(job)


COMMAND = Command(SPEC, plan)
