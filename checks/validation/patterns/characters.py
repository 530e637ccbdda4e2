"""Characters that deceive whoever reads: they turn the direction, cannot be seen, or look like others.

Sources: Boucher and Anderson, "Trojan Source" (https://trojansource.codes, CVE-2021-42574 and CVE-2021-42694); Unicode
UTS 39 (confusables), UAX 31 (identifiers), UAX 9 (bidirectional text).
"""

import io
import re
import tokenize
import unicodedata
import warnings
from collections.abc import Iterator

from checks.model.findings import Severity
from checks.validation.patterns.rows import Row, row
from checks.validation.patterns.table import BY_RULE, Fails, sentence

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MARKS = frozenset("\u200e\u200f\u061c")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff\U0001d173-\U0001d17a]"
)
_SMUGGLED = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}|[\U000e0000-\U000e007f]{2,}|[\u200b-\u200d\u2060\ufeff]{8,}"
)
"""Runs that carry hidden text: variation selectors, tags (but those of flags), ones and zeros of no width."""
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
_JOINED = re.compile("(?<=[^\x00-\x7f])\u200d(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])\u200c(?=[^\x00-\x7f])")
"""Joiners between letters of scripts that need them, and within emoji."""
_CODE = re.compile(
    r"\.(py|pyw|pyi|pyx|js|mjs|cjs|ts|tsx|jsx|c|h|cc|cpp|hpp|cs|go|rs|java|kt|scala|swift|rb|php|pl|lua|sh|bash|zsh|fish|"
    r"ps1|bat|cmd|sql|tf|nix|ya?ml|toml|cfg|ini|json|xml|gradle|cmake|mk|proto|vue|svelte|css|ipynb)$|"
    r"(^|/)(Makefile|Dockerfile|Jenkinsfile|Justfile|\.gitattributes|\.gitmodules|\.pre-commit-config\.yaml|CODEOWNERS)[^/]*$"
)
_WORDS_OF_PEOPLE = re.compile(r"(^|/)(locales?|i18n|l10n|translations?|lang|langs|_locales)/|(^|/)messages[^/]*\.json$")
_LATIN = dict(
    zip(
        "аеорсухіјѕһԁԛԝвкмнтАВЕКМНОРСТХУЅІЈԌԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧοօսհԳՕՏ",
        "aeopcyxijshdqwbkmhtABEKMHOPCTXYSIJGQWABEZHIKMNOPTYXoouhqOS",
        strict=True,
    )
)
"""Letters of other alphabets that look like Latin ones, those that anybody would take for them."""
_WORD = re.compile(r"\w+")
_LONGEST = 20_000
"""Characters of a line that is searched for words."""


def look(path: str, text: str, *, python: bool) -> Iterator[Row]:
    """The rows of one file."""
    if text.isascii():
        return
    code = python or (_CODE.search(path) is not None and _WORDS_OF_PEOPLE.search(path) is None)
    lines = re.split(r"\r\n|\r|\n", text)
    named = list(_names_of_python(text) if python else _words(lines, code))
    yield from named
    told = {(row["rule"], row["line"]) for row in named}
    for number, line in enumerate(lines, 1):
        if not line.isascii():
            found = _of_line(line.removeprefix("\ufeff") if number == 1 else line, number, code)
            yield from (row for row in found if (row["rule"], number) not in told)


