"""Faults in the parameters of functions."""

from checks.debugging.rules.arguments import mutable_default_argument

RULES = (mutable_default_argument.RULE,)
