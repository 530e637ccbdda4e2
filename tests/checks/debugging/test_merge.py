import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.debugging.merge import merged, same_check
from checks.model.findings import Confidence, Finding, Severity


def row(tool: str, rule: str, *place: int, aliases: tuple[str, ...] = (), **other: Any) -> dict[str, Any]:
    """A detector's row at line, column, end line and end column (as many as are given)."""
    line, column, end_line, end_column = (*place, *(1, 1, place[0] if place else 1, 0)[len(place) :])
    return {
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column or column + 5,
        "rule": rule,
        "severity": "medium",
        "confidence": "high",
        "message": f"{tool} says {rule}",
        "cwe": None,
        "tool": tool,
        "fixable": False,
        "aliases": list(aliases),
        "left": "",
    } | other


def ours(*place: int, aliases: tuple[str, ...] = ("B602",), **other: Any) -> dict[str, Any]:
    return row("selfmod", "our-rule", *place, aliases=aliases, **other)


def bandit(*place: int, rule: str = "B602", **other: Any) -> dict[str, Any]:
    return row("bandit", rule, *place, **other)


def ruff(*place: int, rule: str = "S602", **other: Any) -> dict[str, Any]:
    return row("ruff", rule, *place, **other)


def seen(findings: list[Finding]) -> list[tuple[str, int, int, tuple[str, ...], tuple[str, ...]]]:
    return [(f.rule, f.line, f.column, f.tools, f.aliases) for f in findings]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("S602", "B602"),
        ("B602", "B602"),
        ("F821", "F821"),
        ("B006", "B006"),
        ("PLE0100", "PLE0100"),
        ("S", "S"),
        ("SIM102", "SIM102"),
        ("our-rule", "our-rule"),
        ("", ""),
    ],
)
def test_one_name_for_the_same_check(code: str, name: str) -> None:
    assert same_check(code) == name


ALL = ("selfmod", "bandit", "ruff")

CASES: list[tuple[str, list[dict[str, Any]], list[Any]]] = [
    ("one alone", [ours(3, 1)], [("our-rule", 3, 1, ("selfmod",), ("B602",))]),
    ("bandit alone", [bandit(3, 1)], [("B602", 3, 1, ("bandit",), ())]),
    ("ruff alone", [ruff(3, 1)], [("S602", 3, 1, ("ruff",), ())]),
    ("ours and bandit", [ours(3, 1), bandit(3, 1)], [("our-rule", 3, 1, ALL[:2], ("B602",))]),
    ("ours and ruff", [ours(3, 1), ruff(3, 1)], [("our-rule", 3, 1, ("selfmod", "ruff"), ("B602", "S602"))]),
    ("bandit and ruff", [bandit(3, 1), ruff(3, 1)], [("B602", 3, 1, ("bandit", "ruff"), ("S602",))]),
    ("all three", [ours(3, 1), bandit(3, 1), ruff(3, 1)], [("our-rule", 3, 1, ALL, ("B602", "S602"))]),
    (
        "an alias of ruff claims bandit's code",
        [ours(3, 1, aliases=("S602",)), bandit(3, 1)],
        [("our-rule", 3, 1, ALL[:2], ("S602", "B602"))],
    ),
    (
        "several codes of one tool for one of ours",
        [ours(1, 1, aliases=("B105", "B106")), bandit(1, 1, rule="B105"), bandit(1, 3, rule="B106")],
        [("our-rule", 1, 1, ALL[:2], ("B105", "B106"))],
    ),
    (
        "another check stays",
        [ours(3, 1), bandit(3, 1, rule="B404"), ruff(3, 1, rule="F821")],
        [
            ("our-rule", 3, 1, ("selfmod",), ("B602",)),
            ("B404", 3, 1, ("bandit",), ()),
            ("F821", 3, 1, ("ruff",), ()),
        ],
    ),
    (
        "other lines stay",
        [bandit(3, 1), ruff(4, 1)],
        [("B602", 3, 1, ("bandit",), ()), ("S602", 4, 1, ("ruff",), ())],
    ),
    (
        "two on one line by each of two tools",
        [bandit(1, 1), bandit(1, 30), ruff(1, 1), ruff(1, 30)],
        [("B602", 1, 1, ("bandit", "ruff"), ("S602",)), ("B602", 1, 30, ("bandit", "ruff"), ("S602",))],
    ),
    (
        "two on one line by all",
        [ours(1, 1), ours(1, 30), bandit(1, 1), bandit(1, 30), ruff(1, 1), ruff(1, 30)],
        [("our-rule", 1, 1, ALL, ("B602", "S602")), ("our-rule", 1, 30, ALL, ("B602", "S602"))],
    ),
    (
        "two on one line, one of them ours",
        [ours(1, 30), bandit(1, 1), bandit(1, 30), ruff(1, 4), ruff(1, 33)],
        [("our-rule", 1, 30, ALL, ("B602", "S602")), ("B602", 1, 1, ("bandit", "ruff"), ("S602",))],
    ),
    (
        "two of one tool stay two",
        [bandit(1, 1), bandit(1, 1, message="other")],
        [("B602", 1, 1, ("bandit",), ()), ("B602", 1, 1, ("bandit",), ())],
    ),
    (
        "two of bandit within one of ours",
        [ours(1, 1, 1, 50), bandit(1, 1, 1, 50), bandit(1, 20, 1, 30)],
        [("our-rule", 1, 1, ALL[:2], ("B602",))],
    ),
    (
        "two of bandit, one beside ours",
        [ours(1, 1, 1, 10), bandit(1, 1, 1, 10), bandit(1, 20, 1, 30)],
        [("our-rule", 1, 1, ALL[:2], ("B602",)), ("B602", 1, 20, ("bandit",), ())],
    ),
    (
        "a call over several lines, found at its keyword",
        [ours(5, 1, 8, 2), bandit(5, 1, 8, 2), ruff(7, 5, 7, 15)],
        [("our-rule", 5, 1, ALL, ("B602", "S602"))],
    ),
    (
        "calls within calls",
        [bandit(1, 1, 9, 2), bandit(3, 5, 5, 6), ruff(1, 1, 9, 2), ruff(3, 5, 5, 6)],
        [("B602", 1, 1, ("bandit", "ruff"), ("S602",)), ("B602", 3, 5, ("bandit", "ruff"), ("S602",))],
    ),
    (
        "a call within a call, found by ruff alone",
        [bandit(1, 1, 9, 2), ruff(1, 1, 9, 2), ruff(3, 5, 5, 6)],
        [("B602", 1, 1, ("bandit", "ruff"), ("S602",)), ("S602", 3, 5, ("ruff",), ())],
    ),
    (
        "calls that end and begin on one line",
        [bandit(1, 1, 3, 2), bandit(3, 4, 5, 2), ruff(1, 1, 3, 2), ruff(3, 4, 5, 2)],
        [("B602", 1, 1, ("bandit", "ruff"), ("S602",)), ("B602", 3, 4, ("bandit", "ruff"), ("S602",))],
    ),
    (
        "ours below one of ruff that nothing shares a line with",
        [ours(3, 1, 3, 2), bandit(1, 1, 1, 2), bandit(1, 1, 1, 2), ruff(2, 1, 2, 2)],
        [
            ("our-rule", 3, 1, ("selfmod",), ("B602",)),
            ("B602", 1, 1, ("bandit",), ()),
            ("B602", 1, 1, ("bandit",), ()),
            ("S602", 2, 1, ("ruff",), ()),
        ],
    ),
    ("nothing", [], []),
]


