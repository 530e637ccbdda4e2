"""Labels of pull requests: what the computed level looks like in a list. Display only; nothing is decided by them."""

from collections.abc import Mapping

from checks.model.safety import Level

PREFIX = "selfmod: "
REVIEW = "review required"
LABELS: Mapping[str, tuple[str, str]] = {
    f"{PREFIX}{Level.SAFE}": ("009e73", "Nothing can behave differently"),
    f"{PREFIX}{Level.LOW_RISK}": ("56b4e9", "Validated, with little that could go wrong"),
    f"{PREFIX}{Level.MEDIUM_RISK}": ("f0e442", "Some risk: one approval"),
    f"{PREFIX}{Level.HIGH_RISK}": ("d55e00", "Significant risk: two approvals"),
    f"{PREFIX}{Level.CRITICAL}": ("000000", "Workflows, security or selfmod's own configuration"),
    REVIEW: ("cc79a7", "Waits for people"),
}
"""Colour and description of each, made where a repository does not have them. The colours are of Okabe and Ito's set
(https://jfly.uni-koeln.de/color/), which people with any colour vision tell apart; the word is always there too."""


def painted(level: Level, review: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What to add and what to remove, for a level and whether people must act. Removed are labels of ours only."""
    add = (f"{PREFIX}{level}", *((REVIEW,) if review else ()))
    return add, tuple(name for name in LABELS if name not in add)
