"""Faults in talking to other machines."""

from checks.debugging.rules.network import requests_without_timeout

RULES = (requests_without_timeout.RULE,)