@pytest.mark.parametrize(("rows", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_merging(rows: list[dict[str, Any]], expected: list[Any]) -> None:
    assert seen(merged("a.py", rows)) == expected
    assert seen(merged("a.py", rows[::-1])) == expected


def test_ours_is_what_is_said_and_a_weakness_is_taken_over() -> None:
    rows = [
        bandit(1, 1, severity="high", confidence="low", cwe=78, message="theirs"),
        ours(1, 1, severity="low", confidence="medium", message="ours", fixable=True, left=""),
    ]
    (finding,) = merged("x/a.py", rows)
    assert (finding.file, finding.message, finding.cwe, finding.tool) == ("x/a.py", "ours", 78, "selfmod")
    assert (finding.severity, finding.confidence, finding.fixable) == (Severity.LOW, Confidence.MEDIUM, True)
    (kept,) = merged("x/a.py", [{**rows[1], "cwe": 20}, rows[0]])
    assert kept.cwe == 20


small = st.integers(1, 4)


@st.composite
def any_row(draw: st.DrawFn) -> dict[str, Any]:
    tool = draw(st.sampled_from(ALL))
    codes = {"selfmod": ["our-rule", "other-rule"], "bandit": ["B602", "B105"], "ruff": ["S602", "S105", "F821"]}
    line, column = draw(small), draw(small)
    end = (line + draw(st.integers(0, 2)), column + draw(small))
    aliases = draw(st.sampled_from([(), ("B602",), ("S105", "B602")])) if tool == "selfmod" else ()
    return row(tool, draw(st.sampled_from(codes[tool])), line, column, *end, aliases=aliases)


@given(st.lists(any_row(), max_size=12).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_the_rows_does_not_matter_and_nothing_is_lost(rows: tuple[list[Any], list[Any]]) -> None:
    first, second = merged("a.py", rows[0]), merged("a.py", rows[1])
    assert first == second
    assert len(first) <= len(rows[0])
    for each in rows[0]:
        names = {same_check(each["rule"])}
        assert any(
            each["tool"] in finding.tools
            and names & {same_check(name) for name in (finding.rule, *finding.aliases)}
            and finding.line <= each["end_line"]
            and each["line"] <= finding.end_line
            for finding in first
        )
    assert sum(finding.tool == "selfmod" for finding in first) == sum(each["tool"] == "selfmod" for each in rows[0])


@pytest.mark.parametrize("spread", [0, 1, 3])
def test_thousands_on_one_line_take_no_longer_than_elsewhere(spread: int) -> None:
    count = 5_000
    rows = [
        made(1 + number * spread, 1 + 10 * number * (not spread), 1 + number * spread + 2, 3)
        for number in range(count)
        for made in (ours, bandit, ruff)
    ]
    started = time.process_time()
    findings = merged("a.py", rows)
    assert time.process_time() - started < 10
    assert len(findings) == count
    assert {finding.tools for finding in findings} == {ALL}
