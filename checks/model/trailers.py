"""Lines of commit messages by which selfmod finds its own commits again."""

import re

MODIFICATION = "Selfmod-Modification"
"""Names the modification that a commit is, or is part of."""
REVERTS = "Selfmod-Reverts"
"""Names the modification that a commit takes back."""
IDENTIFIER = re.compile(r"mod_[0-9A-Za-z]{4,64}")
"""The identifier of a modification."""


def line(trailer: str, value: str) -> str:
    """The line of a message; trailers make up its last paragraph."""
    return f"{trailer}: {value}"


def values(message: str, trailer: str) -> tuple[str, ...]:
    """The identifiers that the lines of a message give for a trailer, once each. Every line counts, not the last
    paragraph alone: a squash merge strings messages together. Whoever can commit can write such a line: it finds
    commits, and gives nobody a right."""
    found = (match[1] for match in re.finditer(rf"^{trailer}: *(\S+)[ \r]*$", message, re.MULTILINE))
    return tuple(dict.fromkeys(value for value in found if IDENTIFIER.fullmatch(value)))
