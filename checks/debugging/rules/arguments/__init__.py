"""Faults in the parameters of functions, and in the defaults of fields."""

from checks.debugging.rules.arguments import clock_in_default_argument, clock_in_field_default, mutable_default_argument

RULES = (clock_in_default_argument.RULE, clock_in_field_default.RULE, mutable_default_argument.RULE)
