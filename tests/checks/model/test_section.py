"""The values that sections are made of, through the keys that have them."""

import pytest

from checks.model.section import Section, switch, whole
from checks.risk.predicates import matching
from tests.configurations import good, only

FEW = "at most 3 '*' in one part of a pattern, and 3 '**' in all of it"


@pytest.mark.parametrize(
    "pattern",
    [
        "**",
        "src/**",
        "/src/a.py",
        "*.py",
        "!src/vendored/**",
        "a b",
        "[ab].py",
        "é",
        r"\#a",
        "**/a/**/b/**",
        "x_*_*_*.py",
    ],
)
def test_patterns(pattern: str) -> None:
    assert good(f"allowed_folders: ['{pattern}']").allowed_folders == (pattern,)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "this is empty"),
        ("' '", "this pattern matches nothing"),
        ("'!'", "this pattern matches nothing"),
        ("'#a'", "this pattern matches nothing: '#' begins a comment"),
        ("../a", "this pattern matches nothing: paths have no empty part, '.' or '..'"),
        ("./a", "this pattern matches nothing: paths have no empty part, '.' or '..'"),
        ("a//b", "this pattern matches nothing: paths have no empty part, '.' or '..'"),
        ("/", "this pattern matches nothing: paths have no empty part, '.' or '..'"),
        ('"a\\nb"', "it holds a control character"),
        ('"a\\0"', "it holds a control character"),
        ("'[z-a]'", "this is no pattern as in .gitignore"),
        ("a\\", "this is no pattern as in .gitignore"),
        ("'*a*a*a*b'", FEW),
        ("'**/a/**/a/**/a/**/b'", FEW),
        ("a" * 301, "300 characters at most"),
    ],
)
def test_patterns_that_are_none(pattern: str, said: str) -> None:
    pattern = pattern or "''"
    assert only(f"allowed_folders:\n- {pattern}\n") == f"2: allowed_folders.0: {said}."


@pytest.mark.parametrize("pattern", ["*a*a*b", "**/a/**/a/**/b", "**/*a*a*b"])
def test_no_pattern_that_is_allowed_can_be_made_to_match_for_hours(pattern: str) -> None:
    assert good(f"allowed_folders: ['{pattern}']").allowed_folders == (pattern,)
    # one more '*' and this would take longer than any test may
    for path in ("a" * 255, "/".join(["a" * 255] * 15), "a/" * 400 + "a"):
        assert not matching((pattern,)).match_file(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("approvals: {critical_teams: [%s]}", "@ann"),
        ("approvals: {critical_teams: [%s]}", "@acme/security"),
        ("approvals: {critical_teams: [%s]}", "@acme/a.b_c-d"),
        ("dependency_bots: [%s]", "renovate[bot]"),
        ("dependency_bots: [%s]", "acme-bot"),
    ],
)
def test_people_teams_and_logins(key: str, value: str) -> None:
    read = good(key % f"'{value}'")
    assert value in (*read.approvals.critical_teams, *read.dependency_bots)


TEAMS, BOTS = "approvals.critical_teams.0: ", "dependency_bots.0: "


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("approvals: {critical_teams: [ann]}", f"{TEAMS}a person or a team is written with '@' before it: '@ann'"),
        ("approvals: {critical_teams: [a/b]}", f"{TEAMS}a person or a team is written with '@' before it: '@a/b'"),
        (
            "approvals: {critical_teams: [ann@example.org]}",
            f"{TEAMS}a person or a team is named as on GitHub, such as '@acme/security', not by a mail address",
        ),
        (
            "approvals: {critical_teams: ['@a/b/c']}",
            f"{TEAMS}this is not a person or a team as GitHub writes it, such as '@acme/security'",
        ),
        (
            "approvals: {critical_teams: ['@-a']}",
            f"{TEAMS}this is not a person or a team as GitHub writes it, such as '@acme/security'",
        ),
        (
            f"approvals: {{critical_teams: ['@{'a' * 41}']}}",
            f"{TEAMS}this is not a person or a team as GitHub writes it, such as '@acme/security'",
        ),
        (
            'approvals: {critical_teams: ["@a\\n"]}',
            f"{TEAMS}this is not a person or a team as GitHub writes it, such as '@acme/security'",
        ),
        ("dependency_bots: ['@renovate[bot]']", f"{BOTS}a login is written without '@': 'renovate[bot]'"),
        ("dependency_bots: ['a b']", f"{BOTS}this is not a login as GitHub writes it, such as 'renovate[bot]'"),
        ("dependency_bots: [a/b]", f"{BOTS}this is not a login as GitHub writes it, such as 'renovate[bot]'"),
    ],
)
def test_people_teams_and_logins_that_are_none(text: str, said: str) -> None:
    assert only(text) == f"1: {said}."


class Sample(Section):
    count: int = whole(2, 1, 3, "A number.")
    on: bool = switch(False, "A switch.")
    names: tuple[str, ...] = ()


@pytest.mark.parametrize("value", [{}, {"names": None}])
def test_a_list_that_is_empty_in_the_file_is_its_default(value: dict[str, object]) -> None:
    assert Sample.model_validate(value) == Sample()


@pytest.mark.parametrize(
    "value", [{"count": True}, {"count": 1.0}, {"count": "1"}, {"count": 0}, {"count": 4}, {"on": 1}, {"count": None}]
)
def test_nothing_is_taken_for_a_number_or_a_switch(value: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="1 validation error"):
        Sample.model_validate(value)
