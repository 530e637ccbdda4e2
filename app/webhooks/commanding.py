"""Whether a comment may hold a command at all: the cheap test that spares a job for every comment that is read.

It never says no where the grammar of the commands says yes: a line that begins with `/selfmod`, wherever it stands.
Blocks of code are left to the grammar: where one ends depends on lists, quotes and HTML around it.
"""

import re

MOST = 65_536
"""Characters that GitHub allows in a comment; what is longer is none of GitHub's."""
_COMMAND = re.compile(r"^[ \t]*/selfmod(?!\S)", re.IGNORECASE | re.MULTILINE)


def may_command(body: str) -> bool:
    """Whether any line begins with `/selfmod`; quoted lines begin with `>` and so never do."""
    return len(body) <= MOST and _COMMAND.search(re.sub(r"\r\n?", "\n", body)) is not None
