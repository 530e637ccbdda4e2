"""How much callers notice of a change."""

from enum import IntEnum


class Grade(IntEnum):
    """How much callers notice, ordered."""

    ADDED = 1
    EXTENDED = 2
    CHANGED = 3
    BROKEN = 4
