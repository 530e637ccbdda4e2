"""What the tests of all reports start from: a finding to vary, a small review, and strategies for hostile ones."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from checks.model.findings import Confidence, Finding, NotAnalysed, Severity
from checks.model.review import Review

BASE = Finding(
    file="src/acme/cache.py",
    line=31,
    column=18,
    end_line=31,
    end_column=20,
    rule="mutable-default-argument",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    message="The default is shared by all calls.",
    cwe=None,
    tool="selfmod",
    tools=("selfmod", "ruff"),
    fixable=True,
    aliases=("B006",),
    scope="Cache.get",
    text="def get(self, seen=[]):",
    fingerprint="0123456789abcdef0123456789abcdef",
)

# what acts somewhere, beside any character at all (lone surrogates included)
HOSTILE = st.text(st.characters(exclude_categories=())) | st.lists(
    st.sampled_from(
        ["::", ":", "##[", "error", "\n", "\r", "\x1b[2J", "\u202e", "@bob", "#12", "|", "`", "\\", "](", "%0A"]
    )
    | st.sampled_from(
        ["<img src=x>", "<!--", "-->", "https://a.example", "www.a.example", "- ", "    ", "```", "é", "日"]
    ),
    max_size=12,
).map("".join)


@pytest.fixture(scope="session")
def finding() -> Callable[..., Finding]:
    """A finding like `BASE` but for what is given."""
    return lambda **changes: replace(BASE, **changes)


@pytest.fixture(scope="session")
def sample() -> Review:
    """Three findings of three severities, one file not analysed."""
    return Review(
        findings=(
            BASE,
            replace(
                BASE,
                file="src/acme/db.py",
                line=54,
                column=5,
                end_line=56,
                end_column=6,
                rule="sql-from-format",
                severity=Severity.HIGH,
                message="The query holds 100% of `name`.",
                cwe=89,
                tools=("selfmod", "bandit"),
                aliases=("B608", "S608"),
                scope="find",
                text="cursor.execute(\"SELECT * FROM users WHERE name = '%s'\" % name)",
                fingerprint="fedcba9876543210fedcba9876543210",
                fixable=False,
            ),
            replace(
                BASE, file="setup.py", line=1, column=1, rule="F401", severity=Severity.INFO, tool="ruff", scope=""
            ),
        ),
        not_analysed=(NotAnalysed("src/acme/broken.py", "invalid syntax in line 3"),),
        files=212,
        seconds=1.8349,
        threshold=Severity.MEDIUM,
        older=12,
        suppressed=3,
    )


@pytest.fixture(scope="session")
def reviews() -> st.SearchStrategy[Review]:
    """Reviews of hostile files by careless tools."""
    number = st.integers(-2, 5000)
    findings = st.builds(
        Finding,
        file=HOSTILE,
        line=number,
        column=number,
        end_line=number,
        end_column=number,
        rule=HOSTILE,
        severity=st.sampled_from(Severity),
        confidence=st.sampled_from(Confidence),
        message=HOSTILE,
        cwe=st.none() | st.integers(1, 1400),
        tool=HOSTILE,
        tools=st.tuples(HOSTILE),
        fixable=st.booleans(),
        scope=HOSTILE,
        text=HOSTILE,
        fingerprint=st.just("0" * 32),
    )
    return st.builds(
        Review,
        findings=st.lists(findings, max_size=4).map(tuple),
        not_analysed=st.lists(st.builds(NotAnalysed, HOSTILE, HOSTILE), max_size=2).map(tuple),
        files=st.integers(0, 999),
        seconds=st.floats(0, 1e4),
        threshold=st.sampled_from(Severity),
        older=st.integers(0, 3),
        suppressed=st.integers(0, 3),
    )


@pytest.fixture(scope="session")
def hostile() -> st.SearchStrategy[str]:
    """Any text, what acts in a terminal, a runner or Markdown above all."""
    return HOSTILE
