"""The record of known findings: written, read back, and held against what is found."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from checks.debugging import baseline
from checks.model.errors import Refusal
from checks.model.findings import Confidence, Finding, Severity, with_fingerprints

ONE = Finding(
    file="a.py",
    line=3,
    column=1,
    end_line=3,
    end_column=9,
    rule="bad",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    message="it is bad",
    cwe=None,
    tool="selfmod",
    tools=("selfmod",),
    fixable=False,
    text="bad = 'ü\udcff'",
)


def numbered(*lines: int) -> list[Finding]:
    """Equal findings on these lines."""
    return with_fingerprints([replace(ONE, line=line) for line in lines])


def recorded(findings: list[Finding], place: Path) -> Counter[str]:
    place.write_text(baseline.written(findings), encoding="ascii")
    return baseline.read(place)


def test_what_is_recorded_is_not_new(tmp_path: Path) -> None:
    known = recorded(numbered(3, 9), tmp_path / "known.json")
    assert baseline.unrecorded(numbered(3, 9), known) == []
    assert baseline.unrecorded(numbered(30, 90), known) == []
    assert [f.line for f in baseline.unrecorded(with_fingerprints([replace(ONE, text="worse")]), known)] == [3]


def test_a_fixed_finding_harms_no_other(tmp_path: Path) -> None:
    known = recorded(numbered(3, 9), tmp_path / "known.json")
    assert baseline.unrecorded(numbered(9), known) == []
    assert baseline.unrecorded([], known) == []


def test_one_more_of_equal_ones_is_one_new_one(tmp_path: Path) -> None:
    known = recorded(numbered(3, 9), tmp_path / "known.json")
    assert [f.line for f in baseline.unrecorded(numbered(3, 6, 9), known)] == [9]
    three = numbered(3, 6, 9)
    older = {id(three[0]), id(three[2])}
    assert [f.line for f in baseline.unrecorded(three, known, older)] == [6]


def test_the_file_is_the_same_each_time_and_sorted(tmp_path: Path) -> None:
    findings = numbered(3, 9)
    assert baseline.written(findings) == baseline.written(reversed(findings))
    rows = json.loads(baseline.written(findings))["findings"]
    assert [row["fingerprint"] for row in rows] == [finding.fingerprint for finding in findings]
    assert set(rows[0]) == {"fingerprint", "rule", "file", "text"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is no baseline of selfmod"),
        ("{", "is no baseline of selfmod"),
        ("[]", "is no baseline of selfmod"),
        ("{}", "is no baseline of selfmod"),
        ('{"version": 1}', "is no baseline of selfmod"),
        ('{"version": 1, "findings": [3]}', "is no baseline of selfmod"),
        ('{"version": 1, "findings": [{"rule": "x"}]}', "is no baseline of selfmod"),
        ('{"version": 2, "findings": []}', "is a baseline of version 2; this is 1"),
        ("[" * 100_000, "is no baseline of selfmod"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: str, said: str) -> None:
    place = tmp_path / "known.json"
    place.write_text(content)
    with pytest.raises(Refusal, match="--write-baseline") as refused:
        baseline.read(place)
    assert said in str(refused.value)


def test_what_is_no_file_of_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.json").write_bytes(b'{"\xe4": 1}')
    for name, said in (("none.json", "does not exist"), (".", "no regular file"), ("latin.json", "is no baseline")):
        with pytest.raises(Refusal, match=said):
            baseline.read(tmp_path / name)
