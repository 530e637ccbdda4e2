"""Where somebody may be sent after signing in: a path of this server and nothing else."""

import re
from urllib.parse import quote

LONGEST = 1_000
"""Characters."""
_OWN = re.compile(r"/(?:[A-Za-z0-9._~%?&=+-][A-Za-z0-9._~%?&=+/-]*)?", re.ASCII)
"""One slash and then none: `//host` names another server, and browsers take `/\\` for the same."""


def landing(path: str) -> str:
    """The same path, with its query; `/` for whatever is none, or could lead a browser elsewhere."""
    return path if len(path) <= LONGEST and _OWN.fullmatch(path) else "/"


def sign_in_url(path: str) -> str:
    """Where signing in begins that ends at a path."""
    return f"/sign-in?next={quote(path, safe='')}"
