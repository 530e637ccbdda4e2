"""Files that were made to break a review: each is told about or analysed, and the file beside it always is."""

import ast
import re
import time

import pytest

from checks.debugging.analyse import MOST
from checks.debugging.detect import Result, detect
from checks.debugging.source.module import Surroundings

GOOD = b"import subprocess\nsubprocess.run(x, shell=True)\n"
N = 50_000


def results(content: bytes) -> Result:
    """The result of a file, among good ones, which are as always."""
    found = detect({"a.py": GOOD, "hostile.py": content, "z.py": GOOD}, Surroundings(), workers=1)
    for path in ("a.py", "z.py"):
        assert not found[path].not_analysed
        assert any("B602" in (finding.rule, *finding.aliases) for finding in found[path].findings)
    return found["hostile.py"]


DEEP = r"nested too deeply|Parser stack overflowed|too many nested"
NOT_ANALYSED = {
    "NUL bytes": (b"x = 1\ny = '\0'\n", r"line 2 holds a NUL byte"),
    "UTF-16": ("x = 1\n".encode("utf-16"), r"NUL byte|not valid utf-8"),
    "UTF-16 without NUL": (b"\xff\xfe\x41\x42", r"line 1 is not valid utf-8|cannot be told"),
    "invalid UTF-8": (b"x = 1\n# \xe9\n", r"line 2 is not valid utf-8|cannot be told: invalid or missing encoding"),
    "an unknown encoding": (b"# coding: nonsense\n", r"encoding cannot be told: unknown encoding"),
    "an encoding that is no text": (b"# coding: rot13\nk = 1\n", r"encoding"),
    "3 MB": (b"#" * 3_000_000, r"3,000,000 bytes: larger than the 2,097,152 bytes that are analysed"),
    "a line of 20 MB": (b"x = '" + b"a" * 20_000_000 + b"'\n", r"larger than"),
    "parentheses": (b"x = " + b"(" * N + b"1" + b")" * N, DEEP),
    "brackets": (b"x = " + b"[" * N + b"]" * N, DEEP),
    "braces": (b"x = " + b"{" * N + b"}" * N, DEEP),
    "open parentheses": (b"(" * N, DEEP + "|was never closed"),
    "minus": (b"x = " + b"-" * N + b"1\n", DEEP),
    "not": (b"x = " + b"not " * N + b"1\n", DEEP),
    "await": (b"x = " + b"await " * N + b"y\n", DEEP + "|invalid syntax"),
    "attributes": (b"x = a" + b".b" * N + b"\n", DEEP),
    "calls": (b"x = a" + b"()" * N + b"\n", DEEP),
    "lambdas": (b"x = " + b"lambda: " * N + b"1\n", DEEP),
    "a sum": (b"x = 1" + b"+1" * N + b"\n", DEEP),
    "a power": (b"x = 1" + b"**1" * N + b"\n", DEEP),
    "conditions": (b"x = " + b"1 if y else " * N + b"1\n", DEEP),
    "elif": (b"if a: pass\n" + b"elif a: pass\n" * N, DEEP),
    "f-strings": (b"x = " + b"f'{" * 1_000 + b"1" + b"}'" * 1_000 + b"\n", DEEP + "|f-string"),
    "blocks": (
        b"".join(b" " * i + b"if x:\n" for i in range(1_000)) + b" " * 1_000 + b"pass\n",
        r"too many levels of ind",
    ),
    "generators": (b"x = " + b"(y for y in " * N + b"z" + b")" * N, DEEP),
    "a syntax error": (b"x = 1\ndef (:\n", r"syntax error in line 2: "),
    "a merge conflict": (b"<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n", r"syntax error in line 1: "),
    "Python 2": (b"print 'x'\n", r"syntax error in line 1: Missing parentheses"),
    "a huge number": (b"x = " + b"9" * 1_000_000 + b"\n", r"syntax error in line 1: Exceeds the limit"),
    "an indentation that comes from nowhere": (b"x\n  y\n", r"syntax error in line 2: unexpected indent"),
}


@pytest.mark.parametrize("name", NOT_ANALYSED)
def test_told_and_why(name: str) -> None:
    content, why = NOT_ANALYSED[name]
    result = results(content)
    assert result.findings == ()
    (note,) = result.not_analysed
    assert note.file == "hostile.py"
    assert re.search(why, note.reason), note.reason
    assert len(note.reason) < 300


