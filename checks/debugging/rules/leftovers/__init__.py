"""What was forgotten: debuggers, assertions and comparisons that do nothing."""

from checks.debugging.rules.leftovers import debugger_left, mock_assertion_never_made, useless_comparison

RULES = (debugger_left.RULE, mock_assertion_never_made.RULE, useless_comparison.RULE)
