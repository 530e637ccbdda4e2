"""Faults in talking to other machines."""

from checks.debugging.rules.network import (
    bind_to_all_interfaces,
    requests_without_timeout,
    tls_context_unverified,
    tls_verification_disabled,
    urlopen_without_timeout,
)

RULES = (
    bind_to_all_interfaces.RULE,
    requests_without_timeout.RULE,
    tls_verification_disabled.RULE,
    tls_context_unverified.RULE,
    urlopen_without_timeout.RULE,
)
