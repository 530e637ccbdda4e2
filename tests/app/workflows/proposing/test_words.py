"""What `/selfmod fix` names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workflows.proposing.words import MOST, Named, read
from checks.model.errors import Refusal
from tests.pulls.judgements import finding


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", Named()),
        ("bare-except", Named(rules=("bare-except",))),
        ("Bare-Except src/", Named(rules=("bare-except",), paths=("src",))),
        ("b506", Named(rules=("B506", "yaml-load-without-safe-loader"))),
        ("F841", Named(rules=("F841",))),
        ("src/shop ./a.py .", Named(paths=("src/shop", "a.py", "."))),
        ("src", Named(paths=("src",))),
        ("'a folder/x.py'", Named(paths=("a folder/x.py",))),
        ("3F9C2E1D", Named(findings=("3f9c2e1d",))),
        ("./src/a.py:12", Named(findings=("src/a.py:12",))),
        ("it's.py", Named(paths=("it's.py",))),
        ("/etc/passwd", Named(paths=("etc/passwd",))),
    ],
)
def test_each_word_is_a_rule_a_path_or_a_finding(words: str, expected: Named) -> None:
    assert read(words) == expected


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("bare-exept", "Did you mean bare-except?"),
        ("mutable-default-argumnet", "Did you mean mutable-default-argument?"),
        ("../outside", "does not lie in the repository"),
        ("a/../../b", "does not lie in the repository"),
        ("x " * (MOST + 1), "are too many"),
    ],
)
def test_what_is_none_is_refused(words: str, why: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(words)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        (Named(), True),
        (Named(rules=("shell-injection",)), True),
        (Named(rules=("bare-except",)), False),
        (Named(paths=("acme",)), True),
        (Named(paths=("acm",)), False),
        (Named(paths=("other", "acme/run.py")), True),
        (Named(rules=("shell-injection",), paths=("other",)), False),
        (Named(findings=("ffffff",)), True),
        (Named(findings=("acme/run.py:5",)), True),
        (Named(findings=("acme/run.py:6",)), False),
    ],
)
def test_names_of_all_kinds_must_fit(named: Named, meant: bool) -> None:
    assert named.has(finding()) is meant


def test_a_path_that_is_not_there_is_told() -> None:
    assert Named(paths=("src", "a.py")).missing(["src/x.py"]) == "a.py"
    assert Named(paths=("src", ".")).missing(["src/x.py"]) == ""


@given(st.text(max_size=200))
def test_any_text_gives_names_within_the_repository_or_a_refusal(words: str) -> None:
    try:
        named = read(words)
    except Refusal:
        return
    assert not any(each.startswith(("../", "/")) or each == ".." for each in named.paths)
