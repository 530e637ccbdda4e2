"""Whether a comment may hold a command at all: the cheap test that spares a job for every comment that is read.

It never says no where the grammar of the commands says yes: a line outside quotes and code blocks that begins with
`/selfmod`. Blocks of code are GitHub's (https://github.github.com/gfm/#fenced-code-blocks, #indented-code-blocks).
"""

import re

MOST = 65_536
"""Characters that GitHub allows in a comment; what is longer is none of GitHub's."""
_COMMAND = re.compile(r" {0,3}/selfmod(?!\S)", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<rest>.*)")


def may_command(body: str) -> bool:
    """Whether any line begins with `/selfmod`; quoted lines begin with `>` and so never do."""
    fence = ""
    if len(body) > MOST:
        return False
    for line in re.split(r"\r\n|\r|\n", body):
        found = _FENCE.match(line)
        if fence:
            closes = found is not None and found["fence"].startswith(fence) and not found["rest"].strip()
            fence = "" if closes else fence
        elif found is not None and not (found["fence"][0] == "`" and "`" in found["rest"]):
            fence = found["fence"]
        elif _COMMAND.match(line):
            return True
    return False
