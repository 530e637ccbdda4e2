"""Names and notations that Python has dropped or is about to drop."""

from checks.debugging.rules.removed import (
    deprecated_logger_warn,
    deprecated_threading_name,
    invalid_escape_sequence,
    removed_array_string_methods,
    removed_base64_name,
    removed_collections_alias,
    removed_inspect_getargspec,
    removed_standard_library_name,
    removed_unittest_alias,
)

RULES = (
    deprecated_logger_warn.RULE,
    deprecated_threading_name.RULE,
    invalid_escape_sequence.RULE,
    removed_array_string_methods.RULE,
    removed_base64_name.RULE,
    removed_collections_alias.RULE,
    removed_inspect_getargspec.RULE,
    removed_standard_library_name.RULE,
    removed_unittest_alias.RULE,
)
