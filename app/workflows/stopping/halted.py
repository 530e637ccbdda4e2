"""Reads from the store what stops one pull request."""

from app.model.forge import Pull
from app.model.modification import Sort
from app.orchestrator.halting import Halt, halt
from app.store.connect import Store
from app.store.proposed import modifications, stops


def halted(store: Store, pull: Pull) -> Halt:
    """What a stop, or one that ended, is to a pull request now. Raises Unavailable."""
    stop = stops.holding(store, pull.repository, pull.number)
    lifted = stops.last_lifted(store, pull.repository, pull.number)
    if stop is None and not lifted:
        return Halt(pull.own)
    return halt(pull, stop, lifted, revert=takes_back(store, pull.repository, pull.number, pull.head))


def takes_back(store: Store, repository: str, number: int, head: str) -> bool:
    """Whether a commit is what selfmod itself proposed in order to take something back: with another commit on top it
    is that no more. Raises Unavailable."""
    made = modifications.of_pull(store, repository, number)
    return made is not None and made.sort is Sort.REVERT and bool(head) and made.head == head
