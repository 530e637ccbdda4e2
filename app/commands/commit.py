"""The commit that a command names: bound to what its sender looked at, whatever is pushed meanwhile."""

import re

from app.commands.grammar import Asked
from app.commands.spec import Refused
from app.model.forge import Pull

LEAST = 7
"""Digits of a commit at least."""


def named(asked: Asked, pull: Pull, judged: bool) -> Refused | None:
    """Why the command does not name the head of an open pull request; None where it does.

    Whoever makes two commits can make them begin alike, and push the second once the first was named: short names are
    taken for a head that was there before the comment only, which its report shows (`judged`)."""
    given = asked.words[0].casefold() if len(asked.words) == 1 else ""
    if not re.fullmatch(r"[0-9a-f]{7,64}", given):
        return Refused(
            f"Name the commit that you looked at, with at least {LEAST} digits: "
            f"`/selfmod {asked.name} {pull.head[:10]}`"
        )
    if not pull.open:
        return Refused("This pull request is closed.")
    if not pull.head.startswith(given):
        return Refused(f"The head is `{pull.head[:10]}` now, not `{given[:10]}`. Look at it, then name that one.")
    if given != pull.head and not judged:
        return Refused(
            "No report of this head was there yet when the comment was written. Wait for it, or name the commit with "
            f"all its digits: `/selfmod {asked.name} {pull.head}`"
        )
    return None
