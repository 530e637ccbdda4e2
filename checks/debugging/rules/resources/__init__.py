"""Faults in closing, releasing and guarding what comes from outside."""

from checks.debugging.rules.resources import (
    file_never_closed,
    lock_acquired_without_with,
    unguarded_io_at_boundary,
)

RULES = (file_never_closed.RULE, lock_acquired_without_with.RULE, unguarded_io_at_boundary.RULE)
