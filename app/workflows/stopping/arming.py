"""Auto-merge that selfmod armed, and only that, is taken back: a person's own is that person's."""

from app.model.forge import Pull
from app.store import audit
from app.workflows.steps import Tools
from app.workflows.stopping.guard import ARMED

MOST_LOOKED = 1_000
"""Audit records of a pull request among which it is looked for who armed it."""


def armed_here(tools: Tools, pull: Pull) -> bool:
    """Whether GitHub merges it by itself because selfmod said so."""
    if not pull.armed or not pull.open:
        return False
    about = audit.about(tools.store, pull.repository, f"{pull.repository}#{pull.number}", MOST_LOOKED)
    return any(each.kind == ARMED for each in about)


def disarm(tools: Tools, pull: Pull) -> bool:
    """Takes it back where selfmod armed it, and returns whether it did."""
    return armed_here(tools, pull) and tools.host.disarm(pull.number)
