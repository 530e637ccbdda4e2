"""Secrets in files of any kind: pieces whose form is known, and values of names that say what they are."""

import bisect
import re
from collections.abc import Iterator

from checks.debugging.rules.secrets._formats import every
from checks.debugging.rules.secrets._names import says_secret
from checks.debugging.rules.secrets.hard_coded_secret import real
from checks.model.findings import Severity
from checks.validation.patterns.rows import Row, row

RULE = "hard-coded-secret"
CWE = 798
_TESTS = re.compile(r"(^|/)(tests?|testing|t|testdata|test_data|fixtures?|cassettes)/|(^|/)test_[^/]*$")
_SHOWN = re.compile(r"(^|/)(examples?|docs?|demos?|samples?|tutorials?|snippets?)/|\.(example|sample|template|dist)$")
_ASSIGNING = re.compile(
    r"(^|/)(\.env[^/]*|\.envrc|\.npmrc|\.pypirc|\.netrc|Dockerfile[^/]*|Jenkinsfile[^/]*|[^/]+\.(ya?ml|toml|ini|cfg|conf|"
    r"json|properties|sh|bash|zsh|fish|ps1|tf|tfvars|env|js|mjs|cjs|ts|tsx|jsx|rb|go|java|kt|cs|php|xml|plist))$"
)
"""Files in which a name and a value make an assignment; prose is none."""
_ASSIGNED = re.compile(
    r"""(?<![\w.$-])["']?([A-Za-z_][\w.-]{2,80})["']?\s*(?::=|=>|=|:(?=[\s"']))\s*(["']?)([^\s"'#,;<>]{6,500})"""
)
_LONGEST = 4_000
"""Characters of a line in which assignments are looked for."""
_MOST = 200
"""Secrets of one file that are reported."""


def look(path: str, text: str, lines: frozenset[int], *, python: bool) -> Iterator[Row]:
    """Secrets on the given lines. In Python only those of a known form: what names say is for the rule of that name,
    which reads the syntax tree. No row holds the secret."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    seen: set[int] = set()
    for name, start, end in every(text):
        line = bisect.bisect_right(starts, start)
        if line not in lines or line in seen:
            continue
        seen.add(line)
        length = end - start
        head = "" if name.endswith("private key") else f"{text[start : start + 4]}…, "
        place = (line, start - starts[line - 1] + 1, line, start - starts[line - 1] + 1 + min(length, 40))
        worst = Severity.HIGH if name in ("a Google API key", "a JSON web token") else Severity.CRITICAL
        yield _row(path, place, worst, f"{name} is written in the file ({head}{length} characters)")
        if len(seen) == _MOST:
            return
    if python or _ASSIGNING.search(path) is None:
        return
    for line in sorted(lines - seen):
        found = _assigned(text[starts[line - 1] : starts[line] if line < len(starts) else len(text)])
        if found is not None:
            column, name, length = found
            seen.add(line)
            place = (line, column, line, column + length)
            yield _row(path, place, Severity.HIGH, f"the value of {name} is written in the file ({length} characters)")
            if len(seen) >= _MOST:
                return


def _assigned(line: str) -> tuple[int, str, int] | None:
    """Column, name and length of the first value that is a secret by its name and looks like a real one."""
    for match in _ASSIGNED.finditer(line[:_LONGEST]):
        name, quote, value = match.groups()
        # What is called, looked up or put in by a template is no value.
        if says_secret(name) and (quote or not re.search(r"[().$\[\]]", value)) and real(name, value):
            return match.start(3) + 1, name, len(value)
    return None


def _row(path: str, place: tuple[int, int, int, int], severity: Severity, message: str) -> Row:
    if _TESTS.search(path):
        severity = Severity.INFO
    elif _SHOWN.search(path):
        severity = Severity.LOW
    said = f"{message}: everybody with the repository has it; revoke it, and keep the new one in a secret store"
    return row(RULE, place, severity, "", said, text=f"{message.partition(' (')[0]}")
