"""Faults in dates and times."""

from checks.debugging.rules.time import naive_utcnow

RULES = (naive_utcnow.RULE,)
