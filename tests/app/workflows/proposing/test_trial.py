"""What is put together into one proposal."""

from dataclasses import replace
from pathlib import Path

from app.workflows.proposing.trial import MOST_FINDINGS, Wanted, groups
from app.workflows.proposing.words import Named
from checks.fix import Change, Fixes
from checks.model.changes import ChangeSet
from checks.model.findings import Finding, Severity
from tests.pulls.judgements import finding


def at(rule: str, file: str, fingerprint: str, severity: Severity = Severity.LOW) -> Finding:
    return replace(finding(rule, severity, file=file), fingerprint=fingerprint)


def fixes(*parts: tuple[str, tuple[Finding, ...]]) -> Fixes:
    changes = tuple(Change(name, ChangeSet(None, ()), fixed, {}) for name, fixed in parts)
    return Fixes(Path(), (), changes, (), 0, 0.0)


ONE, TWO = at("a", "x.py", "1" * 32), at("a", "y.py", "2" * 32)
THREE = at("b", "x.py", "3" * 32, Severity.HIGH)
ALL = fixes(("a", (ONE, TWO)), ("b", (THREE,)))


def test_the_gravest_comes_first() -> None:
    assert groups(ALL, Named(), {}, 9) == [Wanted("b", ("3" * 32,)), Wanted("a", ("1" * 32, "2" * 32))]


def test_what_is_not_named_or_stands_already_is_left_out() -> None:
    assert groups(ALL, Named(paths=("x.py",)), {}, 9) == [Wanted("b", ("3" * 32,)), Wanted("a", ("1" * 32,))]
    assert groups(ALL, Named(), {"1" * 32, "3" * 32}, 9) == [Wanted("a", ("2" * 32,))]
    assert groups(ALL, Named(rules=("c",)), {}, 9) == []


def test_one_proposal_is_bounded_in_files_and_findings() -> None:
    assert groups(ALL, Named(), {}, 1)[1] == Wanted("a", ("1" * 32,))
    many = fixes(("a", tuple(at("a", "x.py", f"{number:032}") for number in range(2 * MOST_FINDINGS))))
    (wanted,) = groups(many, Named(), {}, 1)
    assert len(wanted.keys) == MOST_FINDINGS
