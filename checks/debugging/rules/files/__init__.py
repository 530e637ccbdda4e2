"""Faults in making, opening and unpacking files."""

from checks.debugging.rules.files import (
    archive_extracted_without_filter,
    makedirs_after_exists_check,
    permissions_for_everybody,
    tempfile_mktemp,
    text_mode_without_encoding,
)

RULES = (
    archive_extracted_without_filter.RULE,
    makedirs_after_exists_check.RULE,
    permissions_for_everybody.RULE,
    tempfile_mktemp.RULE,
    text_mode_without_encoding.RULE,
)