def _of_line(line: str, number: int, code: bool) -> Iterator[Row]:
    turning = next((c for c in line if c in TURNING), None)
    if turning is not None:
        column = line.index(turning)
        if code:
            yield _row("dangerous-bidirectional", line, number, column, f"{_name(turning)} turns the text around")
        else:
            seen = f"{_name(turning)} turns the text around"
            yield _row("dangerous-bidirectional", line, number, column, seen, Severity.MEDIUM, Fails.NEVER)
    else:
        mark = next((c for c in line if c in MARKS), None)
        if mark is not None and code:
            seen = f"{_name(mark)} can turn the text around"
            yield _row("dangerous-bidirectional", line, number, line.index(mark), seen, Severity.MEDIUM, Fails.NEVER)
    rest = _FLAG.sub(lambda match: "x" * len(match.group()), line)
    smuggled = _SMUGGLED.search(rest)
    if smuggled is not None:
        seen = f"{len(smuggled.group())} characters that cannot be seen stand in a row and can hold a text"
        yield _row("dangerous-invisible", line, number, smuggled.start(), seen, Severity.CRITICAL, Fails.ALWAYS)
        return
    unseen = _UNSEEN.search(_JOINED.sub("x", rest))
    if unseen is not None:
        seen = f"{_name(unseen.group())} cannot be seen"
        if code:
            yield _row("dangerous-invisible", line, number, unseen.start(), seen)
        else:
            yield _row("dangerous-invisible", line, number, unseen.start(), seen, Severity.LOW, Fails.NEVER)


def _names_of_python(text: str) -> Iterator[Row]:
    """Names of a Python file. The tokenizer of the standard library tells them from strings and comments."""
    found: dict[str, tuple[int, int, str]] = {}
    plain: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for token in tokenize.generate_tokens(io.StringIO(text.removeprefix("\ufeff"), newline=None).readline):
                if token.type in (tokenize.NAME, tokenize.ERRORTOKEN):
                    if token.string.isascii():
                        plain.add(token.string)
                    else:
                        found.setdefault(token.string, (token.start[0], token.start[1], token.line))
        except (tokenize.TokenError, SyntaxError):
            pass  # the stage for syntax tells of it
    for name, (line, column, source) in found.items():
        if _UNSEEN.search(name):
            seen = "a name has a character that cannot be seen"
            yield _row("dangerous-invisible", source, line, column, seen, Severity.CRITICAL, Fails.ALWAYS)
            continue
        seen = _deceives(name, plain)
        if seen:
            yield _row("dangerous-look-alike", source, line, column, seen)


def _deceives(name: str, plain: set[str]) -> str:
    """Why a name is not what it looks like; empty where it is."""
    if unicodedata.normalize("NFKC", name).isascii():
        return f"{name!a} is {unicodedata.normalize('NFKC', name)!r} to Python and does not look so"
    if not all(c.isascii() or c in _LATIN for c in name):
        return ""
    alike = "".join(_LATIN.get(c, c) for c in name)
    mixed = any(c.isascii() and c.isalpha() for c in name)
    if mixed or (alike in plain and len(name) > 1):
        return f"{name!a} looks like {alike!r}"
    return ""


def _words(lines: list[str], code: bool) -> Iterator[Row]:
    """Words that mix alphabets, in files that are code but not Python: there it can be a comment."""
    if not code:
        return
    for number, line in enumerate(lines, 1):
        if line.isascii() or len(line) > _LONGEST:
            continue
        for match in _WORD.finditer(line):
            word = match.group()
            if not word.isascii() and any(c.isascii() and c.isalpha() for c in word) and _deceives(word, set()):
                seen = _deceives(word, set())
                yield _row("dangerous-look-alike", line, number, match.start(), seen, Severity.MEDIUM, Fails.NEVER)
                break


def _row(
    rule: str,
    line: str,
    number: int,
    column: int,
    seen: str,
    severity: Severity | None = None,
    fails: Fails | None = None,
) -> Row:
    pattern = BY_RULE[rule]
    shown = "".join(c if c.isprintable() or c == "\t" else ascii(c)[1:-1] for c in line[:1_000].rstrip("\r\n"))
    place = (number, column + 1, number, column + 2)
    return row(
        rule, place, severity or pattern.severity, fails or pattern.fails, sentence(pattern, seen), text=shown,
        kind=f"{rule} {seen}",
    )  # fmt: skip


def _name(character: str) -> str:
    name = unicodedata.name(character, "a character without a name")
    return f"U+{ord(character):04X} ({name.lower()})"
