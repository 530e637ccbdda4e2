"""Faults in keeping, making and comparing what must stay secret."""

from checks.debugging.rules.secrets import (
    cipher_or_mode_is_broken,
    digest_compared_with_equals,
    hard_coded_secret,
    insecure_random_for_secret,
    weak_hash_for_security,
)

RULES = (
    cipher_or_mode_is_broken.RULE,
    digest_compared_with_equals.RULE,
    hard_coded_secret.RULE,
    insecure_random_for_secret.RULE,
    weak_hash_for_security.RULE,
)
