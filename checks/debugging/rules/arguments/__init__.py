"""Faults in the parameters of functions."""

from checks.debugging.rules.arguments import clock_in_default_argument, mutable_default_argument

RULES = (clock_in_default_argument.RULE, mutable_default_argument.RULE)
