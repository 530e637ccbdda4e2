"""Which findings a change brings, on sources before and after, with the lines that git's own measure would pair."""

from textwrap import dedent

import pytest

from checks.debugging.introduced import introduced
from checks.model.findings import Confidence, Finding, Severity, with_fingerprints
from checks.repository.lines import line_map


def findings(source: str, file: str = "a.py") -> list[Finding]:
    """A finding for each line that says BAD; its scope is the function above it."""
    scope, found = "", []
    for number, line in enumerate(source.splitlines(), 1):
        if line.startswith("def "):
            scope = line[4:].partition("(")[0]
        elif line and not line.startswith(" "):
            scope = ""
        if "BAD" in line:
            text = " ".join(line.split())
            found.append(
                Finding(
                    file=file,
                    line=number,
                    column=1,
                    end_line=number,
                    end_column=2,
                    rule="bad",
                    severity=Severity.MEDIUM,
                    confidence=Confidence.HIGH,
                    message="bad",
                    cwe=None,
                    tool="selfmod",
                    tools=("selfmod",),
                    fixable=False,
                    scope=scope,
                    text=text,
                )
            )
    return with_fingerprints(found)


def new_lines(before: str, after: str, was: str = "a.py", now: str = "a.py") -> list[int]:
    before, after = dedent(before), dedent(after)
    lines = line_map(before.encode(), after.encode())
    result = introduced(
        findings(before, was), findings(after, now), {was: now}, lambda path, line: lines.old_line(line)
    )
    return [finding.line for finding in result]


ONE = """\
    def f():
        BAD(1)
    """
TWICE = """\
    def f():
        BAD(1)
        good()
        BAD(1)
    """


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        pytest.param("", ONE, [2], id="a new file"),
        pytest.param(ONE, ONE, [], id="nothing changed"),
        pytest.param(ONE, "import x\n\n" + dedent(ONE), [], id="lines above"),
        pytest.param(ONE, "def f():\n    good()\n", [], id="mended"),
        pytest.param(ONE, "def f():\n    BAD(2)\n", [2], id="the line itself changed"),
        pytest.param(ONE, "def g():\n    BAD(1)\n", [], id="the function renamed"),
        pytest.param(ONE, "def f():\n    if x:\n        BAD(1)\n", [], id="indented"),
        pytest.param(ONE, "def g():\n    good()\n\n\ndef f():\n    BAD(1)\n", [], id="a function put before it"),
        pytest.param(
            "def f():\n    BAD(1)\n\n\ndef g():\n    good()\n",
            "def g():\n    good()\n\n\ndef f():\n    BAD(1)\n",
            [],
            id="the function moved",
        ),
        pytest.param(ONE, "def f():\n    good()\n\n\ndef g():\n    BAD(1)\n", [], id="a function cut in two"),
        pytest.param(
            "def f():\n    BAD(1)\n\n\ndef g():\n    good()\n",
            "def f():\n    good()\n\n\ndef g():\n    BAD(1)\n",
            [6],
            id="mended here and made there",
        ),
        pytest.param(ONE, TWICE, [4], id="an equal one below"),
        pytest.param(ONE, "def f():\n    BAD(1)\n    BAD(1)\n", [3], id="an equal one right below"),
        pytest.param(
            "def f():\n    x = 1\n    BAD(1)\n    y = 2\n",
            "def f():\n    BAD(1)\n    x = 1\n    BAD(1)\n    y = 2\n",
            [2],
            id="an equal one above: the line of the change is the new one",
        ),
        pytest.param(TWICE, ONE, [], id="one of two equal ones gone"),
        pytest.param(
            "def f():\n    BAD(1)\n",
            "def f():\n    BAD(1)\n\n\ndef g():\n    BAD(1)\n",
            [6],
            id="the function copied under another name",
        ),
    ],
)
def test_only_what_the_change_brings(before: str, after: str, new: list[int]) -> None:
    assert new_lines(before, after) == new


def test_a_renamed_file_brings_only_what_is_new_in_it() -> None:
    assert new_lines(ONE, ONE, now="b/c.py") == []
    assert new_lines(ONE, TWICE, now="b/c.py") == [4]
