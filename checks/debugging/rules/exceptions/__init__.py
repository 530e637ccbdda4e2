"""Faults in raising and catching."""

from checks.debugging.rules.exceptions import (
    bare_except,
    caught_exception_raised_by_name,
    except_with_or,
    exception_swallowed,
    raise_not_implemented,
    raise_without_from,
    return_in_finally,
)

RULES = (
    bare_except.RULE,
    exception_swallowed.RULE,
    raise_not_implemented.RULE,
    raise_without_from.RULE,
    caught_exception_raised_by_name.RULE,
    except_with_or.RULE,
    return_in_finally.RULE,
)