ANALYSED = {
    "empty": (b"", {}),
    "a comment": (b"#", {}),
    "a byte order mark": (b"\xef\xbb\xbfassert x\n", {"B101": [1]}),
    "only a byte order mark": (b"\xef\xbb\xbf", {}),
    "lone CR": (b"x = 1\rassert x\rassert x", {"B101": [2, 3]}),
    "mixed ends of lines": (b"x = 1\r\nassert x\rassert x\nassert x", {"B101": [2, 3, 4]}),
    "form feeds": (b"x = 1\n\x0c\n\x0cassert x\n", {"B101": [3]}),
    "bidirectional": ("# \u202e\nassert x\n".encode(), {"B613": [1], "B101": [2]}),
    "Latin-1": (b"# coding: latin-1\nx = '\xe9'; assert x\n", {"B101": [2]}),
    "odd separators": ("x = '\u2028\x85\x1c'\nassert x\n".encode(), {"B101": [2]}),
    "names in all scripts": ("été = 1\nassert été\nｅval(été)\n".encode(), {"B101": [2], "B307": [3]}),
    "a huge hexadecimal number": (b"x = 0x" + b"f" * 1_000_000 + b"\nassert x\n", {"B101": [2]}),
    "a long string": (b"x = '" + b"a" * 2_000_000 + b"'\nassert x\n", {"B101": [2]}),
    "a long password": (b"password = '" + b"a" * 1_000_000 + b"'\n", {"B105": [1]}),
    "continued lines": (b"x = 1" + b" + \\\n 1" * 500 + b"\nassert x\n", {"B101": [502]}),
    "a sum of a thousand": (b"x = " + b" + ".join([b"'a'"] * 1_000) + b"\nassert x\n", {"B101": [2]}),
    "nested functions": (
        b"".join(b" " * i + b"def f%d():\n" % i for i in range(90)) + b" " * 90 + b"assert x\n",
        {"B101": [91]},
    ),
    "a long table": (b"x = [\n" + b"'word',\n" * 50_000 + b"]\nassert x\n", {"B101": [50_003]}),
    "many elements": (b"x = [" + b"1," * 300_000 + b"]\nassert x\n", {"B101": [2]}),
    "many functions": (b"".join(b"def f%d(): pass\n" % i for i in range(10_000)) + b"assert x\n", {"B101": [10_001]}),
    "all in one line": (b"x = 1; " * 20_000 + b"assert x\n", {"B101": [1]}),
}


@pytest.mark.parametrize("name", ANALYSED)
def test_analysed_all_the_same(name: str) -> None:
    content, expected = ANALYSED[name]
    result = results(content)
    # what one tool of several gave up on may be told; findings are there
    assert all("ruff" in note.reason or "findings" in note.reason for note in result.not_analysed)
    for code, lines in expected.items():
        assert [f.line for f in result.findings if code in (f.rule, *f.aliases)] == lines
    assert all(len(finding.text) < 1_000 for finding in result.findings)


@pytest.mark.parametrize("count", [1_500, 4_000])
def test_a_sum_of_thousands_is_analysed_where_python_parses_it(count: int) -> None:
    content = b"x = " + b" + ".join([b"y"] * count) + b"\nassert x\n"
    try:
        ast.parse(content)
    except (RecursionError, MemoryError):  # the limit is one of Python's own, and differs between its versions
        (note,) = results(content).not_analysed
        assert re.search(DEEP, note.reason)
    else:
        assert any("B101" in (finding.rule, *finding.aliases) for finding in results(content).findings)


@pytest.mark.complete
@pytest.mark.parametrize(
    "content",
    [
        b"assert x\n" * 30_000,
        b"assert x; " * 30_000,
        "x = 'é'; ".encode() + b"assert x; " * 30_000,
        b"import subprocess\n" + b"subprocess.run(x, shell=True)\n" * 10_000,
        b"def f(x):\n    assert x\n" * 10_000,
        b"assert x  # selfmod: ignore[nothing]\n" * 10_000,
    ],
    ids=["lines", "one line", "one line, not ASCII", "of all tools", "functions", "suppressions"],
)
def test_thousands_of_findings_are_bounded(content: bytes) -> None:
    started = time.monotonic()
    result = results(content)
    assert time.monotonic() - started < 60
    assert len(result.findings) == MOST
    assert len({finding.fingerprint for finding in result.findings}) == MOST
    assert any(f"{MOST:,} are" in note.reason for note in result.not_analysed)


def test_many_hostile_files_at_once() -> None:
    contents = {f"{name}.py": content for name, (content, _) in NOT_ANALYSED.items() if len(content) < 1_000}
    contents |= {f"{name}.py": content for name, (content, _) in ANALYSED.items() if len(content) < 1_000}
    found = detect(contents, Surroundings(), workers=2)
    assert list(found) == list(contents)
    assert sum(bool(result.not_analysed) for result in found.values()) > 5
