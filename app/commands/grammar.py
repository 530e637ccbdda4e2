"""From a comment's Markdown to the commands in it. Pure.

A command is a line of a paragraph whose first word is `/selfmod`. The comment is read as CommonMark, as GitHub shows
it: what stands in a quote, a code block, a list or inline code is somebody's words about a command, and none."""

import difflib
import hashlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

WORD = "/selfmod"
LARGEST = 65_536
"""Characters of a comment that GitHub takes."""
MOST = 10
"""Commands of one comment."""
_LINE = re.compile(rf"{re.escape(WORD)}(?:[ \t]+(?P<rest>.*))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """One command: `name` in small letters (empty for `/selfmod` alone), `words` its arguments with quotes taken off,
    `rest` them as they were written, `line` the whole line."""

    name: str
    words: tuple[str, ...]
    rest: str
    line: str


def commands(body: str) -> tuple[Asked, ...]:
    """The commands of a comment in their order, at most MOST. Raises nothing, whatever is in it."""
    found: list[Asked] = []
    if WORD not in body.casefold() or len(body) > LARGEST:
        return ()
    tokens = MarkdownIt("commonmark", {"maxNesting": 20}).parse(body)
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and before.level == 0:
            found += map(_asked, _lines(token))
    return tuple(found[:MOST])


def fingerprint(body: str) -> str:
    """Of the commands of a comment: another one once somebody edits them. How lines end makes no difference, and what
    stands around the commands neither."""
    told = "\n".join(each.line for each in commands(body))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def _lines(token: Token) -> Sequence[str]:
    """The lines of a paragraph that begin with the word. Those within inline code begin with it in the source, and not
    in what is shown: where the two disagree nothing is a command."""
    written = [line.strip() for line in token.content.split("\n")]
    written = [line for line in written if _LINE.fullmatch(line)]
    shown, fresh = 0, True
    for child in token.children or ():
        if fresh and child.type == "text" and _LINE.match(child.content):
            shown += 1
        fresh = child.type in ("softbreak", "hardbreak")
    return written if shown == len(written) else ()


def _asked(line: str) -> Asked:
    match = _LINE.fullmatch(line)
    rest = (match["rest"] if match else "") or ""
    name, _, rest = rest.strip().partition(" ")
    # `generate <path>: <specification>` has quotes of its own that need not be balanced
    try:
        words = tuple(shlex.split(rest, posix=True))
    except ValueError:
        words = tuple(rest.split())
    return Asked(name.casefold(), words, rest.strip(), line)


def nearest(name: str, known: Sequence[str]) -> str:
    """The known command that is most like a name, empty where none is."""
    return next(iter(difflib.get_close_matches(name[:40], known, n=1, cutoff=0.6)), "")
