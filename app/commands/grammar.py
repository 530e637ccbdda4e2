"""From a comment's Markdown to the commands in it. Pure.

A command is a line of a paragraph whose first word is `/selfmod`. The comment is read as CommonMark, as GitHub shows
it: what stands in a quote, a code block, a list, a table or inline code is somebody's words about a command, and none;
so is what stands in the HTML for those."""

import difflib
import hashlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

WORD = "/selfmod"
LARGEST = 65_536
"""Characters of a comment that GitHub takes."""
MOST = 10
"""Commands of one comment."""
_LINE = re.compile(rf"{re.escape(WORD)}(?:[ \t]+(?P<rest>.*))?", re.IGNORECASE)
WIDEST = 50_000
"""Cells that the tables of a comment may have: the parser fills up every row to the width of the first, so that a few
kilobytes can become millions. One that is written out has fewer in a comment of the largest size."""
_RULER = re.compile(r"[\s\d>*+.)|:-]+")
_ATTRIBUTES = r"""(?:=\s*+(?:"[^"]*"|'[^']*')|[^"'<>])*+"""
_QUOTING = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"  # as browsers read them: `<!-->` is a whole one, `--!>` ends one
    rf"|<(?P<end>/?)(?:blockquote|code|del|kbd|pre|q|s|samp|strike|table|tt)(?=[\s/>]){_ATTRIBUTES}"
    rf"|<[a-z][^\s\"'<>=]*+{_ATTRIBUTES}>",
    re.IGNORECASE | re.DOTALL,
)
"""What quotes; and comments and other tags, because what stands in them opens and closes nothing."""


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
    if WORD not in body.casefold() or len(body) > LARGEST or _cells(body) > WIDEST:
        return ()
    tokens = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table").parse(body)
    paragraph, quoted = False, 0
    for token in tokens:
        if token.type == "html_block":
            quoted = _quoted(quoted, token.content)
        elif token.type == "inline":
            lines, quoted = _lines(token, quoted)
            found += map(_asked, lines if paragraph else ())
        paragraph = token.type == "paragraph_open" and token.level == 0
    return tuple(found[:MOST])


def fingerprint(body: str) -> str:
    """Of the commands of a comment: another one once somebody edits them. How lines end makes no difference, and what
    stands around the commands neither."""
    told = "\n".join(each.line for each in commands(body))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def _cells(body: str) -> int:
    """How many cells the tables of a comment have at most."""
    lines = body.replace("\r", "\n").split("\n")
    widest = max((line.count("|") + 1 for line in lines if "|" in line and _RULER.fullmatch(line)), default=0)
    return len(lines) * widest


def _quoted(quoted: int, html: str) -> int:
    """How many elements that quote are open behind a piece of HTML, where so many were before."""
    for tag in _QUOTING.finditer(html):
        if tag["end"] is not None:
            quoted = max(0, quoted - 1) if tag["end"] else quoted + 1
    return quoted


def _lines(token: Token, quoted: int) -> tuple[Sequence[str], int]:
    """The lines of a paragraph that begin with the word, and how many elements that quote are open behind it. Those
    within inline code begin with it in the source, and not in what is shown: where the two disagree nothing is a
    command."""
    written = [line.strip() for line in token.content.split("\n")]
    written = [line for line in written if _LINE.fullmatch(line)]
    shown, fresh = 0, True
    for child in token.children or ():
        if fresh and not quoted and child.type == "text" and _LINE.match(child.content):
            shown += 1
        if child.type == "html_inline":
            quoted = _quoted(quoted, child.content)
        fresh = child.type in ("softbreak", "hardbreak")
    return written if shown == len(written) else (), quoted


def _asked(line: str) -> Asked:
    match = _LINE.fullmatch(line)
    rest = (match["rest"] if match else "") or ""
    name, *more = rest.split(maxsplit=1) or [""]
    rest = more[0] if more else ""
    # `generate <path>: <specification>` has quotes of its own that need not be balanced
    try:
        words = tuple(shlex.split(rest, posix=True))
    except ValueError:
        words = tuple(rest.split())
    return Asked(name.casefold(), words, rest.strip(), line)


def nearest(name: str, known: Sequence[str]) -> str:
    """The known command that is most like a name, empty where none is."""
    return next(iter(difflib.get_close_matches(name[:40], known, n=1, cutoff=0.6)), "")
