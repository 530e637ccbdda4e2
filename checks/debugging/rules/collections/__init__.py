"""Faults in the use of lists, dictionaries, sets and texts."""

from checks.debugging.rules.collections import (
    changed_while_iterating,
    duplicate_dictionary_key,
    in_place_method_result_used,
    mutable_value_shared,
    strip_of_a_word,
)

RULES = (
    changed_while_iterating.RULE,
    duplicate_dictionary_key.RULE,
    in_place_method_result_used.RULE,
    mutable_value_shared.RULE,
    strip_of_a_word.RULE,
)
