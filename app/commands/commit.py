"""The commit that a command names: bound to what its sender looked at, whatever is pushed meanwhile."""

import re
from dataclasses import replace

from app.commands.grammar import Asked
from app.commands.spec import Refused, Where
from app.model.forge import Role
from app.model.job import Job, Kind

LEAST = 7
"""Digits of a commit at least."""


def bound(asked: Asked, where: Where, kind: Kind) -> Job | Refused:
    """The job for the commit that the command names, where that is the head of an open pull request; else why not. What
    is allowed is asked again when it runs.

    Whoever makes two commits can make them begin alike, and push the second once the first was named: a short name is
    taken only for a head that had been reported on before the comment (`Where.judged`)."""
    pull = where.pull
    given = asked.words[0].casefold() if len(asked.words) == 1 else ""
    if pull is None or not re.fullmatch(r"[0-9a-f]{7,64}", given):
        head = pull.head[:10] if pull else "the head's first digits"
        line = f"`/selfmod {asked.name} {head}`"
        return Refused(f"Name the commit that you looked at, with at least {LEAST} digits: {line}")
    if not pull.open:
        return Refused("This pull request is closed.")
    if not pull.head.startswith(given):
        return Refused(f"The head is `{pull.head[:10]}` now, not `{given[:10]}`. Look at it, then name that one.")
    if given != pull.head and not where.judged:
        if where.whole:
            line = f"`/selfmod {asked.name} {pull.head}`"
            return Refused(
                f"Without a server the comment itself is the record: name the commit with all its digits: {line}"
            )
        return Refused(
            "No report of this head was there yet when the comment was written. Wait for it, or name the commit with "
            f"all its digits: `/selfmod {asked.name} {pull.head}`"
        )
    again = f"comment-{where.job.comment}"
    return replace(where.job, kind=kind, head=pull.head, reason=asked.name, needs=Role.WRITE.value, again=again)
