from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.findings import Confidence, Finding, NotAnalysed, Severity, fingerprint, with_fingerprints

FINDING = Finding("a/b.py", 3, 5, 3, 9, "rule", Severity.LOW, Confidence.HIGH, "m", 79, "bandit", ("bandit",), False)


def test_order_of_levels() -> None:
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3, 4]
    assert [confidence.rank for confidence in Confidence] == [0, 1, 2]
    assert Severity("critical").rank > Severity("high").rank > Severity("medium").rank
    assert str(Severity.INFO) == "info"


def test_a_place_is_written_as_compilers_do() -> None:
    assert FINDING.place == "a/b.py:3:5"


def test_findings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        FINDING.line = 7  # type: ignore[misc]  # what is tested
    with pytest.raises(FrozenInstanceError):
        NotAnalysed("a", "b").file = "c"  # type: ignore[misc]  # what is tested


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"line": 9, "end_line": 12}, True),
        ({"column": 1, "end_column": 2}, True),
        ({"message": "other"}, True),
        ({"severity": Severity.HIGH, "confidence": Confidence.LOW, "cwe": None}, True),
        ({"tool": "ruff", "tools": ("ruff",), "aliases": ("S1",), "fixable": True, "left": "why"}, True),
        ({"file": "a/c.py"}, False),
        ({"rule": "other"}, False),
        ({"scope": "f"}, False),
        ({"text": "x"}, False),
    ],
)
def test_what_a_fingerprint_is_made_of(change: dict[str, object], same: bool) -> None:
    other = replace(FINDING, **change)  # type: ignore[arg-type]  # fields of a finding
    assert (fingerprint(other, 0) == fingerprint(FINDING, 0)) is same
    assert fingerprint(other, 0) != fingerprint(other, 1)
    assert len(fingerprint(other, 0)) == 32
    assert set(fingerprint(other, 0)) <= set("0123456789abcdef")


def test_a_fingerprint_takes_any_text() -> None:
    assert fingerprint(replace(FINDING, file="\udc80\n", text="\udfff"), 0)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from("ab"))))
def test_fingerprints_are_distinct_and_in_order_of_place(rows: list[tuple[int, int, str]]) -> None:
    findings = [replace(FINDING, line=n, column=column, rule=rule, text="-xyx"[n]) for n, column, rule in rows]
    numbered = with_fingerprints(findings)
    assert len({finding.fingerprint for finding in numbered}) == len(rows)
    assert [(f.line, f.column) for f in numbered] == sorted((f.line, f.column) for f in findings)
    assert with_fingerprints(findings[::-1]) == numbered
    assert with_fingerprints(numbered) == numbered


def test_equal_faults_keep_their_fingerprints_when_another_comes_after() -> None:
    two = with_fingerprints([FINDING, replace(FINDING, line=5)])
    three = with_fingerprints([FINDING, replace(FINDING, line=5), replace(FINDING, line=9)])
    assert [f.fingerprint for f in three[:2]] == [f.fingerprint for f in two]
