"""What whoever asked for proposals is told: which pull requests there are now, and what was left."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.views.bounded import joined
from checks.reports.safe import for_markdown

NOTES = 10
"""Reasons that are told."""
HANDS_OFF = "<!-- selfmod:hands-off -->"
"""Marks the one comment on a pull request of selfmod's own that somebody else went on with."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A pull request that a proposal has now."""

    number: int
    title: str


def reply(opened: Sequence[Opened], notes: Sequence[str]) -> str:
    """The list, then why the rest is not on it."""
    listed = "\n".join(f"- #{each.number} {for_markdown(each.title)}" for each in opened)
    said = list(dict.fromkeys(notes))
    left = [f"- {for_markdown(each)}" for each in said[:NOTES]]
    left += [f"- and {len(said) - NOTES} reasons more"] if len(said) > NOTES else []
    head = "" if not listed else "Proposed:" if len(opened) > 1 else "Proposed in one pull request:"
    why = "Not proposed:" if listed else "Nothing was proposed:"
    return joined((f"{head}\n{listed}" if listed else "", "\n".join((why, *left)) if left else ""))


def hands_off(others: Sequence[str]) -> str:
    """Said once where somebody else pushed to a branch of selfmod's own."""
    who = " and ".join(for_markdown(f"@{each}") for each in others[:5]) or "somebody else"
    return f"There are commits of {who} on this branch: selfmod neither moves it nor adds to it any more."


def rejected(actor: str, why: str) -> str:
    """The answer to who rejected a proposal."""
    who = for_markdown(f"@{actor}")
    return f"Rejected by {who}: {for_markdown(why)}. The same is not proposed again while this stays closed."


def nothing_left(tip: str) -> str:
    """Said where a proposal is closed because its base does not need it any more."""
    return f"Nothing of this is left to mend at `{tip[:10]}`: closed."
