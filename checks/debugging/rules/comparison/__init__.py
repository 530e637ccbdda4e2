"""Faults in conditions, comparisons and texts that are not what they seem."""

from checks.debugging.rules.comparison import (
    assert_on_tuple,
    comparison_to_nan,
    condition_always_true_by_or,
    format_string_never_filled,
    is_with_literal,
    self_comparison,
    string_tested_as_tuple,
    type_compared_with_equals,
)

RULES = (
    assert_on_tuple.RULE,
    comparison_to_nan.RULE,
    condition_always_true_by_or.RULE,
    format_string_never_filled.RULE,
    is_with_literal.RULE,
    self_comparison.RULE,
    string_tested_as_tuple.RULE,
    type_compared_with_equals.RULE,
)
